"""When a place is open: the week, special days, nights, and the days on which the clocks change."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rugui.engines.calendar import (
    Calendar,
    Shift,
    add_working_time,
    closes_at,
    is_open,
    next_open,
    open_spans,
    working_time_between,
)

from . import calendar_oracle as oracle

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 9, 7)
HOUR = timedelta(hours=1)
OFFICE = [(weekday, time(9), time(17)) for weekday in range(5)]


def berlin(text: str, fold: int = 0) -> datetime:
    """In UTC, because Python holds a time that is shown twice unequal to any in another zone."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold).astimezone(UTC)


def spans(calendar: Calendar, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    return [(span.start, span.end) for span in open_spans(calendar, start, end)]


def every_day(opens: time, closes: time) -> Calendar:
    return Calendar.from_rows(BERLIN, [(weekday, opens, closes) for weekday in range(7)])


def test_it_handles_a_split_shift() -> None:
    calendar = Calendar.from_rows(BERLIN, [(0, time(17), time(22)), (0, time(11, 30), time(14))])
    assert spans(calendar, berlin("2026-09-07"), berlin("2026-09-14")) == [
        (berlin("2026-09-07T11:30"), berlin("2026-09-07T14:00")),
        (berlin("2026-09-07T17:00"), berlin("2026-09-07T22:00")),
    ]
    assert not is_open(calendar, berlin("2026-09-07T14:00"))
    assert is_open(calendar, berlin("2026-09-07T13:59:59"))
    assert next_open(calendar, berlin("2026-09-07T14:00")) == berlin("2026-09-07T17:00")
    assert next_open(calendar, berlin("2026-09-07T12:00")) == berlin("2026-09-07T12:00")


def test_a_shift_over_midnight_belongs_to_the_day_it_begins_on() -> None:
    calendar = Calendar.from_rows(BERLIN, [(0, time(20), time(2))])
    assert spans(calendar, berlin("2026-09-07"), berlin("2026-09-14")) == [
        (berlin("2026-09-07T20:00"), berlin("2026-09-08T02:00"))
    ]
    assert is_open(calendar, berlin("2026-09-08T01:59"))
    assert closes_at(calendar, berlin("2026-09-08T01:59")) == berlin("2026-09-08T02:00")


def test_a_shift_that_ends_at_midnight_joins_one_that_begins_there() -> None:
    calendar = Calendar.from_rows(BERLIN, [(0, time(20), time(0)), (1, time(0), time(3))])
    assert spans(calendar, berlin("2026-09-07"), berlin("2026-09-14")) == [
        (berlin("2026-09-07T20:00"), berlin("2026-09-08T03:00"))
    ]


def test_equal_times_mean_until_the_same_time_next_day() -> None:
    calendar = Calendar.from_rows(BERLIN, [(0, time(9), time(9))])
    assert spans(calendar, berlin("2026-09-07"), berlin("2026-09-14")) == [
        (berlin("2026-09-07T09:00"), berlin("2026-09-08T09:00"))
    ]


def test_a_place_that_never_closes_is_one_span_and_has_no_closing_time() -> None:
    calendar = every_day(time(0), time(0))
    start, end = berlin("2026-03-01"), berlin("2026-11-30")
    assert spans(calendar, start, end) == [(start, end)]
    assert closes_at(calendar, start) is None
    assert working_time_between(calendar, start, end) == end - start


def test_shifts_that_overlap_are_counted_once() -> None:
    calendar = Calendar.from_rows(
        BERLIN, [(0, time(9), time(15)), (0, time(10), time(11)), (0, time(14), time(18))]
    )
    assert working_time_between(calendar, berlin("2026-09-07"), berlin("2026-09-08")) == 9 * HOUR
    assert add_working_time(calendar, berlin("2026-09-07"), 9 * HOUR) == berlin("2026-09-07T18:00")


def test_a_special_day_replaces_the_weekly_hours() -> None:
    special = [(MONDAY, None, None), (MONDAY + timedelta(days=1), time(10), time(12)),
               (MONDAY + timedelta(days=1), time(13), time(14)), (MONDAY + timedelta(days=5), time(9), time(11))]  # fmt: skip
    calendar = Calendar.from_rows(BERLIN, OFFICE, special)
    found = spans(calendar, berlin("2026-09-07"), berlin("2026-09-14"))
    assert found[:3] == [
        (berlin("2026-09-08T10:00"), berlin("2026-09-08T12:00")),
        (berlin("2026-09-08T13:00"), berlin("2026-09-08T14:00")),
        (berlin("2026-09-09T09:00"), berlin("2026-09-09T17:00")),
    ]
    assert found[-1] == (berlin("2026-09-12T09:00"), berlin("2026-09-12T11:00"))
    assert len(found) == 6


def test_the_night_before_a_holiday_still_runs_to_its_end() -> None:
    hours = [(weekday, time(20), time(2)) for weekday in range(7)]
    calendar = Calendar.from_rows(BERLIN, hours, [(date(2027, 1, 1), None, None)])
    assert spans(calendar, berlin("2026-12-31T12:00"), berlin("2027-01-02T21:00")) == [
        (berlin("2026-12-31T20:00"), berlin("2027-01-01T02:00")),
        (berlin("2027-01-02T20:00"), berlin("2027-01-02T21:00")),
    ]


def test_a_shift_loses_the_hour_that_the_clock_skips() -> None:
    calendar = every_day(time(1), time(4))
    night = (berlin("2026-03-29"), berlin("2026-03-29T12:00"))
    assert working_time_between(calendar, *night) == 2 * HOUR
    assert spans(every_day(time(2, 30), time(4)), *night) == [
        (berlin("2026-03-29T03:00"), berlin("2026-03-29T04:00"))
    ]
    assert spans(every_day(time(1), time(2, 30)), *night) == [
        (berlin("2026-03-29T01:00"), berlin("2026-03-29T03:00"))
    ]
    assert spans(every_day(time(2), time(2, 45)), *night) == []


def test_a_shift_in_the_hour_shown_twice_lasts_from_its_first_showing_to_its_second() -> None:
    night = (berlin("2026-10-25"), berlin("2026-10-25T12:00"))
    assert working_time_between(every_day(time(1), time(4)), *night) == 4 * HOUR
    assert spans(every_day(time(2, 15), time(2, 45)), *night) == [
        (berlin("2026-10-25T02:15"), berlin("2026-10-25T02:45", fold=1))
    ]
    assert spans(every_day(time(1), time(2, 30)), *night) == [
        (berlin("2026-10-25T01:00"), berlin("2026-10-25T02:30", fold=1))
    ]
    # Closing when the hour begins: that is over before it is repeated.
    assert spans(every_day(time(1), time(2)), *night) == [
        (berlin("2026-10-25T01:00"), berlin("2026-10-25T02:00"))
    ]
    assert spans(every_day(time(3), time(4)), *night) == [
        (berlin("2026-10-25T03:00"), berlin("2026-10-25T04:00"))
    ]


def test_the_jump_is_found_exactly() -> None:
    calendar = Calendar.from_rows("Australia/Lord_Howe", [(6, time(2, 10), time(5))])
    jump = datetime(2026, 10, 3, 15, 30, tzinfo=UTC)
    assert open_spans(calendar, jump - HOUR, jump + 4 * HOUR)[0].start == jump


def test_working_time_runs_only_while_open() -> None:
    calendar = Calendar.from_rows(BERLIN, OFFICE)
    friday = berlin("2026-09-11T16:00")
    assert add_working_time(calendar, friday, HOUR / 2) == berlin("2026-09-11T16:30")
    assert add_working_time(calendar, friday, 2 * HOUR) == berlin("2026-09-14T10:00")
    assert add_working_time(calendar, berlin("2026-09-12"), 9 * HOUR) == berlin("2026-09-15T10:00")


def test_working_time_that_ends_with_the_shift_is_over_when_it_closes() -> None:
    calendar = Calendar.from_rows(BERLIN, OFFICE)
    assert add_working_time(calendar, berlin("2026-09-11T16:00"), HOUR) == berlin("2026-09-11T17:00")


def test_no_working_time_is_over_at_once_even_when_closed() -> None:
    calendar = Calendar.from_rows(BERLIN, OFFICE)
    assert add_working_time(calendar, berlin("2026-09-12"), timedelta(0)) == berlin("2026-09-12")


def test_working_time_backwards_is_negative() -> None:
    calendar = Calendar.from_rows(BERLIN, OFFICE)
    assert working_time_between(calendar, berlin("2026-09-14"), berlin("2026-09-07")) == -40 * HOUR


def test_a_place_that_is_always_closed_never_opens() -> None:
    calendar = Calendar.from_rows(BERLIN, [], [(MONDAY, None, None)])
    assert next_open(calendar, berlin("2026-09-01")) is None
    assert closes_at(calendar, berlin("2026-09-01")) is None
    assert add_working_time(calendar, berlin("2026-09-01"), HOUR) is None
    assert spans(calendar, berlin("2026-09-01"), berlin("2027-09-01")) == []


def test_a_place_open_on_special_days_only_opens_on_the_next_of_them() -> None:
    fair = date(2028, 5, 6)
    calendar = Calendar.from_rows(BERLIN, [], [(MONDAY, time(9), time(10)), (fair, time(9), time(10))])
    assert next_open(calendar, berlin("2026-09-08")) == berlin("2028-05-06T09:00")
    assert add_working_time(calendar, berlin("2026-09-01"), 2 * HOUR) == berlin("2028-05-06T10:00")
    assert add_working_time(calendar, berlin("2026-09-01"), 2 * HOUR + timedelta.resolution) is None


def test_nothing_is_open_between_a_moment_and_itself_or_an_earlier_one() -> None:
    calendar = every_day(time(0), time(0))
    assert spans(calendar, berlin("2026-09-07"), berlin("2026-09-07")) == []
    assert spans(calendar, berlin("2026-09-07"), berlin("2026-09-06")) == []


def test_moments_without_a_zone_and_shifts_with_one_are_refused() -> None:
    calendar = Calendar.from_rows(BERLIN, OFFICE)
    with pytest.raises(ValueError, match="A moment needs a time zone"):
        is_open(calendar, datetime.fromisoformat("2026-09-07"))
    with pytest.raises(ValueError, match="A shift is in the place's local time"):
        Shift(time(9, tzinfo=UTC), time(17))
    with pytest.raises(ValueError, match="A week has seven days"):
        Calendar(BERLIN, ((),))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="A duration cannot be negative"):
        add_working_time(calendar, berlin("2026-09-07"), -HOUR)


