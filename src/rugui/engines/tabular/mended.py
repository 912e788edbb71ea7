"""Files of rejected rows: written to be mended in a spreadsheet, and read again without loss.

A spreadsheet runs a cell that begins with = + - @ (or a tab or line end before them) as a formula, and one that is
set to Chinese or Japanese reads their full-width forms in the same way. Such a cell
gets an apostrophe in front; a cell that has apostrophes before such a letter gets one more, so that taking
one off is always right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

ADDED = ["line", "field", "reason"]
"""The columns that stand after the original ones; they mean nothing when the file is read."""
_DANGEROUS = re.compile(r"'*[=+\-@＝＋－＠\t\r\n]")
_GUARDED = re.compile(r"'+[=+\-@＝＋－＠\t\r\n]")


def is_ours(names: Sequence[str]) -> bool:
    """Whether these headers are those of a rejected file."""
    return len(names) > len(ADDED) and list(names[-len(ADDED) :]) == ADDED


def guarded(cell: str) -> str:
    return "'" + cell if _DANGEROUS.match(cell) else cell


def unguarded(cell: str) -> str:
    return cell[1:] if _GUARDED.match(cell) else cell
