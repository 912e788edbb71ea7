"""A batch into the database: COPY into temporary tables, then a few set-based statements.

PostgreSQL refuses COPY into tables under row-level security, so rows pass through temporary tables and
every real row is inserted as the organization's own. References are looked up by correlated subqueries,
which always use the index, whatever the planner believes about tables that are just being filled.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from psycopg.errors import UniqueViolation

from ...engines.tabular.base import Problem
from . import customers
from .copying import copy
from .read import Batch, Rejection
from .shapes import TEMPORARY, Shape, shapes

REFERENCES = "n int, external_id text, customer text, email text, phone text, place_id bigint, "

TABLES = {
    "customers": "rugui_customer",
    "touches": "rugui_touch",
    "purchases": "rugui_purchase",
    "notes": "rugui_note",
    "visits": "rugui_visit",
}


SAMPLE = 100


@dataclass(frozen=True, slots=True)
class Context:
    """What every statement of a run needs."""

    organization_id: int
    subject: str
    started_at: datetime
    """Stands for "now" throughout the run, so that a resumed run does what an unbroken one would."""
    timezone: str
    newest_before: int


@dataclass(frozen=True, slots=True)
class Counts:
    new: int = 0
    changed: int = 0
    same: int = 0


def newest(subject: str) -> int:
    """A row number of the subject's table that is above all rows there are, and below all to come."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [TABLES[subject]])
        return int(cursor.fetchone()[0])


def load(batch: Batch, context: Context) -> Counts:
    """Writes a batch within the transaction at hand. Rows that the database had to refuse join `batch.rejected`."""
    with connection.cursor() as cursor:
        # Times without an offset are the place's own.
        cursor.execute("SELECT set_config('TimeZone', %s, true)", [context.timezone])
        try:
            if not batch.loaded:
                counts = Counts()
            elif context.subject == "customers":
                counts = Counts(*customers.load(cursor, batch, context.organization_id, context.started_at,
                                                context.newest_before))  # fmt: skip
            else:
                counts = _load_events(cursor, batch, context)
        finally:
            if not connection.needs_rollback:
                cursor.execute("SELECT set_config('TimeZone', 'UTC', true)")
    return Counts(counts.new, counts.changed, counts.same + batch.repeated)


# Of cards that became one, what happened stands on the one that all of them led to.
_BY_EXTERNAL_ID = """
    (SELECT CASE WHEN c.merged_into_id IS NULL THEN c.id ELSE (
        WITH RECURSIVE up (id, next) AS (
            SELECT c.id, c.merged_into_id
            UNION ALL SELECT p.id, p.merged_into_id FROM rugui_customer p JOIN up ON p.id = up.next
        ) SELECT id FROM up WHERE next IS NULL) END
     FROM rugui_customer c WHERE c.organization_id = %(organization)s AND c.external_id = i.customer)"""
# 0 says that more than one customer has it: a family's phone tells nobody apart.
_BY_IDENTITY = """
    (SELECT CASE WHEN count(DISTINCT d.customer_id) > 1 THEN 0 ELSE min(d.customer_id) END FROM rugui_identity d
     WHERE d.organization_id = %(organization)s AND d.normal = i.{column} AND d.kind = '{column}')"""
_RESOLVED = f"""
    SELECT i.*, CASE WHEN i.customer IS NOT NULL THEN {_BY_EXTERNAL_ID}
        WHEN i.email IS NOT NULL THEN {_BY_IDENTITY.format(column="email")}
        ELSE {_BY_IDENTITY.format(column="phone")} END AS customer_id{{more}}
    FROM pg_temp.rugui_in_{{subject}} i{{which}}"""  # noqa: S608  made of the constants above

# Most files bring what is not there yet. Asking for every row whether it is costs a third more than finding out by inserting.
_ADD = """
WITH r AS MATERIALIZED ({resolved}),
added AS (
    INSERT INTO {table} (organization_id, customer_id, place_id, external_id, {columns})
    SELECT %(organization)s, customer_id, place_id, external_id, {values} FROM r WHERE customer_id > 0{condition}
)
SELECT count(*) FILTER (WHERE customer_id > 0{condition}), 0, count(*) FILTER (WHERE customer_id > 0{condition}),
       array_agg(n) FILTER (WHERE customer_id IS NULL), array_agg(n) FILTER (WHERE customer_id = 0) FROM r
"""

