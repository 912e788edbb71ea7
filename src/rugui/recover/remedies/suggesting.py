"""Which remedies fit this case, for whoever is putting it right: the engine's suggestions, with what they cost and mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, Sum

from ...engines import remedies as engine
from ...house.access import Actor
from ...know import recall, surprise
from ...know.models import Customer, Note
from ...know.mood import mood_of
from ..models import Case, CaseMessage, CaseStep
from ..trust.models import Part
from . import catalogue, giving
from .models import Given, Remedy, Weighing

LATEST = 2000
"""So many of the house's latest outcomes are learned from."""
MOST_PAST = 200


@dataclass(frozen=True, slots=True)
class Ranked:
    """The engine's word on a case, with the rows that it speaks of."""

    found: engine.Suggestions
    remedies: dict[int, Remedy]
    notes: dict[int, Note]


def suggest(actor: Actor, case: Case, *, now: datetime) -> Ranked:
    """What fits, best first; of the customer only what this actor may know. Nine queries."""
    rows = {row.id: row for row in catalogue.standing(case.place_id)}
    notes = {note.id: note for note in recall.notes(actor, case.customer_id)}
    found = engine.suggest(
        [_offer(actor, case, row) for row in rows.values()],
        _customer(actor, case.customer, list(notes.values()), now),
        _failure(case),
        now=now,
        records=records(),
        seed=case.id,
    )
    return Ranked(found, rows, notes)


def records() -> list[engine.Record]:
    """What was given in the house and how it was taken, the latest first."""
    rows = Given.objects.filter(undone_at=None).exclude(outcome="").exclude(remedy=None)
    values = rows.order_by("-id").values_list(
        "remedy_id", "form", "case__weighing__injustice", "case__element", "outcome"
    )
    return [
        engine.Record(remedy, form, injustice or "", element, outcome)
        for remedy, form, injustice, element, outcome in values[:LATEST]
    ]


def words_of(case: Case) -> str:
    """What they said: their messages, and what was written down when it was gone over with them."""
    said = CaseMessage.objects.filter(case=case, direction=CaseMessage.Direction.IN).order_by("at", "id")
    review = CaseStep.objects.filter(case=case, step=CaseStep.Step.REVIEW).values_list("text", flat=True)
    return "\n".join([*said.values_list("text", flat=True)[:50], *review, case.wanted])


def _offer(actor: Actor, case: Case, row: Remedy) -> engine.Offer:
    return engine.Offer(
        ref=row.id,
        name=row.called(),
        part=row.part,
        form=row.form,
        cost=row.cost,
        value=row.value,
        lead_minutes=row.lead_minutes,
        elements=tuple(row.elements),
        injustices=tuple(row.injustices),
        failures=tuple(row.failures),
        contents=tuple(row.contents),
        allowed=giving.may_give(actor, case.place_id, row)
        or actor.role_at(case.place_id) in {"staff", "analyst"},
        names=tuple(row.names.values()),
    )


def _customer(actor: Actor, customer: Customer, notes: Sequence[Note], now: datetime) -> engine.Customer:
    learned = recall.half_lives()
    facts = [
        surprise.fact_of(note, now, now.date(), learned) for note in notes if note.kind != Note.Kind.MOOD
    ]
    mood = mood_of(actor, customer.id, now=now, notes=notes)
    past = Given.objects.filter(Q(case__customer_id=customer.id), undone_at=None).exclude(remedy=None)
    rows = past.order_by("-at").values_list("remedy_id", "form", "at", "outcome")[:MOST_PAST]
    return engine.Customer(tuple(facts), tuple(engine.Past(*row) for row in rows), bool(mood and mood.low))


def _failure(case: Case) -> engine.Failure:
    weighing = Weighing.objects.filter(case=case).first()
    due = Given.objects.filter(case=case, part__in=[Part.DUE, Part.CHARGE], undone_at=None)
    return engine.Failure(
        said=words_of(case),
        about=f"{case.title} {case.failure}",
        element=case.element,
        injustice=(weighing.injustice if weighing else "") or next(iter(case.injustice), ""),
        severity=(weighing.severity or 0) if weighing else 0,
        lost=due.aggregate(sum=Sum("cost"))["sum"] or 0,
    )
