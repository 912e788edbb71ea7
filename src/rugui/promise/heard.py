"""A promise as its customer knows it: what was promised and by when they were told, in words, in their language.

What they were told is what counts for them: a time of ours that they never heard is not shown, neither while it runs nor
once it is past. Times are those of the place, and say so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, get_timezone_location
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .models import Promise, WaitsFor
from .words import LOCALES

State, Kind = Promise.State, Promise.Kind
READS = ("kind", "made_at", "told_at", "state", "settled_at", "paused_at", "waits_for")
"""The columns that this needs; a customer's role is granted no more of a promise's times."""


@dataclass(frozen=True, slots=True)
class Heard:
    """`due_at` is the time that they were told, None where they were told none; `state` how it stands by that time."""

    kind: str
    made_at: datetime
    due_at: datetime | None
    state: str
    settled_at: datetime | None
    paused_at: datetime | None
    waits_for: str

    @property
    def is_broken(self) -> bool:
        return self.state == State.BROKEN


def heard(promise: Promise, *, now: datetime) -> Heard:
    """A promise, read with `READS`, as its customer knows it."""
    known = Heard(
        promise.kind, promise.made_at, promise.told_at, promise.state, promise.settled_at, promise.paused_at,
        promise.waits_for,
    )  # fmt: skip
    return by_what_they_heard(known, now)


def by_what_they_heard(promise: Heard, now: datetime) -> Heard:
    """Broken for the customer only once the time that they were told is past; done by then, it was kept."""
    state, told, done = promise.state, promise.due_at, promise.settled_at
    if state in {State.OPEN, State.BROKEN, State.KEPT} and told is not None and promise.paused_at is None:
        state = State.BROKEN if (done or now) > told else State.KEPT if done else State.OPEN
    elif state == State.BROKEN and done is None:
        state = State.OPEN  # they were told no time that could have passed
    return replace(promise, state=state)


def said(promise: Heard, zone: ZoneInfo, *, now: datetime) -> str:
    """What was promised, in one sentence with its time; a broken one says so, a waiting one for what."""
    if promise.paused_at is not None:
        return _WAITS[promise.waits_for or WaitsFor.ANSWER]()
    if promise.due_at is None:
        return _SOMETIME.get(promise.kind, _SOMETIME[Kind.OTHER])()
    time = moment(promise.due_at, zone, now=now)
    if promise.is_broken and promise.settled_at is None:
        return _("We had promised it by %(time)s, and did not keep it. We are sorry.") % {"time": time}
    return _BY.get(promise.kind, _BY[Kind.OTHER])() % {"time": time}


def moment(at: datetime, zone: ZoneInfo, *, now: datetime) -> str:
    """today at 14:05 (Taipei time): the day as one says it, the time of the place, and whose time it is."""
    locale = LOCALES.get(get_language() or "en", "en")
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    clock = format_datetime(local, "HH:mm", locale=locale)
    if local.date() == today:
        day = _("today at %(clock)s") % {"clock": clock}
    elif local.date() == today + timedelta(days=1):
        day = _("tomorrow at %(clock)s") % {"clock": clock}
    else:
        day = format_datetime(
            local, "EEEE, d MMMM, HH:mm" if locale == "en" else "M月d日EEEE HH:mm", locale=locale
        )
    where = get_timezone_location(zone, locale=locale, return_city=True)
    return _("%(moment)s (%(city)s time)") % {"moment": day, "city": where}


_BY: dict[str, Callable[[], str]] = {
    Kind.ANSWER: lambda: _("You have our answer by %(time)s."),
    Kind.NEXT_ANSWER: lambda: _("You have our answer by %(time)s."),
    Kind.PROGRESS: lambda: _("We put it right, or tell you how far we are, by %(time)s."),
    Kind.SOLUTION: lambda: _("It is solved by %(time)s."),
    Kind.CALL_BACK: lambda: _("Somebody calls you by %(time)s."),
    Kind.DELIVERY: lambda: _("It is with you by %(time)s."),
    Kind.FOLLOW_UP: lambda: _("We ask you how it is by %(time)s."),
    Kind.READY_BY: lambda: _("It is ready by %(time)s."),
    Kind.OTHER: lambda: _("We do what we promised by %(time)s."),
}
_SOMETIME: dict[str, Callable[[], str]] = {
    Kind.ANSWER: lambda: _("You have our answer as soon as we can."),
    Kind.NEXT_ANSWER: lambda: _("You have our answer as soon as we can."),
    Kind.PROGRESS: lambda: _("We are putting it right, and will tell you how far we are."),
    Kind.SOLUTION: lambda: _("We are at work on a solution."),
    Kind.CALL_BACK: lambda: _("Somebody calls you as soon as we can."),
    Kind.DELIVERY: lambda: _("It is on its way to you as soon as we can."),
    Kind.FOLLOW_UP: lambda: _("We ask you how it is."),
    Kind.READY_BY: lambda: _("We are getting it ready."),
    Kind.OTHER: lambda: _("We do what we promised as soon as we can."),
}
_WAITS: dict[str, Callable[[], str]] = {
    WaitsFor.ANSWER: lambda: _("We wait for your answer, and go on as soon as you write to us."),
    WaitsFor.THING: lambda: _("We wait for what you send or bring us, and go on as soon as we have it."),
    WaitsFor.TIME: lambda: _("We wait for a time at which we can reach you. Tell us when."),
}
