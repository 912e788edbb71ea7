"""What one asks a calendar. Moments go in with any zone and come out in UTC; spans include their start, not their end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from .calendar import DAY, INSTANT, Calendar

HORIZON = timedelta(days=36525)
"""How far ahead is looked: a century. What has not happened by then is answered with None."""

YEAR = timedelta(days=366)


class Span(NamedTuple):
    """A stretch of being open, from `start` up to but not including `end`."""

    start: datetime
    end: datetime


def open_spans(calendar: Calendar, start: datetime, end: datetime) -> list[Span]:
    """When the place is open between `start` and `end`, in order; shifts that touch or overlap are one span."""
    spans: list[Span] = []
    for piece in _pieces(calendar, _utc(start), _utc(end)):
        if spans and spans[-1].end == piece.start:
            spans[-1] = Span(spans[-1].start, piece.end)
        else:
            spans.append(piece)
    return spans


def is_open(calendar: Calendar, at: datetime) -> bool:
    return bool(open_spans(calendar, at, at + INSTANT))


def next_open(calendar: Calendar, at: datetime) -> datetime | None:
    """`at` itself when open; otherwise when the place opens next. None when it does not, within a century."""
    piece = next(_pieces(calendar, _utc(at), _utc(at) + HORIZON), None)
    return None if piece is None else piece.start


def closes_at(calendar: Calendar, at: datetime) -> datetime | None:
    """When the place closes that is open at `at`. None when it is closed, or does not close within a year."""
    at = _utc(at)
    open_until = at
    for piece in _pieces(calendar, at, at + YEAR):
        if piece.start > open_until:
            break
        open_until = piece.end
    return None if open_until in {at, at + YEAR} else open_until


def add_working_time(calendar: Calendar, start: datetime, duration: timedelta) -> datetime | None:
    """The first moment by which the place has been open for `duration` since `start`.

    No duration is over at once; one that ends with a shift ends when that closes, not when the next one opens.
    None when it is not reached within a century.
    """
    if duration < timedelta(0):
        raise ValueError("A duration cannot be negative.")
    start = _utc(start)
    left = duration
    if not left:
        return start
    for piece in _pieces(calendar, start, start + HORIZON):
        if piece.end - piece.start >= left:
            return piece.start + left
        left -= piece.end - piece.start
    return None


def working_time_between(calendar: Calendar, a: datetime, b: datetime) -> timedelta:
    """For how long the place is open from `a` to `b`; negative when `b` comes first."""
    if _utc(b) < _utc(a):
        return -working_time_between(calendar, b, a)
    return sum((piece.end - piece.start for piece in _pieces(calendar, _utc(a), _utc(b))), timedelta(0))


def _pieces(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Span]:
    """The open time within [start, end), in order and without overlap, as it comes from the shifts.

    Shifts begin in the order of their local times, whatever the clocks do, so one pass over the days is enough.
    """
    # A shift of the day before yesterday may still run: 24 hours, and an hour that the clock shows twice.
    day = start.astimezone(calendar.zone).date() - 2 * DAY
    last = end.astimezone(calendar.zone).date() + DAY
    if not any(calendar.week):  # without a week, nothing happens after the last special day
        last = min(last, max(calendar.special, default=day))
    while day <= last and start < end:
        for begins, ends in calendar.stretches(day):
            if max(begins, start) < min(ends, end):
                yield Span(max(begins, start), min(ends, end))
                start = min(ends, end)
        day += DAY


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("A moment needs a time zone.")
    return moment.astimezone(UTC)
