"""How promises were kept over a year: what the page costs, from the rows and from the sheets made of them.

    python -m benchmarks.kept            400,000 promises in a year, of 20 places
    python -m benchmarks.kept --quick    40,000, within 50 seconds

A signed-in owner asks for the page, one request at a time: of every place and of one, over a year and over four weeks, and of one
kind alone. First nothing has a sheet, so that everything is counted from its rows; then sheets are written, and a day's promises
are changed so that some are stale. The files of figures must be the same before and after, byte for byte. Beside it stands what the
triggers that keep sheets true add to ending a promise.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import psutil

from .clock import SIGN_IN
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
)
from .serve import say, served

PLACES, PEOPLE, SEED = 20, 120, 0.20261126
HOUSE = f"""{house(PLACES, PEOPLE, customers=20_000)}
UPDATE rugui_place SET timezone = 'Asia/Kathmandu' WHERE id = 1;
INSERT INTO rugui_assignment (organization_id, staff_id, place_id, role) VALUES (1, 1, NULL, 'owner');
SELECT setseed({SEED});
"""
PROMISES = f"""
INSERT INTO rugui_promise
    (organization_id, place_id, customer_id, owner_id, kind, text, made_at, due_at, told_at, settled_at, state, channel, priority)
SELECT 1, place, 1 + n %% 20000, CASE WHEN luck < .95 THEN 1 + (place + {PLACES} * floor(random() * {PEOPLE // PLACES}))::int %% {PEOPLE} END,
    (ARRAY['answer', 'answer', 'next_answer', 'progress', 'solution', 'call_back', 'delivery', 'follow_up', 'ready_by', 'other'])[1 + floor(random() * 10)::int],
    '', due - length, due, CASE WHEN random() < .5 THEN due + length / 4 END,
    CASE WHEN luck < .9 THEN due - length * random() WHEN luck < .97 THEN due + length * random() END,
    CASE WHEN luck < .85 THEN 'kept' WHEN luck < .88 THEN 'renegotiated' WHEN luck < .9 THEN 'withdrawn' ELSE 'broken' END,
    (ARRAY['email', 'chat', 'web', 'phone', 'in_person', ''])[1 + floor(random() * 6)::int],
    CASE WHEN random() < .1 THEN 'urgent' ELSE 'normal' END
FROM (
    SELECT n, random() AS luck, 1 + floor(power(random(), 1.5) * {PLACES})::int AS place,
        date_trunc('second', now()) - interval '1 hour' - random() * interval '364 days' AS due,
        interval '1 minute' * (10 + floor(random() * 300)) AS length
    FROM generate_series(1, %(count)s) n
) rows
"""
WRITE = """
import django; django.setup()
import time
from rugui.core.time import now
from rugui.promise import sheets
began, used = time.perf_counter(), time.process_time()
print(sheets.write(1, now=now()), time.perf_counter() - began)
"""
LATE = """
UPDATE rugui_promise SET settled_at = now() WHERE state = 'broken' AND settled_at IS NULL AND due_at BETWEEN now() - interval '40 days' AND now() - interval '33 days'
"""
TRIGGERS = ("sheets_of_changed", "sheets_of_added", "sheets_of_gone")
ASKED = {
    "year": "place=all&days=364",
    "month": "place=all&days=28",
    "year_of_a_place": "days=364",
    "year_of_a_kind": "place=all&days=364&kind=answer",
}


class Owner:
    """Who leads everything, signed in."""

    def __init__(self, base: str, session: str, folder: Path, web: Any) -> None:
        self._base, self._headers = base, {"Cookie": f"sessionid={session}"}
        self._trees = [web, postmaster(folder)]

    def ask(self, address: str) -> bytes:
        request = urllib.request.Request(f"{self._base}{address}", headers=self._headers)
        with urllib.request.urlopen(request, timeout=120) as answer:
            body: bytes = answer.read()
            assert "login" not in answer.url
            return body

    def pages(self, times: int) -> dict[str, Any]:
        """Milliseconds for each page, as seen and of the processors."""
        figures = {}
        for name, query in ASKED.items():
            for _warm in range(3):
                self.ask(f"/promises/kept?{query}")
            walls, before = [], cpu_seconds(self._trees)
            for _number in range(times):
                began = time.perf_counter()
                self.ask(f"/promises/kept?{query}")
                walls.append((time.perf_counter() - began) * 1000)
            used = (cpu_seconds(self._trees) - before) / times * 1000
            figures[name] = {"cpu_ms": round(used, 1), "p50_ms": round(quantile(walls, 0.5), 1), "p95_ms": round(quantile(walls, 0.95), 1)}  # fmt: skip
        return figures

    def files(self) -> list[bytes]:
        return [self.ask(f"/promises/kept/file?{query}") for query in ASKED.values()]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--quick", action="store_true", help="end within 50 seconds, on a tenth of the promises"
    )
    arguments = parser.parse_args()
    count, times = (40_000, 10) if arguments.quick else (400_000, 30)
    with temporary_database(extra="-c shared_buffers=256MB -c max_wal_size=4GB") as folder:
        say(f"A year of {count:,} promises.")
        with connect(folder) as database:
            database.execute("SET session_replication_role = replica")
            database.execute(HOUSE)
            database.execute(PROMISES, {"count": count})
            database.execute("VACUUM ANALYZE")
        port = free_port()
        session = python(folder, SIGN_IN, role="owner")
        base = f"http://127.0.0.1:{port}"
        web = environment(folder, RUGUI_PORT=str(port), RUGUI_WEB_WORKERS="1", RUGUI_URL=base)
        with served([sys.executable, "-m", "rugui.cli", "web"], web, f"{base}/health") as process:
            figures = measured(folder, Owner(base, session, folder, process), times)
    report("kept", {"promises": count, "places": PLACES, **figures})


def measured(folder: Path, owner: Owner, times: int) -> dict[str, Any]:
    from_rows, counted = owner.pages(max(3, times // 6)), owner.files()
    written, seconds = python(folder, WRITE).split()
    with connect(folder) as database:
        database.execute("VACUUM ANALYZE rugui_daysheet")
        kilobytes = database.execute("SELECT pg_total_relation_size('rugui_daysheet') / 1024").fetchone()
    from_sheets = owner.pages(times)
    same = owner.files() == counted
    with connect(folder) as database:
        changed = database.execute(LATE).rowcount
        stale = database.execute("SELECT count(*) FROM rugui_daysheet WHERE packed IS NULL").fetchone()
    with_stale, after_change = owner.pages(times), owner.files()
    python(folder, WRITE)
    return {
        "from_rows": from_rows,
        "sheets": int(written),
        "write_seconds": round(float(seconds), 2),
        "sheets_kilobytes": kilobytes and int(kilobytes[0]),
        "from_sheets": from_sheets,
        "changed": changed,
        "stale": stale and stale[0],
        "with_stale": with_stale,
        "files_the_same": same and owner.files() == after_change and after_change != counted,
        "ending_one": ending(folder),
    }


def ending(folder: Path, count: int = 2_000) -> dict[str, float]:
    """Microseconds of processor time of the database that changing a kept promise takes, without and with what keeps its sheet true."""
    figures: dict[str, float] = {}
    with connect(folder) as database:
        database.execute("SET synchronous_commit = off")
        rows = database.execute(
            "SELECT id FROM rugui_promise WHERE state = 'kept' ORDER BY random() LIMIT %s", [count * 2]
        ).fetchall()
        for name, do, some in (("without_us", "DISABLE", rows[:count]), ("with_us", "ENABLE", rows[count:])):
            for trigger in TRIGGERS:
                database.execute(f"ALTER TABLE rugui_promise {do} TRIGGER {trigger}")
            server = psutil.Process(database.info.backend_pid)
            before = sum(server.cpu_times()[:2])
            for (promise,) in some:
                database.execute(
                    "UPDATE rugui_promise SET settled_at = settled_at + interval '1 second' WHERE id = %s",
                    [promise],
                )
            figures[name] = round((sum(server.cpu_times()[:2]) - before) / count * 1e6)
    return figures


def python(folder: Path, script: str, role: str = "app") -> str:
    """What a script of the program prints in this folder."""
    done = subprocess.run([sys.executable, "-c", script], env=environment(folder, role=role), check=True, stdout=subprocess.PIPE, text=True)  # fmt: skip
    return done.stdout.strip()


if __name__ == "__main__":
    main()
