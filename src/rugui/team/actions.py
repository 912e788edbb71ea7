"""What the team does together."""

from __future__ import annotations

from datetime import datetime

from ..core.errors import ChangedMeanwhile
from ..core.journal import Event, record
from ..house import queries as house
from ..house.access import Actor
from ..house.models import Place
from ..recover.actions import hear_lessons
from .queries import held_on, line_up


def hold_line_up(actor: Actor, place: Place, *, now: datetime) -> None:
    """The line-up of this day was held: the journal keeps who led it and who was on duty to hear it.

    Its lessons were heard by all of them. Once a day and place. Two who say so at once: the second is told.
    """
    actor.must_serve(place.id)
    Place.objects.select_for_update(no_key=True).get(id=place.id)
    if held_on(place, now=now) is not None:
        raise ChangedMeanwhile
    reached = [one.staff_id for one in house.on_duty(place)]
    lessons = line_up(actor, place, now=now).lessons
    shared = [case for case in lessons if case.shared_at is not None]
    led = [actor.staff_id] if actor.staff_id is not None else []
    hear_lessons(actor, shared, dict.fromkeys([*led, *reached]), now=now)
    record(actor, now, Event("lineup.held", place.id, subject_id=place.id, payload={"reached": reached}))
