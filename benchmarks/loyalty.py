"""Whether the comparison after a failure tells the truth, tried on real purchases in which nothing of ours ever failed.

    python -m benchmarks.loyalty [--data FOLDER]           400 selections of each kind
    python -m benchmarks.loyalty [--data FOLDER] --quick   60 of each

With FOLDER the lives are the CDNOW sample (6,919 purchases of 2,357 customers of a shop, 1997 and 1998; Fader and Hardie); without it
as many are drawn from the BG/NBD model with the parameters published for that sample. In them customers are said to have had a failure that never happened, so that the truth is known: no difference. Chosen by lot ("lot"); the better
customers oftener, as those who buy much have more to complain about ("attached"); and by lot with each purchase that followed
lost by a known share ("lost"). An interval of 95 in 100 should hold the truth so often, matched or not where the lot chose; where it did
not, the plain comparison of means, which is what a spreadsheet does, shows what matching is for.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from rugui.engines.lives import HORIZON, Life, Moment, ordinary_days, units
from rugui.engines.loyalty import Unit, compare, difference, wilson

from .common import report

PEOPLE = 150
LOST = 0.4
BEGINS, ENDS = datetime(1997, 3, 1, tzinfo=UTC), datetime(1998, 6, 30, tzinfo=UTC)


def read(folder: Path) -> dict[int, Life]:
    """Each customer's purchases; amounts in cents."""
    days: dict[int, dict[str, int]] = defaultdict(dict)
    with (folder / "cdnow" / "transactions.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            of = days[int(row["customer_id"])]
            of[row["date"]] = of.get(row["date"], 0) + round(100 * float(row["amount"]))
    return {
        customer: Life.of((datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp(), paid, 1) for day, paid in of.items())
        for customer, of in days.items()
    }  # fmt: skip


def drawn(rng: np.random.Generator, customers: int = 2357) -> dict[int, Life]:
    """Lives by Fader, Hardie and Lee's BG/NBD model (Marketing Science 24, 2005; their table 2), amounts from a wide distribution."""
    r, alpha, a, b, week = 0.243, 4.414, 0.793, 2.426, 7 * 86_400.0
    lives = {}
    for customer in range(customers):
        at = datetime(1997, 1, 1, tzinfo=UTC).timestamp() + rng.random() * 12 * week
        pace, leaves = rng.gamma(r, 1 / alpha), rng.beta(a, b)
        usual, days = rng.lognormal(8.0, 0.5), []
        while at <= ENDS.timestamp():
            days.append((at, int(usual * rng.lognormal(0, 0.4)), 1))
            if len(days) > 1 and rng.random() < leaves:
                break
            at += rng.exponential(week / pace)
        lives[customer] = Life.of(days)
    return lives


class Tally:
    """How often the intervals held the truth, and how far off the middle was."""

    def __init__(self) -> None:
        self.came: list[bool] = []
        self.spent: list[bool] = []
        self.off: list[float] = []
        self.naive: list[bool] = []
        self.naive_off: list[float] = []
        self.reach: list[float] = []

    def add(self, cases: list[Unit], others: list[Unit], truth: float, seed: int, *, money: bool) -> None:
        found = compare(cases, others, seed=seed, draws=400 if money else 2)
        self.came.append(found.difference.low <= truth <= found.difference.high)
        self.off.append(found.difference.value - truth)
        self.reach.append(found.difference.reach)
        if money:
            self.spent.append(found.spent.low <= 0 <= found.spent.high)
        plain = difference(
            wilson(sum(each.came for each in cases), len(cases)),
            wilson(sum(each.came for each in others), len(others)),
        )
        self.naive.append(plain.low <= truth <= plain.high)
        self.naive_off.append(plain.value - truth)

    def figures(self) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "held": _share(self.came), "off": _mean(self.off), "reach": _mean(self.reach),
            "plain_held": _share(self.naive), "plain_off": _mean(self.naive_off),
        }  # fmt: skip
        return shown | ({"spent_held": _share(self.spent)} if self.spent else {})


def _share(hits: list[bool]) -> float:
    return round(float(np.mean(hits)), 3)


def _mean(values: list[float]) -> float:
    return round(float(np.mean(values)), 4)


def select(kind: str, lives: dict[int, Life], days: list[Moment], rng: np.random.Generator) -> set[int]:
    """Who is said to have had a failure: by lot, or the better customers oftener."""
    if kind != "attached":
        return set(rng.choice(len(days), PEOPLE, replace=False).tolist())
    weights = np.array([1.0 + lives[each.customer].between(0, each.at)[0] ** 2 for each in days])
    return set(rng.choice(len(days), PEOPLE, replace=False, p=weights / weights.sum()).tolist())


def lose(cases: list[Unit], rng: np.random.Generator) -> tuple[list[Unit], float]:
    """Some who came back did not: and by how much fewer came, which is the truth then."""
    kept = [replace(each, came=each.came and rng.random() >= LOST) for each in cases]
    return kept, (sum(each.came for each in kept) - sum(each.came for each in cases)) / len(cases)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="the folder that holds cdnow/transactions.csv")
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    lives = read(given.data) if given.data else drawn(np.random.default_rng(3))
    days = list(ordinary_days(lives, set(), BEGINS.timestamp(), ENDS.timestamp() - HORIZON))
    figures: dict[str, Any] = {
        "lives": "real" if given.data else "drawn",
        "customers": len(lives),
        "days": len(days),
        "failures": PEOPLE,
    }
    for kind in ("lot", "attached", "lost"):
        tally, rng = Tally(), np.random.default_rng(7)
        for seed in range(60 if given.quick else 400):
            chosen = select(kind, lives, days, rng)
            cases, others = units(
                lives,
                [each for place, each in enumerate(days) if place in chosen],
                [each for place, each in enumerate(days) if place not in chosen],
            )
            truth = 0.0
            if kind == "lost":
                cases, truth = lose(cases, rng)
            tally.add(cases, others, truth, seed, money=kind != "lost")
        figures[kind] = tally.figures()
    report("loyalty", figures)


if __name__ == "__main__":
    main()
