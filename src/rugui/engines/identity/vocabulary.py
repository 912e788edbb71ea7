"""The names of very many cards as numbers: each distinct name taken apart once, each distinct word looked up once.

The same as `normalise.name_of` says of one name (a test holds them together), but names that are written plainly, in
Latin words or in Han characters alone, are taken apart all at once.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import compress, count

import numpy as np
import numpy.typing as npt

from .blocks import both
from .compare import surname_of
from .normalise import (
    HANZI_TITLES,
    MAX_WORD,
    MAX_WORDS,
    TITLES,
    Name,
    hanzi_readings,
    name_of,
    romanised,
    simplified,
    sounds_like,
    surname_readings,
    written_together,
)

Rows = npt.NDArray[np.int32]
Places = npt.NDArray[np.int64]
WIDTH = MAX_WORDS + 1
"""Words of a name, and the surname that is added where it is written in Han characters."""
_SPACES = {number: " " for number in range(128) if not chr(number).isalnum() and chr(number) not in "\n'`-"}
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff][\u3400-\u4dbf\u4e00-\u9fff ]*")


class Numbers(defaultdict[str, int]):
    """Texts by the order in which they were first seen."""

    def __init__(self) -> None:
        super().__init__(count().__next__)

    def of(self, texts: Iterable[str]) -> Rows:
        return np.fromiter(map(self.__getitem__, texts), dtype=np.int32)


@dataclass(slots=True)
class Names:
    """Distinct names. A *term* is any text whose rarity counts: a word, a whole Chinese name, a part of a reading."""

    texts: list[str]
    terms: Numbers
    words: Rows
    """[row, WIDTH] terms, -1 behind the last. A row a name; behind them those of names of both scripts in Latin letters."""
    length: npt.NDArray[np.int64]
    """Words of each row."""
    hanzi: Rows
    """By name: the term of its Han characters, -1 for none."""
    first: Rows
    """By name: the term of the first of them."""
    latin: Places
    """By name: its row in Latin letters."""
    start: Places
    """By name and one more: where its readings begin in `readings`."""
    readings: Rows
    """Numbers of readings, in each name the most plausible first."""
    family: Rows
    given: Rows
    """By reading: terms. Readings are numbered in the order of the alphabet; behind the last stands -1."""
    heard: Rows
    """By reading: a number for how it sounds, -1 for none; behind the last -1."""
    joined: tuple[Places, Rows]
    """(names, terms): hyphenated words written as one."""


@dataclass(slots=True)
class _Parts:
    """What is collected of names, by name."""

    words: Rows
    length: npt.NDArray[np.int64]
    hanzi: list[str]
    joined: list[tuple[int, int]] = field(default_factory=list)
    readers: list[int] = field(default_factory=list)
    """By reading its name, and what it consists of; those of one name follow each other."""
    families: list[str] = field(default_factory=list)
    givens: list[str] = field(default_factory=list)

    def read(self, place: int, found: tuple[tuple[str, str], ...]) -> None:
        for family, given in found:
            self.readers.append(place)
            self.families.append(family)
            self.givens.append(given)


def names_of(texts: Sequence[str]) -> Names:
    """Takes distinct names apart."""
    terms = Numbers()
    parts = _Parts(
        np.full((len(texts), MAX_WORDS), -1, dtype=np.int32),
        np.zeros(len(texts), dtype=np.int64),
        [""] * len(texts),
    )
    plain, characters, others = _sorted_out(texts)
    others += _plain(texts, plain, terms, parts)
    _characters(texts, characters, parts)
    for place in others:
        _taken_apart(place, name_of(texts[place]), terms, parts)
    return _numbered(texts, terms, parts)


def _sorted_out(texts: Sequence[str]) -> tuple[list[int], list[int], list[int]]:
    plain: list[int] = []
    characters: list[int] = []
    others: list[int] = []
    for place, text in enumerate(texts):
        if text.isascii():
            (others if "\n" in text else plain).append(place)
        elif _HAN.fullmatch(text) and len(text) <= MAX_WORD:
            characters.append(place)
        else:
            others.append(place)
    return plain, characters, others


def _plain(texts: Sequence[str], places: list[int], terms: Numbers, parts: _Parts) -> list[int]:
    """Words between spaces. Gives back the places of names that are less plain than that."""
    if not places:
        return []
    whole = "\n".join([texts[place] for place in places]).lower().translate(_SPACES)
    letters = np.frombuffer(whole.encode("ascii"), dtype=np.uint8)
    line = np.cumsum(letters == ord("\n"))
    space = (letters == ord(" ")) | (letters == ord("\n"))
    begins = np.flatnonzero(~space & np.concatenate([[True], space[:-1]]))
    owner = line[begins]
    special = np.zeros(len(places), dtype=bool)
    special[line[np.isin(letters, np.frombuffer(b"'`-", dtype=np.uint8))]] = True
    length = np.bincount(owner, minlength=len(places))
    special |= length > MAX_WORDS
    special |= np.bincount(line, minlength=len(places)) > MAX_WORD  # a word may be too long
    kept = ~special[owner]
    owner = owner[kept]
    words = terms.of(compress(whole.split(), kept.tolist()))
    titles = np.array([terms[each] for each in TITLES if each in terms], dtype=np.int32)
    special[owner[np.isin(words, titles)]] = True
    at = np.arange(len(owner)) - np.searchsorted(owner, owner)
    kept = ~special[owner]
    own = np.array(places)
    parts.words[own[owner[kept]], at[kept]] = words[kept]
    parts.length[own[~special]] = length[~special]
    _read(own[~special], terms, parts)
    left: list[int] = own[special].tolist()
    return left


def _read(places: Places, terms: Numbers, parts: _Parts) -> None:
    """Which plain names can be read as Chinese ones: few, found by their first or last word."""
    texts = list(terms)
    surnames = np.array([bool(surname_readings(each)) for each in texts] or [False])
    length = parts.length[places]
    first = parts.words[places, 0]
    last = parts.words[places, np.maximum(length - 1, 0)]
    maybe = places[(length >= 2) & (length <= 4) & (surnames[first] | surnames[last])]
    for place in maybe.tolist():
        words = [(texts[each], False) for each in parts.words[place].tolist() if each >= 0]
        parts.read(place, romanised(words))
    for place in places[length == 1].tolist():
        parts.read(place, written_together(texts[parts.words[place, 0]]))


def _characters(texts: Sequence[str], places: list[int], parts: _Parts) -> None:
    whole = simplified("\n".join([HANZI_TITLES.sub("", texts[place].replace(" ", "")) for place in places]))
    for place, hanzi in zip(places, whole.split("\n"), strict=False):
        parts.hanzi[place] = hanzi
        parts.read(place, hanzi_readings(hanzi))


def _taken_apart(place: int, name: Name, terms: Numbers, parts: _Parts) -> None:
    for at, word in enumerate(name.words):
        parts.words[place, at] = terms[word]
    parts.length[place] = len(name.words)
    parts.hanzi[place] = name.hanzi
    parts.joined += [(place, terms[each]) for each in name.joined]
    parts.read(place, name.readings)


def _numbered(texts: Sequence[str], terms: Numbers, parts: _Parts) -> Names:
    total = len(texts)
    start, readings, family, given, heard = _readings(terms, parts, total)
    hanzi = np.fromiter((terms[each] if each else -1 for each in parts.hanzi), dtype=np.int32, count=total)
    first = np.fromiter((terms[each[0]] if each else -1 for each in parts.hanzi), dtype=np.int32, count=total)
    read = np.append(readings, -1)[np.where(np.diff(start) > 0, start[:-1], len(readings))]
    words, length, latin = _in_latin(terms, parts, hanzi, family[read])
    return Names(
        list(texts),
        terms,
        words,
        length,
        hanzi,
        first,
        latin,
        start,
        readings,
        family,
        given,
        heard,
        (
            np.array([name for name, _term in parts.joined], dtype=np.int64),
            np.array([term for _name, term in parts.joined], dtype=np.int32),
        ),
    )


def _readings(terms: Numbers, parts: _Parts, total: int) -> tuple[Places, Rows, Rows, Rows, Rows]:
    """(start, readings, family, given, heard) of `Names`. Each word is looked at once, however many readings it is in."""
    readers = np.array(parts.readers, dtype=np.int64)
    order = np.argsort(readers, kind="stable")
    families, givens = terms.of(parts.families)[order], terms.of(parts.givens)[order]
    start = np.zeros(total + 1, dtype=np.int64)
    np.cumsum(np.bincount(readers, minlength=total), out=start[1:])
    used, which = np.unique(np.concatenate([families, givens]), return_inverse=True)
    texts = list(terms)
    spelt = [texts[each] for each in used.tolist()]
    rank = np.empty(len(spelt), dtype=np.int64)
    rank[sorted(range(len(spelt)), key=spelt.__getitem__)] = np.arange(len(spelt))
    one, other = which[: len(readers)], which[len(readers) :]
    _code, first, readings = np.unique(both(rank[one], rank[other]), return_index=True, return_inverse=True)
    sounds = Numbers()
    sounds[""]
    sound = sounds.of(map(sounds_like, spelt))
    _code, heard = np.unique(both(sound[one[first]], sound[other[first]]), return_inverse=True)
    heard[(sound[one[first]] == 0) & (sound[other[first]] == 0)] = -1
    none = np.int32(-1)
    return (
        start,
        readings.astype(np.int32),
        np.append(families[first], none),
        np.append(givens[first], none),
        np.append(heard.astype(np.int32), none),
    )


def _in_latin(
    terms: Numbers, parts: _Parts, hanzi: Rows, families: Rows
) -> tuple[Rows, npt.NDArray[np.int64], Places]:
    """Adds a row for each name of both scripts: Tina 陈 is tina chen. `families`: of its first reading, -1 for none."""
    total = len(hanzi)
    latin = np.arange(total, dtype=np.int64)
    mixed = np.flatnonzero((hanzi >= 0) & (parts.length > 0))
    latin[mixed] = total + np.arange(len(mixed))
    words = np.full((total + len(mixed), WIDTH), -1, dtype=np.int32)
    words[:total, :MAX_WORDS] = parts.words
    words[total:, :MAX_WORDS] = parts.words[mixed]
    length = np.concatenate([parts.length, parts.length[mixed]])
    for row, name in enumerate(mixed.tolist(), start=total):
        family = int(families[name])
        if family < 0 and (spelt := surname_of(parts.hanzi[name])):
            family = terms[spelt]
        if family >= 0 and family not in words[row].tolist():
            words[row, length[row]] = family
            length[row] += 1
    return words, length, latin
