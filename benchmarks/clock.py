"""The clock under load: a minute of promises, a burst, and both again while everything is being killed.

    python -m benchmarks.clock            one million open promises, about four minutes
    python -m benchmarks.clock --quick    a hundred thousand, under fifty seconds

Lateness is from a promise's moment to the commit of its ring, by the database's own commit timestamps.
Processor time is that of the clock and of every process of the database, user and system.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import psycopg

from rugui.core import postgres

from .common import (
    connect,
    cpu_seconds,
    environment,
    postmaster,
    quantile,
    report,
    temporary_database,
    wait_until,
)

SERVER = "-c track_commit_timestamp=on"
HOUSE = """
INSERT INTO rugui_organization (id, name, trade, customer_word, currency, language) VALUES (1, 'House', 'hotel', 'guest', 'EUR', 'en');
INSERT INTO rugui_place (id, organization_id, name, timezone, region)
    SELECT n, 1, 'Place ' || n, 'Europe/Berlin', 'DE' FROM generate_series(1, 5) n;
INSERT INTO rugui_user (id, password, is_superuser, email, language, is_active)
    SELECT n, '', false, n || '@house.example', 'en', true FROM generate_series(1, 20) n;
INSERT INTO rugui_staff (id, organization_id, user_id, name, active)
    SELECT n, 1, n, 'Staff ' || n, true FROM generate_series(1, 20) n;
INSERT INTO rugui_assignment (organization_id, staff_id, place_id, role)
    SELECT 1, n, 1 + n % 5, CASE WHEN n <= 5 THEN 'manager' ELSE 'staff' END FROM generate_series(1, 20) n;
INSERT INTO rugui_duty (organization_id, staff_id, place_id, started_at)
    SELECT 1, n, 1 + n % 5, now() FROM generate_series(1, 20) n;
INSERT INTO rugui_customer (id, organization_id, name, address_as, language, created_at)
    SELECT n, 1, 'Customer ' || n, '', '', now() FROM generate_series(1, 100000) n;
"""
PROMISES = """
INSERT INTO rugui_promise
    (organization_id, place_id, customer_id, owner_id, kind, text, made_at, warn_at, due_at, state, ring_at)
SELECT 1, 1 + n %% 5, 1 + n %% 100000, 1 + n %% 20, 'call_back', %(text)s, %(start)s::timestamptz - interval '1 day',
    %(start)s::timestamptz - interval '1 hour', due, 'open', due
FROM (
    SELECT n, %(start)s::timestamptz + n * %(span)s::interval / %(count)s AS due FROM generate_series(1, %(count)s) n
) rows
"""
LATENESS = """
SELECT p.due_at, pg_xact_commit_timestamp(r.xmin)
FROM rugui_promise p JOIN rugui_ring r ON r.promise_id = p.id AND r.kind = 'due' WHERE p.text = ANY(%s)
"""
WRONG = """
SELECT
    count(*) FILTER (WHERE rings IS NULL OR entries IS NULL OR state <> 'broken'),
    count(*) FILTER (WHERE rings > 1 OR entries > 1)
FROM rugui_promise p
LEFT JOIN (SELECT promise_id, count(*) AS rings FROM rugui_ring GROUP BY 1) r ON r.promise_id = p.id
LEFT JOIN (SELECT subject_id, count(*) AS entries FROM rugui_journalentry WHERE kind = 'promise.broken' GROUP BY 1) j
    ON j.subject_id = p.id
