"""A file into batches, ready for the database. No database here: it runs in a thread beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO

from ...engines.tabular import cells as read
from ...engines.tabular.base import Problem
from ...engines.tabular.dates import read_dates
from ...engines.tabular.mended import unguarded
from ...engines.tabular.records import Record, Records
from ...engines.tabular.words import ALLOWED, CHOICES
from .settings import Reading

EVENT_ROWS = 25_000
CUSTOMER_ROWS = 10_000
"""Rows a batch: large enough for set-based statements, small enough that a stop comes within seconds."""

TEXT = 20_000
SHORT = 200
ID = 120
REQUIRED = {
    "customers": [],
    "purchases": ["at", "amount"],
    "visits": ["expected_at"],
    "notes": ["text"],
    "touches": ["at"],
}
"""Fields without which a file of this subject makes no sense at all."""


@dataclass(slots=True)
class Rejection:
    record: Record
    problem: Problem


@dataclass(slots=True)
class Batch:
    """Some whole records and where in the file they end."""

    position: int
    line: int
    records: list[Record]
    """Those that were understood, in the order of the temporary table's numbers `n`."""
    tables: dict[str, tuple[list[str], bytes]] = field(default_factory=dict)
    """By temporary table its columns and its rows as COPY text."""
    rejected: list[Rejection] = field(default_factory=list)
    repeated: int = 0
    """Rows that say again what an earlier row of the batch has said."""

    @property
    def read(self) -> int:
        return len(self.records) + len(self.rejected) + self.repeated


Converter = Callable[["Cells", Batch, Reading], None]


class Cells:
    """The cells of some records by field, and the first problem found with each record."""

    def __init__(self, records: Sequence[Record], reading: Reading, file_hash: str) -> None:
        self.records = records
        self.problems: dict[int, Problem] = {}
        self._hash = file_hash[:16]
        self._mapping = reading.mapping
        self._mended = reading.mended
        self._columns = self._transposed(len(reading.mapping))

    def _transposed(self, width: int) -> list[list[str]]:
        rows = [record.cells for record in self.records]
        for index, record in enumerate(self.records):
            if record.fault:
                self.problems[index] = Problem("", record.fault)
        if any(len(row) != width for row in rows):
            for index, row in enumerate(rows):
                if len(row) > width and any(cell.strip() for cell in row[width:]):
                    wrong = Problem("", "columns", {"expected": str(width), "found": str(len(row))})
                    self.problems.setdefault(index, wrong)
            rows = [[*row, *[""] * (width - len(row))][:width] for row in rows]
        if self._mended:
            rows = [list(map(unguarded, row)) for row in rows]
        columns = list(zip(*rows, strict=True))
        return [read.tidy(column) if self._mapping[at] else [] for at, column in enumerate(columns)]

    def has(self, name: str) -> bool:
        return name in self._mapping

    def column(self, name: str) -> list[str]:
        """The cells of a field; empty strings when no column is it."""
        if name not in self._mapping or not self._columns:
            return [""] * len(self.records)
        return self._columns[self._mapping.index(name)]

    def columns(self, name: str) -> list[list[str]]:
        return [self._columns[at] for at, mapped in enumerate(self._mapping) if mapped == name]

    def note(self, problems: dict[int, Problem]) -> None:
        for index, problem in problems.items():
            self.problems.setdefault(index, problem)

    def text(self, name: str, longest: int, *, required: bool = False) -> list[str]:
        values, problems = read.read_texts(name, self.column(name), longest, required=required)
        self.note(problems)
        return values

    def date(self, name: str, order: str, *, required: bool = False) -> list[str]:
        column = self.column(name)
        values, problems = read_dates(name, column, order)
        if required:
            self.note({index: Problem(name, "missing") for index, cell in enumerate(column) if not cell})
        self.note(problems)
        return values

    def choice(self, subject: str, name: str, default: str) -> list[str]:
        key = f"{subject}.{name}"
        values, problems = read.read_choices(name, self.column(name), CHOICES[key], ALLOWED[key])
        self.note(problems)
        return [value or default for value in values]

    def identity(self, name: str, kind: str, region: str) -> list[str]:
        values, problems = read.read_identities(name, kind, self.column(name), region)
        self.note(problems)
        return values

    def external_ids(self) -> list[str]:
        """The file's own ids; for rows without one, the file and line, so that the same file does nothing twice."""
        given = self.text("external_id", ID)
        return [
            own or f"import:{self._hash}:{record.line}"
            for own, record in zip(given, self.records, strict=True)
        ]

    def places(self, reading: Reading) -> list[str]:
        values, problems = read.read_named("place", self.column("place"), reading.places, "unknown_place")
        self.note(problems)
        default = "" if reading.place_id is None else str(reading.place_id)
        return [default if value is None else str(value) for value in values]

    def kept(self, batch: Batch) -> list[int]:
        """Puts the records with a problem aside; the numbers of the others."""
        batch.rejected += [Rejection(self.records[at], self.problems[at]) for at in sorted(self.problems)]
        kept = [at for at in range(len(self.records)) if at not in self.problems]
        batch.records = [self.records[at] for at in kept]
        return kept


def batches(
    file: BinaryIO, subject: str, reading: Reading, file_hash: str, *, position: int = 0, line: int = 0
) -> Iterator[Batch]:
    """Batches from byte `position` (the end of a record, or 0) to the end of the file."""
    from .convert import CONVERTERS

    file.seek(position)
    records = Records(file, reading.format, position, line)
    stream = iter(records)
    if reading.format.header and position == 0:
        next(stream, None)
    size = CUSTOMER_ROWS if subject == "customers" else EVENT_ROWS
    while True:
        taken = list(islice(stream, size))
        batch = Batch(records.position, records.line, taken)
        if taken:
            CONVERTERS[subject](Cells(taken, reading, file_hash), batch, reading)
        yield batch
        if len(taken) < size:
            return


def as_copy(columns: Sequence[Sequence[str]], kept: Sequence[int] | None = None) -> bytes:
    """COPY text of these columns, whose cells are already escaped."""
    if kept is not None and columns and len(kept) != len(columns[0]):
        columns = [[column[at] for at in kept] for column in columns]
    text = "\n".join(map("\t".join, zip(*columns, strict=True)))
    return (text + "\n").encode() if text else b""
