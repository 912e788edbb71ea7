"""What can be wrong with an installation, in plain words and with a remedy. `rugui doctor` shows it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import psycopg

from ..config import Config
from . import fingerprint, i18n, postgres
from .database import ROLES, connection_parameters

OLDEST_SERVER = 150_000
LEAST_SPACE, LITTLE_SPACE = 500 * 1024**2, 5 * 1024**3
MOST_SKEW = 2.0
SILENT_AFTER = timedelta(seconds=60)

Connection = psycopg.Connection[tuple[Any, ...]]

BYPASSING = "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s) AND (rolsuper OR rolbypassrls) ORDER BY 1"
UNPROTECTED = """
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
AND (c.relname = 'rugui_organization' OR EXISTS (
    SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped))
AND NOT (c.relrowsecurity AND EXISTS (
    SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'own_organization'))
ORDER BY 1
"""
OWNED = (
    "SELECT c.relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = ANY(%s) LIMIT 1"
)
HEARTBEATS = """
SELECT 'clock', max(at) FROM rugui_heartbeat WHERE kind = 'clock'
UNION ALL SELECT 'worker', max(last_heartbeat) FROM procrastinate_workers
"""
STALLED = """
SELECT count(*) FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < now() - interval '3 minutes')
"""
FAILED = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'"


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `name` stays the same whatever was found, for programs that read the answer."""

    name: str
    level: Level
    text: str
    remedy: str = ""


def examine(config: Config) -> Iterator[Finding]:
    """Looks at everything; what cannot be looked at because of an earlier failure is left out."""
    yield _disk(config)
    yield _secret(config)
    yield _proxies(config)
    yield _translations()
    if config.database_url is None and not postgres.running(config.data_folder):
        yield Finding("database", Level.FAILURE, "The database is not running.", "Start it with: rugui up")
        return
    try:
        with psycopg.connect(
            **connection_parameters(config, "owner"), autocommit=True, connect_timeout=10
        ) as connection:
            yield from _database(connection)
    except psycopg.OperationalError as error:
        remedy = (
            "See `postgres/log` in the data folder." if config.database_url is None else "Check DATABASE_URL."
        )
        yield Finding(
            "database", Level.FAILURE, f"The database cannot be reached: {str(error).strip()}", remedy
        )


def _disk(config: Config) -> Finding:
    folder = next(path for path in [config.data_folder, *config.data_folder.parents] if path.exists())
    free = shutil.disk_usage(folder).free
    text = f"{free / 1024**3:.1f} GB free where the data is ({folder})."
    if free < LEAST_SPACE:
        return Finding("disk", Level.FAILURE, text, "Make room now: a full disk stops the database.")
    if free < LITTLE_SPACE:
        return Finding("disk", Level.WARNING, text, "Make room soon.")
    return Finding("disk", Level.OK, text)


def _secret(config: Config) -> Finding:
    path: Path = config.data_folder / "secret"
    if config.secret_key is None and path.exists() and path.stat().st_mode & 0o077:
        return Finding(
            "secret", Level.FAILURE, f"Others on this computer can read {path}.", f"chmod 600 {path}"
        )
    return Finding("secret", Level.OK, "The signing key is not readable by others.")


def _proxies(config: Config) -> Finding:
    if config.url.startswith("https://") and not config.proxies:
        return Finding(
            "proxies",
            Level.WARNING,
            "Behind a reverse proxy everybody seems to come from its address: one person's wrong passwords shut all out.",
            "Name the proxy: RUGUI_TRUSTED_PROXIES=127.0.0.1",
        )
    if not config.proxies:
        return Finding("proxies", Level.OK, "No reverse proxy is trusted: X-Forwarded-For is not believed.")
    named = ", ".join(str(network) for network in config.proxies)
    return Finding("proxies", Level.OK, f"X-Forwarded-For is believed from {named} only.")


def _translations() -> Finding:
    if outdated := i18n.outdated():
        languages = ", ".join(path.parent.parent.name for path in outdated)
        return Finding(
            "translations",
            Level.WARNING,
            f"Not compiled: {languages}.",
            "Run: python -m rugui.core.i18n compile",
        )
    return Finding("translations", Level.OK, "All translations are compiled.")


