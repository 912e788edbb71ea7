"""How unusual somebody's count is, given how often it happens to the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, lgamma, log

FEWEST = 10
"""Below so many there is nothing to speak of, however rare it is."""
LOWEST_RATE = 0.05
"""Colleagues of whom it never happened are few or lucky: no rate is taken to be lower."""
RARE = 0.001


@dataclass(frozen=True, slots=True)
class Counted:
    total: int
    special: int


@dataclass(frozen=True, slots=True)
class Finding:
    rate: float
    """Among the others."""
    chance: float
    """That somebody like the others comes to as many."""
    unusual: bool


def compare(counts: Mapping[int, Counted]) -> dict[int, Finding]:
    """Each person's count against the rate of everybody else together."""
    total = sum(each.total for each in counts.values())
    special = sum(each.special for each in counts.values())
    found = {}
    for who, own in counts.items():
        others = total - own.total
        rate = (special - own.special) / others if others else 0.0
        chance = at_least(own.special, own.total, max(rate, LOWEST_RATE)) if others else 1.0
        found[who] = Finding(rate, chance, own.special >= FEWEST and chance < RARE)
    return found


def at_least(hits: int, of: int, rate: float) -> float:
    """The chance of `hits` or more among `of`, each with the chance `rate` (binomial upper tail)."""
    if hits <= 0 or rate >= 1:
        return 1.0
    whole = lgamma(of + 1)
    terms = (
        exp(whole - lgamma(k + 1) - lgamma(of - k + 1) + k * log(rate) + (of - k) * log(1 - rate))
        for k in range(hits, of + 1)
    )
    return min(1.0, sum(terms))
