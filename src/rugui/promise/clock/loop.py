"""The clock process: sleeps until the next ring or a notification, rings what is due, survives its database.

It keeps nothing in memory that matters, so any number of clocks may run and any may be killed at any time.
"""

from __future__ import annotations

import logging
import logging.config
import os
import select
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from types import FrameType
from typing import Any

import psycopg
from prometheus_client import start_http_server

from ...config import config
from ...core import metrics
from ...core.database import connection_parameters
from ...core.logs import LOGGING
from .ringing import MANY, Claimed, Connection, LeftAlone, next_ring, return_hand_overs, ring_due

log = logging.getLogger("rugui.clock")

LOOK_AGAIN = 1.0
"""Seconds after which the clock looks even if nobody called: a notification may be lost with its connection."""
BREATH = 0.08
"""Seconds between two looks: what falls due meanwhile is rung by one statement instead of one each."""
REST = 0.5
"""While very many ring, it rests for so much of the time that a batch took, unless urgent ones wait: pages go first."""
HEARTBEAT = 5.0
RECONNECT = 0.1
# A look must never hang on somebody's lock or on a dead network, for other promises wait behind it.
PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
SESSION = "SET lock_timeout = '2s'; SET statement_timeout = '15s'; SET jit = off; SET plan_cache_mode = force_generic_plan; LISTEN rugui_clock"


def utc_now() -> datetime:
    return datetime.now(UTC)


class Clock:
    """One clock on one database connection. `run()` until `stop()`."""

    def __init__(self, parameters: dict[str, Any], *, now: Callable[[], datetime] = utc_now) -> None:
        self.name = f"{socket.gethostname()[:60]}-{os.getpid()}"
        self._parameters = {**PATIENCE, **parameters}
        self._now = now
        self._stopping = False
        self._called = False
        self._working = True
        self._wake, self._waker = os.pipe()
        os.set_blocking(self._waker, False)
        self._left_alone = LeftAlone()
        self._last_beat = float("-inf")
        self._tally = {"warn": 0, "due": 0, "rise": 0, "worst_late_ms": 0}

    def stop(self) -> None:
        """Ends `run()` after the statement at hand. May be called from a signal handler or another thread."""
        self._stopping = True
        with suppress(BlockingIOError):  # the pipe is full: it is awake already
            os.write(self._waker, b".")

    def run(self) -> None:
        log.info("clock.started", extra={"clock": self.name})
        while not self._stopping:
            try:
                with psycopg.connect(**self._parameters, autocommit=True) as connection:
                    connection.add_notify_handler(self._on_notification)
                    connection.execute(SESSION)
                    self._work(connection)
            except psycopg.Error as error:
                self._trouble(error)
                self._sleep(RECONNECT)
        log.info("clock.stopped", extra={"clock": self.name})

    def _trouble(self, error: psycopg.Error) -> None:
        """Says once what is wrong, not ten times a second until somebody has put it right."""
        if self._working:
            log.error(
                "clock.cannot_work",
                extra={"clock": self.name, "sqlstate": error.sqlstate, "kind": type(error).__name__},
            )
        self._working = False

    def _at_work(self) -> None:
        if not self._working:
            log.info("clock.works_again", extra={"clock": self.name})
        self._working = True

    def _work(self, connection: Connection) -> None:
        while not self._stopping:
            looked_at = time.monotonic()
            self._called = False
            now = self._now()
            claimed = ring_due(connection, now, self._left_alone)
            return_hand_overs(connection, now)  # minutes long, so to the second is near enough
            self._count(claimed)
            self._at_work()
            self._beat(connection, now)
            if len(claimed) >= MANY:
                if not any(one.urgent for one in claimed):
                    self._sleep((time.monotonic() - looked_at) * REST)
                continue
            next_at = next_ring(connection, self._left_alone.at(now))
            wait = LOOK_AGAIN if next_at is None else (next_at - self._now()).total_seconds()
            self._wait(connection, min(wait, LOOK_AGAIN))
            self._sleep(looked_at + BREATH - time.monotonic())
        connection.execute("DELETE FROM rugui_heartbeat WHERE name = %s", [self.name])

    def _wait(self, connection: Connection, seconds: float) -> None:
        """Until the time is over, somebody calls, or we are to stop. Raises when the database is gone."""
        if self._called or seconds <= 0:
            return
        ready, _, _ = select.select([connection.fileno(), self._wake], [], [], seconds)
        if connection.fileno() in ready:
            connection.pgconn.consume_input()
            while connection.pgconn.notifies():
                self._called = True

    def _sleep(self, seconds: float) -> None:
        if seconds > 0 and not self._stopping:
            select.select([self._wake], [], [], seconds)

    def _on_notification(self, _: psycopg.Notify) -> None:
        self._called = True

    def _count(self, claimed: list[Claimed]) -> None:
        done_at = self._now()
        for one in claimed:
            if one.ring is None or one.moment is None:
                continue
            late = (done_at - one.moment).total_seconds()
            metrics.rings.labels(one.ring).inc()
            metrics.ring_lateness.observe(late)
            self._tally[one.ring] += 1
            self._tally["worst_late_ms"] = max(self._tally["worst_late_ms"], round(late * 1000))

    def _beat(self, connection: Connection, now: datetime) -> None:
        """Every few seconds: a sign of life for health and doctor, and a log line if anything rang."""
        if time.monotonic() - self._last_beat < HEARTBEAT:
            return
        self._last_beat = time.monotonic()
        connection.execute(
            "INSERT INTO rugui_heartbeat (name, kind, at) VALUES (%s, 'clock', %s)"
            " ON CONFLICT (name) DO UPDATE SET at = excluded.at",
            [self.name, now],
        )
        connection.execute(
            "DELETE FROM rugui_heartbeat WHERE kind = 'clock' AND at < %s - interval '1 hour'", [now]
        )
        if any(self._tally.values()):
            log.info("clock.rang", extra={"clock": self.name, **self._tally})
            self._tally = dict.fromkeys(self._tally, 0)


def main(metrics_port: int = 0) -> None:
    """Runs a clock until SIGTERM or SIGINT. With a port, its Prometheus metrics are served on localhost."""
    logging.config.dictConfig(LOGGING)
    clock = Clock(connection_parameters(config(), "clock"))

    def stop(_signal: int, _frame: FrameType | None) -> None:
        clock.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if metrics_port:
        start_http_server(metrics_port, addr="127.0.0.1")
    clock.run()
