"""Learns the second reading of a line from the lines in benchmarks/labelled/capture, and writes it where it is read.

    python -m benchmarks.train_capture [--out FILE] [--but SET ...] [--trust]

The same lines give the same file, but for the last bits of numbers on other processors. `--but` leaves sets out, to be measured with what the others teach;
`--trust` measures how much the rules' answers should count beside it, on the sets of `SEEN_LAST`, each by what the others teach.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rugui.engines.capture.hints import described
from rugui.engines.capture.second import Second
from rugui.engines.hearing import learning
from rugui.engines.hearing.features import Floats, Ints, lower, slots_of
from rugui.engines.hearing.heads import Head, Heads
from rugui.engines.hearing.learning import F64

from .capture_lessons import Lesson, lessons
from .train_hearing import products

OUT = Path(__file__).parent.parent / "src/rugui/engines/capture/data/second.npz"
VERSION = "1"
BITS, LEAST = 20, 2
HELD_SMALL = {"kind": 0.5, "topic": 0.5, "standing": 0.5, "mood": 0.5, "one": 1.0}
"""By how much weights are held small (the ridge)."""
SEEN_LAST = ("heldout4", "later-en", "later-hans", "later-hant")
"""Sets on which the rules had not been worked when trust was measured; what they teach counts `FRESH` times."""
FRESH = 3.0
MORE = {
    "topic sure 9": 99.0,
    "kind need 0": 6.0,
    "kind preference -": 5.0,
    "kind preference +": 3.0,
    "topic sure 7": 99.0,
    "topic sure 6": 1.0,
    "kind": 0.5,
    "one": 1.0,
}
"""What is added to the trust that was measured: the lists have grown since, and on whole lines (where a note that was right can be
made wrong) a reading that trusts the rules' topics did as well as one that does not; a need must not be missed."""
TRUST = {
    "kind address_as 0": 1.736,
    "kind date 0": 2.584,
    "kind fact 0": 1.058,
    "kind goal 0": 0.793,
    "kind language -": 2.106,
    "kind language 0": 4.034,
    "kind mood 0": 2.489,
    "kind need +": 1.985,
    "kind need -": 2.354,
    "kind need 0": 0.131,
    "kind person 0": 2.689,
    "kind preference +": -0.423,
    "kind preference -": 1.185,
    "kind wish +": 2.071,
    "kind wish -": 1.408,
    "topic sure 3": 0.854,
    "topic sure 6": 1.444,
    "topic sure 7": 1.128,
    "topic sure 9": 1.915,
    "standing passing": 2.076,
    "standing standing": 0.511,
    "one 0": 1.37,
    "one 1": 0.492,
}
SLOPES = {"kind": 6.907, "topic": 7.172, "standing": 3.999, "mood": 11.392, "one": 1.181}


def heads_of(taught: Sequence[Lesson]) -> tuple[Head, ...]:
    names = list(taught[0].right)
    return tuple(Head(name, tuple(sorted({each.right[name] for each in taught} - {""}))) for name in names)


class Rows(NamedTuple):
    """Lessons as rows: their weighed slots, the products of all pairs of rows, and how much each counts."""

    ready: learning.Batch
    columns: Ints
    rare: Floats
    products: F64
    counts: F64


def rows_of(taught: Sequence[Lesson]) -> Rows:
    found = [
        np.unique(slots_of(described(each.text, each.hints).hashes, BITS), return_counts=True)
        for each in taught
    ]
    bounds = np.zeros(len(found) + 1, np.int64)
    np.cumsum([len(at) for at, _ in found], out=bounds[1:])
    values = np.concatenate([1 + np.log(often) for _, often in found]).astype(np.float32)
    raw = learning.Batch(np.concatenate([at for at, _ in found]), values, bounds)
    rare = learning.rarity(raw, BITS)
    columns = np.flatnonzero(np.bincount(raw.columns, minlength=1 << BITS) >= LEAST)
    ready = learning.weighed(learning.kept(raw, columns), rare[columns], lower(columns, BITS))
    counts = np.array([FRESH if each.set in SEEN_LAST else 1.0 for each in taught])
    return Rows(ready, columns, rare[columns], products(ready, len(columns)), counts)


def asked(rows: Rows, right: F64, which: Ints, small: float) -> tuple[F64, F64]:
    """Shares of the rows `which` (rows, outputs) and what is added: ridge regression on right and wrong (0 and 1)."""
    counts = rows.counts[which]
    mean = (right[which] * counts[:, None]).sum(0) / counts.sum()
    pairs = rows.products[np.ix_(which, which)]
    return np.linalg.solve(pairs + np.diag(small / counts), right[which] - mean), mean


def answers(taught: Sequence[Lesson], head: Head) -> F64:
    return np.array(
        [[each.right[head.name] == label for label in head.labels] for each in taught], np.float64
    )


