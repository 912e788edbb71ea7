"""A house moving in: a million customers and ten million touches and purchases, killed in the middle.

    python -m benchmarks.import_            1,000,000 customers, 6,000,000 touches, 4,000,000 purchases
    python -m benchmarks.import_ --quick    a hundredth of it, under fifty seconds

The files are made by formula, so that afterwards every row can be checked in the database. They are read
by `rugui import`, as anybody would; while touches are read the process is killed (kill -9) and started again.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from rugui.core import postgres

from .common import connect, cpu_seconds, environment, postmaster, report, temporary_database

MILLION = 1_000_000
HOUSE = """
INSERT INTO rugui_organization (id, name, trade, customer_word, currency, language)
    VALUES (1, 'House', 'hotel', 'guest', 'EUR', 'en');
INSERT INTO rugui_place (id, organization_id, name, timezone, region) VALUES (1, 1, 'Lake', 'Asia/Taipei', 'TW');
"""
FAMILY = "陳林黃張李王吳劉蔡楊許鄭謝郭洪邱曾廖賴徐"
GIVEN = ["志明", "淑芬", "家豪", "雅婷", "俊傑", "怡君", "建宏", "美玲", "承恩", "品妤"]
LATIN = ["Ana", "Ben", "Chloé", "David", "Emma", "Felix", "Grace", "Hugo", "Ines", "Jonas"]
SURNAMES = ["Weber", "O'Brien", "Rossi", "Nowak", "Silva", "Martin", "Larsen", "Okafor", "Tanaka", "Kim"]
CHANNELS = ["in_person", "phone", "email", "chat", "web", "review"]
STRIDE = 7_919
"""Event number n belongs to customer n * STRIDE % customers; being prime, it spreads them evenly."""


def customers(count: int) -> Iterator[str]:
    yield "customer id,name,phone,email"
    for n in range(count):
        if n % 2:
            name = FAMILY[n // 2 % 20] + GIVEN[n // 40 % 10]
        else:
            name = f"{LATIN[n // 2 % 10]} {SURNAMES[n // 20 % 10]}"
        yield f"C{n},{name},0912{n:06d},person{n}@example.com"


def _moment(n: int) -> str:
    return f"2025-{n % 12 + 1:02d}-{n % 28 + 1:02d} {n // 60 % 24:02d}:{n % 60:02d}"


def touches(count: int, people: int) -> Iterator[str]:
    yield "id,customer id,date,channel,direction,text"
    for n in range(count):
        direction = "out" if n % 3 else "in"
        yield f'T{n},C{n * STRIDE % people},{_moment(n)},{CHANNELS[n % 6]},{direction},"Asked about room {n % 500}, and the view"'


def purchases(count: int, people: int) -> Iterator[str]:
    yield "order number,customer id,date,amount,product"
    for n in range(count):
        sign = "-" if n % 50 == 0 else ""
        yield f"P{n},C{n * STRIDE % people},{_moment(n)},{sign}{n % 900 + 1}.{n % 100:02d},Breakfast {n % 40}"


def written(path: Path, lines: Iterator[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        for line in lines:
            file.write(line + "\n")
    return path


class Memory(threading.Thread):
    """The highest proportional memory of the database's processes, looked at every five seconds: looking walks every page."""

    def __init__(self, root: psutil.Process) -> None:
        super().__init__(daemon=True)
        self.root, self.peak, self.ended = root, 0, threading.Event()

    def run(self) -> None:
        while not self.ended.wait(5):
            total = 0
            try:
                processes = [self.root, *self.root.children(recursive=True)]
            except psutil.Error:
                return
            for process in processes:
                try:
                    total += process.memory_full_info().pss
                except psutil.Error:
                    continue
            self.peak = max(self.peak, total)


