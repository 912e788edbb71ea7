"""The only way to a customer or a note on behalf of somebody. Customers belong to the whole house.

What a reader may not see is not there: a note of a kind that their role has no need of is in no list, count, search or
stream of theirs, and asking for it by name finds nothing. `readable()` is the one place that says so; every query that
hands out notes goes through it. The database holds to the first line by itself (core/rowsecurity.py).

- A *keeper's* note is its author's alone; no role opens it, the owner's included. What others must know does not belong
  into one. The customer's own rights (their data handed out, erased) reach it through `tenancy.as_the_house()`.
- *Sensitive* notes are for those who serve. An analyst has no need of them.
- A sensitive note whose consent was withdrawn is nobody's.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from ..core.errors import NotFound
from ..core.ready import Ready
from ..house.access import Actor
from . import lineage
from .models import Consent, Customer, Identity, Note, Surprise
from .pairs import CardPair, Merge

_CUSTOMER = Ready(
    lambda customer_id: Customer.objects.select_related("contact_person", "deputy").filter(id=customer_id)
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


def sees_sensitive(actor: Actor) -> bool:
    """Whether the reader's role has need of health, faith and the like."""
    return actor.serves(None)


def reader(actor: Actor) -> int:
    """Whose keeper notes are read: the member of staff, 0 for nobody's. For queries made ready (core/ready.py)."""
    return actor.staff_id or 0


def for_reader(rows: QuerySet[Note], reader: int, *, sensitive: bool) -> QuerySet[Note]:
    """`readable()` for a query that is made ready: the reader is a value, the role is part of the query."""
    rows = rows.filter(~Q(discretion=Note.Discretion.KEEPER) | Q(author_id=reader))
    return rows if sensitive else rows.filter(sensitive="")


def readable(actor: Actor, rows: QuerySet[Note]) -> QuerySet[Note]:
    """Of these notes, those that the actor may read."""
    if actor.is_house:
        return rows
    return for_reader(rows, reader(actor), sensitive=sees_sensitive(actor))


def notes(actor: Actor, customer: Customer) -> QuerySet[Note]:
    """What stands on a customer's card, for this actor."""
    return readable(actor, Note.objects.filter(customer=customer, withdrawn_at=None))


def note(actor: Actor, note_id: int) -> Note:
    """One note with its customer, withdrawn or not. Raises `NotFound`."""
    rows = Note.objects.select_related("customer", "consent", "author", "struck_by", "place")
    found = readable(actor, rows.filter(id=note_id)).first()
    if found is None or not actor.sees(None):
        raise NotFound
    if found.consent is not None and found.consent.withdrawn_at is not None and not actor.is_house:
        raise NotFound
    return found


def consents(actor: Actor, customer: Customer) -> QuerySet[Consent]:
    """A customer's consents, for those who serve; for others there are none."""
    rows = Consent.objects.filter(customer=customer)
    return rows if sees_sensitive(actor) else rows.none()


def consent(actor: Actor, consent_id: int) -> Consent:
    """One consent with its customer, for those who serve. Raises `NotFound` or `NotAllowed`."""
    found = Consent.objects.select_related("customer").filter(id=consent_id).first()
    if found is None or not actor.sees(None):
        raise NotFound
    actor.must_serve(None)
    return found


def surprise(actor: Actor, surprise_id: int) -> Surprise:
    """One planned surprise of a place that the actor serves. Raises `NotFound`, or `NotAllowed` for who only looks."""
    rows = Surprise.objects.select_related("customer", "place", "proposed_by", "decided_by")
    found = rows.filter(id=surprise_id).first()
    if found is None or not actor.sees(found.place_id):
        raise NotFound
    actor.must_serve(found.place_id)
    return found


def surprises(actor: Actor, customer: Customer) -> list[Surprise]:
    """What is planned for a customer where this actor serves, the nearest day first."""
    rows = Surprise.objects.filter(customer=customer, outcome="").exclude(state__in=["declined", "dropped"])
    found = rows.select_related("proposed_by").order_by("planned_on", "id")[:50]
    return [each for each in found if actor.serves(each.place_id)]


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
