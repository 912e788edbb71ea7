"""Where sentences end."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .edges import is_han
from .patterns import compiled

_NARROW, _WIDE = ".!?", "。！？…"
_CLOSING, _CLOSING_WIDE = "\"'”’»)]", "\"'”’」』）)]"
_STOP = re.compile("[.!?。！？…\n]")
_NEWLINE = re.compile(r"\n(?!\s*[a-z])\s*")
_SHORT = r"(?:^|[\s(])(?:mr|mrs|ms|dr|prof|st|no|nos|vs|etc|e\.g|i\.e|approx|tel|ext|dept|inc|ltd|co|fig|[a-z]|[ap]\.m)$"
_PLAIN = re.compile(
    r"\s*([^\s.!?。！？…][^.!?。！？…\n]*+(?:\.(?=[A-Za-z0-9])[^.!?。！？…\n]*+)*+"
    r"(?:[。！？…][.!?。！？…]*+[\"'”’」』）)\]]*+|[!?][.!?]*+(?=[ \n]|\Z)|(?<!\s)(?:\Z|(?=\n(?!\s*[a-z])))"
    r"|(?<![\s(][A-Za-z])(?<!^[A-Za-z])(?<![\s(](?i:mr|ms|dr|st|no|vs|co))(?<!^[A-Za-z]{2})"
    r"(?<![\s(](?i:mrs|nos|etc|e\.g|i\.e|tel|ext|inc|ltd|fig|a\.m|p\.m))(?<!^[A-Za-z].[A-Za-z])(?<!(?i:prof|dept))(?<!(?i:approx))"
    r"\.(?=[ \n]|\Z)))"
)
"""A sentence that ends as most do; asked before what is slower. It leaves alone what might be an abbreviation."""


def sentences(text: str) -> list[tuple[int, int]]:
    """The sentences (begins, ends) of a text without blocks."""
    found: list[tuple[int, int]] = []
    at, size = 0, len(text.rstrip())
    while at < size:  # as `sentences_from`, without stopping at each of them
        found += [match.span(1) for match in iter(_PLAIN.scanner(text, at, size).match, None)]  # type: ignore[attr-defined]
        if found and found[-1][1] > at:
            at = found[-1][1]
            if at == size:
                break
        begins, at = at, _end(text, at)
        if begins_and_ends := _trimmed(text, begins, at):
            found.append(begins_and_ends)
    return found


def sentences_from(text: str, at: int) -> Iterator[tuple[int, int]]:
    """The sentences from `at` on, which is where one ends or the text begins."""
    size = len(text.rstrip())
    while at < size:
        for match in iter(_PLAIN.scanner(text, at, size).match, None):  # type: ignore[attr-defined]  # not in the stubs
            span = match.span(1)
            at = span[1]
            yield span
        if at == size:
            return
        begins, at = at, _end(text, at)
        if begins_and_ends := _trimmed(text, begins, at):
            yield begins_and_ends


def _end(text: str, at: int) -> int:
    """Where the sentence ends that begins at `at`."""
    search = at
    for stop in _STOP.finditer(text, at):
        here = stop.start()
        if here < search:
            continue
        end = _behind(text, here)
        search = end or here + 1
        if end and not (text[here] == "." and end == here + 1 and _goes_on(text, here)):
            return end
    return len(text)


def _behind(text: str, here: int) -> int:
    """Where a sentence ends with the stops that begin at `here`, whatever word is before them; 0 if none does."""
    if text[here] == "\n":
        line = _NEWLINE.match(text, here)
        return line.end() if line else 0
    if text[here] in _WIDE:
        return _past(text, _past(text, here, _WIDE + _NARROW), _CLOSING_WIDE)
    end = _past(text, here, _NARROW)
    closed = _past(text, end, _CLOSING)
    following = text[closed : closed + 1]
    if not following or following.isspace():
        return closed
    following = text[end]
    return end if is_han(following) or (following in "「『“" and text[end - 1] != ".") else 0


def _past(text: str, at: int, characters: str) -> int:
    """The first place from `at` on where none of `characters` stands."""
    while at < len(text) and text[at] in characters:
        at += 1
    return at


def _goes_on(text: str, stop: int) -> bool:
    """A full stop behind "Mr", "e.g" or "a.m" is none, unless a new sentence visibly begins."""
    if not (short := compiled(_SHORT, ignorecase=True).search(text, max(0, stop - 10), stop)):
        return False
    following, said = text[stop + 1 : stop + 20].lstrip(" \t")[:1], short[0].strip(" (\n").lower()
    if said in ("no", "nos"):  # "No. 12" goes on, "No. We are open" does not
        return following.isdigit()
    return said != "i" and (said not in ("a.m", "p.m", "etc") or following.islower())


def _trimmed(text: str, begins: int, ends: int) -> tuple[int, int] | None:
    piece = text[begins:ends]
    if not (own := piece.strip()):
        return None
    if len(own) == len(piece):
        return begins, ends
    begins += len(piece) - len(piece.lstrip())
    return begins, begins + len(own)
