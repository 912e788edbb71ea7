"""Who looked at whose card: what is unusual, told to the owner without accusing anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from ..engines.unusual import Counted, compare
from ..house.access import Actor
from ..house.models import Staff

DAYS = 30
LATEST = 200_000
"""So many of the journal's latest entries are looked through."""

# An occasion: a visit, a case or a promise of the customer at a place where the reader works, about that time.
_COUNTS = """
WITH latest AS (
    SELECT staff_id, customer_id, kind, at FROM rugui_journalentry WHERE organization_id = %(organization)s ORDER BY id DESC LIMIT %(latest)s
), viewed AS (
    SELECT staff_id, customer_id FROM latest
    WHERE kind = 'card.viewed' AND at > %(since)s AND staff_id IS NOT NULL GROUP BY 1, 2
)
SELECT v.staff_id, count(*), count(*) FILTER (WHERE NOT EXISTS (
    SELECT FROM rugui_assignment a WHERE a.staff_id = v.staff_id AND (
        EXISTS (SELECT FROM rugui_visit t WHERE t.customer_id = v.customer_id AND t.expected_at > %(before)s
                AND (a.place_id IS NULL OR a.place_id = t.place_id))
        OR EXISTS (SELECT FROM rugui_case c WHERE c.customer_id = v.customer_id AND coalesce(c.closed_at, %(since)s) >= %(since)s
                AND (a.place_id IS NULL OR a.place_id = c.place_id))
        OR EXISTS (SELECT FROM rugui_promise p WHERE p.customer_id = v.customer_id AND coalesce(p.settled_at, %(since)s) >= %(since)s
                AND (a.place_id IS NULL OR a.place_id = p.place_id))
        OR EXISTS (SELECT FROM rugui_touch m WHERE m.customer_id = v.customer_id AND m.at > %(since)s
                AND (a.place_id IS NULL OR m.place_id IS NULL OR a.place_id = m.place_id))
)))
FROM viewed v GROUP BY v.staff_id"""


@dataclass(frozen=True, slots=True)
class Looked:
    """How many cards somebody opened in a month, and how many of them without an occasion that the house knows of."""

    staff: Staff
    cards: int
    without: int
    of_others: int
    """Of a hundred cards that colleagues opened, those without an occasion."""
    unusual: bool


def lately(actor: Actor, *, now: datetime) -> list[Looked]:
    """Everybody who opened cards in the last month, the unusual first."""
    since = now - timedelta(days=DAYS)
    values: dict[str, int | datetime] = {
        "organization": actor.organization_id,
        "latest": LATEST,
        "since": since,
        "before": since - timedelta(days=DAYS),
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, values)
        counts = {staff: Counted(total, without) for staff, total, without in cursor.fetchall()}
    people = Staff.objects.in_bulk(counts)
    findings = compare(counts)
    rows = [
        Looked(
            people[each],
            counts[each].total,
            counts[each].special,
            round(findings[each].rate * 100),
            findings[each].unusual,
        )
        for each in counts
    ]
    return sorted(rows, key=lambda row: (not row.unusual, -row.without, row.staff.name))
