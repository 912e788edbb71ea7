"""How long things are kept: what an owner decides, and the night in which what has been kept long enough goes.

The night works in small transactions. Each locks the rows that are due, looks again whether they are, removes them,
and writes the journal; killed anywhere, run twice, or by two workers, it removes each row once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ..connect.models import ImportRun, RejectedRow
from ..core import tenancy
from ..core.errors import ChangedMeanwhile, InputError, NotFound, Text
from ..core.journal import Event, record
from ..core.phrases import choose_one, too_long
from ..house.access import Actor, house_actor
from ..house.actions.places import must_own
from ..know.models import Customer, Note
from ..serve.models import Purchase
from .erase import erase, take_turns
from .models import Clearing, Keeping
from .register import BY_CODE, KINDS, LONGEST_MONTHS, Kind, decided, due, unused

GRACE = timedelta(days=7)
"""After a decision nothing goes for so long."""
LONGEST_WHY = 300
BATCH = 200


def decide(
    actor: Actor, code: str, *, months: int | None, basis: str, why: str = "", seen: datetime | None, now: datetime
) -> Keeping:  # fmt: skip
    """The owner says on what basis a kind is held, and how long. `seen`: when it had been decided last, as they saw it."""
    must_own(actor)
    if code not in BY_CODE:
        raise NotFound
    problems: dict[str, Text] = {}
    if months is not None and not 1 <= months <= LONGEST_MONTHS:
        problems["months"] = _("Between 1 and %(most)s months, or nothing for as long as the card.") % {
            "most": LONGEST_MONTHS
        }
    if basis not in Keeping.Basis.values:
        problems["basis"] = choose_one(Keeping.Basis.values)
    if len(why.strip()) > LONGEST_WHY:
        problems["why"] = too_long(LONGEST_WHY)
    if problems:
        raise InputError(problems)
    fields: dict[str, Any] = {
        "months": months, "basis": basis, "why": why.strip(), "decided_at": now, "decided_by_id": actor.staff_id,
        "begins_at": now + GRACE,
    }  # fmt: skip
    if seen is None:
        row, new = Keeping.objects.get_or_create(
            organization_id=actor.organization_id, kind=code, defaults=fields
        )
        if not new:
            raise ChangedMeanwhile
    else:
        if not Keeping.objects.filter(kind=code, decided_at=seen).update(**fields):
            raise ChangedMeanwhile
        row = Keeping.objects.get(kind=code)
    record(
        actor,
        now,
        Event(
            "register.decided", subject_id=row.id, payload={"kind": code, "months": months, "basis": basis}
        ),
    )
    _ask_for_nights(actor.organization_id)
    return row


def begin(actor: Actor, *, now: datetime) -> int:
    """Everything that is not decided yet, as proposed. How many kinds that were."""
    must_own(actor)
    known = decided()
    missing = [kind for kind in KINDS if kind.code not in known]
    if not missing:
        raise ChangedMeanwhile
    for kind in missing:
        decide(actor, kind.code, months=kind.proposed, basis=kind.basis, seen=None, now=now)
    return len(missing)


def _ask_for_nights(organization_id: int) -> None:
    from .jobs import every_night  # which runs what is here

    every_night(organization_id)


def clear(organization_id: int, *, now: datetime) -> Clearing:
    """One night: removes what is due of every kind, then counts what is left."""
    gone: Counter[str] = Counter()
    with tenancy.within(organization_id):
        rules = decided()
    for kind in KINDS:
        rule = rules.get(kind.code)
        if rule is not None and rule.months is not None and rule.begins_at <= now:
            gone[kind.code] += _clear_kind(organization_id, kind, due(kind, rule.months, now=now), now)
    with tenancy.within(organization_id):
        return count(house_actor(organization_id), gone=dict(+gone), now=now)


def drop_unused(organization_id: int, code: str, *, now: datetime) -> int:
    """Removes what nobody has needed for a year of one kind. How many rows."""
    kind = BY_CODE[code]
    return _clear_kind(organization_id, kind, unused(kind, now=now), now)


def must_be_droppable(actor: Actor, code: str) -> Kind:
    """A kind of which what is unused can be dropped, by an owner."""
    must_own(actor)
    kind = BY_CODE.get(code)
    if kind is None or not droppable(kind):
        raise NotFound
    return kind


def droppable(kind: Kind) -> bool:
    """Needs are kept though nobody asks for them, and books are books."""
    return kind.customer is not None and kind.code not in {"card", "need"} and not kind.keeps_row


def count(actor: Actor, *, now: datetime, gone: dict[str, int] | None = None) -> Clearing:
    """Counts what is held, and of it what nobody has needed for a year. Looks at everything: not for every page."""
    held, idle = {}, {}
    with tenancy.as_the_house():
        for kind in KINDS:
            held[kind.code] = kind.rows().count()
            idle[kind.code] = unused(kind, now=now).count() if held[kind.code] else 0
    row = Clearing.objects.create(
        organization_id=actor.organization_id, at=now, gone=gone or {}, held=held, unused=idle
    )
    record(actor, now, Event("register.cleared", subject_id=row.id, payload={"gone": gone or {}}))
    return row


def _clear_kind(organization_id: int, kind: Kind, rows: QuerySet[Any], now: datetime) -> int:
    removed, last = 0, 0
    while True:
        with tenancy.within(organization_id):
            if kind.code == "card":
                take_turns()  # before a card is held, as whoever erases by hand does
            batch = _locked(rows.filter(id__gt=last), 1 if kind.code == "card" else BATCH)
            if not batch:
                return removed
            last = batch[-1].id
            removed += _remove(organization_id, kind, batch, now)


def _locked(rows: QuerySet[Any], most: int) -> list[Any]:
    """The next rows, held. Whatever changed while we waited for them is looked at again by the database."""
    return list(rows.select_for_update(of=("self",)).order_by("id")[:most])


def _remove(organization_id: int, kind: Kind, batch: list[Any], now: datetime) -> int:
    house = house_actor(organization_id)
    if kind.code == "card":
        for card in batch:
            erase(house, card, now=now)
        return len(batch)
    ids = [row.id for row in batch]
    whose = Counter(getattr(row, kind.customer) for row in batch) if kind.customer else Counter()
    if kind.code == "purchase":
        Purchase.objects.filter(id__in=ids).update(customer=None, about="")
    elif kind.code == "import":
        RejectedRow.objects.filter(run_id__in=ids).delete()
        ImportRun.objects.filter(id__in=ids).update(trial={})
    else:
        if kind.rows().model is Note:
            Note.objects.filter(struck_by_id__in=ids).delete()  # else what it had corrected would count again
        kind.rows().model._default_manager.filter(id__in=ids).delete()
    events = [
        Event("register.removed", None, each, payload={"kind": kind.code, "rows": rows})
        for each, rows in sorted(whose.items())
    ]
    record(
        house, now, *(events or [Event("register.removed", payload={"kind": kind.code, "rows": len(ids)})])
    )
    return len(ids)


def going(
    kind: Kind, months: int, *, now: datetime, most: int = 50
) -> tuple[int, list[tuple[Customer | None, datetime]]]:
    """How much would go, and the first of it: whose, and since when it counts. Never its words."""
    with tenancy.as_the_house():
        rows = due(kind, months, now=now)
        number = rows.count()
        columns = [*([kind.customer] if kind.customer else []), "since"]
        first = list(rows.order_by("since", "id").values_list(*columns)[:most])
    people = _people(row[0] for row in first) if kind.customer else {}
    return number, [(people.get(row[0]) if kind.customer else None, row[-1].astimezone(UTC)) for row in first]


def _people(ids: Iterable[int]) -> dict[int, Customer]:
    return Customer.objects.in_bulk({each for each in ids if each is not None})
