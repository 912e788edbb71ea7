"""Learns the second reading of a line from the lines in benchmarks/labelled/capture, and writes it where it is read.

    python -m benchmarks.train_capture [--out FOLDER]

The same lines give the same files, but for the last bits of numbers on other processors.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rugui.engines.capture.hints import described
from rugui.engines.hearing import learning
from rugui.engines.hearing.features import Floats, Ints, lower, slots_of
from rugui.engines.hearing.heads import Head, Heads
from rugui.engines.hearing.learning import F64

from .capture_lessons import Lesson

BITS, C, STEPS = 20, 8.0, 60


class Told(NamedTuple):
    """For each lesson and output what is right, and how much it counts. Shapes (lessons, outputs)."""

    right: F64
    counts: F64


def heads_of(lessons: Sequence[Lesson]) -> tuple[Head, ...]:
    names = list(lessons[0].right)
    return tuple(Head(n, tuple(sorted({each.right[n] for each in lessons if each.right.get(n)}))) for n in names)


def told(lessons: Sequence[Lesson], heads: Sequence[Head], weights: F64) -> Told:
    right, counts = [], []
    for head in heads:
        made = np.array([[each.right.get(head.name) == label for label in head.labels] for each in lessons], float)
        right.append(made)
        counts.append(np.repeat((made.sum(1) * weights)[:, None], len(head.labels), 1))
    return Told(np.concatenate(right, 1), np.concatenate(counts, 1))


def batch(lessons: Sequence[Lesson]) -> learning.Batch:
    found = [np.unique(slots_of(described(each.text, each.hints).hashes, BITS), return_counts=True) for each in lessons]
    bounds = np.zeros(len(found) + 1, np.int64)
    np.cumsum([len(at) for at, _ in found], out=bounds[1:])
    values = np.concatenate([1 + np.log(often) for _, often in found]).astype(np.float32)
    return learning.Batch(np.concatenate([at for at, _ in found]), values, bounds)


def spans_of(heads: Sequence[Head]) -> list[slice]:
    made, at = [], 0
    for head in heads:
        made.append(slice(at, at + len(head.labels)))
        at += len(head.labels)
    return made


class Learned(NamedTuple):
    columns: Ints
    rare: Floats
    weights: Floats
    biases: Floats

    def scores(self, rows: learning.Batch) -> F64:
        asked = learning.weighed(learning.kept(rows, self.columns), self.rare, lower(self.columns, BITS))
        return learning.scored(asked, self.weights).astype(np.float64) + self.biases


def fitted(rows: learning.Batch, say: Told, heads: Sequence[Head], *, c: float = C, least: int = 1, steps: int = STEPS) -> Learned:
    rare = learning.rarity(rows, BITS)
    columns = np.flatnonzero(np.bincount(rows.columns, minlength=1 << BITS) >= least)
    ready = learning.weighed(learning.kept(rows, columns), rare[columns], lower(columns, BITS))
    sums = learning._Sums(ready, len(columns))
    spans = spans_of(heads)
    outputs = say.right.shape[1]
    size = len(columns) * outputs

    def loss(flat: F64) -> tuple[float, F64]:
        weights, biases = flat[:size].reshape(len(columns), outputs), flat[size:]
        scores = sums.forward(weights.astype(np.float32)).astype(np.float64) + biases
        chances, total = np.empty_like(scores), 0.0
        for span in spans:
            chances[:, span] = learning.softmax(scores[:, span])
            missed = np.log(np.maximum((chances[:, span] * say.right[:, span]).sum(1), 1e-300))
            total -= float((missed * say.counts[:, span.start])[say.counts[:, span.start] > 0].sum())
        residue = (chances - say.right) * say.counts
        slope = sums.back(residue.astype(np.float32)) + weights / c
        return total + float((weights**2).sum() / (2 * c)), np.concatenate((slope.ravel(), residue.sum(0)))

    found = learning.lbfgs(loss, np.zeros(size + outputs), steps)
    return Learned(columns, rare[columns], found[:size].reshape(len(columns), outputs).astype(np.float32), found[size:].astype(np.float32))
