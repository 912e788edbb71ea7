"""Learns the second reading of a line from the lines in benchmarks/labelled/capture, and writes it where it is read.

    python -m benchmarks.train_capture [--out FILE] [--but SET ...] [--but-quarter]

Softmax regression over hashed hints (`rugui.engines.capture.hints`), weights held small. The same lines give the same file, but for the
last bits of numbers on other processors. `--but` leaves sets out, `--but-quarter` every line of `FRESH` whose hash says so, to be measured
with what the others teach. `heldout6`, `heldout7` and `heldout8` are never learned from.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from rugui.engines.capture.gazetteer import standard
from rugui.engines.capture.hints import Opinion, of_word
from rugui.engines.capture.second import Second, Table, opinion, slot, slots
from rugui.engines.linear.features import Floats, Ints
from rugui.engines.linear.learning import F64

from .capture import FOLDER, rows
from .capture_lessons import Lesson, Line, pairs, taught

OUT = Path(__file__).parent.parent / "src/rugui/engines/capture/data/second.npz"
NEVER = ("heldout6", "heldout7", "heldout8")
FRESH = ("later2-", "later3-", "later4-", "heldout5")
"""Sets that the lists and rules had not been worked on: only from them is learned how far the rules' answers are to be trusted."""
COUNTS = 2.0
"""How often a line of theirs counts."""
PROMISED = "promised"
"""What the tests and the documentation promise; learned with what the rules say of it."""
KEPT = 3.0
A_WORD = 0.15
"""How often a word of the lists counts, as a note of nothing else, where topics are learned."""
LEAST = 2
"""Hints that are told less often are left out."""
SMALL = {"kind": 1.0, "topic": 1.0, "standing": 1.0, "mood": 1.0, "day": 1.0, "one": 0.05, "carry": 0.05}
"""The inverse of how strongly weights are held small."""
STEPS = 45
FOR_THE_RULES = 0.35
"""What the rules' word on whether two pieces are one note counts more (log odds) than was learned: hands differ in this most, and it
costs little on the sets that are known."""
APART = 0.7
"""What speaks for two notes more (log odds) than was learned: with a hand left out, more of its notes are read right so (in six of six sets, and
as many whole lines), as a note too many costs less than one swallowed."""
RULES = ("R ", "H ", "< ", "> ")
"""Hints that tell what the rules say."""
DROPPED = 0.005
"""Weights of less than that are left out: they change no answer, and the file is half as large."""


def is_quarter(text: str) -> bool:
    """A quarter of the fresh lines, kept for measuring."""
    return hashlib.sha256(text.encode()).digest()[0] % 4 == 0


def lines(but: Sequence[str], but_quarter: bool) -> list[Line]:
    every: list[Line] = []
    for path in sorted(FOLDER.glob("*.tsv")):
        if path.stem in NEVER or path.stem in but:
            continue
        every += [
            taught(path.stem, row["text"], row["notes"])
            for row in rows(path)
            if not (but_quarter and path.stem.startswith(FRESH) and is_quarter(row["text"]))
        ]
    return every


class Rows(NamedTuple):
    """Lessons as rows of slots: which of them each has, and how much each counts."""

    matrix: csr_matrix
    columns: Ints
    counts: F64


def rows_of(hints: Sequence[Sequence[str]], counts: Sequence[float]) -> Rows:
    found = [slots(each) for each in hints]
    told, often = np.unique(np.concatenate(found), return_counts=True)
    columns = told[often >= LEAST]
    return Rows(placed(found, columns), columns, np.array(counts))


def placed(found: Sequence[Ints], columns: Ints) -> csr_matrix:
    kept = []
    for each in found:
        place = np.minimum(np.searchsorted(columns, each), len(columns) - 1)
        kept.append(place[columns[place] == each])
    bounds = np.concatenate(([0], np.cumsum([len(each) for each in kept])))
    ones = np.ones(bounds[-1], np.float32)
    return csr_matrix((ones, np.concatenate(kept), bounds), shape=(len(kept), len(columns)))


