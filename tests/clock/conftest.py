"""A database of their own for the tests of the clock, because its processes must see what is committed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from rugui.core import postgres

from .. import database

NOON = datetime(2026, 9, 3, 12, 0, tzinfo=UTC)
HOUSES = """
INSERT INTO rugui_organization (id, name, trade, customer_word, currency, language) VALUES
    (1, 'Lake House', 'hotel', 'guest', 'EUR', 'en'), (2, 'Other Inn', 'hotel', 'guest', 'EUR', 'en');
INSERT INTO rugui_place (id, organization_id, name, timezone, region) VALUES
    (11, 1, 'Lake House', 'Asia/Taipei', 'TW'), (12, 1, 'Boat House', 'Asia/Taipei', 'TW'),
    (21, 2, 'Other Inn', 'Asia/Taipei', 'TW');
INSERT INTO rugui_customer (id, organization_id, name, address_as, language, created_at) VALUES
    (101, 1, 'Ms Chen', '', '', '2026-09-01Z'), (201, 2, 'Mr Lin', '', '', '2026-09-01Z');
"""


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


@dataclass
class World:
    """Two houses, and hands to give them promises as whoever owns the tables."""

    folder: Path
    name: str
    owner: psycopg.Connection[Any] = field(init=False)

    def __post_init__(self) -> None:
        self.owner = database.owner(self.folder, self.name)

    def as_role(self, role: str) -> psycopg.Connection[Any]:
        return psycopg.connect(**self.parameters(role), autocommit=True)

    def parameters(self, role: str) -> dict[str, Any]:
        return {
            "host": str(postgres.socket_folder(self.folder)), "port": postgres.PORT, "dbname": self.name, "user": role
        }  # fmt: skip

    def rows(self, query: str, *parameters: Any) -> list[Any]:
        return self.owner.execute(query, parameters).fetchall()

    def staff(
        self, number: int, *roles: tuple[int | None, str], active: bool = True, organization: int = 1
    ) -> int:
        """Somebody with a role at each place (None: everywhere)."""
        self.owner.execute(
            "INSERT INTO rugui_user (id, password, is_superuser, email, language, is_active)"
            " VALUES (%s, '', false, %s, 'en', true)",
            [number, f"{number}@house.example"],
        )
        self.owner.execute(
            "INSERT INTO rugui_staff (id, organization_id, user_id, name, active) VALUES (%s, %s, %s, '', %s)",
            [number, organization, number, active],
        )
        for place, role in roles:
            self.owner.execute(
                "INSERT INTO rugui_assignment (organization_id, staff_id, place_id, role) VALUES (%s, %s, %s, %s)",
                [organization, number, place, role],
            )
        return number

    def duty(
        self, staff: int, place: int, *, ended_at: datetime | None = None, organization: int = 1
    ) -> None:
        self.owner.execute(
            "INSERT INTO rugui_duty (organization_id, staff_id, place_id, started_at, ended_at)"
            " VALUES (%s, %s, %s, %s, %s)",
            [organization, staff, place, NOON - minutes(60), ended_at],
        )

    def promise(
        self,
        due_at: datetime,
        *,
        warn_at: datetime | None = None,
        ring_at: datetime | None = None,
        owner: int | None = None,
        organization: int = 1,
        place: int | None = None,
        count: int = 1,
    ) -> int:
        """An open promise; its number. With `count`, so many alike, and the number of the last."""
        row = self.owner.execute(
            """
            WITH made AS (
                INSERT INTO rugui_promise (organization_id, place_id, customer_id, owner_id, kind, text,
                    made_at, warn_at, due_at, state, ring_at)
                SELECT %(organization)s, %(place)s, %(organization)s * 100 + 1, %(owner)s, 'call_back', '',
                    least(%(due)s::timestamptz, now()) - interval '1 day', %(warn)s, %(due)s, 'open', %(ring)s
                FROM generate_series(1, %(count)s)
                RETURNING id
            )
            SELECT max(id) FROM made
            """,
            {
                "organization": organization,
                "place": place or organization * 10 + 1,
                "owner": owner,
                "warn": warn_at,
                "due": due_at,
                "ring": ring_at or warn_at or due_at,
                "count": count,
            },
        ).fetchone()
        assert row is not None
        return int(row[0])

    def state(self, promise: int) -> tuple[str, datetime | None]:
        """(state, ring_at)"""
        [row] = self.rows("SELECT state, ring_at FROM rugui_promise WHERE id = %s", promise)
        return (row[0], row[1])

    def rings(self, promise: int) -> list[tuple[str, datetime, list[int]]]:
        return self.rows("SELECT kind, at, told FROM rugui_ring WHERE promise_id = %s ORDER BY id", promise)

    def journal(self, promise: int) -> list[str]:
        rows = self.rows("SELECT kind FROM rugui_journalentry WHERE subject_id = %s ORDER BY id", promise)
        return [row[0] for row in rows]

    def start_clock(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A clock process on this database, acting as the clock's role."""
        url = f"postgresql://{postgres.OWNER}@/{self.name}?host={postgres.socket_folder(self.folder)}"
        command = [sys.executable, "-m", "rugui.cli", "clock", *arguments]
        return subprocess.Popen(command, env={**os.environ, "DATABASE_URL": url}, stderr=subprocess.DEVNULL)


def eventually(condition: Callable[[], Any], *, seconds: float = 120) -> Any:
    """The first true value of `condition`; fails after `seconds`."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
    return found


@pytest.fixture(scope="module")
def clock_database(database_folder: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    name = database.copy_of_template(database_folder, f"rugui_clock_{worker}")
    yield name
    with database.owner(database_folder, "postgres") as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def world(database_folder: Path, clock_database: str) -> Iterator[World]:
    made = World(database_folder, clock_database)
    made.owner.execute(HOUSES)
    yield made
    made.owner.execute(
        "SET session_replication_role = replica"
    )  # the journal refuses to be emptied otherwise
    made.owner.execute(
        "TRUNCATE rugui_organization, rugui_place, rugui_customer, rugui_user, rugui_heartbeat CASCADE"
    )
    made.owner.execute("DROP FUNCTION IF EXISTS poison CASCADE")
    made.owner.execute("GRANT INSERT ON rugui_ring TO rugui_clock")
    made.owner.close()


@pytest.fixture
def clock(world: World) -> Iterator[psycopg.Connection[Any]]:
    """A connection with the clock's rights."""
    with world.as_role("rugui_clock") as connection:
        yield connection
