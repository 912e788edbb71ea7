"""How the installation is: for load balancers, for monitoring and for `rugui doctor`. No personal data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, connection

SILENT_AFTER = timedelta(seconds=60)
"""A clock or worker that has not been heard of for this long counts as gone."""

HEARTBEATS = """
SELECT kind, max(at) FROM rugui_heartbeat GROUP BY kind
UNION ALL
SELECT 'worker', max(last_heartbeat) FROM procrastinate_workers HAVING max(last_heartbeat) IS NOT NULL
"""
JOBS = "SELECT status::text, count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1"


@dataclass(frozen=True, slots=True)
class Health:
    """`heard` says when each kind of process (clock, worker, live) last gave a sign of life."""

    at: datetime
    database: bool
    heard: dict[str, datetime]

    def hears(self, kind: str) -> bool:
        last = self.heard.get(kind)
        return last is not None and self.at - last < SILENT_AFTER

    @property
    def well(self) -> bool:
        """Pages are answered, promises ring, and jobs get done."""
        return self.database and self.hears("clock") and self.hears("worker")

    def age(self, kind: str) -> float | None:
        """Seconds since the last sign of life."""
        last = self.heard.get(kind)
        return None if last is None else max(0.0, (self.at - last).total_seconds())

    def summary(self) -> dict[str, str]:
        """One word for each part, as `/health` answers it."""
        if not self.database:
            return {"status": "down", "database": "unreachable"}
        parts = {kind: "ok" if self.hears(kind) else "silent" for kind in ("clock", "worker")}
        return {"status": "ok" if self.well else "impaired", "database": "ok", **parts}


def look(now: datetime) -> Health:
    """Asks the database for every sign of life; one query."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(HEARTBEATS)
            return Health(now, True, dict(cursor.fetchall()))
    except DatabaseError:
        connection.close()
        return Health(now, False, {})


def jobs() -> dict[str, int]:
    """How many jobs wait, run and have failed for good."""
    with connection.cursor() as cursor:
        cursor.execute(JOBS)
        return {"todo": 0, "doing": 0, "failed": 0} | dict(cursor.fetchall())
