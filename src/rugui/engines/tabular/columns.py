"""How a file is laid out: its delimiter, whether it has a header, and which column is which field."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from .base import Guess, plain
from .dates import looks_like_date
from .encoding import detect_encoding
from .mended import ADDED, is_ours, unguarded
from .records import Format, sample
from .words import FIELDS, HEADER_WORDS, HEADERS, MANY

DELIMITERS = [",", ";", "\t", "|"]
_NOT_LETTERS = re.compile(r"[\W_]+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"\+?[\d\s().\-/]{7,20}")
_AMOUNT = re.compile(r"[(\-−]?\s*(?:[A-Z]{0,3}[$€£¥￥])?\s*\d[\d,.' ]*\)?")


@dataclass(frozen=True, slots=True)
class Layout:
    """What the start of a file says about it."""

    format: Format
    encoding: Guess[str]
    delimiter: Guess[str]
    header: Guess[bool]
    names: list[str]
    """The column headers, or empty strings when there is no header."""
    rows: list[list[str]]
    """The first rows, without the header."""


def folded(word: str) -> str:
    """A header or a choice as the word lists know it: no capitals, spaces or punctuation."""
    return _NOT_LETTERS.sub("", plain(word).casefold())


def detect_layout(
    start: bytes, *, whole: bool = True, encoding: str | None = None, delimiter: str | None = None,
    header: bool | None = None,
) -> Layout:  # fmt: skip
    """The layout of a file that begins with `start`. What the caller already knows is not guessed."""
    encoding_guess = Guess(encoding, 1.0) if encoding else detect_encoding(start, whole=whole)
    if not whole:
        start = start[: start.rfind(b"\n") + 1] or start
    delimiter_guess = Guess(delimiter, 1.0) if delimiter else _delimiter(start, encoding_guess.value)
    records = sample(start, Format(encoding_guess.value, delimiter_guess.value))
    rows = [record.cells for record in records]
    header_guess = Guess(header, 1.0) if header is not None else _header(rows)
    names = rows.pop(0) if header_guess.value and rows else []
    # The header says how many columns there are; a longer row has a separator too many.
    usual = Counter(map(len, rows)).most_common(1)
    names = [plain(name) for name in names] if names else [""] * (usual[0][0] if usual else 0)
    if is_ours(names):
        names = [plain(unguarded(name)) for name in names]
        rows = [[unguarded(cell) for cell in row] for row in rows]
    written = Format(encoding_guess.value, delimiter_guess.value, header_guess.value)
    return Layout(written, encoding_guess, delimiter_guess, header_guess, names, rows)


def _delimiter(start: bytes, encoding: str) -> Guess[str]:
    best = Guess(",", 0.3)
    widest = 1
    for candidate in DELIMITERS:
        widths = Counter(len(record.cells) for record in sample(start, Format(encoding, candidate), 60))
        if not widths:
            continue
        width, times = widths.most_common(1)[0]
        agreement = times / widths.total()
        if width > 1 and (agreement, width) > (
            best.certainty + 1e-9,
            0 if agreement > best.certainty else widest,
        ):
            best, widest = Guess(candidate, min(0.99, agreement)), width
    return best


def _header(rows: Sequence[Sequence[str]]) -> Guess[bool]:
    if not rows:
        return Guess(True, 0.5)
    first = [plain(cell) for cell in rows[0]]
    known = sum(folded(cell) in HEADER_WORDS for cell in first if cell)
    if known:
        return Guess(True, 0.99 if known > 1 else 0.9)
    data = [cell for cell in first if _looks(cell)]
    if data:
        return Guess(False, 0.9)
    below = any(_looks(plain(cell)) for row in rows[1:] for cell in row)
    return Guess(True, 0.8) if below else Guess(False, 0.5)


def _looks(cell: str) -> str:
    """What a cell looks like by itself: email, date, phone, amount, or nothing in particular."""
    if _EMAIL.fullmatch(cell):
        return "email"
    if looks_like_date(cell):
        return "date"
    digits = sum(letter.isdigit() for letter in cell)
    if 8 <= digits <= 15 and _PHONE.fullmatch(cell) and (cell[0] in "+0(" or "-" in cell or " " in cell):
        return "phone"
    if _AMOUNT.fullmatch(cell):
        return "amount"
    return ""


_BY_CONTENT = {
    "customers": {"email": "email", "phone": "phone"},
    "purchases": {"email": "customer_email", "phone": "customer_phone", "date": "at", "amount": "amount"},
    "visits": {"email": "customer_email", "phone": "customer_phone", "date": "expected_at"},
    "notes": {"email": "customer_email", "phone": "customer_phone", "date": "learned_at"},
    "touches": {"email": "customer_email", "phone": "customer_phone", "date": "at"},
}


def guess_mapping(subject: str, names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Guess[str]]:
    """For each column the field that it fills, or an empty string for none."""
    if is_ours(names):
        own = len(names) - len(ADDED)
        return [*guess_mapping(subject, names[:own], rows), *[Guess("", 1.0)] * len(ADDED)]
    guesses = [
        _by_header(subject, name) or _by_content(subject, [row[index] for row in rows if index < len(row)])
        for index, name in enumerate(names)
    ]
    return _without_conflicts(guesses)


def _by_header(subject: str, name: str) -> Guess[str] | None:
    words = HEADERS[subject]
    fold = folded(name)
    if not fold:
        return None
    if fold in FIELDS[subject]:
        return Guess(fold, 1.0)
    for field in FIELDS[subject]:
        if fold == field.replace("_", ""):
            return Guess(field, 1.0)
    if fold in words:
        return Guess(words[fold], 0.97)
    parts = [folded(part) for part in re.split(r"[\W_]+", plain(name)) if part]
    whole = [
        word for word in words if len(word) > 3 and (word in fold if not word.isascii() else word in parts)
    ]
    if whole:
        return Guess(words[max(whole, key=len)], 0.6)
    return None


def _by_content(subject: str, cells: list[str]) -> Guess[str]:
    filled = [cell for cell in map(plain, cells) if cell]
    if not filled:
        return Guess("", 0.5)
    look, times = Counter(map(_looks, filled)).most_common(1)[0]
    share = times / len(filled)
    field = _BY_CONTENT[subject].get(look, "")
    if not field or share < 0.7:
        return Guess("", 0.5)
    return Guess(field, round(share * {"email": 0.9, "date": 0.6, "phone": 0.7, "amount": 0.4}[look], 2))


def _without_conflicts(guesses: list[Guess[str]]) -> list[Guess[str]]:
    """Of several columns for one field the surest (the first of equals) keeps it."""
    best: dict[str, int] = {}
    for index, guess in enumerate(guesses):
        if guess.value and guess.value not in MANY:
            held = best.get(guess.value)
            if held is None or guess.certainty > guesses[held].certainty:
                best[guess.value] = index
    return [
        guess if not guess.value or guess.value in MANY or best[guess.value] == index else Guess("", 0.5)
        for index, guess in enumerate(guesses)
    ]
