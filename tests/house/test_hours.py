"""Hours as people write them."""

from __future__ import annotations

from datetime import time

import pytest

from rugui.house import hours


@pytest.mark.parametrize(
    ("text", "shifts"),
    [
        ("", []),
        ("   ", []),
        ("7-14", [(time(7), time(14))]),
        ("17:00–1:30, 07:00–14:00", [(time(7), time(14)), (time(17), time(1, 30))]),
        ("9.30 - 12.00、13：00～18：00", [(time(9, 30), time(12)), (time(13), time(18))]),
        ("上午", None),
        ("0:00–24:00", [(time(0), time(0))]),
    ],
)
def test_it_reads_shifts(text: str, shifts: list[hours.Hours] | None) -> None:
    if shifts is None:
        with pytest.raises(hours.HoursError, match=r"^“上午” cannot be read as hours\. Write them like"):
            hours.read(text)
    else:
        assert hours.read(text) == shifts


def test_it_reads_what_it_writes() -> None:
    shifts = [(time(7), time(14)), (time(17), time(1))]
    assert hours.written(shifts) == "07:00–14:00, 17:00–01:00"
    assert hours.read(hours.written(shifts)) == shifts
    assert hours.written([]) == ""


@pytest.mark.parametrize("text", ["25-26", "9:60-10", "9-24:30"])
def test_it_refuses_times_that_no_clock_shows(text: str) -> None:
    with pytest.raises(hours.HoursError, match="is not a time of day"):
        hours.read(text)


@pytest.mark.parametrize("text", ["7-14, 13-18", "0-0, 9-10", "20-3, 2-4"])
def test_it_refuses_shifts_that_overlap(text: str) -> None:
    if text == "20-3, 2-4":  # the first ends on the next day, where the second does not begin
        assert hours.read(text) == [(time(2), time(4)), (time(20), time(3))]
    else:
        with pytest.raises(hours.Overlap, match="Two shifts overlap at"):
            hours.read(text)


def test_touching_shifts_do_not_overlap() -> None:
    assert hours.read("7-14, 14-18") == [(time(7), time(14)), (time(14), time(18))]


def test_a_shift_over_midnight_meets_the_next_morning() -> None:
    with pytest.raises(hours.Overlap) as caught:
        hours.refuse_overlaps([(0, time(18), time(3)), (1, time(2), time(10))], weekly=True)
    assert caught.value.days == (0, 1)
    assert str(caught.value) == "Two shifts overlap at 02:00. End the first one before the next begins."


def test_sunday_night_meets_monday_morning() -> None:
    sunday_night = [(0, time(1), time(9)), (6, time(20), time(2))]
    with pytest.raises(hours.Overlap) as caught:
        hours.refuse_overlaps(sunday_night, weekly=True)
    assert caught.value.days == (6, 0)
    hours.refuse_overlaps(sunday_night)


def test_around_the_clock_all_week_is_fine() -> None:
    hours.refuse_overlaps([(day, time(0), time(0)) for day in range(7)], weekly=True)


def test_the_picture_of_a_day_ends_at_midnight() -> None:
    assert hours.bars([(time(7), time(14)), (time(17), time(1))]) == [(420, 420), (1020, 420)]
