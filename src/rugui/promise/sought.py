"""Which promises somebody looks for: the filters of the board, of how promises were kept, of the files and of the API.

Running promises are everybody's business. Of those that have ended, whose they were is for themselves and for who leads
the place; to anybody else they have no owner.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..core.ids import UnknownId, public_id, row_id
from ..house.access import Actor
from ..house.models import Place, Staff
from ..serve.models import Touch
from .models import Priority, Promise

State = Promise.State
EARLY = 4
"""One part in so many of its time was left: kept early, before the ring turned amber."""


class Shows(models.TextChoices):
    """What is looked for: something still owed, or something that has ended."""

    OWED = "", _("running")
    WAITING = "waiting", _("waiting for the customer")
    OVERDUE = "overdue", _("broken and still owed")
    ENDED = "ended", _("all that ended")
    KEPT = "kept", _("kept")
    EARLY = "early", _("beaten")
    BROKEN = "broken", _("broken")
    LATE = "late", _("broken, then done")
    RENEGOTIATED = "renegotiated", _("renegotiated")
    WITHDRAWN = "withdrawn", _("withdrawn")
    TOLD = "told", _("a time was told")
    TOLD_MISSED = "told-missed", _("the time told was missed")


RUNNING = (Shows.OWED, Shows.WAITING, Shows.OVERDUE)
PERIODS: dict[int, tuple[int, str | LazyText]] = {
    7: (7, _("7 days")),
    28: (4, _("4 weeks")),
    91: (13, _("13 weeks")),
    364: (13, _("52 weeks")),
}
"""Days, in how many steps they are shown, and their name."""
USUAL = 28
NOBODY, MINE = "nobody", "mine"


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for, in row numbers; empty means any. `places` are those that the actor sees."""

    places: tuple[int, ...]
    shows: str = Shows.OWED
    kind: str = ""
    channel: str = ""
    priority: str = ""
    owner_id: int | None = None
    """0: nobody's."""
    days: int = USUAL
    since: datetime | None = None
    until: datetime | None = None
    """Of what has ended: due from `since` until before `until`."""
    me: int = 0
    led: tuple[int, ...] = ()
    """Where the actor may know whose an ended promise was."""

    @property
    def running(self) -> bool:
        return self.shows in RUNNING

    @property
    def narrow(self) -> bool:
        """Whether anything but what a place owes is looked for."""
        return bool(self.shows or self.kind or self.channel or self.priority or self.owner_id is not None)

    def query(self, **changed: Any) -> str:
        """The filters as the end of an address, without the place."""
        names = {"state": "shows", "kind": "kind", "channel": "channel", "priority": "priority"}
        values = {key: changed.get(key, getattr(self, name)) for key, name in names.items()}
        who = changed.get("who", _who(self.owner_id, self.me))
        days = changed.get("days", self.days)
        return "&".join(
            f"{key}={value}"
            for key, value in [*values.items(), ("who", who), ("days", "" if days == USUAL else days)]
            if value
        )


def address_end(named: str, usual: str, query: str) -> str:
    """The filters with the place (`named`, a public id or `all`), which is left out where it is the usual one."""
    return "&".join(filter(None, ["" if named == usual else f"place={named}", query]))


def read(
    given: Mapping[str, str], actor: Actor, places: Sequence[Place], usual: Place, *, now: datetime
) -> tuple[Sought, str]:
    """The filters of an address, and the public id of the place named (`all` for every one). What is mangled is left out."""
    named = given.get("place", "")
    chosen = next((place for place in places if place.public_id == named), None)
    within = list(places) if named == "all" else [chosen or usual]
    days = int(text) if (text := given.get("days", "")).isdecimal() and int(text[:4]) in PERIODS else USUAL
    since, until = period(days, (chosen or usual).zone, now)
    sought = Sought(
        places=tuple(place.id for place in within),
        shows=_one_of(given.get("state", ""), Shows.values),
        kind=_one_of(given.get("kind", ""), Promise.Kind.values),
        channel=_one_of(given.get("channel", ""), Touch.Channel.values),
        priority=_one_of(given.get("priority", ""), Priority.values),
        owner_id=_owner(given.get("who", ""), actor),
        days=days,
        since=since,
        until=until,
        me=actor.staff_id or 0,
        led=tuple(place.id for place in within if actor.leads(place.id)),
    )
    return sought, "all" if named == "all" else (chosen or usual).public_id


