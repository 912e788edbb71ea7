"""A classifier with one hidden layer, learned in small batches: for numbers that mean something only together.

Weights start as He et al. (2015) have it and move by Adam (Kingma and Ba, 2015), held small apart from its steps (Loshchilov and Hutter, 2019),
the steps growing shorter to nothing; hidden units are left out by chance while learning (Srivastava et al., 2014). The same rows in the same order
give the same weights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .features import Floats, Ints
from .learning import bytes_of, softmax

MEMBERS, UNITS, TURNS, BATCH = 3, 256, 60, 64
"""So many networks, begun differently, of so many hidden units each are learned, and their mean says more than any of them."""
LENGTH = 8.0
"""Of each message's numbers, when the middle of all has been taken from them."""
STEP, SMALL, LEFT_OUT = 1e-3, 0.1, 0.5
"""How far a weight moves at first, how strongly weights are held small, and which share of the hidden units is left out at a time."""


class Hidden(NamedTuple):
    """`middle` (numbers,), `first` (numbers, units) with `bends` (units,), then `last` (units, labels) with `biases` (labels,)."""

    middle: Floats
    first: Floats
    bends: Floats
    last: Floats
    biases: Floats

    def scores(self, rows: Floats) -> Floats:
        """(messages, labels)."""
        seen = _apart(rows, self.middle)
        return np.asarray(np.maximum(seen @ self.first + self.bends, 0) @ self.last + self.biases, np.float32)

    def quieter(self, share: float) -> Hidden:
        """The same, its scores times `share`."""
        return self._replace(last=self.last * np.float32(share), biases=self.biases * np.float32(share))

    def kept(self) -> dict[str, NDArray[np.generic]]:
        """For a file: a byte for each weight, a scale for each column. Read by `again`."""
        made: dict[str, NDArray[np.generic]] = {}
        for name, each in self._asdict().items():
            if each.ndim == 1:
                made[f"hidden_{name}"] = each
            else:
                made[f"hidden_{name}"], made[f"hidden_{name}_scale"] = bytes_of(each)
        return made

    @classmethod
    def again(cls, file: Mapping[str, NDArray[np.generic]]) -> Hidden:
        """What `kept` wrote."""

        def weights(name: str) -> Floats:
            return np.asarray(file[f"hidden_{name}"], np.float32) * np.asarray(
                file[f"hidden_{name}_scale"], np.float32
            )

        return cls(
            np.asarray(file["hidden_middle"], np.float32),
            weights("first"),
            np.asarray(file["hidden_bends"], np.float32),
            weights("last"),
            np.asarray(file["hidden_biases"], np.float32),
        )


def _apart(rows: Floats, middle: Floats) -> Floats:
    """By what each message differs from the middle, all of one length."""
    made = rows - middle
    made *= np.float32(LENGTH) / np.maximum(np.sqrt(np.square(made).sum(1, keepdims=True)), 1e-6)
    return made


def learned(rows: Floats, labels: Ints, outputs: int) -> Hidden:
    """What tells the labels (numbered from 0) of these rows (messages, numbers), of which there is at least one: the mean of `MEMBERS`
    networks, which is one whose hidden units are all of theirs."""
    middle = rows.mean(0)
    seen = _apart(rows, middle)
    each = [_member(seen, labels, outputs, number) for number in range(MEMBERS)]
    firsts, bends, lasts, biases = zip(*each, strict=True)
    share = np.float32(1 / MEMBERS)
    return Hidden(
        middle,
        np.concatenate(firsts, axis=1),
        np.concatenate(bends),
        np.concatenate(lasts) * share,
        np.asarray(sum(biases) * share, np.float32),
    )


def _member(seen: Floats, labels: Ints, outputs: int, number: int) -> tuple[Floats, ...]:
    """Its first weights, bends, last weights and biases."""
    chance = np.random.default_rng(number)
    many, numbers = seen.shape
    weights = [
        (chance.standard_normal((numbers, UNITS)) * np.sqrt(2 / numbers)).astype(np.float32),
        np.zeros(UNITS, np.float32),
        (chance.standard_normal((UNITS, outputs)) * np.sqrt(2 / UNITS)).astype(np.float32),
        np.zeros(outputs, np.float32),
    ]
    mean = [np.zeros_like(each) for each in weights]
    square = [np.zeros_like(each) for each in weights]
    batches = max(many // BATCH, 1)
    total, done = TURNS * batches, 0
    for _ in range(TURNS):
        for which in np.array_split(chance.permutation(many), batches):
            done += 1
            step = STEP * (1 - (done - 1) / total)
            for at, slope in enumerate(_slopes(weights, seen[which], labels[which], chance)):
                mean[at] += 0.1 * (slope - mean[at])
                square[at] += 0.001 * (np.square(slope) - square[at])
                way = mean[at] / (1 - 0.9**done)
                way /= np.sqrt(square[at] / (1 - 0.999**done)) + 1e-8
                weights[at] -= step * (way + SMALL * weights[at])
    return tuple(weights)


def _slopes(
    weights: Sequence[Floats], seen: Floats, labels: Ints, chance: np.random.Generator
) -> tuple[Floats, ...]:
    """Of the mean log loss by each of the weights, some hidden units left out."""
    first, bends, last, biases = weights
    stays = (chance.random((len(seen), UNITS), np.float32) >= LEFT_OUT) / np.float32(1 - LEFT_OUT)
    bent = np.maximum(seen @ first + bends, 0) * stays
    residue = softmax((bent @ last + biases).astype(np.float64)).astype(np.float32)
    residue[np.arange(len(seen)), labels] -= 1
    residue /= len(seen)
    back = residue @ last.T * stays * (bent > 0)
    return seen.T @ back, back.sum(0), bent.T @ residue, residue.sum(0)
