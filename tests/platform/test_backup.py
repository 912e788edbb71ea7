"""A backup brings everything back, and only everything."""

from __future__ import annotations

import json
import tarfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from rugui.config import Config
from rugui.core import backup, restore
from rugui.core.database import connection_parameters

from .installations import installation

NOW = datetime(2026, 9, 3, 12, 0, tzinfo=UTC)
FAR_AHEAD = 2**50
"""A transaction number that this server will not reach."""

SOMEBODY = """
INSERT INTO rugui_user (id, password, is_superuser, email, language, is_active)
VALUES (1, 'x', false, 'alice@lake.example', 'zh-hant', true);
INSERT INTO rugui_organization (id, name, trade, customer_word, currency, language)
VALUES (1, 'Lake House · 湖畔', 'hotel', 'guest', 'TWD', 'zh-hant');
INSERT INTO rugui_customer (organization_id, address_as, language, name, external_id, created_at)
SELECT 1, '', '', 'Guest ' || n || E' \\\\ ''quoted''\\n\\tand more 客', CASE WHEN n % 2 = 0 THEN 'x' || n END, now()
FROM generate_series(1, 500) AS n;
"""


def run_sql(config: Config, text: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(**connection_parameters(config, "owner"), autocommit=True) as connection:
        cursor = connection.execute(text)
        return cursor.fetchall() if cursor.description else []


def fingerprints(config: Config) -> dict[str, dict[str, Any]]:
    with psycopg.connect(**connection_parameters(config, "owner"), autocommit=True) as connection:
        return backup.fingerprints(connection)


@pytest.fixture
def house(database_folder: Path, tmp_path: Path, worker_id: str) -> Config:
    """An installation with somebody and something in it."""
    config = installation(database_folder, f"house_{worker_id}", tmp_path / "house")
    run_sql(config, SOMEBODY)
    run_sql(
        config,
        "INSERT INTO rugui_journalentry (organization_id, at, transaction, kind, who, payload, version) VALUES"
        f" (1, now(), {FAR_AHEAD}, 'note.made', 'system', '{{}}', 1), (1, now(), 7, 'note.made', 'system', '{{}}', 1)",
    )
    assert config.secret
    (config.data_folder / "files" / "photos").mkdir(parents=True)
    (config.data_folder / "files" / "photos" / "門口.jpg").write_bytes(b"\xff\xd8 a door")
    return config


@pytest.fixture
def elsewhere(database_folder: Path, tmp_path: Path, worker_id: str) -> Config:
    """A fresh installation."""
    return installation(database_folder, f"elsewhere_{worker_id}", tmp_path / "elsewhere")


@pytest.fixture
def file(house: Config, tmp_path: Path) -> Path:
    backup.write(house, tmp_path / "house.backup", now=NOW)
    return tmp_path / "house.backup"


def test_everything_comes_back_as_it_was(house: Config, elsewhere: Config, file: Path) -> None:
    before = fingerprints(house)
    restore.restore(elsewhere, file, replace=False)
    assert fingerprints(elsewhere) == before
    assert before["rugui_customer"]["rows"] == 500
    assert elsewhere.secret == house.secret
    assert (elsewhere.data_folder / "secret").stat().st_mode & 0o777 == 0o600
    assert (elsewhere.data_folder / "files" / "photos" / "門口.jpg").read_bytes() == b"\xff\xd8 a door"


def test_only_its_owner_can_read_a_backup(file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600


def test_it_says_what_it_wrote(house: Config, tmp_path: Path) -> None:
    written = backup.write(house, tmp_path / "said.backup", now=NOW)
    expected = fingerprints(house)
    assert written.tables == len(expected)
    assert written.rows == sum(table["rows"] for table in expected.values())
    assert written.size == (tmp_path / "said.backup").stat().st_size


def test_it_never_writes_over_another_file(house: Config, file: Path) -> None:
    with pytest.raises(backup.BackupProblem, match="exists already"):
        backup.write(house, file, now=NOW)


def test_journal_entries_from_another_servers_future_are_settled(elsewhere: Config, file: Path) -> None:
    restore.restore(elsewhere, file, replace=False)
    found = run_sql(elsewhere, "SELECT transaction FROM rugui_journalentry ORDER BY id")
    assert found == [(0,), (7,)]


def test_the_restored_journal_is_append_only_and_numbers_its_transactions_again(
    elsewhere: Config, file: Path
) -> None:
    restore.restore(elsewhere, file, replace=False)
    with pytest.raises(psycopg.DatabaseError, match="append-only"):
        run_sql(elsewhere, "UPDATE rugui_journalentry SET kind = 'x'")
    found = run_sql(
        elsewhere,
        "INSERT INTO rugui_journalentry (organization_id, at, kind, who, payload, version)"
        " VALUES (1, now(), 'note.made', 'system', '{}', 1)"
        " RETURNING transaction = pg_current_xact_id()::text::bigint",
    )
    assert found == [(True,)]


def test_an_installation_with_somebody_in_it_is_not_overwritten_unasked(
    elsewhere: Config, file: Path
) -> None:
    run_sql(elsewhere, SOMEBODY.replace("alice@lake", "mallory@other"))
    before = fingerprints(elsewhere)
    with pytest.raises(backup.BackupProblem, match=r"is not empty\. To lose what is in it, say --replace"):
        restore.restore(elsewhere, file, replace=False)
    assert fingerprints(elsewhere) == before
    restore.restore(elsewhere, file, replace=True)
    assert run_sql(elsewhere, "SELECT email FROM rugui_user") == [("alice@lake.example",)]


def test_a_running_program_is_not_pulled_the_rug_from(elsewhere: Config, file: Path) -> None:
    with (
        psycopg.connect(**connection_parameters(elsewhere, "app")),
        pytest.raises(backup.BackupProblem, match="is using this database"),
    ):
        restore.restore(elsewhere, file, replace=False)


def rewritten(
    file: Path, change: dict[str, Any] | None = None, *, part: str = "", content: bytes | None = None
) -> Path:
    """A copy of a backup with another manifest, or with one part's content replaced (None: left out)."""
    copy = file.with_suffix(".changed")
    with tarfile.open(file) as old, tarfile.open(copy, "w") as new:
        for member in old:
            source = old.extractfile(member)
            assert source is not None
            data = source.read()
            if member.name == "manifest.json":
                data = json.dumps({**json.loads(data), **(change or {})}).encode()
            if member.name == part:
                if content is None:
                    continue
                data = content
            path = file.with_suffix(".part")
            path.write_bytes(data)
            new.add(path, arcname=member.name)
    return copy


def test_a_table_that_differs_from_the_manifest_leaves_everything_as_it_was(
    elsewhere: Config, file: Path
) -> None:
    with tarfile.open(file) as tar:
        manifest = json.load(tar.extractfile("manifest.json"))  # type: ignore[arg-type]
    manifest["tables"]["rugui_customer"]["hash"] = "1"
    before = fingerprints(elsewhere)
    with pytest.raises(backup.BackupProblem, match="Table rugui_customer is not what the backup says"):
        restore.restore(elsewhere, rewritten(file, manifest), replace=False)
    assert fingerprints(elsewhere) == before
    assert not (elsewhere.data_folder / "files").exists()


@pytest.mark.parametrize(
    ("part", "content", "message"),
    [
        ("secret", b"another", "damaged: secret is not as it was written"),
        ("secret", None, "not whole: secret is missing"),
        ("database.dump", b"PGDMP", "damaged: database.dump"),
    ],
)
def test_a_damaged_backup_is_refused(
    elsewhere: Config, file: Path, part: str, content: bytes | None, message: str
) -> None:
    before = fingerprints(elsewhere)
    with pytest.raises(backup.BackupProblem, match=message):
        restore.restore(elsewhere, rewritten(file, part=part, content=content), replace=False)
    assert fingerprints(elsewhere) == before


def test_a_backup_of_a_newer_version_is_refused(elsewhere: Config, file: Path) -> None:
    newer = rewritten(file, {"migrations": ["0001_house", "9999_tomorrow"], "program": "9.0"})
    with pytest.raises(
        backup.BackupProblem, match=r"made by a newer version of Rugui \(9.0; it has 9999_tomorrow\)"
    ):
        restore.restore(elsewhere, newer, replace=False)


def test_a_backup_of_another_format_is_refused(elsewhere: Config, file: Path) -> None:
    with pytest.raises(backup.BackupProblem, match="has format 2; this version of Rugui reads format 1"):
        restore.restore(elsewhere, rewritten(file, {"format": 2}), replace=False)


@pytest.mark.parametrize("content", [b"", b"not a backup at all" * 100])
def test_any_other_file_is_refused(elsewhere: Config, tmp_path: Path, content: bytes) -> None:
    other = tmp_path / "other"
    other.write_bytes(content)
    with pytest.raises(backup.BackupProblem, match=r"not a (whole )?backup of Rugui"):
        restore.restore(elsewhere, other, replace=False)
