"""The only way to a customer or a note on behalf of somebody. Customers belong to the whole house."""

from __future__ import annotations

from ..core.errors import NotFound
from ..core.ready import Ready
from ..house.access import Actor
from .models import Customer, Identity, Note

_CUSTOMER = Ready(
    lambda customer_id: Customer.objects.select_related("contact_person").filter(id=customer_id)
)


def customer(actor: Actor, customer_id: int) -> Customer:
    """One customer, with their contact person. Raises `NotFound`."""
    found = _CUSTOMER.first(customer_id)
    if found is None or not actor.sees(None):
        raise NotFound
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
