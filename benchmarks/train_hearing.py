"""Learns the ear that comes with the program, from the messages in benchmarks/labelled/hearing, and writes it where it is read.

    python -m benchmarks.train_hearing [--out FILE]

The same messages give the same file, but for the last bits of numbers on other processors. What is held back is not looked at (benchmarks/labelled/hearing/README.md).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rugui.engines.hearing.cues import described
from rugui.engines.linear import learning
from rugui.engines.linear.features import Floats, Ints, lower, slots_of
from rugui.engines.linear.heads import Head, Heads, outputs
from rugui.engines.linear.learning import F64

from .hearing_messages import ACTS, ELEMENTS, MOODS, URGENCIES, Message, messages

VERSION = "4"
OUT = Path(__file__).parent.parent / "src/rugui/engines/hearing/data/ear.npz"
BITS, LEAST, STEPS, JOINED = 18, 2, 80, 0.3
C, C_OF = 4.0, {"urgency": 2.0}
"""How freely weights may grow, by question; as the counts below chosen by sittings left out of what is learned from."""
READING, FOLDS = 3, 6
"""Sittings are left out in so many turns, those of one number together: they tell of the same situations."""
LATER, TAUGHT = 9, 14
"""Sittings from `LATER` on are of longer messages, more like what houses receive; from `TAUGHT` on they were written for what was heard worst,
so what is common in them is rare elsewhere: they are learned from, and say nothing of how sure to be."""
RARE = {"now": 4.0, "grieving": 4.0, "tired": 1.5}
"""How much a message counts while learning: few are written that are so, and to miss one costs most. The calibration counts each once."""
WEIGHTY = {"urgency": ("now",), "mood": ("grieving",)}
"""Answers with a least chance of their own (`least`)."""
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
                counts[number, span] = RARE.get(getattr(row, head.name), 1.0)
    return Told(right, counts)


def joined(rows: Sequence[Message], share: float) -> list[Message]:
    """Further messages, each of two of the same sitting one after the other: as long as letters and reviews are."""
    chance, made = np.random.default_rng(5), []
    for sitting in sorted({row.sitting for row in rows}):
        own = [row for row in rows if row.sitting == sitting]
        for _ in range(int(len(own) * share)):
            first, second = (own[i] for i in chance.integers(len(own), size=2))
            made.append(first.then(second))
    return made


def batch(rows: Sequence[Message]) -> learning.Batch:
    found = [
        np.unique(slots_of(described(row.text, READING).hashes, BITS), return_counts=True) for row in rows
    ]
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
    def of(cls, rows: Sequence[Message], many: int) -> Dual:
        """`rows`, with the slots and rarities of the first `many`, from which is learned."""
        raw = batch(rows)
        learns = learning.chosen(raw, np.arange(len(rows)) < many)
        rare = learning.rarity(learns, BITS)
        columns = np.flatnonzero(np.bincount(learns.columns, minlength=1 << BITS) >= LEAST)
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


def fitted(lower: F64, say: Told, freely: float = 1.0) -> tuple[F64, F64]:
    """Weights (rows of the triangle, outputs) and biases: yes-or-no by logistic, the others by softmax regression."""
    size = lower.shape[1] * say.right.shape[1]
    seen = lower.astype(np.float32)
    c = np.concatenate([np.full(len(head.labels), freely * C_OF.get(head.name, C)) for head in HEADS])

    def loss(flat: F64) -> tuple[float, F64]:
        weights, biases = flat[:size].reshape(lower.shape[1], -1), flat[size:]
        scores = (seen @ weights.astype(np.float32)).astype(np.float64) + biases
        chances = chances_of(scores)
        residue = (chances - say.right) * say.counts
        total = _missed(chances, say) + (weights**2 / (2 * c)).sum()
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


def held_scores(dual: Dual, rows: Sequence[Message], many: int, say: Told) -> F64:
    """Scores of the messages, each by an ear that did not learn its sitting, and of the first `many` only.

    From fewer messages weights grow less, and what such scores say of how sure to be would be too much for the ear of all: so they are held
    less small, by as much as there are fewer.
    """
    made, learns = np.zeros(say.right.shape), np.arange(len(rows)) < many
    turn = np.array([int(row.sitting.split("-")[1]) % FOLDS for row in rows])
    for number in range(FOLDS):
        out, rest = turn == number, (turn != number) & learns
        weights, biases = fitted(dual.lower[rest], Told(say.right[rest], say.counts[rest]), many / rest.sum())
        made[out] = dual.lower[out] @ weights + biases
    return made


def calibrated(scores: F64, say: Told, much: F64) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """For each output by what its scores are multiplied and what is added (Platt 1999; Guo et al. 2017 for several).

    `much` (messages,) says how much each counts; 0 for those joined of two. Only whether it is a complaint or praise is asked of these as
    well: reviews are long, and two that agree do not change what is right, as they would with every other question.
    """
    slopes, adds = np.ones(scores.shape[1]), np.zeros(scores.shape[1])
    for head, span in spans():
        counts = (say.counts[:, span][:, 0] > 0) & ((much > 0) | (head.name == "opinion"))
        part, right, each = scores[counts, span], say.right[counts, span], np.where(much > 0, much, 1)[counts]
        if len(head.labels) == 1:
            slopes[span], adds[span] = _platt(part[:, 0], right[:, 0], each)
        else:
            slopes[span], adds[span] = _several(part, right, each)
    return slopes.astype(np.float32), adds.astype(np.float32)


def alike(rows: Sequence[Message]) -> F64:
    """How much each message counts for the calibration: the earlier and the later sittings as much as one another."""
    number = np.array([int(row.sitting.split("-")[1]) for row in rows])
    earlier, later = number < LATER, (number >= LATER) & (number < TAUGHT)
    return np.where(earlier, 0.5 / earlier.mean(), np.where(later, 0.5 / later.mean(), 0))


def _platt(scores: F64, right: F64, much: F64) -> tuple[float, float]:
    """The slope and the addition that lose least; targets drawn in a little, as Platt does."""
    many, few = right.sum(), len(right) - right.sum()
    target = np.where(right > 0, (many + 1) / (many + 2), 1 / (few + 2))

    def loss(two: F64) -> tuple[float, F64]:
        chance = np.clip(1 / (1 + np.exp(-(two[0] * scores + two[1]))), 1e-12, 1 - 1e-12)
        lost = -(much * (target * np.log(chance) + (1 - target) * np.log(1 - chance))).sum()
        gap = much * (chance - target)
        return float(lost), np.array([(gap * scores).sum(), gap.sum()])

    found = learning.lbfgs(loss, np.array([1.0, 0.0]), 50)
    return float(found[0]), float(found[1])


def _several(scores: F64, right: F64, much: F64) -> tuple[float, F64]:
    """One slope for all, and an addition for each, held a little small: they undo what counting some messages more has done."""

    def loss(flat: F64) -> tuple[float, F64]:
        chances = learning.softmax(flat[0] * scores + flat[1:])
        lost = -(much * np.log(np.maximum((chances * right).sum(1), 1e-12))).sum()
        lost += 0.5 * np.square(flat[1:]).sum()
        gap = (chances - right) * much[:, None]
        return float(lost), np.concatenate(([(gap * scores).sum()], gap.sum(0) + flat[1:]))

    found = learning.lbfgs(loss, np.concatenate(([1.0], np.zeros(scores.shape[1]))), 80)
    return float(found[0]), found[1:]


def learned(rows: Sequence[Message]) -> tuple[Heads, F64, Told]:
    """The ear, and for each message (not those joined of two) its calibrated scores by an ear that had not met its sitting."""
    every = [*rows, *joined(rows, JOINED)]
    say, many = told(every), len(rows)
    dual = Dual.of(every, many)
    held = held_scores(dual, every, many, say)
    much = alike(rows)
    slopes, adds = calibrated(held, say, np.concatenate((much, np.zeros(len(every) - many))))
    held, own = held[:many], Told(say.right[:many], say.counts[:many])
    held = held * slopes + adds
    weights, biases = fitted(dual.lower[:many], own)
    added = (biases * slopes + adds).astype(np.float32)
    heads = Heads(
        HEADS, VERSION, BITS, dual.columns, dual.rare, dual.weights(weights), added, slopes, least(chances_of(held), own, much), READING
    )  # fmt: skip
    return heads, held, own


def least(chances: F64, say: Told, much: F64) -> Floats:
    """(outputs,): for what is `WEIGHTY` the chance from which it is said, where most is found of it for how much is wrongly said: the
    greatest F1 on messages whose sittings were not learned from, each counted as `much` as for the calibration. 0 for the others."""
    made = np.zeros(chances.shape[1], np.float32)
    for head, span in spans():
        for label in WEIGHTY.get(head.name, ()):
            at = span.start + head.labels.index(label)
            chance, right = chances[:, at], say.right[:, at] > 0
            made[at] = max(np.arange(0.2, 0.6, 0.02), key=lambda from_: f1(chance >= from_, right, much))
    return made


def f1(said: NDArray[np.bool_], right: NDArray[np.bool_], much: F64) -> float:
    """The harmonic mean of precision and recall of weighted messages."""
    return float(2 * much[said & right].sum() / max(much[said].sum() + much[right].sum(), 1))


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--out", type=Path, default=OUT)
    options = ask.parse_args()
    rows = messages("learn")
    heads, held, own = learned(rows)
    options.out.write_bytes(heads.to_bytes())
    print(json.dumps({"messages": len(rows), "slots": len(heads.columns), "file_kb": options.out.stat().st_size // 1000,
                      "least": {label: round(float(heads.least[heads.spans[name].start + head.labels.index(label)]), 2)
                                for name, labels in WEIGHTY.items() for label in labels for head in HEADS if head.name == name},
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
