"""`rugui migrate`"""

from __future__ import annotations

import click

from .database import running_database
from .django import setup


@click.command()
@click.option("--check", is_flag=True, help="Only say whether it is current; exit 1 when it is not.")
def command(check: bool) -> None:
    """Bring the database to the shape this version expects.

    Safe to repeat. Also renews roles, rights and row-level security.
    """
    setup("owner")
    from ..core import schema

    with running_database():
        if check:
            if not schema.is_current():
                raise click.ClickException("The database is not current. Run: rugui migrate")
        else:
            schema.migrate()
        click.echo("The database is current.")
