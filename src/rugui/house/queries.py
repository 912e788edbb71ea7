"""Reading the house: who is on duty, who works where, when a place is open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from ..core.models import Key
from ..engines.calendar import Calendar, closes_at, is_open, next_open
from .access import Actor, reaches
from .hours import Hours
from .models import Assignment, Duty, Invitation, OpeningHours, Place, SpecialDay, Staff


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
    """Whether a place is open, and when that changes next; None when it does not, or no hours are set."""

    is_open: bool
    changes_at: datetime | None


def opening(place: Place, *, now: datetime) -> Opening:
    """Open now until when, or closed until when. Two queries."""
    calendar = opening_calendar(place)
    if is_open(calendar, now):
        return Opening(True, closes_at(calendar, now))
    return Opening(False, next_open(calendar, now))


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


def tokens(actor: Actor) -> list[Key]:
    """The actor's own living API tokens, the newest first."""
    return list(
        Key.objects.filter(kind=Key.Kind.API, subject_id=actor.must_be_staff(), revoked_at=None).order_by(
            "-created_at", "-id"
        )
    )
