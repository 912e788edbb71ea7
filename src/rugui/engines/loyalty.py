"""Whether customers for whom a failure was put right came back more than comparable ones without (docs/engines/loyalty.md).

Exact matching on coarsened history (Iacus, King and Porro 2012): customers are compared only with those of the same place
who came as often, spent about as much and were there as lately before. Shares have Wilson's interval, their difference
Newcombe's hybrid score interval (1998, method 10), money a percentile bootstrap. What is too little to tell is said to be so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from math import sqrt

import numpy as np
import numpy.typing as npt

from .shares import score_interval

Floats = npt.NDArray[np.float64]
FEWEST = 20
"""Fewer matched customers than this say nothing, whatever they did."""
WIDEST = 0.25
"""An interval that reaches further than this to either side of its middle says nothing either."""
MOST_EACH = 10
"""So many comparable customers for each one are enough."""
DRAWS = 2000


@dataclass(frozen=True, slots=True)
class Unit:
    """One customer around one moment: a failure put right, or, to compare with, a day on which nothing failed."""

    key: int
    stratum: Hashable
    came: bool
    spent: float
    """After less before, in any unit."""
    again: bool
    """Whether they complained (again) afterwards."""
    groups: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    """What it can be told apart by: ("remedy", "credit"), ("step apologise", "kept")."""


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    value: float
    high: float

    @property
    def reach(self) -> float:
        return max(self.high - self.value, self.value - self.low)


@dataclass(frozen=True, slots=True)
class Compared:
    """Customers after a failure beside comparable ones without. Shares from 0 to 1, money in the units' unit."""

    people: int
    """Of the first, those for whom there is anybody to compare with."""
    unmatched: int
    others: int
    came: Interval
    others_came: float
    difference: Interval
    """Of coming back: above nothing means that they came more."""
    again: Interval
    others_again: float
    spent: Interval
    """By how much more their spending grew than that of the others, each."""

    @property
    def enough(self) -> bool:
        return self.people >= FEWEST and self.difference.reach <= WIDEST

    @property
    def verdict(self) -> str:
        """few, more, less or same (no difference is seen; there may be one within the interval)."""
        if not self.enough:
            return "few"
        if self.difference.low > 0:
            return "more"
        return "less" if self.difference.high < 0 else "same"


def bucket(value: float, steps: Sequence[float]) -> int:
    """In which of the stretches between `steps` a number lies; a step itself belongs to the one below."""
    return sum(value > step for step in steps)


def wilson(hits: float, of: float) -> Interval:
    """The share with its score interval (Wilson 1927). `of` may be an effective number; of nothing it is all of 0 to 1."""
    share = hits / of if of > 0 else 0.0
    low, high = score_interval(share, of)
    return Interval(low, share, high)


def difference(one: Interval, other: Interval) -> Interval:
    """Of two independent shares with their score intervals (Newcombe 1998, method 10)."""
    value = one.value - other.value
    down = sqrt((one.value - one.low) ** 2 + (other.high - other.value) ** 2)
    up = sqrt((one.high - one.value) ** 2 + (other.value - other.low) ** 2)
    return Interval(max(-1.0, value - down), value, min(1.0, value + up))


def compare(
    units: Sequence[Unit], candidates: Iterable[Unit], *, seed: int = 0, draws: int = DRAWS
) -> Compared:
    """All of `units` beside the comparable ones among `candidates`; the same seed gives the same interval of money."""
    pools: dict[Hashable, list[Unit]] = defaultdict(list)
    for each in candidates:
        pools[each.stratum].append(each)
    cases: dict[Hashable, list[Unit]] = defaultdict(list)
    for each in units:
        if each.stratum in pools:
            cases[each.stratum].append(each)
    rng = np.random.default_rng(seed)
    chosen = {stratum: _some(pools[stratum], MOST_EACH * len(found), rng) for stratum, found in cases.items()}
    people = sum(len(found) for found in cases.values())
    effective = _effective(cases, chosen)
    came = wilson(sum(each.came for found in cases.values() for each in found), people)
    again = wilson(sum(each.again for found in cases.values() for each in found), people)
    others_came = _weighted(cases, chosen, lambda each: each.came)
    return Compared(
        people=people,
        unmatched=len(units) - people,
        others=sum(len(found) for found in chosen.values()),
        came=came,
        others_came=others_came,
        difference=difference(came, wilson(others_came * effective, effective)),
        again=again,
        others_again=_weighted(cases, chosen, lambda each: each.again),
        spent=_money(cases, chosen, rng, draws),
    )


