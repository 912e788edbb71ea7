"""Live updates: one stream process, five thousand open screens, every change told to all of them.

    python -m benchmarks.live [--quick] [--screens 5000] [--rate 2] [--seconds 600]

Each publish is one journal row, committed durably. Its delay is counted from just before the statement that commits it
to the arrival of its last byte at each screen; screens are real sockets, held by another process on the same cores.
At the end ten thousand rows are committed at once. The figure asked for: 99 of 100 screens within a second,
at most 60 KB each, no pause over a second.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import uvloop
from psycopg import Connection

from rugui.core import tickets
from rugui.live.server import allow_many_files

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

ORGANIZATION = 1
SECRET = "only-for-this-benchmark"
INSERT = (
    "INSERT INTO rugui_journalentry (organization_id, at, kind, who, customer_id, case_id, payload, version)"
    " SELECT 1, now(), %s, 'system', n, n, '{}', 1 FROM generate_series(1, %s) AS n"
)
KIND = re.compile(rb'"kind":"bench\.(\d+)"')


class Screen(asyncio.Protocol):
    """One open stream: counts what it hears and how late."""

    delays: Counter[int] = Counter()
    """How many arrivals were so many milliseconds late."""
    heard: Counter[int] = Counter()
    last: dict[int, float] = {}
    ready = reloads = lost = 0
    reloaded_at = 0.0

    def __init__(self, request: bytes) -> None:
        self.request = request
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.write(self.request)  # type: ignore[attr-defined]

    def connection_lost(self, error: Exception | None) -> None:
        Screen.lost += 1

    def data_received(self, data: bytes) -> None:
        now = time.monotonic()
        text = self.buffer + data
        whole = text.rfind(b"\n\n") + 2
        self.buffer = text[max(whole, 1) :] if whole > 1 else text
        for found in KIND.finditer(text, 0, max(whole, 0)):
            sent = int(found[1])
            delay = now - sent / 1e6
            Screen.delays[int(delay * 1000)] += 1
            Screen.heard[sent] += 1
            Screen.last[sent] = delay
        if b"event: hello" in text[:whole]:
            Screen.ready += 1
        if b"event: reload" in text[:whole]:
            Screen.reloads += 1
            Screen.reloaded_at = now


async def hold_screens(port: int, count: int) -> None:
    """The client process: opens the screens, says so, and reports when asked on standard input."""
    allow_many_files()
    loop = asyncio.get_running_loop()
    now = datetime.now(UTC)
    for first in range(0, count, 200):
        tasks = []
        for staff in range(first, min(first + 200, count)):
            ticket = tickets.seal(tickets.Ticket(ORGANIZATION, now, staff_id=staff), SECRET)
            request = (
                f"GET /live?ticket={ticket} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"
            )
            tasks.append(
                loop.create_connection(lambda request=request: Screen(request.encode()), "127.0.0.1", port)
            )  # type: ignore[misc]
        await asyncio.gather(*tasks)
    while Screen.ready < count:  # noqa: ASYNC110  five thousand of them count up, and nobody is in a hurry
        await asyncio.sleep(0.05)
    print("ready", flush=True)
    lines = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while await lines.readline():
        figures = {
            "delays": Screen.delays,
            "heard": sum(Screen.heard.values()),
            "whole": sum(1 for n in Screen.heard.values() if n == count),
            "last": sorted(Screen.last.values()),
            "reloads": Screen.reloads,
            "reloaded_at": Screen.reloaded_at,
            "lost": Screen.lost,
        }
        print(json.dumps(figures), flush=True)


def proportional_kb(pid: int) -> int:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)[1])  # type: ignore[index]


def socket_kb() -> int:
    """What the kernel holds for all TCP buffers, both ends."""
    return int(re.search(r"^TCP:.* mem (\d+)", Path("/proc/net/sockstat").read_text(), re.MULTILINE)[1]) * 4  # type: ignore[index]


def fetch(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return answer.read().decode()


def healthy(port: int) -> bool:
    try:
        return bool(json.loads(fetch(port, "/live/health"))["status"] == "ok")
    except OSError:
        return False


def gauge(port: int, name: str) -> float:
    return float(re.search(rf"^{name} (\S+)", fetch(port, "/live/metrics"), re.MULTILINE)[1])  # type: ignore[index]


def percentile(delays: dict[int, int], share: float) -> int:
    wanted, seen = share * sum(delays.values()), 0
    for delay in sorted(delays):
        seen += delays[delay]
        if seen >= wanted:
            return delay + 1
    raise ValueError("nothing was heard")


def publish(database: Connection[Any], rate: float, seconds: float) -> list[float]:
    """Commits one row every 1/rate s; how long each commit took."""
    took = []
    began = time.monotonic()
    for number in range(int(rate * seconds)):
        time.sleep(max(0.0, began + number / rate - time.monotonic()))
        before = time.monotonic()
        database.execute(INSERT, [f"bench.{before * 1e6:.0f}", 1])
        took.append(time.monotonic() - before)
    return took


def ask(client: subprocess.Popen[str]) -> dict[str, Any]:
    assert client.stdin is not None
    assert client.stdout is not None
    client.stdin.write("\n")
    client.stdin.flush()
    answer: dict[str, Any] = json.loads(client.stdout.readline())
    return answer


def measure(folder: Path, screens: int, rate: float, seconds: float) -> dict[str, Any]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    variables = environment(folder, role="live", RUGUI_SECRET_KEY=SECRET, RUGUI_LIVE_PORT=str(port))
    database = connect(folder)
    database.execute(
        "INSERT INTO rugui_organization (id, name, trade, customer_word, currency, language)"
        " VALUES (1, 'X', 'hotel', 'guest', 'EUR', 'en')"
    )
    live = subprocess.Popen([sys.executable, "-m", "rugui.cli", "live"], env=variables)
    client = None
    try:
        wait_until(lambda: healthy(port), "the live process")
        before_kb, before_sockets = proportional_kb(live.pid), socket_kb()
        client = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.live", "--client", str(port), "--screens", str(screens)],
            env=variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert client.stdout is not None
        assert client.stdout.readline() == "ready\n"
        open_kb, pause_opening = proportional_kb(live.pid), gauge(port, "rugui_live_longest_pause_seconds")
        processes = [psutil.Process(live.pid), postmaster(folder)]
        cpu_before = [cpu_seconds([process]) for process in processes]
        took = publish(database, rate, seconds)
        time.sleep(2)
        cpu = [cpu_seconds([process]) - before for process, before in zip(processes, cpu_before, strict=True)]
        heard = ask(client)
        delays = {int(delay): count for delay, count in heard["delays"].items()}
        held_kb, held_sockets = proportional_kb(live.pid), socket_kb()
        burst = time.monotonic()
        database.execute(INSERT, ["burst.rang", 10_000])
        committed = time.monotonic()
        after = wait_until(
            lambda: (found := ask(client))["reloads"] >= screens and found, "the burst at every screen"
        )
        count = len(took)
        return {
            "screens": screens,
            "publishes": count,
            "seconds": seconds,
            "heard_by_all": heard["whole"],
            "missed": count * screens - heard["heard"],
            "streams_lost": heard["lost"],
            "p50_ms": percentile(delays, 0.5),
            "p99_ms": percentile(delays, 0.99),
            "max_ms": max(delays) + 1,
            "commit_p50_ms": round(quantile(took, 0.5) * 1000, 1),
            "kb_a_screen_open": round((open_kb - before_kb) / screens, 1),
            "kb_a_screen": round((held_kb - before_kb + held_sockets - before_sockets) / screens, 1),
            "process_mb_before": round(before_kb / 1024, 1),
            "cpu_ms_a_publish": round(cpu[0] / count * 1000, 1),
            "database_cpu_ms_a_publish": round(cpu[1] / count * 1000, 1),
            "longest_work_ms": round(gauge(port, "rugui_live_longest_work_seconds") * 1000),
            "load_average": round(os.getloadavg()[0], 1),
            "longest_pause_ms_opening": round(pause_opening * 1000),
            "longest_pause_ms": round(gauge(port, "rugui_live_longest_pause_seconds") * 1000),
            "burst_10000_commit_ms": round((committed - burst) * 1000),
            "burst_10000_to_last_screen_ms": round((after["reloaded_at"] - committed) * 1000),
        }
    finally:
        for process in (client, live):
            if process is not None:
                process.terminate()
                process.wait(10)
        database.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="Five thousand open screens on one stream process.")
    parser.add_argument(
        "--quick", action="store_true", help="15 seconds of publishing instead of ten minutes"
    )
    parser.add_argument("--screens", type=int, default=5000)
    parser.add_argument("--rate", type=float, default=2.0)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--client", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.client:
        uvloop.run(hold_screens(given.client, given.screens))
        return
    with temporary_database() as folder:
        figures = measure(folder, given.screens, given.rate, given.seconds or (15 if given.quick else 600))
    report("live", figures)


if __name__ == "__main__":
    main()
