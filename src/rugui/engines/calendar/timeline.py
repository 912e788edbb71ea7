"""The same answers for very many moments at once: the open stretches of some years laid end to end, once.

Moments and durations are whole microseconds since 1970 in UTC, in arrays of int64 of any shape. How much open time has
passed by a moment is a sum of whole stretches and a part of one; to add working time is to look up that sum, add, and look back.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from .calendar import Calendar
from .questions import open_spans

Moments = NDArray[np.int64]
NEVER = np.iinfo(np.int64).max
"""The answer where the timeline ends before the working time does."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(moment: datetime) -> int:
    """A moment as `Timeline` counts it."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment(count: int) -> datetime:
    """The way back from `microseconds`."""
    return _EPOCH + timedelta(microseconds=int(count))


class Timeline:
    """The opening times of a calendar between two moments. Answers hold for moments in between."""

    def __init__(self, calendar: Calendar, start: datetime, end: datetime) -> None:
        spans = open_spans(calendar, start, end)
        self._opens: Moments = np.array([microseconds(span.start) for span in spans], dtype=np.int64)
        self._closes: Moments = np.array([microseconds(span.end) for span in spans], dtype=np.int64)
        lengths = self._closes - self._opens
        self._worked_by_close: Moments = np.cumsum(lengths)
        self._worked_by_open: Moments = self._worked_by_close - lengths

    def worked(self, at: Moments) -> Moments:
        """How much open time has passed from the start of the timeline to each moment."""
        if not self._opens.size:
            return np.zeros_like(at)
        index = np.maximum(np.searchsorted(self._opens, at, side="right") - 1, 0)
        inside = np.clip(at, self._opens[index], self._closes[index]) - self._opens[index]
        return self._worked_by_open[index] + inside

    def between(self, a: Moments, b: Moments) -> Moments:
        """`working_time_between` of each pair."""
        return self.worked(b) - self.worked(a)

    def add(self, start: Moments, duration: Moments) -> Moments:
        """`add_working_time` of each pair; `NEVER` where that lies beyond the timeline."""
        _refuse_negative(duration)
        wanted = self.worked(start) + duration
        index = np.searchsorted(self._worked_by_close, wanted, side="left")
        found = np.minimum(index, max(self._opens.size - 1, 0))
        if not self._opens.size:
            return np.where(duration == 0, start, NEVER)
        done = self._opens[found] + (wanted - self._worked_by_open[found])
        done = np.where(index >= self._opens.size, NEVER, done)
        return np.where(duration == 0, start, done)

    def subtract(self, end: Moments, duration: Moments) -> Moments:
        """`subtract_working_time` of each pair; `-NEVER` where that lies before the timeline."""
        _refuse_negative(duration)
        if not self._opens.size:
            return np.where(duration == 0, end, -NEVER)
        wanted = self.worked(end) - duration
        index = np.maximum(np.searchsorted(self._worked_by_open, wanted, side="right") - 1, 0)
        begun = self._opens[index] + (wanted - self._worked_by_open[index])
        begun = np.where(wanted < 0, -NEVER, begun)
        return np.where(duration == 0, end, begun)


def _refuse_negative(duration: Moments) -> None:
    if np.any(duration < 0):
        raise ValueError("A duration cannot be negative.")
