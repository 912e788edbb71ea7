"""Fetching on behalf of somebody: what was heard belongs to the place of the message, topics to the house."""

from __future__ import annotations

from ...core.errors import NotFound
from ...house.access import Actor
from .models import HearingCorrection, HouseTopic


def correction(actor: Actor, correction_id: int) -> HearingCorrection:
    """One correction with its message. Raises `NotFound`."""
    found = (
        HearingCorrection.objects.select_related("touch__place", "touch__customer")
        .filter(id=correction_id)
        .first()
    )
    if found is None or not actor.sees(found.touch.place_id):
        raise NotFound
    return found


def topic(actor: Actor, topic_id: int) -> HouseTopic:
    """One topic of the house, whether or not it still listens for it. Raises `NotFound`."""
    if (found := HouseTopic.objects.filter(id=topic_id).first()) is None:
        raise NotFound
    actor.must_lead_somewhere()
    return found
