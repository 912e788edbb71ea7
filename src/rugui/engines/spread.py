"""How far people, places or hours differ in how well something is done: not the mean, but the spread around it.

Each group has scores between 0 and 1, one an observation (of one statement, 1 for kept and 0 for not; of a checklist, the
share kept). Whatever is seen differs by luck alone; the spread is what remains when luck has been taken away:

- within groups, the pooled variance of an observation, `sum of squares / (observations - groups)`, without bias;
- between groups, the variance at which the generalised Q statistic is what it should be on average, `groups - 1`
  (R. C. Paule and J. Mandel, Consensus values and weighting factors, J. Res. NBS 87, 1982): a method of moments. It is nothing where
  groups differ no more than luck lets them;
- how sure that is: every variance at which Q lies within the middle 95 per cent of its chi-square distribution
  (W. Viechtbauer, Confidence intervals for the amount of heterogeneity, Statistics in Medicine 26, 2007);
- each group's own value is drawn towards the mean as far as it rests on luck (C. N. Morris, Parametric empirical Bayes
  inference, JASA 78, 1983), so that two observations make nobody the best or the worst.

Fewer than three groups, or too few observations within them, tell nothing, and that is what is said.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Generic, TypeVar

from .shares import score_interval

Key = TypeVar("Key", bound=Hashable)
FEWEST_GROUPS = 3
FEWEST = 3
"""Observations that a group must have to count in the spread."""
FEWEST_BEYOND = 12
"""Observations beyond the first of each group: what the variance within groups is known from."""
MOST = 0.5
"""No spread of shares is larger: half of all groups always, half never."""


@dataclass(frozen=True, slots=True)
class Group(Generic[Key]):
    """The scores of one group: how many, their sum, and the sum of their squares."""

    key: Key
    count: int
    total: float
    squares: float

    @property
    def mean(self) -> float:
        return self.total / self.count

    @property
    def within(self) -> float:
        """The sum of squares around its own mean."""
        return max(0.0, self.squares - self.total * self.total / self.count)


@dataclass(frozen=True, slots=True)
class Placed(Generic[Key]):
    """A group beside the others."""

    key: Key
    count: int
    seen: float
    """The mean of what was seen, from 0 to 1."""
    low: float
    high: float
    """Where it lies taken alone, 19 times in 20."""
    drawn: float | None
    """Drawn towards the mean of all, as far as it rests on luck; None where too little is known of all."""
    few: bool
    """Too few observations to say anything about this group alone."""


@dataclass(frozen=True, slots=True)
class Spread(Generic[Key]):
    """How far groups differ. Everything is on the scale of shares: 0.1 is ten points of a hundred."""

    groups: tuple[Placed[Key], ...]
    """The highest drawn (or seen) first."""
    count: int
    mean: float | None
    """Of all observations; None without any."""
    low: float
    high: float
    """Where the mean lies; wider than for as many observations of one group, where groups differ."""
    between: float | None
    """The standard deviation between groups; None where there is too little to tell."""
    between_low: float
    between_high: float
    differ: bool
    """Whether groups differ more than luck explains: no spread at all is outside of the interval."""


def group(key: Key, scores: Iterable[float]) -> Group[Key]:
    """A group from its scores. Raises `ValueError` for a score that is no share."""
    count, total, squares = 0, 0.0, 0.0
    for score in scores:
        if not 0 <= score <= 1:
            raise ValueError(f"a score lies between 0 and 1, not {score}")
        count, total, squares = count + 1, total + score, squares + score * score
    return Group(key, count, total, squares)


def spread(groups: Sequence[Group[Key]]) -> Spread[Key]:
    """How far `groups` differ. Groups without observations are left out."""
    known = [each for each in groups if each.count]
    count = sum(each.count for each in known)
    if not count:
        return Spread((), 0, None, 0.0, 1.0, None, 0.0, MOST, False)
    counted = [each for each in known if each.count >= FEWEST]
    beyond = sum(each.count - 1 for each in counted)
    mean = sum(each.total for each in known) / count
    if len(counted) < FEWEST_GROUPS or beyond < FEWEST_BEYOND:
        low, high = score_interval(mean, count)
        placed = tuple(_placed(each, mean, None, 0.0) for each in known)
        return Spread(_ordered(placed), count, mean, low, high, None, 0.0, MOST, False)
    luck = _luck(counted, beyond)
    between, lowest, highest = _between(counted, luck)
    low, high = score_interval(mean, _worth(known, luck, between))
    placed = tuple(_placed(each, mean, between, luck) for each in known)
    return Spread(
        _ordered(placed), count, mean, low, high, sqrt(between), sqrt(lowest), sqrt(highest), lowest > 0
    )


def _luck(groups: Sequence[Group[Key]], beyond: int) -> float:
    """The variance of one observation within its group. Where every one was alike it is not nothing, but as if one of them
    had been half otherwise: nothing seen is never a proof that there is nothing."""
    seen = sum(each.within for each in groups) / beyond
    return max(seen, 0.25 / (beyond + 1))


def _q(groups: Sequence[Group[Key]], luck: float, between: float) -> float:
    """The generalised Q statistic: how far the means of groups lie from their weighted mean, in units of what explains it."""
    weights = [1 / (between + luck / each.count) for each in groups]
    middle = sum(weight * each.mean for weight, each in zip(weights, groups, strict=True)) / sum(weights)
    return sum(weight * (each.mean - middle) ** 2 for weight, each in zip(weights, groups, strict=True))


def _between(groups: Sequence[Group[Key]], luck: float) -> tuple[float, float, float]:
    """The variance between groups, and the ends of its interval."""
    free = len(groups) - 1

    def where(q: float) -> float:
        """The variance at which Q is `q`; Q falls as it grows."""
        low, high = 0.0, MOST * MOST
        if _q(groups, luck, low) <= q:
            return 0.0
        for _step in range(50):
            middle = (low + high) / 2
            low, high = (middle, high) if _q(groups, luck, middle) > q else (low, middle)
        return (low + high) / 2

    return where(free), where(chi_square(0.975, free)), where(chi_square(0.025, free))


def chi_square(level: float, free: int) -> float:
    """The value below which a chi-square variable of `free` degrees of freedom lies with probability `level`.

    E. B. Wilson and M. M. Hilferty, The distribution of chi-square, PNAS 17, 1931; within 2 per cent from 3 degrees on.
    """
    if free < 1 or not 0 < level < 1:
        raise ValueError(f"level {level}, {free} degrees of freedom")
    part = 2 / (9 * free)
    return float(free * max(0.0, 1 - part + NormalDist().inv_cdf(level) * sqrt(part)) ** 3)


def _worth(groups: Sequence[Group[Key]], luck: float, between: float) -> float:
    """How many observations of one group are worth as much as these, for the mean of all."""
    count = sum(each.count for each in groups)
    clustered = between * sum(each.count**2 for each in groups) / count
    return count * luck / (luck + clustered)


def _placed(each: Group[Key], mean: float, between: float | None, luck: float) -> Placed[Key]:
    low, high = score_interval(each.mean, each.count)
    drawn = None
    if between is not None:
        own = between / (between + luck / each.count) if between else 0.0
        drawn = mean + own * (each.mean - mean)
    return Placed(each.key, each.count, each.mean, low, high, drawn, each.count < FEWEST)


def _ordered(placed: Iterable[Placed[Key]]) -> tuple[Placed[Key], ...]:
    return tuple(
        sorted(placed, key=lambda each: (-(each.seen if each.drawn is None else each.drawn), -each.count))
    )
