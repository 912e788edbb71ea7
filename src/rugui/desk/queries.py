"""What the front desk looks at: Today, and a customer's card. Both join rooms; neither decides anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ..connect import calls
from ..core import ready
from ..core.ids import public_id
from ..core.models import JournalEntry
from ..core.money import Money
from ..house import queries as house
from ..house.access import Actor
from ..house.models import Place
from ..house.queries import Shift
from ..know import linking, recall, surprise
from ..know import queries as know
from ..know.models import Customer, Identity, Note, Surprise
from ..know.pairs import CardPair
from ..know.recall import CardNotes
from ..language.ears import queries as ears
from ..promise import queries as promises
from ..promise.models import Promise
from ..recover import queries as recover
from ..recover.models import Case, HandOver
from ..serve import queries as serve
from ..serve.models import Touch, Visit
from ..team.queries import day_bounds
from ..team.standards import courtesy

_TIMELINE = (Path(__file__).parent / "timeline.sql").read_text()
_NAMES = re.findall(r"%\((\w+)\)s", _TIMELINE)
TIMELINE = re.sub(r"%\(\w+\)s", "%s", _TIMELINE)
SOON = timedelta(hours=12)
"""Before and after the time they are expected, their arrival is in sight."""
NEWS_FOR = timedelta(minutes=2)
"""How long an arrival is news on the pages that are open."""


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

    @property
    def public_id(self) -> str:
        return public_id(self.what.rpartition("_")[2], self.id)

    @property
    def money(self) -> Money | None:
        """What was paid, or (negative) paid back."""
        if self.amount is None:
            return None
        money = Money(self.amount, self.currency)
        return -money if self.kind == "refund" else money


@dataclass(frozen=True, slots=True)
class Card:
    """All that a card shows; a fixed number of queries however long the history."""

    customer: Customer
    identities: list[Identity]
    known: CardNotes
    """What we know of them, weighed now; needs lead, the mood is this visit's."""
    visit: TimelineRow | None
    """The one going on, or the next one expected."""
    promises: list[Promise]
    cases: list[TimelineRow]
    clocks: dict[int, Promise]
    """By case id."""
    timeline: list[TimelineRow]
    heard: dict[int, ears.Seen]
    """By message of the timeline: what was heard."""


@dataclass(frozen=True, slots=True)
class Today:
    """A place at this moment."""

    place: Place
    expected: list[Visit]
    here: list[Visit]
    needs: dict[int, list[Note]]
    waiting: list[Touch]
    heard: dict[int, ears.Seen]
    """By message that waits, for its own sake or in a case: what was heard."""
    promises: list[Promise]
    told: dict[int, list[str]]
    """By promise: who was told that it is broken."""
    cases: list[Case]
    clocks: dict[int, Promise]
    """By case id."""
    said: dict[int, ears.Seen]
    """By case: what was heard of the customer's last words, while they have no answer."""
    handed: list[HandOver]
    """What whoever looks is being asked to take over."""
    learned: list[Note]
    shift: Shift
    calls: list[calls.Seen]
    """Missed ones of nobody we are sure of."""
    surprises: list[Surprise]
    """What waits for a second person; nothing for who only looks."""
    pairs: dict[int, CardPair]
    """By customer of a message that waits: whether it is somebody known already."""
    ungreeted: set[int]
    """By visit: who is here, and nobody has noted a greeting."""
    renews_at: datetime
    """When this is no longer true by itself: the place opens or closes, or the local day ends."""


@dataclass(frozen=True, slots=True)
class News:
    """Somebody has arrived, or written, a moment ago."""

    what: str
    """`case`, `message` or `arrival`; or, for whom it concerns alone, `leave`, `asked`, `back` (a hand-over) or `person`."""
    customer: Customer
    at: datetime
    case_id: int | None
    surprise_id: int | None = None

    @property
    def surprise(self) -> str:
        """The public id of the surprise that it is about."""
        return public_id("surprise", self.surprise_id) if self.surprise_id else ""


def card(actor: Actor, customer: Customer, *, now: datetime) -> Card:
    """A customer's card as this actor may see it. Five queries, one more where they have written, and one for a topic of the house."""
    rows = timeline(actor, customer.id)
    visit = next((row for row in rows if row.what == "current_visit"), None)
    here = visit.at if visit and visit.state == Visit.State.ARRIVED else None
    due = visit is not None and here is None and abs(visit.at - now) <= SOON
    owed = [promise for promise in promises.owed_to(customer) if actor.sees(promise.place_id)]
    return Card(
        customer=customer,
        identities=know.identities(customer.id),
        known=recall.card_notes(actor, customer.id, now=now, arrived_at=here, due=due),
        visit=visit,
        promises=owed,
        cases=[row for row in rows if row.what == "open_case"],
        clocks={each.case_id: each for each in owed if each.case_id and each.kind == Promise.Kind.PROGRESS},
        timeline=[row for row in rows if row.what not in {"current_visit", "open_case"}],
        heard=ears.seen(
            [row.id for row in rows if row.what == "touch" and row.state == Touch.Direction.IN and row.text]
        ),
    )


