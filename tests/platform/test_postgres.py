"""The embedded database: made, raced for, killed, moved to, and never left without a word."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from rugui.core import postgres, postgres_settings

from .installations import passable

FAST = "-c fsync=off -c shared_buffers=16MB"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder with a database in it. Tests start it themselves."""
    folder = tmp_path_factory.mktemp("data")
    passable(folder)
    postgres.start(folder, extra=FAST)
    yield folder
    postgres.stop(folder)


def run_sql(folder: Path, text: str) -> list[tuple[object, ...]]:
    with psycopg.connect(
        host=str(postgres.socket_folder(folder)),
        user=postgres.OWNER,
        dbname=postgres.DATABASE,
        autocommit=True,
    ) as connection:
        cursor = connection.execute(text)
        return cursor.fetchall() if cursor.description else []


def kill_everything(folder: Path) -> None:
    cluster = postgres.cluster_folder(folder)
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            ours = (entry / "cwd").samefile(cluster)
        except OSError:
            continue
        if ours:
            os.kill(int(entry.name), signal.SIGKILL)


def test_of_two_starts_at_once_one_starts_it_and_both_find_it_running(folder: Path) -> None:
    postgres.stop(folder)
    with ThreadPoolExecutor(2) as pool:
        started = list(pool.map(lambda _: postgres.start(folder, extra=FAST), range(2)))
    assert sorted(started) == [False, True]
    assert run_sql(folder, "SELECT 1") == [(1,)]


def test_a_stopped_server_is_gone_and_stopping_it_again_is_nothing(folder: Path) -> None:
    postgres.start(folder, extra=FAST)
    postgres.stop(folder)
    assert postgres.running(folder) is None
    postgres.stop(folder)


def test_what_was_committed_survives_a_kill_of_the_postmaster(folder: Path) -> None:
    postgres.start(folder, extra=FAST)
    run_sql(folder, "CREATE TABLE kept AS SELECT 42 AS answer")
    process = postgres.running(folder)
    assert process is not None
    os.kill(process, signal.SIGKILL)
    assert postgres.start(folder, extra=FAST) is True
    assert run_sql(folder, "SELECT answer FROM kept") == [(42,)]
    run_sql(folder, "DROP TABLE kept")


def test_what_was_committed_survives_a_kill_of_every_process(folder: Path) -> None:
    postgres.start(folder, extra=FAST)
    run_sql(folder, "CREATE TABLE kept_too AS SELECT 43 AS answer")
    kill_everything(folder)
    assert postgres.start(folder, extra=FAST) is True
    assert run_sql(folder, "SELECT answer FROM kept_too") == [(43,)]
    run_sql(folder, "DROP TABLE kept_too")


def test_a_process_number_taken_by_another_program_is_not_taken_for_the_server(folder: Path) -> None:
    postgres.stop(folder)
    left = postgres.cluster_folder(folder) / "postmaster.pid"
    left.write_text(f"{os.getpid()}\n{postgres.cluster_folder(folder)}\n")
    assert postgres.running(folder) is None
    assert postgres.start(folder, extra=FAST) is True


def test_the_last_of_several_users_stops_it(folder: Path) -> None:
    postgres.stop(folder)
    with postgres.using(folder, extra=FAST):
        with postgres.using(folder):
            assert run_sql(folder, "SELECT 1") == [(1,)]
        assert postgres.running(folder) is not None
    assert postgres.running(folder) is None


def test_it_is_durable_and_listens_on_no_network(folder: Path) -> None:
    postgres.start(folder, extra=FAST)
    names = ["listen_addresses", "synchronous_commit", "max_connections", "jit", "unix_socket_permissions"]
    found = run_sql(folder, f"SELECT name, setting FROM pg_settings WHERE name = ANY(ARRAY{names})")
    assert dict(found) == {
        "listen_addresses": "",
        "synchronous_commit": "on",
        "max_connections": "100",
        "jit": "off",
        "unix_socket_permissions": "0700",
    }
    assert postgres.socket_folder(folder).stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_no_other_user_of_the_computer_may_log_in_even_where_the_socket_is_open_to_them(folder: Path) -> None:
    postgres.stop(folder)
    sockets = postgres.socket_folder(folder)
    postgres.start(folder, extra=f"{FAST} -c unix_socket_permissions=0777")
    sockets.chmod(0o755)
    try:
        asked = subprocess.run(
            [postgres.binaries() / "psql", "-h", sockets, "-U", postgres.OWNER, "-d", postgres.DATABASE, "-c", "SELECT 1"],
            user="nobody", extra_groups=[], cwd="/", capture_output=True, text=True, check=False,
        )  # fmt: skip
    finally:
        postgres.stop(folder)
    assert asked.returncode == 2
    assert "Peer authentication failed" in asked.stderr


