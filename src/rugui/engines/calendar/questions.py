"""What one asks a calendar. Moments go in with any zone and come out in UTC; spans include their start, not their end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from .calendar import DAY, INSTANT, Calendar

HORIZON = timedelta(days=36525)
"""How far ahead is looked: a century. What has not happened by then is answered with None."""

YEAR = timedelta(days=366)


Pause = tuple[datetime, datetime]
"""From when until when nothing counted, because somebody else was waited for."""


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


def add_working_time(
    calendar: Calendar, start: datetime, duration: timedelta, pauses: Iterable[Pause] = ()
) -> datetime | None:
    """The first moment by which the place has been open for `duration` since `start`, pauses not counted.

    No duration is over at once; one that ends with a shift ends when that closes, not when the next one opens.
    None when it is not reached within a century.
    """
    left = _not_negative(duration)
    start = _utc(start)
    if not left:
        return start
    for piece in _without(_pieces(calendar, start, start + HORIZON), pauses):
        if piece.end - piece.start >= left:
            return piece.start + left
        left -= piece.end - piece.start
    return None


def subtract_working_time(
    calendar: Calendar, end: datetime, duration: timedelta, pauses: Iterable[Pause] = ()
) -> datetime | None:
    """The last moment from which the place is open for `duration` until `end`, pauses not counted: when one must begin.

    The mirror of `add_working_time`: what begins with a shift begins when that opens, not when the one before closes.
    """
    left = _not_negative(duration)
    end = _utc(end)
    if not left:
        return end
    held = list(pauses)
    for day in range(HORIZON.days):
        upper, lower = end - day * DAY, end - (day + 1) * DAY
        for piece in reversed(list(_without(_pieces(calendar, lower, upper), held))):
            if piece.end - piece.start >= left:
                return piece.end - left
            left -= piece.end - piece.start
        if not any(calendar.week) and upper.date() < min(calendar.special, default=upper.date()) - 2 * DAY:
            return None
    return None


def working_time_between(
    calendar: Calendar, a: datetime, b: datetime, pauses: Iterable[Pause] = ()
) -> timedelta:
    """For how long the place is open from `a` to `b`, pauses not counted; negative when `b` comes first."""
    if _utc(b) < _utc(a):
        return -working_time_between(calendar, b, a, pauses)
    pieces = _without(_pieces(calendar, _utc(a), _utc(b)), pauses)
    return sum((piece.end - piece.start for piece in pieces), timedelta(0))


def _not_negative(duration: timedelta) -> timedelta:
    if duration < timedelta(0):
        raise ValueError("A duration cannot be negative.")
    return duration


def _without(pieces: Iterator[Span], pauses: Iterable[Pause]) -> Iterator[Span]:
    """What is left of `pieces` outside of the pauses, which may come in any order and overlap."""
    held = sorted((_utc(begins), _utc(ends)) for begins, ends in pauses)
    for piece in pieces:
        start = piece.start
        for begins, ends in held:
            if ends <= start or begins >= piece.end or ends <= begins:
                continue
            if begins > start:
                yield Span(start, begins)
            start = max(start, ends)
        if start < piece.end:
            yield Span(start, piece.end)


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
