"""Where the database is and as whom a process talks to it.

Four roles (made by core/rowsecurity.py): `rugui_app` for web, API, jobs and commands, `rugui_clock` for
the clock, `rugui_live` for the live stream, and the owner for migrations, backup and restore. Only the
owner is not bound by row-level security.
The embedded server lets its one operating-system user log in as each role; a server of one's own
is entered with the given login, which then acts as the role.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from ..config import Config
from .postgres import DATABASE, OWNER, PORT, socket_folder

PREPARED_AFTER = 2
"""How often a connection asks the same of the server before that prepares it. Only statements whose values travel beside
them are ever the same; those are the ones of core/ready.py."""

ROLES = {"app": "rugui_app", "clock": "rugui_clock", "live": "rugui_live"}


def connection_parameters(config: Config, role: str | None = None) -> dict[str, Any]:
    """libpq keyword parameters for this installation's database, acting as `role` (default: the process's)."""
    role = role or config.database_role
    if config.database_url is None:
        return {
            "host": str(socket_folder(config.data_folder)),
            "port": PORT,
            "dbname": DATABASE,
            "user": ROLES.get(role, OWNER),
            "application_name": f"rugui-{role}",
        }
    url = urlsplit(config.database_url.get_secret_value())
    parameters: dict[str, Any] = {
        "host": unquote(url.hostname or ""),
        "port": url.port or 5432,
        "dbname": unquote(url.path.lstrip("/")),
        "user": unquote(url.username or ""),
        "password": unquote(url.password or ""),
        "application_name": f"rugui-{role}",
        **dict(parse_qsl(url.query)),
    }
    if role in ROLES:
        parameters["options"] = f"-c role={ROLES[role]}"
    return {name: value for name, value in parameters.items() if value != ""}


def django_database(config: Config) -> dict[str, Any]:
    """The `DATABASES["default"]` entry."""
    parameters = connection_parameters(config)
    return {
        "ENGINE": "rugui.core.engine",
        "NAME": parameters.pop("dbname"),
        "USER": parameters.pop("user", ""),
        "PASSWORD": parameters.pop("password", ""),
        "HOST": parameters.pop("host", ""),
        "PORT": parameters.pop("port", ""),
        "OPTIONS": parameters | {"prepare_threshold": PREPARED_AFTER},
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": False,
    }