def held_out(taught: Sequence[Lesson], rows: Rows, head: Head) -> F64:
    """Scores of the lessons of `SEEN_LAST`, each by what the other sets teach; of the others nothing."""
    right, sets = answers(taught, head), np.array([each.set for each in taught])
    made = np.zeros_like(right)
    for name in SEEN_LAST:
        rest, out = np.flatnonzero((sets != name) & right.any(1)), np.flatnonzero(sets == name)
        shares, mean = asked(rows, right, rest, HELD_SMALL[head.name])
        made[out] = rows.products[np.ix_(out, rest)] @ shares + mean
    return made


def trusted(
    taught: Sequence[Lesson], rows: Rows, heads: Sequence[Head]
) -> tuple[dict[str, float], dict[str, float]]:
    """By what scores are multiplied, and by how much each answer of the rules counts more, so that chances come true."""
    trust: dict[str, float] = {}
    slopes: dict[str, float] = {}
    for head in heads:
        scores, right = held_out(taught, rows, head), answers(taught, head)
        which = [i for i, each in enumerate(taught) if each.set in SEEN_LAST and bool(each.right[head.name])]
        keys = [_key(taught[i], head.name) for i in which]
        names = sorted({key for key in keys if key})
        said = np.array([names.index(key) if key else len(names) for key in keys])
        ruled = np.array(
            [[taught[i].rule.get(head.name) == label for label in head.labels] for i in which], float
        )
        slope, adds = _odds(scores[which], right[which], ruled, said, len(names))
        slopes[head.name] = round(slope, 3)
        trust |= {name: round(float(each), 3) for name, each in zip(names, adds, strict=False)}
        chosen = (slope * scores[which] + ruled * adds[said][:, None]).argmax(1)
        before = (ruled * right[which]).sum(1)
        print(
            head.name,
            "rules",
            round(float(before.mean()), 4),
            "both",
            round(float((chosen == right[which].argmax(1)).mean()), 4),
        )
    return trust, slopes


def _key(each: Lesson, name: str) -> str:
    if name == "topic":
        return f"topic sure {each.rule['sure']}"
    return f"{name} {each.rule[name]}" if name in each.rule else ""


def _odds(scores: F64, right: F64, ruled: F64, said: Ints, many: int) -> tuple[float, F64]:
    """Softmax regression with one slope for all scores and one addition a key, drawn towards their mean."""
    told = right.argmax(1)

    def loss(flat: F64) -> tuple[float, F64]:
        adds = np.append(flat[1:], 0.0)
        chances = learning.softmax(flat[0] * scores + ruled * adds[said][:, None])
        off = flat[1:] - flat[1:].mean() if many else flat[1:]
        residue = chances - right
        slope = np.bincount(said, (residue * ruled).sum(1), many + 1)[:many] + off
        lost = -np.log(np.maximum(chances[np.arange(len(told)), told], 1e-12)).sum() + (off**2).sum() / 2
        return float(lost), np.concatenate(([(residue * scores).sum()], slope))

    found = learning.lbfgs(loss, np.concatenate(([8.0], np.ones(many))), 200)
    return float(found[0]), np.append(found[1:], 0.0)


def learned(taught: Sequence[Lesson], rows: Rows, slopes: dict[str, float], heads: Sequence[Head]) -> Heads:
    weights, biases, scale = [], [], []
    for head in heads:
        right = answers(taught, head)
        which = np.flatnonzero(right.any(1))
        shares, mean = asked(rows, right, which, HELD_SMALL[head.name])
        every = np.zeros_like(right)
        every[which] = shares
        made = np.zeros((len(rows.columns), len(head.labels)))
        np.add.at(made, rows.ready.columns, rows.ready.values[:, None] * every[rows.ready.rows])
        weights.append(made.astype(np.float32))
        biases.append(mean * slopes[head.name])
        scale += [slopes[head.name]] * len(head.labels)
    return Heads(
        tuple(heads), VERSION, BITS, rows.columns, rows.rare, np.concatenate(weights, 1),
        np.concatenate(biases).astype(np.float32), np.array(scale, np.float32),
    )  # fmt: skip


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--out", type=Path, default=OUT)
    ask.add_argument("--but", nargs="*", default=())
    ask.add_argument("--trust", action="store_true")
    options = ask.parse_args()
    trust, slopes, made = dict(TRUST), dict(SLOPES), []
    for every in lessons():
        taught = [each for each in every if each.set not in options.but]
        heads = heads_of(taught)
        rows = rows_of(taught)
        if options.trust:
            more, steep = trusted(taught, rows, heads)
            trust |= more
            slopes |= steep
        made.append(learned(taught, rows, slopes, heads))
    more = {
        name: round(each + MORE.get(name, MORE.get(name.split()[0], 0.0)), 3) for name, each in trust.items()
    }
    if options.trust:
        print(f"TRUST = {trust}\nSLOPES = {slopes}")
    options.out.parent.mkdir(exist_ok=True)
    options.out.write_bytes(Second(made[0], made[1], more).to_bytes())
    print(
        json.dumps(
            {"slots": [len(each.columns) for each in made], "file_kb": options.out.stat().st_size // 1000}
        )
    )


if __name__ == "__main__":
    main()
