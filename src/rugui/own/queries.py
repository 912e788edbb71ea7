"""Everything that is held of one customer, as they may see it. Must run inside `access.as_owner`.

A keeper's note is theirs like any other: the right to know what is held of oneself has no exception for notes that a
house calls private, so its words are here, and who wrote it is not. Withdrawn notes are here too, because they are
still kept. Talk among colleagues, planned surprises and who wrote what are not granted to the role that reads this.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from ..core.ids import public_id
from ..core.models import Key
from ..house.models import Organization, Place
from ..know.models import Consent, Customer, Identity, Note
from ..promise.models import Promise
from ..recover.models import Case, CaseMessage
from ..serve.models import Purchase, Touch, Visit
from .models import Erasure, Keeping

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """All of it. Rows are plain columns, newest first, as they are exported."""

    house: str
    timezone: str
    language: str
    customer: Row
    names: list[Row]
    """Of cards that were merged into this one."""
    identities: list[Row]
    notes: list[Row]
    consents: list[Row]
    visits: list[Row]
    purchases: list[Row]
    touches: list[Row]
    promises: list[Row]
    cases: list[Row]
    messages: list[Row]
    kept: dict[str, Row]
    """By kind of thing (own/register.py) what the house has decided: for how many months, on what basis, what for."""
    erasure: Row | None = field(default=None)


def held(customer_id: int) -> Held:
    """What is held of a customer. Fourteen questions, whatever there is."""
    house = Organization.objects.values("name", "language").get()
    places: dict[int, Row] = {
        row["id"]: {**row} for row in Place.objects.order_by("id").values("id", "name", "timezone")
    }
    columns = (
        "id",
        "name",
        "address_as",
        "pronunciation",
        "language",
        "languages",
        "quiet",
        "external_id",
        "created_at",
    )
    cards = {row.pop("id"): row for row in Customer.objects.values(*columns)}
    customer = cards.pop(customer_id)

    def rows(found: QuerySet[Any], kind: str, *names: str) -> list[Row]:
        placed = ("place_id",) if "place" in names else ()
        asked = [each for each in names if each != "place"]
        return [_row(each, kind, places) for each in found.order_by("-id").values("id", *placed, *asked)]

    return Held(
        house=house["name"],
        timezone=next(iter(places.values()))["timezone"],
        language=customer["language"] or house["language"],
        customer=customer,
        names=[{"name": row["name"], "address_as": row["address_as"]} for row in cards.values()],
        identities=rows(Identity.objects.all(), "identity", "kind", "value", "created_at"),
        notes=rows(
            Note.objects.all(), "note", "kind", "text", "source", "learned_at", "confirmed_at", "discretion", "sensitive",
            "purpose", "happens_on", "valid_from", "valid_until", "withdrawn_at", "struck_by_id",
        ),
        consents=rows(Consent.objects.all(), "consent", "sensitive", "wording", "how", "given_by", "given_at", "withdrawn_at"),
        visits=rows(
            Visit.objects.all(), "visit", "place", "kind", "state", "about", "expected_at", "expected_until", "arrived_at", "left_at",
        ),
        purchases=rows(Purchase.objects.all(), "purchase", "place", "kind", "amount", "currency", "about", "at"),
        touches=rows(Touch.objects.all(), "touch", "place", "channel", "direction", "text", "at"),
        promises=rows(Promise.objects.all(), "promise", "place", "kind", "text", "made_at", "due_at", "told_at", "state", "settled_at", "paused_at", "waits_for"),
        cases=rows(Case.objects.all(), "case", "place", "title", "state", "opened_at", "solved_at", "closed_at"),
        messages=rows(CaseMessage.objects.all(), "casemessage", "case_id", "kind", "direction", "text", "at"),
        kept={row.kind: _rule(row) for row in Keeping.objects.only("kind", "months", "basis", "why")},
        erasure=next(({**row} for row in Erasure.objects.values("asked_at", "due_at")), None),
    )  # fmt: skip


def _rule(row: Keeping) -> Row:
    return {"months": row.months, "basis": row.basis, "why": row.why}


def _row(row: Row, kind: str, places: dict[int, Row]) -> Row:
    """Row numbers become public ids, places their names."""
    row["id"] = public_id(kind, row["id"])
    if "place_id" in row:
        place = places.get(row.pop("place_id"))
        row["place"] = place["name"] if place else None
        if kind == "promise" and place:
            row["timezone"] = place["timezone"]
    if "case_id" in row:
        row["case"] = public_id("case", row.pop("case_id"))
    if "struck_by_id" in row:
        struck_by = row.pop("struck_by_id")
        row["contradicted_by"] = public_id("note", struck_by) if struck_by else None
    return row


def export(found: Held, *, now: datetime) -> Row:
    """All of it for a machine: one JSON document."""
    shown = {
        name: getattr(found, name)
        for name in Held.__slots__
        if name not in {"timezone", "language", "erasure"}
    }
    return {"format": "rugui-own-1", "exported_at": now, "held_by": shown.pop("house"), **shown}


def has_link(customer_id: int, *, now: datetime) -> bool:
    """Whether there is a link that opens a customer's own page."""
    rows = Key.objects.filter(kind=Key.Kind.OWN, subject_id=customer_id, revoked_at=None, expires_at__gt=now)
    return rows.exists()


def erasures() -> list[Erasure]:
    """Who asked to be erased and waits, then what was done, the latest first."""
    rows = list(Erasure.objects.select_related("staff").order_by("-id")[:200])
    return sorted(rows, key=lambda row: row.at is not None)


def erased(customer_id: int) -> bool:
    """Whether there was such a card and the person was erased."""
    return Erasure.objects.filter(customer_id=customer_id, at__isnull=False).exists()
