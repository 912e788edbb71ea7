"""How promises were kept: shares with their intervals, in all, over time, by place, kind, channel and person.

Counted is what fell due in the period, whenever it was given: a promise that is kept early waits for its moment, so that
good news does not come before bad. What the customer no longer wanted is not counted, nor what colleagues owe one another.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from ..core import ready
from ..core.tenancy import current
from ..engines.shares import Share, wilson
from . import jobs, sheets
from .models import Promise
from .sheets import CHANNELS, KINDS, NEVER, Ended
from .sought import Sought

HIDDEN = -1
"""Instead of an owner who is not for whoever looks to know."""
PUNCTUAL = 300
"""Seconds: begun no later than that is on time."""
SOON = 1800
"""Seconds within which a first answer is soon."""
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


def ended(sought: Sought) -> Ended:
    """What fell due and has ended. One query; where very much had to be read from rows, sheets of it are asked for."""
    found = sheets.read(sought)
    if found.without_sheets > sheets.WORTH and (organization_id := current()) is not None:
        jobs.sheets_soon(organization_id)
    return found


def kept(sought: Sought, ended: Ended, starts: Sequence[datetime]) -> Kept:
    """What became of promises that fell due, in steps beginning at `starts`."""
    steps = np.searchsorted(np.array([int(start.timestamp()) for start in starts]), ended.due, "right")
    owner = ended.owner
    if not set(sought.places) <= set(sought.led):
        owner = np.where((owner == sought.me) | np.isin(ended.place, sought.led), owner, HIDDEN)
    cells = _cells(ended, steps, len(starts) + 1)
    return Kept(
        every=_counts(cells.sum((0, 1, 2))),
        steps=[_counts(cells[number + 1].sum((0, 1))) for number in range(len(starts))],
        places=_most(_by(ended.place, ended)),
        kinds=_most(_named(KINDS, cells.sum((0, 2)))),
        channels=_most(_named(CHANNELS, cells.sum((0, 1)))),
        people=_most(_by(owner, ended)),
    )


def first_answers(ended: Ended) -> list[First]:
    """How soon whoever wrote first heard from a person, in all and by channel, the busiest first."""
    answers = (ended.kind == KINDS.index(Promise.Kind.ANSWER)) & (
        ended.became & (sheets.KEPT | sheets.BROKEN) > 0
    )
    took, channels = ended.took[answers].astype(np.int64), ended.channel[answers]
    if not len(took):
        return []
    by_channel = [_first(CHANNELS[key], took[channels == key]) for key in np.unique(channels)]
    return [_first(None, took), *sorted(by_channel, key=lambda each: -each.answers)]


def _first(channel: str | None, took: npt.NDArray[np.int64]) -> First:
    """Quantiles are seconds that occur: the first that so many do not exceed."""
    count = len(took)
    half, most = -(-count // 2) - 1, -(-9 * count // 10) - 1
    ordered = np.partition(took, [half, most])
    seconds = [float("inf") if ordered[at] == NEVER else float(ordered[at]) for at in (half, most)]
    return First(channel, count, wilson(int((took <= SOON).sum()), count), *seconds)


def begun(sought: Sought) -> Begun | None:
    """How late appointments began; None without any. One query."""
    values = [current(), list(sought.places), sought.since, sought.until]
    ((appointments, punctual, half, most, told),) = ready.fetch(_BEGUN, values)
    if not appointments:
        return None
    return Begun(
        appointments, wilson(punctual, appointments), half, most, wilson(told, appointments - punctual)
    )


_OUTCOMES = np.arange(sheets.OUTCOMES)
_NUMBERS = np.array(
    [_OUTCOMES >= 0]
    + [
        _OUTCOMES & bit > 0
        for bit in (sheets.KEPT, sheets.BEFORE, sheets.BROKEN, sheets.LATE, sheets.TOLD, sheets.BEATEN)
    ]
).astype(np.int64)
"""Which of `Counts` each outcome adds to."""
_NEAR = 1 << 14
"""Numbers no further apart are counted in a table with a line for each."""


def _cells(ended: Ended, steps: npt.NDArray[np.intp], many: int) -> npt.NDArray[np.integer]:
    """How many there are by step, kind, channel and outcome."""
    shape = (many, len(KINDS), len(CHANNELS), sheets.OUTCOMES)
    at = ((steps * shape[1] + ended.kind) * shape[2] + ended.channel) * shape[3] + ended.became
    return np.bincount(at, minlength=math.prod(shape)).reshape(shape)


def _named(names: Sequence[str], cells: npt.NDArray[np.integer]) -> dict[str, Counts]:
    return {name: _counts(row) for name, row in zip(names, cells, strict=True) if row.any()}


def _by(keys: npt.NDArray[np.integer], ended: Ended) -> dict[int, Counts]:
    """The counts of each key."""
    if not len(keys):
        return {}
    low = int(keys.min())
    if int(keys.max()) - low < _NEAR:  # as nearly always: no need to sort them
        index, known = keys.astype(np.intp) - low, range(low, low + _NEAR)
    else:
        values, index = np.unique(keys, return_inverse=True)
        known = values.tolist()
    cells = np.bincount(index * sheets.OUTCOMES + ended.became)
    cells = np.pad(cells, (0, -len(cells) % sheets.OUTCOMES)).reshape(-1, sheets.OUTCOMES)
    return {known[at]: _counts(cells[at]) for at in np.flatnonzero(cells.any(axis=1))}


def _counts(cells: npt.NDArray[np.integer]) -> Counts:
    return Counts(*(int(number) for number in _NUMBERS @ cells))


def _most(counts: dict[Any, Counts]) -> dict[Any, Counts]:
    """The most numerous first."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1].ended, str(item[0]))))
