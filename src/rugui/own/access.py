"""The customer's own page: who holds its link, and reading as them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from ..core import keys, tenancy
from ..core.errors import NotFound
from ..core.ids import public_id
from ..core.models import JournalEntry, Key
from ..house.access import Actor
from ..know.models import Customer


@dataclass(frozen=True, slots=True)
class Owner:
    """A customer who came through the link to what is held of them."""

    organization_id: int
    customer_id: int

    @property
    def actor(self) -> Actor:
        return Actor(self.organization_id, JournalEntry.Who.CUSTOMER)


def owner(secret: str, *, now: datetime) -> Owner:
    """Whoever holds this link. Raises `NotFound` when it is unknown, expired or revoked, or the card was merged since:
    whether the other card is theirs too is for a member of staff to say, with a new link."""
    key = keys.find(secret, Key.Kind.OWN, now=now)
    if key is None:
        raise NotFound
    with tenancy.within(key.organization_id):
        if not Customer.objects.filter(id=key.subject_id, merged_into=None).exists():
            raise NotFound
    public_id(
        "customer", key.subject_id
    )  # reads the installation's key, which the role of their page may not
    return Owner(key.organization_id, key.subject_id)


@contextmanager
def as_owner(owner: Owner) -> Iterator[None]:
    """Reads inside see, by the database's own rules, what is theirs and nothing else."""
    with tenancy.as_customer(owner.organization_id, owner.customer_id):
        yield
