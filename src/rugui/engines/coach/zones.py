"""Which words of a text are not the writer's own: quotations, addresses, code."""

from __future__ import annotations

import re
from functools import cache
from operator import methodcaller

from .patterns import compiled

QUOTE, URL, CODE = 1, 2, 4
KINDS = {"quote": QUOTE, "url": URL, "code": CODE}
_CLOSE = {"“": "”", "「": "」", "『": "』", "«": "»", "‘": "’", "〝": "〞"}
_HAN = "\u3400-\u9fff"
_NOT_IN_ADDRESS = rf"\s<>\"“”「」『』（）()，。；：！？、{_HAN}\uff00-\uffef"
_STRAIGHT = '"`{<>@'
_LOOKS = "“「『«‘〝" + _STRAIGHT
_DOTTED = re.compile(r"\.[A-Za-z]")
_APOSTROPHE = re.compile(r"'(?<![\w']')")
"""None that follows a letter: there are many of those."""
_SCHEME = re.compile("://")
"""Where something might begin, each by what it begins with: an alternation is tried at every character, which is slow."""
_SINGLE = r"'(?=\S)(?:[^'\n]|(?<=\w)'(?=\w)){1,300}(?<=\S)'(?!\w)"
_DOUBLE = r'"[^"]{0,2000}"'
_MAIL = r"[A-Za-z0-9._%+-]*@[A-Za-z0-9.-]*[A-Za-z0-9]"
_CODE = r"`+[^`\n]+`+|\{\{[^{}\n]*\}\}|\{%[^{}\n]*%\}|\{[A-Za-z_][\w. ]*\}|</?[A-Za-z][^<>\n]{0,200}>|<[^<>\s]+@[^<>\s]+>"
_LINE = r"[^\n]*"
_start = methodcaller("start")


@cache
def _addresses() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Whole addresses, files, bare names: made when one might stand somewhere.

    Only what needs it is compared without case: of a class with thousands of characters each would be looked up for that.
    """
    whole = re.compile(rf"(?i:(?:https?|ftp)://|www\.)[^{_NOT_IN_ADDRESS}]+")
    file = re.compile(
        r"(?<![\w.])[\w-]+\.(?:pdf|docx?|xlsx?|csv|jpe?g|png|zip|html?|txt|py|js|json|ya?ml)(?!\w)",
        re.IGNORECASE,
    )
    name = re.compile(
        r"(?<![\w@.-])(?i:[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|net|org|edu|gov|info|io|app|dev|me|co|tw|hk|cn|mo|sg|jp|kr|uk|us|de|fr|eu|test|example)"
        rf"(?:\.[a-z]{{2}})?)(?![\w-])(?:/[^{_NOT_IN_ADDRESS}]*)?"
    )
    return whole, file, name


Zone = tuple[int, int, int]
"""(begins, ends, kind) in code points."""


def candidates(text: str, first: int, last: int) -> list[int]:
    """Where in first..last a zone might begin."""
    first = max(0, first)
    looked: list[int] = []
    for each in _STRAIGHT if text.isascii() else _LOOKS:
        if each in text:  # most texts have none of them
            at = text.find(each, first, last)
            while at >= 0:
                looked.append(at)
                at = text.find(each, at + 1, last)
    if "'" in text:
        looked += map(_start, _APOSTROPHE.finditer(text, first, last))
    dotted = [*map(_start, _DOTTED.finditer(text, first, last))] if "." in text else []
    if ":" in text and "://" in text:
        dotted += map(_start, _SCHEME.finditer(text, first, last))
    return sorted([*looked, *dotted]) if looked or dotted else looked


def zones(text: str, looked: list[int]) -> tuple[Zone, ...]:
    found: list[Zone] = []
    end = 0
    for begins in looked:
        if begins >= end and (zone := _zone(text, begins)):
            found.append(zone)
            end = zone[1]
    return tuple(found)


def _zone(text: str, begins: int) -> Zone | None:
    first = text[begins]
    if first in ".@:":
        return _address(text, begins, first)
    if first == "'":
        quoted = compiled(_SINGLE, ignorecase=False).match(text, begins)
        return (begins, quoted.end(), QUOTE) if quoted else None
    if first == '"':
        return _straight(text, begins)
    if first == ">":
        line = compiled(_LINE, ignorecase=False).match(text, begins)
        starts = not text[text.rfind("\n", 0, begins) + 1 : begins].strip(" \t>")
        return (begins, line.end(), QUOTE) if line and starts else None
    if first in "`{<":
        code = compiled(_CODE, ignorecase=False).match(text, begins)
        return (begins, code.end(), CODE) if code else None
    end = _closing(text, begins, first, _CLOSE[first])
    return (begins, end, QUOTE) if end else None


def _closing(text: str, begins: int, opens: str, closes: str) -> int:
    """End of the quotation, with others of its kind inside; one not closed yet goes on to the end of the block."""
    depth, at = 1, begins
    while (end := text.find(closes, at + 1)) >= 0:
        depth += text.count(opens, at + 1, end)
        at = end
        if closes == "’" and text[at + 1 : at + 2].isalnum() and text[at - 1].isalnum():
            continue
        depth -= 1
        if depth <= 0:
            return at + 1
    return 0 if opens == "‘" else len(text)


def _straight(text: str, begins: int) -> Zone | None:
    """Straight quotation marks look alike at both ends: an inch mark (5") opens nothing, an unclosed one goes on."""
    if begins and text[begins - 1].isdigit():
        return None
    if quoted := compiled(_DOUBLE, ignorecase=False).match(text, begins):
        return (begins, quoted.end(), QUOTE)
    opens = (begins == 0 or not text[begins - 1].isalnum()) and not text[begins + 1 : begins + 2].isspace()
    return (begins, len(text), QUOTE) if opens and begins + 1 < len(text) else None


def _address(text: str, begins: int, first: str) -> Zone | None:
    word = begins
    while word and text[word - 1].isascii() and (text[word - 1].isalnum() or text[word - 1] in "._%+-"):
        word -= 1
    if first == "@":
        found = compiled(_MAIL, ignorecase=False).match(text, word)
        return (word, found.end(), URL) if found and found.end() > begins + 1 else None
    found = next((match for each in _addresses() if (match := each.match(text, word))), None)
    if found is None or found.end() <= begins:
        return None
    end = found.end()
    while end > begins and text[end - 1] in ".,;:!?'\")":
        end -= 1
    return (word, end, URL)
