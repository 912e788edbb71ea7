"""Fellegi-Sunter: what each level of agreement is worth, learned without labels, and how rare names change it.

A level's weight is log2(m / u): how much more often it occurs among pairs of one person (m) than among strangers (u).
u is counted on random pairs, nearly all of which are strangers; m is learned by expectation maximisation from pairs
that share a key. Where both have the same rare value, u is the share of people who have it (term frequency): 王 and
Smith prove less than 欧阳 and Featherstonehaugh.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from .compare import LEVELS, MISSING, Agreement, Comparison

Pattern = tuple[str, ...]
"""Levels of a pair, one per field, in the order of the weights' fields."""
Shares = Callable[[str, str], float | None]
"""share(field, term): which part of all people has the term; None when it is not known."""
FLOOR = 1e-6
RAREST = 1e-9
MOST = 8.0
FREQUENT_TERMS = frozenset({"same", "swapped", "script", "surname", "given"})
"""Levels at which the terms themselves are equal, so that their rarity counts in full."""


@dataclass(frozen=True, slots=True)
class Level:
    m: float
    u: float

    @property
    def bits(self) -> float:
        return math.log2(max(self.m, FLOOR) / max(self.u, FLOOR))


@dataclass(frozen=True, slots=True)
class Weights:
    """m and u of every level of every field, and the share of true pairs among those compared."""

    fields: Mapping[str, Mapping[str, Level]]
    prior: float = 1e-4
    learned_from: int = 0
    """Pairs that the m were learned from; 0 for the shipped ones."""

    def bits(self, comparison: Comparison, shares: Shares | None = None) -> dict[str, float]:
        """What each field says, in bits: positive for the same person. Missing fields say nothing and are left out."""
        return {
            name: self.field_bits(name, agreement, shares)
            for name, agreement in comparison.fields.items()
            if agreement.level != MISSING and name in self.fields
        }

    def field_bits(self, name: str, agreement: Agreement, shares: Shares | None = None) -> float:
        level = self.fields[name][agreement.level]
        if shares is None or not agreement.terms:
            return level.bits
        known = [share for term in agreement.terms if (share := shares(name, term)) is not None]
        if not known:
            return level.bits
        rarity = math.log2(max(level.u, FLOOR) / max(math.prod(known), RAREST))
        if agreement.level in FREQUENT_TERMS:
            return level.bits + rarity
        # A like value is one of the terms or of the values around it: rarity counts for half of its bits.
        return level.bits + 0.5 * max(-MOST, min(MOST, rarity))

    def to_json(self) -> dict[str, Any]:
        return {
            "prior": self.prior,
            "learned_from": self.learned_from,
            "fields": {
                name: {level: [each.m, each.u] for level, each in levels.items()}
                for name, levels in self.fields.items()
            },
        }

    @classmethod
    def of_json(cls, data: Mapping[str, Any]) -> Weights:
        fields = {
            name: {level: Level(m, u) for level, (m, u) in levels.items()}
            for name, levels in data["fields"].items()
        }
        return cls(fields, float(data["prior"]), int(data["learned_from"]))


