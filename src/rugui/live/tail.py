"""Following the journal without missing an entry, whatever order its transactions commit in.

Every entry carries its transaction's number. A *snapshot* (pg_current_snapshot) says exactly which transactions
had ended when a read was made: all below `xmin`, and those below `xmax` that are not in the list still running.
So what is new since the last read is precisely: entries of transactions that were running then, or that began since.
No entry needs remembering, and an hour-long transaction elsewhere costs nothing.

The *mark* handed to browsers is `xmin` alone: everything below it is settled and delivered.
"""

# ruff: noqa: S608  every part of these statements is a constant of this program

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from psycopg import AsyncConnection

from ..core.tickets import LIFETIME, RIGHTS_CHANGED

LIMIT = 20_000
"""More new entries than this at once are not told one by one; the organizations concerned are."""

MARGIN = 1_000
"""Transaction numbers that a crash may hand out a second time (assigned before it, but never written to disk)."""

KINDS = ", ".join(f"'{kind}'" for kind in RIGHTS_CHANGED)
COLUMNS = "transaction, id, organization_id, kind, at, place_id, customer_id, case_id, subject_id"

# The upper bound keeps out entries of a restored backup, whose numbers this server has not reached yet.
NEW = f"""
    SELECT {COLUMNS} FROM rugui_journalentry
    WHERE transaction >= %(since)s AND transaction < pg_snapshot_xmax(pg_current_snapshot())::text::bigint
    UNION ALL
    SELECT {COLUMNS} FROM rugui_journalentry
    WHERE transaction = ANY(%(running)s::bigint[]) AND transaction < %(since)s
"""
READ = f"""
    SELECT pg_current_snapshot()::text, new.* FROM (SELECT 1) AS one
    LEFT JOIN ({NEW} LIMIT {LIMIT + 1}) AS new ON true
"""
WHOSE = f"SELECT DISTINCT organization_id FROM ({NEW}) AS new"
WHOSE_RIGHTS = f"SELECT * FROM ({NEW}) AS new WHERE kind IN ({KINDS})"
LATE_RIGHTS = f"SELECT {COLUMNS} FROM rugui_journalentry WHERE at > %s AND kind IN ({KINDS})"
NEWEST = f"""
    SELECT pg_current_snapshot()::text, new.* FROM (SELECT 1) AS one
    LEFT JOIN (
        SELECT {COLUMNS} FROM rugui_journalentry
        WHERE transaction < pg_snapshot_xmax(pg_current_snapshot())::text::bigint
        ORDER BY transaction DESC LIMIT {LIMIT}
    ) AS new ON true
"""


class Entry(NamedTuple):
    """The part of a journal row that says what changed; never how."""

    transaction: int
    id: int
    organization_id: int
    kind: str
    at: datetime
    place_id: int | None
    customer_id: int | None
    case_id: int | None
    subject_id: int | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    xmin: int
    xmax: int
    running: tuple[int, ...]

    @classmethod
    def parse(cls, text: str) -> Snapshot:
        """Reads PostgreSQL's `xmin:xmax:running,running`."""
        xmin, xmax, running = text.split(":")
        return cls(int(xmin), int(xmax), tuple(int(one) for one in running.split(",") if one))


@dataclass(frozen=True, slots=True)
class Batch:
    """What one read found. When that is too much to list, `flooded` names the organizations concerned,
    and `entries` are only those that take rights away."""

    snapshot: Snapshot
    entries: list[Entry]
    flooded: frozenset[int] = frozenset()


async def newest(connection: AsyncConnection[Any]) -> Batch:
    """The journal's last entries, for a process that has just started."""
    return _batch(await (await connection.execute(NEWEST)).fetchall())


async def rights_changed(connection: AsyncConnection[Any], now: datetime) -> list[Entry]:
    """Which tickets that are still good have lost their rights, for a process that has just started."""
    rows = await (await connection.execute(LATE_RIGHTS, [now - LIFETIME])).fetchall()
    return [Entry(*row) for row in rows]


async def new_since(connection: AsyncConnection[Any], last: Snapshot) -> Batch:
    """What has become visible since the read that `last` is of: each entry once."""
    return await _read(connection, {"since": last.xmax, "running": list(last.running)})


async def after_a_break(connection: AsyncConnection[Any], last: Snapshot) -> Batch:
    """The same after the database was away and may have crashed: repeats a little rather than miss anything."""
    return await _read(connection, {"since": last.xmin - MARGIN, "running": []})


async def _read(connection: AsyncConnection[Any], since: dict[str, Any]) -> Batch:
    batch = _batch(await (await connection.execute(READ, since)).fetchall())
    if len(batch.entries) <= LIMIT:
        return batch
    whose = await (await connection.execute(WHOSE, since)).fetchall()
    rights = await (await connection.execute(WHOSE_RIGHTS, since)).fetchall()
    return Batch(batch.snapshot, [Entry(*row) for row in rights], frozenset(row[0] for row in whose))


def _batch(rows: Sequence[tuple[Any, ...]]) -> Batch:
    entries = [Entry(*row[1:]) for row in rows if row[1] is not None]
    return Batch(Snapshot.parse(rows[0][0]), sorted(entries, key=lambda entry: entry.id))
