"""Ringing what is due at a given moment. The moment is always handed in, so that time can be a parameter of a test."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any, LiteralString, cast

import psycopg

log = logging.getLogger("rugui.clock")

BATCH = 1000
"""How many urgent promises a statement claims, of the others half as many; written out in claim.sql."""
MANY = 500
"""So many claimed at once: there may be more, and lower ranks may have had to wait; written out in claim.sql."""

CLAIM: LiteralString = files(__package__).joinpath("claim.sql").read_text(encoding="utf-8")
HAND_OVERS: LiteralString = files(__package__).joinpath("hand_over.sql").read_text(encoding="utf-8")
# Written out, rank by rank, because that is what the index of rings can begin from.
NEXT: LiteralString = """
SELECT least(
    (SELECT min(ring_at) FROM rugui_promise WHERE rank = 0 AND ring_at IS NOT NULL AND id <> ALL (%(skip)s::bigint[])),
    (SELECT min(ring_at) FROM rugui_promise WHERE rank = 1 AND ring_at IS NOT NULL AND id <> ALL (%(skip)s::bigint[])),
    (SELECT min(ring_at) FROM rugui_promise WHERE rank = 2 AND ring_at IS NOT NULL AND id <> ALL (%(skip)s::bigint[]))
)
"""
DUE: LiteralString = """
SELECT id FROM rugui_promise
WHERE rank IN (0, 1, 2) AND ring_at <= %(now)s AND id <> ALL (%(skip)s::bigint[])
ORDER BY rank, ring_at LIMIT 1000
"""
PUT_OFF = """
WITH moved AS (
    UPDATE rugui_promise
    SET ring_at = CASE WHEN due_at > %(now)s THEN least(due_at, %(later)s) ELSE %(later)s END
    WHERE id = %(id)s AND ring_at <= %(now)s
    RETURNING organization_id, id, place_id, customer_id, case_id
)
INSERT INTO rugui_journalentry
    (organization_id, at, kind, who, place_id, customer_id, case_id, subject_id, payload, version)
SELECT organization_id, %(now)s, 'promise.not_rung', 'clock', place_id, customer_id, case_id, id,
    jsonb_build_object('sqlstate', %(sqlstate)s::text), 1
FROM moved
"""

PUT_OFF_FOR = timedelta(hours=1)
LEFT_ALONE_FOR = timedelta(seconds=5)
PATIENCE = 3
"""How often a batch may fail because of its surroundings before its rows are tried one by one."""

# Data exceptions, broken constraints, RAISE in a trigger: the row's own fault. Anything else (a lock, a full disk,
# a missing right) is the surroundings' fault, and putting rows off for it would only make them late.
ROWS_OWN_FAULT = ("22", "23", "P0")

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Claimed:
    """A promise that was moved. `ring` is empty when there was nothing to ring: settled, or rung before."""

    promise_id: int
    ring: str | None
    moment: datetime | None
    urgent: bool = False
    """Of those that go first."""


@dataclass
class LeftAlone:
    """Promises that this clock does not look at for a while, because they can neither be rung nor put off."""

    until: dict[int, datetime] = field(default_factory=dict)
    failures: int = 0
    """How many batches in a row have failed because of a lock, a time-out or the like."""

    def add(self, promise_id: int, now: datetime) -> None:
        self.until[promise_id] = now + LEFT_ALONE_FOR

    def at(self, now: datetime) -> list[int]:
        self.until = {promise_id: until for promise_id, until in self.until.items() if until > now}
        return list(self.until)


def ring_due(connection: Connection, now: datetime, left_alone: LeftAlone) -> list[Claimed]:
    """Rings up to a batch of what is due at `now`, the urgent first, and returns what was moved; `MANY` of them mean that
    there may be more.

    When the batch fails because of a row in it, its rows are rung one by one and the failing ones put off.
    The connection must be in autocommit mode: the one statement is the whole transaction.
    """
    try:
        claimed = _claim(connection, now, left_alone.at(now))
    except psycopg.Error as error:
        if connection.broken or _is_everywhere(error):
            raise
        log.warning("clock.batch_failed", extra={"sqlstate": error.sqlstate})
        left_alone.failures += 1
        if not _is_rows_own_fault(error) and left_alone.failures < PATIENCE:
            return []  # on a busy machine a commit may wait long for its turn; the next look will do
        claimed = _one_by_one(connection, now, left_alone)
    left_alone.failures = 0
    return claimed


def return_hand_overs(connection: Connection, now: datetime) -> int:
    """Lets what nobody accepted in time come back, and ring, up to a batch of it; returns how many. As `ring_due`, one statement."""
    try:
        return len(connection.execute(HAND_OVERS, {"now": now}).fetchall())
    except psycopg.Error as error:
        if connection.broken or _is_everywhere(error):
            raise
        log.warning("clock.hand_overs_failed", extra={"sqlstate": error.sqlstate})
        return 0  # the next look will do; promises must not wait for it


def next_ring(connection: Connection, skip: Collection[int] = ()) -> datetime | None:
    """When the next promise must be looked at; None when nothing runs."""
    row = connection.execute(NEXT, {"skip": list(skip)}).fetchone()
    assert row is not None
    return cast("datetime | None", row[0])


def _claim(
    connection: Connection, now: datetime, skip: Collection[int], only: int | None = None
) -> list[Claimed]:
    rows = connection.execute(CLAIM, {"now": now, "skip": list(skip), "only": only}).fetchall()
    return [Claimed(*row) for row in rows]


def _one_by_one(connection: Connection, now: datetime, left_alone: LeftAlone) -> list[Claimed]:
    claimed = []
    for (promise_id,) in connection.execute(DUE, {"now": now, "skip": left_alone.at(now)}).fetchall():
        try:
            claimed += _claim(connection, now, (), promise_id)
        except psycopg.Error as error:
            if connection.broken or _is_everywhere(error):
                raise
            _put_off(connection, promise_id, now, error, left_alone)
    return claimed


def _put_off(
    connection: Connection, promise_id: int, now: datetime, error: psycopg.Error, left_alone: LeftAlone
) -> None:
    """Makes way for the others: the failing promise waits an hour, and the journal says so."""
    # The server's message may quote the row, and so a customer's words: only its code is logged.
    log.error("clock.ring_failed", extra={"promise": promise_id, "sqlstate": error.sqlstate})
    left_alone.add(promise_id, now)
    if not _is_rows_own_fault(error):
        return
    values = {"id": promise_id, "now": now, "later": now + PUT_OFF_FOR, "sqlstate": error.sqlstate}
    try:
        connection.execute(PUT_OFF, values)
    except psycopg.Error as second:
        if connection.broken:
            raise
        log.error("clock.put_off_failed", extra={"promise": promise_id, "sqlstate": second.sqlstate})  # noqa: TRY400  its text may quote the row


def _is_rows_own_fault(error: psycopg.Error) -> bool:
    return (error.sqlstate or "")[:2] in ROWS_OWN_FAULT


def _is_everywhere(error: psycopg.Error) -> bool:
    """Whether trying row by row would fail just the same: a missing table or right, a server going down."""
    state = error.sqlstate or ""
    return state[:2] in {"", "08", "25", "3D", "3F", "42", "53", "58", "XX"} or state in {
        "57P01",
        "57P02",
        "57P03",
    }
