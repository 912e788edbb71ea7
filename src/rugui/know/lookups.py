"""What recognition asks the database: a few indexed rows each."""

from __future__ import annotations

import json
from collections.abc import Iterable

MAX_ROWS, MAX_FOUND = 400, 40
"""Rows of keys that are read, and people who are looked at."""

# The database keeps a plan for all values only where it looks no dearer than one made for these: a new plan each time costs
# more than the look-up. So stretches of an index are asked for by joining with what begins them, numbers of rows are
# written out, and of what is asked for by places there are always as many. Arrays travel as text, which is cheapest.
NORMALS, TAILS, HEADS = 3, 2, 6
EXACT_ROWS, MAX_IN_RANGE = 30, 400
"""Rows of a stretch of numbers or addresses that are looked at."""


def _stretch(column: str, places: int, most: int, more: str = "") -> str:
    """Rows whose `column` begins with one of `places` texts; empty places find nothing."""
    # A single row of values would be put in their place, and be planned for anew with every question; OFFSET 0 hides it.
    parts = ", ".join(["(%s::text)"] * places) + (" OFFSET 0" if places == 1 else "")
    return f"""SELECT i.customer_id, i.kind, i.normal FROM (VALUES {parts}) t(part) CROSS JOIN LATERAL (
        SELECT customer_id, kind, normal FROM rugui_identity
        WHERE organization_id = %s AND {column} >= t.part AND {column} < t.part || U&'\\+10FFFF' AND t.part <> ''{more}
        LIMIT {most}) i"""  # noqa: S608  only places


_ENDS = " AND tail <> ''"
_PEOPLE_THERE = "(SELECT people FROM rugui_nameword WHERE h = %s)"
EXACT_KNOWN = f"""
SELECT d.customer_id, d.kind, d.normal, c.name, c.address_as
FROM (
    SELECT customer_id, kind, normal FROM rugui_identity
    WHERE organization_id = %s AND normal IN ({", ".join(["%s"] * NORMALS)})
    UNION ALL
    {_stretch("tail", TAILS, EXACT_ROWS, _ENDS)}
) d JOIN rugui_customer c ON c.id = d.customer_id"""  # noqa: S608  only places
EXACT = f"SELECT {_PEOPLE_THERE}, e.* FROM ({EXACT_KNOWN}) e"  # noqa: S608  only places
"""The same, and before it how many people there are."""
RANGES = f"""
{_stretch("tail", 1, MAX_IN_RANGE, _ENDS)}
UNION ALL
{_stretch("normal", HEADS, MAX_IN_RANGE)}"""
RANGES_CALLED = f"""
SELECT i.customer_id, i.kind, i.normal, {_PEOPLE_THERE}, c.name, c.address_as,
    ARRAY(SELECT m.name FROM rugui_customer m WHERE m.merged_into_id = c.id)
FROM ({RANGES}) i
JOIN rugui_customer c ON c.id = i.customer_id"""  # noqa: S608  only places
ANY = """
SELECT customer_id FROM rugui_identity WHERE organization_id = %s AND normal = ANY(%s::text[])
UNION ALL
SELECT customer_id FROM rugui_identity WHERE organization_id = %s AND tail <> '' AND tail = ANY(%s::text[])
LIMIT 60"""
WORDS = """
SELECT word, people, NULL FROM rugui_nameword WHERE h = ANY(%s::bigint[])
UNION ALL
SELECT word, NULL, h FROM rugui_nameslip WHERE h = ANY(%s::bigint[])
UNION ALL
SELECT w.word, w.people, NULL FROM unnest(%s::text[], %s::int[]) t(part, most) CROSS JOIN LATERAL (
    SELECT word, people FROM (
        SELECT word, people FROM rugui_nameword
        WHERE organization_id = %s AND word >= t.part AND word < t.part || U&'\\+10FFFF' LIMIT t.most) few
    ORDER BY people DESC, word LIMIT 40) w"""
PEOPLE = "SELECT word, people FROM rugui_nameword WHERE h = ANY((SELECT %s::bigint[])::bigint[])"
NAMED = f"""
SELECT best.at, c.id, c.name, c.address_as, ARRAY(SELECT m.name FROM rugui_customer m WHERE m.merged_into_id = c.id)
FROM (
    SELECT customer_id, min(at) AS at FROM (
        SELECT k.customer_id, t.at FROM unnest(%s::bigint[]) WITH ORDINALITY t(h, at) CROSS JOIN LATERAL (
            SELECT customer_id FROM rugui_namekey WHERE rugui_namekey.h = t.h LIMIT 80) k
        LIMIT {MAX_ROWS}) few
    GROUP BY customer_id ORDER BY at LIMIT {MAX_FOUND}) best
JOIN rugui_customer c ON c.id = best.customer_id"""  # noqa: S608  only numbers
DETAILS = """
SELECT c.id, c.name, c.address_as,
    ARRAY(SELECT m.name FROM rugui_customer m WHERE m.merged_into_id = c.id),
    ARRAY(SELECT ARRAY[i.kind, i.normal] FROM rugui_identity i WHERE i.customer_id = c.id)
FROM rugui_customer c WHERE c.id = ANY((SELECT %s::bigint[])::bigint[])"""


def numbers(values: Iterable[int]) -> str:
    """An array of whole numbers as the database reads it."""
    return f"{{{','.join(map(str, values))}}}"


def texts(values: list[str]) -> str:
    """An array of texts: quotation marks and backslashes are escaped as JSON does it."""
    return f"{{{json.dumps(values, ensure_ascii=False)[1:-1]}}}"
