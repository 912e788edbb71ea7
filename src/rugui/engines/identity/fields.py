"""The fields of all cards as a search compares them: names, telephones, addresses, and any other by a function of two.

Every field answers for pairs of cards with a level (0 for missing, then the places in `levels` plus one) and the share of
all people who have what agrees (more than 1 where no rarity counts).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from .blocks import MAX_BLOCK, Hashes, Ints, both, distinct, mixed, packed, shared
from .compare import MISSING, NAME_LEVELS, Agreement
from .name_pairs import NOTHING, UNKNOWN, NamePairs, Places
from .normalise import canonical_email
from .tables import nicknames
from .value_pairs import Emails, Phones, Several
from .vocabulary import Names, Numbers, names_of

Levels = npt.NDArray[np.uint8]
Shares = npt.NDArray[np.float64]
Terms = npt.NDArray[np.int32]
Keys = Iterator[tuple[int, Hashes, Ints]]
"""(kind, hashes, cards or places of values)."""
Compare = Callable[[Any, Any], Agreement]
MAX_NAMESAKES = 15
"""Of a name that more share hardly one pair in a hundred is one person, unless they share something else as well."""


class Field(Protocol):
    """One field of all cards."""

    name: str
    levels: tuple[str, ...]
    total: int

    def compare(self, one: Places, other: Places) -> tuple[Levels, Shares]:
        """By pair of cards."""


@dataclass(slots=True)
class Column:
    """Single values, compared by a function of two: every two different values that meet once."""

    name: str
    values: list[Any]
    codes: Ints
    """By card a place in `values`, -1 for none."""
    how: Compare
    levels: tuple[str, ...]
    share: dict[str, float] | None

    @property
    def total(self) -> int:
        return len(self.codes)

    def compare(self, one: Places, other: Places) -> tuple[Levels, Shares]:
        a, b = self.codes[one], self.codes[other]
        low, high = np.minimum(a, b), np.maximum(a, b)
        size = len(self.values) + 1
        met, which = np.unique(np.where(low < 0, 0, (low + 1) * size + high + 1), return_inverse=True)
        levels = np.zeros(len(met), dtype=np.uint8)
        shares = np.full(len(met), UNKNOWN)
        for at, each in enumerate(met.tolist()):
            if each:
                found = self.how(self.values[each // size - 1], self.values[each % size - 1])
                levels[at] = 0 if found.level == MISSING else 1 + self.levels.index(found.level)
                if found.terms and self.share is not None:
                    shares[at] = np.prod([self.share[term] for term in found.terms])
        return levels[which.ravel()], shares[which.ravel()]


def column(
    name: str, values: Sequence[Any], compare: Compare, levels: tuple[str, ...], *, rarity: bool = False
) -> Column:
    """Numbers the distinct values of a field; empty ones are missing. `rarity`: what few have proves more."""
    numbers = Numbers()
    codes = np.fromiter((numbers[each] if each else -1 for each in values), np.int64, count=len(values))
    known = codes[codes >= 0]
    times = np.bincount(known, minlength=len(numbers)) / max(len(known), 1)
    share = dict(zip(numbers, times.tolist(), strict=True)) if rarity else None
    return Column(name, list(numbers), codes, compare, levels, share)


def text_agreement(level: Callable[[str, str], str]) -> Compare:
    """A comparison of single texts as one of columns."""

    def compare(one: str, other: str) -> Agreement:
        found = level(one, other)
        return Agreement(found, (one,) if found == "same" else ())

    return compare


class NameField:
    """All names of all cards."""

    name = "name"
    levels: tuple[str, ...] = NAME_LEVELS

    def __init__(self, values: Several) -> None:
        self.values, self.total = values, values.total
        self.names: Names = names_of(values.texts)
        self.pairs = NamePairs(self.names, _shares(values, self.names))

    def compare(self, one: Places, other: Places) -> tuple[Levels, Shares]:
        rank, share = self.values.compared(one, other, self.pairs.compare, NOTHING)
        return np.where(rank == NOTHING, 0, rank + 1).astype(np.uint8), share

    def shared_keys(self) -> Hashes:
        """The keys that several cards have."""
        return shared_keys([self], self.total)

    def shared_by(self) -> Keys:
        """By its readings, how they sound, its characters, and two of its words as nicknames and as spoken."""
        for kind, hashes, places in self._keys():
            yield kind, *self.values.cards_of(hashes, places)

    def _keys(self) -> Keys:
        names = self.names
        size = np.diff(names.start)
        reader = np.repeat(np.arange(len(names.texts)), size)
        yield 11, mixed(names.readings, 11), reader
        heard = names.heard[names.readings]
        early = (np.arange(len(reader)) - names.start[reader] < 2) & (heard >= 0)
        yield 12, mixed(heard[early], 12), reader[early]
        han = np.flatnonzero(names.hanzi >= 0)
        yield 13, mixed(names.hanzi[han], 13), han
        plain, said = self._plain(), self.pairs.words.said
        for one, other, name in _two_words(names):
            yield 14, mixed(_sorted(plain[one], plain[other]), 14), name
            spoken = (self.pairs.letters.length[one] > 1) & (self.pairs.letters.length[other] > 1)
            a, b = said[one[spoken]], said[other[spoken]]
            yield 15, mixed(_sorted(a, b), 15), name[spoken]

    def _plain(self) -> npt.NDArray[np.int32]:
        """By term: the word that stands for it and its nicknames."""
        near, _far = nicknames()
        terms = Numbers()
        terms.update(self.names.terms)
        terms.default_factory = iter(range(len(terms), 2**31)).__next__
        plain = np.arange(len(terms), dtype=np.int32)
        for word, others in near.items():
            if word in self.names.terms:
                plain[self.names.terms[word]] = terms[min({word, *others})]
        return plain


class PhoneField:
    """Telephone numbers in E.164."""

    name = "phone"
    levels: tuple[str, ...] = Phones.levels

    def __init__(self, values: Several) -> None:
        self.values, self.total = values, values.total
        self.pairs = Phones(values.texts)

    def compare(self, one: Places, other: Places) -> tuple[Levels, Shares]:
        return _one_more(*self.values.compared(one, other, self.pairs.compare, 255))

    def shared_by(self) -> Keys:
        for kind, hashes, places in self.pairs.hashes():
            yield kind, *self.values.cards_of(hashes, places)


class EmailField:
    """Addresses, as their providers deliver them."""

    name = "email"
    levels: tuple[str, ...] = Emails.levels

    def __init__(self, values: Several) -> None:
        self.values, self.total = values.changed(canonical_email), values.total
        self.pairs = Emails(self.values.texts)

    def compare(self, one: Places, other: Places) -> tuple[Levels, Shares]:
        return _one_more(*self.values.compared(one, other, self.pairs.compare, 255))

    def shared_by(self) -> Keys:
        for kind, hashes, places in self.pairs.hashes():
            yield kind, *self.values.cards_of(hashes, places)


def shared_keys(fields: Sequence[NameField | PhoneField | EmailField], total: int) -> Hashes:
    """The keys of all cards that more than one of them has, kind by kind, as `packed` entries."""
    kinds: dict[int, list[Hashes]] = {}
    found = []
    for field in fields:
        for kind, hashes, owners in field.shared_by():
            kinds.setdefault(kind, []).append(packed(hashes, owners, total))
        largest = MAX_NAMESAKES if field.name == "name" else MAX_BLOCK
        while kinds:
            _kind, parts = kinds.popitem()
            found.append(shared(np.concatenate(parts), total=total, largest=largest))
    return np.concatenate(found)


def _one_more(rank: Levels, share: Shares) -> tuple[Levels, Shares]:
    """255 for missing becomes 0."""
    return (rank + np.uint8(1)), share


def _sorted(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> Ints:
    return both(np.minimum(one, other), np.maximum(one, other))


def _two_words(names: Names) -> Iterator[tuple[Terms, Terms, Places]]:
    """(term, term, name) of every two different words of a name, hyphenated ones also as one."""
    total = len(names.texts)
    words = names.words[:total]
    owner, term = names.joined
    longest = int(names.length.max(initial=0))
    for one in range(longest):
        for other in range(one + 1, longest):
            at = np.flatnonzero((words[:, other] >= 0) & (words[:, one] != words[:, other]))
            if len(at):
                yield words[at, one], words[at, other], at
        at = np.flatnonzero(words[owner, one] >= 0)
        if len(at):
            yield words[owner[at], one], term[at], owner[at]
    for name in np.flatnonzero(np.bincount(owner, minlength=total) > 1).tolist():
        own = term[owner == name]
        a, b = np.triu_indices(len(own), 1)
        yield own[a], own[b], np.full(len(a), name)


def _shares(values: Several, names: Names) -> Shares:
    """By term, which part of all cards with a name has it; behind the last, of one that nobody has."""
    total = len(names.texts)
    size = np.diff(names.start)
    terms = np.full((total, names.words.shape[1] + 4), -1, dtype=np.int64)
    terms[:, :-4] = names.words[:total]
    terms[:, -4], terms[:, -3] = names.hanzi, names.first
    read = np.flatnonzero(size)
    first = names.readings[names.start[read]]
    terms[read, -2], terms[read, -1] = names.family[first], names.given[first]
    every = len(names.terms)
    has = terms[values.codes]
    entries = (values.owners[:, None] * every + has)[has >= 0]
    times = np.bincount(distinct(entries) % max(every, 1), minlength=every)
    named = np.zeros(values.total, dtype=bool)
    named[values.owners[np.any(terms >= 0, axis=1)[values.codes]]] = True
    whole = max(int(named.sum()), 1)
    return np.append(np.maximum(times, 1), 1) / whole
