"""Reading the house: who is on duty, who works where, when a place is open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from allauth.mfa.models import Authenticator

from ..core import ready
from ..core.models import Key
from ..engines.calendar import Calendar, next_open, open_spans
from .access import Actor, reaches
from .hours import Hours
from .models import Assignment, Duty, Invitation, OpeningHours, Place, SpecialDay, Staff, User

_SHIFT = (Path(__file__).parent / "shift.sql").read_text()
AHEAD = timedelta(days=8)
"""How far ahead a place says when it closes: a week, and the day on which one asks."""


@dataclass(frozen=True, slots=True)
class OnDuty:
    staff_id: int
    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class SpecialDate:
    """A date with hours of its own; without shifts the place is closed."""

    date: date
    name: str
    shifts: tuple[Hours, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """When a place is open, as plain data in its local time: shifts by weekday, Monday first."""

    timezone: str
    days: tuple[tuple[Hours, ...], ...]
    special: tuple[SpecialDate, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works here, for the list of staff."""

    staff: Staff
    email: str
    roles: Mapping[int | None, str]
    on_duty: bool
    reachable: bool
    """Whether the reader may shut them out or give them a password link."""

    def role_at(self, place_id: int) -> str | None:
        return self.roles.get(place_id, self.roles.get(None))


def on_duty(place: Place) -> list[OnDuty]:
    """Who is on duty at a place now, the longest first. One query."""
    rows = (
        Duty.objects.filter(place=place, ended_at=None)
        .order_by("started_at", "id")
        .values_list("staff_id", "staff__name", "started_at")
    )
    return [OnDuty(*row) for row in rows]


def duty_of(actor: Actor) -> Duty | None:
    """Where the actor is on duty now, if anywhere."""
    return Duty.objects.select_related("place").filter(staff_id=actor.must_be_staff(), ended_at=None).first()


def week(place: Place, *, since: date | None = None) -> Week:
    """The opening hours of a place, special dates from `since` on. Two queries."""
    days: list[list[Hours]] = [[] for _ in range(7)]
    for weekday, opens, closes in OpeningHours.objects.filter(place=place).values_list(
        "weekday", "opens", "closes"
    ):
        days[weekday].append((opens, closes))
    rows = SpecialDay.objects.filter(place=place).order_by("date", "opens")
    if since is not None:
        rows = rows.filter(date__gte=since)
    dates: dict[date, tuple[str, list[Hours]]] = {}
    for row in rows:
        shifts = dates.setdefault(row.date, (row.name, []))[1]
        if row.opens is not None and row.closes is not None:
            shifts.append((row.opens, row.closes))
    special = tuple(SpecialDate(day, name, tuple(shifts)) for day, (name, shifts) in dates.items())
    return Week(place.timezone, tuple(tuple(sorted(shifts)) for shifts in days), special)


def opening_calendar(place: Place) -> Calendar:
    """The opening calendar of a place, as the calendar engine takes it. Two queries."""
    return Calendar.from_rows(
        place.zone,
        OpeningHours.objects.filter(place=place).values_list("weekday", "opens", "closes"),
        SpecialDay.objects.filter(place=place).values_list("date", "opens", "closes"),
    )


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether a place is open, and when that changes next; None when it does not soon, or no hours are set."""

    is_open: bool
    changes_at: datetime | None
    today: str = ""
    """What the local date is called, when it has hours of its own: a holiday's name."""
    within_a_day: bool = False
    """Whether the time of day alone says when it changes."""


def opening(place: Place, *, now: datetime) -> Opening:
    """Open now until when, or closed until when. Two queries."""
    hours = OpeningHours.objects.filter(place=place).values_list("weekday", "opens", "closes")
    special = list(SpecialDay.objects.filter(place=place).values_list("date", "opens", "closes", "name"))
    today = now.astimezone(place.zone).date()
    name = next((row[3] for row in special if row[0] == today), "")
    return _opening(Calendar.from_rows(place.zone, hours, [row[:3] for row in special]), name, now)


def _opening(calendar: Calendar, today: str, now: datetime) -> Opening:
    """A place that stays open longer than `AHEAD` is simply open: working out a year of days tells nobody anything."""
    spans = open_spans(calendar, now, now + AHEAD)
    is_open = bool(spans) and spans[0].start == now
    if is_open:
        changes_at = spans[0].end if spans[0].end < now + AHEAD else None
    else:
        changes_at = spans[0].start if spans else next_open(calendar, now)
    within_a_day = changes_at is not None and changes_at - now < timedelta(days=1)
    return Opening(is_open, changes_at, today, within_a_day)


