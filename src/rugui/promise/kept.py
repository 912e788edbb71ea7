"""How promises were kept: shares with their intervals, in all, over time, by place, kind, channel and person.

Counted is what fell due in the period, whenever it was given: a promise that is kept early waits for its moment, so that
good news does not come before bad. What the customer no longer wanted is not counted, nor what colleagues owe one another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..core import ready
from ..core.tenancy import current
from ..engines.shares import Share, wilson
from .sought import EARLY, Sought

HIDDEN = -1
"""Instead of an owner who is not for whoever looks to know."""
PUNCTUAL = 300
"""Seconds: begun no later than that is on time."""
SOON = 1800
"""Seconds within which a first answer is soon."""
_ROWS = """
FROM rugui_promise
WHERE organization_id = %s AND place_id = ANY(%s::bigint[]) AND due_at >= %s AND due_at < %s AND state <> 'open'
    AND state IN ('kept', 'broken', 'renegotiated') AND kind NOT IN ('leave', 'story')
    AND (%s::text = '' OR kind = %s::text) AND (%s::text = '' OR channel = %s::text)
    AND (%s::text = '' OR priority = %s::text)
    AND (%s::bigint < 0 OR (owner_id IS NOT DISTINCT FROM nullif(%s::bigint, 0)
        AND (owner_id = %s OR place_id = ANY(%s::bigint[]))))
"""
_CELLS = f"""
WITH cells AS MATERIALIZED (
    SELECT
        width_bucket(due_at, %s::timestamptz[]) AS step, place_id, kind, channel,
        CASE WHEN owner_id = %s OR place_id = ANY(%s::bigint[]) THEN coalesce(owner_id, 0) ELSE {HIDDEN} END AS owner,
        count(*) AS ended,
        count(*) FILTER (WHERE state = 'kept') AS kept,
        count(*) FILTER (WHERE state = 'kept' AND settled_at <= due_at - (due_at - made_at) / {EARLY}) AS early,
        count(*) FILTER (WHERE state = 'broken') AS broken,
        count(*) FILTER (WHERE state = 'broken' AND settled_at IS NOT NULL) AS late,
        count(*) FILTER (WHERE told_at IS NOT NULL AND state <> 'renegotiated') AS told,
        count(*) FILTER (WHERE settled_at <= told_at AND state <> 'renegotiated') AS beaten
    {_ROWS}
    GROUP BY 1, 2, 3, 4, 5
)
SELECT grouping(step, place_id, kind, channel, owner), step, place_id, kind, channel, owner,
    sum(ended)::bigint, sum(kept)::bigint, sum(early)::bigint, sum(broken)::bigint, sum(late)::bigint, sum(told)::bigint,
    sum(beaten)::bigint
FROM cells GROUP BY GROUPING SETS ((), (step), (place_id), (kind), (channel), (owner))
"""  # noqa: S608  numbers of our own
_ALL, _STEP, _PLACE, _KIND, _CHANNEL, _OWNER = 0b11111, 0b01111, 0b10111, 0b11011, 0b11101, 0b11110
_FIRST = f"""
SELECT grouping(channel), channel, count(*), count(*) FILTER (WHERE took <= {SOON}),
    percentile_disc(0.5) WITHIN GROUP (ORDER BY took), percentile_disc(0.9) WITHIN GROUP (ORDER BY took)
FROM (
    SELECT channel, coalesce(extract(epoch FROM settled_at - made_at)::float8, 'Infinity') AS took
    {_ROWS} AND kind = 'answer' AND state <> 'renegotiated'
) answers
GROUP BY GROUPING SETS ((), (channel))
ORDER BY 1 DESC, 3 DESC
"""  # noqa: S608  nothing of anybody's
_BEGUN = f"""
SELECT count(*),
    count(*) FILTER (WHERE late <= {PUNCTUAL}),
    percentile_disc(0.5) WITHIN GROUP (ORDER BY late), percentile_disc(0.9) WITHIN GROUP (ORDER BY late),
    count(*) FILTER (WHERE late > {PUNCTUAL} AND told)
