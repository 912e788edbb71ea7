"""Reading what we know: finding people, and what their card says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db.models import Exists, OuterRef, QuerySet

from ..core.ready import Ready
from ..house.models import Staff
from .models import Customer, Identity, NameKey, Note
from .names import name_prefixes, normal_identity, normal_phone

END = "\U0010ffff"
"""Sorts after every character: `key >= x AND key < x + END` is "begins with x" for an index in C order."""


@dataclass(frozen=True, slots=True)
class Found:
    """A customer that a search found, and by what: an identity's kind, or "name"."""

    customer: Customer
    by: str
    matched: str


def find(text: str, *, region: str, limit: int = 20) -> list[Found]:
    """Customers by any identity (whole or its beginning) or by the beginning of any parts of their name.

    Whole identities come first, then beginnings, then names; at most `limit`.
    """
    text = text.strip()
    if not text:
        return []
    found = {
        row.customer_id: Found(row.customer, row.kind, row.value) for row in _by_identity(text, region, limit)
    }
    if len(found) < limit:
        for customer in _by_name(text, limit):
            found.setdefault(customer.id, Found(customer, "name", customer.name))
    return list(found.values())[:limit]


def recognise(identities: Iterable[tuple[str, str]], *, region: str) -> list[Customer]:
    """Customers who have exactly one of these (kind, value) identities, oldest card first; each once."""
    wanted = [
        (kind, normal) for kind, value in identities if (normal := normal_identity(kind, value, region))
    ]
    if not wanted:
        return []
    rows = Identity.objects.filter(normal__in=[normal for _kind, normal in wanted]).select_related("customer")
    customers = {row.customer_id: row.customer for row in rows if (row.kind, row.normal) in wanted}
    return [customers[key] for key in sorted(customers)]


_NOTES = Ready(
    lambda customer_id: (
        Note.objects.filter(customer_id=customer_id, withdrawn_at=None)
        .select_related("author")
        .order_by("-learned_at")[:200]
    )
)
LAST = 2**62
"""Higher than any id."""


@cache
def _page(limit: int) -> Ready[Customer]:
    return Ready(lambda before: Customer.objects.filter(id__lt=before).order_by("-id")[:limit])


_IDENTITIES = Ready(
    lambda customer_id: Identity.objects.filter(customer_id=customer_id).order_by("kind", "id")
)
_NEEDS = Ready(
    lambda customer_ids: Note.objects.filter(
        customer_id__in=customer_ids, kind=Note.Kind.NEED, withdrawn_at=None
    ).order_by("-learned_at")
)


def notes(customer_id: int) -> list[Note]:
    """A card's notes: needs first, then newest first."""
    return sorted(_NOTES(customer_id), key=lambda note: note.kind != Note.Kind.NEED)


def identities(customer_id: int) -> list[Identity]:
    return _IDENTITIES(customer_id)


def customer_page(before: int | None, *, limit: int) -> list[Customer]:
    """Customers, the newest card first; `before` is the last id of the page before."""
    return _page(limit)(LAST if before is None else before)


def colleagues() -> list[Staff]:
    """Who may be somebody's contact person."""
    return list(Staff.objects.filter(active=True).order_by("name", "id"))


@cache
def _learned(limit: int) -> Ready[Note]:
    rows = Note.objects.filter(withdrawn_at=None).exclude(source=Note.Source.IMPORTED)
    rows = rows.select_related("customer", "author").order_by("-learned_at")
    return Ready(lambda since: rows.filter(learned_at__gte=since)[:limit])


def learned_since(since: datetime, *, limit: int = 30) -> list[Note]:
    """What anybody learned about anyone since a moment, newest first; imports are not news."""
    return _learned(limit)(since)


def needs_of(customer_ids: Iterable[int]) -> dict[int, list[Note]]:
    """The needs of several customers at once, for lists of people about to arrive."""
    result: dict[int, list[Note]] = {}
    for note in _NEEDS(list(customer_ids)):
        result.setdefault(note.customer_id, []).append(note)
    return result


def _by_identity(text: str, region: str, limit: int) -> list[Identity]:
    prefixes = {text.casefold()}
    digits = "".join(character for character in text if character.isdigit())
    if len(digits) >= 4:
        prefixes |= {
            phone for phone in (normal_phone(text, region), _partial_phone(text, digits, region)) if phone
        }
    rows: dict[int, Identity] = {}
    for prefix in sorted(prefixes, key=len, reverse=True):
        ranged = Identity.objects.filter(normal__gte=prefix, normal__lt=prefix + END)
        for row in ranged.select_related("customer").order_by("normal")[:limit]:
            rows.setdefault(row.id, row)
    return sorted(rows.values(), key=lambda row: (row.normal not in prefixes, row.normal))[:limit]


def _partial_phone(text: str, digits: str, region: str) -> str | None:
    """The beginning of the international form of a number still being typed."""
    import phonenumbers

    if text.lstrip().startswith("+"):
        return "+" + digits
    if digits.startswith("00"):
        return "+" + digits[2:]
    code = phonenumbers.country_code_for_region(region)
    return f"+{code}{digits.lstrip('0')}" if code else None


def _by_name(text: str, limit: int) -> QuerySet[Customer]:
    parts = name_prefixes(text)
    if not parts:
        return Customer.objects.none()
    rows = Customer.objects.all()
    for part in parts:
        keys = NameKey.objects.filter(customer=OuterRef("pk"), key__gte=part, key__lt=part + END)
        rows = rows.filter(Exists(keys))
    return rows[:limit]
