"""Learning from labelled messages: softmax regression, all of them at once, by a quasi-Newton method.

The weights w of slots minimise  Σ log loss + |w|² / 2c  (Jurafsky & Martin, *Speech and Language Processing*, ch. 5), found by L-BFGS
(Nocedal & Wright, *Numerical Optimization*, 2006, alg. 7.4). The rows of a batch are kept by message and by slot, so that both
products of a step are sums over runs: no loop over messages.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .features import Floats, Ints, Message

F64 = NDArray[np.float64]


@dataclass(frozen=True)
class Batch:
    """Messages as rows of weighted slots: `columns` and `values` of message i lie at bounds[i]:bounds[i + 1]."""

    columns: Ints
    values: Floats
    bounds: Ints
    latin: Floats | None = None
    """(messages,) how much of each is written in an alphabet; None where that does not count (`weighed`)."""

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @property
    def rows(self) -> Ints:
        return np.repeat(np.arange(len(self)), np.diff(self.bounds))


def batch_of(found: Sequence[Message]) -> Batch:
    """Messages that are read already, at least one."""
    bounds = np.concatenate(([0], np.cumsum([len(each.slots) for each in found])))
    return Batch(
        np.concatenate([each.slots for each in found]),
        np.concatenate([each.strength for each in found]),
        bounds,
        np.array([each.latin for each in found], np.float32),
    )


def rarity(rows: Batch, bits: int) -> Floats:
    """How telling each slot is: log((1 + messages) / (1 + messages with it)) + 1. Shape (2^bits,)."""
    with_it = np.bincount(rows.columns, minlength=1 << bits)
    return (np.log((1 + len(rows)) / (1 + with_it)) + 1).astype(np.float32)


def telling(rows: Batch, labels: Ints, columns: int, outputs: int) -> Floats:
    """(columns,): by how much each slot tells labels apart; 1 in the middle. Half of it is the same for all, half the log of how much
    oftener the slot is in messages of a label than in the others, over all labels (after Wang and Manning, 2012)."""
    each = np.bincount(rows.columns * outputs + labels[rows.rows], minlength=columns * outputs)
    each = each.reshape(columns, outputs) + 1
    others = each.sum(1, keepdims=True) - each + 1
    ratios = np.log(each / each.sum(0)) - np.log(others / others.sum(0))
    size = np.sqrt(np.square(ratios).mean(1))
    made = 0.5 * size.mean() + 0.5 * size
    return np.asarray(made / np.sqrt(np.square(made).mean()), np.float32)


def weighed(rows: Batch, rare: Floats, lower: int) -> Batch:
    """Strengths times rarity. Of every message the slots below `lower` (words) and the others (runs of letters) are of length one each,
    so that the many runs of a long word do not drown what the words say; where `latin` is known, runs are shorter by the root of it, so
    that the one brand in a Chinese message does not speak as loudly as all the rest."""
    values: Floats = rows.values * rare[rows.columns]
    which = rows.rows * 2 + (rows.columns >= lower)
    squares = np.bincount(which, weights=np.square(values), minlength=2 * len(rows))
    length = np.sqrt(np.maximum(squares, 1e-12)).astype(np.float32)
    if rows.latin is not None:
        length[1::2] /= np.sqrt(np.maximum(rows.latin, 1e-6))
    return Batch(rows.columns, (values / length[which]).astype(np.float32), rows.bounds)


def measured(values: Floats, lower: int, latin: float = 1.0) -> Floats:
    """The same for the slots of one message, in their order: from `lower` on they are runs of letters."""
    words, runs = values[:lower], values[lower:]
    runs /= float(np.sqrt(runs @ runs)) or 1.0
    words /= float(np.sqrt(words @ words)) or 1.0
    if latin != 1.0:
        runs *= np.float32(latin**0.5)
    return values


def kept(rows: Batch, columns: Ints) -> Batch:
    """Only the named columns (sorted), numbered by their place among them."""
    place = np.searchsorted(columns, rows.columns)
    stays = columns[np.minimum(place, len(columns) - 1)] == rows.columns
    bounds = np.concatenate(([0], np.cumsum(stays)))[rows.bounds]
    return Batch(place[stays], rows.values[stays], bounds, rows.latin)


def chosen(rows: Batch, which: NDArray[np.bool_]) -> Batch:
    """The messages that a mask (one for each) names."""
    lengths = np.diff(rows.bounds)
    stays = np.repeat(which, lengths)
    bounds = np.concatenate(([0], np.cumsum(lengths[which])))
    return Batch(
        rows.columns[stays], rows.values[stays], bounds, None if rows.latin is None else rows.latin[which]
    )


def scored(rows: Batch, weights: Floats) -> Floats:
    """Messages × outputs: the strengths of each message's slots times their weights."""
    return _Runs(rows.columns, rows.values, rows.bounds).summed(weights)


class _Sums:
    """Both products with a batch: messages × outputs from slots × outputs, and back."""

    def __init__(self, rows: Batch, columns: int) -> None:
        self.messages, self.columns = len(rows), columns
        order = np.argsort(rows.columns, kind="stable")
        self.by_message = _Runs(rows.columns, rows.values, rows.bounds)
        bounds = np.zeros(columns + 1, np.int64)
        np.cumsum(np.bincount(rows.columns, minlength=columns), out=bounds[1:])
        self.by_slot = _Runs(rows.rows[order], rows.values[order], bounds)

    def forward(self, weights: Floats) -> Floats:
        return self.by_message.summed(weights)

    def back(self, residues: Floats) -> Floats:
        return self.by_slot.summed(residues)


