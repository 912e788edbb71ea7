"""The spread between groups: what remains of differences when luck has been taken away."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rugui.engines.spread import Group, chi_square, group, spread


def _house(
    random: Random, people: int, each: int, mean: float, apart: float
) -> tuple[list[Group[int]], list[float]]:
    """People whose true shares are Beta with this mean and standard deviation, each seen `each` times."""
    if apart:
        strength = mean * (1 - mean) / apart**2 - 1
        truths = [random.betavariate(mean * strength, (1 - mean) * strength) for _person in range(people)]
    else:
        truths = [mean] * people
    seen = [
        group(number, [float(random.random() < truth) for _one in range(each)])
        for number, truth in enumerate(truths)
    ]
    return seen, truths


def test_nineteen_in_twenty_intervals_hold_the_true_spread() -> None:
    random, held, runs = Random(7), 0, 400
    for _run in range(runs):
        found = spread(_house(random, 10, 25, 0.8, 0.12)[0])
        held += found.between_low <= 0.12 <= found.between_high
    assert held / runs >= 0.92


def test_the_spread_is_neither_too_large_nor_too_small_on_average() -> None:
    random, runs = Random(11), 300
    variances = [(spread(_house(random, 12, 30, 0.75, 0.15)[0]).between or 0.0) ** 2 for _run in range(runs)]
    assert sum(variances) / runs == pytest.approx(0.15**2, rel=0.08)


def test_people_who_do_not_differ_are_seldom_said_to() -> None:
    random, runs = Random(3), 400
    said = sum(spread(_house(random, 10, 20, 0.85, 0.0)[0]).differ for _run in range(runs))
    assert said / runs <= 0.05


def test_people_who_do_differ_are_found() -> None:
    random, runs = Random(5), 200
    said = sum(spread(_house(random, 10, 30, 0.75, 0.18)[0]).differ for _run in range(runs))
    assert said / runs >= 0.9


def test_drawn_towards_the_mean_is_nearer_to_the_truth() -> None:
    random, raw, drawn = Random(13), 0.0, 0.0
    for _run in range(200):
        seen, truths = _house(random, 10, 8, 0.8, 0.1)
        for each in spread(seen).groups:
            raw += (each.seen - truths[each.key]) ** 2
            drawn += ((each.drawn if each.drawn is not None else each.seen) - truths[each.key]) ** 2
    assert drawn < 0.75 * raw


def test_the_mean_of_people_who_differ_is_less_sure_than_of_people_who_do_not() -> None:
    alike = spread([group(number, [1.0] * 8 + [0.0] * 2) for number in range(6)])
    apart = spread(
        [
            group(number, [1.0] * (10 if number % 2 else 6) + [0.0] * (0 if number % 2 else 4))
            for number in range(6)
        ]
    )
    assert alike.mean == pytest.approx(0.8) == apart.mean
    assert apart.high - apart.low > alike.high - alike.low
    assert not alike.differ
    assert alike.between == 0.0


@pytest.mark.parametrize(
    "groups",
    [
        [],
        [group("a", [1.0] * 50), group("b", [0.0] * 50)],  # two are no spread
        [group(name, [1.0, 0.0]) for name in "abcdef"],  # none seen often enough
        [group(name, [1.0, 0.0, 1.0]) for name in "abcde"],  # nothing known of luck
    ],
)
def test_too_few_tell_nothing(groups: list[Group[str]]) -> None:
    found = spread(groups)
    assert found.between is None
    assert found.between is None
    assert not found.differ
    assert all(each.drawn is None for each in found.groups)


def test_two_observations_make_nobody_the_best() -> None:
    found = spread(
        [
            *(group(number, [1.0] * 18 + [0.0] * 2) for number in range(5)),
            group(9, [1.0, 1.0]),
            group(8, [0.0, 0.0]),
        ]
    )
    assert {each.key for each in found.groups if each.few} == {8, 9}
    worst = next(each for each in found.groups if each.key == 8)
    assert worst.drawn is not None
    assert worst.drawn > 0.8


def test_where_all_was_always_kept_luck_is_still_reckoned_with() -> None:
    found = spread([group(number, [1.0] * 10) for number in range(5)])
    assert found.mean == 1.0
    assert found.between == 0.0
    assert not found.differ
    assert found.low < 0.95


def test_what_is_no_share_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        group("a", [1.2])


@pytest.mark.parametrize(
    ("level", "free", "value"),
    [
        (0.025, 4, 0.484),
        (0.975, 4, 11.143),
        (0.025, 9, 2.700),
        (0.975, 9, 19.023),
        (0.975, 2, 7.378),
        (0.975, 30, 46.979),
    ],
)
def test_chi_square_is_near_the_tables(level: float, free: int, value: float) -> None:
    assert chi_square(level, free) == pytest.approx(value, rel=0.02, abs=0.05)


@given(some.lists(some.lists(some.floats(0, 1), max_size=12), max_size=8))
def test_everything_stays_on_its_scale(scores: list[list[float]]) -> None:
    found = spread([group(number, each) for number, each in enumerate(scores)])
    assert 0 <= found.between_low <= (found.between or 0.0) + 1e-9 or found.between is None
    assert found.between is None or found.between <= found.between_high + 1e-9 <= 0.51
    assert 0 <= found.low <= found.high <= 1
    for each in found.groups:
        assert 0 <= each.low <= each.high <= 1
        assert each.drawn is None or -1e-9 <= each.drawn <= 1 + 1e-9
