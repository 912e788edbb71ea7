"""Running the live process: uvicorn around the app, the follower beside it, and a quiet garbage collector."""

from __future__ import annotations

import asyncio
import gc
import resource
import socket
import time
from datetime import UTC, datetime

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ..config import Config
from ..core import metrics
from .app import LINE, App
from .follow import Follower
from .hub import Hub

TICK = 0.05


class _Connection(HttpToolsProtocol):
    """Gives the app the connection's transport, so that one loop can write to thousands of screens."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope[LINE] = self.transport  # type: ignore[literal-required]


class _Server(uvicorn.Server):
    """Ends its streams when told to stop, instead of waiting for screens that never leave by themselves."""

    def __init__(self, config: uvicorn.Config, hub: Hub, follower: Follower) -> None:
        super().__init__(config)
        self._hub, self._follower = hub, follower
        self.beside: list[asyncio.Task[None]] = []

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # All of it here, because uvicorn then dies of the signal it was sent.
        for task in self.beside:
            task.cancel()
        await asyncio.wait(self.beside)
        self._hub.end_all()
        await super().shutdown(sockets)
        await self._follower.sign_off()


async def serve(config: Config, *, host: str | None = None, port: int | None = None) -> None:
    """Serves until SIGTERM or SIGINT."""
    allow_many_files()
    hub = Hub(config.live_screens)
    follower = Follower(hub, config)
    server = _Server(
        uvicorn.Config(
            App(hub, config, follower.healthy),
            host=host or config.host,
            port=config.live_port if port is None else port,
            loop="none",
            http=_Connection,
            ws="none",
            lifespan="off",
            access_log=False,
            log_config=None,
            log_level="warning",
            server_header=False,
            proxy_headers=False,
            backlog=4096,
            timeout_graceful_shutdown=2,
        ),
        hub,
        follower,
    )
    quiet_garbage_collector()
    async with asyncio.TaskGroup() as beside:  # should one of them fail, so does the process
        server.beside = [beside.create_task(work) for work in (follower.run(), _beat(hub), _watch_pauses())]
        await server.serve()


def allow_many_files() -> None:
    """As many open sockets as the system lets us have without asking."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def quiet_garbage_collector() -> None:
    """Full collections of a process with thousands of streams stop it for long; streams hold no cycles of note.

    What was made at the start is set aside for good, and the rest is looked through seldom.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


async def _beat(hub: Hub) -> None:
    tick = 0
    while True:
        await asyncio.sleep(1)
        tick += 1
        hub.beat(tick, datetime.now(UTC))


async def _watch_pauses() -> None:
    """Measures how long the process is deaf while it does one thing, and how much of that it really works.

    On a crowded machine the first is mostly waiting for a processor.
    """
    longest = busiest = 0.0
    while True:
        began, worked = time.perf_counter(), time.process_time()
        await asyncio.sleep(TICK)
        late = time.perf_counter() - began - TICK
        if late > longest:
            longest = late
            metrics.live_pause.set(longest)
        if (work := time.process_time() - worked) > busiest and late > TICK:
            busiest = work
            metrics.live_work.set(busiest)