class Imports:
    """Runs of `rugui import`, with what they cost."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seconds = self.cpu = 0.0
        self.peak = 0
        self.rates: dict[str, int] = {}

    def run(self, subject: str, path: Path, rows: int, *, kill_at: float | None = None) -> None:
        started = time.monotonic()
        if kill_at is not None:
            assert self._once(subject, path, kill_at) == -signal.SIGKILL
        assert self._once(subject, path, None) == 0
        seconds = time.monotonic() - started
        self.seconds += seconds
        self.rates[subject] = round(rows / seconds)
        print(f"{subject}: {rows:,} rows in {seconds:.1f} s, {rows / seconds:,.0f} a second", file=sys.stderr)

    def _once(self, subject: str, path: Path, kill_at: float | None) -> int:
        command = [sys.executable, "-m", "rugui.cli", "import", subject, str(path), "--place", "Lake"]
        process = subprocess.Popen(command, env=environment(self.folder), stdout=subprocess.DEVNULL)
        if kill_at is not None:
            self._wait_for(path, kill_at)
            process.kill()
        _pid, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.cpu += used.ru_utime + used.ru_stime
        self.peak = max(self.peak, used.ru_maxrss * 1024)
        return process.returncode

    def _wait_for(self, path: Path, share: float) -> None:
        target = path.stat().st_size * share
        with connect(self.folder) as watch:
            while True:
                row = watch.execute(
                    "SELECT max(position) FROM rugui_importrun WHERE file_name = %s", [path.name]
                ).fetchone()
                if row and row[0] is not None and row[0] >= target:
                    return
                time.sleep(0.1)


CHECKS = {
    "customers": "SELECT count(*), sum(substr(external_id, 2)::bigint) FROM rugui_customer",
    "identities": "SELECT count(*), count(DISTINCT normal) FROM rugui_identity",
    "touches": """SELECT count(*), sum(substr(t.external_id, 2)::bigint) FROM rugui_touch t JOIN rugui_customer c ON c.id = t.customer_id
        WHERE c.external_id = 'C' || (substr(t.external_id, 2)::bigint * {stride} % {people}) AND NOT waiting""",
    "purchases": """SELECT count(*), sum(CASE kind WHEN 'refund' THEN -amount ELSE amount END)
        FROM rugui_purchase p JOIN rugui_customer c ON c.id = p.customer_id
        WHERE c.external_id = 'C' || (substr(p.external_id, 2)::bigint * {stride} % {people}) AND p.currency = 'EUR'""",
    "journal": "SELECT sum((payload->>'read')::bigint), sum((payload->>'new')::bigint) FROM rugui_journalentry WHERE kind = 'import.batch'",
    "all": "SELECT (SELECT count(*) FROM rugui_touch), (SELECT count(*) FROM rugui_purchase)",
}


def expected(people: int, talks: int, sales: int) -> dict[str, tuple[int, int]]:
    amounts = sum((-1 if n % 50 == 0 else 1) * ((n % 900 + 1) * 100 + n % 100) for n in range(sales))
    everything = people + talks + sales
    return {
        "customers": (people, people * (people - 1) // 2),
        "identities": (2 * people, 2 * people),
        "touches": (talks, talks * (talks - 1) // 2),
        "purchases": (sales, amounts),
        "journal": (everything, everything),
        "all": (talks, sales),
    }


def check(folder: Path, people: int, talks: int, sales: int) -> list[str]:
    """What is not as it should be."""
    wrong = []
    with connect(folder) as database:
        for name, right in expected(people, talks, sales).items():
            row = database.execute(CHECKS[name].format(stride=STRIDE, people=people)).fetchone()  # type: ignore[arg-type]
            found = tuple(int(value or 0) for value in row or ())
            if found != right:
                wrong.append(f"{name}: {found} instead of {right}")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true")
    parser.add_argument(
        "--rows", type=int, help="customers; touches are six and purchases four times as many"
    )
    arguments = parser.parse_args()
    people = arguments.rows or (MILLION // 100 if arguments.quick else MILLION)
    talks, sales = 6 * people, 4 * people
    with (
        temporary_database() as folder,
        postgres.using(folder),  # or the first command would stop the server when it ends
        tempfile.TemporaryDirectory(prefix="rugui-import-") as place,
    ):
        with connect(folder) as database:
            database.execute(HOUSE)
        files = Path(place)
        sources = {
            "customers": written(files / "customers.csv", customers(people)),
            "touches": written(files / "touches.csv", touches(talks, people)),
            "purchases": written(files / "purchases.csv", purchases(sales, people)),
        }
        server = postmaster(folder)
        memory, before = Memory(server), cpu_seconds([server])
        memory.start()
        imports = Imports(folder)
        imports.run("customers", sources["customers"], people)
        imports.run("touches", sources["touches"], talks, kill_at=0.35)
        imports.run("purchases", sources["purchases"], sales)
        memory.ended.set()
        database_cpu = cpu_seconds([server]) - before
        wrong = check(folder, people, talks, sales)
        figures: dict[str, Any] = {
            "rows": people + talks + sales,
            "rows_per_second": round((people + talks + sales) / imports.seconds),
            "by_subject": imports.rates,
            "seconds": round(imports.seconds, 1),
            "cpu_program": round(imports.cpu, 1),
            "cpu_database": round(database_cpu, 1),
            "peak_mb_program": round(imports.peak / 1e6),
            "peak_mb_database": round(memory.peak / 1e6),
            # Above the number of cores, others were served meanwhile.
            "load_average": round(os.getloadavg()[1], 1),
            "killed": 1,
            "wrong": wrong,
        }
    report("import", figures)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
