"""How well the standards are kept, and how evenly: by standard, between people, places, hours and moments.

Counted is what others saw; what somebody saw of themselves is theirs to learn from. Who leads sees the whole of the places that
they lead. Anybody else sees the mean, and where they themselves stand among others who have no names.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from ...core import ready, tenancy
from ...engines.shares import Share, wilson
from ...engines.spread import Placed, Spread, group, spread
from ...house.access import Actor
from ...house.models import Place

Key = TypeVar("Key", bound=Hashable)
FEWEST_PEOPLE = 5
"""Below that nobody is anonymous among the others."""
HOURS = 4
"""Hours of the day that are looked at together."""
PERIODS = (28, 91, 364)
USUAL = 91
_ROWS = """
SELECT o.staff_id, o.place_id, o.moment, o.at, o.by_self,
    count(*) FILTER (WHERE m.mark = 'kept'), count(*) FILTER (WHERE m.mark <> 'unseen')
FROM rugui_observation o JOIN rugui_observedmark m ON m.observation_id = o.id
WHERE o.organization_id = %s AND o.place_id = ANY(%s::bigint[]) AND o.at >= %s AND o.at < %s
GROUP BY o.id
"""
_MARKS = """
SELECT m.standard_id, count(*) FILTER (WHERE m.mark = 'kept'), count(*) FILTER (WHERE m.mark = 'missed'),
    count(*) FILTER (WHERE m.mark = 'unseen')
FROM rugui_observation o JOIN rugui_observedmark m ON m.observation_id = o.id
WHERE o.organization_id = %s AND o.place_id = ANY(%s::bigint[]) AND o.at >= %s AND o.at < %s AND NOT o.by_self
    AND (%s::text = '' OR o.moment = %s::text)
GROUP BY m.standard_id
"""


@dataclass(frozen=True, slots=True)
class Score:
    """One observation: the share kept of what was seen."""

    staff_id: int
    place_id: int
    moment: str
    hour: int
    """Where the stretch of the day begins, by the place's own clock."""
    kept: int
    seen: int

    @property
    def share(self) -> float:
        return self.kept / self.seen


@dataclass(frozen=True, slots=True)
class Kept:
    """How often one standard was kept."""

    standard_id: int
    share: Share
    unseen: int


@dataclass(frozen=True, slots=True)
class Whole:
    """For who leads: everything, over a period."""

    share: Share
    """Of all statements seen."""
    observations: int
    by_self: Share
    """What people saw of themselves; in no other number."""
    standards: list[Kept]
    """The least kept first."""
    people: Spread[int]
    places: Spread[int]
    hours: Spread[int]
    moments: Spread[str]


@dataclass(frozen=True, slots=True)
class Mine:
    """For one colleague: the mean of the place, and where they stand in it."""

    share: Share
    observations: int
    people: int
    own: Placed[int] | None
    others: tuple[float, ...]
    """Where the others stand, from the lowest, without names; empty where they are too few to have none."""
    among: Spread[int] | None
    by_self: Share


def whole(actor: Actor, places: Sequence[Place], *, days: int, now: datetime, moment: str = "") -> Whole:
    """All that was seen at these places, of which the actor must lead each. Two queries."""
    for place in places:
        actor.must_lead(place.id)
    scores, by_self = _scores(_asked(actor, places, days, now), places, moment)
    return Whole(
        share=wilson(sum(each.kept for each in scores), sum(each.seen for each in scores)),
        observations=len(scores),
        by_self=by_self,
        standards=_standards(actor, places, days, now, moment),
        people=_spread(scores, lambda each: each.staff_id),
        places=_spread(scores, lambda each: each.place_id),
        hours=_spread(scores, lambda each: each.hour),
        moments=_spread(scores, lambda each: each.moment),
    )


def mine(actor: Actor, place: Place, *, days: int, now: datetime) -> Mine:
    """Where the actor stands among the others of a place. One query, and two to step aside.

    It is read as the house: what comes out is the actor's own, means, and where others stand when they are so many that
    nobody can be told from it.
    """
    me = actor.must_be_staff()
    with tenancy.as_the_house():
        rows = _asked(actor, [place], days, now)
    scores, _all_by_self = _scores(rows, [place])
    people = _spread(scores, lambda each: each.staff_id)
    own = next((each for each in people.groups if each.key == me), None)
    hidden = len(people.groups) < FEWEST_PEOPLE
    others = sorted(_stands(each) for each in people.groups if each.key != me)
    selves = [row for row in rows if row[4] and row[0] == me and row[6]]
    return Mine(
        share=wilson(sum(each.kept for each in scores), sum(each.seen for each in scores)),
        observations=len(scores),
        people=len(people.groups),
        own=own,
        others=() if hidden else tuple(round(each, 2) for each in others),
        among=None if hidden else people,
        by_self=wilson(sum(row[5] for row in selves), sum(row[6] for row in selves)),
    )


def _stands(each: Placed[int]) -> float:
    return each.seen if each.drawn is None else each.drawn


def _asked(actor: Actor, places: Sequence[Place], days: int, now: datetime) -> list[tuple[Any, ...]]:
    since = now - timedelta(days=days)
    return ready.fetch(
        _ROWS, [actor.organization_id, [place.id for place in places], since, now + timedelta(seconds=1)]
    )


def _scores(
    rows: Iterable[Sequence[Any]], places: Sequence[Place], moment: str = ""
) -> tuple[list[Score], Share]:
    """What others saw, observation by observation; and in all what people saw of themselves."""
    zones = {place.id: place.zone for place in places}
    found, kept, seen = [], 0, 0
    for staff_id, place_id, at_moment, at, by_self, hits, of in rows:
        if not of or (moment and at_moment != moment):
            continue
        if by_self:
            kept, seen = kept + hits, seen + of
            continue
        hour = at.astimezone(zones[place_id]).hour
        found.append(Score(staff_id, place_id, at_moment, hour - hour % HOURS, hits, of))
    return found, wilson(kept, seen)


def _standards(actor: Actor, places: Sequence[Place], days: int, now: datetime, moment: str) -> list[Kept]:
    since, until = now - timedelta(days=days), now + timedelta(seconds=1)
    values = [actor.organization_id, [place.id for place in places], since, until, moment, moment]
    rows = [
        Kept(number, wilson(kept, kept + missed), unseen)
        for number, kept, missed, unseen in ready.fetch(_MARKS, values)
    ]
    return sorted(rows, key=lambda each: (each.share.share is None, each.share.share, -each.share.of))


def _spread(scores: Sequence[Score], by: Callable[[Score], Key]) -> Spread[Key]:
    groups: dict[Key, list[float]] = {}
    for each in scores:
        groups.setdefault(by(each), []).append(each.share)
    return spread([group(key, shares) for key, shares in groups.items()])
