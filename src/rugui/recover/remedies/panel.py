"""What stands on the page of a case about making it right: charges, questions, what was given, what fits, and what is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ...core.money import Money
from ...engines import remedies as engine
from ...house.access import Actor
from ...know.models import Note
from ..models import Case
from ..trust import leave, limits
from ..trust.models import Leave
from ..worth import firstaid, value
from ..worth.models import HeldCharge
from . import giving, suggesting, words
from .models import Given, Injustice, Remedy, Weighing

SHOWN = {"due": 2, "extra": 3}
"""So many stand open; the rest is folded."""


@dataclass(frozen=True, slots=True)
class Row:
    """One suggestion, ready to be read and tapped."""

    remedy: Remedy
    name: str
    cost: Money
    worth: Money
    why: list[str]
    lift: str
    may: bool
    """Whether one tap gives it; otherwise it asks."""


@dataclass(frozen=True, slots=True)
class Out:
    name: str
    why: str


def panel(actor: Actor, case: Case, *, now: datetime) -> dict[str, Any]:
    """The context of the panel."""
    standing = limits.standing(actor, case, now=now)
    worth = value.value_at_stake(case.customer, now=now, place_id=case.place_id)
    ranked = suggesting.suggest(actor, case, now=now)
    found = ranked.found

    def rows(kept: tuple[engine.Suggestion, ...]) -> list[Row]:
        return [_row(actor, case, each, ranked.remedies, ranked.notes, standing, worth) for each in kept]

    due, extra = rows(found.due), rows(found.extra)
    given = _given(case.id)
    return {
        "case": case,
        "may_serve": actor.serves(case.place_id),
        "may_lead": actor.leads(case.place_id),
        "me": actor.staff_id,
        "open": case.state != Case.State.CLOSED,
        "standing": standing,
        "left": _money(standing.left, standing.currency),
        "left_in_month": _money(standing.left_in_month, standing.currency),
        "worth": worth,
        "worth_words": value.words(worth) if worth else "",
        "charges": [_charge(row, standing.currency) for row in firstaid.of_case(case.id)],
        "leaves": [row for row in leave.of_case(case.id) if row.state == Leave.State.ASKED],
        "given": [{"row": row, "cost": Money(row.cost, row.currency)} for row in given],
        "due": due[: SHOWN["due"]],
        "extra": extra[: SHOWN["extra"]],
        "more": [*due[SHOWN["due"] :], *extra[SHOWN["extra"] :]],
        "ruled_out": [Out(each.offer.name, words.why(each.reason, ranked.notes)) for each in found.ruled_out],
        "extra_given": any(row.part == "extra" and row.undone_at is None for row in given),
        "learning": words.learning(found),
        "catalogue": bool(ranked.remedies),
        "weighing": Weighing.objects.filter(case=case).first(),
        "felt": found.felt,
        "injustices": [
            {"value": choice, "label": label, "chosen": found.felt.injustice == choice}
            for choice, label in Injustice.choices
        ],
        "severities": [
            {"value": number, "label": label(), "chosen": found.felt.severity == number}
            for number, label in words.SEVERITIES.items()
        ],
    }


def _row(
    actor: Actor,
    case: Case,
    found: engine.Suggestion,
    remedies: dict[int, Remedy],
    notes: dict[int, Note],
    standing: limits.Standing,
    worth: value.Value | None,
) -> Row:
    remedy = remedies[found.offer.ref]
    may = giving.may_give(actor, case.place_id, remedy) and (not remedy.cost or standing.reaches(remedy.cost))
    return Row(
        remedy=remedy,
        name=found.offer.name,
        cost=Money(remedy.cost, remedy.currency),
        worth=Money(remedy.value, remedy.currency),
        why=words.reasons(found, notes),
        lift=value.lift_words(remedy.cost, worth) if worth and found.offer.part == engine.EXTRA else "",
        may=may,
    )


def _given(case_id: int) -> list[Given]:
    rows = Given.objects.filter(case_id=case_id).select_related("by", "promise")
    return list(rows.order_by("id"))


def _charge(row: HeldCharge, currency: str) -> dict[str, Any]:
    money = Money(row.purchase.amount, row.purchase.currency)
    return {
        "row": row,
        "money": money,
        "needs_rate": money.currency != currency and row.state == HeldCharge.State.HELD,
    }


def _money(amount: int | None, currency: str) -> Money | None:
    return None if amount is None else Money(amount, currency)