# A file that was imported before shows it by any of these few.
_KNOWN = """
SELECT EXISTS (SELECT FROM (SELECT external_id FROM pg_temp.rugui_in_{subject} WHERE n %% {step} = 0) i
    WHERE (SELECT true FROM {table} t WHERE t.organization_id = %(organization)s AND t.external_id = i.external_id))
"""

_LOAD = """
WITH r AS MATERIALIZED ({resolved}),
good AS (SELECT * FROM r WHERE customer_id > 0{condition}),
done AS (
    INSERT INTO {table} AS t (organization_id, customer_id, place_id, external_id, {columns})
    SELECT %(organization)s, customer_id, place_id, external_id, {values} FROM good
    ON CONFLICT (organization_id, external_id) WHERE external_id IS NOT NULL
    DO UPDATE SET customer_id = excluded.customer_id, place_id = coalesce(excluded.place_id, t.place_id), {updates}
    WHERE t.id <= %(newest_before)s AND ({differs})
    RETURNING (xmax = 0) AS new
)
SELECT (SELECT count(*) FILTER (WHERE new) FROM done), (SELECT count(*) FILTER (WHERE NOT new) FROM done),
       (SELECT count(*) FROM good), (SELECT array_agg(n) FROM r WHERE customer_id IS NULL),
       (SELECT array_agg(n) FROM r WHERE customer_id = 0)
"""

# What came by the id of a card that was merged goes back with that card when the two part again.
_MERGED = "SELECT EXISTS (SELECT FROM rugui_customer WHERE merged_into_id IS NOT NULL)"
_HOMES = """
INSERT INTO rugui_movedrow (organization_id, "table", row_id, home_id)
SELECT %(organization)s, %(label)s, t.id, c.id
FROM pg_temp.rugui_in_{subject} i
JOIN LATERAL (SELECT id FROM rugui_customer c WHERE c.organization_id = %(organization)s
              AND c.external_id = i.customer AND c.merged_into_id IS NOT NULL OFFSET 0) c ON true
JOIN LATERAL (SELECT id, customer_id FROM {table} t WHERE t.organization_id = %(organization)s
              AND t.external_id = i.external_id OFFSET 0) t ON true
WHERE t.customer_id = {root} ON CONFLICT DO NOTHING"""

_NOT_TAKEN_BACK = "SELECT array_agg(n) FROM ({resolved}) r WHERE customer_id > 0 AND taken_back IS NULL"

# Rows of ours that an earlier line of the same file has made, and that say something else now.
_REPEATED = """
WITH r AS MATERIALIZED ({resolved})
SELECT array_agg(excluded.n) FROM (SELECT *, {aliases} FROM r WHERE customer_id > 0{condition}) excluded
JOIN LATERAL (SELECT * FROM {table} e WHERE e.organization_id = %(organization)s
              AND e.external_id = excluded.external_id OFFSET 0) t ON true
WHERE t.id > %(newest_before)s AND ({differs})
"""


def _load_events(cursor: Any, batch: Batch, context: Context) -> Counts:
    subject = context.subject
    columns, data = batch.tables[subject]
    copy(cursor, subject, REFERENCES + TEMPORARY[subject], columns, data)
    values = {
        "organization": context.organization_id,
        "now": context.started_at,
        "newest_before": context.newest_before,
    }
    done, refused = Counts(), []
    for shape in shapes(subject, columns):
        counts, codes = _load_shape(cursor, batch, subject, shape, values)
        done = Counts(done.new + counts.new, done.changed + counts.changed, done.same + counts.same)
        refused += codes
    cursor.execute(_MERGED)
    if cursor.fetchone()[0]:
        homes = _HOMES.format(subject=subject, table=TABLES[subject], root=_BY_EXTERNAL_ID)
        cursor.execute(homes, values | {"label": TABLES[subject].removeprefix("rugui_")})
    if done.new + done.changed + done.same + len(dict(refused)) < batch.loaded:
        refused += _ending_before_they_start(cursor, subject)
    _refuse(batch, refused)
    return done


