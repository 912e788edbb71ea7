"""When a sentence says that something will be done: the latest moment that its words allow.

A sentence is searched for *elements* (a length of time, an hour, a day, a part of a day); those that stand together make one
deadline. Ambiguous words give the earlier moment: who is early breaks no promise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from . import chinese, english
from .elements import Element

NOON, AFTERNOON, EVENING, FIRST_THING = time(12), time(18), time(22), time(10)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The latest moment that the words at `begins`..`ends` (code points) allow."""

    due: datetime
    begins: int
    ends: int


def deadlines(sentence: str, said_at: datetime, day_ends: time) -> Iterator[Deadline]:
    """Every moment that `sentence` names as a latest one, as seen from `said_at`."""
    for group in (
        *_together(sentence, english.elements(sentence, said_at), r"[\s,]*(?:at|by|on|before|the)?[\s,]*"),
        *_together(sentence, chinese.elements(sentence, said_at), r"[\s,，的]*"),
    ):
        found = _resolve(group, said_at, day_ends)
        if found is not None and found > said_at:
            yield Deadline(found, group[0].begins, max(one.ends for one in group))


def _together(sentence: str, elements: Iterator[Element], glue: str) -> Iterator[list[Element]]:
    """Runs of elements with nothing but glue between them; a length of time stands alone."""
    group: list[Element] = []
    between = re.compile(rf"^{glue}$", re.IGNORECASE)
    for element in sorted(elements, key=lambda one: one.begins):
        joins = (
            group
            and "length" not in (element.kind, group[-1].kind)
            and element.kind not in {one.kind for one in group}
            and between.match(sentence[group[-1].ends : element.begins])
        )
        if group and not joins:
            yield group
            group = []
        group.append(element)
    if group:
        yield group


def _resolve(group: list[Element], said_at: datetime, day_ends: time) -> datetime | None:
    by_kind = {one.kind: one for one in group}
    if "length" in by_kind:
        return said_at + by_kind["length"].length
    day = by_kind["day"].day if "day" in by_kind else said_at.date()
    part = by_kind["part"].part if "part" in by_kind else ""
    if "clock" in by_kind:
        return _hour(by_kind["clock"], part, day, said_at)
    if "close" in by_kind:
        return _at(day, day_ends, said_at)
    if part:
        begins_and_ends = {
            "first": (FIRST_THING, FIRST_THING),
            "morning": (time(8), NOON),
            "noon": (NOON, time(13)),
            "afternoon": (NOON, AFTERNOON),
            "evening": (AFTERNOON, EVENING),
        }
        return _at(day, begins_and_ends[part][0 if by_kind["part"].before else 1], said_at)
    if by_kind["day"].before:
        day -= timedelta(days=1)
    return _at(day, day_ends, said_at)


def _hour(clock: Element, part: str, day: date, said_at: datetime) -> datetime:
    """Hours without a half of the day: the next such hour today; on another day 7 to 12 in the morning."""
    hour, half = clock.hour, clock.half
    if not half and part in ("afternoon", "evening"):
        half = "pm"
    if not half and part in ("morning", "first"):
        half = "am"
    if half == "pm" and hour < 12:
        hour += 12
    elif half == "am" and hour == 12:
        hour = 0
    elif not half and hour <= 12:
        if day == said_at.date():
            if _at(day, time(hour % 24, clock.minute), said_at) <= said_at and hour < 12:
                hour += 12
        elif hour < 7:
            hour += 12
    if hour == 24:
        return _at(day + timedelta(days=1), time(0, clock.minute), said_at)
    return _at(day, time(hour, clock.minute), said_at)


def _at(day: date, hour: time, said_at: datetime) -> datetime:
    return datetime.combine(day, hour, tzinfo=said_at.tzinfo)