WHERE p.text = ANY(%s)
"""


@dataclass
class Size:
    open: int
    due: int
    seconds: int
    database_kills: int


FULL = Size(open=1_000_000, due=10_000, seconds=60, database_kills=2)
QUICK = Size(open=100_000, due=1_500, seconds=9, database_kills=2)


def seed(folder: Path, size: Size) -> None:
    with connect(folder) as database:
        # Foreign keys hold by construction; checking them a million times is not what is measured.
        database.execute("SET session_replication_role = replica")
        database.execute(HOUSE)
        give(
            database,
            "later",
            size.open,
            start=datetime.now(UTC) + timedelta(days=2),
            span=timedelta(days=360),
        )
        database.execute("VACUUM ANALYZE")
        database.execute("CHECKPOINT")


def give(
    database: psycopg.Connection[Any], text: str, count: int, *, start: datetime, span: timedelta
) -> None:
    database.execute(PROMISES, {"text": text, "count": count, "start": start, "span": span})


class Clocks:
    """Clock processes that can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: list[subprocess.Popen[bytes]] = []
        self._seen_at_work: set[int] = set()

    def start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "rugui.promise.clock"]
        process = subprocess.Popen(
            command, env=environment(self.folder, role="clock"), stderr=(self.folder / "clock.log").open("ab")
        )
        self.running.append(process)
        return process

    def kill_one(self) -> bool:
        """kill -9 to one, and a new one in its place, as a supervisor would.

        Not while the other is still starting: on a busy machine that would measure how fast Python starts.
        """
        try:
            with connect(self.folder) as database:
                for (name,) in database.execute("SELECT name FROM rugui_heartbeat"):
                    self._seen_at_work.add(int(name.rpartition("-")[2]))
        except psycopg.OperationalError:  # it is being killed too: what was seen before still holds
            pass
        if any(process.pid not in self._seen_at_work for process in self.running[1:]):
            return False
        process = self.running.pop(0)
        process.kill()
        process.wait()
        self.start()
        return True

    def stop(self) -> None:
        for process in self.running:
            process.terminate()
        for process in self.running:
            process.wait(10)
        self.running.clear()


@contextmanager
def clocks(folder: Path, database: psycopg.Connection[Any], count: int) -> Iterator[Clocks]:
    running = Clocks(folder)
    database.execute("DELETE FROM rugui_heartbeat")
    try:
        for _ in range(count):
            running.start()
        wait_until(
            lambda: value(database, "SELECT count(*) FROM rugui_heartbeat") == count, "the clocks to start"
        )
        yield running
    finally:
        running.stop()


def value(database: psycopg.Connection[Any], query: str, *parameters: Any) -> Any:
    row = database.execute(query, parameters).fetchone()
    assert row is not None
    return row[0]


def left(database: psycopg.Connection[Any], text: str) -> int:
    return int(value(database, "SELECT count(*) FROM rugui_promise WHERE text = %s AND state = 'open'", text))


def spread(folder: Path, text: str, count: int, seconds: float) -> dict[str, Any]:
    """`count` promises falling due within `seconds` (0: at one instant), one clock."""
    with connect(folder) as database, clocks(folder, database, 1) as running:
        start = datetime.now(UTC) + timedelta(seconds=3)
        give(database, text, count, start=start, span=timedelta(seconds=seconds))
        database.execute("CHECKPOINT")
        trees = [postmaster(folder), psutil.Process(running.running[0].pid)]
        time.sleep(max(0.0, (start - datetime.now(UTC)).total_seconds() - 0.2))
        before = [cpu_seconds([tree]) for tree in trees]
        time.sleep(seconds + 0.2)
        wait_until(lambda: left(database, text) == 0, "every promise to ring", seconds=60, every=0.5)
        used = [cpu_seconds([tree]) - earlier for tree, earlier in zip(trees, before, strict=True)]
        return figures(database, [text]) | {
            "cpu_database_s": round(used[0], 2), "cpu_clock_s": round(used[1], 2), "cpu_s": round(sum(used), 2)
        }  # fmt: skip


def figures(database: psycopg.Connection[Any], texts: list[str]) -> dict[str, Any]:
    late = [(rung - due).total_seconds() * 1000 for due, rung in database.execute(LATENESS, [texts])]
    lost, double = database.execute(WRONG, [texts]).fetchone() or (None, None)
    return {
        "rung": len(late),
        "lost": lost,
        "double": double,
        "late_ms": {
            "p50": round(quantile(late, 0.5)),
            "p99": round(quantile(late, 0.99)),
            "max": round(max(late)),
        },
    }


