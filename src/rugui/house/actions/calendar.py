"""Changing when a place is open: its week, and the dates that differ from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from django.utils.translation import gettext_lazy as _

from ...core import journal
from ...core.errors import ChangedMeanwhile, InputError, NotFound
from ...core.journal import Event
from ...core.phrases import REQUIRED
from .. import hours
from ..access import Actor
from ..models import OpeningHours, Place, SpecialDay

Shift = tuple[int, time, time]
"""Weekday (0 is Monday), opens, closes."""


def set_week(
    actor: Actor, place: Place, week: Sequence[Shift], *, now: datetime, seen: Sequence[Shift] | None = None
) -> None:
    """Replaces the weekly shifts of a place. `seen` is the week that the editor began from:
    when somebody else has changed it since, nothing is written and `ChangedMeanwhile` is raised.
    """
    actor.must_lead(place.id)
    try:
        hours.refuse_overlaps(week, weekly=True)
    except hours.HoursError as error:
        raise InputError({"week": str(error)}) from error
    _lock(place)
    standing = sorted(OpeningHours.objects.filter(place=place).values_list("weekday", "opens", "closes"))
    if seen is not None and standing != sorted(seen):
        raise ChangedMeanwhile
    wanted = sorted(week)
    if wanted == standing:
        return
    OpeningHours.objects.filter(place=place).delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(
            organization_id=actor.organization_id, place=place, weekday=day, opens=opens, closes=closes
        )
        for day, opens, closes in wanted
    )
    journal.record(
        actor,
        now,
        Event("place.hours_changed", place_id=place.id, subject_id=place.id, payload={"shifts": len(wanted)}),
    )


def set_special_day(
    actor: Actor, place: Place, day: date, name: str, shifts: Sequence[hours.Hours], *, now: datetime
) -> None:
    """Gives one date hours of its own, replacing any it had; without shifts the place is closed that day."""
    actor.must_lead(place.id)
    if not name.strip():
        raise InputError({"name": REQUIRED})
    if len(name) > 80:
        raise InputError({"name": _("Please use at most 80 letters.")})
    try:
        hours.refuse_overlaps((0, *shift) for shift in shifts)
    except hours.HoursError as error:
        raise InputError({"hours": str(error)}) from error
    _lock(place)
    SpecialDay.objects.filter(place=place, date=day).delete()
    times: list[tuple[time | None, time | None]] = [*shifts] or [(None, None)]
    SpecialDay.objects.bulk_create(
        SpecialDay(
            organization_id=actor.organization_id,
            place=place,
            date=day,
            name=name.strip(),
            opens=opens,
            closes=closes,
        )
        for opens, closes in times
    )
    journal.record(
        actor,
        now,
        Event(
            "place.special_day_set",
            place_id=place.id,
            subject_id=place.id,
            payload={"date": day.isoformat(), "shifts": len(shifts)},
        ),
    )


def remove_special_day(actor: Actor, place: Place, day: date, *, now: datetime) -> None:
    """The date follows the week again. Raises `NotFound` when it already does."""
    actor.must_lead(place.id)
    _lock(place)
    removed, _by_model = SpecialDay.objects.filter(place=place, date=day).delete()
    if not removed:
        raise NotFound
    journal.record(
        actor,
        now,
        Event(
            "place.special_day_removed",
            place_id=place.id,
            subject_id=place.id,
            payload={"date": day.isoformat()},
        ),
    )


def _lock(place: Place) -> None:
    """Two people editing one calendar take turns."""
    Place.objects.select_for_update().get(id=place.id)
