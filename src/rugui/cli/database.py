"""The database, for the length of one command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from ..config import config
from ..core import postgres


@contextmanager
def running_database() -> Iterator[None]:
    """Starts the embedded server when it is not running, and stops it afterwards if nobody else uses it.

    With a database of one's own there is nothing to start.
    """
    if config().database_url is not None:
        yield
        return
    try:
        with postgres.using(config().data_folder):
            yield
    except postgres.DatabaseProblem as problem:
        raise click.ClickException(str(problem)) from problem