def test_a_calendar_made_by_hand_keeps_its_shifts_in_order_and_its_days_to_itself() -> None:
    late, early = Shift(time(17), time(22)), Shift(time(11), time(14))
    days = {MONDAY: (late, early)}
    calendar = Calendar(BERLIN, ((late, early), (), (), (), (), (), ()), days)
    days.clear()
    assert calendar.shifts_on(MONDAY) == (early, late)
    assert calendar.shifts_on(MONDAY + timedelta(days=7)) == (early, late)
    assert calendar.shifts_on(MONDAY + timedelta(days=1)) == ()


def test_random_calendars_agree_with_the_wall_clock_minute_by_minute() -> None:
    pick = random.Random(2026)
    assert sum(oracle.compare(pick) for _ in range(150)) > 2000


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False))
def test_calendars_that_hypothesis_thinks_up_agree_too(pick: random.Random) -> None:
    assert oracle.compare(pick) > 0


times = st.times().map(lambda value: value.replace(tzinfo=None))
moments = st.integers(0, 37 * 366 * 86_400).map(
    lambda seconds: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
calendars = st.builds(
    Calendar.from_rows,
    st.sampled_from(sorted(oracle.ZONES_WITH_CHANGES)),
    st.lists(st.tuples(st.integers(0, 6), times, times), max_size=10),
)


@settings(max_examples=200, deadline=None)
@given(calendars, moments, st.timedeltas(timedelta.resolution, timedelta(days=3)))
def test_adding_working_time_and_measuring_it_are_inverse(
    calendar: Calendar, start: datetime, duration: timedelta
) -> None:
    end = add_working_time(calendar, start, duration)
    if not any(calendar.week):
        assert end is None
    elif end is not None:
        assert working_time_between(calendar, start, end) == duration
        assert (
            working_time_between(calendar, start, end - timedelta.resolution)
            == duration - timedelta.resolution
        )


@settings(max_examples=200, deadline=None)
@given(
    calendars,
    moments,
    st.timedeltas(timedelta(0), timedelta(days=9)),
    st.timedeltas(timedelta(0), timedelta(days=9)),
)
def test_working_time_adds_up(
    calendar: Calendar, start: datetime, first: timedelta, second: timedelta
) -> None:
    middle, end = start + first, start + first + second
    parts = working_time_between(calendar, start, middle) + working_time_between(calendar, middle, end)
    assert working_time_between(calendar, start, end) == parts
    found = open_spans(calendar, start, end)
    assert sum((span.end - span.start for span in found), timedelta(0)) == parts
    assert all(one.end < other.start for one, other in pairwise(found))
    assert all(
        is_open(calendar, span.start) and closes_at(calendar, span.start) in {span.end, None}
        for span in found[:-1]
    )
