"""One at a time for what must be alone with an installation."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

from ..config import Config


@contextmanager
def alone(settings: Config) -> Iterator[None]:
    """One `rugui up` (or restore) for one data folder. The lock ends with the process, however it ends."""
    try:
        settings.data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = (settings.data_folder / "up.lock").open("a+")
    except OSError as error:
        raise click.ClickException(
            f"The data folder {settings.data_folder} cannot be written: {error.strerror}. Choose another with RUGUI_DATA_FOLDER."
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise click.ClickException(
                f"Rugui is already running on {settings.data_folder} (process {file.read().strip()}). "
                "Stop that one first, or choose another data folder with RUGUI_DATA_FOLDER."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
