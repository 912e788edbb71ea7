"""Learns the coach's second reading from the sentences in benchmarks/labelled/coach, and writes it where it is read.

    python -m benchmarks.train_coach [en] [zh]

What is published as a blind set (blind3 to blind9) is not looked at. How much a rule's mark weighs beside the sense of a sentence is
learned from sentences that the rules were not worked on with (sentences-*.txt), by models that had seen nothing by the same hand; so is
from which chance on something is marked.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags, vstack
from sklearn.linear_model import LogisticRegression

from rugui.engines.coach import Coach, load, starters
from rugui.engines.coach.rules import Kind, Pack, Rule, Severity
from rugui.engines.coach.sense import FOLDER, LABEL, WRONG, Sense, Weighing, clauses, to_bytes
from rugui.engines.coach.sense import described as sentence
from rugui.engines.coach.sentences import sentences
from rugui.engines.linear import learning
from rugui.engines.linear.features import gathered, lower
from rugui.engines.linear.heads import Head, Heads

from .coach import LABELLED, SAME

BITS, C, LEAST, FOLDS = 22, 10.0, 2, 5
"""2^22 slots, of which a twentieth is ever met, so that hardly any two things share one; how freely weights may grow; how many sentences must hold a slot; turns, in each of which the files of some hands are held back."""
CLAUSE = 0.5
"""What a clause of a sentence counts as an example of its own, beside a whole sentence: so a warm rest does not hide a bad clause."""
TELLING = 0.5
"""The power of how differently often a slot is in bad and in good sentences, by which it may weigh (after Wang and Manning, 2012)."""
FALSE_HITS = 0.02
"""How many good sentences by hands from which nothing was learned may be marked; the least chance of a mark follows from it."""
DRAWN = 4.0
"""Sentences that what is known of all rules of a severity is worth, beside what is known of one rule."""
LANGUAGES = {"en": ("en",), "zh": ("zh-Hant", "zh-Hans")}
WORKED_ON = ("", "blind2-")
_MARK = re.compile(r"⟦([a-z]+):([^⟦⟧]+)⟧")
OURS = {
    label: rule for rule, label in SAME.items() if label not in ("negation", "familiarity", "pressure")
} | {"familiarity": "familiar"}
"""Labels as the rules call them."""
AS_LABELLED = {"ban": "negation", "scarcity": "pressure", "intimacy": "familiar"}
"""Categories of rules that nobody labels apart."""
Floats = NDArray[np.float64]


class Row(NamedTuple):
    text: str
    label: str
    """Empty: nothing is wrong with it."""
    hand: int = 0
    """The number of the file; 0: the rules were worked on with it."""
    clauses: tuple[tuple[str, str], ...] = ()
    """(text, label) of each, where there are several and it is known in which the fault lies."""


def parted(written: str) -> tuple[str, list[tuple[int, int, str]]]:
    """A line with marks in it as its text and (begins, ends, label)."""
    text, marks, read = "", list[tuple[int, int, str]](), 0
    for found in _MARK.finditer(written):
        text += written[read : found.start()]
        marks.append((len(text), len(text) + len(found[2]), OURS.get(found[1], found[1])))
        text += found[2]
        read = found.end()
    return text + written[read:], marks


def _rows(written: str, hand: int = 0) -> Iterator[Row]:
    text, marks = parted(written.replace("\\n", "\n"))

    def label(begins: int, ends: int, least: int = 1) -> str:
        shared = ((min(ends, end) - max(begins, start), label) for start, end, label in marks)
        return next((label for common, label in shared if common >= least), "")

    for begins, ends in sentences(text):
        spans = [(begins + start, begins + end) for start, end in clauses(text[begins:ends])]
        apart = tuple((text[start:end], label(start, end, 2)) for start, end in spans)
        yield Row(text[begins:ends], label(begins, ends), hand, apart if len(apart) > 1 else ())


def _lines(pattern: str) -> Iterator[str]:
    for file in sorted(LABELLED.glob(pattern)):
        yield from (line for line in file.read_text("utf-8").splitlines() if line.strip())


def rows(family: str, packs: Iterable[Pack] = ()) -> list[Row]:
    """Every labelled sentence of a language that may be learned from, the examples of the rules among them."""
    found = [
        row
        for pack in packs
        if pack.id.endswith(f"/{family}")
        for rule in pack.rules
        for row in _examples(rule)
    ]
    for file in sorted(LABELLED.glob(f"sentences-{family}-*.txt")):
        hand = int(file.stem.rsplit("-", 1)[1])
        found += [row for line in _lines(file.name) for row in _rows(line, hand)]
    for language in LANGUAGES[family]:
        for begin in WORKED_ON:
            for line in _lines(f"{begin}drafts-{language}.txt"):
                found += _rows(line.split("|", 3)[3])
            for line in _lines(f"{begin}innocent-{language}.txt"):
                found += _rows(line)
    for line in (*_lines(f"pairs*-{family}.txt"), *_lines(f"later-{family}.txt")):
        label, text = line.split("|", 1)
        found += _rows(text) if label == "ok" else [Row(text.replace("\\n", "\n"), OURS.get(label, label))]
    for line in _lines(f"clean*-{family}.txt"):
        found += _rows(line)
    return found


def _examples(rule: Rule) -> Iterator[Row]:
    """What a rule must mark is wrong, what it must let pass is not; a rule of what is missing says nothing about sentences."""
    if rule.kind in (Kind.EXISTENCE, Kind.SUBSTITUTION):
        category = AS_LABELLED.get(rule.category, rule.category)
        yield from (Row(text, category) for text in rule.examples.match if len(sentences(text)) == 1)
        yield from (row for text in rule.examples.passes for row in _rows(text))


class Learned(NamedTuple):
    """Sentences and clauses as rows of matrices, and what was learned of their rarity."""

    matrix: csr_matrix
    clauses: csr_matrix
    within: NDArray[np.int64]
    """In which sentence each clause stands."""
    bad: NDArray[np.bool_]
    """Whether something is wrong with each clause."""
    columns: NDArray[np.int64]
    rare: NDArray[np.float32]


def described(known: Sequence[Row]) -> Learned:
    def read(texts: Iterable[str]) -> learning.Batch:
        return learning.batch_of([gathered(sentence(text), 1.0, BITS) for text in texts])

    raw = read(row.text for row in known)
    rare = learning.rarity(raw, BITS)
    columns = np.flatnonzero(np.bincount(raw.columns, minlength=1 << BITS) >= LEAST)

    def ready(rows: learning.Batch) -> csr_matrix:
        each = learning.weighed(learning.kept(rows, columns), rare[columns], lower(columns, BITS))
        return csr_matrix((each.values, each.columns, each.bounds), shape=(len(each), len(columns)))

    apart = [(number, *clause) for number, row in enumerate(known) for clause in row.clauses]
    within, bad = np.array([each[0] for each in apart]), np.array([bool(each[2]) for each in apart])
    clauses = ready(read(each[1] for each in apart))
    return Learned(ready(raw), clauses, within, bad, columns, rare[columns])


def fitted(told: Learned, right: NDArray[np.bool_], use: NDArray[np.bool_]) -> tuple[Floats, float]:
    """A weight for each slot and a bias, by the sentences to `use` and their clauses."""
    inside = use[told.within]
    matrix = vstack([told.matrix[use], told.clauses[inside]]).tocsr()
    wrong = np.concatenate([right[use], told.bad[inside]])
    counts = np.concatenate([np.ones(int(use.sum())), np.full(int(inside.sum()), CLAUSE)])
    there = (matrix > 0).astype(np.float32).T
    bad, good = (there @ (which * counts) + 0.5 for which in (wrong, ~wrong))
    telling = np.abs(np.log(bad / bad.sum() / (good / good.sum()))) ** TELLING
    model = LogisticRegression(C=C, max_iter=200).fit(matrix @ diags(telling), wrong, sample_weight=counts)
    return model.coef_[0] * telling, float(model.intercept_[0])


def turns(hands: NDArray[np.int64]) -> NDArray[np.int64]:
    """In which turn each sentence is held back: whole files, so that turns are about as long as each other; -1: never."""
    files, many = np.unique(hands[hands > 0], return_counts=True)
    sizes, made = [0] * FOLDS, np.full(len(hands), -1)
    for place in np.argsort(-many, kind="stable"):
        turn = int(np.argmin(sizes))
        sizes[turn] += int(many[place])
        made[hands == files[place]] = turn
    return made


def held_back(told: Learned, right: NDArray[np.bool_], turn: NDArray[np.int64]) -> Floats:
    """The score of each sentence that has a turn, by a model that saw nothing by its hand."""
    scores = np.zeros(len(right))
    for each in range(FOLDS):
        weights, bias = fitted(told, right, turn != each)
        scores[turn == each] = told.matrix[turn == each] @ weights + bias
    return scores


class Found(NamedTuple):
    """What rules marked in each of some sentences."""

    rules: list[list[str]]
    severities: dict[str, Severity]

    @classmethod
    def of(cls, texts: Iterable[str], coach: Coach) -> Found:
        marks = [[mark.rule for mark in coach.read(text) if not mark.missing] for text in texts]
        return cls(marks, {rule.id: rule.severity for rule in coach.rules})

    def strengths(self, right: NDArray[np.bool_], use: NDArray[np.bool_]) -> dict[str, float]:
        """By rule the log odds that its marks are right in the sentences to `use`, drawn towards those of its severity."""
        counts = {rule: np.zeros(2) for rule in self.severities}
        for rules, wrong, used in zip(self.rules, right, use, strict=True):
            for rule in set(rules) if used else ():
                counts[rule][int(wrong)] += 1
        usual = {severity: np.ones(2) for severity in set(self.severities.values())}
        for rule, seen in counts.items():
            usual[self.severities[rule]] += seen
        shares = {severity: seen / seen.sum() * DRAWN for severity, seen in usual.items()}
        odds = {rule: seen + shares[self.severities[rule]] for rule, seen in counts.items()}
        return {rule: float(np.log(seen[1] / seen[0])) for rule, seen in odds.items()}


class Beside(NamedTuple):
    """What is known of each of some sentences: its score, whether a rule marked it, and the strength of the strongest, as told by other hands."""

    scores: Floats
    marked: NDArray[np.bool_]
    strongest: Floats

    @classmethod
    def of(cls, found: Found, scores: Floats, right: NDArray[np.bool_], turn: NDArray[np.int64]) -> Beside:
        strongest = np.zeros(len(right))
        for each in range(FOLDS):
            strengths = found.strengths(right, turn != each)
            for number in np.flatnonzero(turn == each):
                strongest[number] = max((strengths[rule] for rule in found.rules[number]), default=0.0)
        return cls(scores, np.array([bool(rules) for rules in found.rules]), strongest)


def weighed(known: Beside, right: NDArray[np.bool_]) -> Weighing:
    """How the score and the strength of a rule's mark come together."""
    fitted = LogisticRegression(C=1e3).fit(np.column_stack(known), right)
    score, there, strength = map(float, fitted.coef_[0])
    return Weighing(score, float(fitted.intercept_[0]), there, strength)


