"""Imports that are stopped, killed, resumed, tried, or started twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from rugui.connect import actions
from rugui.connect.imports import run
from rugui.connect.imports.load import Context
from rugui.connect.models import ImportRun
from rugui.core import postgres
from rugui.core.errors import InputError
from rugui.core.tenancy import within
from rugui.know.models import Customer

from .. import database
from ..factories import NOON, House
from .help import bring_in, counts, prepare, written

FIVE = "id,name\n" + "".join(f"{n},Guest {n}\n" for n in range(1, 6))


@pytest.mark.django_db
def test_a_stopped_import_goes_on_where_it_was(
    lake_house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rugui.connect.imports.read.CUSTOMER_ROWS", 2)
    path = written(tmp_path, FIVE)
    prepared = prepare(lake_house, "customers", path)
    stopped = run.carry_out(lake_house.id, prepared.id, halted=lambda: True)
    assert (stopped.state, stopped.rows_read, stopped.line) == ("stopped", 2, 3)
    again = prepare(lake_house, "customers", path)
    assert again.id == prepared.id
    done = run.carry_out(lake_house.id, again.id)
    assert (done.state, counts(done), done.position) == ("done", (5, 0, 0, 0), done.size)


@pytest.mark.django_db
def test_a_batch_is_taken_back_when_the_run_was_stopped_meanwhile(
    lake_house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rugui.connect.imports.read.CUSTOMER_ROWS", 2)
    prepared = prepare(lake_house, "customers", written(tmp_path, FIVE))

    def stop(*_arguments: object) -> None:
        with within(lake_house.id):
            actions.stop_import(lake_house.actor("alice"), ImportRun.objects.get(), now=NOON)

    ended = run.carry_out(lake_house.id, prepared.id, listen=stop)
    assert (ended.state, ended.rows_read) == ("stopped", 2)
    with within(lake_house.id):
        assert Customer.objects.count() == 2


@pytest.mark.django_db
def test_a_dry_run_says_what_would_happen_and_writes_nothing(lake_house: House, tmp_path: Path) -> None:
    path = written(tmp_path, FIVE + ",\n")
    prepared = prepare(lake_house, "customers", path)
    with within(lake_house.id):
        reading = actions.as_set(lake_house.actor("alice"), prepared).reading
    context = Context(lake_house.id, "customers", NOON, "UTC", 2**62)
    progress = run.rehearse(context, str(path), reading, prepared.file_hash)
    assert (progress.read, progress.new, progress.rejected) == (6, 5, 1)
    with within(lake_house.id):
        assert Customer.objects.count() == 0
        assert ImportRun.objects.get().position == 0


@pytest.mark.django_db
def test_an_import_that_is_done_is_not_done_again(lake_house: House, tmp_path: Path) -> None:
    done = bring_in(lake_house, "customers", written(tmp_path, FIVE))
    with pytest.raises(InputError):
        run.carry_out(lake_house.id, done.id)


@dataclass
class World:
    """A database of its own, reached by commands as by anybody."""

    folder: Path
    name: str

    @property
    def url(self) -> str:
        return f"postgresql:///{self.name}?host={postgres.socket_folder(self.folder)}&user={postgres.OWNER}&port={postgres.PORT}"

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        environment = {**os.environ, "DATABASE_URL": self.url, "DJANGO_SETTINGS_MODULE": "rugui.settings"}
        command = [sys.executable, "-m", "rugui.cli", "import", *arguments]
        return subprocess.Popen(
            command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def call(self, *arguments: str) -> tuple[int, str, str]:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=180)
        return process.returncode, out, err

    def row(self, query: str) -> tuple[Any, ...]:
        with database.owner(self.folder, self.name) as owner:
            found = owner.execute(query).fetchone()
        assert found is not None
        return found

    def wait_for(self, query: str) -> None:
        end = time.monotonic() + 120
        while not self.row(query)[0]:
            assert time.monotonic() < end
            time.sleep(0.05)


@pytest.fixture
def world(database_folder: Path) -> Iterator[World]:
    name = database.copy_of_template(database_folder, f"rugui_import_{os.getpid()}")
    with database.owner(database_folder, name) as owner:
        owner.execute(
            "INSERT INTO rugui_organization (id, name, trade, customer_word, currency, language)"
            " VALUES (1, 'Lake House', 'hotel', 'guest', 'EUR', 'zh-hant')"
        )
        owner.execute(
            "INSERT INTO rugui_place (id, organization_id, name, timezone, region) VALUES (1, 1, 'Lake', 'Asia/Taipei', 'TW')"
        )
    yield World(database_folder, name)
    with database.owner(database_folder, "postgres") as owner:
        owner.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]


BATCHES = "SELECT count(*) >= {} FROM rugui_journalentry WHERE kind = 'import.batch'"
ROWS = 60_000


@pytest.mark.slow
def test_a_killed_import_started_again_loses_and_doubles_nothing(world: World, tmp_path: Path) -> None:
    path = written(tmp_path, "id,name,phone\n" + "".join(f"{n},Guest {n},0912{n:06d}\n" for n in range(ROWS)))
    process = world.start("customers", str(path))
    world.wait_for(BATCHES.format(2))
    process.kill()
    assert process.wait() == -signal.SIGKILL
    process.communicate()
    (before,) = world.row("SELECT count(*) FROM rugui_customer")
    assert 0 < before < ROWS
    code, out, err = world.call("customers", str(path))
    assert (code, out) == (0, f"{ROWS:,} rows: {ROWS:,} new, 0 changed, 0 the same, 0 rejected\n")
    assert "Going on after line" in err
    assert world.row(
        "SELECT (SELECT count(*) FROM rugui_customer), (SELECT count(DISTINCT external_id) FROM rugui_customer),"
        " (SELECT count(*) FROM rugui_identity), (SELECT sum((payload->>'new')::int) FROM rugui_journalentry"
        " WHERE kind = 'import.batch')"
    ) == (ROWS, ROWS, ROWS, ROWS)


@pytest.mark.slow
def test_a_second_import_of_the_same_file_waits_and_is_then_refused_while_the_first_goes_on(
    world: World, tmp_path: Path
) -> None:
    path = written(tmp_path, FIVE)
    with psycopg.connect(world.url, autocommit=True) as other:
        code, _out, _err = world.call("customers", str(path), "--dry-run")
        assert code == 0
        other.execute(
            "SELECT pg_advisory_lock(hashtextextended('rugui.import.' || id, 0)) FROM generate_series(1, 3) id"
        )
        code, _out, err = world.call("customers", str(path))
        assert code == 1
        assert "正在" in err or "right now" in err
    assert world.row("SELECT count(*) FROM rugui_customer") == (0,)
    assert world.call("customers", str(path))[:2] == (0, "5 rows: 5 new, 0 changed, 0 the same, 0 rejected\n")


@pytest.mark.slow
def test_ctrl_c_ends_after_the_batch_and_says_how_to_go_on(world: World, tmp_path: Path) -> None:
    path = written(tmp_path, "id,name\n" + "".join(f"{n},Guest {n}\n" for n in range(ROWS)))
    process = world.start("customers", str(path))
    world.wait_for(BATCHES.format(1))
    process.send_signal(signal.SIGINT)
    _out, err = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "go on" in err
    state, read = world.row("SELECT state, rows_read FROM rugui_importrun")
    assert state == "stopped"
    assert world.row("SELECT count(*) FROM rugui_customer") == (read,)


@pytest.mark.slow
def test_the_command_rejects_into_a_file_and_says_so_by_its_exit_code(world: World, tmp_path: Path) -> None:
    path = written(tmp_path, "id,name,phone\n1,Ana,\n2,Ben,12\n")
    code, out, _err = world.call("customers", str(path), "--language", "en", "--map", "phone=phone")
    assert (code, out) == (3, "2 rows: 1 new, 0 changed, 0 the same, 1 rejected\n")
    rejected = (tmp_path / "file.rejected.csv").read_text("utf-8-sig").splitlines()
    assert rejected[0] == "id,name,phone,line,field,reason"
    assert rejected[1].startswith("2,Ben,12,3,phone,")
    code, _out, err = world.call("purchases", str(path), "--map", "nothing=amount")
    assert code == 1
    assert "nothing" in err
