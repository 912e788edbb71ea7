"""The only way to an incident: for the staff of its place."""

from __future__ import annotations

from ...core.errors import NotFound
from ...house.access import Actor
from .models import Hit, Incident, IncidentTask


def incident(actor: Actor, incident_id: int) -> Incident:
    """One incident with its place. Raises `NotFound`."""
    found = Incident.objects.select_related("place__organization").filter(id=incident_id).first()
    if found is None or not actor.sees(found.place_id):
        raise NotFound
    return found


def hit(actor: Actor, hit_id: int) -> Hit:
    """Somebody on a list, with the incident. Raises `NotFound`."""
    found = Hit.objects.select_related("customer").filter(id=hit_id).first()
    if found is None:
        raise NotFound
    found.incident = incident(actor, found.incident_id)
    return found


def task(actor: Actor, task_id: int) -> IncidentTask:
    """Something that is being done to all, with the incident. Raises `NotFound`."""
    found = IncidentTask.objects.filter(id=task_id).first()
    if found is None:
        raise NotFound
    found.incident = incident(actor, found.incident_id)
    return found
