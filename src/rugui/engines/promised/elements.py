"""The words of which deadlines are made, whatever the language: lengths of time, hours, days, parts of days."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Half = Literal["am", "pm", ""]


@dataclass(frozen=True, slots=True)
class Element:
    kind: Literal["length", "clock", "day", "part", "close"]
    begins: int
    ends: int
    length: timedelta = timedelta()
    hour: int = 0
    minute: int = 0
    half: Half = ""
    day: date = date.min
    part: str = ""
    before: bool = False
    """The words exclude the day or part itself: "before Friday", 週五前."""


def checked(clock: Element) -> Element | None:
    return clock if 0 <= clock.hour <= 24 and clock.minute < 60 else None


def inside(match: re.Match[str], taken: list[tuple[int, int]]) -> bool:
    return any(match.start() < ends and begins < match.end() for begins, ends in taken)


def nth(today: date, number: int) -> date:
    """The next `number`-th of a month, today included; the last day where a month is shorter."""
    month = today if number >= today.day else (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return month.replace(day=max(1, min(number, calendar.monthrange(month.year, month.month)[1])))


def coming(today: date, month: int, day: int) -> date:
    """The next such day of the year; a day that does not exist is the last of its month."""
    month = max(1, min(month, 12))

    def in_year(year: int) -> date:
        return date(year, month, max(1, min(day, calendar.monthrange(year, month)[1])))

    this_year = in_year(today.year)
    return this_year if this_year >= today else in_year(today.year + 1)