def _database(connection: Connection) -> Iterator[Finding]:
    version = connection.info.server_version
    if version < OLDEST_SERVER:
        yield Finding(
            "database",
            Level.FAILURE,
            f"PostgreSQL {version // 10000} is too old.",
            "Use PostgreSQL 15 or newer.",
        )
        return
    yield Finding("database", Level.OK, f"PostgreSQL {version // 10000} answers.")
    yield _skew(connection)
    if not fingerprint.is_current(connection):
        yield Finding(
            "migrations",
            Level.FAILURE,
            "The database does not have the shape this version expects.",
            "Run: rugui migrate",
        )
        return
    yield Finding("migrations", Level.OK, "The database has the shape this version expects.")
    checks: list[Callable[[Connection], Finding]] = [_roles, _policies, _jobs]
    for check in checks:
        yield check(connection)
    yield from _heartbeats(connection)


def _skew(connection: Connection) -> Finding:
    before = time.time()
    row = connection.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchone()
    assert row is not None
    after = time.time()
    skew = max(0.0, before - row[0], row[0] - after)
    if skew > MOST_SKEW:
        text = f"The clocks of this computer and of the database's differ by {skew:.0f} seconds."
        return Finding(
            "time", Level.FAILURE, text, "Set both by a time server (chrony or systemd-timesyncd)."
        )
    return Finding("time", Level.OK, "This computer's clock agrees with the database's.")


def _roles(connection: Connection) -> Finding:
    names = [*ROLES.values(), "rugui_guest", "rugui_own"]
    there = {
        name
        for (name,) in connection.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [names])
    }
    if missing := sorted(set(names) - there):
        return Finding("roles", Level.FAILURE, f"Missing roles: {', '.join(missing)}.", "Run: rugui migrate")
    bypassing = [name for (name,) in connection.execute(BYPASSING, [names])]
    if bypassing or connection.execute(OWNED, [names]).fetchone():
        who = ", ".join(bypassing) or "a role of the program, which owns tables"
        return Finding(
            "roles", Level.FAILURE, f"Row-level security does not bind {who}.",
            "ALTER ROLE … NOSUPERUSER NOBYPASSRLS, and give the tables back to the owner.",
        )  # fmt: skip
    return Finding("roles", Level.OK, "The program's roles cannot see around row-level security.")


def _policies(connection: Connection) -> Finding:
    if unprotected := [name for (name,) in connection.execute(UNPROTECTED)]:
        text = f"Tables that do not keep organizations apart: {', '.join(unprotected)}."
        return Finding("policies", Level.FAILURE, text, "Run: rugui migrate")
    return Finding("policies", Level.OK, "Every table keeps organizations apart.")


def _jobs(connection: Connection) -> Finding:
    stalled, failed = connection.execute(STALLED).fetchone(), connection.execute(FAILED).fetchone()
    assert stalled is not None
    assert failed is not None
    if stalled[0]:
        text = f"{stalled[0]} jobs were begun by workers that have gone."
        return Finding(
            "jobs",
            Level.WARNING,
            text,
            "A running worker takes them up again within two minutes: rugui worker",
        )
    if failed[0]:
        text = f"{failed[0]} jobs have failed for good."
        return Finding("jobs", Level.WARNING, text, "The worker's log says why.")
    return Finding("jobs", Level.OK, "No job is stuck.")


def _heartbeats(connection: Connection) -> Iterator[Finding]:
    consequence = {"clock": "promises do not ring", "worker": "imports and other jobs wait"}
    now = connection.execute("SELECT now()").fetchone()
    assert now is not None
    for kind, last in connection.execute(HEARTBEATS):
        if last is None or now[0] - last > SILENT_AFTER:
            since = "never been heard of" if last is None else f"been silent since {last:%Y-%m-%d %H:%M} UTC"
            text = f"The {kind} has {since}: {consequence[kind]}."
            yield Finding(
                kind, Level.FAILURE, text, f"Start it with: rugui {kind} (rugui up starts everything)"
            )
        else:
            yield Finding(kind, Level.OK, f"The {kind} is at work.")
