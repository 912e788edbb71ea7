"""Writing a whole installation into one file, from a running system, as it was at one moment.

The file is a tar archive: `manifest.json`, `database.dump` (PostgreSQL's custom format), `secret` and `files/`.
The manifest holds the number of rows and a hash of every table, taken in the same snapshot as the dump, and the
hash of every other part; `restore.py` compares them all. Whoever has the file has everything: keep it safe.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import tarfile
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from ..config import Config
from . import postgres
from .database import connection_parameters

FORMAT = 1
MANIFEST, DUMP, SECRET, FILES = "manifest.json", "database.dump", "secret", "files"

ONE_WAY_TO_WRITE = (
    "SET timezone = 'UTC'; SET datestyle = 'ISO'; SET extra_float_digits = 1; SET bytea_output = 'hex'"
)
"""Rows are hashed as text; these settings decide how values are written."""

NOT_COMPARED = {("rugui_journalentry", "transaction")}
"""Numbers of transactions mean nothing in another server, and restoring sets them anew."""

Connection = psycopg.Connection[tuple[Any, ...]]


class BackupProblem(Exception):
    """A backup could not be written or restored; the text says why, for the person who runs it."""


@dataclass(frozen=True, slots=True)
class Written:
    path: Path
    tables: int
    rows: int
    size: int


def write(config: Config, path: Path, *, now: datetime) -> Written:
    """Writes everything into a new file at `path`, readable by its owner only. Whole or not at all."""
    if path.exists():
        raise BackupProblem(f"{path} exists already; a backup is never written over another file.")
    try:
        with tempfile.TemporaryDirectory(prefix=".rugui-backup-", dir=path.parent) as work:
            dump, archive = Path(work) / DUMP, Path(work) / "archive"
            manifest = {
                "format": FORMAT,
                "program": version("rugui"),
                "at": now.isoformat(),
                **_dump(config, dump),
                "parts": {},
            }
            _pack(config, archive, dump, manifest)
            archive.rename(path)
    except OSError as error:
        raise BackupProblem(f"The backup could not be written: {error.strerror or error}.") from error
    tables = manifest["tables"].values()
    return Written(path, len(tables), sum(table["rows"] for table in tables), path.stat().st_size)


def connection_string(config: Config) -> tuple[str, dict[str, str]]:
    """How PostgreSQL's own programs are told where the database is; the password goes by the environment."""
    parameters = connection_parameters(config, "owner")
    password = parameters.pop("password", None)
    return make_conninfo(**parameters), {**os.environ, **({"PGPASSWORD": password} if password else {})}


def tables(connection: Connection) -> list[str]:
    return [
        row[0]
        for row in connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1"
        )
    ]


def fingerprint_query(connection: Connection, table: str) -> sql.Composed:
    """A query for (rows, hash) of a table. The hash is a sum, so the order of rows does not matter."""
    columns = [
        sql.Identifier(row[0])
        for row in connection.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0"
            " AND NOT attisdropped AND attgenerated = '' ORDER BY attname",
            [f"public.{table}"],
        )
        if (table, row[0]) not in NOT_COMPARED
    ]
    return sql.SQL(
        "SELECT count(*), coalesce(sum(hashtextextended(ROW({})::text, 0)::numeric), 0)::text FROM {}"
    ).format(sql.SQL(", ").join(columns), sql.Identifier("public", table))


def fingerprints(connection: Connection) -> dict[str, dict[str, Any]]:
    """Rows and hash of every table."""
    connection.execute(ONE_WAY_TO_WRITE)
    found = {}
    for table in tables(connection):
        row = connection.execute(fingerprint_query(connection, table)).fetchone()
        assert row is not None
        found[table] = {"rows": row[0], "hash": row[1]}
    return found


def _dump(config: Config, target: Path) -> dict[str, Any]:
    """Dumps the database, and meanwhile counts and hashes its tables in the same snapshot."""
    where, environment = connection_string(config)
    with psycopg.connect(**connection_parameters(config, "owner")) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert snapshot is not None
        command = [
            str(postgres.binaries() / "pg_dump"),
            f"--dbname={where}",
            "--format=custom",
            "--compress=gzip:3",
            "--no-owner",
            "--no-privileges",
            "--schema=public",
            f"--snapshot={snapshot[0]}",
            f"--file={target}",
        ]
        with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as dumping:
            found = fingerprints(connection)
            migrations = connection.execute(
                "SELECT name FROM django_migrations WHERE app = 'rugui' ORDER BY 1"
            ).fetchall()
            _, errors = dumping.communicate()
        if dumping.returncode != 0:
            raise BackupProblem(f"The database could not be dumped: {errors.strip()}")
        return {
            "server": connection.info.server_version,
            "migrations": [name for (name,) in migrations],
            "tables": found,
        }


def _pack(config: Config, archive: Path, dump: Path, manifest: dict[str, Any]) -> None:
    """The manifest comes first, so that restoring can refuse before it has read the rest."""
    parts = {DUMP: dump}
    if (secret := config.data_folder / SECRET).exists():
        parts[SECRET] = secret
    uploads = config.data_folder / FILES
    for path in sorted(uploads.rglob("*")):
        if path.is_file() and not path.is_symlink():
            parts[f"{FILES}/{path.relative_to(uploads).as_posix()}"] = path
    for name, path in parts.items():
        with path.open("rb") as part:
            manifest["parts"][name] = hashlib.file_digest(part, "sha256").hexdigest()
    descriptor = os.open(archive, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with (
        os.fdopen(descriptor, "wb") as file,
        tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        text = json.dumps(manifest, indent=1).encode()
        first = tarfile.TarInfo(MANIFEST)
        first.size, first.mode, first.mtime = len(text), 0o600, int(time.time())
        tar.addfile(first, io.BytesIO(text))
        for name, path in parts.items():
            tar.add(path, arcname=name, recursive=False)
        file.flush()
        os.fsync(file.fileno())
