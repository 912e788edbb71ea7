"""Bringing the database to the shape that this version of the program expects."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from . import fingerprint, rowsecurity


def is_current() -> bool:
    """Whether every migration has been applied, and row-level security as this version has it. Reads only."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    with connection.cursor() as cursor:
        cursor.execute(fingerprint.READ)
        row = cursor.fetchone()
    return row is not None and row[0] == fingerprint.expected()


def migrate(*, verbosity: int = 0) -> None:
    """Applies what is missing, then roles, rights and policies. Needs the owner role; safe to repeat.

    An advisory lock makes two programs starting at once take turns.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('rugui.migrate'))")
        try:
            call_command("migrate", verbosity=verbosity, interactive=False)
            call_command("createcachetable", verbosity=verbosity)
            rowsecurity.apply(connection)
            cursor.execute(fingerprint.WRITE.format(fingerprint.expected()))
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('rugui.migrate'))")
