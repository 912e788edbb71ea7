"""When a place is open, and how long until when: exact, in local time, across every change of the clocks.

Pure: values in, values out. See docs/engines/calendar.md.
"""

from .calendar import Calendar, Shift
from .questions import (
    Pause,
    Span,
    add_working_time,
    closes_at,
    is_open,
    next_open,
    open_spans,
    subtract_working_time,
    working_time_between,
)
from .timeline import Timeline

__all__ = [
    "Calendar",
    "Pause",
    "Shift",
    "Span",
    "Timeline",
    "add_working_time",
    "closes_at",
    "is_open",
    "next_open",
    "open_spans",
    "subtract_working_time",
    "working_time_between",
]
