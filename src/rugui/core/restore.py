"""Filling an installation from a backup: checked before, checked after, all or nothing.

The database is filled in one transaction that also compares every table with what the backup says it held;
any difference rolls everything back. Nothing can be lost by trying.

The journal's transaction numbers belong to the server that wrote them. In another one they could lie ahead of
its own, and live streams would take old entries for new. Those are set to 0, "settled long ago", by rewriting the
column: the one change that the append-only journal ever sees, made by the owner and by no statement that a
trigger could be asked about.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import IO, Any

import psycopg
from psycopg import sql

from ..config import Config
from . import postgres
from .backup import (
    DUMP,
    FILES,
    FORMAT,
    MANIFEST,
    ONE_WAY_TO_WRITE,
    SECRET,
    BackupProblem,
    connection_string,
)
from .database import connection_parameters
from .rowsecurity import ROLES

EMPTY_SCHEMA = """
DROP SCHEMA public CASCADE;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
COMMENT ON SCHEMA public IS 'standard public schema';
"""

SETTLED = """
ALTER TABLE public.rugui_journalentry ALTER COLUMN transaction TYPE bigint
    USING CASE WHEN transaction >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint THEN 0 ELSE transaction END;
"""

COMPARE = """
DO $rugui$
DECLARE expected record; columns text; rows bigint; hash text;
BEGIN
    FOR expected IN SELECT * FROM json_to_recordset({expected}) AS one(name text, rows bigint, hash text) LOOP
        SELECT string_agg(quote_ident(attname), ', ' ORDER BY attname) INTO columns FROM pg_attribute
        WHERE attrelid = to_regclass('public.' || quote_ident(expected.name)) AND attnum > 0 AND NOT attisdropped
        AND attgenerated = '' AND NOT (expected.name = 'rugui_journalentry' AND attname = 'transaction');
        EXECUTE format('SELECT count(*), coalesce(sum(hashtextextended(ROW(%s)::text, 0)::numeric), 0)::text FROM public.%I',
                       columns, expected.name) INTO rows, hash;
        IF rows <> expected.rows OR hash <> expected.hash THEN
            RAISE EXCEPTION 'Table % is not what the backup says: % rows instead of %, or other contents.',
                expected.name, rows, expected.rows;
        END IF;
    END LOOP;
