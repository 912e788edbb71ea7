"""What a promise is given with: how long, by which time, when it warns, whom it calls. Values in, values out.

A promise keeps what came of it, so that a policy can be changed without changing any promise given before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..engines.calendar import Calendar, add_working_time, working_time_between
from .models import Audience, Counts, Promise, PromisePolicy, told, warned

Kind = Promise.Kind
Tells = PromisePolicy.Tells


@dataclass(frozen=True, slots=True)
class Step:
    """So many minutes after a promise broke and nobody has settled it, these are told."""

    after: int
    who: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for new promises of a kind. `marks`: warn when so many per cent of the time have passed."""

    minutes: int
    counts: str = Counts.WALL
    marks: tuple[int, ...] = (75,)
    not_before: int | None = None
    may_pause: bool = False
    renew_minutes: int | None = None
    warn_to: tuple[str, ...] = tuple(warned())
    due_to: tuple[str, ...] = tuple(told())
    rises: tuple[Step, ...] = ()
    tells: str = Tells.NOTHING

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.minutes)


DAY = 24 * 60
_CALLS_ALL = (Step(10, Audience.DUTY), Step(30, Audience.ALL_LEADERS))
DEFAULTS = {
    Kind.ANSWER: Terms(30, rises=_CALLS_ALL, tells=Tells.BEATEN),
    Kind.NEXT_ANSWER: Terms(20, may_pause=True, rises=_CALLS_ALL, tells=Tells.BEATEN),
    Kind.PROGRESS: Terms(20, rises=(Step(5, Audience.DUTY), Step(10, Audience.ALL_LEADERS)), tells=Tells.DUE),
    Kind.SOLUTION: Terms(DAY, marks=(50, 75), may_pause=True, rises=(Step(60, Audience.ALL_LEADERS),), tells=Tells.DUE),
    Kind.CALL_BACK: Terms(30, rises=_CALLS_ALL, tells=Tells.DUE),
    Kind.DELIVERY: Terms(60, marks=(50, 75), tells=Tells.DUE),
    Kind.FOLLOW_UP: Terms(2 * DAY),
    Kind.READY_BY: Terms(60, marks=(50, 75), not_before=15, due_to=(Audience.OWNER, Audience.DUTY, Audience.LEADERS)),
    Kind.LEAVE: Terms(10),
    Kind.STORY: Terms(DAY),
    Kind.OTHER: Terms(30),
}  # fmt: skip
"""What holds in a house that has decided nothing else: a call back within half an hour, an answer likewise, weekends included."""


@dataclass(frozen=True, slots=True)
class Moments:
    """When everything about one promise happens."""

    due_at: datetime
    warnings: tuple[datetime, ...]
    not_before: datetime | None
    rises: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Terms, and the calendar that they count by; without one (or at a place that never opens) the wall clock counts."""

    terms: Terms
    calendar: Calendar | None = None

    def after(self, start: datetime, length: timedelta) -> datetime:
        """`length` later, by the time that counts."""
        if self.calendar is not None:
            worked = add_working_time(self.calendar, start, length)
            if worked is not None and worked - start <= FURTHEST:
                return worked
        return start + length

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much of the time that counts lies in between."""
        return end - start if self.calendar is None else working_time_between(self.calendar, start, end)

    def moments(
        self, now: datetime, *, due_at: datetime | None = None, minutes: int | None = None
    ) -> Moments:
        """For a promise given `now`; `due_at` where somebody chose the time, `minutes` where it follows one just kept."""
        due_at = due_at or self.after(now, timedelta(minutes=minutes or self.terms.minutes))
        counted = self.between(now, due_at)
        plain = (
            self if counted else replace(self, calendar=None)
        )  # due before it opens: shares of the wall time
        whole = counted or due_at - now
        marks = sorted({plain.after(now, whole * mark / 100) for mark in self.terms.marks})
        early = None
        if self.terms.not_before is not None:
            early = max(now, due_at - timedelta(minutes=self.terms.not_before))
        rises = tuple(self.after(due_at, timedelta(minutes=step.after)) for step in self.terms.rises)
        return Moments(due_at, tuple(mark for mark in marks if now < mark < due_at), early, rises)


FURTHEST = timedelta(days=366)
"""A place that opens no sooner than that is taken as one that never does."""


def put(promise: Promise, standing: Standing, moments: Moments) -> None:
    """Writes terms and moments into a promise that is not yet saved."""
    terms = standing.terms
    promise.due_at = moments.due_at
    promise.warn_at = next(iter(moments.warnings), None)
    promise.warn_more = list(moments.warnings[1:])
    promise.ring_at = promise.warn_at or moments.due_at
    promise.not_before = moments.not_before
    promise.counts = terms.counts if standing.calendar is not None else Counts.WALL
    promise.may_pause, promise.renew_minutes = terms.may_pause, terms.renew_minutes
    promise.warn_to, promise.due_to = list(terms.warn_to), list(terms.due_to)
    promise.rise_at, promise.rise_to = list(moments.rises), [step.who for step in terms.rises]


def next_ring(promise: Promise, now: datetime) -> datetime | None:
    """When the clock must look at a promise next, seen from `now`: nothing once all has rung."""
    if promise.state == Promise.State.BROKEN:
        return min((at for at in promise.rise_at if at > now), default=None)
    marks = [promise.warn_at, *promise.warn_more]
    return min((at for at in marks if at and at > now), default=promise.due_at)
