"""Imports as tests make them: a file from text, taken to its end."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from rugui.connect import actions
from rugui.connect.imports import files, run
from rugui.connect.imports.settings import Wishes
from rugui.connect.models import ImportRun, RejectedRow
from rugui.core.tenancy import within
from rugui.house.models import Place

from ..factories import NOON, House


def written(folder: Path, text: str | bytes, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def prepare(
    house: House,
    subject: str,
    path: Path,
    *,
    by: str = "alice",
    place: Place | None = None,
    wishes: Wishes | None = None,
) -> ImportRun:
    file_hash, size = files.measure(path)
    actor = house.actor(by)
    with within(house.id):
        return actions.prepare_import(
            actor, subject=subject, path=path, file_name=path.name, file_hash=file_hash, size=size, place=place,
            now=NOON, wishes=wishes,
        )  # fmt: skip


def bring_in(
    house: House, subject: str, path: Path, *, wishes: Wishes | None = None, place: Place | None = None
) -> ImportRun:
    """The whole file, by Alice."""
    prepared = prepare(house, subject, path, wishes=wishes, place=place)
    return run.carry_out(house.id, prepared.id)


def counts(done: ImportRun) -> tuple[int, int, int, int]:
    """New, changed, the same, rejected. Read is always their sum."""
    found = (done.rows_new, done.rows_changed, done.rows_same, done.rows_rejected)
    assert done.rows_read == sum(found)
    return found


def reasons(house: House, done: ImportRun) -> list[tuple[int, str, str]]:
    with within(house.id):
        rows = RejectedRow.objects.filter(run=done).order_by("line")
        return [(row.line, row.field, row.code) for row in rows]


def rejected_file(house: House, done: ImportRun) -> list[list[str]]:
    with within(house.id):
        text = "".join(files.rejected_rows(done))
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
