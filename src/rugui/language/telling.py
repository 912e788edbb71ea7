"""Marks as a page and the API tell them: places counted as browsers count, words in the reader's language."""

from __future__ import annotations

from typing import Any

from ..engines.coach import Better, Mark
from . import words


def mark(found: Mark, text: str) -> dict[str, Any]:
    """One mark. `start` and `end` count UTF-16 units, as JavaScript does."""
    return {
        "rule": found.rule,
        "start": found.start16,
        "end": found.end16,
        "words": text[found.start : found.end],
        "category": found.category,
        "kind": str(words.CATEGORIES.get(found.category, found.category)),
        "severity": found.severity,
        "message": found.message,
        "why": found.why,
        "certainty": round(found.certainty, 2),
        "missing": found.missing,
        "ways": [way(each) for each in found.rather],
    }


def way(better: Better) -> dict[str, Any]:
    """A better way: `text` in place of start..end; `open` are parts of it that the writer fills in."""
    return {
        "text": better.text,
        "start": better.start16,
        "end": better.end16,
        "open": [[_utf16(better.text, begin), _utf16(better.text, end)] for begin, end in better.open],
        "advice": better.advice,
    }


def _utf16(text: str, at: int) -> int:
    return at + sum(each > "\uffff" for each in text[:at])
