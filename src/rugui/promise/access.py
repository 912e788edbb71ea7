"""The only way to a promise on behalf of somebody."""

from __future__ import annotations

from ..core.errors import NotFound
from ..house.access import Actor
from .models import Promise


def promise(actor: Actor, promise_id: int) -> Promise:
    """One promise with its customer, place, case and owner. Raises `NotFound`."""
    rows = Promise.objects.select_related("customer", "place", "case", "owner")
    found = rows.filter(id=promise_id).first()
    if found is None or not actor.sees(found.place_id):
        raise NotFound
    return found
