"""A second reading, by the sense: how likely it is that a good supervisor would talk about a sentence, whatever its words are.

Rules find the expressions that somebody has written down. Much bad service is said in words that are on no list ("The size chart
is on every page"). So each sentence is also weighed as a whole: logistic regression over its words, neighbours and runs of letters,
learned from labelled sentences of staff (benchmarks/train_coach.py, docs/engines/coach.md). What the rules found in the sentence is
one more reason, and the other way round: of a rule's mark in a sentence that sounds good, less is thought.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from math import exp
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..linear.features import Stretches
    from ..linear.heads import Heads, Read

FOLDER = Path(__file__).parent / "data"
WRONG, LABEL = "wrong", "label"
"""The questions: whether a supervisor would talk about the sentence, and under which heading."""
LONGEST = 600
"""Letters of a sentence that are read."""
KEPT = 4_000
"""Sentences of which the answer is kept: a draft is read again and again while it is written."""
_CLAUSE = re.compile(r"[^,，、;；:：—–]+[,，、;；:：—–]*\s*")
_EDGES = " \t\n,，、;；:：—–.!?。！？…"


class Felt(NamedTuple):
    """What a sentence sounds like."""

    score: float
    """Log odds that something is wrong with it, by its words alone."""
    label: str
    begins: int
    """Where in the sentence the words are that say so."""
    ends: int


class Weighing(NamedTuple):
    """How a sentence's own score and what rules found in it come together: log odds of a right mark."""

    score: float
    nothing: float
    """Added whatever was found."""
    found: float
    """Added when a rule found something."""
    strength: float
    """By how much of the log odds of that rule's marks being right."""

    def chance(self, score: float, strength: float | None = None) -> float:
        """How likely a mark on a sentence is right; `strength`: of the strongest rule that has marked it too."""
        odds = self.score * score + self.nothing
        if strength is not None:
            odds += self.found + self.strength * strength
        return 1 / (1 + exp(-max(min(odds, 40), -40)))


@dataclass(frozen=True)
class Sense:
    """What was learned for one language. To be shared between threads."""

    heads: Heads
    weighing: Weighing
    least: float
    """Sentences less likely than this to be wrong are not marked by their sense alone."""
    doubted: float
    """Marks of rules less likely than this to be right are left out."""
    strengths: Mapping[str, float]
    """By rule the log odds that its marks are right, whatever their sentence."""
    usual: float
    """Of a rule of which nothing is known."""

    def strength(self, rules: Iterable[str]) -> float:
        """Of the strongest of them."""
        return max(self.strengths.get(rule, self.usual) for rule in rules)

    @cached_property
    def felt(self) -> Callable[[str], Felt]:
        """What a sentence sounds like; kept for as long as it is among the latest asked for."""
        return lru_cache(KEPT)(self._read)

    def _read(self, sentence: str) -> Felt:
        sentence = sentence[:LONGEST]
        read = self.heads.placed(described(sentence))
        scores = self.heads.scores(read)
        labels = next(head.labels for head in self.heads.heads if head.name == LABEL)
        best = labels[int(scores[self.heads.spans[LABEL]].argmax())]
        score = float(scores[self.heads.spans[WRONG].start])
        return Felt(score, best, *self._where(sentence, read))

    def _where(self, sentence: str, read: Read) -> tuple[int, int]:
        """The clauses in a row that speak most for something wrong."""
        spans = clauses(sentence)
        if len(spans) > 1:
            said = self._said(read)
            sums = [
                float(said[(read.said.starts >= begins) & (read.said.ends <= ends)].sum())
                for begins, ends in spans
            ]
            first, last = _heaviest(sums)
            begins, ends = spans[first][0], spans[last][1]
        else:
            begins, ends = 0, len(sentence)
        whole = sentence[begins:ends]
        begins += len(whole) - len(whole.lstrip(_EDGES))
        return begins, max(begins + 1, begins + len(sentence[begins:ends].rstrip(_EDGES)))

    def _said(self, read: Read) -> NDArray[np.float64]:
        """By each stretch of a sentence, what it says for something wrong."""
        import numpy as np

        weights = self.heads.weights[:, self.heads.spans[WRONG].start]
        of_slot = np.where(read.place >= 0, read.values * weights[read.place] / read.often, 0)
        return np.asarray(of_slot[np.searchsorted(read.slots, read.slot_of)], np.float64)


def described(sentence: str) -> Stretches:
    """What a sentence is weighed by: units, neighbours, runs of letters, and how its clauses begin and end."""
    from ..linear.features import parts

    return parts(sentence, edges=True)[0]


def clauses(sentence: str) -> list[tuple[int, int]]:
    """(begins, ends) of the parts of a sentence between commas and the like, each with the mark behind it."""
    return [found.span() for found in _CLAUSE.finditer(sentence)]


def _heaviest(sums: Sequence[float]) -> tuple[int, int]:
    """(first, last) of the run with the greatest sum (Kadane)."""
    best, here, first = (sums[0], 0, 0), 0.0, 0
    for number, each in enumerate(sums):
        if here <= 0:
            here, first = each, number
        else:
            here += each
        if here > best[0]:
            best = (here, first, number)
    return best[1], best[2]


@cache
def sense(family: str) -> Sense | None:
    """What was learned for `en` or `zh`; None for any other language."""
    file = FOLDER / f"sense-{family}.npz"
    return from_bytes(file.read_bytes()) if file.exists() else None


def from_bytes(data: bytes) -> Sense:
    """What `to_bytes` wrote. Raises ValueError for anything else; nothing in a file is ever run."""
    from ..linear.heads import Heads

    size = int.from_bytes(data[:4], "big")
    first, *rules = data[4 : 4 + size].decode().splitlines()
    score, nothing, found, strength, least, doubted, usual = map(float, first.split())
    strengths = {rule: float(odds) for rule, odds in map(str.split, rules)}
    weighing = Weighing(score, nothing, found, strength)
    return Sense(Heads.from_bytes(data[4 + size :]), weighing, least, doubted, strengths, usual)


def to_bytes(known: Sense) -> bytes:
    """A file: how things are weighed, and rules with their strength, as text behind its length; then the weights."""
    numbers = (*known.weighing, known.least, known.doubted, known.usual)
    lines = [" ".join(f"{each:.4f}" for each in numbers)]
    lines += [f"{rule} {odds:.2f}" for rule, odds in sorted(known.strengths.items())]
    said = "\n".join(lines).encode()
    return len(said).to_bytes(4, "big") + said + known.heads.to_bytes()
