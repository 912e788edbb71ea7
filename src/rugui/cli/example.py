"""`rugui example`"""

from __future__ import annotations

import click

from ..example.trades import TRADES
from .database import running_database
from .django import setup


@click.command()
@click.argument("trade", type=click.Choice(TRADES))
@click.option("--language", type=click.Choice(["en", "zh-hant", "zh-hans"]), default="en", show_default=True)
def command(trade: str, language: str) -> None:
    """Build an example house to look around in.

    Everybody in it is made up. Nobody can sign in to it until the first page has made an owner.
    """
    setup("app")
    from ..core.time import now
    from ..example.build import AlreadyBuiltError, build

    with running_database():
        try:
            organization = build(trade, language, now=now())
        except AlreadyBuiltError as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"Built {organization.name}.")
