"""A batch of customers into the database.

A row is an existing customer when it has their external id, or when both the name and one identity are theirs.
For them the file may add identities, fill what is empty, and correct the name unless somebody of the staff has
changed it; it never takes anything away.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ...know import keys, lineage
from .copying import copy
from .read import Batch

_DEFINITIONS = {
    "customers": "n int, same_as int, external_id text, given boolean, named boolean, name text, address_as text, language text,"
    " kinds text[], normals text[], customer_id bigint",
    "identities": "n int, kind text, value text, normal text, tail text",
    "keys": "n int, h bigint",
    "words": "h bigint, word text",
}

_NUMBER = "SELECT nextval(pg_get_serial_sequence('rugui_customer', 'id'))"

# Look-ups are correlated (OFFSET 0 keeps them so), because the planner, who has not yet heard how large the
# tables have become, would join them whole. Whoever is not found gets the next number; above the one drawn before the statement, they are the new ones.
_FIND = """
UPDATE pg_temp.rugui_in_customers i SET customer_id = coalesce(
    (SELECT c.id FROM rugui_customer c
     WHERE c.organization_id = %(organization)s AND c.external_id = i.external_id),
    (SELECT min(known.id) FROM unnest(i.kinds, i.normals) AS u(kind, normal), LATERAL (
        SELECT c.id FROM rugui_identity d JOIN rugui_customer c ON c.id = d.customer_id
        WHERE d.organization_id = %(organization)s AND d.normal = u.normal AND d.kind = u.kind
        AND c.name = i.name AND (NOT i.given OR c.external_id IS NULL) OFFSET 0) known),
    nextval(pg_get_serial_sequence('rugui_customer', 'id')))
WHERE same_as IS NULL"""

# Two rows with ids of their own are two people, even when both match one card that has none yet.
_PART = """
UPDATE pg_temp.rugui_in_customers SET customer_id = nextval(pg_get_serial_sequence('rugui_customer', 'id'))
WHERE n IN (SELECT n FROM (
    SELECT n, row_number() OVER (PARTITION BY customer_id ORDER BY n) AS place
    FROM pg_temp.rugui_in_customers WHERE given AND same_as IS NULL AND customer_id <= %(before)s
) matched WHERE place > 1)"""

_SAME = """
UPDATE pg_temp.rugui_in_customers i SET customer_id = m.customer_id
FROM pg_temp.rugui_in_customers m WHERE m.n = i.same_as"""

_INSERT = """
INSERT INTO rugui_customer (id, organization_id, name, address_as, language, external_id, created_at)
SELECT customer_id, %(organization)s, name, address_as, language, external_id, %(now)s
FROM pg_temp.rugui_in_customers WHERE customer_id > %(before)s AND same_as IS NULL ORDER BY n"""

_KEYS = """
INSERT INTO rugui_namekey (organization_id, customer_id, h)
SELECT %(organization)s, c.customer_id, k.h # %(mix)s
FROM pg_temp.rugui_in_keys k JOIN pg_temp.rugui_in_customers c USING (n)
WHERE c.customer_id > %(before)s AND c.same_as IS NULL"""

_WORDS = """
INSERT INTO rugui_nameword (organization_id, h, word, people)
SELECT %(organization)s, h # %(mix)s, word, 1 FROM pg_temp.rugui_in_words ORDER BY word COLLATE "C"
ON CONFLICT DO NOTHING RETURNING h, word"""

_IDENTITIES = """
WITH added AS (
    INSERT INTO rugui_identity (organization_id, customer_id, kind, value, normal, tail, created_at)
    SELECT %(organization)s, c.customer_id, i.kind, i.value, i.normal, i.tail, %(now)s
    FROM pg_temp.rugui_in_identities i JOIN pg_temp.rugui_in_customers c USING (n)
    ON CONFLICT (organization_id, normal, kind, customer_id) DO NOTHING RETURNING customer_id
)
SELECT array_agg(DISTINCT customer_id) FROM added WHERE customer_id <= %(before)s"""

_FILL = """
WITH told AS (
    SELECT DISTINCT ON (customer_id) customer_id, given, external_id, address_as, language
    FROM pg_temp.rugui_in_customers WHERE customer_id <= %(before)s OR same_as IS NOT NULL
    ORDER BY customer_id, address_as = '', language = '', n
), filled AS (
    UPDATE rugui_customer c SET
        address_as = CASE WHEN c.address_as = '' THEN told.address_as ELSE c.address_as END,
        language = CASE WHEN c.language = '' THEN told.language ELSE c.language END,
        external_id = CASE WHEN told.given THEN coalesce(c.external_id, told.external_id) ELSE c.external_id END
    FROM told WHERE c.id = told.customer_id AND (
        (c.address_as = '' AND told.address_as <> '') OR (c.language = '' AND told.language <> '')
        OR (c.external_id IS NULL AND told.given))
    RETURNING c.id
)
SELECT array_agg(id) FROM filled WHERE id <= %(before)s"""

_RENAME = """
UPDATE rugui_customer c SET name = i.name FROM pg_temp.rugui_in_customers i
WHERE c.id = i.customer_id AND i.given AND i.named AND i.same_as IS NULL AND c.name <> i.name AND c.id <= %(newest_before)s
    AND NOT EXISTS (
        SELECT FROM rugui_journalentry j WHERE j.organization_id = %(organization)s AND j.customer_id = c.id
        AND j.kind = 'customer.changed' AND j.payload -> 'fields' ? 'name')
RETURNING c.id, c.name"""


def load(
    cursor: Any, batch: Batch, organization_id: int, now: datetime, newest_before: int
) -> tuple[int, int, int]:
    """How many were new, changed and the same."""
    for name, definition in _DEFINITIONS.items():
        copy(cursor, name, definition, *batch.tables[name])
        if name != "words":
            cursor.execute(f"ANALYZE pg_temp.rugui_in_{name} (n)")
    cursor.execute(_NUMBER)
    values = {
        "organization": organization_id,
        "now": now,
        "before": cursor.fetchone()[0],
        "newest_before": newest_before,
        "mix": keys.mix(organization_id),
    }
    cursor.execute(_FIND, values)
    cursor.execute(_PART, values)
    cursor.execute(_SAME)
    cursor.execute(_INSERT, values)
    new = cursor.rowcount
    cursor.execute(_KEYS, values)
    cursor.execute(_WORDS, values)
    keys.write_slips(organization_id, dict(cursor.fetchall()))
    cursor.execute(_IDENTITIES, values)
    changed = set(cursor.fetchone()[0] or [])
    if new < len(batch.records):
        cursor.execute(_FILL, values)
        changed |= set(cursor.fetchone()[0] or [])
        cursor.execute(_RENAME, values)
        renamed = cursor.fetchall()
        lineage.write_keys(*(customer_id for customer_id, _name in renamed))
        changed |= {customer_id for customer_id, _name in renamed}
    return new, len(changed), len(batch.records) - new - len(changed)
