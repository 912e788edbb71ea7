"""What the benchmarks share: a database of their own, the processor time of process trees, one line of JSON."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg

from rugui.core import postgres


@contextmanager
def temporary_database(*, extra: str = "") -> Iterator[Path]:
    """A data folder with its own migrated embedded server, stopped and removed at the end. Durability stays on."""
    folder = Path(tempfile.mkdtemp(prefix="rugui-bench-"))
    try:
        postgres.start(folder, extra=extra)
        script = "import django; django.setup(); from rugui.core import schema; schema.migrate()"
        subprocess.run([sys.executable, "-c", script], env=environment(folder, role="owner"), check=True)
        yield folder
    finally:
        postgres.stop(folder)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(postgres.socket_folder(folder), ignore_errors=True)


def environment(folder: Path, *, role: str = "app", **more: str) -> dict[str, str]:
    """The environment of a process of the program that works in `folder`."""
    variables = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return variables | {
        "RUGUI_DATA_FOLDER": str(folder),
        "RUGUI_DATABASE_ROLE": role,
        "DJANGO_SETTINGS_MODULE": "rugui.settings",
        **more,
    }


def connect(folder: Path, user: str = postgres.OWNER) -> psycopg.Connection[tuple[Any, ...]]:
    """An autocommitting connection; by default as the owner, who is bound by nothing."""
    return psycopg.connect(
        host=str(postgres.socket_folder(folder)),
        port=postgres.PORT,
        dbname=postgres.DATABASE,
        user=user,
        autocommit=True,
    )


def postmaster(folder: Path) -> psutil.Process:
    """The database server's first process; its children are its connections and helpers."""
    return psutil.Process(int((postgres.cluster_folder(folder) / "postmaster.pid").read_text().split()[0]))


def cpu_seconds(roots: Iterable[psutil.Process]) -> float:
    """User and system time of process trees so far, children that have ended included."""
    total = 0.0
    for root in roots:
        for process in [root, *root.children(recursive=True)]:
            try:
                used = process.cpu_times()
            except psutil.NoSuchProcess:  # ended meanwhile: its parent has it in children_user now
                continue
            total += used.user + used.system + used.children_user + used.children_system
    return total


def wait_until(condition: Callable[[], Any], what: str, *, seconds: float = 30, every: float = 0.05) -> Any:
    """The first true value of `condition`, or TimeoutError."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(every)
    return found


def free_port() -> int:
    """A TCP port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def quantile(values: list[float], q: float) -> float:
    """The value that a share `q` of `values` does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(q * len(ordered)))]


def report(name: str, figures: dict[str, Any]) -> None:
    """The benchmark's one line."""
    print(json.dumps({"benchmark": name, **figures}), flush=True)


def house(places: int, people: int, customers: int) -> str:
    """SQL for a house of invented places, staff and customers, numbered from one; the staff still need their roles."""
    return f"""
INSERT INTO rugui_organization (id, name, trade, customer_word, currency, language) VALUES (1, 'House', 'hotel', 'guest', 'EUR', 'en');
INSERT INTO rugui_place (id, organization_id, name, timezone, region)
    SELECT n, 1, 'Place ' || n, 'Europe/Berlin', 'DE' FROM generate_series(1, {places}) n;
INSERT INTO rugui_user (id, password, is_superuser, email, language, is_active)
    SELECT n, '', false, n || '@house.example', 'en', true FROM generate_series(1, {people}) n;
INSERT INTO rugui_staff (id, organization_id, user_id, name, active)
    SELECT n, 1, n, 'Staff ' || n, true FROM generate_series(1, {people}) n;
INSERT INTO rugui_customer (id, organization_id, name, address_as, language, created_at)
    SELECT n, 1, 'Customer ' || n, '', '', now() FROM generate_series(1, {customers}) n;
"""