def test_its_log_does_not_repeat_what_was_written(folder: Path) -> None:
    postgres.start(folder, extra=FAST)
    run_sql(folder, "CREATE TABLE people (name text UNIQUE)")
    run_sql(folder, "INSERT INTO people VALUES ('Ms Chen of room 12')")
    with pytest.raises(psycopg.errors.UniqueViolation):
        run_sql(folder, "INSERT INTO people VALUES ('Ms Chen of room 12')")
    run_sql(folder, "DROP TABLE people")
    for _ in range(50):
        if "duplicate key" in (tail := postgres.log_tail(folder, 50)):
            break
        time.sleep(0.1)
    assert "duplicate key" in tail
    assert "Chen" not in tail


def test_settings_of_the_operators_own_win(folder: Path) -> None:
    postgres.stop(folder)
    own = folder / "postgres.conf"
    own.write_text("max_connections = 123\n")
    own.chmod(0o644)
    try:
        postgres.start(folder, extra=FAST)
        assert run_sql(folder, "SHOW max_connections") == [("123",)]
        postgres.stop(folder)
        own.write_text("max_connections = many\n")
        with pytest.raises(
            postgres.DatabaseProblem, match='invalid value for parameter "max_connections": "many"'
        ):
            postgres.start(folder, extra=FAST)
    finally:
        own.unlink()


def test_a_database_of_another_major_version_is_named_with_the_way_out(tmp_path: Path) -> None:
    passable(tmp_path)
    cluster = postgres.cluster_folder(tmp_path)
    cluster.mkdir()
    (cluster / "PG_VERSION").write_text("14\n")
    with pytest.raises(postgres.DatabaseProblem) as caught:
        postgres.start(tmp_path)
    ours = postgres_settings.major_version()
    assert str(caught.value) == (
        f"The database in {cluster} was made by PostgreSQL 14; this version of Rugui brings {ours}. "
        "Write a backup with the version of Rugui that made it (rugui backup FILE), move the folder away, "
        "then run: rugui restore FILE"
    )


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    passable(tmp_path)
    cluster = postgres.cluster_folder(tmp_path)
    cluster.mkdir()
    (cluster / "holiday.jpg").touch()
    with pytest.raises(postgres.DatabaseProblem, match="holds files that are not a database"):
        postgres.start(tmp_path)
    assert [path.name for path in cluster.iterdir()] == ["holiday.jpg"]


def test_a_folder_that_cannot_be_made_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(postgres.DatabaseProblem, match="cannot be made: Not a directory"):
        postgres.start(tmp_path / "file" / "data")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_database_of_another_user_is_named_with_the_way_out(tmp_path: Path) -> None:
    passable(tmp_path)  # first: where the database's user cannot pass, its folder is elsewhere
    cluster = postgres.cluster_folder(tmp_path)
    cluster.mkdir()
    (cluster / "PG_VERSION").write_text(postgres_settings.major_version())
    os.chown(cluster, 65534, -1)
    with pytest.raises(postgres.DatabaseProblem, match=r"belongs to user nobody, not to rugui-db"):
        postgres.start(tmp_path)


def test_a_cluster_killed_while_being_made_is_made_anew(tmp_path: Path) -> None:
    passable(tmp_path)
    half = tmp_path / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text(postgres_settings.major_version())
    try:
        assert postgres.start(tmp_path, extra=FAST) is True
    finally:
        postgres.stop(tmp_path)
    shutil.rmtree(tmp_path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's own folders are closed to the server's user")
def test_roots_private_folder_keeps_its_database_where_the_server_may_enter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "SYSTEM_FOLDER", tmp_path / "system")
    for folder in (tmp_path, *tmp_path.parents[:-2]):
        folder.chmod(0o711)
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    data = private / "data"
    postgres.start(data)
    try:
        cluster = postgres.cluster_folder(data)
        assert cluster.is_relative_to(tmp_path / "system")
        assert (data / "postgres").resolve() == cluster
        assert postgres.running(data)
    finally:
        postgres.stop(data)
    shutil.rmtree(data)
    postgres.start(data)
    postgres.stop(data)
    assert len(list(cluster.parent.parent.iterdir())) == 2, "a thrown-away house must not come back"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's own folders are closed to the server's user")
def test_programs_in_a_private_folder_are_copied_where_the_server_may_run_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "SYSTEM_FOLDER", tmp_path / "system")
    monkeypatch.setattr(postgres, "_passable", lambda folder: False)
    copied = postgres.binaries()
    assert copied.is_relative_to(tmp_path / "system")
    assert subprocess.run([copied / "postgres", "--version"], check=True, capture_output=True).stdout
    assert postgres.binaries() == copied
