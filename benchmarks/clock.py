"""The clock under load: a minute of promises, a burst, a storm, and all of it again while everything is being killed.

    python -m benchmarks.clock            one million open promises, about eight minutes
    python -m benchmarks.clock --quick    a hundred thousand, under fifty seconds
    python -m benchmarks.clock --only chaos storm    parts of it

The storm: a hundred thousand promises due within one minute, one in five of them urgent, and a warning beside every fifth;
then as many at one instant. Meanwhile the board of promises is asked for again and again, as a signed-in browser does.

Lateness is from a promise's moment to the commit of its ring, by the database's own commit timestamps.
Processor time is that of the clock and of every process of the database, user and system.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
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
    free_port,
    house,
    postmaster,
    quantile,
    report,
    temporary_database,
    wait_until,
)
from .serve import served

SERVER = "-c track_commit_timestamp=on"
HOUSE = f"""{house(places=5, people=20, customers=100_000)}
INSERT INTO rugui_assignment (organization_id, staff_id, place_id, role)
    SELECT 1, n, 1 + n % 5, CASE WHEN n <= 5 THEN 'manager' ELSE 'staff' END FROM generate_series(1, 20) n;
INSERT INTO rugui_duty (organization_id, staff_id, place_id, started_at)
    SELECT 1, n, 1 + n % 5, now() FROM generate_series(1, 20) n;
"""
PROMISES = """
INSERT INTO rugui_promise
    (organization_id, place_id, customer_id, owner_id, kind, text, made_at, warn_at, due_at, state, ring_at, priority,
     rise_at, rise_to)
SELECT 1, 1 + n %% 5, 1 + n %% 100000, 1 + n %% 20, 'call_back', %(text)s, %(start)s::timestamptz - interval '1 day',
    %(start)s::timestamptz - interval '1 hour', due, 'open', due,
    CASE WHEN n %% 5 = 0 AND %(urgent)s THEN 'urgent' ELSE 'normal' END,
    CASE WHEN %(rise)s::interval IS NOT NULL THEN ARRAY[due + %(rise)s::interval] ELSE '{}' END,
    CASE WHEN %(rise)s::interval IS NOT NULL THEN ARRAY['all_leaders'] ELSE '{}' END
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
    count(*) FILTER (WHERE state <> 'broken' OR coalesce(rings, 0) < wanted OR coalesce(entries, 0) < wanted),
    count(*) FILTER (WHERE rings > wanted OR entries > wanted)
FROM (
    SELECT p.id, p.state,
        1 + (SELECT count(*) FROM unnest(p.rise_at) step WHERE r.at IS NULL OR step > r.at) AS wanted
    FROM rugui_promise p LEFT JOIN rugui_ring r ON r.promise_id = p.id AND r.kind = 'due'
    WHERE p.text = ANY(%s)
) p
LEFT JOIN (SELECT promise_id, count(*) AS rings FROM rugui_ring GROUP BY 1) r ON r.promise_id = p.id
LEFT JOIN (
    SELECT subject_id, count(*) AS entries FROM rugui_journalentry WHERE kind IN ('promise.broken', 'promise.risen') GROUP BY 1
) j ON j.subject_id = p.id
"""
"""Those who were to be called in a step that had passed before the break could ring are told with the break."""


@dataclass
class Size:
    open: int
    due: int
    seconds: int
    chaos_seconds: int
    database_kills: int
    storm: int
    storm_seconds: int


FULL = Size(1_000_000, 10_000, 60, chaos_seconds=120, database_kills=1, storm=100_000, storm_seconds=60)
QUICK = Size(100_000, 1_500, 7, chaos_seconds=7, database_kills=1, storm=5_000, storm_seconds=3)


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
    database: psycopg.Connection[Any],
    text: str,
    count: int,
    *,
    start: datetime,
    span: timedelta,
    urgent: bool = False,
    rise: timedelta | None = None,
) -> None:
    values = {"text": text, "count": count, "start": start, "span": span, "urgent": urgent, "rise": rise}
    database.execute(PROMISES, values)


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


def left(database: psycopg.Connection[Any]) -> int:
    """How many still have to ring within the hour: by the clock's own index, so that asking disturbs nobody."""
    query = (
        "SELECT count(*) FROM rugui_promise WHERE rank IN (0, 1, 2) AND ring_at < now() + interval '1 hour'"
    )
    return int(value(database, query))


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
        wait_until(lambda: left(database) == 0, "every promise to ring", seconds=60, every=0.5)
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


URGENT = """
SELECT extract(epoch FROM pg_xact_commit_timestamp(r.xmin) - p.due_at) * 1000
FROM rugui_promise p JOIN rugui_ring r ON r.promise_id = p.id AND r.kind = 'due' WHERE p.text = %s AND p.priority = 'urgent'
"""
WARNINGS = """
UPDATE rugui_promise SET warn_at = due_at, ring_at = due_at, due_at = due_at + interval '1 day' WHERE text = %s
"""


