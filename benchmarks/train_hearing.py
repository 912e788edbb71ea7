"""Learns the ear that comes with the program, from the messages in benchmarks/labelled/hearing, and writes it where it is read.

    python -m benchmarks.train_hearing [--out FILE]

The same messages give the same file, but for the last bits of numbers on other processors. The last sitting of each script is not looked at (benchmarks/labelled/hearing/README.md).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rugui.engines.hearing import learning
from rugui.engines.hearing.features import Floats, Ints, lower, slots_of
from rugui.engines.hearing.heads import Head, Heads, described, outputs
from rugui.engines.hearing.learning import F64

from .hearing_messages import ACTS, ELEMENTS, MOODS, URGENCIES, Message, messages

VERSION = "2"
OUT = Path(__file__).parent.parent / "src/rugui/engines/hearing/data/ear.npz"
BITS, C, LEAST, STEPS, JOINED = 18, 8.0, 2, 50, 0.7
HEADS = (
    *(Head(act, ("yes",)) for act in ACTS),
    *(Head(element, ("yes",)) for element in ELEMENTS),
    Head("opinion", ("complaint", "praise")),
    Head("mood", MOODS),
    Head("urgency", URGENCIES),
)


class Told(NamedTuple):
    """For each message and output what is right, and per head whether it says anything. Shapes (messages, outputs)."""

    right: F64
    counts: F64


def told(rows: Sequence[Message]) -> Told:
    right, counts = np.zeros((len(rows), outputs(HEADS))), np.ones((len(rows), outputs(HEADS)))
    for number, row in enumerate(rows):
        at = 0
        for head in HEADS:
            span = slice(at, at + len(head.labels))
            at = span.stop
            if head.name == "opinion":
                one = ("complaint" in row.acts) != ("praise" in row.acts)
                counts[number, span] = one
                right[number, span] = ["complaint" in row.acts, "praise" in row.acts] if one else 0
            elif len(head.labels) == 1:
                right[number, span] = head.name in row.acts or head.name in row.elements
            else:
                right[number, span] = [each in (row.mood, row.urgency) for each in head.labels]
    return Told(right, counts)


def joined(rows: Sequence[Message], share: float) -> list[Message]:
    """Further messages, each of two of the same sitting one after the other, so that longer ones are known too."""
    chance, made = np.random.default_rng(5), []
    for sitting in sorted({row.sitting for row in rows}):
        own = [row for row in rows if row.sitting == sitting]
        for _ in range(int(len(own) * share)):
            first, second = (own[i] for i in chance.integers(len(own), size=2))
            made.append(first.then(second))
    return made


def batch(rows: Sequence[Message]) -> learning.Batch:
    found = [np.unique(slots_of(described(row.text).hashes, BITS), return_counts=True) for row in rows]
    bounds = np.zeros(len(found) + 1, np.int64)
    np.cumsum([len(at) for at, _ in found], out=bounds[1:])
    values = np.concatenate([1 + np.log(often) for _, often in found]).astype(np.float32)
    return learning.Batch(np.concatenate([at for at, _ in found]), values, bounds)


class Dual(NamedTuple):
    """Messages as rows of a triangle L with L Lᵀ the products of all pairs: weights on it stand for weights on slots."""

    rows: learning.Batch
    columns: Ints
    rare: Floats
    lower: F64

    @classmethod
    def of(cls, rows: Sequence[Message]) -> Dual:
        raw = batch(rows)
        rare = learning.rarity(raw, BITS)
        columns = np.flatnonzero(np.bincount(raw.columns, minlength=1 << BITS) >= LEAST)
        ready = learning.weighed(learning.kept(raw, columns), rare[columns], lower(columns, BITS))
        pairs = products(ready, len(columns))
        return cls(ready, columns, rare[columns], np.linalg.cholesky(pairs + 1e-4 * np.eye(len(rows))))

    def weights(self, found: F64) -> Floats:
        """Weights of slots, from those of the triangle: Xᵀ L⁻ᵀ w."""
        shares = np.linalg.solve(self.lower.T, found)
        made = np.zeros((len(self.columns), found.shape[1]))
        np.add.at(made, self.rows.columns, self.rows.values[:, None] * shares[self.rows.rows])
        return made.astype(np.float32)


def products(rows: learning.Batch, columns: int) -> F64:
    """The products of all pairs of rows."""
    made = np.zeros((len(rows), len(rows)))
    dense = np.zeros((len(rows), 4096), np.float32)
    for begin in range(0, columns, 4096):
        inside = (rows.columns >= begin) & (rows.columns < begin + 4096)
        dense[:] = 0
        dense[rows.rows[inside], rows.columns[inside] - begin] = rows.values[inside]
        made += dense @ dense.T
    return made


def fitted(lower: F64, say: Told, c: float = C) -> tuple[F64, F64]:
    """Weights (rows of the triangle, outputs) and biases: yes-or-no by logistic, the others by softmax regression."""
    size = lower.shape[1] * say.right.shape[1]
    seen = lower.astype(np.float32)

    def loss(flat: F64) -> tuple[float, F64]:
        weights, biases = flat[:size].reshape(lower.shape[1], -1), flat[size:]
        scores = (seen @ weights.astype(np.float32)).astype(np.float64) + biases
        chances = chances_of(scores)
        residue = (chances - say.right) * say.counts
        total = _missed(chances, say) + (weights**2).sum() / (2 * c)
        slope = (seen.T @ residue.astype(np.float32)).astype(np.float64) + weights / c
        return total, np.concatenate((slope.ravel(), residue.sum(0)))

    found = learning.lbfgs(loss, np.zeros(size + say.right.shape[1]), STEPS)
    return found[:size].reshape(lower.shape[1], -1), found[size:]


def spans() -> list[tuple[Head, slice]]:
    made, at = [], 0
    for head in HEADS:
        made.append((head, slice(at, at + len(head.labels))))
        at += len(head.labels)
    return made


def chances_of(scores: F64) -> F64:
    made = np.empty_like(scores)
    for head, span in spans():
        part = scores[:, span]
        made[:, span] = 1 / (1 + np.exp(-part)) if len(head.labels) == 1 else learning.softmax(part)
    return made


def _missed(chances: F64, say: Told) -> float:
    """Log loss: of yes-or-no both ways, of several the right one."""
    sure = np.clip(chances, 1e-12, 1 - 1e-12)
    total = 0.0
    for head, span in spans():
        right, part, counts = say.right[:, span], sure[:, span], say.counts[:, span]
        lost = right * np.log(part)
        if len(head.labels) == 1:
            lost = lost + (1 - right) * np.log(1 - part)
        total -= float((lost * counts).sum())
    return total


def held_scores(dual: Dual, rows: Sequence[Message], many: int, say: Told, c: float = C) -> F64:
    """Scores of the first `many` messages, each by an ear that did not learn its sitting."""
    made = np.zeros((many, say.right.shape[1]))
    sittings = np.array([row.sitting.split("-")[1] for row in rows])
    for sitting in sorted(set(sittings)):
        out = sittings == sitting
        rest = Told(say.right[~out], say.counts[~out])
        weights, biases = fitted(dual.lower[~out], rest, c)
        asked = np.flatnonzero(out[:many])
        made[asked] = dual.lower[asked] @ weights + biases
    return made


def calibrated(scores: F64, say: Told) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """For each output by what its scores are multiplied and what is added (Platt 1999; Guo et al. 2017 for several)."""
    slopes, adds = np.ones(scores.shape[1]), np.zeros(scores.shape[1])
    for head, span in spans():
        part, right, counts = scores[:, span], say.right[:, span], say.counts[:, span][:, 0] > 0
        if len(head.labels) == 1:
            slopes[span], adds[span] = _platt(part[counts, 0], right[counts, 0])
        else:
            slopes[span] = 1 / learning.temperature(part[counts], right[counts].argmax(1))
    return slopes.astype(np.float32), adds.astype(np.float32)


def _platt(scores: F64, right: F64) -> tuple[float, float]:
    """The slope and the addition that lose least; targets drawn in a little, as Platt does."""
    many, few = right.sum(), len(right) - right.sum()
    target = np.where(right > 0, (many + 1) / (many + 2), 1 / (few + 2))

    def loss(two: F64) -> tuple[float, F64]:
        chance = np.clip(1 / (1 + np.exp(-(two[0] * scores + two[1]))), 1e-12, 1 - 1e-12)
        lost = -(target * np.log(chance) + (1 - target) * np.log(1 - chance)).sum()
        gap = chance - target
        return float(lost), np.array([(gap * scores).sum(), gap.sum()])

    found = learning.lbfgs(loss, np.array([1.0, 0.0]), 50)
    return float(found[0]), float(found[1])


def learned(rows: Sequence[Message]) -> tuple[Heads, F64, Told]:
    """The ear, and for each message (not those joined of two) its calibrated scores by an ear that had not met its sitting."""
    every = [*rows, *joined(rows, JOINED)]
    say, dual = told(every), Dual.of(every)
    held = held_scores(dual, every, len(rows), say)
    own = Told(say.right[: len(rows)], say.counts[: len(rows)])
    slopes, adds = calibrated(held, own)
    weights, biases = fitted(dual.lower, say)
    heads = Heads(
        HEADS, VERSION, BITS, dual.columns, dual.rare, dual.weights(weights), (biases * slopes + adds).astype(np.float32), slopes
    )  # fmt: skip
    return heads, held * slopes + adds, own


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--out", type=Path, default=OUT)
    options = ask.parse_args()
    rows = messages("learn")
    heads, held, own = learned(rows)
    options.out.write_bytes(heads.to_bytes())
    print(json.dumps({"messages": len(rows), "slots": len(heads.columns), "file_kb": options.out.stat().st_size // 1000,
                      "by_sittings_left_out": told_right(chances_of(held), own)}))  # fmt: skip


def told_right(chances: F64, say: Told) -> dict[str, float]:
    """The share of messages of which each head says what is right."""
    found = {}
    for head, span in spans():
        counts = say.counts[:, span][:, 0] > 0
        part, right = chances[counts, span], say.right[counts, span]
        same = (part > 0.5) == (right > 0.5) if len(head.labels) == 1 else part.argmax(1) == right.argmax(1)
        found[head.name] = round(float(same.mean()), 4)
    return found


if __name__ == "__main__":
    main()
