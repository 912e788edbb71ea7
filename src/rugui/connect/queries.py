"""What the import pages show."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from ..core.phrases import listed
from ..engines.tabular.base import Problem
from .imports.files import start_of
from .imports.read import batches
from .imports.settings import Proposal
from .imports.words import field_name, reason
from .models import ImportRun, RejectedRow

ROWS = 5
PROBLEMS = 20
QUIET = timedelta(minutes=2)
"""A running import that has said nothing for so long has lost its worker."""


@dataclass(frozen=True, slots=True)
class Told:
    """A problem in words."""

    line: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Preview:
    fields: list[str]
    rows: list[list[str]]
    problems: list[Told]


def preview(run: ImportRun, proposal: Proposal) -> Preview:
    """The first rows as they would be written, and what is wrong with those that would not."""
    start, whole = start_of(Path(run.file_path))
    if not whole:
        start = start[: start.rfind(b"\n") + 1] or start
    batch = next(batches(io.BytesIO(start), run.subject, proposal.reading, run.file_hash))
    mapped = set(proposal.reading.mapping)
    columns, data = batch.tables.get(run.subject, ([], b""))
    wanted = [at for at, name in enumerate(columns) if _was_given(name, mapped)]
    rows = [line.split("\t") for line in data.decode().splitlines()[:ROWS]]
    shown = [[_plain(row[at]) for at in wanted] for row in rows]
    names = [
        field_name({"email": "customer_email", "phone": "customer_phone"}.get(columns[at], columns[at]))
        for at in wanted
    ]
    if run.subject == "customers":
        names, shown = _with_identities(names, shown, batch.tables.get("identities", ([], b""))[1])
    told = [_told(one.record.line, one.problem) for one in batch.rejected[:PROBLEMS]]
    return Preview(names, shown, told)


def _was_given(column: str, mapped: set[str]) -> bool:
    if column in {"email", "phone"}:
        return f"customer_{column}" in mapped
    if column == "name":
        return True
    return column in mapped and column != "place"


def _with_identities(
    names: list[str], rows: list[list[str]], data: bytes
) -> tuple[list[str], list[list[str]]]:
    found: dict[int, list[str]] = {}
    for line in data.decode().splitlines():
        n, _kind, _value, normal, _tail = line.split("\t")
        if int(n) >= ROWS:
            break
        found.setdefault(int(n), []).append(_plain(normal))
    title = listed([field_name("phone"), field_name("email")])
    return [*names, title], [[*row, " · ".join(found.get(n, []))] for n, row in enumerate(rows)]


def _plain(cell: str) -> str:
    if cell == "\\N":
        return ""
    for code, letter in (("\\t", " "), ("\\n", " "), ("\\r", " "), ("\\\\", "\\")):
        cell = cell.replace(code, letter)
    return cell


def _told(line: int, problem: Problem) -> Told:
    return Told(line, field_name(problem.field), reason(problem.code, problem.values))


def problems(run: ImportRun) -> list[Told]:
    """The first rejected rows of a run."""
    rows = RejectedRow.objects.filter(run_id=run.id).order_by("line")[:PROBLEMS]
    return [Told(row.line, field_name(row.field), reason(row.code, row.values)) for row in rows]


def trial_problems(run: ImportRun) -> list[Told]:
    return [
        Told(found["line"], field_name(found["field"]), reason(found["code"], found["values"]))
        for found in run.trial.get("problems", [])[:PROBLEMS]
    ]


def is_abandoned(run: ImportRun, now: datetime) -> bool:
    """Whether a run that says it is going has given no sign of life for a while."""
    going = run.state in {ImportRun.State.RUNNING, ImportRun.State.TRYING}
    return going and (run.beat_at is None or now - run.beat_at > QUIET)
