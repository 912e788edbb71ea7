"""An installation running: the database, prepared, and the processes that make it a house. See up.py."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click
import psycopg

from ..config import Config, config
from ..core import fingerprint, postgres
from ..core.database import connection_parameters
from . import children, exists
from .alone import alone
from .gate import STARTED, Gate
from .metrics import forget_process, share_metrics
from .supervisor import STOP_SECONDS, Supervisor

READY_SECONDS = 120
PAUSE_BEFORE_DATABASE_RETRY = 1.0


@dataclass(frozen=True)
class Wish:
    """What the command line asked for. `example` names the house to build in an empty database, if any."""

    example: str | None
    language: str
    ready_file: Path | None


def say(text: str) -> None:
    click.echo(text, err=True)


def run(wish: Wish, web: subprocess.Popen[bytes], gate: Gate) -> None:
    """Runs the installation until asked to stop. `web` has been started already and waits at `gate`."""
    settings = config()
    try:
        with alone(settings):
            _check_ports(settings)
            with _database(settings):
                _supervise(settings, wish, web, gate)
    except postgres.DatabaseProblem as problem:
        raise click.ClickException(str(problem)) from problem
    finally:
        gate.close()
        children.stop([web], STOP_SECONDS)


def _check_ports(settings: Config) -> None:
    for port in (settings.port, settings.live_port):
        try:
            with socket.create_server(
                (settings.host, port), family=socket.AF_INET6 if ":" in settings.host else socket.AF_INET
            ):
                pass  # free; given back at once
        except OSError as error:
            raise click.ClickException(
                f"Port {port} on {settings.host} cannot be used: {os.strerror(error.errno or 0)}. Choose others with --port."
            ) from error


@contextmanager
def _database(settings: Config) -> Iterator[None]:
    if settings.database_url is not None:
        yield
        return
    with postgres.using(settings.data_folder):
        yield


def _supervise(settings: Config, wish: Wish, web: subprocess.Popen[bytes], gate: Gate) -> None:
    environment = _environment(settings)
    supervisor = Supervisor(environment, say, _database_keeper(settings), partial(forget_process, settings))
    _prepare(settings, environment, wish)
    try:
        supervisor.adopt("web", web, *rugui("web"))
        gate.open()
        _wait_for_pages(settings, supervisor)
        # Not before: on a small computer, everything starting at once makes the first page late.
        for name in ("clock", "live", "worker"):
            if exists(name) and not supervisor.stopping:
                supervisor.add(name, *rugui(name))
        if not supervisor.stopping:
            _announce(settings, wish)
        supervisor.run()
    finally:
        say("Stopping.")
        supervisor.stop()
        if wish.ready_file is not None:
            wish.ready_file.unlink(missing_ok=True)


def _environment(settings: Config) -> dict[str, str]:
    """What every child is told, wherever the value came from here. Forgets the last run's metrics."""
    for file in share_metrics(settings).glob("*.db"):
        if file.stat().st_mtime < STARTED:
            file.unlink()
    return {
        **os.environ,
        "RUGUI_DATA_FOLDER": str(settings.data_folder),
        "RUGUI_DATABASE_ROLE": "app",
    }


def rugui(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "rugui.cli", *arguments]


def _database_keeper(settings: Config) -> Callable[[], None]:
    """A function that starts the embedded database again when it is gone."""
    next_try = 0.0

    def keep() -> None:
        nonlocal next_try
        if (
            settings.database_url is not None
            or time.monotonic() < next_try
            or postgres.running(settings.data_folder)
        ):
            return
        say("The database has stopped; starting it again.")
        try:
            postgres.start(settings.data_folder)
        except postgres.DatabaseProblem as problem:
            say(str(problem))
            next_try = time.monotonic() + PAUSE_BEFORE_DATABASE_RETRY

    return keep


def _prepare(settings: Config, environment: dict[str, str], wish: Wish) -> None:
    """Migrates when this version expects another shape, and builds the example house in an empty one."""
    try:
        with psycopg.connect(**connection_parameters(settings, "owner"), autocommit=True) as connection:
            if not fingerprint.is_current(connection):
                say("Preparing the database.")
                _do(environment, "migrate")
            row = connection.execute("SELECT EXISTS (SELECT FROM rugui_user)").fetchone()
    except psycopg.OperationalError as error:
        raise click.ClickException(f"The database cannot be reached: {error}") from error
    if wish.example and row == (False,) and exists("example"):
        say(f"Building the example house ({wish.example}).")
        _do(environment, "example", wish.example, "--language", wish.language)


def _do(environment: dict[str, str], *arguments: str) -> None:
    child = children.start(rugui(*arguments), environment)
    if (code := child.wait()) != 0:
        raise click.ClickException(f"`rugui {' '.join(arguments)}` failed (exit {code}).")


def _wait_for_pages(settings: Config, supervisor: Supervisor) -> None:
    """Waits until a page is answered and the database behind it, or until asked to stop."""
    deadline = time.monotonic() + READY_SECONDS
    while not supervisor.stopping and not _answers(settings):
        if time.monotonic() > deadline:
            raise click.ClickException(
                f"Nothing answered at {settings.url} within {READY_SECONDS} seconds; see the messages above."
            )
        supervisor.tend(0.03)


def _answers(settings: Config) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104  a comparison
    line = http.client.HTTPConnection(host, settings.port, timeout=5)
    try:
        line.request("GET", "/health")
        return bool(json.loads(line.getresponse().read())["database"] == "ok")
    except (OSError, http.client.HTTPException, ValueError, KeyError):
        return False
    finally:
        line.close()


def _announce(settings: Config, wish: Wish) -> None:
    seconds = time.time() - STARTED
    say(f"Rugui is open at {settings.url} (after {seconds:.1f} s). Stop it with Ctrl-C.")
    if wish.ready_file is None:
        return
    told = {
        "url": settings.url,
        "port": settings.port,
        "live_port": settings.live_port,
        "process": os.getpid(),
        "seconds": round(seconds, 2),
    }
    part = wish.ready_file.with_name(wish.ready_file.name + ".part")
    part.write_text(json.dumps(told) + "\n")
    part.rename(wish.ready_file)
