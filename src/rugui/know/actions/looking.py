"""Who looked at whom: looking changes nothing, and is journalled."""

from __future__ import annotations

from datetime import datetime

from ...core.journal import Event, record
from ...house.access import Actor
from ..models import Customer


def note_view(actor: Actor, customer: Customer, *, now: datetime, why: str) -> None:
    """Journals that somebody looked at a card, and on what occasion ("page", "api", "case")."""
    record(actor, now, Event("card.viewed", customer_id=customer.id, payload={"why": why}))


def note_search(actor: Actor, *, found: int, now: datetime) -> None:
    """Journals that somebody looked for people, and how many they were shown; never the words."""
    record(actor, now, Event("customer.searched", payload={"found": found}))
