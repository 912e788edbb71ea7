"""`rugui version`"""

from __future__ import annotations

from importlib.metadata import version

import click


@click.command()
def command() -> None:
    """Say which version this is."""
    click.echo(f"rugui {version('rugui')}")
