"""Fetching on behalf of somebody: standards are for everybody who sees their place; what was observed is not for everybody."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from ...core.errors import NotFound
from ...house.access import Actor, led_places
from .models import Courtesy, Observation, Standard


def standard(actor: Actor, standard_id: int) -> Standard:
    """One standard that holds where the actor works, or everywhere. Raises `NotFound`."""
    found = Standard.objects.select_related("place", "instead_of").filter(id=standard_id).first()
    if found is None or not actor.sees(found.place_id):
        raise NotFound
    return found


def observation(actor: Actor, observation_id: int) -> Observation:
    """One observation: of oneself, by oneself, or at a place that one leads. Raises `NotFound`.

    Row-level security holds the same (core/rowsecurity.py).
    """
    rows = Observation.objects.select_related("staff", "observer", "place")
    found = rows.filter(id=observation_id).first()
    mine = (
        found is not None
        and actor.staff_id is not None
        and actor.staff_id in (found.staff_id, found.observer_id)
    )
    if found is None or not (mine or actor.leads(found.place_id)):
        raise NotFound
    return found


def observations(actor: Actor) -> QuerySet[Observation]:
    """Those that this actor may read: of oneself, by oneself, or at places that one leads."""
    mine = Q(staff_id=actor.staff_id) | Q(observer_id=actor.staff_id)
    led = [place.id for place in led_places(actor)] if actor.leads_somewhere else []
    rows = Observation.objects.select_related("staff", "observer", "place")
    return rows if actor.is_house else rows.filter(mine | Q(place_id__in=led))


def courtesy(actor: Actor, courtesy_id: int) -> Courtesy:
    """A hello or good-bye that was due at a place which the actor sees. Raises `NotFound`."""
    rows = Courtesy.objects.select_related("visit__customer", "place")
    found = rows.filter(id=courtesy_id).first()
    if found is None or not actor.sees(found.place_id):
        raise NotFound
    return found
