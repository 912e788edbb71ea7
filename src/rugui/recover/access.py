"""The only way to a case: for staff by place, for the customer by their key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from ..core import keys, tenancy
from ..core.errors import NotFound
from ..core.models import JournalEntry, Key
from ..core.ready import Ready
from ..house.access import Actor
from .models import Case

_CASE = Ready(
    lambda case_id: Case.objects.select_related("customer", "place", "owner", "touch").filter(id=case_id)
)


def case(actor: Actor, case_id: int) -> Case:
    """One case with its customer, place, owner and first message. Raises `NotFound`."""
    found = _CASE.first(case_id)
    if found is None or not actor.sees(found.place_id):
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Guest:
    """A customer who came through the link of one case."""

    organization_id: int
    case_id: int

    @property
    def actor(self) -> Actor:
        return Actor(self.organization_id, JournalEntry.Who.CUSTOMER)


def guest(secret: str, *, now: datetime) -> Guest:
    """Whoever holds this link. Raises `NotFound` when it is unknown, expired or revoked."""
    key = keys.find(secret, Key.Kind.CASE, now=now)
    if key is None:
        raise NotFound
    return Guest(key.organization_id, key.subject_id)


@contextmanager
def as_guest(guest: Guest) -> Iterator[None]:
    """Reads inside see, by the database's own rules, this case's page and nothing else."""
    with tenancy.as_guest(guest.organization_id, guest.case_id):
        yield