END $rugui$;
"""

NOT_FOR_OLDER_SERVERS = {"SET transaction_timeout = 0;\n"}
MADE_ALREADY = {"CREATE SCHEMA public;\n", "COMMENT ON SCHEMA public IS 'standard public schema';\n"}


def restore(config: Config, path: Path, *, replace: bool) -> dict[str, Any]:
    """Fills the database and the data folder from `path`; returns the backup's manifest.

    Refuses an installation that has anybody or anything in it, unless `replace`. Rights and row-level security
    are not part of a backup: `schema.migrate()` must follow.
    """
    try:
        with (
            tarfile.open(path) as tar,
            tempfile.TemporaryDirectory(prefix=".restore-", dir=config.data_folder) as work,
        ):
            manifest = _manifest(tar)
            _check_target(config, replace)
            parts = Path(work)
            _unpack(tar, manifest, parts)
            _fill_database(config, parts / DUMP, manifest)
            _put_files(config, parts)
    except tarfile.TarError as error:
        raise BackupProblem(f"{path} is not a whole backup of Rugui: {error}.") from error
    except OSError as error:
        raise BackupProblem(f"{path} could not be restored: {error.strerror or error}.") from error
    return manifest


def _manifest(tar: tarfile.TarFile) -> dict[str, Any]:
    first = tar.next()
    content = tar.extractfile(first) if first is not None and first.name == MANIFEST else None
    if content is None:
        raise BackupProblem("This is not a backup of Rugui: it does not begin with a manifest.")
    manifest: dict[str, Any] = json.load(content)
    if manifest["format"] != FORMAT:
        raise BackupProblem(
            f"This backup has format {manifest['format']}; this version of Rugui reads format {FORMAT}."
        )
    known = {file.stem for file in (Path(__file__).parent.parent / "migrations").glob("0*.py")}
    if newer := sorted(set(manifest["migrations"]) - known):
        raise BackupProblem(
            f"This backup was made by a newer version of Rugui ({manifest['program']}; it has {newer[0]}). "
            "Install that version first."
        )
    return manifest


def _check_target(config: Config, replace: bool) -> None:
    with psycopg.connect(**connection_parameters(config, "owner")) as connection:
        others = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND application_name LIKE 'rugui-%'"
        ).fetchone()
        if others != (0,):
            raise BackupProblem("Rugui is using this database. Stop it first.")
        there = connection.execute("SELECT to_regclass('public.rugui_user') IS NOT NULL").fetchone()
        if there == (True,) and not replace:
            used = connection.execute(
                "SELECT EXISTS (SELECT FROM rugui_user) OR EXISTS (SELECT FROM rugui_organization)"
            ).fetchone()
            if used == (True,):
                raise BackupProblem("This installation is not empty. To lose what is in it, say --replace.")


def _unpack(tar: tarfile.TarFile, manifest: dict[str, Any], parts: Path) -> None:
    """Takes out what the manifest names, nothing else and nowhere else, and compares the hashes."""
    wanted = dict(manifest["parts"])
    for member in tar.getmembers()[1:]:  # after the manifest
        if member.name not in wanted:
            raise BackupProblem(f"The backup has a part that its manifest does not name: {member.name}")
        inside = PurePosixPath(member.name)
        content = tar.extractfile(member)
        if content is None or inside.is_absolute() or ".." in inside.parts:
            raise BackupProblem(f"The backup has a part that is no plain file: {member.name}")
        target = parts / inside
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with target.open("wb") as file:
            shutil.copyfileobj(content, file, 1 << 20)
        with target.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != wanted.pop(member.name):
                raise BackupProblem(f"The backup is damaged: {member.name} is not as it was written.")
    if wanted:
        raise BackupProblem(f"The backup is not whole: {', '.join(sorted(wanted))} is missing.")


def _fill_database(config: Config, dump: Path, manifest: dict[str, Any]) -> None:
    where, environment = connection_string(config)
    psql = [
        str(postgres.binaries() / "psql"),
        "-X",
        "-q",
        "-v",
        "ON_ERROR_STOP=1",
        f"--dbname={where}",
        "--file=-",
    ]
    with tempfile.TemporaryFile("w+b") as errors:
        # A pipe that breaks means that psql has stopped at an error, which it tells below.
        with (
            suppress(BrokenPipeError),
            subprocess.Popen(
                psql, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=errors
            ) as filling,
        ):
            assert filling.stdin is not None
            _say_everything(filling.stdin, dump, manifest)
        if filling.returncode != 0:
            errors.seek(0)
            text = errors.read().decode(errors="replace").strip()
            raise BackupProblem(
                f"The database was left as it was, because filling it failed:\n{text[-2000:]}"
            )


def _say_everything(script: IO[bytes], dump: Path, manifest: dict[str, Any]) -> None:
    expected = [{"name": name, **table} for name, table in manifest["tables"].items()]
    script.write(b"SET client_min_messages = warning;\nBEGIN;\n" + ROLES.encode() + EMPTY_SCHEMA.encode())
    for section in ("pre-data", "data"):
        _say_section(script, dump, section)
    script.write(SETTLED.encode())
    _say_section(script, dump, "post-data")
    compare = COMPARE.replace("{expected}", sql.Literal(json.dumps(expected)).as_string())
    script.write(f"\n{ONE_WAY_TO_WRITE};\n{compare}\nCOMMIT;\nANALYZE;\n".encode())


def _say_section(script: IO[bytes], dump: Path, section: str) -> None:
    command = [
        str(postgres.binaries() / "pg_restore"), f"--section={section}", "--no-owner", "--no-privileges",
        "--file=-", str(dump),
    ]  # fmt: skip
    left_out = {line.encode() for line in NOT_FOR_OLDER_SERVERS | MADE_ALREADY}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reading:
        assert reading.stdout is not None
        assert reading.stderr is not None
        for line in reading.stdout:
            if line not in left_out:
                script.write(line)
            if line.startswith(b"COPY "):
                break  # from here on it is data, which nobody may change
        shutil.copyfileobj(reading.stdout, script, 1 << 20)
        text = reading.stderr.read().decode(errors="replace")
    if reading.returncode != 0:
        raise BackupProblem(f"The backup's database cannot be read: {text.strip()}")


def _put_files(config: Config, parts: Path) -> None:
    """The database is in place; the rest are renames."""
    uploads = config.data_folder / FILES
    shutil.rmtree(uploads, ignore_errors=True)
    if (parts / FILES).exists():
        (parts / FILES).rename(uploads)
    if (parts / SECRET).exists():
        (parts / SECRET).chmod(0o600)
        os.replace(parts / SECRET, config.data_folder / SECRET)  # noqa: PTH105  over what is there
