"""`compare.name_agreement` for very many pairs of names at once: levels, and how rare what agrees is.

Each function takes two arrays of names (or rows, words, readings) and answers with a rank (a place in `NAME_LEVELS`,
behind them `NOTHING`) and the share of all people who have what agrees, the product of its parts; 2 where nothing that
could be rare agrees. A test holds every answer to that of the function in `compare` that it stands for.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .compare import NAME_LEVELS, as_typed, initials, surname_of
from .vocabulary import Names
from .word_pairs import (
    ABROAD,
    CLOSE,
    DIFFERENT,
    INITIAL,
    NICKNAME,
    PART,
    SAME,
    SLIP,
    SOUND,
    Bools,
    Letters,
    Words,
)

Places = npt.NDArray[np.int64]
Ranks = npt.NDArray[np.uint8]
Shares = npt.NDArray[np.float64]
Found = tuple[Ranks, Shares]
RANK = {level: rank for rank, level in enumerate(NAME_LEVELS)}
NOTHING = len(NAME_LEVELS)
"""One of them has no name."""
UNKNOWN = 2.0
_OF_WORD = np.array(
    [
        RANK[each]
        for each in ("same", "nickname", "script", "slip", "sound", "part", "close", "initials", "different")
    ],
    dtype=np.uint8,
)
"""By level of the one pair of words that is not the same: the level of the names."""


class NamePairs:
    """Compares names of a vocabulary. `share` says by term which part of all people has it, and last of one nobody has."""

    def __init__(self, names: Names, share: Shares) -> None:
        self.names, self.share = names, share
        used = np.unique(names.words[names.words >= 0])
        self.words = Words(names.terms, used)
        self.letters: Letters = self.words.letters
        self.ordered = np.sort(names.words, axis=1)
        self.doubled = ((np.diff(self.ordered, axis=1) == 0) & (self.ordered[:, 1:] >= 0)).any(axis=1)
        self.of_words = np.where(names.words >= 0, share[names.words], 1.0).prod(axis=1)
        self.of_reading = share[names.family] * share[names.given]
        self.has_words = names.length[: len(names.texts)] > 0
        self.has_hanzi = names.hanzi >= 0
        self.read = np.diff(names.start)
        words = np.where(names.words >= 0, names.words, len(names.terms))
        self.size = np.append(self.letters.length, 0)[words].sum(axis=1)
        """Letters of each row, and which there are."""
        self.mask = np.bitwise_or.reduce(np.append(self.letters.mask, np.uint32(0))[words], axis=1)

    def compare(self, one: Places, other: Places) -> Found:
        """By pair of names; the scripts they are written in decide how."""
        rank = np.full(len(one), NOTHING, dtype=np.uint8)
        share = np.full(len(one), UNKNOWN)
        whole = one == other
        own = np.where(self.has_hanzi[one], self.share[self.names.hanzi[one]], self.of_words[one])
        there = (self.has_words | self.has_hanzi)[one] & (self.has_words | self.has_hanzi)[other]
        rank[there & whole], share[whole] = RANK["same"], own[whole]
        rank[there & ~whole] = RANK["different"]
        han, spelt = (
            self.has_hanzi[one] & self.has_hanzi[other],
            self.has_words[one] & self.has_words[other],
        )
        either = self.has_hanzi[one] | self.has_hanzi[other]
        mixed = (self.has_hanzi & self.has_words)[one] | (self.has_hanzi & self.has_words)[other]
        asked = there & ~whole
        latin = self.names.latin
        better = _Better(rank, share)
        better(np.flatnonzero(asked & han & spelt), one, other, self._both)
        better(np.flatnonzero(asked & han & ~spelt), one, other, self._hanzi)
        better(np.flatnonzero(asked & ~han & spelt), one, other, self._rows)
        better(np.flatnonzero(asked & ~han & mixed), latin[one], latin[other], self._rows)
        readings = (self.read[one] > 0) & (self.read[other] > 0) & ~han
        better(np.flatnonzero(asked & readings), one, other, self._readings)
        better(np.flatnonzero(asked & ~readings & either & ~han), one, other, self._across)
        return rank, share

    # --- Han characters

    def _both(self, one: Places, other: Places) -> Found:
        rank, share = self._hanzi(one, other)
        spelt, spelt_share = self._rows(one, other)
        apart = np.isin(rank, [RANK["different"], RANK["given"]])
        known = apart & (spelt_share != UNKNOWN)
        surname = (rank == RANK["surname"]) & (spelt <= RANK["part"]) & (spelt != RANK["script"])
        rank = np.where(known, RANK["given"], np.where(surname, RANK["part"], rank)).astype(np.uint8)
        together = np.where(spelt_share == UNKNOWN, share, share * spelt_share)
        return rank, np.where(known, spelt_share, np.where(surname, together, share))

    def _hanzi(self, one: Places, other: Places) -> Found:
        names = self.names
        a, b = names.hanzi[one], names.hanzi[other]
        first, beside = names.first[one], names.first[other]
        rank = np.full(len(one), RANK["different"], dtype=np.uint8)
        share = np.full(len(one), UNKNOWN)
        put = _Put(rank, share)
        put("same", a == b, self.share[a])
        reading, heard = self._first_readings(one), self._first_readings(other)
        put("sound", _meet(reading, heard), self.of_reading[reading[:, 0]])
        sounds = np.where(reading >= 0, names.heard[reading], -1)
        put(
            "close",
            _meet(sounds, np.where(heard >= 0, names.heard[heard], -1)),
            self.of_reading[reading[:, 0]],
        )
        length, width = self.letters.length[a], self.letters.length[b]
        at = put.open((length >= 3) & (width >= 3))
        put.at("close", at[self.letters.distance(a[at], b[at], 1) <= 1], self.share[first])
        shorter = length <= width
        short, long = np.where(shorter, a, b), np.where(shorter, b, a)
        size = np.minimum(length, width)
        at = put.open((size >= 2) & (self.letters.missing(short, long) == 0))
        texts = zip(*self.letters.lists(short[at], long[at]), strict=True)
        inside = np.array(
            [whole.startswith(part) or whole.endswith(part) for part, whole in texts], dtype=bool
        )
        put.at("part", at[inside], self.share[short])
        put("surname", first == beside, self.share[first])
        at = put.open((length > 2) & (length == width) & (self.letters.missing(a, b) <= 1))
        rest = list(zip(*self.letters.lists(a[at], b[at]), strict=True))
        given = np.array([x[1:] == y[1:] for x, y in rest], dtype=bool)
        shares = np.full(len(one), self.share[-1])
        shares[at] = [self.share[names.terms.get(x[1:], -1)] for x, _y in rest]
        put.at("given", at[given], shares)
        return rank, share

    def _first_readings(self, names: Places) -> npt.NDArray[np.int32]:
        """The two readings that Han characters have at most; -1 for none."""
        start, read = self.names.start[names], self.read[names]
        own = np.append(self.names.readings, np.int32(-1))
        columns = [np.where(read > each, own[np.where(read > each, start + each, -1)], -1) for each in (0, 1)]
        return np.stack(columns, axis=1)

    # --- readings

    def _readings(self, one: Places, other: Places) -> Found:
        """At least one of them is romanised, and both can be read as Chinese names."""
        names = self.names
        pair, left, right = _products(names.start, self.read, one, other)
        a, b = names.readings[left], names.readings[right]
        rank = np.full(len(pair), RANK["different"], dtype=np.uint8)
        share = np.full(len(pair), UNKNOWN)
        put = _Put(rank, share)
        put("script", a == b, self.of_reading[a])
        heard = (names.heard[a] >= 0) & (names.heard[a] == names.heard[b])
        put("sound", heard, self.of_reading[names.readings[names.start[one]]][pair])
        family = names.family[a] == names.family[b]
        given, name = names.given[a], names.given[b]
        at = put.open(family)
        put.at("slip", at[self.letters.distance(given[at], name[at], 1) <= 1], self.of_reading[a])
        shorter = self.letters.length[given] <= self.letters.length[name]
        short, long = np.where(shorter, given, name), np.where(shorter, name, given)
        at = put.open(family & (self.letters.length[short] >= 3))
        put.at("part", at[self.letters.begins(long[at], short[at])], self.share[names.family[a]])
        put("surname", family, self.share[names.family[a]])
        # Of several readings that both share, the first by the alphabet counts.
        order = np.where(rank == RANK["script"], a.astype(np.int64), np.arange(len(pair)))
        return best_of(rank, share, pair, len(one), order)

    def _across(self, one: Places, other: Places) -> Found:
        """Characters beside words that are no regular romanisation."""
        names = self.names
        swap = self.has_hanzi[other]
        written, spelt = np.where(swap, other, one), np.where(swap, one, other)
        rank = np.full(len(one), RANK["different"], dtype=np.uint8)
        share = np.full(len(one), UNKNOWN)
        found = _Better(rank, share)
        at = np.flatnonzero(self.has_words[spelt])
        found(at[self.read[written[at]] > 0], written, spelt, self._typed)
        for index in at[self.read[written[at]] == 0].tolist():
            family = names.terms.get(surname_of(self.letters.texts[names.hanzi[written[index]]]), -1)
            if family >= 0 and family in names.words[spelt[index]]:
                rank[index], share[index] = RANK["surname"], self.share[family]
        return rank, share

    def _typed(self, written: Places, spelt: Places) -> Found:
        names = self.names
        pair, left, _right = _products(names.start, self.read, written, None)
        reading = names.readings[left]
        number, as_one, every = self._written(spelt, reading)
        least = every.length[number]
        rank = np.full(len(pair), RANK["different"], dtype=np.uint8)
        share = np.full(len(pair), UNKNOWN)
        put = _Put(rank, share)
        nearest = np.full(len(pair), 9, dtype=np.uint8)
        for each in range(3):
            nearest = np.minimum(nearest, every.distance(number[pair], as_one + each, 2))
        put("script", (nearest == 0) & (least[pair] >= 4), self.of_reading[reading])
        put("slip", (nearest == 1) & (least[pair] >= 4), self.of_reading[reading])
        put("close", (nearest == 2) & (least[pair] >= 7), self.of_reading[reading])
        short = np.array(
            [initials(each) for each in self.letters.texts[names.hanzi[written]].tolist()], dtype=object
        )
        is_short = np.array(every.texts[number] == short, dtype=bool)
        single = np.where(names.length[spelt] == 1, self.share[names.words[spelt, 0]], self.share[-1])
        put("initials", is_short[pair], single[pair])
        family = names.family[reading]
        put("surname", (names.words[spelt][pair] == family[:, None]).any(axis=1), self.share[family])
        return best_of(rank, share, pair, len(written), np.arange(len(pair)))

    def _written(self, rows: Places, readings: npt.NDArray[np.int32]) -> tuple[Places, Places, Letters]:
        """(by row the place of its words in one; by reading that of the first of three ways to write it in one; the texts)."""
        names, texts = self.names, self.letters.texts
        row, number = np.unique(rows, return_inverse=True)
        read, place = np.unique(readings, return_inverse=True)
        spelt = zip(texts[names.family[read]], texts[names.given[read]], strict=True)
        every = Letters([*self._in_one(row), *(each for two in spelt for each in as_typed(*two))])
        return number, len(row) + 3 * place, every

    def _in_one(self, rows: Places) -> list[str]:
        """The words of rows written together: Mary Ann as Maryann."""
        texts = self.letters.texts
        return [
            "".join([texts[each] for each in row if each >= 0]) for row in self.names.words[rows].tolist()
        ]

    # --- words

    def _rows(self, one: Places, other: Places) -> Found:
        """Two rows of words."""
        names = self.names
        rank = np.full(len(one), RANK["different"], dtype=np.uint8)
        share = np.full(len(one), UNKNOWN)
        put = _Put(rank, share)
        own = self.of_words[one]
        put("same", (names.words[one] == names.words[other]).all(axis=1), own)
        put("swapped", (self.ordered[one] == self.ordered[other]).all(axis=1), own)
        at = put.open((self.size[one] == self.size[other]) & (self.mask[one] == self.mask[other]))
        together = zip(self._in_one(one[at]), self._in_one(other[at]), strict=True)
        put.at("same", at[[a == b for a, b in together]], own)
        left = np.flatnonzero(rank == RANK["different"])
        a, b = one[left], other[left]
        swap = names.length[a] > names.length[b]
        short, long = np.where(swap, b, a), np.where(swap, a, b)
        shape = names.length[short] * 16 + names.length[long]
        for each in np.unique(shape).tolist():
            at = np.flatnonzero(shape == each)
            rank[left[at]], share[left[at]] = self._aligned(short[at], long[at], each // 16, each % 16)
        return rank, share

    def _aligned(self, short: Places, long: Places, size: int, width: int) -> Found:
        """Each word of the shorter name with its best partner in the longer, words that are the same first."""
        ours, theirs = self.names.words[short, :size], self.names.words[long, :width]
        equal = ours[:, :, None] == theirs[:, None, :]
        has, taken = equal.any(axis=2), equal.any(axis=1)
        wanted = (
            ~(has[:, :, None] | taken[:, None, :]) | (self.doubled[short] | self.doubled[long])[:, None, None]
        )
        levels = np.where(equal, SAME, DIFFERENT).astype(np.uint8)
        row, word, partner = np.nonzero(wanted & ~equal)
        levels[row, word, partner] = self.words.levels(ours[row, word], theirs[row, partner])
        order = np.argsort(~has, axis=1, kind="stable")
        every = np.arange(len(short))
        hows = np.full((len(short), size), DIFFERENT, dtype=np.uint8)
        partners = np.full((len(short), size), -1, dtype=np.int32)
        for turn in range(size):
            own = levels[every, order[:, turn]]
            best = own.argmin(axis=1)
            how = own[every, best]
            met = np.flatnonzero(how < DIFFERENT)
            hows[:, turn] = how
            partners[met, turn] = theirs[met, best[met]]
            levels[met, :, best[met]] = DIFFERENT
        words = np.take_along_axis(ours, order, axis=1)
        ends = partners == theirs[:, -1:]
        if size == width:
            ends |= words == ours[:, -1:]
        return self._judged(hows, partners, ends, whole=size == width)

    def _judged(self, hows: Ranks, partners: npt.NDArray[np.int32], ends: Bools, *, whole: bool) -> Found:
        size = hows.shape[1]
        times = [(hows == how).sum(axis=1) for how in range(DIFFERENT + 1)]
        same = np.where(hows == SAME, self.share[partners], 1.0).prod(axis=1)
        met = np.where(hows != DIFFERENT, self.share[partners], 1.0).prod(axis=1)
        rank = np.full(len(hows), RANK["different"], dtype=np.uint8)
        share = np.full(len(hows), UNKNOWN)
        put = _Put(rank, share)
        none = times[DIFFERENT] == 0
        soft = size - times[SAME]
        put("part", none & (soft == 0), same)
        initial = none & (times[INITIAL] > 0)
        put("initials", initial & ((times[SAME] > 0) | (size > 1)), met)
        put("surname", initial, met)
        several = self._several(times, soft, np.where(hows == SAME, 0, hows).max(axis=1), whole=whole)
        here = none & ~initial & (soft > 0)
        rank[here], share[here] = several[here], met[here]
        strong = times[SAME] + times[ABROAD] + times[SLIP] + times[SOUND] > 0
        mixed = ~none & (times[DIFFERENT] < size) & strong
        last = (ends & (hows != INITIAL) & (hows != DIFFERENT)).any(axis=1)
        terms = np.where(times[SAME] > 0, same, met)
        rank[mixed] = np.where(last, RANK["surname"], RANK["given"])[mixed]
        share[mixed] = terms[mixed]
        return rank, share

    @staticmethod
    def _several(times: list[Places], soft: Places, worst: Ranks, *, whole: bool) -> Ranks:
        """Every word has a partner, but not all are the same."""
        if not whole:
            near = times[PART] + times[CLOSE] == 0
            return np.where(near, RANK["part"], RANK["close"]).astype(np.uint8)
        alike = (times[NICKNAME] + times[PART] + times[CLOSE] == 0) & (soft <= 2)
        several = np.where(alike, RANK["sound"], np.where(times[PART] == soft, RANK["part"], RANK["close"]))
        return np.where(soft == 1, _OF_WORD[worst], several).astype(np.uint8)


class _Put:
    """Gives pairs that have no level yet one: the first that fits counts."""

    def __init__(self, rank: Ranks, share: Shares) -> None:
        self.rank, self.share = rank, share

    def open(self, where: Bools) -> Places:
        return np.flatnonzero(where & (self.rank == RANK["different"]))

    def at(self, level: str, places: Places, share: Shares) -> None:
        self.rank[places], self.share[places] = RANK[level], share[places]

    def __call__(self, level: str, where: Bools, share: Shares) -> None:
        self.at(level, self.open(where), share)


class _Better:
    """Compares some of the pairs in one way more, and keeps what is better than before."""

    def __init__(self, rank: Ranks, share: Shares) -> None:
        self.rank, self.share = rank, share

    def __call__(self, at: Places, one: Places, other: Places, how: Any) -> None:
        if not len(at):
            return
        rank, share = how(one[at], other[at])
        better = rank < self.rank[at]
        self.rank[at[better]], self.share[at[better]] = rank[better], share[better]


def _meet(one: npt.NDArray[np.int32], other: npt.NDArray[np.int32]) -> Bools:
    """Whether two rows share a number that is not negative."""
    found: Bools = ((one[:, :, None] == other[:, None, :]) & (one >= 0)[:, :, None]).any(axis=(1, 2))
    return found


def _products(
    start: Places, size: npt.NDArray[np.int64], one: Places, other: Places | None
) -> tuple[Places, Places, Places]:
    """(pair, place in one's list, place in the other's) for every combination of the values of either."""
    across = size[other] if other is not None else np.ones(len(one), dtype=np.int64)
    times = size[one] * across
    pair = np.repeat(np.arange(len(one)), times)
    within = np.arange(len(pair)) - np.repeat(np.cumsum(times) - times, times)
    left = start[one][pair] + within // across[pair]
    right = start[other][pair] + within % across[pair] if other is not None else left
    return pair, left, right


def best_of(rank: Ranks, share: Shares, pair: Places, total: int, order: Places) -> Found:
    """Of each pair's combinations the best, among equals the one lowest in `order`; `pair` ascends, and none is missing."""
    if len(pair) == total:
        return rank, share
    key = (rank.astype(np.int64) << 40) | order
    starts = np.searchsorted(pair, np.arange(total))
    least = np.minimum.reduceat(key, starts)
    at = np.flatnonzero(key == least[pair])
    first = at[np.searchsorted(pair[at], np.arange(total))]
    return rank[first], share[first]
