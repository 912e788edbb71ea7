"""Claims: how far to believe them, what contradicts them, how long they hold, which days come again."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rugui.engines.claims import (
    Check,
    Claim,
    Day,
    confidence,
    contradicts,
    half_life_days,
    learn_half_life,
    next_occurrence,
    promotes,
    read_day,
    repeats,
    standing_at_first,
    weigh,
    worth_asking,
)
from rugui.engines.claims.priors import NEVER, TRUST

NOON = datetime(2026, 9, 3, 12, tzinfo=UTC)
KINDS = ["need", "preference", "goal", "person", "date", "wish", "mood", "fact"]
moments = st.timedeltas(timedelta(), timedelta(days=4000)).map(lambda ago: NOON - ago)
claims = st.builds(
    Claim,
    kind=st.sampled_from(KINDS),
    source=st.sampled_from(sorted(TRUST)),
    learned_at=moments,
    topic=st.sampled_from(["", "coffee", "pillow", "food"]),
    value=st.sampled_from(["", "black", "firm"]),
    text=st.sampled_from(["one", "two"]),
    polarity=st.sampled_from([-1, 0, 1]),
    standing=st.booleans(),
    confirmed_at=st.none() | moments,
    open=st.booleans(),
)


def claim(kind: str = "preference", source: str = "said", days_ago: float = 0, **fields: object) -> Claim:
    return Claim(kind, source, NOON - timedelta(days=days_ago), **fields)  # type: ignore[arg-type]


@given(claims, st.floats(0, 4000), st.floats(0, 4000))
def test_confidence_is_a_share_and_never_grows_by_waiting(one: Claim, first: float, more: float) -> None:
    start = max(one.anchor, NOON)
    early = confidence(one, start + timedelta(days=first))
    late = confidence(one, start + timedelta(days=first + more))
    assert 0 <= late <= early <= 1


@given(claims, st.floats(0, 30_000))
def test_a_need_never_fades(one: Claim, days: float) -> None:
    need = replace(one, kind="need", valid_from=None, valid_until=None)
    assert confidence(need, need.anchor + timedelta(days=days)) == confidence(need, need.anchor)


@given(claims)
def test_half_is_left_after_a_half_life(one: Claim) -> None:
    half = half_life_days(one)
    if half != NEVER:
        assert confidence(one, one.anchor + timedelta(days=half)) == pytest.approx(
            confidence(one, one.anchor) / 2
        )


@given(claims)
def test_confirming_never_lowers_it(one: Claim) -> None:
    assert confidence(replace(one, confirmed_at=NOON), NOON) >= confidence(one, NOON)


def test_nothing_holds_outside_of_its_days() -> None:
    summer = claim(valid_from=date(2026, 6, 1), valid_until=date(2026, 9, 2))
    assert confidence(summer, NOON) == 0
    assert confidence(summer, NOON - timedelta(days=1)) == TRUST["said"]


def test_what_the_house_has_learned_takes_the_place_of_the_prior_except_for_needs() -> None:
    assert half_life_days(claim(topic="coffee"), {"coffee": 100.0}) == 100.0
    assert half_life_days(claim(topic="coffee")) == 730.0
    assert half_life_days(claim("need", topic="coffee"), {"coffee": 100.0}) == NEVER


@given(claims, claims)
def test_contradiction_and_repetition_are_symmetric_and_exclude_each_other(one: Claim, other: Claim) -> None:
    assert contradicts(one, other) == contradicts(other, one)
    assert repeats(one, other) == repeats(other, one)
    assert not (contradicts(one, other) and repeats(one, other))
    assert not contradicts(one, one)


@given(st.lists(claims, max_size=6), claims)
def test_a_need_and_what_was_witnessed_are_never_struck_by_a_guess(known: list[Claim], new: Claim) -> None:
    verdict = weigh(known, new)
    assert all(contradicts(known[index], new) and known[index].kind != "need" for index in verdict.strikes)
    if new.source in {"inferred", "acquired"}:
        assert all(known[index].source in {"inferred", "acquired"} for index in verdict.strikes)
    assert not (verdict.strikes and verdict.struck_by is not None)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"topic": "coffee", "polarity": 1}, {"topic": "coffee", "polarity": -1}, True),
        ({"topic": "coffee", "polarity": 1, "value": "black"}, {"topic": "coffee", "polarity": -1}, True),
        ({"topic": "coffee", "polarity": 1}, {"topic": "coffee", "polarity": -1, "value": "decaf"}, False),
        ({"topic": "pillow", "value": "firm"}, {"topic": "pillow", "value": "soft"}, True),
        (
            {"topic": "food", "value": "beef", "polarity": 1},
            {"topic": "food", "value": "fish", "polarity": 1},
            False,
        ),
        ({"topic": "food", "polarity": 1}, {"topic": "food", "polarity": -1}, False),
        ({"topic": "pillow", "value": "firm"}, {"topic": "pillow", "value": "soft", "subject": "Mei"}, False),
    ],
)
def test_what_contradicts_what(one: dict[str, object], other: dict[str, object], expected: bool) -> None:
    assert contradicts(claim(**one), claim(**other)) is expected


def test_what_is_seen_once_is_situational_until_said_or_seen_again() -> None:
    assert standing_at_first("preference", "seen") is False
    assert standing_at_first("preference", "said") is True
    assert standing_at_first("need", "seen") is True
    assert standing_at_first("mood", "said") is False
    once = claim(source="seen", days_ago=30, standing=False, topic="music", text="claps to the band")
    assert promotes(once, replace(once, learned_at=NOON)) is True
    assert promotes(once, replace(once, learned_at=once.learned_at + timedelta(hours=1))) is False
    assert promotes(replace(once, occasion=7), replace(once, learned_at=NOON, occasion=7)) is False
    assert promotes(once, replace(once, source="said")) is True
    assert promotes(once, replace(once, source="inferred", learned_at=NOON)) is False


@given(st.lists(claims, max_size=12), st.integers(0, 3))
def test_at_most_two_are_asked_again_and_only_what_may_be_spoken_of(known: list[Claim], already: int) -> None:
    picked = worth_asking(known, NOON, already=already)
    assert len(picked) <= max(2 - already, 0)
    for index in picked:
        assert known[index].open
        assert known[index].standing
        assert known[index].kind != "need"
        assert known[index].source not in {"inferred", "acquired"}


def test_no_answers_leave_the_prior_and_answers_move_it() -> None:
    prior = learn_half_life([], 730)
    held = learn_half_life([Check(365, True)] * 5, 730)
    lost = learn_half_life([Check(365, False)] * 5, 730)
    assert prior.low < 730 < prior.high
    assert lost.days < prior.days < held.days
    assert (prior.checks, held.checks) == (0, 5)


@given(st.lists(st.builds(Check, st.floats(0, 3000), st.booleans()), max_size=8), st.floats(1, 3000))
def test_one_more_that_held_never_shortens_it_and_the_range_holds_the_middle(
    checks: list[Check], days: float
) -> None:
    before = learn_half_life(checks, 365)
    after = learn_half_life([*checks, Check(days, True)], 365)
    assert after.days >= before.days
    assert 0 < before.low <= before.days <= before.high


def test_the_range_holds_the_truth_nine_times_in_ten() -> None:
    """Claims that cease at a rate drawn from the prior itself, asked about at random times."""
    source, hits = random.Random(8), 0
    for _trial in range(300):
        rate = source.gammavariate(2, math.log(2) / 365 / 2)
        checks = [
            Check(days, source.random() < math.exp(-rate * days))
            for days in source.choices(range(30, 900), k=20)
        ]
        found = learn_half_life(checks, 365)
        hits += found.low <= math.log(2) / rate <= found.high
    assert 0.86 <= hits / 300 <= 0.94


@pytest.mark.parametrize("days", [0, -1, NEVER])
def test_a_half_life_is_learned_from_a_finite_one(days: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        learn_half_life([], days)


@pytest.mark.parametrize(
    ("text", "lunar", "day"),
    [
        ("1985-03-08", False, Day(3, 8, 1985)),
        ("--02-29", False, Day(2, 29)),
        ("--02-30", True, Day(2, 30, None, True)),
        ("--02-30", False, None),
        ("2023-02-29", False, None),
        ("--13-01", True, None),
        ("8 March", False, None),
        ("0000-01-01", False, None),
    ],
)
def test_days_are_read_with_their_year_or_without(text: str, lunar: bool, day: Day | None) -> None:
    assert read_day(text, lunar=lunar) == day
    if day is not None:
        assert str(day) == text


@pytest.mark.parametrize(
    ("day", "after", "comes"),
    [
        (Day(3, 8), date(2026, 3, 8), date(2026, 3, 8)),
        (Day(3, 8), date(2026, 3, 9), date(2027, 3, 8)),
        (Day(2, 29), date(2026, 1, 1), date(2026, 2, 28)),
        (Day(2, 29), date(2028, 1, 1), date(2028, 2, 29)),
        (Day(1, 1, None, True), date(2026, 1, 1), date(2026, 2, 17)),  # New Year
        (Day(8, 15, None, True), date(2026, 1, 1), date(2026, 9, 25)),  # Mid-Autumn
        (Day(5, 5, None, True), date(2025, 6, 1), date(2026, 6, 19)),  # Dragon Boat
        (
            Day(12, 30, None, True),
            date(2025, 1, 1),
            date(2025, 1, 28),
        ),  # a month of 29 days: still New Year's Eve
        (Day(1, 1, None, True), date(2101, 6, 1), None),
    ],
)
def test_days_come_again_by_either_calendar(day: Day, after: date, comes: date | None) -> None:
    assert next_occurrence(day, after) == comes


@given(st.integers(1, 12), st.integers(1, 30), st.dates(date(1905, 1, 1), date(2095, 1, 1)))
def test_a_lunar_day_comes_within_thirteen_months(month: int, day: int, after: date) -> None:
    found = next_occurrence(Day(month, day, None, True), after)
    assert found is not None
    assert after <= found <= after + timedelta(days=385)
