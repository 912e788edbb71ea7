"""The live process's two database connections: one hears that something was journalled, one reads what."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg import AsyncConnection

from ..config import Config
from ..core.database import connection_parameters
from ..core.ids import IdCipher
from . import tail
from .hub import Hub

log = logging.getLogger("rugui.live")

PAUSE = 0.02
"""At most one read in this time: a burst of commits is read together."""

ANYWAY = 5.0
"""Read without being told to after this long; a notification can be lost with its connection."""

PATIENCE = 10.0
"""Without a read for this long, the process is not healthy."""


class Follower:
    """Keeps `hub` told of the journal, through any number of database deaths."""

    def __init__(self, hub: Hub, config: Config) -> None:
        self._hub = hub
        self._parameters: dict[str, Any] = {
            **connection_parameters(config, "live"),
            "connect_timeout": 5,
            "keepalives_idle": 10,
            "autocommit": True,
            "prepare_threshold": None,
        }
        self._name = f"live-{socket.gethostname()}-{os.getpid()}"
        self._heard = asyncio.Event()
        self._last: tail.Snapshot | None = None
        self._last_read = float("-inf")

    def healthy(self) -> bool:
        return time.monotonic() - self._last_read < PATIENCE

    async def run(self) -> None:
        """Follows for ever. Ends by being cancelled."""
        wait = 0.1
        while True:
            began = time.monotonic()
            try:
                await self._follow()
            except (psycopg.Error, OSError) as error:
                if time.monotonic() - began > 10:
                    wait = 0.1
                log.warning("live.database_lost", extra={"error": type(error).__name__, "again_in": wait})
                await asyncio.sleep(wait)
                wait = min(wait * 2, 2.0)

    async def sign_off(self) -> None:
        """Takes this process's row out of the heartbeats; a database that is gone needs no telling."""
        try:
            async with await AsyncConnection.connect(**self._parameters) as connection:
                await connection.execute("DELETE FROM rugui_heartbeat WHERE name = %s", [self._name])
        except psycopg.Error as error:
            log.info("live.no_sign_off", extra={"error": type(error).__name__})

    async def _follow(self) -> None:
        async with (
            await AsyncConnection.connect(**self._parameters) as ear,
            await AsyncConnection.connect(**self._parameters) as eye,
        ):
            await ear.execute("LISTEN rugui_journal")  # before the first read, so that nothing falls between
            last = await self._catch_up(eye)
            log.info("live.following")
            listening = asyncio.ensure_future(self._listen(ear))
            try:
                await self._read_on(eye, listening, last)
            finally:
                listening.cancel()

    async def _catch_up(self, eye: AsyncConnection[Any]) -> tail.Snapshot:
        last = self._last
        if last is not None:
            batch = await tail.after_a_break(eye, last)
            if batch.snapshot.xmax >= last.xmin - tail.MARGIN:
                self._hub.deliver(batch, after_a_break=True)
                return self._done(batch)
            log.warning("live.journal_went_back")
        key = await (await eye.execute("SELECT id_key FROM rugui_installation")).fetchone()
        if key is None:
            raise psycopg.OperationalError("this database has not been prepared yet")
        rights = await tail.rights_changed(eye, datetime.now(UTC))
        batch = await tail.newest(eye)
        self._hub.start(batch, rights, IdCipher(bytes(key[0])))
        return self._done(batch)

    async def _listen(self, ear: AsyncConnection[Any]) -> None:
        async for _ in ear.notifies():
            self._heard.set()

    async def _read_on(
        self, eye: AsyncConnection[Any], listening: asyncio.Future[None], last: tail.Snapshot
    ) -> None:
        listening.add_done_callback(lambda _: self._heard.set())
        beat = float("-inf")
        while True:
            try:
                async with asyncio.timeout(ANYWAY):
                    await self._heard.wait()
            except TimeoutError:
                pass  # read anyway
            if listening.done():
                listening.result()
                raise psycopg.OperationalError("the listening connection ended")
            self._heard.clear()
            batch = await tail.new_since(eye, last)
            self._hub.deliver(batch)
            last = self._done(batch)
            if time.monotonic() - beat >= ANYWAY:
                beat = time.monotonic()
                await self._beat(eye)
            await asyncio.sleep(PAUSE)

    def _done(self, batch: tail.Batch) -> tail.Snapshot:
        self._last = batch.snapshot
        self._last_read = time.monotonic()
        return batch.snapshot

    async def _beat(self, eye: AsyncConnection[Any]) -> None:
        await eye.execute(
            "INSERT INTO rugui_heartbeat (name, kind, at) VALUES (%s, 'live', %s)"
            " ON CONFLICT (name) DO UPDATE SET at = EXCLUDED.at",
            [self._name, datetime.now(UTC)],
        )
        await eye.execute(
            "DELETE FROM rugui_heartbeat WHERE kind = 'live' AND at < %s::timestamptz - interval '1 hour'",
            [datetime.now(UTC)],
        )