def storm(folder: Path, size: Size) -> dict[str, Any]:
    """Very many within a minute, then as many at one instant; the web is asked for its board all the while."""
    found: dict[str, Any] = {}
    with connect(folder) as database, clocks(folder, database, 1) as running, browsed(folder) as browser:
        trees = [postmaster(folder), psutil.Process(running.running[0].pid)]
        browser.begin()
        time.sleep(20 if size.storm > 10_000 else 5)
        found["web_at_rest"] = browser.end()
        for name, seconds in (("minute", size.storm_seconds), ("instant", 0)):
            start, span = (
                datetime.now(UTC) + timedelta(seconds=15 if size.storm > 10_000 else 3),
                timedelta(seconds=seconds),
            )
            give(database, f"storm {name}", size.storm, start=start, span=span, urgent=True)
            warnings = f"storm warnings {name}"
            give(database, warnings, size.storm // 5, start=start, span=span)
            database.execute("SET session_replication_role = replica")
            database.execute(WARNINGS, [warnings])
            database.execute("ANALYZE rugui_promise")
            time.sleep(max(0.0, (start - datetime.now(UTC)).total_seconds()))
            before = cpu_seconds(trees)
            browser.begin()
            wait_until(
                lambda: left(database) == 0,
                "the storm to ring",
                seconds=300,
                every=0.5,
            )
            web, used = browser.end(), cpu_seconds(trees) - before
            urgent = [float(row[0]) for row in database.execute(URGENT, [f"storm {name}"])]
            late = figures(database, [f"storm {name}"])
            last = value(
                database, "SELECT extract(epoch FROM max(r.at) - %s) FROM rugui_ring r JOIN rugui_promise p ON p.id = r.promise_id AND p.text = %s",
                start + span, f"storm {name}",
            )  # fmt: skip
            found[name] = late | {
                "last_rung_after_s": round(float(last), 1),
                "urgent_late_ms": {"p50": round(quantile(urgent, 0.5)), "p99": round(quantile(urgent, 0.99)), "max": round(max(urgent))},
                "web": web,
                "cpu_s": round(used, 1),
            }  # fmt: skip
    return found


SIGN_IN = """
import django; django.setup()
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from rugui.house.models import User
user = User.objects.get(id=1)
session = SessionStore()
session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
session["organization"] = 1
session.save()
print(session.session_key)
"""


class Browser:
    """Asks for the board of promises four times a second, and notes how long each answer took."""

    def __init__(self, base: str, session: str) -> None:
        self._request = urllib.request.Request(f"{base}/promises", headers={"Cookie": f"sessionid={session}"})
        self._took: list[float] = []
        self._over = threading.Event()
        self._asking: threading.Thread | None = None

    def begin(self) -> None:
        self._took, self._over = [], threading.Event()
        self._asking = threading.Thread(target=self._ask)
        self._asking.start()

    def end(self) -> dict[str, Any]:
        assert self._asking is not None
        time.sleep(1)
        self._over.set()
        self._asking.join()
        return {
            "asked": len(self._took),
            "p50_ms": round(quantile(self._took, 0.5)),
            "p95_ms": round(quantile(self._took, 0.95)),
        }

    def ask(self) -> float:
        began = time.monotonic()
        with urllib.request.urlopen(self._request, timeout=60) as answer:
            assert b"promise" in answer.read()
            assert "login" not in answer.url
        return (time.monotonic() - began) * 1000

    def _ask(self) -> None:
        while not self._over.wait(0.25):
            self._took.append(self.ask())


@contextmanager
def browsed(folder: Path) -> Iterator[Browser]:
    """The web at work on this database, and somebody signed in who looks at it."""
    port = free_port()
    key = subprocess.run(
        [sys.executable, "-c", SIGN_IN], env=environment(folder, role="owner"), check=True, capture_output=True, text=True
    ).stdout.strip()  # fmt: skip
    base = f"http://127.0.0.1:{port}"
    web = environment(folder, RUGUI_PORT=str(port), RUGUI_WEB_WORKERS="2", RUGUI_URL=base)
    with served([sys.executable, "-m", "rugui.cli", "web"], web, f"{base}/health"):
        browser = Browser(base, key)
        for _ in range(20):
            browser.ask()
        yield browser


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
    """Two clocks, a kill of one every five seconds, the database killed; a burst right when it is killed last.

    Each promise calls others three seconds after it broke, so every one rings twice that did not lie for so long.
    """
    with connect(folder) as database, clocks(folder, database, 2) as running:
        start = datetime.now(UTC) + timedelta(seconds=3)
        span, rise = timedelta(seconds=size.chaos_seconds), timedelta(seconds=3)
        give(database, "chaos", size.due, start=start, span=span, rise=rise)
        kills = [start + span * share for share in (1 / 3, 2 / 3)][: size.database_kills]
        give(database, "chaos burst", size.due, start=kills[-1], span=timedelta(), rise=rise)
        database.close()
        over = threading.Event()
        clock_kills = 0

        def kill_clocks() -> None:
            nonlocal clock_kills
            while not over.wait(5 if size.chaos_seconds > 20 else 2):
                clock_kills += running.kill_one()

        killer = threading.Thread(target=kill_clocks)
        killer.start()
        outages = []
        for at in kills:
            time.sleep(max(0.0, (at - datetime.now(UTC)).total_seconds() + 0.15))
            outages.append(kill_database(folder))
        end = start + span + timedelta(seconds=1)
        time.sleep(max(0.0, (end - datetime.now(UTC)).total_seconds()))
        over.set()
        killer.join()
        with connect(folder) as again:
            wait_until(
                lambda: left(again) == 0,
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


PARTS: dict[str, Callable[[Path, Size], dict[str, Any]]] = {
    "spread": lambda folder, size: spread(folder, "minute", size.due, size.seconds),
    "burst": lambda folder, size: spread(folder, "burst", size.due, 0),
    "storm": storm,
    "chaos": chaos,
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="a smaller run, under fifty seconds")
    parser.add_argument("--only", nargs="+", choices=["spread", "burst", "storm", "chaos"], metavar="PART")
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
            **{name: part(folder, size) for name, part in PARTS.items() if name in (arguments.only or PARTS)},
            "batches_failed": (folder / "clock.log").read_text().count("clock.batch_failed"),
        }
        if keep_log:
            keep_log.write_text((folder / "clock.log").read_text())
    report("clock", result | {"took_s": round(time.monotonic() - began)})


if __name__ == "__main__":
    main()
