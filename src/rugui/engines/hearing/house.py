"""What one house has set right: small changes to the weights that came with the program, made again from its list of corrections.

Each correction moves the weights of its own words just so far that its answer comes out as told, with some room (the passive-
aggressive update; Crammer et al. 2006), and all are gone over a few times, so that a later one does not undo an earlier.
Whoever withdraws a correction leaves it out of the list: what is then made is what would have been made without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .features import Floats, Ints
from .heads import Heads, Read
from .learning import F64

TURNS = 4
ROOM = 1.4
"""Log odds by which a corrected answer is right: a chance of four in five."""
STEP = 1.5
"""The most that one correction moves a score at a time, so that one slip does not turn everything over."""


@dataclass(frozen=True, slots=True)
class Correction:
    """Of `text` the answer to `head` is `label`: for a yes-or-no "yes" or "no"."""

    text: str
    head: str
    label: str


@dataclass(frozen=True)
class House:
    """The changes of a house: `slots` (n,) sorted, `weights` (n, outputs)."""

    slots: Ints
    weights: Floats

    def scores(self, read: Read) -> F64 | float:
        """(outputs,) to be added to those of the program's weights."""
        if not len(self.slots) or not len(read.slots):
            return 0.0
        place = np.minimum(np.searchsorted(self.slots, read.slots), len(self.slots) - 1)
        known = self.slots[place] == read.slots
        return np.asarray(_own(read)[known] @ self.weights[place[known]], np.float64)


NOTHING = House(np.zeros(0, np.int64), np.zeros((0, 0), np.float32))


def _own(read: Read) -> Floats:
    """How strong each slot is here, words that the program does not know included; length one."""
    unknown = read.place < 0
    values = np.where(unknown, read.values.max(initial=0.1), read.values).astype(np.float32)
    length = float(np.sqrt(values @ values)) or 1.0
    return (values / length).astype(np.float32)


def corrected(heads: Heads, corrections: Sequence[Correction]) -> House:
    """The changes that make every correction come out as told. Raises ValueError for a head or label that is not known."""
    if not corrections:
        return NOTHING
    read = [heads.read(each.text) for each in corrections]
    slots = np.unique(np.concatenate([each.slots for each in read]))
    weights = np.zeros((len(slots), len(heads.slopes)), np.float32)
    base = [heads.scores(each) for each in read]
    where = [np.searchsorted(slots, each.slots) for each in read]
    own = [_own(each) for each in read]
    for _ in range(TURNS):
        for number, correction in enumerate(corrections):
            scores = base[number] + own[number] @ weights[where[number]]
            for output, move in _moves(heads, correction, scores):
                weights[where[number], output] += move * own[number]
    return House(slots, weights)


def _moves(heads: Heads, correction: Correction, scores: F64) -> list[tuple[int, float]]:
    """Which outputs are to move how far."""
    head = next((each for each in heads.heads if each.name == correction.head), None)
    if head is None:
        raise ValueError(
            f"{correction.head!r} is not heard: one of {', '.join(each.name for each in heads.heads)}"
        )
    span = heads.spans[head.name]
    if len(head.labels) == 1:
        if correction.label not in ("yes", "no"):
            raise ValueError(f"{correction.label!r} answers nothing: yes or no")
        sign = 1.0 if correction.label == "yes" else -1.0
        lacking = ROOM - sign * scores[span.start]
        return [(span.start, sign * min(STEP, lacking))] if lacking > 0 else []
    if correction.label not in head.labels:
        raise ValueError(f"{correction.label!r} is no {head.name}: one of {', '.join(head.labels)}")
    right = span.start + head.labels.index(correction.label)
    others = [at for at in range(span.start, span.stop) if at != right]
    wrong = max(others, key=lambda at: scores[at])
    lacking = ROOM - (scores[right] - scores[wrong])
    half = min(STEP, lacking) / 2
    return [(right, half), (wrong, -half)] if lacking > 0 else []
