"""Imports on behalf of a person: those of the places they manage."""

from __future__ import annotations

from ..core.errors import NotFound
from ..house.access import Actor, led_places
from ..house.models import Place
from .models import ImportRun

SHOWN = 50


def runs(actor: Actor) -> list[ImportRun]:
    """The latest imports of the places this actor leads (of the whole house, for who leads everywhere)."""
    actor.must_lead_somewhere()
    latest = ImportRun.objects.select_related("place", "staff").order_by("-id")
    if not actor.leads(None):
        latest = latest.filter(place__in=led_places(actor))
    return list(latest[:SHOWN])


def run(actor: Actor, run_id: int) -> ImportRun:
    """One import that this actor leads. Raises `NotFound`."""
    found = ImportRun.objects.select_related("place").filter(id=run_id).first()
    if found is None or not actor.leads(found.place_id):
        raise NotFound
    return found


def target(actor: Actor, public: str) -> Place | None:
    """The place with this public id, or None (the whole house) for an empty one, if the actor leads it."""
    if not public:
        actor.must_lead(None)
        return None
    for place in led_places(actor):
        if place.public_id == public:
            return place
    raise NotFound
