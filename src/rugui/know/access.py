"""The only way to a customer or a note on behalf of somebody. Customers belong to the whole house."""

from __future__ import annotations

from ..core.errors import NotFound
from ..core.ready import Ready
from ..house.access import Actor
from . import lineage
from .models import Customer, Identity, Note
from .pairs import CardPair, Merge

_CUSTOMER = Ready(
    lambda customer_id: Customer.objects.select_related("contact_person").filter(id=customer_id)
)


def customer(actor: Actor, customer_id: int) -> Customer:
    """One customer, with their contact person; the survivor (`came_as` says so) of a merged card. Raises `NotFound`."""
    found = _CUSTOMER.first(customer_id)
    if found is None or not actor.sees(None):
        raise NotFound
    if found.merged_into_id is not None:
        found = _CUSTOMER.first(lineage.root(customer_id))
        if found is None:
            raise NotFound
        found.came_as = customer_id
    return found


def note(actor: Actor, note_id: int) -> Note:
    """One note with its customer, withdrawn or not. Raises `NotFound`."""
    found = Note.objects.select_related("customer").filter(id=note_id).first()
    if found is None or not actor.sees(None):
        raise NotFound
    return found


def identity(actor: Actor, identity_id: int) -> Identity:
    """One identity with its customer. Raises `NotFound`."""
    found = Identity.objects.select_related("customer").filter(id=identity_id).first()
    if found is None or not actor.sees(None):
        raise NotFound
    return found


def merge(actor: Actor, merge_id: int) -> Merge:
    """One merge with its two cards, undone or not. Raises `NotFound`."""
    found = Merge.objects.select_related("source", "survivor", "staff").filter(id=merge_id).first()
    if found is None or not actor.sees(None):
        raise NotFound
    return found


def pair(actor: Actor, pair_id: int) -> CardPair:
    """Two cards that may be one person's. Raises `NotFound`."""
    found = CardPair.objects.select_related("low", "high").filter(id=pair_id).first()
    if found is None or not actor.sees(None):
        raise NotFound
    return found