class _Runs:
    """Sums of rows of a matrix, weighted, one for each run of `of` that `bounds` mark; a piece at a time, to stay in the cache."""

    PIECE = 1 << 18

    def __init__(self, of: Ints, values: Floats, bounds: Ints) -> None:
        self.of, self.values, self.size = of, values[:, None], len(bounds) - 1
        self.filled = np.flatnonzero(np.diff(bounds))
        self.starts = bounds[:-1][self.filled]
        self.ends = bounds[1:][self.filled]

    def summed(self, matrix: Floats) -> Floats:
        made = np.zeros((self.size, matrix.shape[1]), np.float32)
        piece = max(self.PIECE // matrix.shape[1], 1)
        first = 0
        while first < len(self.filled):
            begin = self.starts[first]
            last = max(int(np.searchsorted(self.ends, begin + piece, "right")), first + 1)
            end = self.ends[last - 1]
            rows = matrix[self.of[begin:end]] * self.values[begin:end]
            made[self.filled[first:last]] = np.add.reduceat(rows, self.starts[first:last] - begin, axis=0)
            first = last
        return made


def fit(
    rows: Batch,
    labels: Ints,
    *,
    columns: int,
    outputs: int,
    c: float = 20.0,
    steps: int = 120,
    shares: F64 | None = None,
) -> tuple[Floats, Floats]:
    """Weights (columns, outputs) and biases (outputs,) of softmax regression on weighed rows.

    `labels` number the right output of each message. `c` is the inverse of how strongly weights are held small; `shares`
    (one per message) say how much each counts.
    """
    sums = _Sums(rows, columns)
    told = np.eye(outputs)[labels]
    counts = np.ones(len(rows)) if shares is None else shares
    size = columns * outputs

    def loss(flat: F64) -> tuple[float, F64]:
        weights, biases = flat[:size].reshape(columns, outputs), flat[size:]
        chances = softmax(sums.forward(weights.astype(np.float32)).astype(np.float64) + biases)
        right = np.maximum((chances * told).sum(1), 1e-300)
        residue = (chances - told) * counts[:, None]
        slope = sums.back(residue.astype(np.float32)) + weights / c
        total = -(counts * np.log(right)).sum() + (weights**2).sum() / (2 * c)
        return float(total), np.concatenate((slope.ravel(), residue.sum(0)))

    found = lbfgs(loss, np.zeros(size + outputs), steps)
    return found[:size].reshape(columns, outputs).astype(np.float32), found[size:].astype(np.float32)


def softmax(scores: F64) -> F64:
    """Chances that add up to one, row by row."""
    grown = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(grown / grown.sum(axis=-1, keepdims=True))


def lbfgs(loss: Callable[[F64], tuple[float, F64]], start: F64, steps: int, memory: int = 8) -> F64:
    """The least of a smooth convex function: steps along the two-loop direction, halved until Armijo's rule holds."""
    at = start
    value, slope = loss(at)
    past: deque[tuple[F64, F64, float]] = deque(maxlen=memory)
    for _ in range(steps):
        way = -_two_loops(slope, past)
        falls = float(slope @ way)
        length = 1.0 if past else min(1.0, 1.0 / max(float(np.abs(slope).sum()), 1e-12))
        for _try in range(30):
            moved = at + length * way
            new_value, new_slope = loss(moved)
            if new_value <= value + 1e-4 * length * falls:
                break
            length /= 2
        else:
            return at
        step, bent = moved - at, new_slope - slope
        curve = float(step @ bent)
        if curve > 1e-12:
            past.append((step, bent, curve))
        done = value - new_value <= 1e-6 * max(1.0, abs(new_value))
        at, value, slope = moved, new_value, new_slope
        if done:
            return at
    return at


def _two_loops(slope: F64, past: deque[tuple[F64, F64, float]]) -> F64:
    way, shares = slope.copy(), []
    for step, bent, curve in reversed(past):
        share = float(step @ way) / curve
        shares.append(share)
        way -= share * bent
    if past:
        step, bent, curve = past[-1]
        way *= curve / float(bent @ bent)
    for (step, bent, curve), share in zip(past, reversed(shares), strict=True):
        way += (share - float(bent @ way) / curve) * step
    return way


def missed(scores: F64, labels: Ints) -> float:
    """The mean log loss of scores (messages, labels), of which softmax makes chances."""
    chances = softmax(scores)
    return float(-np.log(np.maximum(chances[np.arange(len(labels)), labels], 1e-12)).mean())


def temperature(scores: F64, labels: Ints) -> float:
    """By what scores must be divided for chances that come true as often as they say (Guo et al. 2017): the golden section."""

    def misses(log_heat: float) -> float:
        return missed(scores / np.exp(log_heat), labels)

    low, high, golden = -2.5, 2.5, (5**0.5 - 1) / 2
    for _ in range(40):
        left, right = high - golden * (high - low), low + golden * (high - low)
        if misses(left) < misses(right):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


def calibration_error(chances: F64, labels: Ints, bins: int = 15) -> float:
    """Expected calibration error: how far the chance of the first answer lies from how often it is right, over equal bins."""
    best = chances.argmax(1)
    sure, right = chances.max(1), best == labels
    which = np.minimum((sure * bins).astype(int), bins - 1)
    many = np.bincount(which, minlength=bins)
    gap = np.abs(np.bincount(which, right, bins) - np.bincount(which, sure, bins))
    return float(gap.sum() / max(many.sum(), 1))


def bytes_of(weights: Floats) -> tuple[NDArray[np.int8], Floats]:
    """A byte for each number of a matrix, and by what those of each column are multiplied to have it again."""
    scale = np.maximum(np.abs(weights).max(axis=0, initial=0), 1e-9) / 127
    return np.round(weights / scale).astype(np.int8), scale.astype(np.float32)
