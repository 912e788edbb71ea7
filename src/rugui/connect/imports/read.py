"""A file into batches, ready for the database. No database here: it runs beside it, in a thread or a process."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from ...engines.tabular import cells as read
from ...engines.tabular.base import Problem
from ...engines.tabular.dates import read_dates
from ...engines.tabular.mended import unguarded
from ...engines.tabular.records import Block, Blocks, Record
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
    loaded: int = 0
    """How many were understood; the temporary tables number them from 0 as `n`."""
    tables: dict[str, tuple[list[str], bytes]] = field(default_factory=dict)
    """By temporary table its columns and its rows as COPY text."""
    rejected: list[Rejection] = field(default_factory=list)
    repeated: int = 0
    """Rows that say again what an earlier row of the batch has said."""
    packed: bytes = b""
    """Lines and cells of those that were understood. Rarely wanted: for the few that the database has to refuse."""

    @property
    def read(self) -> int:
        return self.loaded + len(self.rejected) + self.repeated

    def keep(self, block: Block, kept: Sequence[int] | None) -> None:
        """The records to load; None says all of them."""
        lines, rows = list(block.lines), block.rows
        if kept is not None:
            lines, rows = [lines[at] for at in kept], [rows[at] for at in kept]
        self.loaded = len(rows)
        self.packed = marshal.dumps((lines, rows), 2)

    def records(self) -> list[Record]:
        lines, rows = marshal.loads(self.packed)  # noqa: S302  packed by `keep`, in a process of ours
        return list(map(Record, lines, rows))


Converter = Callable[["Cells", Batch, Reading], None]


class Cells:
    """The cells of some records by field, and the first problem found with each record."""

    def __init__(self, block: Block, reading: Reading, file_hash: str) -> None:
        self.block = block
        self.count = len(block.rows)
        self.problems: dict[int, Problem] = {at: Problem("", fault) for at, fault in block.faults.items()}
        self._hash = file_hash[:16]
        self._mapping = reading.mapping
        self._mended = reading.mended
        self._empty = [""] * self.count
        self._columns = self._transposed(len(reading.mapping))

    def _transposed(self, width: int) -> list[list[str]]:
        rows = self.block.rows
        if set(map(len, rows)) != {width}:
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
            return self._empty
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
        if required and not all(column):
            self.note({index: Problem(name, "missing") for index, cell in enumerate(column) if not cell})
        self.note(problems)
        return values

    def choice(self, subject: str, name: str, default: str) -> list[str]:
        key = f"{subject}.{name}"
        values, problems = read.read_choices(name, self.column(name), CHOICES[key], ALLOWED[key])
        self.note(problems)
        return values if all(values) else [value or default for value in values]

    def identity(self, name: str, kind: str, region: str) -> list[str]:
        values, problems = read.read_identities(name, kind, self.column(name), region)
        self.note(problems)
        return values

    def external_ids(self) -> list[str]:
        """The file's own ids; for rows without one, the file and line, so that the same file does nothing twice."""
        given = self.text("external_id", ID)
        if all(given):
            return given
        lines = zip(given, self.block.lines, strict=True)
        return [own or f"import:{self._hash}:{line}" for own, line in lines]

    def places(self, reading: Reading) -> list[str]:
        values, problems = read.read_named("place", self.column("place"), reading.places, "unknown_place")
        self.note(problems)
        default = "" if reading.place_id is None else str(reading.place_id)
        if not self.has("place"):
            return [default] * self.count
        return [default if value is None else str(value) for value in values]

    def kept(self, batch: Batch) -> list[int] | None:
        """Puts the records with a problem aside; the numbers of the others, or None for all."""
        batch.rejected += [
            Rejection(self.block.record(at), self.problems[at]) for at in sorted(self.problems)
        ]
        if not self.problems:
            return None
        return [at for at in range(self.count) if at not in self.problems]


def batches(
    file: BinaryIO,
    subject: str,
    reading: Reading,
    file_hash: str,
    *,
    position: int = 0,
    line: int = 0,
    rows: int = 0,
) -> Iterator[Batch]:
    """Batches from byte `position` (the end of a record, or 0) to the end of the file; at least one."""
    from .convert import CONVERTERS

    blocks = Blocks(file, reading.format, position, line)
    if reading.format.header and position == 0:
        blocks.skip()
    size = rows or (CUSTOMER_ROWS if subject == "customers" else EVENT_ROWS)
    while True:
        block = blocks.take(size)
        batch = Batch(blocks.position, blocks.line)
        if block.rows:
            CONVERTERS[subject](Cells(block, reading, file_hash), batch, reading)
        yield batch
        if blocks.ended:
            return


def as_copy(columns: Sequence[Sequence[str]]) -> bytes:
    """COPY text of these columns, whose cells are already escaped."""
    text = "\n".join(map("\t".join, zip(*columns, strict=True)))
    return (text + "\n").encode() if text else b""
