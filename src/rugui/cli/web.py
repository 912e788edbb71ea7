"""`rugui web`"""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import threading
from typing import Any

import click

from ..config import config
from . import gate
from .children import die_with_parent
from .django import setup
from .metrics import share_metrics

THREADS = 4
"""Requests that one worker process answers at once. Each thread keeps one database connection, so an
installation's pages hold `web_workers` × 4 of them at most."""

BACKLOG = 1024
COLLECT = (50_000, 20, 50)
"""When a worker looks for cycles: a page makes several thousand objects, nearly all of which go by themselves."""

TURN = 0.05
"""Seconds that one request may go on before another thread gets its turn: longer than a request takes, because changing
in the middle of one costs both of them time, and waiting for the database gives the turn away anyway."""


@click.command()
def command() -> None:
    """Serve the pages and the API, until stopped."""
    settings = config()
    share_metrics(settings)
    setup("app")
    from granian import Granian
    from granian.constants import Interfaces

    from ..language import checking, packs
    from ..wsgi import application

    parent = os.getpid()

    def load(*_: Any) -> Any:
        """Runs in each worker, which was forked with everything imported already."""
        die_with_parent(parent)
        gc.set_threshold(*COLLECT)
        sys.setswitchinterval(TURN)
        if not packs.are_kept():
            threading.Thread(target=checking.warm, daemon=True).start()
        return application

    _warm_up()
    if packs.are_kept():  # otherwise they take seconds to make, in which somebody may already want a page
        checking.warm()
    gc.freeze()  # what is imported stays: no collection looks at it again, and the workers share its pages
    multiprocessing.set_start_method("fork", force=True)
    gate.wait()
    server = Granian(
        "rugui.wsgi:application",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.web_workers,
        blocking_threads=THREADS,
        blocking_threads_idle_timeout=600,
        backlog=BACKLOG,
        backpressure=BACKLOG // 4,
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=10,
        log_enabled=False,
    )
    server.serve(target_loader=load, wrap_loader=False)


def _warm_up() -> None:
    """Imports every view, and reads the ear, before the workers are forked: they share the memory, and the first visitor does not wait."""
    from django.urls import get_resolver

    from ..language.ears import listening

    get_resolver().url_patterns  # noqa: B018  reading it imports them
    listening.warm_up()
