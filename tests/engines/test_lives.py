"""The days that customers' lives are made of, and what is compared of them."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.loyalty import BEGINS, ENDS, PEOPLE, drawn, select

from rugui.engines.lives import AFTER, DAY, HORIZON, Life, Moment, ordinary_days, units
from rugui.engines.loyalty import compare


def test_days_stand_in_order_and_count_after_the_beginning_until_the_end() -> None:
    life = Life.of([(30.0, -5, 1), (10.0, 7, 1), (20.0, 9, None)])
    assert (life.at, life.place) == ([10.0, 20.0, 30.0], [1, None, 1])
    assert life.between(0, 30) == (3, 11)
    assert life.between(10, 20) == (1, 9)
    assert life.between(30, 99) == (0, 0)


@pytest.mark.parametrize(("days_later", "came"), [(14, False), (15, True), (180, True), (181, False)])
def test_coming_back_is_what_is_no_longer_the_same_visit_and_not_too_late(
    days_later: int, came: bool
) -> None:
    lives = {1: Life.of([(0.0, 100, 1), (days_later * DAY, 40, 1)])}
    ((unit,), _others) = units(lives, [Moment(1, 1, 1, 0.0)], [])
    assert unit.came is came
    assert unit.spent == (40 if came else 0)


def test_an_ordinary_day_is_nobodys_who_was_hit_and_near_no_failure() -> None:
    lives = {each: Life.of([(1000 * DAY, 10, 1)]) for each in (1, 2, 3)}
    lives[2].failed.append(1000 * DAY - HORIZON + AFTER)
    days = list(ordinary_days(lives, {1}, 0, 2000 * DAY))
    assert [each.customer for each in days] == [3]
    assert list(ordinary_days(lives, {1}, 0, 999 * DAY)) == []


def test_whoever_is_not_known_is_comparable_with_nobody_who_is() -> None:
    lives = {2: Life.of([(0.0, 10, 1), (10 * DAY, 10, 1)])}
    cases, others = units(lives, [Moment(1, 1, 1, 10 * DAY)], [Moment(2, 2, 1, 10 * DAY)])
    assert compare(cases, others).people == 0


def test_that_better_customers_complain_oftener_is_not_taken_for_loyalty() -> None:
    """Nothing failed in these lives. A plain comparison would say that those chosen came back far oftener."""
    rng = np.random.default_rng(11)
    lives = drawn(rng)
    days = list(ordinary_days(lives, set(), BEGINS.timestamp(), ENDS.timestamp() - HORIZON))
    held = plain = 0.0
    for seed in range(10):
        chosen = select("attached", lives, days, rng)
        cases, others = units(
            lives,
            [each for place, each in enumerate(days) if place in chosen],
            [each for place, each in enumerate(days) if place not in chosen],
        )
        found = compare(cases, others, seed=seed, draws=2)
        held += found.difference.low <= 0 <= found.difference.high
        plain += np.mean([each.came for each in cases]) - np.mean([each.came for each in others])
        assert found.people + found.unmatched == PEOPLE
    assert held >= 8
    assert plain / 10 > 0.1
