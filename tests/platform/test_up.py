"""`rugui up`, for real: started, asked, killed in parts and as a whole, and stopped."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import psutil
import pytest

from rugui.core import postgres

from ..processes import lives
from .installations import passable

pytestmark = pytest.mark.slow

PATIENCE = 900
"""Seconds to wait for anything: machines that run tests are often busy with other things."""


def wait_for(what: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(0.1)
    raise AssertionError("waited in vain")


def two_free_ports() -> int:
    """A port that is free together with the next one."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


@dataclass
class Installation:
    folder: Path
    port: int
    process: subprocess.Popen[str]

    def ready(self) -> dict[str, Any]:
        told: dict[str, Any] = wait_for(self._told)
        return told

    def _told(self) -> dict[str, Any] | None:
        assert self.process.poll() is None, (self.folder / "said").read_text()
        path = self.folder / "ready"
        return json.loads(path.read_text()) if path.exists() else None

    def health(self) -> dict[str, str] | None:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/health", timeout=10) as answer:
                return json.load(answer)
        except HTTPError as error:
            return json.load(error)
        except (URLError, OSError):
            return None

    def is_well(self) -> bool:
        return self.health() == {"status": "ok", "database": "ok", "clock": "ok", "worker": "ok"}

    def child(self, name: str) -> psutil.Process | None:
        for child in psutil.Process(self.process.pid).children():
            try:
                if child.cmdline()[-1] == name:
                    return child
            except (psutil.NoSuchProcess, psutil.ZombieProcess, IndexError):
                continue
        return None


def command(port: int, *more: str) -> list[str]:
    return [sys.executable, "-m", "rugui.cli", "up", "--empty", "--port", str(port), *more]


def environment(folder: Path) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("RUGUI_", "DATABASE_", "COV"))
    }
    return {**kept, "RUGUI_DATA_FOLDER": str(folder), "RUGUI_WEB_WORKERS": "1"}


def start(folder: Path) -> Installation:
    port = two_free_ports()
    with (folder / "said").open("w") as said:
        process = subprocess.Popen(
            command(port, "--ready-file", str(folder / "ready")),
            env=environment(folder), stdout=said, stderr=said, text=True,
        )  # fmt: skip
    return Installation(folder, port, process)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("up")
    passable(folder)
    made = start(folder)
    try:
        made.ready()
        yield made
    finally:
        made.process.terminate()
        made.process.wait(PATIENCE)


def test_it_says_where_it_is_once_it_answers(running: Installation) -> None:
    told = running.ready()
    assert told["url"] == f"http://localhost:{running.port}"
    assert told["live_port"] == running.port + 1
    assert told["process"] == running.process.pid
    assert wait_for(running.is_well)


def test_a_second_one_on_the_same_folder_is_refused(running: Installation) -> None:
    second = subprocess.run(
        command(two_free_ports()),
        env=environment(running.folder),
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert second.stderr == (
        f"Error: Rugui is already running on {running.folder} (process {running.process.pid}). "
        "Stop that one first, or choose another data folder with RUGUI_DATA_FOLDER.\n"
    )


def test_a_port_in_use_is_refused(running: Installation, tmp_path: Path) -> None:
    second = subprocess.run(
        command(running.port), env=environment(tmp_path), capture_output=True, text=True, check=False
    )
    assert second.returncode == 1
    assert second.stderr == (
        f"Error: Port {running.port} on 127.0.0.1 cannot be used: Address already in use. Choose others with --port.\n"
    )


@pytest.mark.parametrize("name", ["worker", "web"])
def test_a_killed_child_is_started_again(running: Installation, name: str) -> None:
    before = wait_for(lambda: running.child(name))
    before.kill()
    wait_for(lambda: (found := running.child(name)) is not None and found.pid != before.pid)
    assert wait_for(running.is_well)


def test_a_killed_database_is_started_again_and_everybody_finds_it(running: Installation) -> None:
    before = wait_for(lambda: postgres.running(running.folder))
    os.kill(before, signal.SIGKILL)
    wait_for(lambda: postgres.running(running.folder) not in {None, before})
    assert wait_for(running.is_well)


def test_the_metrics_are_those_of_all_processes(running: Installation) -> None:
    def lines() -> list[str]:
        with urlopen(f"http://127.0.0.1:{running.port}/metrics", timeout=10) as answer:
            text: str = answer.read().decode()
        return text.splitlines()

    def healthy() -> bool:
        try:
            urlopen(f"http://127.0.0.1:{running.port}/health", timeout=10).close()
        except HTTPError:
            return False
        return True

    wait_for(healthy)
    wait_for(lambda: "rugui_live_screens 0.0" in lines())
    found = lines()
    assert "rugui_database_up 1.0" in found
    assert 'rugui_request_seconds_count{method="GET",route="health",status="200"}' in {
        line.rpartition(" ")[0] for line in found
    }


def test_killed_itself_it_leaves_nobody_in_the_way_and_the_next_one_stops_in_order(tmp_path: Path) -> None:
    passable(tmp_path)
    first = start(tmp_path)
    first.ready()
    family = psutil.Process(first.process.pid).children(recursive=True)
    first.process.kill()
    first.process.wait()
    wait_for(lambda: not any(map(lives, family)))
    (tmp_path / "ready").unlink()

    second = start(tmp_path)
    second.ready()
    family = psutil.Process(second.process.pid).children(recursive=True)
    assert family != []
    second.process.terminate()
    assert second.process.wait(PATIENCE) == 0
    assert not any(map(lives, family))
    assert postgres.running(tmp_path) is None
    assert not (tmp_path / "ready").exists()
