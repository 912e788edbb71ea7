"""`rugui restore`"""

from __future__ import annotations

from pathlib import Path

import click

from .alone import alone
from .database import running_database
from .django import setup


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Throw away what this installation holds.")
def command(file: Path, replace: bool) -> None:
    """Fill an empty installation from a FILE that `rugui backup` wrote.

    All or nothing: every table is compared with what the backup says before anything is kept.
    Rugui must not be running.
    """
    setup("owner")
    from ..config import config
    from ..core import backup, restore, schema
    from ..own import book

    with alone(config()), running_database():
        try:
            manifest = restore.restore(config(), file.absolute(), replace=replace)
        except backup.BackupProblem as problem:
            raise click.ClickException(str(problem)) from problem
        schema.migrate()
        again = book.apply_again()
    tables = manifest["tables"].values()
    rows = sum(table["rows"] for table in tables)
    click.echo(
        f"Restored {rows} rows of {len(tables)} tables, as of {manifest['at']}; every table is as it was."
    )
    if again:
        click.echo(f"People erased after this backup was made are erased again: {again}.")
