"""`compare.word_level` for very many pairs of words at once: numbers first, letters only where they may be alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from . import tables
from .compare import WORD_LEVELS, metaphone
from .normalise import in_wade_giles, pinyin_syllables, sounds_like
from .vocabulary import Numbers

Codes = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]
SAME, NICKNAME, ABROAD, SLIP, SOUND, PART, CLOSE, INITIAL, DIFFERENT = range(len(WORD_LEVELS))


class Letters:
    """Texts as objects, with what tells cheaply that two of them are far apart."""

    def __init__(self, texts: list[str]) -> None:
        self.texts = np.array([*texts, ""], dtype=object)[:-1]
        points = np.frombuffer("".join(texts).encode("utf-32-le"), dtype=np.uint32)
        self.length = np.array([len(each) for each in texts], dtype=np.int64)
        starts = np.cumsum(self.length) - self.length
        full = self.length > 0
        bit = np.uint32(1) << (points & np.uint32(31))
        self.mask = np.zeros(len(texts), dtype=np.uint32)
        self.first = np.zeros(len(texts), dtype=np.uint32)
        if full.any():
            self.mask[full] = np.bitwise_or.reduceat(bit, starts[full])
            self.first[full] = points[starts[full]]

    def lists(self, one: npt.NDArray[Any], other: npt.NDArray[Any]) -> tuple[list[str], list[str]]:
        return self.texts[one].tolist(), self.texts[other].tolist()

    def missing(self, one: npt.NDArray[Any], other: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
        """At least so many letters of one are not in the other."""
        found: npt.NDArray[np.uint8] = np.bitwise_count(self.mask[one] & ~self.mask[other])
        return found

    def distance(self, one: npt.NDArray[Any], other: npt.NDArray[Any], most: int) -> Codes:
        """Optimal string alignment, `most` + 1 where it is more than `most`."""
        found = np.full(len(one), most + 1, dtype=np.uint8)
        near = np.abs(self.length[one] - self.length[other]) <= most
        near &= (self.missing(one, other) <= most) & (self.missing(other, one) <= most)
        at = np.flatnonzero(near)
        if len(at):
            lists = self.lists(one[at], other[at])
            found[at] = cpdist(*lists, scorer=OSA.distance, score_cutoff=most, dtype=np.uint8)
        return found

    def jaro_winkler(self, one: npt.NDArray[Any], other: npt.NDArray[Any], least: float) -> Bools:
        """Whether the similarity reaches `least` (above .7)."""
        a, b = self.length[one], self.length[other]
        shared = np.minimum(a - self.missing(one, other), b - self.missing(other, one))
        # The bonus for a common beginning is at most four tenths of what is missing.
        needed = 3 * (least - 0.4) / 0.6 - 1
        found: Bools = shared / np.maximum(a, 1) + shared / np.maximum(b, 1) >= needed - 1e-9
        at = np.flatnonzero(found)
        if len(at):
            lists = self.lists(one[at], other[at])
            scores = cpdist(*lists, scorer=JaroWinkler.similarity, score_cutoff=least, dtype=np.float64)
            found[at] = scores > 0
        return found

    def begins(self, long: npt.NDArray[Any], short: npt.NDArray[Any]) -> Bools:
        """Whether the long one begins with the short one."""
        found: Bools = (self.first[long] == self.first[short]) & (self.missing(short, long) == 0)
        at = np.flatnonzero(found)
        found[at] = list(map(str.startswith, *self.lists(long[at], short[at])))
        return found


class Words:
    """The words of names, by term, and how alike any two are."""

    def __init__(self, terms: Numbers, used: npt.NDArray[Any]) -> None:
        self.letters = Letters(list(terms))
        size, texts = len(terms), self.letters.texts
        self.said = np.full(size, -1, dtype=np.int32)
        self.heard = np.full(size, -1, dtype=np.int32)
        said, heard = Numbers(), Numbers()
        pinyin: list[str] = []
        for each in used.tolist():
            word = texts[each]
            self.said[each] = said[metaphone(word)]
            if pinyin_syllables(word):
                pinyin.append(word)
                self.heard[each] = heard[sounds_like(word)]
        near, _far = tables.nicknames()
        self.nicknames = _Relation(terms, near.items())
        in_taiwan = ((each, (in_wade_giles(each),)) for each in pinyin)
        self.abroad = _Relation(terms, tables.spelt_abroad().items(), in_taiwan)

    def levels(self, one: npt.NDArray[Any], other: npt.NDArray[Any]) -> Codes:
        """By pair of terms, a place in `WORD_LEVELS`."""
        found = np.full(len(one), DIFFERENT, dtype=np.uint8)
        found[one == other] = SAME
        self._related(found, one, other)
        at = np.flatnonzero(found == DIFFERENT)
        if len(at):
            found[at] = self._spelt(one[at], other[at])
        return found

    def _related(self, found: Codes, one: npt.NDArray[Any], other: npt.NDArray[Any]) -> None:
        for relation, level in ((self.nicknames, NICKNAME), (self.abroad, ABROAD)):
            at = np.flatnonzero((found == DIFFERENT) & relation.touches[one] & relation.touches[other])
            found[at[relation.holds(one[at], other[at])]] = level

    def _spelt(self, one: npt.NDArray[Any], other: npt.NDArray[Any]) -> Codes:
        letters = self.letters
        swap = letters.length[one] > letters.length[other]
        short, long = np.where(swap, other, one), np.where(swap, one, other)
        least = letters.length[short]
        distance = letters.distance(one, other, 2)
        first = letters.first[one] == letters.first[other]
        found = np.full(len(one), DIFFERENT, dtype=np.uint8)

        def put(level: int, where: Bools) -> None:
            found[where & (found == DIFFERENT)] = level

        put(SLIP, (distance <= 1) & (least >= 3))
        put(INITIAL, (least == 1) & first)
        put(SOUND, (least >= 3) & first & (self.said[one] == self.said[other]))
        at = np.flatnonzero((found == DIFFERENT) & (least >= 3) & first)
        found[at[letters.begins(long[at], short[at])]] = PART
        put(SOUND, (least >= 4) & (self.heard[one] >= 0) & (self.heard[one] == self.heard[other]))
        put(CLOSE, (distance == 2) & (least >= 5))
        at = np.flatnonzero((found == DIFFERENT) & (least >= 5))
        found[at[letters.jaro_winkler(one[at], other[at], 0.92)]] = CLOSE
        return found


class _Relation:
    """Which words mean the same, in either direction."""

    def __init__(self, terms: Numbers, *sources: Iterable[tuple[str, Iterable[str]]]) -> None:
        self.touches = np.zeros(len(terms), dtype=bool)
        pairs: set[tuple[int, int]] = set()
        for source in sources:
            for word, others in source:
                if word in terms:
                    one = terms[word]
                    pairs.update((one, terms[other]) for other in others if other in terms)
        pairs |= {(other, one) for one, other in pairs}
        both = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
        self.touches[both[:, 0]] = True
        self.known = both[:, 0] << 32 | both[:, 1]

    def holds(self, one: npt.NDArray[Any], other: npt.NDArray[Any]) -> Bools:
        if not len(self.known):
            return np.zeros(len(one), dtype=bool)
        asked = one.astype(np.int64) << 32 | other.astype(np.int64)
        at = np.minimum(np.searchsorted(self.known, asked), len(self.known) - 1)
        found: Bools = self.known[at] == asked
        return found