@dataclass(frozen=True, slots=True)
class Shift:
    """A place at this moment as who works there sees it: open or not, who is on duty, and where the reader is."""

    opening: Opening
    on_duty: list[OnDuty]
    mine: str | None
    """The name of the place where the reader is on duty, here or elsewhere."""
    is_mine: bool
    """Whether the reader is on duty here."""


def shift(actor: Actor, place: Place, *, now: datetime) -> Shift:
    """Opening hours, special days to come and who is on duty, in one query."""
    local = now.astimezone(place.zone).date()
    since = local - timedelta(days=2)  # a night shift of the day before yesterday may still run
    rows = ready.fetch(_SHIFT, [place.id, actor.staff_id or 0, place.id, place.id, since])
    hours = [(row[1], row[5], row[6]) for row in rows if row[0] == "week"]
    special = [(row[4], row[5], row[6]) for row in rows if row[0] == "date"]
    today = next((row[2] for row in rows if row[0] == "date" and row[4] == local), "")
    duties = [row for row in rows if row[0] == "duty"]
    return Shift(
        _opening(Calendar.from_rows(place.zone, hours, special), today, now),
        [OnDuty(row[1], row[2], row[3]) for row in duties if row[8] == place.id],
        next((row[7] for row in duties if row[1] == actor.staff_id), None),
        any(row[1] == actor.staff_id and row[8] == place.id for row in duties),
    )


def members(actor: Actor, place: Place | None = None) -> list[Member]:
    """Who works at a place (None: anywhere the actor may see), by name. Three queries at most."""
    roles = _roles_by_staff()
    here = set(Duty.objects.filter(ended_at=None).values_list("staff_id", flat=True))
    found = []
    for staff in Staff.objects.select_related("user").order_by("-active", "name", "id"):
        held = roles.get(staff.id, {})
        if not (actor.owns or any(place_id is None or actor.leads(place_id) for place_id in held)):
            continue
        if place is not None and place.id not in held and None not in held:
            continue
        found.append(Member(staff, staff.user.email, held, staff.id in here, reaches(actor, held)))
    return found


def _roles_by_staff() -> dict[int, dict[int | None, str]]:
    roles: dict[int, dict[int | None, str]] = {}
    for staff_id, place_id, role in Assignment.objects.values_list("staff_id", "place_id", "role"):
        roles.setdefault(staff_id, {})[place_id] = role
    return roles


@dataclass(frozen=True, slots=True)
class StandingInvitation:
    invitation: Invitation
    expires_at: datetime
    expired: bool


def standing_invitations(actor: Actor, *, now: datetime) -> list[StandingInvitation]:
    """Invitations neither used nor withdrawn, to where the actor leads, the newest first. Two queries."""
    rows = [
        row
        for row in Invitation.objects.select_related("place")
        .filter(accepted_at=None, withdrawn_at=None)
        .order_by("-created_at", "-id")
        if actor.leads(row.place_id)
    ]
    ends = _ends(row.id for row in rows)
    return [StandingInvitation(row, ends[row.id], ends[row.id] <= now) for row in rows]


def _ends(invitations: Iterable[int]) -> dict[int, datetime]:
    found = Key.objects.filter(
        kind=Key.Kind.INVITATION, subject_id__in=list(invitations), expires_at__isnull=False
    )
    return {key.subject_id: key.expires_at for key in found if key.expires_at is not None}


def has_second_step(user_id: int) -> bool:
    """Whether this person signs in with more than a password: a passkey, or codes."""
    return bool(Authenticator.objects.filter(user_id=user_id).exists())


def lost_second_step(user: User) -> bool:
    """Whether somebody has taken this person's second step away, and they have not set up a new one."""
    return user.second_step_reset_at is not None and not has_second_step(user.pk)


def tokens(actor: Actor) -> list[Key]:
    """The actor's own living API tokens, the newest first."""
    return list(
        Key.objects.filter(kind=Key.Kind.API, subject_id=actor.must_be_staff(), revoked_at=None).order_by(
            "-created_at", "-id"
        )
    )
