"""Lines and columns of a text, as people, editors and reports count them."""

from __future__ import annotations

from bisect import bisect_right

from .fold import utf16


class Lines:
    """Where offsets (code points) are. Lines end with \\n, \\r\\n or \\r; everything is counted from 0."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0]
        at = 0
        for line in text.splitlines(keepends=True):
            at += len(line)
            if line[-1] in "\r\n":
                self.starts.append(at)

    def at(self, offset: int) -> tuple[int, int]:
        """(line, column in code points)."""
        line = bisect_right(self.starts, offset) - 1
        return line, offset - self.starts[line]

    def at16(self, offset: int) -> tuple[int, int]:
        """(line, column in UTF-16 units)."""
        line, column = self.at(offset)
        start = self.starts[line]
        return line, utf16(self.text[start : start + column], column)

    def offset16(self, line: int, column: int) -> int:
        """The offset of a line and a column in UTF-16 units."""
        if line >= len(self.starts):
            return len(self.text)
        at = self.starts[line]
        while column > 0 and at < len(self.text):
            column -= 2 if self.text[at] > "\uffff" else 1
            at += 1
        return at