def fitted(rows: Rows, which: Ints, labels: Ints, outputs: int, small: float) -> tuple[Floats, Floats]:
    """Weights (columns, outputs) and biases (outputs,) of softmax regression, by L-BFGS."""
    matrix, counts = rows.matrix[which], rows.counts[which].astype(np.float32)[:, None]
    turned, told = matrix.T.tocsr(), np.eye(outputs, dtype=np.float32)[labels]
    size = matrix.shape[1] * outputs

    def loss(flat: F64) -> tuple[float, F64]:
        weights = flat[:size].reshape(-1, outputs).astype(np.float32)
        scores = matrix @ weights + flat[size:].astype(np.float32)
        grown = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances = grown / grown.sum(axis=1, keepdims=True)
        right = np.maximum((chances * told).sum(1, keepdims=True), 1e-30)
        off = (chances - told) * counts
        slope = np.concatenate(((turned @ off + weights / small).ravel(), off.sum(0)))
        return float(-(counts * np.log(right)).sum() + (weights**2).sum() / (2 * small)), slope.astype(float)

    found = minimize(loss, np.zeros(size + outputs), jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    return found.x[:size].reshape(-1, outputs).astype(np.float32), found.x[size:].astype(np.float32)


def table(lessons: Sequence[Lesson], counts: Sequence[float], names: Sequence[str]) -> Table:
    """Everything that is asked of these lessons, learned."""
    made = rows_of([each.hints for each in lessons], counts)
    questions, weights, biases = {}, [], []
    for name in names:
        labels = tuple(sorted({each.right[name] for each in lessons if each.right.get(name)}))
        which = np.array([i for i, each in enumerate(lessons) if each.right.get(name)])
        numbers = np.array([labels.index(lessons[i].right[name]) for i in which])
        one, other = fitted(made, which, numbers, len(labels), SMALL[name])
        questions[name] = labels
        weights.append(np.where(np.abs(one) < DROPPED, 0, one))
        biases.append(other)
    stacked = np.concatenate(weights, axis=1)
    used = np.abs(stacked).max(axis=1) > 0
    return Table(questions, made.columns[used], stacked[used], np.concatenate(biases))


def words() -> list[Lesson]:
    """The words of the lists, each as a note of nothing else."""
    found = []
    for phrase, entries in standard().phrases():
        thing = next((entry for entry in entries if entry.role == "thing"), None)
        if thing is not None and not phrase.isascii() and (hints := of_word(phrase)):
            found.append(Lesson(hints, {"topic": thing.topic}))
    return found


def worth(line: Line) -> float:
    """How often a line counts."""
    return KEPT if line.set == PROMISED else COUNTS if line.set.startswith(FRESH) else 1.0


def of_notes(every: Sequence[Line], names: Sequence[str], extra: Sequence[Lesson]) -> Table:
    lessons, counts = [], []
    for line in every:
        fresh = line.set.startswith((*FRESH, PROMISED))
        for note in line.notes:
            hints = note.hints if fresh else [hint for hint in note.hints if not hint.startswith(RULES)]
            lessons.append(Lesson(hints, note.right))
            counts.append(worth(line))
    return table([*lessons, *extra], [*counts, *[A_WORD] * len(extra)], names)


def thought(every: Sequence[Line], extra: Sequence[Lesson]) -> list[dict[tuple[int, int], Opinion]]:
    """What models that have not seen a line think of its runs of pieces."""
    half = [hashlib.sha256(line.text.encode()).digest()[1] % 2 for line in every]
    made: list[dict[tuple[int, int], Opinion]] = [{} for _ in every]
    for side in (0, 1):
        other = of_notes(
            [line for line, of in zip(every, half, strict=True) if of != side], ("kind", "topic"), extra
        )
        judge = Second(other, other, other)
        for number, line in enumerate(every):
            if half[number] == side and len(line.drafts) > 1:
                made[number] = {
                    span: opinion(judge, other.scores(hints)) for span, hints in line.spans.items()
                }
    return made


def learned(every: Sequence[Line], say: Callable[[str], None]) -> Second:
    extra = words()
    say(f"{len(every)} lines, {len(extra)} words")
    opinions = thought(every, extra)
    say("opinions")
    found = [
        (lesson, KEPT if line.set == PROMISED else 1.0)
        for line, each in zip(every, opinions, strict=True)
        for lesson in pairs(line, each)
    ]
    parts = table([each for each, _ in found], [count for _, count in found], ("one",))
    for hint, label in (("one False", 0), ("one True", 1)):
        parts.weights[np.searchsorted(parts.columns, slot(hint)), label] += FOR_THE_RULES
    parts.biases[0] += APART
    carry = [lesson for line in every for lesson in line.carries]
    say(f"{len(found)} pairs, {len(carry)} of whom it is said")
    notes = of_notes(every, ("kind", "topic", "standing", "mood", "day"), extra)
    return Second(notes, parts, table(carry, [1.0] * len(carry), ("carry",)))


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--out", type=Path, default=OUT)
    ask.add_argument("--but", nargs="*", default=())
    ask.add_argument("--but-quarter", action="store_true")
    options = ask.parse_args()

    def say(what: str) -> None:
        print(f"{time.process_time():6.1f} s  {what}", flush=True)

    made = learned(lines(options.but, options.but_quarter), say)
    options.out.parent.mkdir(exist_ok=True)
    options.out.write_bytes(made.to_bytes())
    slots_ = [len(each.columns) for each in (made.notes, made.pairs, made.carries)]
    print(json.dumps({"slots": slots_, "file_kb": options.out.stat().st_size // 1000}))


if __name__ == "__main__":
    main()
