"""What the front desk looks at: Today, and a customer's card. Both join rooms; neither decides anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection

from ..house.models import Place
from ..know import queries as know
from ..know.models import Customer, Identity, Note
from ..promise import queries as promises
from ..promise.models import Promise
from ..recover import queries as recover
from ..recover.models import Case
from ..serve import queries as serve
from ..serve.models import Touch, Visit
from ..team.queries import day_bounds

TIMELINE = (Path(__file__).parent / "timeline.sql").read_text()


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One line of a customer's history: `what` is touch, visit, purchase, case or promise."""

    what: str
    id: int
    at: datetime
    kind: str
    state: str
    text: str
    place_id: int | None
    amount: int | None
    currency: str


@dataclass(frozen=True, slots=True)
class Card:
    """All that a card shows; a fixed number of queries however long the history."""

    customer: Customer
    identities: list[Identity]
    needs: list[Note]
    notes: list[Note]
    """Everything but the needs."""
    mood: Note | None
    visit: Visit | None
    promises: list[Promise]
    cases: list[Case]
    timeline: list[TimelineRow]


@dataclass(frozen=True, slots=True)
class Today:
    """A place at this moment."""

    place: Place
    expected: list[Visit]
    here: list[Visit]
    needs: dict[int, list[Note]]
    waiting: list[Touch]
    promises: list[Promise]
    cases: list[Case]
    clocks: dict[int, Promise]
    """By case id."""
    learned: list[Note]


def card(customer: Customer) -> Card:
    """A customer's card: notes, what is owed, what is open, and the recent history."""
    notes = know.notes(customer.id)
    return Card(
        customer=customer,
        identities=know.identities(customer.id),
        needs=[note for note in notes if note.kind == Note.Kind.NEED],
        notes=[note for note in notes if note.kind not in {Note.Kind.NEED, Note.Kind.MOOD}],
        mood=next((note for note in notes if note.kind == Note.Kind.MOOD), None),
        visit=serve.next_visit(customer.id),
        promises=promises.owed_to(customer.id),
        cases=[case for case in recover.of_customer(customer.id) if case.state != Case.State.CLOSED],
        timeline=timeline(customer.id),
    )


def timeline(customer_id: int, *, limit: int = 30) -> list[TimelineRow]:
    """The latest of everything that happened with a customer, newest first, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(TIMELINE, {"customer": customer_id, "limit": limit})
        return [TimelineRow(*row) for row in cursor.fetchall()]


def today(place: Place, *, now: datetime) -> Today:
    """What a place needs to know now."""
    day = now.astimezone(place.zone).date()
    _start, end = day_bounds(place, day)
    yesterday, _end = day_bounds(place, day - timedelta(days=1))
    expected, here = serve.expected(place.id, until=end), serve.here(place.id)
    cases = recover.open_cases(place.id, limit=20)
    return Today(
        place=place,
        expected=expected,
        here=here,
        needs=know.needs_of({visit.customer_id for visit in [*expected, *here]}),
        waiting=serve.waiting(place.id),
        promises=promises.running(place.id, limit=20),
        cases=cases,
        clocks=recover.clocks(cases),
        learned=know.learned_since(yesterday, limit=10),
    )
