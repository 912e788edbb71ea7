"""What somebody needs who is about to greet, to answer the telephone, or to say good-bye. Nothing here decides or writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ...core.errors import Text
from ...house import access as house
from ...house.access import Actor
from ...house.models import Place, Staff
from ...know import recall
from ...know.models import Customer, Note
from ...know.mood import Mood
from ...promise import queries as promises
from ...promise.models import Promise
from ...recover import queries as recover
from ...recover.models import Case
from ...serve.models import Visit
from . import courtesy, queries, saying
from .models import Courtesy, Moment
from .queries import Held

MOST_KNOWN = 4
"""Notes beside the needs: more cannot be thought of in the time that one has."""


@dataclass(frozen=True, slots=True)
class Line:
    """A standard as it is looked at before it is needed."""

    text: str
    language: str
    say: str
    """To this customer, in their language where it is written in it; empty for what is done, not said."""
    say_language: str


@dataclass(frozen=True, slots=True)
class Known:
    """Something to bear in mind, and how."""

    text: str
    how: Text
    quietly: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """One customer at one moment."""

    customer: Customer
    parts: list[tuple[Text, list[Line]]]
    """By moment: its name and its standards."""
    needs: list[Note]
    known: list[Known]
    mood: Mood | None
    promises: list[Promise]
    cases: list[Case]
    before: int = 0
    """How often they have been here before this visit."""
    last_at: datetime | None = None
    next: Visit | None = None
    """The visit after this one, when it is agreed already."""
    noted: Courtesy | None = None
    asks_again: Promise | None = None
    """The follow-up that is promised already."""

    @property
    def open(self) -> int:
        return len(self.promises) + len(self.cases)


def lines(held: Iterable[Held], place: Place, customer: Customer | None, staff: Staff) -> list[Line]:
    """Standards that hold at a place, their words said by `staff` to a customer (None: nobody knows who it is)."""
    mine, house_language = get_language() or "en", staff.organization.language
    wanted = (customer.language if customer else "") or house_language
    values = {"name": customer.called if customer else "", "place": place.name, "me": staff.name}
    found = []
    for each in held:
        reading, speaking = each.language(mine, house_language), each.language(wanted, house_language)
        say = saying.filled(each.words[speaking].say, values)
        found.append(Line(each.words[reading].text, reading, say, speaking))
    return found


def to_say(
    place: Place, moment: Moment, customers: Sequence[Customer | None], staff: Staff
) -> list[list[Line]]:
    """What one may say at a moment to each of these customers. One query, none for nobody."""
    held = queries.holding(place.id, [moment.value]) if customers else []
    return [[line for line in lines(held, place, each, staff) if line.say] for each in customers]


def _parts(
    place: Place, moments: Sequence[Moment], customer: Customer, staff: Staff
) -> list[tuple[Text, list[Line]]]:
    """The standards of some moments, by moment. One query."""
    held = queries.holding(place.id, [each.value for each in moments])
    of = {each: [one for one in held if one.standard.moment == each] for each in moments}
    return [(each.label, lines(of[each], place, customer, staff)) for each in moments if of[each]]


def arrival(actor: Actor, visit: Visit, staff: Staff, *, now: datetime) -> Prepared:
    """Before somebody is greeted. A fixed number of queries."""
    return _prepared(
        actor, visit.customer, visit.place, [Moment.ARRIVAL, Moment.ESCORTING], staff, now, visit
    )


def farewell(actor: Actor, visit: Visit, staff: Staff, *, now: datetime) -> Prepared:
    """Before somebody goes: what is open, and whether the next time is agreed."""
    return _prepared(actor, visit.customer, visit.place, [Moment.FAREWELL], staff, now, visit)


def telephone(actor: Actor, customer: Customer, place: Place, staff: Staff, *, now: datetime) -> Prepared:
    """While they are on the line."""
    return _prepared(
        actor,
        customer,
        place,
        [Moment.OPENING, Moment.HOLD, Moment.TRANSFER, Moment.CLOSING],
        staff,
        now,
        None,
    )


def _prepared(
    actor: Actor,
    customer: Customer,
    place: Place,
    moments: list[Moment],
    staff: Staff,
    now: datetime,
    visit: Visit | None,
) -> Prepared:
    notes = recall.card_notes(actor, customer.id, now=now)
    owed = [
        each for each in promises.owed_to(customer)
        if actor.sees(each.place_id) and each.kind not in Promise.AMONG_US and each.kind != Promise.Kind.PROGRESS
    ]  # fmt: skip
    cases = [
        each for each in recover.of_customer(customer.id)
        if each.state != Case.State.CLOSED and actor.sees(each.place_id)
    ]  # fmt: skip
    before, last_at, following = _visits(actor, customer, visit, now)
    noted = courtesy.of_visits([visit.id]).get(visit.id, []) if visit else []
    return Prepared(
        customer=customer,
        parts=_parts(place, moments, customer, staff),
        needs=notes.needs,
        known=_known(notes.leading),
        mood=notes.mood,
        promises=[each for each in owed if each.kind != Promise.Kind.FOLLOW_UP],
        cases=cases,
        before=before,
        last_at=last_at,
        next=following,
        noted=next((each for each in noted if each.moment == moments[0] and each.said_at), None),
        asks_again=next((each for each in owed if each.kind == Promise.Kind.FOLLOW_UP), None),
    )


def _known(leading: Sequence[recall.Remembered]) -> list[Known]:
    """The surest things that are no needs, those to be done quietly marked so. What was only concluded is never said."""
    found = []
    for each in leading:
        note = each.note
        if note.kind == Note.Kind.NEED or each.level == "faint":
            continue
        concluded = note.source in {Note.Source.INFERRED, Note.Source.ACQUIRED}
        quietly = concluded or note.discretion != Note.Discretion.OPEN
        how = _("our conclusion: never say it to them") if concluded else note.get_discretion_display()
        found.append(Known(note.text, how, quietly))
    return found[:MOST_KNOWN]


def _visits(
    actor: Actor, customer: Customer, visit: Visit | None, now: datetime
) -> tuple[int, datetime | None, Visit | None]:
    """How often they were here before, when last, and when they come next, at the places that the actor sees. Two queries."""
    seen = [place.id for place in house.places(actor)]
    rows = Visit.objects.filter(customer=customer, place_id__in=seen).exclude(id=visit.id if visit else 0)
    been = rows.filter(state=Visit.State.LEFT).aggregate(count=Count("id"), last=Max("arrived_at"))
    coming = rows.filter(state=Visit.State.EXPECTED, expected_at__gt=now).select_related("place")
    return been["count"], been["last"], coming.order_by("expected_at").first()
