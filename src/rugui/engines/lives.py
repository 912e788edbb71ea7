"""Customers' days with a house, and what of them the comparison of `engines.loyalty` needs (docs/engines/loyalty.md).

Moments are seconds since the epoch, money any unit. What is asked is the same for those after a failure and for those without one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Self

from .loyalty import Unit, bucket

DAY = 86_400.0
AFTER = 14 * DAY
"""What belongs to the same visit is no coming back."""
HORIZON = 180 * DAY
"""By then somebody has come back, or has not."""
BEFORE = 365 * DAY
"""So much history makes people comparable."""
OFTEN = (0, 1, 3, 9)
LATELY = (30, 90)
_SCATTER, _RANGE = 2654435761, 2**32


@dataclass(frozen=True, slots=True)
class Life:
    """One customer's days with the house, in order: moments, where, and what had been paid before each; and when something failed."""

    at: list[float] = field(default_factory=list)
    place: list[int | None] = field(default_factory=list)
    paid_before: list[int] = field(default_factory=lambda: [0])
    failed: list[float] = field(default_factory=list)

    @classmethod
    def of(cls, days: Iterable[tuple[float, int, int | None]]) -> Self:
        """From (moment, paid, place) in any order; what was given back is paid below nothing."""
        rows = sorted(days, key=lambda day: day[0])
        return cls(
            [row[0] for row in rows],
            [row[2] for row in rows],
            [0, *accumulate(row[1] for row in rows)],
        )

    def between(self, begin: float, end: float) -> tuple[int, int]:
        """How often they were there after `begin` and until `end`, and what they paid."""
        first, last = bisect_right(self.at, begin), bisect_right(self.at, end)
        return last - first, self.paid_before[last] - self.paid_before[first]


@dataclass(frozen=True, slots=True)
class Moment:
    """A day in somebody's life: of a failure, or an ordinary one to compare it with."""

    key: int
    customer: int
    place: int | None
    at: float
    groups: frozenset[tuple[str, str]] = frozenset()


NOTHING_KNOWN = Life()


def ordinary_days(lives: Mapping[int, Life], hit: Set[int], begin: float, end: float) -> Iterable[Moment]:
    """For each customer who is not `hit` one of their days from `begin` to `end`, always the same one, that no failure is near."""
    for customer, life in lives.items():
        first, last = bisect_left(life.at, begin), bisect_right(life.at, end)
        if customer in hit or first == last:
            continue
        day = first + customer * _SCATTER % _RANGE % (last - first)
        at = life.at[day]
        if not any(at - HORIZON <= each <= at for each in life.failed):
            yield Moment(customer, customer, life.place[day], at)


def units(
    lives: Mapping[int, Life], cases: Sequence[Moment], others: Sequence[Moment]
) -> tuple[list[Unit], list[Unit]]:
    """Both as the engine compares them: with what makes them comparable, and what came of it."""
    years = [_year(lives[each.customer], each)[1] for each in [*cases, *others] if each.customer in lives]
    cut = _thirds(years)
    first, second = (
        [_unit(lives.get(each.customer, NOTHING_KNOWN), each, cut) for each in moments]
        for moments in (cases, others)
    )
    return first, second


def _year(life: Life, moment: Moment) -> tuple[int, int]:
    """How often they came in the year before, and what they paid."""
    return life.between(moment.at - BEFORE, moment.at - DAY)


def _thirds(spent: list[int]) -> tuple[float, ...]:
    """What divides those who paid anything into three as large as each other."""
    paid = sorted(each for each in spent if each > 0)
    return (0, paid[len(paid) // 3], paid[2 * len(paid) // 3]) if paid else (0,)


def _unit(life: Life, moment: Moment, cut: tuple[float, ...]) -> Unit:
    times, paid = _year(life, moment)
    earlier = bisect_left(life.at, moment.at - DAY)
    days = (moment.at - life.at[earlier - 1]) / DAY if earlier else 10_000.0
    came, after = life.between(moment.at + AFTER, moment.at + HORIZON)
    before = life.between(moment.at - HORIZON, moment.at - AFTER)[1]
    stratum = (moment.place, bucket(times, OFTEN), bucket(paid, cut), bucket(days, LATELY))
    again = any(moment.at + AFTER < each <= moment.at + HORIZON for each in life.failed)
    return Unit(moment.key, stratum, came > 0, float(after - before), again, moment.groups)