def kill_database(folder: Path) -> tuple[datetime, datetime]:
    """kill -9 to the whole server, and a start; returns when it went and when it was back."""
    server = postmaster(folder)
    family = [server, *server.children(recursive=True)]
    gone = datetime.now(UTC)
    for process in family:
        try:
            process.kill()
        except psutil.NoSuchProcess:  # ended by itself when the first one did
            continue
    psutil.wait_procs(family, timeout=10)

    def is_back() -> bool:
        try:
            postgres.start(folder, extra=SERVER)
            connect(folder).close()
        except (subprocess.CalledProcessError, psycopg.OperationalError):
            return False
        return True

    wait_until(is_back, "the database to come back", seconds=60)
    return gone, datetime.now(UTC)


def chaos(folder: Path, size: Size) -> dict[str, Any]:
    """Two clocks, a kill of one every five seconds, the database killed; a burst right when it is killed last."""
    with connect(folder) as database, clocks(folder, database, 2) as running:
        start = datetime.now(UTC) + timedelta(seconds=3)
        give(database, "chaos", size.due, start=start, span=timedelta(seconds=size.seconds))
        kills = [start + timedelta(seconds=size.seconds * share) for share in (1 / 3, 2 / 3)][
            : size.database_kills
        ]
        give(database, "chaos burst", size.due, start=kills[-1], span=timedelta())
        database.close()
        over = threading.Event()
        clock_kills = 0

        def kill_clocks() -> None:
            nonlocal clock_kills
            while not over.wait(5 if size.seconds > 20 else 2):
                clock_kills += running.kill_one()

        killer = threading.Thread(target=kill_clocks)
        killer.start()
        outages = []
        for at in kills:
            time.sleep(max(0.0, (at - datetime.now(UTC)).total_seconds() + 0.15))
            outages.append(kill_database(folder))
        end = start + timedelta(seconds=size.seconds + 1)
        time.sleep(max(0.0, (end - datetime.now(UTC)).total_seconds()))
        over.set()
        killer.join()
        with connect(folder) as again:
            wait_until(
                lambda: left(again, "chaos") + left(again, "chaos burst") == 0,
                "every promise to ring",
                seconds=60,
            )
            return figures(again, ["chaos", "chaos burst"]) | {
                "clock_kills": clock_kills,
                "database_kills": len(outages),
                "database_down_ms": [round((back - gone).total_seconds() * 1000) for gone, back in outages],
            } | after_outages(again, outages)  # fmt: skip


def after_outages(
    database: psycopg.Connection[Any], outages: list[tuple[datetime, datetime]]
) -> dict[str, Any]:
    """How long after the database was back the last overdue promise rang, and how late the others were."""
    overdue, others = [], []
    for due, rung in database.execute(LATENESS, [["chaos", "chaos burst"]]):
        # The last outage before the ring: on a busy machine the second may come before the first is caught up with.
        outage = next((outage for outage in reversed(outages) if outage[0] < rung), None)
        if outage and due <= outage[1]:
            overdue.append((rung - outage[1]).total_seconds() * 1000)
        else:
            others.append((rung - due).total_seconds() * 1000)
    return {
        "overdue": len(overdue),
        "overdue_rung_after_ms": round(max(overdue)),
        "others_late_ms": {
            "p50": round(quantile(others, 0.5)),
            "p99": round(quantile(others, 0.99)),
            "max": round(max(others)),
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="a smaller run, under fifty seconds")
    parser.add_argument("--keep-log", type=Path, metavar="FILE", help="write there what the clocks logged")
    arguments = parser.parse_args()
    size, keep_log = QUICK if arguments.quick else FULL, arguments.keep_log
    began = time.monotonic()
    with temporary_database(extra=SERVER) as folder:
        seed(folder, size)
        result = {
            "open": size.open,
            "due": size.due,
            "within_s": size.seconds,
            "spread": spread(folder, "minute", size.due, size.seconds),
            "burst": spread(folder, "burst", size.due, 0),
            "chaos": chaos(folder, size),
            "batches_failed": (folder / "clock.log").read_text().count("clock.batch_failed"),
        }
        if keep_log:
            keep_log.write_text((folder / "clock.log").read_text())
    report("clock", result | {"took_s": round(time.monotonic() - began)})


if __name__ == "__main__":
    main()
