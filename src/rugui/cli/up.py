"""`rugui up`: everything an installation needs, in one command."""

from __future__ import annotations

import fcntl
import http.client
import json
import os
import shutil
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import psycopg

from ..config import Config, config
from ..core import fingerprint, postgres
from ..core.database import connection_parameters
from . import children, exists
from .supervisor import Supervisor

READY_SECONDS = 60
PAUSE_BEFORE_DATABASE_RETRY = 1.0


def say(text: str) -> None:
    click.echo(text, err=True)


@click.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Where the pages are; the live stream is one above it."
)
@click.option("--empty", is_flag=True, help="Start with nothing in it, instead of the example house.")
@click.option("--example", type=click.Choice(["hotel", "restaurant", "webshop"]), default="hotel", show_default=True,
              help="Which example house to build when the database is empty.")  # fmt: skip
@click.option("--language", type=click.Choice(["en", "zh-hant", "zh-hans"]), default="en", show_default=True,
              help="The language of the example house.")  # fmt: skip
@click.option(
    "--ready-file", type=click.Path(path_type=Path), help="Write the address here, as JSON, once it answers."
)
def command(port: int | None, empty: bool, example: str, language: str, ready_file: Path | None) -> None:
    """Start everything: database, pages, live stream, clock and worker. Stop with Ctrl-C.

    The first start makes the database and builds an example house to look around in; --empty does not.
    """
    began = time.monotonic()
    if port is not None:
        os.environ["RUGUI_PORT"] = str(port)
        os.environ.setdefault("RUGUI_LIVE_PORT", str(port + 1))
        config.cache_clear()
    settings = config()
    try:
        with _alone(settings):
            _check_ports(settings)
            with _database(settings):
                _run(settings, None if empty else (example, language), ready_file, began)
    except postgres.DatabaseProblem as problem:
        raise click.ClickException(str(problem)) from problem


@contextmanager
def _alone(settings: Config) -> Iterator[None]:
    """One `rugui up` for one data folder. The lock ends with the process, however it ends."""
    try:
        settings.data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = (settings.data_folder / "up.lock").open("a+")
    except OSError as error:
        raise click.ClickException(
            f"The data folder {settings.data_folder} cannot be written: {error.strerror}. Choose another with RUGUI_DATA_FOLDER."
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise click.ClickException(
                f"Rugui is already running on {settings.data_folder} (process {file.read().strip()}). "
                "Stop that one first, or choose another data folder with RUGUI_DATA_FOLDER."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _check_ports(settings: Config) -> None:
    for port in (settings.port, settings.live_port):
        try:
            with socket.create_server(
                (settings.host, port), family=socket.AF_INET6 if ":" in settings.host else socket.AF_INET
            ):
                pass  # free; given back at once
        except OSError as error:
            raise click.ClickException(
                f"Port {port} on {settings.host} cannot be used: {error.strerror}. Choose others with --port."
            ) from error


@contextmanager
def _database(settings: Config) -> Iterator[None]:
    if settings.database_url is not None:
        yield
        return
    with postgres.using(settings.data_folder):
        yield


def _run(settings: Config, example: tuple[str, str] | None, ready_file: Path | None, began: float) -> None:
    assert settings.secret  # made now, not by several children at once
    environment = _environment(settings)
    supervisor = Supervisor(environment, say, _database_keeper(settings))
    _prepare(settings, environment, example)
    try:
        for name in ("web", "clock", "live", "worker"):
            if exists(name) and not supervisor.stopping:
                supervisor.add(name, *_rugui(name))
        if _wait_until_ready(settings, supervisor):
            _announce(settings, ready_file, time.monotonic() - began)
            supervisor.run()
    finally:
        say("Stopping.")
        supervisor.stop()
        if ready_file is not None:
            ready_file.unlink(missing_ok=True)


def _environment(settings: Config) -> dict[str, str]:
    """What every child is told, wherever the value came from here."""
    metrics = settings.data_folder / "metrics"
    shutil.rmtree(metrics, ignore_errors=True)
    metrics.mkdir()
    return {
        **os.environ,
        "RUGUI_DATA_FOLDER": str(settings.data_folder),
        "RUGUI_DATABASE_ROLE": "app",
        "PROMETHEUS_MULTIPROC_DIR": str(metrics),
    }


def _rugui(*arguments: str) -> list[str]:
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


def _prepare(settings: Config, environment: dict[str, str], example: tuple[str, str] | None) -> None:
    """Migrates when this version expects another shape, and builds the example house in an empty one."""
    try:
        with psycopg.connect(**connection_parameters(settings, "owner"), autocommit=True) as connection:
            if not fingerprint.is_current(connection):
                say("Preparing the database.")
                _do(environment, "migrate")
            row = connection.execute("SELECT EXISTS (SELECT FROM rugui_user)").fetchone()
    except psycopg.OperationalError as error:
        raise click.ClickException(f"The database cannot be reached: {error}") from error
    if example is not None and row == (False,) and exists("example"):
        trade, language = example
        say(f"Building the example house ({trade}).")
        _do(environment, "example", trade, "--language", language)


def _do(environment: dict[str, str], *arguments: str) -> None:
    child = children.start(_rugui(*arguments), environment)
    if (code := child.wait()) != 0:
        raise click.ClickException(f"`rugui {' '.join(arguments)}` failed (exit {code}).")


def _wait_until_ready(settings: Config, supervisor: Supervisor) -> bool:
    """Waits until a page is answered and the database behind it; False when asked to stop meanwhile."""
    deadline = time.monotonic() + READY_SECONDS
    while not supervisor.stopping:
        if _answers(settings):
            return True
        if time.monotonic() > deadline:
            raise click.ClickException(
                f"Nothing answered at {settings.url} within {READY_SECONDS} seconds; see the messages above."
            )
        supervisor.tend(0.03)
    return False


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


def _announce(settings: Config, ready_file: Path | None, seconds: float) -> None:
    say(f"Rugui is open at {settings.url} (after {seconds:.1f} s). Stop it with Ctrl-C.")
    if ready_file is not None:
        told = {
            "url": settings.url,
            "port": settings.port,
            "live_port": settings.live_port,
            "process": os.getpid(),
            "seconds": round(seconds, 2),
        }
        part = ready_file.with_name(ready_file.name + ".part")
        part.write_text(json.dumps(told) + "\n")
        part.rename(ready_file)
