"""How unusual somebody's count is, given how often it happens to the others.

`compare` looks at one question with a fixed, rare threshold. `look` looks at many questions at once: each has an exact
p-value that is never too small, and Benjamini and Hochberg's step-up keeps the share of false alarms among all that is
shown below the rate asked for. See docs/engines/unusual.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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


FALSE_ALARMS = 0.05
"""Of what is shown, so much may be chance."""
FEW = 3
"""Fewer than so many are never shown: two of two is no pattern."""


@dataclass(frozen=True, slots=True)
class Question:
    """One count to be looked at, with what happened to the others."""

    key: tuple[str, ...]
    hits: int
    of: int
    chance: float
    """That somebody like the others comes to as many, or more; at least the true one."""
    rate: float
    """Among the others."""


@dataclass(frozen=True, slots=True)
class Shown:
    question: Question
    unusual: bool


def share(key: tuple[str, ...], own: Counted, others: Counted) -> Question:
    """Whether something happens to somebody more often than to the others.

    Both may have the same rate, which nobody knows: given how often it happened to all of them together, how many of those
    fall to this one is hypergeometric, whatever the rate is (Fisher's exact test). So it is exact however few the others are.
    """
    rate = others.special / others.total if others.total else 0.0
    chance = draws(own.special, own.total, own.special + others.special, own.total + others.total)
    return Question(key, own.special, own.total, chance if others.total else 1.0, rate)


def together(key: tuple[str, ...], both: int, of_one: int, of_other: int, total: int) -> Question:
    """Whether two are met together more often than by chance: of `total` meetings one has `of_one`, the other `of_other`.

    The rate is that at which the others meet the second one.
    """
    rest = total - of_one
    rate = (of_other - both) / rest if rest else 0.0
    return Question(key, both, of_one, draws(both, of_one, of_other, total) if rest else 1.0, rate)


def look(questions: Iterable[Question], *, false_alarms: float = FALSE_ALARMS) -> list[Shown]:
    """All of them, the least likely first, marked where they stand out from the others among so many questions."""
    ordered = sorted(questions, key=lambda each: (each.chance, each.key))
    kept = step_up([each.chance for each in ordered], false_alarms)
    return [Shown(each, index < kept and each.hits >= FEW) for index, each in enumerate(ordered)]


def step_up(chances: Sequence[float], false_alarms: float) -> int:
    """How many of the sorted chances are rejected (Benjamini and Hochberg 1995)."""
    count = len(chances)
    return max(
        (rank for rank, chance in enumerate(chances, start=1) if chance <= false_alarms * rank / count),
        default=0,
    )


def draws(hits: int, drawn: int, special: int, total: int) -> float:
    """The chance of `hits` or more special ones among `drawn` of `total`, `special` of which are (hypergeometric tail)."""
    if hits <= max(0, drawn + special - total):
        return 1.0
    whole = _choose(total, drawn)
    terms = (
        exp(_choose(special, each) + _choose(total - special, drawn - each) - whole)
        for each in range(hits, min(drawn, special) + 1)
        if drawn - each <= total - special
    )
    return min(1.0, sum(terms))


def _choose(total: int, taken: int) -> float:
    """The logarithm of the number of ways."""
    return lgamma(total + 1) - lgamma(taken + 1) - lgamma(total - taken + 1)
