"""What the team should hear: the line-up of a place each morning, made from what the house wrote down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ..core.models import JournalEntry
from ..house.access import Actor
from ..house.models import Place, Staff
from ..know import recall
from ..know.models import Note
from ..promise import queries as promises
from ..promise.models import Promise
from ..recover import queries as recover
from ..recover.models import Case
from ..recover.remedies import giving
from ..recover.remedies.models import Given
from ..serve import queries as serve
from ..serve.models import Visit
from .standards import queries as standards

UNREAD_FOR = timedelta(days=30)
"""How long a lesson waits in the line-up for those who were not there."""


@dataclass(frozen=True, slots=True)
class Held:
    """A line-up that took place: who led it, and who was on duty to hear it."""

    at: datetime
    by: str
    reached: list[str]


@dataclass(frozen=True, slots=True)
class LineUp:
    """Ten minutes' worth: lessons from failures, who comes today and what they need, what we owe, what we learned."""

    day: date
    since: datetime
    lessons: list[Case]
    """Of this place, since yesterday."""
    elsewhere: list[Case]
    """Lessons of the last weeks that whoever looks has neither read nor heard; only their words are for every colleague."""
    read: set[int]
    """Which of `lessons` they have read or heard, by case id."""
    arrivals: list[Visit]
    needs: dict[int, list[Note]]
    """By customer id, for the arrivals."""
    promises: list[Promise]
    stories: list[Given]
    """What was done beyond what was due, as told by whoever did it."""
    standard: standards.Held | None
    """One of the house's, another each day."""
    learned: list[Note]
    """Without moods: they belong to the hour, not to the next morning."""


def day_bounds(place: Place, day: date) -> tuple[datetime, datetime]:
    """The beginning and end of a local day, as moments."""
    start = datetime.combine(day, time(), place.zone)
    return start, datetime.combine(day + timedelta(days=1), time(), place.zone)


def line_up(actor: Actor, place: Place, *, now: datetime) -> LineUp:
    """Today's line-up of a place. "Since yesterday" is the beginning of the local day before."""
    day = now.astimezone(place.zone).date()
    _start, end = day_bounds(place, day)
    since, _end = day_bounds(place, day - timedelta(days=1))
    arrivals = serve.expected(place.id, until=end)
    lessons = recover.documented_since(place.id, since)
    shared = recover.lessons(now - UNREAD_FOR)
    here = {case.id for case in lessons}
    read = recover.read_by(actor.staff_id, [case.id for case in [*lessons, *shared]])
    return LineUp(
        day=day,
        since=since,
        lessons=lessons,
        elsewhere=[case for case in shared if case.id not in read and case.id not in here],
        read=read,
        arrivals=arrivals,
        needs=recall.needs_of(actor, (visit.customer_id for visit in arrivals)),
        promises=promises.running(place.id, limit=20),
        stories=giving.told_since(place.id, since),
        standard=_standard_of(place, day),
        learned=[note for note in recall.learned_since(actor, since) if note.kind != Note.Kind.MOOD],
    )


def _standard_of(place: Place, day: date) -> standards.Held | None:
    """Each day the next of those that hold here. One query."""
    held = standards.holding(place.id)
    return held[day.toordinal() % len(held)] if held else None


def held_on(place: Place, *, now: datetime) -> Held | None:
    """Whether today's line-up of a place was held. One query, two when it was."""
    start, _end = day_bounds(place, now.astimezone(place.zone).date())
    rows = JournalEntry.objects.filter(kind="lineup.held", place=place, at__gte=start)
    entry = rows.order_by("-at").first()
    if entry is None:
        return None
    reached = entry.payload["reached"]
    names = dict(Staff.objects.filter(id__in={*reached, entry.staff_id}).values_list("id", "name"))
    by = names.get(entry.staff_id, "") if entry.staff_id else ""
    return Held(entry.at, by, [names[one] for one in reached if one in names and one != entry.staff_id])
