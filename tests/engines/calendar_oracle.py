"""A second opinion on calendars: minute by minute, by the wall clock, and as slow as that is.

    python -m tests.engines.calendar_oracle 20000     so many random calendars, ten questions each

Nothing here shares a line with the engine. A shift opens at the first minute whose wall time is its opening time or
later, and closes after the last minute whose wall time is before its closing time.
"""

from __future__ import annotations

import random
import sys
import time as clock
from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import accumulate
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from rugui.engines import calendar as engine
from rugui.engines.calendar import timeline as timeline  # engine.timeline

MINUTE = timedelta(minutes=1)
Minute = int
"""Minutes since 1970, UTC; wall times are counted the same way, as if their zone were UTC."""

ZONES_WITH_CHANGES = {
    "Europe/Berlin": ["2026-03-29", "2026-10-25"],
    "America/New_York": ["2026-03-08", "2026-11-01"],
    "Australia/Lord_Howe": ["2026-04-05", "2026-10-04"],  # half an hour
    "Antarctica/Troll": ["2026-03-29", "2026-10-25"],  # two hours
    "America/St_Johns": ["2010-03-14", "2010-11-07"],  # at one minute past midnight
    "America/Sao_Paulo": ["2018-11-04", "2018-02-18"],  # at midnight
    "Asia/Beirut": ["2022-03-27", "2022-10-30"],  # at midnight
    "Pacific/Apia": ["2011-12-30", "2011-09-24"],  # a whole day skipped
    "Africa/Casablanca": ["2026-02-15", "2026-03-22"],
    "Asia/Taipei": ["2026-09-03"],
    "Asia/Kathmandu": ["2026-09-03"],
}
LONGEST = 5


def minute(moment: datetime) -> Minute:
    return (
        int(moment.replace(tzinfo=UTC).timestamp()) // 60
        if moment.tzinfo is None
        else int(moment.timestamp()) // 60
    )


@cache
def wall(zone: str, start: Minute, count: int) -> tuple[Minute, ...]:
    """What the clock on the wall shows in each of `count` minutes."""
    shown = []
    for number in range(start, start + count):
        local = datetime.fromtimestamp(number * 60, UTC).astimezone(ZoneInfo(zone))
        shown.append(minute(local.replace(tzinfo=None)))
    return tuple(shown)


@cache
def wall_array(zone: str, start: Minute, count: int) -> NDArray[np.int64]:
    return np.array(wall(zone, start, count))


