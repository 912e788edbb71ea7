"""Days that come again: birthdays and anniversaries, with their year or without, by either calendar."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

_WRITTEN = re.compile(r"(?:([0-9]{4})|-)-([0-9]{2})-([0-9]{2})")
FIRST, LAST = 1900, 2100
"""The years that the traditional Chinese calendar is tabulated for."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the year; `lunar` when its month and day count by the traditional Chinese calendar."""

    month: int
    day: int
    year: int | None = None
    lunar: bool = False

    def __str__(self) -> str:
        return f"{'-' if self.year is None else f'{self.year:04d}'}-{self.month:02d}-{self.day:02d}"


def read_day(text: str, *, lunar: bool = False) -> Day | None:
    """ "1985-03-08" or, without a year, "--03-08"; None when there is no such day."""
    found = _WRITTEN.fullmatch(text)
    if found is None:
        return None
    year = int(found[1]) if found[1] else None
    day = Day(int(found[2]), int(found[3]), year, lunar)
    if not 1 <= day.month <= 12 or year == 0:
        return None
    longest = 30 if lunar else calendar.monthrange(year or 2000, day.month)[1]
    return day if 1 <= day.day <= longest else None


def next_occurrence(day: Day, after: date) -> date | None:
    """The first day on or after `after` on which it comes again; None beyond the tabulated years.

    29 February comes on the 28th where there is none, and the thirtieth of a lunar month of 29 days on the 29th (so that
    New Year's Eve is New Year's Eve). A lunar birthday is kept in the ordinary month, not in the leap one.
    """
    if not day.lunar:
        for year in (after.year, after.year + 1):
            if year <= date.max.year and (found := _solar(year, day)) >= after:
                return found
        return None
    for year in (after.year - 1, after.year, after.year + 1):
        if FIRST <= year <= LAST and (found := _lunar(year, day)) >= after:
            return found
    return None


def _solar(year: int, day: Day) -> date:
    return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))


def _lunar(year: int, day: Day) -> date:
    from borax.calendars.lunardate import (
        LCalendars,
        LunarDate,
    )  # few houses keep lunar days, and it is half a megabyte

    longest = LCalendars.ndays(year, day.month)
    found: date = LunarDate(year, day.month, min(day.day, longest)).to_solar_date()
    return found