def timeline(actor: Actor, customer_id: int, *, limit: int = 30) -> list[TimelineRow]:
    """Open cases, the current visit, then the latest of everything, newest first; what this actor sees, in one query."""
    parameters: dict[str, Any] = {
        "customer": customer_id,
        "limit": limit,
        "everywhere": actor.is_house or None in actor.roles,
        "places": [place_id for place_id in actor.roles if place_id is not None],
    }
    return [TimelineRow(*row) for row in ready.fetch(TIMELINE, [parameters[name] for name in _NAMES])]


def today(actor: Actor, place: Place, *, now: datetime) -> Today:
    """What a place needs to know now. Twelve queries, one more when a case is open, two more when a message waits, one more for a topic of the house, two more when a promise is broken, one more when somebody is here."""
    day = now.astimezone(place.zone).date()
    _start, end = day_bounds(place, day)
    yesterday, _end = day_bounds(place, day - timedelta(days=1))
    expected, here = serve.expected(place.id, until=end), serve.here(place.id)
    cases, owed = recover.open_cases(place.id, limit=20), promises.running(place.id, limit=20)
    shift = house.shift(actor, place, now=now)
    waiting, said = serve.waiting(place.id), recover.unanswered(cases)
    heard = ears.seen([*(touch.id for touch in waiting), *said.values()])
    return Today(
        place=place,
        expected=expected,
        here=here,
        needs=recall.needs_of(actor, {visit.customer_id for visit in [*expected, *here]}),
        waiting=waiting,
        heard=heard,
        promises=owed,
        told=promises.told(owed),
        cases=cases,
        clocks=recover.clocks(cases),
        said={case: heard[touch] for case, touch in said.items() if touch in heard},
        handed=recover.handed_to(actor.staff_id, place.id),
        learned=recall.learned_since(actor, yesterday, limit=10),
        shift=shift,
        calls=calls.unknown_missed(place, now=now),
        surprises=surprise.waiting(place.id) if actor.serves(place.id) else [],
        pairs=linking.questions_of({touch.customer_id for touch in waiting}),
        ungreeted=courtesy.ungreeted(place.id) if here else set(),
        renews_at=min(end, shift.opening.changes_at or end),
    )


def around(place: Place, *, now: datetime, limit: int = 8) -> list[Customer]:
    """Whom a word is most likely about: those who are here, then those expected today."""
    _start, end = day_bounds(place, now.astimezone(place.zone).date())
    visits = [*serve.here(place.id, limit=limit), *serve.expected(place.id, until=end, limit=limit)]
    people = {visit.customer_id: visit.customer for visit in visits}
    return list(people.values())[:limit]


_NEWS = {
    "case.opened": "case",
    "touch.made": "message",
    "message.received": "message",
    "visit.arrived": "arrival",
    "hand_over.asked": "asked",
    "hand_over.returned": "back",
    "hand_over.declined": "back",
    "person.asked": "person",
    "leave.asked": "leave",
    "surprise.asked": "surprise",
    "surprise.lapsed": "lapsed",
}
_WEIGHT = {
    "leave": 0,
    "asked": 1,
    "back": 2,
    "person": 3,
    "case": 4,
    "message": 5,
    "surprise": 6,
    "lapsed": 7,
    "arrival": 8,
}
_TO_OTHERS = {"arrival", "leave", "surprise"}
"""Whoever did it knows."""


def news(actor: Actor, place: Place, *, after: datetime | None, now: datetime) -> list[News]:
    """Who arrived or wrote at a place in the last moments, each customer once. Two queries.

    Whoever marked an arrival knows of it and is not told.
    """
    since = max(now - NEWS_FOR, after) if after else now - NEWS_FOR
    latest: dict[int, JournalEntry] = {}
    for entry in JournalEntry.objects.order_by("-id")[:60]:
        what = _NEWS.get(entry.kind)
        if what is None or entry.customer_id is None or entry.place_id != place.id or entry.at <= since:
            continue
        if entry.kind == "touch.made" and entry.payload.get("direction") != Touch.Direction.IN:
            continue
        if what in _TO_OTHERS and entry.staff_id == actor.staff_id:
            continue
        if what == "surprise" and not actor.serves(place.id):
            continue
        if what == "leave" and not actor.leads(place.id):
            continue
        if what in {"asked", "back", "person", "lapsed"} and actor.staff_id not in entry.payload["told"]:
            continue
        known = latest.get(entry.customer_id)
        if known is None or _WEIGHT[what] < _WEIGHT[_NEWS[known.kind]]:
            latest[entry.customer_id] = entry
    people = Customer.objects.in_bulk(list(latest)) if latest else {}
    return [
        News(
            _NEWS[entry.kind],
            people[customer_id],
            entry.at,
            entry.case_id,
            entry.subject_id if entry.kind.startswith("surprise.") else None,
        )
        for customer_id, entry in latest.items()
        if customer_id in people
    ]
