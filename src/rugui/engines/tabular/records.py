"""From the bytes of a delimited file to records, each with its line number and the byte offset after it.

The offset is always the end of a whole record, so reading can be taken up there again. Nothing is
dropped: a record that cannot be read comes out as one that says why.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any, BinaryIO

CELL_LIMIT = 100_000
BLOCK = 1 << 20
BYTES = 32 << 20
"""About so much of a file is held at once, however long its lines are."""
_UTF16 = {"utf-16-le", "utf-16-be"}
csv.field_size_limit(CELL_LIMIT)


@dataclass(frozen=True, slots=True)
class Format:
    """How the file is written down."""

    encoding: str = "utf-8"
    """utf-8, utf-16-le, utf-16-be, big5hkscs, gb18030 or cp1252; a byte order mark is skipped, not named."""
    delimiter: str = ","
    header: bool = True


_END = ["\x1aend", "\x1aend"]
"""A record put after a block: when it comes out as it is, the one before it was closed."""
BAD_BYTES = "bytes"
UNCLOSED = "unclosed"


@dataclass(frozen=True, slots=True)
class Record:
    line: int
    """Number of its first line in the file, from 1."""
    cells: list[str]
    fault: str = ""
    """Empty, or why its cells cannot be trusted: BAD_BYTES or UNCLOSED."""


@dataclass(slots=True)
class Block:
    """Some records one after the other."""

    rows: list[list[str]]
    lines: list[int] | range
    """The number of each record's first line."""
    faults: dict[int, str] = field(default_factory=dict)

    def record(self, index: int) -> Record:
        return Record(self.lines[index], self.rows[index], self.faults.get(index, ""))


class Records:
    """Iterates over the records of `file` from where it stands, which is byte `position`, before line `line + 1`.

    Blank lines are passed over. After each record `position` and `line` say where the next one begins.
    """

    def __init__(self, file: BinaryIO, layout: Format, position: int = 0, line: int = 0) -> None:
        self.position = position
        self.line = line
        self._delimiter = layout.delimiter
        self._encoding = layout.encoding
        self._raw = _utf16_lines(file, layout.encoding) if layout.encoding in _UTF16 else _lines(file)
        self._again: list[bytes] = []
        self._taken: list[bytes] = []
        self._bad = False
        self._ended = False

    def __iter__(self) -> Iterator[Record]:
        while not self._ended:
            yield from self._until_fault()

    def _texts(self) -> Iterator[str]:
        """Lines for the csv module, which asks for exactly as many as it needs for one record."""
        encoding, taken = self._encoding, self._taken
        while True:
            raw = self._again.pop() if self._again else next(self._raw, b"")
            if not raw:
                return
            taken.append(raw)
            self.position += len(raw)
            try:
                text = raw.decode(encoding)
            except UnicodeDecodeError:
                self._bad = True
                text = raw.decode(encoding, "replace")
            if "\x00" in text:
                text = text.replace("\x00", "")
            yield text if self.position > len(raw) else text.removeprefix("\ufeff")

    def _until_fault(self) -> Iterator[Record]:
        """Records up to the end of the file, or to a quote that never closes: that line alone is set aside."""
        reader = csv.reader(self._texts(), delimiter=self._delimiter)
        taken = self._taken
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                self._ended = True
                return
            except csv.Error:
                yield self._set_aside()
                return
            if (len(taken) > 1 or b'"' in taken[0]) and self._is_left_open():
                yield self._set_aside()
                return
            first, self.line = self.line + 1, self.line + len(taken)
            taken.clear()
            if self._bad:
                self._bad = False
                yield Record(first, cells, BAD_BYTES)
            elif cells and (len(cells) > 1 or cells[0].strip()):
                yield Record(first, cells)

    def _is_left_open(self) -> bool:
        """Whether the file has ended inside quotation marks, with everything since swallowed by one cell."""
        if self._again:
            return False
        following = next(self._raw, b"")
        if following:
            self._again.append(following)
            return False
        lines = (raw.decode(self._encoding, "replace") for raw in self._taken)
        try:
            next(csv.reader(lines, delimiter=self._delimiter, strict=True))
        except csv.Error as error:
            return "end of data" in str(error)
        return False

    def _set_aside(self) -> Record:
        first, *others = self._taken
        self.position -= sum(map(len, others))
        self.line += 1
        self._again.extend(reversed(others))
        self._taken.clear()
        self._bad = False
        text = first.decode(self._encoding, "replace").replace("\x00", "").strip("\r\n\ufeff")
        cells = [cell.strip('"')[:CELL_LIMIT] for cell in text.split(self._delimiter)]
        return Record(self.line, cells, UNCLOSED)


