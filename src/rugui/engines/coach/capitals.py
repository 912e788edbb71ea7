"""Whether a heading is written in the case that the house wants."""

from __future__ import annotations

import re
from collections.abc import Collection

_WORD = re.compile(r"[A-Za-z][\w'’-]*")
_SMALL = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "but",
        "by",
        "en",
        "for",
        "from",
        "if",
        "in",
        "into",
        "nor",
        "of",
        "off",
        "on",
        "onto",
        "or",
        "out",
        "over",
        "per",
        "so",
        "than",
        "the",
        "to",
        "up",
        "upon",
        "v",
        "via",
        "vs",
        "with",
        "yet",
    ]
)


def wrongly_written(text: str, match: str, exceptions: Collection[str]) -> bool:
    """`match`: $title, $sentence, $lower or $upper. Words of `exceptions` may stand as they are there; so may acronyms."""
    for exception in exceptions:
        text = re.sub(rf"(?<!\w){re.escape(exception)}(?!\w)", " ", text)
    words = [each for each in _WORD.findall(text) if not _acronym(each)]
    if match == "$lower":
        return any(each != each.lower() for each in words)
    if match == "$upper":
        return any(each != each.upper() for each in _WORD.findall(text))
    if not words:
        return False
    starts = _WORD.search(text)
    first_small = starts is not None and not _acronym(starts[0]) and starts[0][0].islower()
    if match == "$sentence":
        return first_small or any(each[0].isupper() and each != "I" for each in words[1:])
    large = (each for each in words[1:] if each.lower() not in _SMALL)
    return first_small or words[0][0].islower() or any(each[0].islower() for each in large)


def _acronym(word: str) -> bool:
    return len(word) > 1 and sum(each.isupper() for each in word) > 1
