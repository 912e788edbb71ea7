"""`rugui live`: the live stream."""

from __future__ import annotations

import logging.config

import click

from ..config import config


@click.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on.")
def command(host: str | None, port: int | None) -> None:
    """Serve the live stream: tells every open screen within a second what has changed."""
    import uvloop

    from ..core.logs import LOGGING
    from ..live.server import serve

    logging.config.dictConfig(LOGGING)
    uvloop.run(serve(config(), host=host, port=port))