class Blocks:
    """The same records as `Records` gives, many at a time and several times as fast.

    Lines are decoded and parted all at once. Whatever is out of the ordinary (broken letters, a quote that does not close,
    UTF-16) is left to `Records`, from the beginning of that block.
    """

    def __init__(self, file: BinaryIO, layout: Format, position: int = 0, line: int = 0) -> None:
        self.position = position
        self.line = line
        self.ended = False
        self._file = file
        self._layout = layout
        self._begin()

    def skip(self) -> None:
        """Passes over one record: the header."""
        self._one_by_one(1)

    def take(self, count: int) -> Block:
        """The next records, of `count` lines (one by one: `count` records). Fewer prove nothing; `ended` does."""
        if self._layout.encoding in _UTF16:
            return self._one_by_one(count)
        raw = self._next_lines(count)
        try:
            text = b"".join(raw).decode(self._layout.encoding)
            if "\x00" in text:
                return self._one_by_one(count)
            if self.position == 0:
                text = text.removeprefix("\ufeff")
            return self._parted(text, raw) or self._one_by_one(count)
        except (UnicodeDecodeError, csv.Error):
            return self._one_by_one(count)

    def _begin(self) -> None:
        self._file.seek(self.position)
        self._lines: list[bytes] = []
        self._rest = self._file.read(BLOCK)
        """What was read after the last whole line."""

    def _next_lines(self, count: int) -> list[bytes]:
        held = 0
        while len(self._lines) <= count and held < BYTES and self._rest:
            block = self._file.read(BLOCK)
            lines = (self._rest + block).splitlines(keepends=True)
            # The last line may go on, and a final \r may be half of \r\n. No line is longer than the limit.
            self._rest = lines.pop() if block and len(lines[-1]) <= 4 * CELL_LIMIT else block[:0]
            if block and not self._rest:
                self._rest = self._file.read(BLOCK)
            held += len(block)
            self._lines += lines
        return self._lines[:count]

    def _reader(self, text: str) -> Any:
        lines = chain(io.StringIO(text, newline=""), [self._layout.delimiter.join(_END)])
        return csv.reader(lines, delimiter=self._layout.delimiter)

    def _parted(self, text: str, raw: list[bytes]) -> Block | None:
        """The records of these lines; None when the first of them has no end here."""
        rows: list[list[str]] = list(self._reader(text))
        lines: list[int] | range = range(self.line + 1, self.line + 1 + len(raw))
        used = len(raw)
        if len(rows) != used + 1:  # some records have several lines
            reader = self._reader(text)
            starts = [0, *(reader.line_num for _row in reader)]
            if rows[-1] != _END:  # the last one goes on beyond these lines: it comes first the next time
                used = starts[len(rows) - 1]
            if used == 0:
                return None
            lines = [self.line + 1 + start for start in starts[: len(rows) - 1]]
        rows.pop()
        self.position += sum(map(len, raw[:used]))
        self.line += used
        del self._lines[:used]
        self.ended = not self._lines and not self._rest
        if rows and min(map(len, rows)) < 2:
            kept = [at for at, row in enumerate(rows) if row and (len(row) > 1 or row[0].strip())]
            rows, lines = [rows[at] for at in kept], [lines[at] for at in kept]
        return Block(rows, lines)

    def _one_by_one(self, count: int) -> Block:
        self._file.seek(self.position)
        records = Records(self._file, self._layout, self.position, self.line)
        taken = list(islice(records, count))
        self.position, self.line = records.position, records.line
        self._begin()
        self.ended = not self._rest
        return Block(
            [record.cells for record in taken],
            [record.line for record in taken],
            {at: record.fault for at, record in enumerate(taken) if record.fault},
        )


def _lines(file: BinaryIO) -> Iterator[bytes]:
    r"""Lines with their ends: \n, \r\n or \r. In none of the encodings does a longer character contain these bytes."""
    rest = b""
    while block := file.read(BLOCK):
        block = rest + block
        lines = block.splitlines(keepends=True)
        # The last line may go on, and a final \r may be half of \r\n.
        rest = lines.pop()
        if len(rest) > 4 * CELL_LIMIT:  # no line is that long: hand it over rather than gather the whole file
            lines.append(rest)
            rest = b""
        yield from lines
    if rest:
        yield from rest.splitlines(keepends=True)


def _utf16_lines(file: BinaryIO, encoding: str) -> Iterator[bytes]:
    end = "\n".encode(encoding)
    rest = b""
    while True:
        block = file.read(BLOCK)
        rest += block
        start = 0
        while True:
            at = rest.find(end, start)
            while at >= 0 and at % 2:  # not on a character's boundary
                at = rest.find(end, at + 1)
            if at < 0:
                break
            yield rest[start : at + 2]
            start = at + 2
        rest = rest[start:]
        if not block:
            break
    if rest:
        yield rest


def sample(data: bytes, layout: Format, limit: int = 200) -> list[Record]:
    """The first records of `data`, which may end in the middle of one."""
    found: list[Record] = []
    for record in Records(io.BytesIO(data), layout):
        found.append(record)
        if len(found) >= limit:
            break
    return found