def by_group(
    units: Sequence[Unit], candidates: Sequence[Unit], *, seed: int = 0
) -> dict[tuple[str, str], Compared]:
    """The same for each group that any of `units` is in."""
    members: dict[tuple[str, str], list[Unit]] = defaultdict(list)
    for each in units:
        for group in each.groups:
            members[group].append(each)
    return {group: compare(found, candidates, seed=seed) for group, found in sorted(members.items())}


def _some(pool: list[Unit], most: int, rng: np.random.Generator) -> list[Unit]:
    if len(pool) <= most:
        return pool
    return [pool[i] for i in rng.choice(len(pool), most, replace=False)]


def _weighted(
    cases: dict[Hashable, list[Unit]], chosen: dict[Hashable, list[Unit]], of: Callable[[Unit], float]
) -> float:
    """The mean of the others where each stratum counts as often as there are cases in it."""
    people = sum(len(found) for found in cases.values())
    if not people:
        return 0.0
    return (
        sum(
            len(cases[stratum]) * sum(of(each) for each in pool) / len(pool)
            for stratum, pool in chosen.items()
        )
        / people
    )


def _effective(cases: dict[Hashable, list[Unit]], chosen: dict[Hashable, list[Unit]]) -> float:
    """How many equally weighted customers the weighted others are worth (Kish 1965)."""
    weights = [(len(cases[stratum]) / len(pool), len(pool)) for stratum, pool in chosen.items()]
    squares = sum(count * weight * weight for weight, count in weights)
    return sum(count * weight for weight, count in weights) ** 2 / squares if squares else 0.0


def _money(
    cases: dict[Hashable, list[Unit]],
    chosen: dict[Hashable, list[Unit]],
    rng: np.random.Generator,
    draws: int,
) -> Interval:
    """The mean over cases of their change less the mean change of their others.

    The cases are drawn anew all together, for a stratum with one case has no spread of its own; of the others it is enough to know
    how sure their means are.
    """
    people = sum(len(found) for found in cases.values())
    if not people:
        return Interval(0.0, 0.0, 0.0)
    pools = {stratum: _amounts(pool) for stratum, pool in chosen.items()}
    more = np.concatenate([_amounts(found) - pools[stratum].mean() for stratum, found in cases.items()])
    weights = [len(found) / people for found in cases.values()]
    unsure = sqrt(
        sum((weight * error) ** 2 for weight, error in zip(weights, _errors(pools, cases), strict=True))
    )
    drawn = _means(more, rng, draws) + rng.normal(0.0, unsure, draws)
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Interval(float(low), float(more.mean()), float(high))


def _errors(pools: dict[Hashable, Floats], order: Iterable[Hashable]) -> list[float]:
    """The standard error of each mean; whoever is alone in a stratum varies as all do."""
    every = np.concatenate(list(pools.values()))
    of_all = float(every.var(ddof=1)) if len(every) > 1 else 0.0
    return [
        sqrt((float(pool.var(ddof=1)) if len(pool) > 1 else of_all) / len(pool))
        for pool in (pools[stratum] for stratum in order)
    ]


def _amounts(units: list[Unit]) -> Floats:
    return np.array([each.spent for each in units], dtype=np.float64)


def _means(values: Floats, rng: np.random.Generator, draws: int) -> Floats:
    """The mean of each draw with replacement, by how often each value is drawn."""
    counts = rng.multinomial(len(values), np.full(len(values), 1 / len(values)), size=draws)
    means: Floats = counts @ values / len(values)
    return means
