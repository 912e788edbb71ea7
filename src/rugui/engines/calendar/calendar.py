"""The opening calendar as a value, and what a local time means when the clocks change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """One stretch of being open, in local times, named after the day on which it begins.

    `closes` before `opens` means that it ends on the next day; both equal, that it lasts until the same
    time on the next day.
    """

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens.tzinfo is not None or self.closes.tzinfo is not None:
            raise ValueError("A shift is in the place's local time: its times have no zone of their own.")


Shifts = tuple[Shift, ...]


@dataclass(frozen=True)
class Calendar:
    """A place's opening hours: the week, Monday first, and the dates that differ from it.

    A special day replaces the shifts that begin on its date; without shifts it is closed. A night shift of the
    day before still runs to its end.
    """

    zone: ZoneInfo
    week: tuple[Shifts, Shifts, Shifts, Shifts, Shifts, Shifts, Shifts]
    special: Mapping[date, Shifts] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError("A week has seven days.")
        # In order, because asking goes through them once.
        week = tuple(tuple(sorted(shifts)) for shifts in self.week)
        object.__setattr__(self, "week", week)
        special = {day: tuple(sorted(shifts)) for day, shifts in self.special.items()}
        object.__setattr__(self, "special", MappingProxyType(special))

    @classmethod
    def from_rows(
        cls,
        zone: str | ZoneInfo,
        hours: Iterable[tuple[int, time, time]],
        special_days: Iterable[tuple[date, time | None, time | None]] = (),
    ) -> Calendar:
        """From rows as a database holds them: (weekday, opens, closes) with 0 for Monday, and (date, opens, closes),
        several rows a date for several shifts, without times for a date that is closed."""
        week: list[list[Shift]] = [[] for _ in range(7)]
        for weekday, opens, closes in hours:
            week[weekday].append(Shift(opens, closes))
        special: dict[date, list[Shift]] = {}
        for day, begins, ends in special_days:
            shifts = special.setdefault(day, [])
            if begins is not None and ends is not None:
                shifts.append(Shift(begins, ends))
        monday, tuesday, wednesday, thursday, friday, saturday, sunday = map(tuple, week)
        return cls(
            ZoneInfo(zone) if isinstance(zone, str) else zone,
            (monday, tuesday, wednesday, thursday, friday, saturday, sunday),
            {day: tuple(shifts) for day, shifts in special.items()},
        )

    def shifts_on(self, day: date) -> Shifts:
        """The shifts that begin on `day`."""
        found = self.special.get(day)
        return self.week[day.weekday()] if found is None else found

    def stretches(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """The shifts that begin on `day`, as moments. One that falls into a skipped hour altogether is not there."""
        for shift in self.shifts_on(day):
            last_day = day if shift.closes > shift.opens else day + DAY
            begins = opening(self.zone, datetime.combine(day, shift.opens))
            ends = closing(self.zone, datetime.combine(last_day, shift.closes))
            if begins < ends:
                yield begins, ends


def opening(zone: ZoneInfo, local: datetime) -> datetime:
    """The first moment at which the clock on the wall shows `local` or later.

    Shown twice, the first time counts; skipped, the moment at which the clock jumps over it.
    """
    first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if _shown(zone, first) == local:
        return first
    return _jump(zone, local, first)


def closing(zone: ZoneInfo, local: datetime) -> datetime:
    """The moment after which the clock on the wall never again shows a time before `local`.

    Shown twice, the second time counts; skipped, the moment at which the clock jumps over it.
    """
    last = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if _shown(zone, last) != local:
        return _jump(zone, local, local.replace(tzinfo=zone, fold=0).astimezone(UTC))
    if _shown(zone, last - INSTANT) < local:
        return last
    # The clock goes back to exactly this time: before that it showed a later one, and this one is over already.
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def _shown(zone: ZoneInfo, moment: datetime) -> datetime:
    """What the clock on the wall shows, as a time without zone."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def _jump(zone: ZoneInfo, local: datetime, after: datetime) -> datetime:
    """The moment at which the clock jumps over `local`; `after` is `local` by the old offset, so not before it."""
    before = local.replace(tzinfo=zone, fold=1).astimezone(UTC)  # by the new offset: not after the jump
    while after - before > INSTANT:
        middle = before + (after - before) / 2
        if _shown(zone, middle) >= local:
            after = middle
        else:
            before = middle
    return after
