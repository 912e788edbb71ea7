"""A database for the live stream's tests alone, the live process on it, and screens that read from it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import psycopg
import pytest

from rugui.config import Config
from rugui.core import postgres, tickets
from rugui.core.ids import IdCipher

from .. import database

SECRET = "a secret of these tests"
ROW = (
    "INSERT INTO rugui_journalentry"
    " (organization_id, at, kind, who, place_id, customer_id, case_id, subject_id, payload, version)"
    " VALUES (%(organization)s, now(), %(kind)s, 'system', %(place)s, %(customer)s, %(case)s, %(subject)s, '{}', 1)"
    " RETURNING id"
)


def write(connection: psycopg.Connection[Any], organization: int, kind: str = "note.made", **of: int) -> int:
    """One journal row; returns its number."""
    values = dict.fromkeys(["place", "customer", "case", "subject"]) | of
    row = connection.execute(ROW, {"organization": organization, "kind": kind, **values}).fetchone()
    assert row is not None
    return int(row[0])


@dataclass
class Ground:
    """The database: two organizations, 1 and 2; places 1 and 2 belong to the first, 3 to the second."""

    folder: Path
    name: str

    @property
    def url(self) -> str:
        return f"postgresql:///{self.name}?host={postgres.socket_folder(self.folder)}&user={postgres.OWNER}"

    @property
    def config(self) -> Config:
        return Config(DATABASE_URL=self.url, secret_key=SECRET)  # type: ignore[arg-type]

    def connect(self) -> psycopg.Connection[Any]:
        return database.owner(self.folder, self.name)

    def ids(self) -> IdCipher:
        with self.connect() as connection:
            row = connection.execute("SELECT id_key FROM rugui_installation").fetchone()
            assert row is not None
            return IdCipher(bytes(row[0]))  # type: ignore[arg-type]

    def furnish(self) -> None:
        with self.connect() as connection:
            for organization in (1, 2):
                connection.execute(
                    "INSERT INTO rugui_organization (id, name, trade, customer_word, currency, language)"
                    " VALUES (%s, 'X', 'hotel', 'guest', 'EUR', 'en')",
                    [organization],
                )
            for place, organization in ((1, 1), (2, 1), (3, 2)):
                connection.execute(
                    "INSERT INTO rugui_place (id, organization_id, name, timezone, region) VALUES (%s, %s, %s, 'UTC', 'US')",
                    [place, organization, f"Place {place}"],
                )


@pytest.fixture(scope="session")
def ground(database_folder: Path, request: pytest.FixtureRequest) -> Ground:
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    made = Ground(database_folder, database.copy_of_template(database_folder, f"rugui_live_{worker}"))
    made.furnish()
    return made


@pytest.fixture
def journal(ground: Ground) -> Iterator[psycopg.Connection[Any]]:
    with ground.connect() as connection:
        yield connection


class Screen:
    """One open stream, read event by event."""

    def __init__(self, port: int, query: str, headers: dict[str, str]) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.connection.request("GET", f"/live?{query}", headers=headers)
        self.response: HTTPResponse = self.connection.getresponse()
        self.last = ""

    def next(self, seconds: float = 120) -> tuple[str, dict[str, str]]:
        """The next event that is not a mere sign of life; ("end", {}) once the stream has ended.

        Signs of life come for ever, so it is counted how long there was nothing else.
        """
        end = time.monotonic() + seconds
        while True:
            assert time.monotonic() < end, f"nothing but signs of life for {seconds} seconds"
            found: dict[str, str] = {}
            while (line := self.response.readline()) != b"\n":
                if not line:
                    return "end", {}
                name, _, value = line.decode().rstrip("\n").partition(":")
                found[name] = value.removeprefix(" ")
            self.last = found.get("id", self.last)
            if found["event"] != "beat":
                return found["event"], json.loads(found["data"] or "{}")

    def until_hello(self) -> list[tuple[str, dict[str, str]]]:
        """What was caught up with before the stream turned live."""
        return list(iter(self.next, ("hello", {})))

    def close(self) -> None:
        self.connection.close()
        self.response.close()


class Live:
    """A live process that can be killed and started again on the same port."""

    def __init__(self, ground: Ground, **variables: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("RUGUI_")}
        self.environment = {
            **kept,
            "DATABASE_URL": ground.url,
            "RUGUI_DATA_FOLDER": str(ground.folder),
            "RUGUI_SECRET_KEY": SECRET,
            "RUGUI_LIVE_PORT": str(self.port),
            **variables,
        }
        self.screens: list[Screen] = []
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "rugui.cli", "live"], env=self.environment, stderr=subprocess.DEVNULL
        )
        wait_for(self.healthy)

    def healthy(self) -> bool:
        try:
            return bool(self.get("/live/health")[0] == 200)
        except OSError:
            return False

    def get(self, path: str, **headers: str) -> tuple[int, Any, dict[str, str]]:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.read(), dict(answer.headers)
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, json.loads(refusal.read()), dict(refusal.headers)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def screen(
        self, ticket: tickets.Ticket, *, last: str = "", age: int | None = None, **headers: str
    ) -> Screen:
        if last:
            headers["Last-Event-ID"] = last
        query = f"ticket={tickets.seal(ticket, SECRET)}" + (f"&age={age}" if age is not None else "")
        screen = Screen(self.port, query, headers)
        self.screens.append(screen)
        return screen

    def close_screens(self) -> None:
        for screen in self.screens:
            screen.close()
        self.screens.clear()

    def stop(self) -> None:
        self.close_screens()
        self.process.terminate()
        try:
            self.process.wait(90)
        except subprocess.TimeoutExpired:
            self.kill()  # or it would outlive the tests
            raise


def wait_for(condition: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def staff(organization: int = 1, person: int = 7, places: set[int] | None = None) -> tickets.Ticket:
    return tickets.Ticket(
        organization, datetime.now(UTC), staff_id=person, places=None if places is None else frozenset(places)
    )


@pytest.fixture(scope="module")
def process(ground: Ground) -> Iterator[Live]:
    made = Live(ground)
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture
def live(process: Live) -> Iterator[Live]:
    """The module's live process; the screens that a test opened are closed at its end."""
    yield process
    process.close_screens()