def period(days: int, zone: ZoneInfo, now: datetime) -> tuple[datetime, datetime]:
    """So many of the place's days, today among them, until now."""
    first = now.astimezone(zone).date() - timedelta(days=days - 1)
    return datetime.combine(first, time(), zone), now


def steps(days: int, zone: ZoneInfo, now: datetime) -> list[datetime]:
    """Where each step of a period begins, the first first."""
    count = PERIODS[days][0]
    first = now.astimezone(zone).date() - timedelta(days=days - 1)
    return [
        datetime.combine(first + timedelta(days=number * (days // count)), time(), zone)
        for number in range(count)
    ]


def condition(sought: Sought) -> Q:
    """The rows that are looked for, in the words of the indexes."""
    rows = Q(place_id__in=sought.places)
    for name in ("kind", "channel", "priority"):
        if value := getattr(sought, name):
            rows &= Q(**{name: value})
    if sought.running:
        rows &= Q(settled_at=None) & _running(sought)
        if sought.owner_id is not None:
            rows &= Q(owner_id=sought.owner_id or None)
        return rows
    rows &= Q(due_at__gte=sought.since, due_at__lt=sought.until) & ~Q(state=State.OPEN) & _ended(sought.shows)
    rows &= ~Q(kind__in=Promise.AMONG_US)
    if sought.owner_id is not None:
        theirs = Q(owner_id=sought.owner_id or None)
        rows &= theirs if sought.owner_id == sought.me else theirs & Q(place_id__in=sought.led)
    return rows


def _running(sought: Sought) -> Q:
    if sought.shows == Shows.WAITING:
        return Q(paused_at__isnull=False)
    return Q(state=State.BROKEN) if sought.shows == Shows.OVERDUE else Q()


def _ended(shows: str) -> Q:
    missed = Q(settled_at__isnull=True) | Q(settled_at__gt=F("told_at"))
    told = Q(told_at__isnull=False, state__in=[State.KEPT, State.BROKEN])
    return {
        Shows.KEPT.value: Q(state=State.KEPT),
        Shows.EARLY.value: Q(
            state=State.KEPT, settled_at__lte=F("due_at") - (F("due_at") - F("made_at")) / EARLY
        ),
        Shows.BROKEN.value: Q(state=State.BROKEN),
        Shows.LATE.value: Q(state=State.BROKEN, settled_at__isnull=False),
        Shows.RENEGOTIATED.value: Q(state=State.RENEGOTIATED),
        Shows.WITHDRAWN.value: Q(state=State.WITHDRAWN),
        Shows.TOLD.value: told,
        Shows.TOLD_MISSED.value: told & missed,
        Shows.ENDED.value: Q(state__in=[State.KEPT, State.BROKEN, State.RENEGOTIATED]),
    }[shows]


def known_owner(sought: Sought, promise: Promise) -> Staff | None:
    """Whose a promise is, as far as whoever looks may know."""
    if sought.running or promise.owner_id == sought.me or promise.place_id in sought.led:
        return promise.owner
    return None


def of_steps(sought: Sought, step: int, starts: Sequence[datetime]) -> Sought:
    """The same within one step of the period."""
    last = step + 1 == len(starts)
    return replace(sought, since=starts[step], until=sought.until if last else starts[step + 1])


def _one_of(value: str, choices: Sequence[str]) -> str:
    return value if value in choices else ""


def _owner(who: str, actor: Actor) -> int | None:
    if who == MINE:
        return actor.staff_id or 0
    if who == NOBODY:
        return 0
    try:
        return row_id("staff", who) if who else None
    except UnknownId:
        return None


def _who(owner_id: int | None, me: int) -> str:
    if owner_id is None:
        return ""
    if owner_id == 0:
        return NOBODY
    return MINE if owner_id == me else public_id("staff", owner_id)


WHOSE = [("", pgettext_lazy("whose promises", "everybody's")), (MINE, _("mine")), (NOBODY, _("nobody's yet"))]
