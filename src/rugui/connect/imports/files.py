"""Files that come in, and rejected rows that go out."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from ...core.errors import InputError
from ...engines.tabular.mended import ADDED, guarded
from ..models import ImportRun, RejectedRow
from .settings import START
from .words import reason

LARGEST = 4 * 1024**3


def folder() -> Path:
    """Where uploads wait: out of every web server's sight, readable by the program's own user."""
    path = Path(settings.MEDIA_ROOT) / "imports"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def keep(chunks: Iterable[bytes]) -> tuple[Path, str, int]:
    """Writes an upload under a random name; its path, SHA-256 and size. Raises `InputError` when it is too large."""
    path = folder() / f"{secrets.token_hex(16)}.csv"
    digest, size = hashlib.sha256(), 0
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > LARGEST:
                    raise InputError({"file": _("The file is larger than 4 GB. Please split it.")})
                digest.update(chunk)
                file.write(chunk)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path, digest.hexdigest(), size


def measure(path: Path) -> tuple[str, int]:
    """SHA-256 and size of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size


def start_of(path: Path) -> tuple[bytes, bool]:
    """The first bytes, and whether they are all."""
    with path.open("rb") as file:
        start = file.read(START)
        return start, not file.read(1)


def discard(run: ImportRun) -> None:
    """Removes an upload that is no longer needed. A file that a command was given is its owner's and stays."""
    path = Path(run.file_path)
    if path.parent == Path(settings.MEDIA_ROOT) / "imports":
        path.unlink(missing_ok=True)


def rejected_rows(run: ImportRun) -> Iterator[str]:
    """The rejected file, piece by piece: the original cells, then line, field and reason.

    It is made to be mended, most likely in a spreadsheet, and imported again: cells that a spreadsheet would
    run as a formula are guarded, and reading the file takes the guards off (engines/tabular/mended.py).
    """
    names: list[str] = run.settings["names"]
    width = len(names)
    yield "\ufeff" + _line([*map(guarded, names), *ADDED])
    rows = RejectedRow.objects.filter(run_id=run.id).order_by("line")
    for row in rows.iterator(chunk_size=2_000):
        cells = [*map(guarded, row.cells), *[""] * (width - len(row.cells))]
        yield _line([*cells, str(row.line), row.field, reason(row.code, row.values)])


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