def _load_shape(
    cursor: Any, batch: Batch, subject: str, shape: Shape, values: dict[str, Any]
) -> tuple[Counts, list[tuple[int, str]]]:
    """What became of the rows of one shape: how many, and the numbers of those refused with the reason."""
    parts = _parts(subject, shape)
    new, changed, good, unknown, ambiguous = _written(cursor, subject, batch, parts, values)
    refused = [(n, "unknown_customer") for n in unknown or []]
    refused += [(n, "ambiguous_customer") for n in ambiguous or []]
    if shape.more:
        cursor.execute(_NOT_TAKEN_BACK.format(**parts), values)
        refused += [(n, "unknown_purchase") for n in cursor.fetchone()[0] or []]
    repeated = 0
    if new + changed < good:
        made = {column: value for column, value in shape.values.items() if value != column}
        parts["aliases"] = ", ".join(f"({value}) AS made_{column}" for column, value in made.items()) or "0"
        for column in made:
            parts["differs"] = parts["differs"].replace(f"excluded.{column}", f"excluded.made_{column}")
        cursor.execute(_REPEATED.format(**parts), values)
        earlier = cursor.fetchone()[0] or []
        refused += [(n, "repeated_earlier") for n in earlier]
        repeated = len(earlier)
    return Counts(new, changed, good - new - changed - repeated), refused


def _parts(subject: str, shape: Shape) -> dict[str, str]:
    updates = {column: f"excluded.{column}" for column in shape.updated} | (shape.updates or {})
    return {
        "resolved": _RESOLVED.format(subject=subject, more=shape.more, which=shape.which),
        "condition": shape.condition,
        "table": TABLES[subject],
        "columns": ", ".join(shape.values),
        "values": ", ".join(shape.values.values()),
        "updates": ", ".join(f"{column} = {value}" for column, value in updates.items()),
        "differs": " OR ".join(
            ["t.customer_id <> excluded.customer_id", "t.place_id <> excluded.place_id"]
            + [f"t.{column} IS DISTINCT FROM ({value})" for column, value in updates.items()]
        ),
    }


def _written(
    cursor: Any, subject: str, batch: Batch, parts: dict[str, str], values: dict[str, Any]
) -> tuple[int, int, int, list[int] | None, list[int] | None]:
    """How many were new, changed and good, and the numbers of those whose customer is unknown, or not certain."""
    step = max(1, batch.loaded // SAMPLE)
    cursor.execute(_KNOWN.format(subject=subject, table=TABLES[subject], step=step), values)
    if not cursor.fetchone()[0]:
        try:
            with transaction.atomic():
                cursor.execute(_ADD.format(**parts), values)
                return cursor.fetchone()  # type: ignore[no-any-return]
        except IntegrityError as error:
            if not isinstance(error.__cause__, UniqueViolation):
                raise
    cursor.execute(_LOAD.format(**parts), values)
    return cursor.fetchone()  # type: ignore[no-any-return]


def _ending_before_they_start(cursor: Any, subject: str) -> list[tuple[int, str]]:
    if subject != "visits":
        return []
    cursor.execute("SELECT n FROM pg_temp.rugui_in_visits WHERE expected_until < expected_at")
    return [(n, "ends_before") for (n,) in cursor.fetchall()]


_FIELDS = {
    "repeated_earlier": "external_id",
    "unknown_purchase": "refund_of",
    "ends_before": "expected_until",
}


def _refuse(batch: Batch, refused: list[tuple[int, str]]) -> None:
    if not refused:
        return
    records = batch.records()
    codes = dict(reversed(refused))  # the first reason stands
    for n, code in sorted(codes.items()):
        batch.rejected.append(Rejection(records[n], Problem(_FIELDS.get(code, "customer"), code)))
    batch.loaded -= len(codes)
