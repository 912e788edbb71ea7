"""A line as a row of comparable units: a Latin word, a number, or one Chinese character."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_CJK = "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(
    rf"(?P<cjk>[{_CJK}])|(?P<number>\d+)|(?P<word>w/o(?![a-z])|[^\W\d_{_CJK}]+(?:'[^\W\d_{_CJK}]+)*)"
)
_ENDS_HARD = re.compile(r"[;!?。…\n\r\t|]|\.(?=\s|$)")
_ENDS_SOFT = re.compile(r"[,()\[\]<>\"“”「」『』•]|\s[-–—]+\s|[-–—]{2,}")
_ENDS_LIST = re.compile(r"[、/&+]")
_TITLES = frozenset(
    {
        "dr",
        "mr",
        "mrs",
        "ms",
        "st",
        "no",
        "rm",
        "prof",
        "approx",
        "appt",
        "tel",
        "ext",
        "vs",
        "jr",
        "pref",
        "prefs",
        "avail",
        "incl",
        "temp",
        "min",
        "max",
        "qty",
        "hrs",
        "bday",
        "flr",
    }
)
_OPENS = frozenset('"“「『')
_BEFORE_A_NAME = frozenset({"叫", "喊", "her", "him", "them", "by"})
"""Call her "Mo", 叫「蘇老師」: the quotation mark parts nothing."""
NONE, SPACE, LIST, SOFT, HARD = range(5)
"""What stands before a unit, by how much it parts."""


@dataclass(frozen=True, slots=True)
class Unit:
    text: str
    start: int
    end: int
    gap: int
    """NONE to HARD: what parts it from the unit before."""
    cjk: bool = False
    number: bool = False
    capital: bool = False
    possessive: bool = False


@dataclass(frozen=True, slots=True)
class Folded:
    """A line in its comparable form, with the place in the line of each of its characters."""

    text: str
    at: tuple[int, ...]
    """For each character of `text`, the offset in the line; one more at the end."""

    def original(self, start: int, end: int) -> tuple[int, int]:
        return self.at[start], self.at[end - 1] + 1 if end > start else self.at[start]


_SAME = {"’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'", "　": " ", "\u200b": " ", "臺": "台"}


def fold(line: str) -> Folded:
    """Full-width to half-width, capitals to small, curly to straight: character by character, so that places are kept."""
    out: list[str] = []
    at: list[int] = []
    for index, character in enumerate(line):
        if character < "\x80":
            out.append(character.lower())
            at.append(index)
            continue
        plain = _SAME.get(character) or unicodedata.normalize("NFKC", character).casefold()
        out.append(plain)
        at.extend([index] * len(plain))
    at.append(len(line))
    return Folded("".join(out), tuple(at))


def units(line: str, folded: Folded) -> list[Unit]:
    text, result, last = folded.text, list[Unit](), 0
    for match in _TOKEN.finditer(text):
        start, end = folded.original(match.start(), match.end())
        word = match["word"]
        is_cjk = match["cjk"] is not None
        gap = _gap(text[last : match.start()], result, is_cjk, match["number"] is not None)
        possessive = False
        if word is not None and "'" in word:
            possessive = word.endswith("'s")
            word = word.removesuffix("'s").replace("'", "")
        result.append(
            Unit(
                match.group() if word is None else word,
                start,
                end,
                gap,
                cjk=is_cjk,
                number=match["number"] is not None,
                capital=line[start].isupper(),
                possessive=possessive,
            )
        )
        last = match.end()
    return result


def _gap(between: str, before: list[Unit], is_cjk: bool, is_number: bool) -> int:
    if not between or not before:
        return NONE
    if between in {".", ",", ":"} and before[-1].number and is_number:
        return NONE
    if between == " ":
        return SPACE if is_cjk and before[-1].cjk else NONE
    if between.strip() in _OPENS and before[-1].text in _BEFORE_A_NAME:
        return NONE
    if _ENDS_HARD.search(between) and not (between[0] == "." and before[-1].text in _TITLES):
        return HARD
    if _ENDS_SOFT.search(between):
        return SOFT
    if _ENDS_LIST.search(between):
        return LIST
    return SPACE if is_cjk and before[-1].cjk and between.isspace() else NONE
