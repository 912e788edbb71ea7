"""Whose names look like the one asked for: a cheap look at many, before the careful comparison of a few.

Four digits lead to two hundred people, of whom one or two are called anything like what was said. Every form of every word
asked for (nicknames, other romanisations) is held against every word of all names at once; who has the words that look
most alike is compared in full, and the others agree no better than the least of those.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cdist

from .compare import initials
from .keys import spellings
from .normalise import Name, name_of

_WORDS = re.compile(r"[a-z0-9]+")


def most_alike(asked: Name, names: Sequence[Sequence[str]], most: int) -> list[int]:
    """The places of at most `most` people, by their `names`, whose names look most like the one asked for."""
    if len(names) <= most:
        return list(range(len(names)))
    groups = _asked(asked)
    tokens: dict[str, int] = {}
    own: list[int] = []
    starts: list[int] = []
    for called in names:
        starts.append(len(own))
        found = [tokens.setdefault(each, len(tokens)) for text in called if text for each in _tokens(text)]
        own += found or [tokens.setdefault("", len(tokens))]
    forms = [each for group in groups for each in group]
    alike = cdist(forms, list(tokens), scorer=JaroWinkler.normalized_similarity, dtype=np.float32)
    begins = np.cumsum([0, *map(len, groups)])[:-1]
    by_word = np.maximum.reduceat(alike, begins, axis=0)
    by_person = np.maximum.reduceat(by_word[:, own], starts, axis=1)
    score = np.maximum(by_person[1:].mean(axis=0), by_person[0]) if len(groups) > 1 else by_person[0]
    return np.argsort(-score, kind="stable")[:most].tolist()  # type: ignore[no-any-return]


def _asked(name: Name) -> list[list[str]]:
    """The name as a whole, as it may be written in one; then each of its words in all its forms."""
    whole = [name.hanzi] if name.hanzi else []
    whole += ["".join(name.words)] if name.words else []
    whole += [family + given for family, given in name.readings]
    groups = [whole, *([each.word for each in spellings(word)] for word in name.words)]
    if name.hanzi and name.readings:
        families, givens = (list(dict.fromkeys(each)) for each in zip(*name.readings, strict=True))
        groups += [[form.word for each in families for form in spellings(each)], givens]
    return groups


@lru_cache(maxsize=50_000)
def _tokens(text: str) -> tuple[str, ...]:
    """The words of a name on a card, and what it is when written in one word."""
    if text.isascii():
        words = _WORDS.findall(text.lower().replace("'", ""))
        return (
            (*words, "".join(words), "".join(words[1:]), "".join(words[:-1]))
            if len(words) > 2
            else (*words, "".join(words))
        )
    name = name_of(text)
    found = [*name.words, *name.joined, name.hanzi, "".join(name.words)]
    for family, given in name.readings:
        found += [family, given, family + given]
    if name.hanzi:
        found.append(initials(name.hanzi))
    return tuple(each for each in dict.fromkeys(found) if each)
