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
    " customer_id bigint",
    "identities": "n int, kind text, value text, normal text, tail text",
    "keys": "n int, h bigint",
    "words": "h bigint, word text",
}

_SEQUENCE = "SELECT pg_get_serial_sequence('rugui_customer', 'id')"
_NUMBER = "SELECT nextval(%(sequence)s::regclass)"

# Look-ups are correlated (OFFSET 0 keeps them so), because the planner, who has not yet heard how large the
# tables have become, would join them whole.
_FIND_BY_ID = """
UPDATE pg_temp.rugui_in_customers i SET customer_id = found.id FROM (
    SELECT n, (SELECT c.id FROM rugui_customer c
               WHERE c.organization_id = %(organization)s AND c.external_id = one.external_id) AS id
    FROM pg_temp.rugui_in_customers one WHERE same_as IS NULL OFFSET 0
) found WHERE found.n = i.n AND found.id IS NOT NULL"""

_FIND_BY_IDENTITY = """
UPDATE pg_temp.rugui_in_customers i SET customer_id = found.id FROM (
    SELECT one.n, min(known.id) AS id
    FROM pg_temp.rugui_in_identities u JOIN pg_temp.rugui_in_customers one USING (n), LATERAL (
        SELECT c.id FROM rugui_identity d JOIN rugui_customer c ON c.id = d.customer_id
        WHERE d.organization_id = %(organization)s AND d.normal = u.normal AND d.kind = u.kind
        AND c.name = one.name AND (NOT one.given OR c.external_id IS NULL) OFFSET 0) known
    WHERE one.same_as IS NULL AND one.customer_id IS NULL GROUP BY one.n
) found WHERE found.n = i.n"""

# Whoever is not found gets the next number; above the one drawn before, they are the new ones.
_NUMBERED = """
UPDATE pg_temp.rugui_in_customers SET customer_id = nextval(%(sequence)s::regclass)
WHERE same_as IS NULL AND customer_id IS NULL"""

# Two rows with ids of their own are two people, even when both match one card that has none yet.
_PART = """
UPDATE pg_temp.rugui_in_customers SET customer_id = NULL
WHERE n IN (SELECT n FROM (
    SELECT n, row_number() OVER (PARTITION BY customer_id ORDER BY n) AS place
    FROM pg_temp.rugui_in_customers WHERE given AND same_as IS NULL AND customer_id <= %(before)s
) matched WHERE place > 1)"""

_SAME = """
UPDATE pg_temp.rugui_in_customers i SET customer_id = m.customer_id
FROM pg_temp.rugui_in_customers m WHERE m.n = i.same_as"""

# A card that is part of another now keeps its own id and name; what is new about the person goes to the survivor.
ANY_MERGED = """
SELECT EXISTS (SELECT FROM rugui_customer WHERE organization_id = %(organization)s AND merged_into_id IS NOT NULL)"""
_SURVIVE = """
WITH RECURSIVE up (n, id, above) AS (
    SELECT i.n, c.id, c.merged_into_id FROM pg_temp.rugui_in_customers i JOIN rugui_customer c ON c.id = i.customer_id
    WHERE i.customer_id <= %(before)s AND c.merged_into_id IS NOT NULL
    UNION ALL SELECT up.n, c.id, c.merged_into_id FROM up JOIN rugui_customer c ON c.id = up.above
)
UPDATE pg_temp.rugui_in_customers i SET customer_id = up.id, given = false, named = false
FROM up WHERE up.n = i.n AND up.above IS NULL"""

_INSERT = """
INSERT INTO rugui_customer (id, organization_id, name, address_as, language, external_id, created_at)
SELECT customer_id, %(organization)s, name, address_as, language, external_id, %(now)s
FROM pg_temp.rugui_in_customers WHERE customer_id > %(before)s AND same_as IS NULL ORDER BY n"""

_KEYS = """
INSERT INTO rugui_namekey (organization_id, customer_id, h)
SELECT %(organization)s, c.customer_id, k.h # %(mix)s
FROM pg_temp.rugui_in_keys k JOIN pg_temp.rugui_in_customers c USING (n)
WHERE c.customer_id > %(before)s AND c.same_as IS NULL ORDER BY 3"""

_WORDS = """
INSERT INTO rugui_nameword (organization_id, h, word, people)
SELECT %(organization)s, h # %(mix)s, word, 1 FROM pg_temp.rugui_in_words ORDER BY word COLLATE "C"
ON CONFLICT DO NOTHING RETURNING word"""

# Of somebody new there is nothing yet that a row could repeat.
_NEW_IDENTITIES = """
INSERT INTO rugui_identity (organization_id, customer_id, kind, value, normal, tail, created_at)
SELECT %(organization)s, c.customer_id, i.kind, i.value, i.normal, i.tail, %(now)s
FROM pg_temp.rugui_in_identities i JOIN pg_temp.rugui_in_customers c USING (n)
WHERE c.customer_id > %(before)s AND c.same_as IS NULL"""

_MORE_IDENTITIES = """
WITH added AS (
    INSERT INTO rugui_identity (organization_id, customer_id, kind, value, normal, tail, created_at)
    SELECT %(organization)s, c.customer_id, i.kind, i.value, i.normal, i.tail, %(now)s
    FROM pg_temp.rugui_in_identities i JOIN pg_temp.rugui_in_customers c USING (n)
    WHERE c.customer_id <= %(before)s OR c.same_as IS NOT NULL
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
    cursor.execute(_SEQUENCE)
    values: dict[str, Any] = {"organization": organization_id, "now": now, "newest_before": newest_before}
    values["mix"] = keys.mix(organization_id)
    values["sequence"] = cursor.fetchone()[0]
    cursor.execute(_NUMBER, values)
    values["before"] = cursor.fetchone()[0]
    new = _find_and_add(cursor, values)
    if new == batch.loaded:
        return new, 0, 0
    cursor.execute(_MORE_IDENTITIES, values)
    changed = set(cursor.fetchone()[0] or [])
    cursor.execute(_FILL, values)
    changed |= set(cursor.fetchone()[0] or [])
    cursor.execute(_RENAME, values)
    renamed = cursor.fetchall()
    lineage.write_keys(*(customer_id for customer_id, _name in renamed))
    changed |= {customer_id for customer_id, _name in renamed}
    return new, len(changed), batch.loaded - new - len(changed)


def _find_and_add(cursor: Any, values: dict[str, Any]) -> int:
    """Gives every row its customer, and adds those who are new; how many those are."""
    cursor.execute(_FIND_BY_ID, values)
    cursor.execute(_FIND_BY_IDENTITY, values)
    if cursor.rowcount:
        cursor.execute(_PART, values)
    cursor.execute(_NUMBERED, values)
    cursor.execute(_SAME)
    cursor.execute(ANY_MERGED, values)
    if cursor.fetchone()[0]:
        cursor.execute(_SURVIVE, values)
    cursor.execute(_INSERT, values)
    new: int = cursor.rowcount
    cursor.execute(_KEYS, values)
    cursor.execute(_WORDS, values)
    keys.write_slips(values["organization"], (word for (word,) in cursor.fetchall()))
    cursor.execute(_NEW_IDENTITIES, values)
    return new
