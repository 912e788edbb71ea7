"""The tests' own embedded PostgreSQL: one server a run, one migrated template, one copy a test process.

`migrated_server()` may be called from any number of processes; the first makes the server, the last user
is the run itself, which stops it. Durability is off, because nothing here needs to outlive the run.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import psycopg

from rugui.core import postgres

TEMPLATE = "rugui_template"
FAST = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=200"


def migrated_server(folder: Path) -> None:
    """Starts the server in `folder` and makes the migrated template database, once."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / "ready").exists():
            return
        postgres.start(folder, extra=FAST)
        environment = {
            **os.environ,
            "RUGUI_DATA_FOLDER": str(folder),
            "RUGUI_DATABASE_ROLE": "owner",
            "DJANGO_SETTINGS_MODULE": "rugui.settings",
        }
        environment.pop("DATABASE_URL", None)
        script = "import django; django.setup(); from rugui.core import schema; schema.migrate()"
        subprocess.run([sys.executable, "-c", script], env=environment, check=True)
        with owner(folder, "postgres") as connection:
            connection.execute(f"ALTER DATABASE {postgres.DATABASE} RENAME TO {TEMPLATE}")
        (folder / "ready").touch()


def owner(folder: Path, database: str) -> psycopg.Connection[tuple[object, ...]]:
    """A connection as the owner, for what only an owner may do."""
    return psycopg.connect(
        host=str(postgres.socket_folder(folder)),
        port=postgres.PORT,
        user=postgres.OWNER,
        dbname=database,
        autocommit=True,
    )


def copy_of_template(folder: Path, name: str) -> str:
    """A fresh database made from the template."""
    with owner(folder, "postgres") as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    return name