def open_minutes(
    zone: str,
    hours: list[tuple[int, time, time]],
    special_days: list[tuple[date, time | None, time | None]],
    start: Minute,
    count: int,
) -> list[bool]:
    """Whether the place is open in each minute; three days before and after are looked at too."""
    margin = 3 * 1440
    window = (zone, start - margin, count + 2 * margin)
    shown = wall(*window)
    marks = np.zeros(len(shown) + 1, dtype=np.int32)
    special = {day for day, _, _ in special_days}
    day = datetime.fromtimestamp(shown[0] * 60, UTC).date()
    for _ in range(len(shown) // 1440 + 3):
        if day in special:
            today = [(opens, closes) for on, opens, closes in special_days if on == day and opens and closes]
        else:
            today = [(opens, closes) for weekday, opens, closes in hours if weekday == day.weekday()]
        for opens, closes in today:
            begins = minute(datetime.combine(day, opens))
            ends = minute(datetime.combine(day if closes > opens else day + timedelta(days=1), closes))
            first = first_at_or_after(window, begins)
            after_last = after_last_before(window, ends)
            if first < after_last:
                marks[first] += 1
                marks[after_last] -= 1
        day += timedelta(days=1)
    opened: list[bool] = (np.cumsum(marks[:-1]) > 0)[margin : margin + count].tolist()
    return opened


@cache
def first_at_or_after(window: tuple[str, Minute, int], wanted: Minute) -> int:
    late = wall_array(*window) >= wanted
    return int(late.argmax()) if late.any() else len(late)


@cache
def after_last_before(window: tuple[str, Minute, int], wanted: Minute) -> int:
    early = wall_array(*window)[::-1] < wanted
    return len(early) - int(early.argmax()) if early.any() else 0


def random_case(
    pick: random.Random,
) -> tuple[str, list[tuple[int, time, time]], list[tuple[date, time | None, time | None]], datetime, int]:
    """A zone, weekly hours, special days, and a window around a change of the clocks (or not)."""
    zone = pick.choice(list(ZONES_WITH_CHANGES))
    middle = datetime.fromisoformat(pick.choice(ZONES_WITH_CHANGES[zone])).replace(tzinfo=UTC)
    start = middle - timedelta(days=2)

    def some_time() -> time:
        hour = pick.choice([23, 0, 0, 1, 1, 2, 2, 3, 3, 4]) if pick.random() < 0.5 else pick.randrange(24)
        return time(hour, pick.choice([0, 0, 0, 15, 30, 30, 45, 1, 59]))

    hours = []
    for weekday in range(7):
        for _ in range(pick.choice([0, 1, 1, 1, 2, 2, 3])):
            opens = some_time()
            hours.append((weekday, opens, opens if pick.random() < 0.08 else some_time()))
    special: list[tuple[date, time | None, time | None]] = []
    for offset in range(-3, LONGEST + 3):
        if pick.random() < 0.15:
            day = (start + timedelta(days=offset)).date()
            shifts = [(day, some_time(), some_time()) for _ in range(pick.choice([0, 1, 2]))]
            special += shifts or [(day, None, None)]
    return zone, hours, special, start, LONGEST * 1440


def compare(pick: random.Random, rounds: int = 3) -> int:
    """One random calendar, asked everything; returns how many answers were compared, raises on a difference."""
    zone, hours, special, start, count = case = random_case(pick)
    calendar = engine.Calendar.from_rows(zone, hours, special)
    truth = open_minutes(zone, hours, special, minute(start), count)
    end = start + count * MINUTE

    expected: list[tuple[datetime, datetime]] = []
    for index, is_open in enumerate(truth):
        if is_open and index and truth[index - 1]:
            expected[-1] = (expected[-1][0], start + (index + 1) * MINUTE)
        elif is_open:
            expected.append((start + index * MINUTE, start + (index + 1) * MINUTE))
    found = [tuple(span) for span in engine.open_spans(calendar, start, end)]
    assert found == expected, (case, found, expected)

    answers = 1
    before = [0, *accumulate(truth)]
    for _ in range(rounds):
        index = pick.randrange(count)
        at = start + index * MINUTE
        assert engine.is_open(calendar, at) == truth[index], (case, at)
        answers += 2
        opens = next((later for later in range(index, count) if truth[later]), None)
        if opens is not None:
            answers += 1
            assert engine.next_open(calendar, at) == start + opens * MINUTE, (case, at)
        closes = next((later for later in range(index, count) if not truth[later]), None)
        if closes is not None:
            expected_close = start + closes * MINUTE if truth[index] else None
            answers += 1
            assert engine.closes_at(calendar, at) == expected_close, (case, at)
        other = pick.randrange(count)
        worked = engine.working_time_between(calendar, at, start + other * MINUTE)
        assert worked == (before[other] - before[index]) * MINUTE, (case, at, other)
        if available := before[count] - before[index]:
            amount = pick.randint(1, available)
            done = start + bisect_left(before, before[index] + amount) * MINUTE
            answers += 1
            assert engine.add_working_time(calendar, at, amount * MINUTE) == done, (case, at, amount)
        if available := before[index]:
            amount = pick.randint(1, available)
            begun = start + (bisect_right(before, before[index] - amount) - 1) * MINUTE
            answers += 1
            assert engine.subtract_working_time(calendar, at, amount * MINUTE) == begun, (case, at, amount)
        answers += compare_with_pauses(pick, calendar, truth, start)
    return answers + compare_many(pick, calendar, before, start)


def compare_with_pauses(
    pick: random.Random, calendar: engine.Calendar, truth: list[bool], start: datetime
) -> int:
    """Adding and measuring while some minutes, in no order and some of them twice, do not count."""
    count = len(truth)
    pauses, counts = [], list(truth)
    for _ in range(pick.randrange(4)):
        begins = pick.randrange(count)
        ends = min(count, begins + pick.choice([0, 1, 30, 500, 2000]))
        counts[begins:ends] = [False] * (ends - begins)
        pauses.append((start + begins * MINUTE, start + ends * MINUTE))
    before = [0, *accumulate(counts)]
    index, other = sorted(pick.randrange(count) for _ in range(2))
    at = start + index * MINUTE
    worked = engine.working_time_between(calendar, at, start + other * MINUTE, pauses)
    assert worked == (before[other] - before[index]) * MINUTE, (calendar, at, pauses)
    if not (available := before[count] - before[index]):
        return 1
    amount = pick.randint(1, available)
    done = start + bisect_left(before, before[index] + amount) * MINUTE
    assert engine.add_working_time(calendar, at, amount * MINUTE, pauses) == done, (
        calendar,
        at,
        amount,
        pauses,
    )
    return 2


def compare_many(pick: random.Random, calendar: engine.Calendar, before: list[int], start: datetime) -> int:
    """The vectorised answers, for twenty moments at once."""
    count = len(before) - 1
    line = engine.Timeline(calendar, start, start + count * MINUTE)
    first, unit = engine.timeline.microseconds(start), 60_000_000
    at = np.array([pick.randrange(count) for _ in range(20)])
    other = np.array([pick.randrange(count) for _ in range(20)])
    sums = np.array(before)
    assert (line.between(first + at * unit, first + other * unit) == (sums[other] - sums[at]) * unit).all()
    amounts = np.array([pick.randint(1, max(1, count // 3)) for _ in range(20)])
    added, taken = (
        line.add(first + at * unit, amounts * unit),
        line.subtract(first + at * unit, amounts * unit),
    )
    for place, (index, amount) in enumerate(zip(at.tolist(), amounts.tolist(), strict=True)):
        ends = (
            bisect_left(before, before[index] + amount) if before[index] + amount <= before[count] else None
        )
        assert added[place] == (engine.timeline.NEVER if ends is None else first + ends * unit), (
            calendar,
            index,
            amount,
        )
        begins = bisect_right(before, before[index] - amount) - 1 if amount <= before[index] else None
        assert taken[place] == (-engine.timeline.NEVER if begins is None else first + begins * unit), (
            calendar,
            index,
            amount,
        )
    return 60


def main() -> None:
    calendars = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    began, answers = clock.monotonic(), 0
    pick = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 20260903)
    for _ in range(calendars):
        answers += compare(pick, rounds=1)
    print(f"{calendars} calendars, {answers} answers, 0 differences, {clock.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
