"""The only way to visits, touches and purchases on behalf of somebody: they belong to places."""

from __future__ import annotations

from ..core.errors import NotFound
from ..house.access import Actor
from .models import Purchase, Touch, Visit


def visit(actor: Actor, visit_id: int) -> Visit:
    """One visit with its customer and place. Raises `NotFound`."""
    found = Visit.objects.select_related("customer", "place").filter(id=visit_id).first()
    if found is None or not actor.sees(found.place_id):
        raise NotFound
    return found


def touch(actor: Actor, touch_id: int) -> Touch:
    """One touch with its customer and place. Raises `NotFound`."""
    found = Touch.objects.select_related("customer", "place").filter(id=touch_id).first()
    if found is None or not actor.sees(found.place_id):
        raise NotFound
    return found


def purchase(actor: Actor, purchase_id: int) -> Purchase:
    """One purchase or refund with its customer. Raises `NotFound`."""
    found = Purchase.objects.select_related("customer").filter(id=purchase_id).first()
    if found is None or not actor.sees(found.place_id):
        raise NotFound
    return found
