"""Who looked at whom: looking changes nothing, and is journalled."""

from __future__ import annotations

from datetime import datetime, timedelta

from psycopg.types.json import Jsonb

from ...core.journal import Event, record
from ...core.ready import run
from ...house.access import Actor
from ..models import Customer

AGAIN_AFTER = timedelta(minutes=10)
"""Somebody who opens a card again before this is still looking."""

_VIEW = """
INSERT INTO rugui_journalentry (organization_id, at, kind, who, staff_id, customer_id, payload, version)
SELECT %s, %s, 'card.viewed', %s, %s, %s, %s, 1
WHERE NOT EXISTS (
    SELECT FROM rugui_journalentry WHERE organization_id = %s AND customer_id = %s AND kind = 'card.viewed'
        AND staff_id = %s AND at > %s
)"""


def note_view(actor: Actor, customer: Customer, *, now: datetime, why: str) -> None:
    """Journals that somebody looked at a card, and on what occasion ("arrival", "search", "case", "api", …).

    One statement, and one entry for all looks of the same person within ten minutes.
    """
    house, staff = actor.organization_id, actor.staff_id
    row = [house, now, str(actor.who), staff, customer.id, Jsonb({"why": why})]
    run(_VIEW, [*row, house, customer.id, staff, now - AGAIN_AFTER])


def note_search(actor: Actor, *, found: int, now: datetime) -> None:
    """Journals that somebody looked for people, and how many they were shown; never the words."""
    record(actor, now, Event("customer.searched", payload={"found": found}))
