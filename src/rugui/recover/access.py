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
from .models import Case, CaseAlarm, HandOver

_CASE = Ready(
    lambda case_id: Case.objects.select_related("customer", "place", "owner", "touch").filter(id=case_id)
)


def case(actor: Actor, case_id: int) -> Case:
    """One case with its customer, place, owner and first message. Raises `NotFound`."""
    found = _CASE.first(case_id)
    if found is None or not actor.sees(found.place_id):
        raise NotFound
    return found


def hand_over(actor: Actor, hand_over_id: int) -> HandOver:
    """A hand-over with its case, as `case` would give it. Raises `NotFound`."""
    found = HandOver.objects.filter(id=hand_over_id).first()
    if found is None:
        raise NotFound
    found.case = case(actor, found.case_id)
    return found


def alarm(actor: Actor, alarm_id: int) -> CaseAlarm:
    """What may be grave about a case, with that case. Raises `NotFound`."""
    found = CaseAlarm.objects.filter(id=alarm_id).first()
    if found is None:
        raise NotFound
    found.case = case(actor, found.case_id)
    return found


def lesson(case_id: int) -> Case:
    """A case whose lesson is shared: that much of it is for every colleague, wherever it happened. Raises `NotFound`."""
    rows = Case.objects.only("organization_id", "place_id", "customer_id", "lesson", "shared_at")
    found = rows.filter(id=case_id, shared_at__isnull=False).first()
    if found is None:
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
