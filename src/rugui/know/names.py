"""Names as a search meets them, and identities in their comparable form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from ..engines.identities import normal_email, normal_identity, normal_phone

__all__ = ["name_keys", "name_prefixes", "normal_email", "normal_identity", "normal_phone"]

MAX_KEY = 80
# Scripts written without spaces between the parts of a name: Han (with its repetition mark and rarer planes),
# kana, Hangul syllables.
_RUN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af\u3041-\u30ff\uac00-\ud7a3"
_WORDS = re.compile(rf"(?P<run>[{_RUN}]+)|[^\W_{_RUN}]+(?:['’][^\W_{_RUN}]+)*")
_ASCII_WORDS = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*")
_ACCENTS = re.compile(r"[\u0300-\u036f]")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"})


def _folded(text: str) -> str:
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text).casefold()).translate(_LETTERS)
    return unicodedata.normalize("NFC", plain)


def name_keys(name: str) -> list[str]:
    """What a search for part of `name` may begin with, sorted.

    Every word without accents and capitals; of a run of Han characters (kana, Hangul) every suffix, so that
    any part of it is the beginning of a key.
    """
    if name.isascii():
        return sorted(_of_words(_ASCII_WORDS.findall(name.lower())))
    keys: set[str] = set()
    for match in _WORDS.finditer(_folded(name)):
        word = match.group()
        if match.group("run"):
            keys.update(word[start : start + MAX_KEY] for start in range(len(word)))
        else:
            keys |= _of_words([word.replace("’", "'")])
    return sorted(keys)


def _of_words(words: Iterable[str]) -> set[str]:
    keys = set()
    for word in words:
        if "'" in word:  # O'Brien is found by obrien and by brien
            keys.add(word.replace("'", "")[:MAX_KEY])
            keys.update(part[:MAX_KEY] for part in word.split("'"))
        else:
            keys.add(word[:MAX_KEY])
    return keys


def name_prefixes(text: str) -> list[str]:
    """What somebody typed, as the beginnings of keys that must all be found: "Yu ch" gives ["yu", "ch"]."""
    return [
        match.group().replace("’", "").replace("'", "")[:MAX_KEY] for match in _WORDS.finditer(_folded(text))
    ]
