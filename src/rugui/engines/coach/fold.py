"""Folding one character to one, so that an offset in the folded text is the offset in the text as written.

Width, curly quotes, dashes, accents and Chinese script are folded; case too for comparing (`folded`), not for
patterns that look at case (`plain`).
"""

from __future__ import annotations

import sys
import unicodedata
from array import array
from codecs import utf_16_le_decode, utf_16_le_encode
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data"
_MARKS = {
    **dict.fromkeys("‘’‛ʼ`´", "'"), **dict.fromkeys("“”„‟〝〞", '"'), **dict.fromkeys("‐‑", "-"),
    **dict.fromkeys("\t\r\n\v\f\x85\u2028\u2029", " "),
}  # fmt: skip
_SAME = {"著": "着", "妳": "你", "覆": "复", "祇": "只", "牠": "它", "祂": "他", "裏": "里", "麽": "么"}
"""Beyond traditional to simplified: two spellings of one word, right for comparing and wrong for writing."""
_MANY = 0x10000
_LATIN = (*range(0x80, 0x250), *range(0x1E00, 0x1F00))
_WIDE = (*range(0x3000, 0x3001), *range(0xFF00, 0xFFEF), *range(0xF900, 0xFAFF))
_CASED = (*range(0x41, 0x5B), *range(0x370, 0x600))


@cache
def simplified() -> dict[int, str]:
    """For `str.translate`: each traditional character to the simplified one."""
    old, new = (_DATA / "scripts.txt").read_text("utf-8").split()
    return dict(zip(map(ord, old), new, strict=True))


def only_traditional() -> frozenset[str]:
    """Characters that 简体 does not write: traditional ones that GB 2312 lacks."""
    return _only()[0]


def only_simplified() -> frozenset[str]:
    """Characters that 繁體 does not write: simplified ones that Big5 lacks."""
    return _only()[1]


@cache
def _only() -> tuple[frozenset[str], frozenset[str]]:
    """From a file: to ask both charsets of each character takes a command longer than to read a draft."""
    traditional, simplified = (_DATA / "only.txt").read_text("utf-8").split()
    return frozenset(traditional), frozenset(simplified)


@cache
def _plain() -> array[int]:
    """For `str.translate`, which looks things up in a mapping three times more slowly. Above it nothing is folded."""
    units = bytearray(2 * _MANY)  # every unit as itself: the low bytes, the high ones
    units[sys.byteorder == "big" :: 2] = bytes(range(256)) * 256
    units[sys.byteorder == "little" :: 2] = b"".join([bytes((high,)) * 256 for high in range(256)])
    table = array("H", bytes(units))
    for code in _WIDE:
        wide = unicodedata.normalize("NFKC", chr(code))
        table[code] = ord(wide) if len(wide) == 1 and wide <= "\uffff" else code
    for code in _LATIN:
        base = ord(unicodedata.normalize("NFD", chr(code))[0])
        table[code] = base if base < 0x80 else code
    for old, new in simplified().items():
        table[old] = ord(new)
    for mark, same in (*_MARKS.items(), *_SAME.items()):
        table[ord(mark)] = ord(same)
    table[0xA0] = 0x20
    return table


@cache
def _folded() -> list[int]:
    """A list: `str.translate` finds things in it faster still."""
    table = _plain().tolist()
    for code in (*_CASED, *_LATIN, *_WIDE):
        lower = chr(table[code]).lower()
        if len(lower) == 1:
            table[code] = ord(lower)
    return table


def plain(text: str) -> str:
    """`text` with case kept; as long as `text`."""
    return text.translate(_plain())


_ASCII = bytes(range(128)).lower().translate(bytes.maketrans(b"`\t\r\n\v\f", b"'     ")).ljust(256)
"""For `bytes.translate`: what `_folded` says of the first letters, most texts' only ones, without the making of it."""


def folded(text: str) -> str:
    """`text` for comparing; as long as `text`."""
    if text.isascii():
        return text.encode().translate(_ASCII).decode()
    if len(text) > _LONG and (numpy := sys.modules.get("numpy")) is not None:
        made = _at_once(text, numpy)
        if len(made) == len(text):
            return made
    return text.translate(_folded())


_LONG = 100


def _at_once(text: str, numpy: Any) -> str:
    """As `translate`, three times as fast where the program has numpy loaded anyway; empty for what is no text of one unit a letter."""
    raw = utf_16_le_encode(text, "surrogatepass")[0]
    if len(raw) != 2 * len(text):
        return ""
    table = _table(numpy)
    return utf_16_le_decode(table[numpy.frombuffer(raw, table.dtype)], "surrogatepass", True)[0]


@cache
def _table(numpy: Any) -> Any:
    return numpy.array(_folded(), dtype="<u2")


def astral(text: str) -> list[int]:
    """Where characters stand that take two UTF-16 units, as emoji do."""
    if text.isascii() or len(utf_16_le_encode(text, "surrogatepass")[0]) == 2 * len(text):
        return []
    return [at for at, each in enumerate(text) if each > "\uffff"]


def utf16(text: str, offset: int) -> int:
    """The offset in UTF-16 units, as editors and browsers count, of an offset in code points."""
    return offset if text.isascii() else offset + sum(each > "\uffff" for each in text[:offset])
