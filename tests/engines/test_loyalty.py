"""Comparing those for whom a failure was put right with comparable others: against known answers, and the truth of made-up houses."""

from __future__ import annotations

import numpy as np
import pytest

from rugui.engines.loyalty import FEWEST, Interval, Unit, bucket, by_group, compare, difference, wilson


def units(count: int, came: int, stratum: str = "a", spent: float = 0.0, start: int = 0) -> list[Unit]:
    return [Unit(start + n, stratum, n < came, spent, False) for n in range(count)]


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [  # Newcombe, Statistics in Medicine 17 (1998) 857, table I: method 3
        (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718),
    ],
)  # fmt: skip
def test_wilsons_interval_is_that_of_the_literature(hits: int, of: int, low: float, high: float) -> None:
    found = wilson(hits, of)
    assert found.low == pytest.approx(low, abs=6e-5)
    assert found.high == pytest.approx(high, abs=6e-5)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [  # Newcombe, Statistics in Medicine 17 (1998) 873, table II: method 10
        ((56, 70), (48, 80), 0.0524, 0.3339), ((9, 10), (3, 10), 0.1705, 0.8090), ((10, 10), (0, 20), 0.6791, 1.0),
        ((5, 56), (0, 29), -0.0381, 0.1926),
    ],
)  # fmt: skip
def test_the_interval_of_a_difference_is_that_of_the_literature(
    one: tuple[int, int], other: tuple[int, int], low: float, high: float
) -> None:
    found = difference(wilson(*one), wilson(*other))
    assert found.low == pytest.approx(low, abs=6e-5)
    assert found.high == pytest.approx(high, abs=6e-5)


def test_only_those_are_compared_who_are_alike() -> None:
    cases = units(30, 15, "often") + units(5, 0, "unheard of", start=100)
    others = units(40, 10, "often", start=200) + units(1000, 1000, "seldom", start=1000)
    found = compare(cases, others)
    assert (found.people, found.unmatched, found.others) == (30, 5, 40)
    assert found.others_came == 0.25
    assert found.difference.value == 0.25


def test_each_stratum_counts_as_often_as_it_has_cases() -> None:
    cases = units(30, 30, "a") + units(10, 0, "b", start=100)
    others = units(10, 5, "a", start=200) + units(100, 10, "b", start=300)
    assert compare(cases, others).others_came == pytest.approx((30 * 0.5 + 10 * 0.1) / 40)


@pytest.mark.parametrize(
    ("came", "others", "verdict"), [(90, 50, "more"), (20, 60, "less"), (52, 50, "same")]
)
def test_it_says_more_less_or_that_no_difference_is_seen(came: int, others: int, verdict: str) -> None:
    assert compare(units(100, came), units(100, others, start=500)).verdict == verdict


def test_too_few_are_said_to_be_too_few_however_clear_they_look() -> None:
    found = compare(units(FEWEST - 1, FEWEST - 1), units(200, 0, start=500))
    assert found.verdict == "few"
    assert compare([], units(5, 0)).verdict == "few"
    assert (
        compare(units(25, 12), units(3, 1, start=500)).verdict == "few"
    )  # three others are not enough either


def test_money_is_compared_with_its_interval() -> None:
    rng = np.random.default_rng(1)
    cases = [Unit(n, "a", True, float(amount), False) for n, amount in enumerate(rng.normal(150, 40, 80))]
    others = [
        Unit(500 + n, "a", True, float(amount), False) for n, amount in enumerate(rng.normal(100, 40, 300))
    ]
    found = compare(cases, others).spent
    assert found.low < 50 < found.high
    assert found.low > 30
    assert compare(cases, others).spent == found  # the same however often it is asked


def test_nineteen_of_twenty_intervals_hold_the_truth() -> None:
    rng, held, houses = np.random.default_rng(2), 0, 200
    for _each in range(houses):
        cases = units(60, int(rng.binomial(60, 0.5)))
        others = units(300, int(rng.binomial(300, 0.4)), start=500)
        found: Interval = compare(cases, others, draws=2).difference
        held += found.low <= 0.1 <= found.high
    assert 0.92 <= held / houses <= 0.985


def test_groups_are_compared_each_for_itself() -> None:
    good, bad = frozenset({("step apologise", "kept")}), frozenset({("step apologise", "missed")})
    cases = [Unit(n, "a", n % 4 != 0, 0, False, good) for n in range(40)]
    cases += [Unit(100 + n, "a", n % 4 == 0, 0, False, bad) for n in range(40)]
    found = by_group(cases, units(200, 100, start=500))
    assert found["step apologise", "kept"].came.value == 0.75
    assert found["step apologise", "missed"].came.value == 0.25


def test_a_step_belongs_to_the_stretch_below() -> None:
    assert [bucket(each, (0, 1, 3)) for each in (0, 1, 2, 3, 4)] == [0, 1, 2, 2, 3]
