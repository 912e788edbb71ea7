"""The time that a share of like cases keeps.

Like cases are those of the same channel, in the same part of the day, with about as many answers owed. There are few of
them, so their distribution is mixed with that of broader groups (the channel, then all of the place), each broader one
weighing as much as `STRENGTH` observations: the empirical form of a nested Dirichlet process. Beside everything stands
one more observation at the ceiling, the conformal correction: with too few cases it is what the quantile falls on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BANDS = (6, 11, 14, 18, 22)
"""Hours of the day at which a part of it begins; from 22 to 6 is one part."""
LOADS = (1, 3, 6, 12)
"""Answers owed at which it is called fuller."""
STRENGTH = 20.0
HALF_LIFE = 45 * 86400.0
"""Seconds after which an old case counts half: a place changes."""
STEP = 0.02
"""How much one miss, or one answer in time, moves the level that is aimed at."""
Z = 1.6448536269514722
"""Of a two-sided interval of 90 per cent."""

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class History:
    """Answers given, one entry each: seconds taken, seconds ago, and what each was like."""

    took: Numbers
    ago: Numbers
    channel: Whole
    band: Whole
    load: Whole


@dataclass(frozen=True, slots=True)
class Like:
    """The case at hand."""

    channel: int
    band: int
    load: int


@dataclass(frozen=True, slots=True)
class Limits:
    """No sooner than `floor`, no later than `ceiling` (seconds)."""

    floor: float
    ceiling: float


@dataclass(frozen=True, slots=True)
class Told:
    """The time to tell, in seconds, with the range in which the true quantile lies nine times in ten."""

    seconds: float
    low: float
    high: float
    cases: float
    """How many like cases the answer rests on, by weight."""
    thin: bool
    """Too few to know: the ceiling is told."""


def band_of(hour: int) -> int:
    """The part of the day of an hour, 0 to 4; the night is 0, before and after midnight."""
    return sum(hour >= begins for begins in BANDS) % len(BANDS)


def time_kept(history: History, like: Like, limits: Limits, *, level: float = 0.95) -> Told:
    """The time within which `level` of cases like this one are answered."""
    if not 0.5 <= level < 1:
        raise ValueError("A level lies between 0.5 and 1.")
    recent = np.exp2(-history.ago / HALF_LIFE)
    order = np.argsort(history.took, kind="stable")
    took, fuller = history.took[order], np.searchsorted(LOADS, history.load[order], side="right")
    here = int(np.searchsorted(LOADS, like.load, side="right"))
    best: Told | None = None
    # Never sooner when more is owed: the latest of the times for this load and for every lighter one.
    for load in range(here + 1):
        weights = _weights(history, order, recent[order], fuller, like, load)
        told = _quantile(took, weights, limits, level)
        best = told if best is None or told.seconds > best.seconds else best
    assert best is not None
    return best


def _weights(
    history: History, order: Whole, recent: Numbers, fuller: Whole, like: Like, load: int
) -> Numbers:
    """How much each case counts, in cases: the like ones in full, broader ones in place of what is missing."""
    channel = history.channel[order] == like.channel
    band = channel & (history.band[order] == like.band)
    groups = [np.ones_like(channel), channel, band, band & (fuller == load)]
    mixed = np.zeros_like(recent)
    cases = 0.0
    for group in groups:
        own = float(recent[group].sum())
        if own <= 0:
            continue
        keep = STRENGTH / (STRENGTH + own) if cases else 0.0
        mixed = mixed * keep + np.where(group, recent / own, 0.0) * (1 - keep)
        cases = own + keep * cases
    return mixed * cases


def _quantile(took: Numbers, weights: Numbers, limits: Limits, level: float) -> Told:
    total = float(weights.sum())
    effective = total**2 / float((weights**2).sum()) if total > 0 else 0.0
    reached = np.cumsum(weights) / total * effective if total > 0 else weights

    def at(share: float) -> float:
        """The conformal quantile: of one case more than there are, the missing one being the latest."""
        index = int(np.searchsorted(reached, share * (effective + 1) - 1e-9, side="left"))
        return float(took[index]) if index < took.size else math.inf

    def within(seconds: float) -> float:
        return min(max(seconds, limits.floor), limits.ceiling)

    told = at(level)
    spread = Z * math.sqrt(level * (1 - level) / max(effective, 1.0))
    low, high = at(max(0.5, level - spread)), at(min(1.0, level + spread))
    return Told(within(told), within(low), within(high), round(effective, 1), math.isinf(told))


def level_after(beaten: NDArray[np.bool_], *, level: float = 0.95) -> float:
    """The level to aim at, after so many times told were beaten or missed, oldest first (adaptive conformal inference).

    Each miss raises it, each hit lowers it a little, so that in the long run `level` of the times told are beaten,
    whatever the place does. It stays between .8 and .995.
    """
    aimed = level
    for kept in beaten.tolist():
        aimed = min(0.995, max(0.8, aimed + STEP * ((0.0 if kept else 1.0) - (1 - level))))
    return aimed


def round_up(seconds: float) -> float:
    """As people say times: to 5 minutes below an hour, 15 below four hours, 30 above."""
    minutes = math.ceil(round(seconds / 60, 6))
    step = 5 if minutes <= 60 else 15 if minutes <= 240 else 30
    return math.ceil(minutes / step) * step * 60.0
