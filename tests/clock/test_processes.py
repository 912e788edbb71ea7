"""Clocks as processes: woken, killed, stopped, and their database killed under them."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import psycopg
import pytest

from rugui.core import metrics, postgres
from rugui.promise.clock import loop
from rugui.promise.clock.loop import Clock

from .. import database
from ..processes import lives
from ..slowness import slowness
from .conftest import HOUSES, World, eventually


def now() -> datetime:
    return datetime.now(UTC)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


@contextmanager
def running(world: World, count: int = 1, *arguments: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    """So many clock processes, at work; whichever are still alive are stopped at the end."""
    processes = [world.start_clock(*arguments) for _ in range(count)]
    try:
        eventually(lambda: world.rows("SELECT count(*) FROM rugui_heartbeat") == [(count,)])
        yield processes
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(90)


@contextmanager
def in_thread(world: World) -> Iterator[Clock]:
    """A clock in this process, at work."""
    clock = Clock(world.parameters("rugui_clock"))
    thread = threading.Thread(target=clock.run)
    thread.start()
    try:
        eventually(lambda: world.rows("SELECT name FROM rugui_heartbeat") == [(clock.name,)])
        yield clock
    finally:
        clock.stop()
        thread.join(90)
        assert not thread.is_alive()


def broken(world: World) -> int:
    [(count,)] = world.rows("SELECT count(*) FROM rugui_promise WHERE state = 'broken'")
    return int(count)


def assert_each_rang_exactly_once(world: World, count: int) -> None:
    query = """
        SELECT
            (SELECT count(*) FROM rugui_promise WHERE state = 'broken' AND ring_at IS NULL),
            (SELECT count(*) FROM rugui_ring), (SELECT count(DISTINCT promise_id) FROM rugui_ring),
            (SELECT count(*) FROM rugui_journalentry), (SELECT count(DISTINCT subject_id) FROM rugui_journalentry)
    """
    assert world.rows(query) == [(count, count, count, count, count)]


def test_a_clock_rings_on_time(world: World) -> None:
    with in_thread(world):
        due = now() + seconds(0.7)
        promise = world.promise(due, warn_at=due - seconds(0.4))
        eventually(lambda: len(world.rings(promise)) == 2)
    [(_, warned_at, _), (_, broken_at, _)] = world.rings(promise)
    soon = seconds(0.5 * slowness())
    assert seconds(0) <= warned_at - (due - seconds(0.4)) < soon
    assert seconds(0) <= broken_at - due < soon


def test_a_promise_moved_earlier_by_somebody_wakes_the_clock(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "LOOK_AGAIN", 6000.0)  # so that only the notification can wake it
    promise = world.promise(now() + seconds(3600))
    with in_thread(world):
        time.sleep(0.3)
        world.owner.execute(
            "UPDATE rugui_promise SET made_at = now() - interval '1 day', due_at = now(), ring_at = now() WHERE id = %s",
            [promise],
        )
        eventually(lambda: world.state(promise) == ("broken", None))
        fresh = world.promise(now() + seconds(0.2))
        eventually(lambda: world.state(fresh) == ("broken", None))


def test_a_clock_that_nobody_calls_looks_by_itself(world: World) -> None:
    with in_thread(world):
        world.owner.execute("SET session_replication_role = replica")  # no trigger, so no notification
        promise = world.promise(now())
        eventually(lambda: world.state(promise) == ("broken", None))


def test_a_clock_waits_while_it_lacks_a_right_and_then_rings(world: World) -> None:
    with in_thread(world):
        world.owner.execute("REVOKE INSERT ON rugui_ring FROM rugui_clock")
        promise = world.promise(due := now() + seconds(0.1))
        time.sleep(0.5)
        assert world.state(promise) == ("open", due)
        world.owner.execute("GRANT INSERT ON rugui_ring TO rugui_clock")
        eventually(lambda: world.state(promise) == ("broken", None))


def test_a_clock_comes_back_when_its_connection_is_cut(world: World) -> None:
    with in_thread(world):
        world.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'rugui_clock'")
        promise = world.promise(now())
        eventually(lambda: world.state(promise) == ("broken", None))


def test_a_clock_counts_what_it_rings_and_how_late(world: World) -> None:
    rung = metrics.rings.labels("due")._value.get()
    with in_thread(world):
        world.promise(now(), count=3)
        eventually(lambda: broken(world) == 3)
        eventually(lambda: metrics.rings.labels("due")._value.get() == rung + 3)


def test_sigterm_ends_a_clock_cleanly_and_takes_its_heartbeat_away(world: World) -> None:
    with running(world) as [process]:
        name = f"{socket.gethostname()[:60]}-{process.pid}"
        assert world.rows("SELECT name, kind FROM rugui_heartbeat") == [(name, "clock")]
        process.send_signal(signal.SIGTERM)
        assert process.wait(90) == 0
        assert world.rows("SELECT name FROM rugui_heartbeat") == []


def test_a_clock_serves_its_metrics_when_asked_to(world: World) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with running(world, 1, "--metrics-port", str(port)):
        world.promise(now(), count=2)
        eventually(lambda: broken(world) == 2)

        def counted() -> bool:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=60) as answer:
                text = answer.read().decode()
            counts = ('rugui_rings_total{kind="due"} 2.0', "rugui_ring_lateness_seconds_count 2.0")
            return all(count in text for count in counts)

        eventually(counted)


def test_two_clocks_killed_again_and_again_ring_each_promise_exactly_once(world: World) -> None:
    with running(world, 2) as processes:
        start = now() + seconds(0.5)
        for batch in range(40):
            world.promise(start + seconds(batch * 0.1), count=20)
        world.promise(start + seconds(2), count=1200)
        for kill in range(4):
            time.sleep(1)
            victim = processes.pop(0)
            victim.kill()
            assert victim.wait() == -signal.SIGKILL
            processes.append(world.start_clock())
            assert kill < 4
        eventually(lambda: broken(world) == 2000)
    assert_each_rang_exactly_once(world, 2000)


@pytest.fixture
def mortal_world() -> Iterator[World]:
    """A world on a database server of its own, which may be killed."""
    folder = Path(tempfile.mkdtemp(prefix="rugui-test-mortal-"))
    try:
        database.migrated_server(folder)
        world = World(folder, database.copy_of_template(folder, "rugui_mortal"))
        # What is committed must survive the kill, as in an installation; only then can "none lost" be asked.
        world.owner.execute("ALTER DATABASE rugui_mortal SET synchronous_commit = on")
        world.owner.execute(HOUSES)
        yield world
        world.owner.close()
    finally:
        postgres.stop(folder)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(postgres.socket_folder(folder), ignore_errors=True)


def kill_database(folder: Path) -> None:
    """kill -9 to the server and all its children."""
    pid = int((postgres.cluster_folder(folder) / "postmaster.pid").read_text().split()[0])
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    for process in family:
        try:
            os.kill(process.pid, signal.SIGKILL)
        except ProcessLookupError:  # went with the first one
            continue
    eventually(lambda: not postgres.running(folder) and not any(map(lives, family)))


def start_database(world: World) -> None:
    def is_back() -> bool:
        try:
            postgres.start(world.folder, extra="-c fsync=off")
            world.owner = database.owner(world.folder, world.name)
        except (subprocess.CalledProcessError, psycopg.OperationalError):
            return False
        return True

    eventually(is_back)


def test_when_the_database_is_killed_the_overdue_ring_within_two_seconds_of_its_return(
    mortal_world: World,
) -> None:
    world = mortal_world
    with running(world, 2):
        start = now() + seconds(0.5)
        for batch in range(40):
            world.promise(start + seconds(batch * 0.1), count=20)
        world.promise(start + seconds(1), count=700)
        for _ in range(2):
            time.sleep(1.1)
            world.owner.close()
            kill_database(world.folder)
            start_database(world)
            back = now()
            [(overdue,)] = world.rows("SELECT count(*) FROM rugui_promise WHERE due_at <= %s", back)
            eventually(lambda: broken(world) >= overdue, seconds=2 * slowness())  # noqa: B023  called at once
        eventually(lambda: broken(world) == 1500)
    assert_each_rang_exactly_once(world, 1500)
