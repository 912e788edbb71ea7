"""Databases of installations, each a copy of the run's migrated template, for tests of what the owner does."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr

from rugui.config import Config
from rugui.core import postgres

from .. import database


def installation(server: Path, name: str, data_folder: Path) -> Config:
    """The configuration of a fresh, migrated, empty installation on the run's own server."""
    database.copy_of_template(server, name)
    host = postgres.socket_folder(server)
    url = f"postgresql:///{name}?host={host}&port={postgres.PORT}&user={postgres.OWNER}"
    data_folder.mkdir(exist_ok=True)
    return Config(DATABASE_URL=SecretStr(url), data_folder=data_folder)  # type: ignore[call-arg]


def passable(folder: Path) -> Path:
    """Lets the server's own user through to a temporary folder, which pytest keeps to ourselves."""
    for parent in [folder, *folder.parents]:
        if not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o011)
    return folder
