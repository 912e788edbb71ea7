"""Where a person is named outside of their own rows: how to recognise it, and how to take it out.

A way to reach them is looked for in any style (digits with whatever stands between). Their full name is taken out of
other people's texts only when it is long enough to be a name and no other card has it: else a namesake would be
struck out too. Patterns are written so that Python and PostgreSQL read them alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.db import connection, models

from ..core.models import HouseModel
from ..know.models import Customer, Identity

GONE = "…"
FEWEST_DIGITS = 7
_BETWEEN = r"[[:space:]().·/-]*"
_NOT_HERE = frozenset(
    {
        "customer", "identity", "namekey", "nameword", "nameslip", "journalentry", "idempotentreply", "key",
        "staff", "place", "assignment", "invitation", "duty", "specialday", "openinghours", "halflife", "claimcheck",
    }
)  # fmt: skip
"""Models whose words are the cards' own, derived, append-only, or about the house and its staff."""
_NO_WORDS = frozenset(
    {
        "external_id",
        "file_path",
        "file_hash",
        "topic",
        "currency",
        "paid_currency",
        "digest",
        "table",
        "timezone",
    }
)


@dataclass(frozen=True, slots=True)
class Traces:
    """Patterns of a person."""

    reach: tuple[str, ...]
    """Their numbers and addresses, and names that are theirs alone."""
    names: tuple[str, ...]
    """Every name, however short: enough for a line of a table of people, not for free text."""

    def named_in(self, text: str) -> bool:
        return any(pattern.search(text) for pattern in _compiled((*self.reach, *self.names)))


@cache
def _compiled(patterns: tuple[str, ...]) -> list[re.Pattern[str]]:
    return [re.compile(each.replace("[:space:]", r"\s"), re.IGNORECASE) for each in patterns]


def traces(customer_ids: Iterable[int]) -> Traces:
    """Of these cards, which are one person's."""
    ids = list(customer_ids)
    cards = Customer.objects.filter(id__in=ids).values_list("name", "address_as", "external_id")
    names = sorted({text.strip() for card in cards for text in card[:2] if text.strip()})
    ours = {text for card in cards if (text := card[2] or "")}
    identities = Identity.objects.filter(customer_id__in=ids).values_list("kind", "value", "normal")
    reach = {
        pattern for kind, *texts in identities for text in texts if (pattern := _of_identity(kind, text))
    }
    alone = [name for name in names if _tells(name) and not _shared(name, ids)]
    return Traces(
        tuple(sorted(reach | {_bounded(name) for name in alone})),
        tuple(_bounded(each) for each in sorted({*names, *ours})),
    )


def _of_identity(kind: str, text: str) -> str:
    if kind != Identity.Kind.PHONE:
        return _bounded(text) if len(text) > 2 else ""
    digits = re.sub(r"\D", "", text)[-9:].lstrip("0")
    if len(digits) < FEWEST_DIGITS:
        return ""
    return rf"\+?([0-9]{_BETWEEN}){{0,6}}" + _BETWEEN.join(digits) + "(?![0-9])"


def _bounded(text: str) -> str:
    return rf"(?<![A-Za-z0-9_]){re.escape(text)}(?![A-Za-z0-9_])"


def _tells(name: str) -> bool:
    """Whether a name is long enough to mean one person in free text."""
    if name.isascii():
        return " " in name and len(name) > 5
    return len(name.replace(" ", "")) > 2


def _shared(name: str, ids: list[int]) -> bool:
    return Customer.objects.filter(name__iexact=name).exclude(id__in=ids).exists()


def take_out(organization_id: int, found: Traces) -> dict[str, int]:
    """Puts "…" for the person in every text of the house; how many rows, by table."""
    changed: dict[str, int] = {}
    if not found.reach:
        return changed
    pattern = "|".join(f"(?:{each})" for each in found.reach)
    for model, columns in _texts():
        table = model._meta.db_table
        sets = ", ".join(
            f'"{column}" = regexp_replace("{column}", %(pattern)s, %(gone)s, \'gi\')' for column in columns
        )
        hits = " OR ".join(f'"{column}" ~* %(pattern)s' for column in columns)
        statement = f"UPDATE {table} SET {sets} WHERE organization_id = %(organization)s AND ({hits})"  # noqa: S608  names of the data model
        with connection.cursor() as cursor:
            cursor.execute(statement, {"pattern": pattern, "gone": GONE, "organization": organization_id})
            if cursor.rowcount:
                changed[str(model._meta.model_name)] = cursor.rowcount
    return changed


@cache
def _texts() -> list[tuple[type[HouseModel], list[str]]]:
    """Every column of the data model in which somebody may have written."""
    found: list[tuple[type[HouseModel], list[str]]] = []
    for model in apps.get_app_config("rugui").get_models():
        if issubclass(model, HouseModel) and model._meta.model_name not in _NOT_HERE:
            columns = [
                str(field.column)
                for field in model._meta.concrete_fields
                if isinstance(field, models.CharField | models.TextField)
                and not field.choices
                and field.name not in _NO_WORDS
            ]
            if columns:
                found.append((model, columns))
    return found