FROM (
    SELECT greatest(extract(epoch FROM begun_at - greatest(expected_at, arrived_at))::float8, 0) AS late,
        delay_told_at < arrived_at AS told
    FROM rugui_visit
    WHERE organization_id = %s AND place_id = ANY(%s::bigint[]) AND expected_at >= %s AND expected_at < %s
        AND begun_at IS NOT NULL
) begun
"""  # noqa: S608  a number of our own


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of promises: counts that add up (`ended` = kept + broken + renegotiated; early are some of the kept)."""

    ended: int = 0
    kept: int = 0
    early: int = 0
    broken: int = 0
    late: int = 0
    """Broken, and done later all the same."""
    told: int = 0
    """Of those kept or broken: where the customer was told a time."""
    beaten: int = 0
    """Of those told: done by then."""

    def share(self, what: str) -> Share:
        """Of `kept`, `early`, `broken`, `renegotiated` among all that ended; of `beaten` among those told."""
        if what == "beaten":
            return wilson(self.beaten, self.told)
        return wilson(self.renegotiated if what == "renegotiated" else getattr(self, what), self.ended)

    @property
    def renegotiated(self) -> int:
        return self.ended - self.kept - self.broken


@dataclass(frozen=True, slots=True)
class Kept:
    """How promises were kept in a period. Keys are row numbers or values; of people, 0 is nobody and `HIDDEN` the others."""

    every: Counts
    steps: list[Counts]
    places: dict[int, Counts]
    kinds: dict[str, Counts]
    channels: dict[str, Counts]
    people: dict[int, Counts]


@dataclass(frozen=True, slots=True)
class First:
    """How soon first answers came, in seconds; infinite where most were not given at all."""

    channel: str | None
    """None: whatever the channel."""
    answers: int
    soon: Share
    half: float
    """Half of them had come by then."""
    most: float
    """Nine in ten had come by then."""


@dataclass(frozen=True, slots=True)
class Begun:
    """How late appointments really began, in seconds after the later of their time and the customer's arrival."""

    appointments: int
    punctual: Share
    half: float
    most: float
    told: Share
    """Of those that began late: told before they came."""


def kept(sought: Sought, starts: Sequence[datetime]) -> Kept:
    """What became of promises that fell due, in steps beginning at `starts`. One query."""
    rows = ready.fetch(_CELLS, [list(starts), sought.me, list(sought.led), *_values(sought)])
    found: dict[int, dict[Any, Counts]] = {
        group: {} for group in (_ALL, _STEP, _PLACE, _KIND, _CHANNEL, _OWNER)
    }
    for group, step, place, kind, channel, owner, *numbers in rows:
        key = {_STEP: step, _PLACE: place, _KIND: kind, _CHANNEL: channel, _OWNER: owner}.get(group)
        found[group][key] = Counts(*numbers) if numbers[0] is not None else Counts()
    return Kept(
        every=found[_ALL].get(None, Counts()),
        steps=[found[_STEP].get(number + 1, Counts()) for number in range(len(starts))],
        places=_most(found[_PLACE]),
        kinds=_most(found[_KIND]),
        channels=_most(found[_CHANNEL]),
        people=_most(found[_OWNER]),
    )


def first_answers(sought: Sought) -> list[First]:
    """How soon whoever wrote first heard from a person, in all and by channel, the busiest first. One query."""
    rows = ready.fetch(_FIRST, _values(sought))
    return [
        First(None if group else channel, answers, wilson(soon, answers), half, most)
        for group, channel, answers, soon, half, most in rows
        if answers
    ]


def begun(sought: Sought) -> Begun | None:
    """How late appointments began; None without any. One query."""
    values = [current(), list(sought.places), sought.since, sought.until]
    ((appointments, punctual, half, most, told),) = ready.fetch(_BEGUN, values)
    if not appointments:
        return None
    return Begun(
        appointments, wilson(punctual, appointments), half, most, wilson(told, appointments - punctual)
    )


def _values(sought: Sought) -> list[Any]:
    owner = HIDDEN if sought.owner_id is None else sought.owner_id
    pairs = [sought.kind, sought.kind, sought.channel, sought.channel, sought.priority, sought.priority]
    return [
        current(), list(sought.places), sought.since, sought.until, *pairs, owner, owner, sought.me, list(sought.led),
    ]  # fmt: skip


def _most(counts: dict[Any, Counts]) -> dict[Any, Counts]:
    """The most numerous first."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1].ended, str(item[0]))))
