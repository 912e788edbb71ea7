"""Telephone numbers and addresses of very many pairs of cards: `compare.phone_level` and `email_level`, all at once.

A card may have several; the best two count.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .blocks import Hashes, Ints, less_one, letters, mixed
from .compare import EMAIL_LEVELS, PHONE_LEVELS
from .name_pairs import Found, Places, best_of
from .vocabulary import Numbers
from .word_pairs import Letters

LONGEST_PHONE = 18
LONGEST_LOCAL = 32
KEY_LOCAL = 5
"""Shorter parts before the @ are one slip from too many others."""


@dataclass(slots=True)
class Several:
    """A field of all cards of which a card may have several values: those of card i are `codes[start[i]:start[i + 1]]`."""

    texts: list[str]
    """The distinct values."""
    codes: npt.NDArray[np.int32]
    start: Ints
    _order: tuple[Ints, Ints, Ints] | None = None

    @property
    def total(self) -> int:
        return len(self.start) - 1

    @property
    def counts(self) -> Ints:
        return np.diff(self.start)

    @property
    def owners(self) -> Ints:
        """The card of each code."""
        return np.repeat(np.arange(self.total, dtype=np.int64), self.counts)

    def cards_of(self, hashes: Hashes, places: Ints) -> tuple[Hashes, Ints]:
        """Keys of distinct values as keys of the cards that have them."""
        if self._order is None:
            order = np.argsort(self.codes, kind="stable")
            times = np.bincount(self.codes, minlength=len(self.texts))
            self._order = self.owners[order], np.cumsum(times) - times, times
        owners, first, times = self._order
        many = times[places]
        within = np.arange(int(many.sum())) - np.repeat(np.cumsum(many) - many, many)
        return np.repeat(hashes, many), owners[np.repeat(first[places], many) + within]

    @classmethod
    def of(cls, lists: Iterable[Sequence[str]]) -> Several:
        """From each card's values."""
        numbers, counts = Numbers(), array("q", [0])

        def values() -> Iterator[str]:
            for each in lists:
                counts.append(len(each))
                yield from each

        codes = numbers.of(values())
        return cls(list(numbers), codes, np.cumsum(np.frombuffer(counts, dtype=np.int64)))

    def changed(self, how: Callable[[str], str]) -> Several:
        """With every distinct value in another form; what a card then has twice stays so and does no harm."""
        numbers = Numbers()
        codes = numbers.of(map(how, self.texts))
        return Several(list(numbers), codes[self.codes] if len(self.codes) else self.codes, self.start)

    def compared(
        self, one: Places, other: Places, how: Callable[[Places, Places], Found], nothing: int
    ) -> Found:
        """The best of each pair of cards, by a function of pairs of codes; `nothing` where either has none."""
        counts = self.counts
        rank = np.full(len(one), nothing, dtype=np.uint8)
        share = np.full(len(one), 2.0)
        times = counts[one] * counts[other]
        single = np.flatnonzero(times == 1)
        a, b = self.codes[self.start[one[single]]], self.codes[self.start[other[single]]]
        rank[single], share[single] = how(a.astype(np.int64), b.astype(np.int64))
        more = np.flatnonzero(times > 1)
        if len(more):
            times = times[more]
            pair = np.repeat(np.arange(len(more)), times)
            within = np.arange(len(pair)) - np.repeat(np.cumsum(times) - times, times)
            across = counts[other[more]][pair]
            a = self.codes[self.start[one[more]][pair] + within // across].astype(np.int64)
            b = self.codes[self.start[other[more]][pair] + within % across].astype(np.int64)
            rank[more], share[more] = best_of(*how(a, b), pair, len(more), np.arange(len(pair)))
        return rank, share


class Phones:
    """Numbers in E.164."""

    levels = PHONE_LEVELS

    def __init__(self, texts: list[str]) -> None:
        self.letters = Letters(texts)
        self.matrix, self.cut = letters(texts, LONGEST_PHONE)
        self.tail = Numbers().of(each[-7:] for each in texts)

    def hashes(self) -> Iterator[tuple[int, Hashes, Ints]]:
        """(kind, hashes, places of values): the last seven digits; the number, and what it is without one digit."""
        yield 1, mixed(self.tail, 1), np.arange(len(self.tail))
        for hashes, rows in less_one(self.matrix, self.cut):
            yield 2, mixed(hashes, 2), rows

    def compare(self, one: Places, other: Places) -> Found:
        rank = np.full(len(one), PHONE_LEVELS.index("different"), dtype=np.uint8)
        tail = (self.tail[one] == self.tail[other]) & (self.letters.length[one] > 8)
        rank[tail] = PHONE_LEVELS.index("tail")
        a, b = self.letters.length[one], self.letters.length[other]
        near = np.abs(a - b) <= 1
        level = np.flatnonzero((a == b) & (a <= LONGEST_PHONE))
        unlike = (self.matrix[one[level]] != self.matrix[other[level]]).sum(axis=1)
        near[level] = unlike <= 2
        at = np.flatnonzero(near)
        rank[at[self.letters.distance(one[at], other[at], 1) <= 1]] = PHONE_LEVELS.index("digit")
        rank[one == other] = 0
        return rank, np.full(len(one), 2.0)


class Emails:
    """Canonical addresses."""

    levels = EMAIL_LEVELS

    def __init__(self, texts: list[str]) -> None:
        self.letters = Letters(texts)
        parts = [each.rpartition("@") for each in texts]
        locals_, domains = Numbers(), Numbers()
        self.local = locals_.of(local for local, _at, _domain in parts)
        self.domain = domains.of(domain for _local, _at, domain in parts)
        self.locals = list(locals_)
        self.length = np.array([len(each) for each in self.locals], dtype=np.int64)

    def hashes(self) -> Iterator[tuple[int, Hashes, Ints]]:
        """(kind, hashes, places of values): what is before the @; at the same provider, the same without one letter."""
        yield 3, mixed(self.local, 3), np.arange(len(self.local))
        matrix, lengths = letters(self.locals, LONGEST_LOCAL)
        for hashes, rows in less_one(matrix[self.local], lengths[self.local]):
            long = lengths[self.local[rows]] >= KEY_LOCAL
            yield 4, mixed(hashes[long] ^ mixed(self.domain[rows[long]], 4), 4), rows[long]

    def compare(self, one: Places, other: Places) -> Found:
        rank = np.full(len(one), EMAIL_LEVELS.index("different"), dtype=np.uint8)
        distance = self.letters.distance(one, other, 2)
        length = self.length[self.local[one]]
        rank[(distance == 2) & (length >= 6)] = EMAIL_LEVELS.index("close")
        rank[(self.local[one] == self.local[other]) & (length >= 5)] = EMAIL_LEVELS.index("local")
        rank[distance <= 1] = EMAIL_LEVELS.index("slip")
        rank[one == other] = 0
        return rank, np.full(len(one), 2.0)
