"""Opening hours as people write them: "7-14, 17:00–1:00" for a split shift that ends after midnight.

Only reading, writing and refusing overlaps; when a place is open is answered by the calendar engine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import time
from itertools import pairwise

from django.utils.translation import gettext as _

Hours = tuple[time, time]
"""Opens, closes. Closing at or before opening means the next day; both equal means around the clock."""

DAY = 24 * 60
_SHIFT = re.compile(r"(\d{1,2})(?:[:.：h](\d{2}))?\s*(?:-|–|—|~|～|至|到)\s*(\d{1,2})(?:[:.：h](\d{2}))?")


class HoursError(ValueError):
    """The text cannot be read as hours, or two shifts overlap. Its message is for the reader."""


def read(text: str) -> list[Hours]:
    """The shifts written in `text`, in order; none when it is empty. Raises `HoursError`."""
    shifts = [_shift(part.strip()) for part in re.split(r"[,;，、；\n]", text) if part.strip()]
    shifts.sort()
    refuse_overlaps((0, *shift) for shift in shifts)
    return shifts


def written(shifts: Iterable[Hours]) -> str:
    """The shifts as text that `read` understands: "07:00–14:00, 17:00–01:00"."""
    return ", ".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in shifts)


def refuse_overlaps(shifts: Iterable[tuple[int, time, time]], *, weekly: bool = False) -> None:
    """Raises `HoursError` when two of (weekday, opens, closes) share a minute; `weekly` joins Sunday to Monday."""
    spans = sorted(
        (start := day * DAY + _minute(opens), start + _length(opens, closes), day)
        for day, opens, closes in shifts
    )
    if weekly and spans:
        start, end, day = spans[0]
        spans.append((start + 7 * DAY, end + 7 * DAY, day))
    for (_start, end, day), (start, _end, next_day) in pairwise(spans):
        if start < end:
            raise Overlap(day, next_day, f"{start // 60 % 24:02}:{start % 60:02}")


class Overlap(HoursError):
    """Two shifts share time. `days` are the weekdays on which they begin."""

    def __init__(self, day: int, next_day: int, at: str) -> None:
        self.days = (day, next_day)
        super().__init__(
            _("Two shifts overlap at %(time)s. End the first one before the next begins.") % {"time": at}
        )


def bars(shifts: Sequence[Hours]) -> list[tuple[int, int]]:
    """(start, width) in minutes from midnight, cut at the end of the day: the picture of a day."""
    return [(_minute(opens), min(_length(opens, closes), DAY - _minute(opens))) for opens, closes in shifts]


def _shift(text: str) -> Hours:
    match = _SHIFT.fullmatch(text)
    if match is None:
        raise HoursError(
            _("“%(text)s” cannot be read as hours. Write them like 7:00–14:00, 17:00–23:00.") % {"text": text}
        )
    hour, minute, end_hour, end_minute = (int(group or 0) for group in match.groups())
    if hour > 23 or end_hour > 24 or max(minute, end_minute) > 59 or (end_hour == 24 and end_minute):
        raise HoursError(_("“%(text)s” is not a time of day. Hours go from 0:00 to 24:00.") % {"text": text})
    return time(hour, minute), time(end_hour % 24, end_minute)


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _length(opens: time, closes: time) -> int:
    return (_minute(closes) - _minute(opens) - 1) % DAY + 1