def least(
    known: Beside, right: NDArray[np.bool_], weighing: Weighing, false_hits: float
) -> tuple[float, dict[str, float]]:
    """The chance from which so many of the good sentences are marked, and what it is worth with these sentences."""
    each = zip(*known, strict=True)
    chances = np.array(
        [weighing.chance(score, strength if there else None) for score, there, strength in each]
    )
    chance = float(np.quantile(chances[~right], 1 - false_hits))
    marked = chances >= chance
    return chance, {
        "chance": round(chance, 3), "precision": round(float(right[marked].mean()), 3), "recall": round(float(marked[right].mean()), 3),
        "good_marked": round(float(marked[~right].mean()), 4),
    }  # fmt: skip


def learned(family: str, packs: Sequence[Pack]) -> tuple[bytes, dict[str, Any]]:
    """The file's bytes, and what is worth telling of them."""
    coach, known = Coach(packs), rows(family, packs)
    right = np.array([bool(row.label) for row in known])
    told, hands = described(known), np.array([row.hand for row in known])
    turn, new = turns(hands), hands > 0
    scores = held_back(told, right, turn)
    found = Found.of([row.text for row in known if row.hand], coach)
    beside = Beside.of(found, scores[new], right[new], turn[new])
    weighing = weighed(beside, right[new])
    strengths = found.strengths(right[new], np.ones(int(new.sum()), bool))
    shown, worth = least(beside, right[new], weighing, FALSE_HITS)
    wrong, bias = fitted(told, right, np.ones(len(right), bool))
    labels = np.array([row.label for row in known if row.label])
    which = LogisticRegression(C=C, max_iter=200).fit(told.matrix[right], labels)
    weights = np.vstack([wrong[None], which.coef_]).T.astype(np.float32)
    biases = np.concatenate([[bias], which.intercept_]).astype(np.float32)
    heads = Heads(
        (Head(WRONG, ("yes",)), Head(LABEL, tuple(map(str, which.classes_)))), "1", BITS, told.columns, told.rare,
        weights, biases, np.ones(len(biases), np.float32),
    )  # fmt: skip
    ours = {rule: odds for rule, odds in strengths.items() if rule.startswith(f"starter/{family}.")}
    usual = float(np.median(list(ours.values())))
    data = to_bytes(Sense(heads, weighing, shown, shown, ours, usual))
    return data, {
        "sentences": len(known), "wrong": int(right.sum()), "slots": len(told.columns), "kilobytes": len(data) // 1024,
        "weighing": [round(each, 3) for each in weighing], "unseen_hands": worth,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("family", nargs="*", default=list(LANGUAGES))
    parser.add_argument("--out", type=Path, default=FOLDER)
    asked = parser.parse_args()
    packs = [
        pack._replace(rules=tuple(rule for rule in pack.rules if rule.kind is not Kind.SENSE))
        for pack in load(starters(), prove=False)
    ]
    for family in asked.family:
        data, said = learned(family, packs)
        (asked.out / f"sense-{family}.npz").write_bytes(data)
        print(json.dumps({"family": family, **said}))


if __name__ == "__main__":
    main()
