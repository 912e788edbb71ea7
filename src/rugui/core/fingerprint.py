"""Whether the database has the shape that this program expects, asked without loading Django.

`schema.migrate()` leaves a fingerprint of the migrations and of the row-level security it applied, as a
comment on a table. A start that finds the same fingerprint has nothing to do.
"""

from __future__ import annotations

from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import psycopg

PACKAGE = Path(__file__).parent.parent
MIGRATED_PACKAGES = ("django", "django-allauth", "procrastinate")
"""Other people's packages that bring migrations of their own."""

READ = "SELECT obj_description(to_regclass('rugui_installation'), 'pg_class')"
WRITE = "COMMENT ON TABLE rugui_installation IS '{}'"


def expected() -> str:
    """The fingerprint of what this program would apply."""
    digest = sha256()
    for name in MIGRATED_PACKAGES:
        digest.update(f"{name} {version(name)}\n".encode())
    for path in sorted(
        [
            *(PACKAGE / "migrations").glob("*.py"),
            PACKAGE / "core" / "references.py",
            PACKAGE / "core" / "rowsecurity.py",
            PACKAGE / "core" / "enter.sql",
            PACKAGE / "core" / "ledger.sql",
            PACKAGE / "core" / "cases.sql",
            PACKAGE / "core" / "sheets.sql",
        ]
    ):
        digest.update(path.name.encode() + b"\n" + path.read_bytes())
    return f"schema {digest.hexdigest()}"


def is_current(connection: psycopg.Connection[tuple[object, ...]]) -> bool:
    """Whether the database carries this program's fingerprint."""
    row = connection.execute(READ).fetchone()
    return row is not None and row[0] == expected()
