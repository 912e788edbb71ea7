"""`rugui backup`"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from .database import running_database


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def command(file: Path) -> None:
    """Write everything into one new FILE: database, secret and uploaded files.

    Rugui may be running meanwhile; the file shows one moment. Whoever has the file has everything: keep it safe.
    """
    from ..config import config
    from ..core import backup

    with running_database():
        try:
            written = backup.write(config(), file.absolute(), now=datetime.now(UTC))
        except backup.BackupProblem as problem:
            raise click.ClickException(str(problem)) from problem
    megabytes = written.size / 1_000_000
    click.echo(f"Wrote {written.rows} rows of {written.tables} tables to {file} ({megabytes:.1f} MB).")
