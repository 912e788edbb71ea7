"""A time that is beaten: what is told with much, little and no history, when it is full, and when the place changes."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.acknowledge import simulate

from rugui.engines.acknowledge import History, Like, Limits, band_of, level_after, round_up, time_kept

LIMITS = Limits(300, 7200)
LIKE = Like(0, 1, 0)


def history(took: list[float], **columns: int) -> History:
    size = len(took)
    filled = {name: np.full(size, columns.get(name, default)) for name, default in
              (("channel", 0), ("band", 1), ("load", 0))}  # fmt: skip
    return History(np.array(took, dtype=float), np.zeros(size), **filled)


def test_without_history_the_ceiling_is_told_and_said_to_be_thin() -> None:
    told = time_kept(history([]), LIKE, LIMITS)
    assert (told.seconds, told.thin, told.cases) == (7200, True, 0)


def test_eighteen_cases_are_too_few_for_nineteen_in_twenty_and_twenty_are_enough() -> None:
    assert time_kept(history([600.0] * 18), LIKE, LIMITS).thin
    told = time_kept(history([600.0] * 20), LIKE, LIMITS)
    assert (told.seconds, told.thin) == (600, False)


def test_it_is_never_below_the_floor() -> None:
    assert time_kept(history([5.0] * 100), LIKE, LIMITS).seconds == 300


def test_like_cases_count_more_than_others_of_the_place() -> None:
    quick, slow = [600.0] * 200, [6000.0] * 200
    mixed = History(
        np.array(quick + slow),
        np.zeros(400),
        np.array([0] * 200 + [1] * 200),
        np.ones(400, int),
        np.zeros(400, int),
    )
    assert time_kept(mixed, Like(0, 1, 0), LIMITS).seconds == 600
    assert time_kept(mixed, Like(1, 1, 0), LIMITS).seconds == 6000


def test_a_channel_without_history_borrows_from_the_others() -> None:
    told = time_kept(history([900.0] * 50), Like(7, 3, 0), LIMITS)
    assert (told.seconds, told.thin) == (900, False)


@pytest.mark.parametrize("seed", range(8))
def test_more_to_do_never_means_sooner(seed: int) -> None:
    pick = np.random.default_rng(seed)
    size = 300
    past = History(
        pick.gamma(2, 600, size), pick.uniform(0, 1e7, size), pick.integers(0, 3, size), pick.integers(0, 6, size),
        pick.integers(0, 20, size),
    )  # fmt: skip
    told = [time_kept(past, Like(1, 2, load), LIMITS).seconds for load in range(25)]
    assert told == sorted(told)


def test_the_range_holds_what_is_told_and_is_narrower_with_more_cases() -> None:
    pick = np.random.default_rng(1)
    few, many = (time_kept(history(pick.gamma(2, 600, size).tolist()), LIKE, LIMITS) for size in (60, 3000))
    assert few.low <= few.seconds <= few.high
    assert many.high - many.low < few.high - few.low


def test_misses_raise_the_level_and_hits_lower_it_slowly() -> None:
    assert level_after(np.array([], dtype=bool)) == 0.95
    assert level_after(np.array([False])) > 0.95 > level_after(np.array([True] * 10)) >= 0.93
    assert level_after(np.array([False] * 50)) == 0.995


@pytest.mark.parametrize("drift", ["none", "sudden", "slow"])
def test_nineteen_of_twenty_times_told_are_beaten_whatever_the_place_does(drift: str) -> None:
    share = simulate(drift, cases=1500, seed=5).beaten
    assert 0.93 <= share <= 0.985


@pytest.mark.parametrize(
    ("hour", "band"), [(5, 0), (6, 1), (10, 1), (11, 2), (17, 3), (21, 4), (23, 0), (0, 0)]
)
def test_hours_fall_into_parts_of_the_day(hour: int, band: int) -> None:
    assert band_of(hour) == band


@pytest.mark.parametrize(
    ("seconds", "told"), [(60, 300), (300, 300), (301, 600), (3601, 4500), (14401, 16200)]
)
def test_it_is_told_as_people_say_times(seconds: float, told: float) -> None:
    assert round_up(seconds) == told


def test_a_level_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="A level lies between"):
        time_kept(history([1.0]), LIKE, LIMITS, level=1.0)