def rarity_of(u: float, code: str, together: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """What `Weights.field_bits` adds for rarity, of many pairs of one level.

    `together` are the shares of people who have what agrees, more than 1 where that is not known.
    """
    rarity = np.log2(max(u, FLOOR) / np.maximum(together, RAREST))
    if code not in FREQUENT_TERMS:
        rarity = 0.5 * np.clip(rarity, -MOST, MOST)
    return np.where(together > 1, 0.0, rarity)


def probability(bits: float, prior: float) -> float:
    """Of being the same person, given the sum of the bits and the share of true pairs before anything is compared."""
    odds = prior / (1 - prior) * math.exp2(min(bits, 60.0))
    return odds / (1 + odds)


@dataclass(slots=True)
class Counts:
    """How often each pattern occurred."""

    fields: tuple[str, ...]
    patterns: dict[tuple[Pattern, float], float] = field(default_factory=dict)
    """By pattern, and by the bits that the rarity of what agrees adds to it."""

    def add(self, pattern: Pattern, times: float = 1.0, *, rarity: float = 0.0) -> None:
        self.patterns[pattern, rarity] = self.patterns.get((pattern, rarity), 0.0) + times

    def add_comparison(self, comparison: Comparison) -> None:
        levels = comparison.levels()
        self.add(tuple(levels.get(name, MISSING) for name in self.fields))

    @property
    def total(self) -> float:
        return sum(self.patterns.values())


def learn(
    candidates: Counts,
    strangers: Counts,
    *,
    levels: Mapping[str, tuple[str, ...]] = LEVELS,
    start: Weights | None = None,
    held: Mapping[str, tuple[str, ...]] | None = None,
    every: float | None = None,
    prior: float = 0.3,
    rounds: int = 60,
    strength: float = 5.0,
    tolerance: float = 1e-5,
) -> Weights:
    """m by expectation maximisation on pairs that share a key, u from random pairs; no labels.

    `start` (by default the shipped weights) begins the search and, worth `strength` pairs per field, holds levels that
    hardly occur. The prior is learned too: the share of matches among `every` pair that the candidates were chosen from
    (by default among the candidates). u is that of random pairs, and so the prior must be theirs: among pairs chosen
    because they share a name, equal names prove nothing. Counts of both kinds must have the same fields.

    `held`: by field, levels whose m stays what it was at the start, and from whose pairs no other field learns: those
    of relatives, who share a telephone and would teach that one person's names often differ.
    """
    held = held or {}
    fields = candidates.fields
    first = start or SHIPPED
    u = {name: shares_of(strangers, index, levels[name]) for index, name in enumerate(fields)}
    m = {name: _initial(first, name, levels[name]) for name in fields}
    prior_m = {name: dict(values) for name, values in m.items()}
    rows = list(candidates.patterns.items())
    total = every or candidates.total
    for _round in range(rounds):
        matched = {
            name: {level: strength * prior_m[name][level] for level in levels[name]} for name in fields
        }
        expected = 0.0
        for (pattern, rarity), times in rows:
            ratio = prior / (1 - prior) * math.exp2(rarity)
            for name, level in zip(fields, pattern, strict=True):
                if level != MISSING:
                    ratio *= m[name][level] / u[name][level]
            share = ratio / (1 + ratio)
            expected += share * times
            teaches = not any(
                level in held.get(name, ()) for name, level in zip(fields, pattern, strict=True)
            )
            for name, level in zip(fields, pattern, strict=True) if teaches else ():
                if level != MISSING:
                    matched[name][level] += share * times
        moved = 0.0
        for name in fields:
            kept = {level: prior_m[name][level] for level in held.get(name, ())}
            whole = sum(value for level, value in matched[name].items() if level not in kept)
            for level, value in matched[name].items():
                now = kept.get(level) or max(value / whole * (1 - sum(kept.values())), FLOOR)
                moved = max(moved, abs(now - m[name][level]))
                m[name][level] = now
        prior = min(max(expected / total, RAREST**2), 1 - FLOOR) if total else prior
        if moved < tolerance:
            break
    learned = {
        name: {level: Level(m[name][level], u[name][level]) for level in levels[name]} for name in fields
    }
    return Weights({**first.fields, **learned}, prior, int(candidates.total))


def _initial(weights: Weights, name: str, levels: Iterable[str]) -> dict[str, float]:
    known = weights.fields.get(name)
    if known is not None and all(level in known for level in levels):
        return {level: known[level].m for level in levels}
    codes = list(levels)
    falling = [0.8] + [0.15 / max(1, len(codes) - 2)] * (len(codes) - 2) + [0.05]
    return dict(zip(codes, falling, strict=True))


def shares_of(counts: Counts, index: int, levels: Iterable[str], smoothing: float = 1.0) -> dict[str, float]:
    """By level of the field at `index`: which part of the pairs has it."""
    found = dict.fromkeys(levels, smoothing / 20)
    for (pattern, _rarity), times in counts.patterns.items():
        if pattern[index] != MISSING:
            found[pattern[index]] += times
    whole = sum(found.values())
    return {level: max(value / whole, FLOOR) for level, value in found.items()}


def _levels(**given: tuple[float, float]) -> dict[str, Level]:
    return {level: Level(m, u) for level, (m, u) in given.items()}


SHIPPED = Weights(
    {
        "name": _levels(
            same=(0.62, 2e-5), swapped=(0.06, 4e-6), script=(0.08, 8e-6), nickname=(0.04, 2e-5), slip=(0.06, 1.2e-5),
            sound=(0.03, 3e-5), part=(0.05, 1.5e-4), close=(0.02, 4e-5), initials=(0.01, 4e-4),
            surname=(0.015, 0.012), given=(0.01, 0.008), different=(0.005, 0.98),
        ),
        "phone": _levels(same=(0.86, 2e-6), digit=(0.04, 2e-6), tail=(0.01, 2e-6), different=(0.09, 0.9999)),
        "email": _levels(
            same=(0.78, 1e-6), slip=(0.05, 2e-6), local=(0.03, 4e-6), close=(0.01, 4e-6), different=(0.13, 0.9999)
        ),
        "handle": _levels(same=(0.85, 1e-6), digit=(0.03, 1e-5), different=(0.12, 0.9999)),
        "card": _levels(same=(0.9, 1e-6), digit=(0.02, 1e-6), different=(0.08, 0.9999)),
    }
)  # fmt: skip
"""Priors for the first day, set by judgement: a number changes hands now and then, a name is spelt in several ways."""
