"""Being on duty: from "on now" to "done for today"."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from ...core import journal
from ...core.errors import NotAllowed
from ...core.journal import Event
from ..access import Actor
from ..models import Duty, Place, Staff


def start_duty(actor: Actor, place: Place, *, now: datetime) -> Duty:
    """Puts the actor on duty at a place, and off duty anywhere else. Already there: nothing changes."""
    actor.must_serve(place.id)
    staff_id = _lock(actor)
    open_duty = Duty.objects.filter(staff_id=staff_id, ended_at=None).first()
    if open_duty is not None:
        if open_duty.place_id == place.id:
            return open_duty
        _end(actor, open_duty, now)
    duty = Duty.objects.create(
        organization_id=actor.organization_id, staff_id=staff_id, place=place, started_at=now
    )
    journal.record(actor, now, Event("duty.started", place_id=place.id, subject_id=staff_id))
    return duty


def end_duty(actor: Actor, *, now: datetime) -> bool:
    """Takes the actor off duty, wherever it was. False when they were not on duty."""
    open_duty = Duty.objects.filter(staff_id=_lock(actor), ended_at=None).first()
    if open_duty is None:
        return False
    _end(actor, open_duty, now)
    return True


def end_duty_of(actor: Actor, staff: Staff, now: datetime) -> None:
    """Somebody else's duty ends because they no longer work here. The row of `staff` is locked."""
    for duty in Duty.objects.filter(staff=staff, ended_at=None):
        _end(actor, duty, now)


def _end(actor: Actor, duty: Duty, now: datetime) -> None:
    Duty.objects.filter(id=duty.id, ended_at=None).update(ended_at=now)
    journal.record(actor, now, Event("duty.ended", place_id=duty.place_id, subject_id=duty.staff_id))


def _lock(actor: Actor) -> int:
    """One person's changes of duty take turns."""
    if actor.staff_id is None:
        raise NotAllowed(_("Only members of staff can be on duty."))
    return Staff.objects.select_for_update().only("id").get(id=actor.staff_id).id
