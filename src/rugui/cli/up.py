"""`rugui up`: everything an installation needs, in one command.

What takes longest is importing the pages. So their process is started before anything else, and waits at a
gate until the database is there and has the right shape.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from . import children
from .gate import Gate


@click.command()
@click.option(
    "--port", type=click.IntRange(1, 65534), help="Where the pages are; the live stream is one above it."
)
@click.option("--empty", is_flag=True, help="Start with nothing in it, instead of the example house.")
@click.option(
    "--example",
    type=click.Choice(["hotel", "restaurant", "webshop"]),
    default="hotel",
    show_default=True,
    help="Which example house to build when the database is empty.",
)
@click.option(
    "--language",
    type=click.Choice(["en", "zh-hant", "zh-hans"]),
    default="en",
    show_default=True,
    help="The language of the example house.",
)
@click.option(
    "--ready-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the address here, as JSON, once it answers.",
)
def command(port: int | None, empty: bool, example: str, language: str, ready_file: Path | None) -> None:
    """Start everything: database, pages, live stream, clock and worker. Stop with Ctrl-C.

    The first start makes the database and builds an example house to look around in; --empty does not.
    """
    if port is not None:
        os.environ["RUGUI_PORT"] = str(port)
        os.environ.setdefault("RUGUI_LIVE_PORT", str(port + 1))
    os.environ["RUGUI_DATABASE_ROLE"] = "app"
    gate = Gate()
    web = children.start(
        [sys.executable, "-m", "rugui.cli", "web"], gate.environment(), pass_fds=(gate.exit,)
    )
    from .installation import Wish, run

    run(Wish(None if empty else example, language, ready_file), web, gate)
