"""All cards at once: which pairs may be one person, how likely, and which may become one without being looked at.

The same comparison and weights as at the desk, on columns. Pairs that share a key are candidates; a field is compared
once for every two different values that meet, however many cards have them; m is learned on the candidates and u on
random pairs (engines/identity/weights.py). Nothing is quadratic: keys that too many cards share are not followed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from . import tables
from .clusters import together
from .compare import (
    EMAIL_LEVELS,
    LEVELS,
    MISSING,
    NAME_LEVELS,
    PHONE_LEVELS,
    Agreement,
    compare_names,
    email_level,
    metaphone,
    phone_level,
)
from .normalise import Name, canonical_email, name_of, sounds_like
from .weights import Counts, Weights, learn

Pairs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Compare = Callable[[Any, Any], Agreement]
MAX_BLOCK = 40
"""A key that more cards share tells too little; whoever is one person shares a rarer one too."""
OTHERS = frozenset({"surname", "given", "different"})
"""Levels of names that are other people's: with these a shared telephone is a relative's."""
STRANGERS = 60_000
CERTAIN = 0.9995
"""Above this, and with two fields that agree, a pair needs no look."""
LIKELY = 0.5


@dataclass(frozen=True, slots=True)
class Column:
    """One field of all cards: `codes` number the distinct `values`, -1 is none."""

    name: str
    values: list[Any]
    codes: npt.NDArray[np.int64]
    compare: Compare
    levels: tuple[str, ...]
    terms: Callable[[Any], Iterable[str]] | None = None
    """What of a value its rarity is judged by; None for values that hardly two people share."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search has found. Pairs are indexes of cards, the lower first."""

    pairs: Pairs
    probability: Floats
    levels: dict[str, list[str]]
    """By field, the level of each pair."""
    certain: npt.NDArray[np.bool_]
    """Pairs that may become one without being looked at."""
    clusters: list[list[int]]
    """Cards that are one person by certain pairs alone."""
    weights: Weights
    compared: int


def column(
    name: str, values: Sequence[Any], compare: Compare, levels: tuple[str, ...], terms: Any = None
) -> Column:
    """Numbers the distinct values of a field; empty ones are missing."""
    numbers: dict[Any, int] = {}
    codes = np.fromiter(
        (numbers.setdefault(value, len(numbers)) if value else -1 for value in values),
        dtype=np.int64,
        count=len(values),
    )
    return Column(name, list(numbers), codes, compare, levels, terms)


def text_agreement(level: Callable[[str, str], str]) -> Compare:
    """A comparison of single texts as one of columns."""

    def compare(one: str, other: str) -> Agreement:
        found = level(one, other)
        return Agreement(found, (one,) if found == "same" else ())

    return compare


def card_columns(
    names: Sequence[tuple[str, ...]], phones: Sequence[tuple[str, ...]], emails: Sequence[tuple[str, ...]]
) -> list[Column]:
    """The columns of cards: names as written, telephones in E.164, addresses in lower case."""
    canonical = [tuple(sorted({canonical_email(each) for each in card})) for card in emails]
    return [
        column("name", names, _names, NAME_LEVELS, _words),
        column("phone", phones, _best(phone_level, PHONE_LEVELS), PHONE_LEVELS),
        column("email", canonical, _best(email_level, EMAIL_LEVELS), EMAIL_LEVELS),
    ]


def _names(ones: tuple[str, ...], others: tuple[str, ...]) -> Agreement:
    return compare_names([name_of(each) for each in ones], [name_of(each) for each in others])


def _words(names: tuple[str, ...]) -> set[str]:
    found: set[str] = set()
    for text in names:
        name = name_of(text)
        found.update(name.words)
        if name.hanzi:
            found |= {name.hanzi, name.hanzi[0]}
        for surname, given in name.readings[:1]:
            found |= {surname, given}
    return found


def _best(level: Callable[[str, str], str], levels: tuple[str, ...]) -> Compare:
    def compare(ones: tuple[str, ...], others: tuple[str, ...]) -> Agreement:
        rank, value = min((levels.index(level(one, other)), one) for one in ones for other in others)
        return Agreement(levels[rank], (value,) if rank == 0 else ())

    return compare


# --- keys


def keys_of(names: Iterable[str], phones: Iterable[str], emails: Iterable[str]) -> set[int]:
    """What two cards of one person very likely share at least one of."""
    found: set[str] = set()
    short: list[str] = []
    for text in names:
        if text:
            found |= _name_keys(name_of(text))
            short += _short(name_of(text))
    for phone in phones:
        found |= {f"t{phone}", f"h{phone[:-4]}", f"e{phone[-7:]}"}
        found.update(f"4{phone[-4:]}{each}" for each in short)
    for email in emails:
        local = canonical_email(email).partition("@")[0]
        found |= {f"m{email}", f"l{local}"}
        if len(local) >= 8:
            half = len(local) // 2
            found |= {f"a{local[:half]}", f"z{local[half:]}"}
        found.update(f"5{local[:4]}{each}" for each in short)
    return {_hash(each) for each in found}


def _name_keys(name: Name) -> set[str]:
    words = sorted({*name.words, *name.joined})
    found = {f"r{surname} {given}" for surname, given in name.readings}
    found |= {f"s{sounds_like(surname)} {sounds_like(given)}" for surname, given in name.readings[:2]}
    if name.hanzi:
        found.add(f"c{name.hanzi}")
    plain = [_plain(word) for word in words]
    for one, other in combinations(sorted(plain), 2):
        found.add(f"w{one} {other}")
    for one, other in combinations(sorted(metaphone(word) for word in words if len(word) > 1), 2):
        found.add(f"p{one} {other}")
    return found


def _plain(word: str) -> str:
    """The word that stands for it and its nicknames."""
    near, _far = tables.nicknames()
    found: str = min({word, *near.get(word, ())})
    return found


def _short(name: Name) -> list[str]:
    first = {word[0] for word in name.words}
    return sorted(first | {surname[0] for surname, _given in name.readings[:1]})


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def candidates(keys: Iterable[Iterable[int]], *, largest: int = MAX_BLOCK) -> Pairs:
    """Pairs of cards that share a key which not too many share: an array of two columns, each pair once."""
    counts: list[int] = []
    flat: list[int] = []
    for own in keys:
        before = len(flat)
        flat.extend(own)
        counts.append(len(flat) - before)
    values = np.array(flat, dtype=np.int64)
    cards = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
    return pairs_within(values, cards, largest=largest, total=len(counts))


def pairs_within(
    values: npt.NDArray[np.int64], cards: npt.NDArray[np.int64], *, largest: int, total: int
) -> Pairs:
    """The same from flat arrays: `cards[i]` has the key `values[i]`."""
    order = np.lexsort((cards, values))
    values, cards = values[order], cards[order]
    starts = np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]])) if len(values) else values
    sizes = np.diff(np.append(starts, len(values)))
    packed = [np.empty(0, dtype=np.int64)]
    for size in np.unique(sizes[(sizes > 1) & (sizes <= largest)]):
        blocks = cards[starts[sizes == size][:, None] + np.arange(size)]
        one, other = np.triu_indices(int(size), 1)
        packed.append(np.unique(blocks[:, one].ravel() * total + blocks[:, other].ravel()))
    every = np.unique(np.concatenate(packed))
    pairs = np.stack([every // max(total, 1), every % max(total, 1)], axis=1)
    apart: Pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    return apart


# --- comparison


@dataclass(slots=True)
class _Compared:
    """One field of many pairs: every distinct pair of values once."""

    column: Column
    agreements: list[Agreement]
    which: npt.NDArray[np.int64]
    """For each pair its place in `agreements`."""

    def codes(self) -> npt.NDArray[np.int16]:
        numbers = {level: index for index, level in enumerate((MISSING, *self.column.levels))}
        own = np.array([numbers[each.level] for each in self.agreements], dtype=np.int16)
        return own[self.which]

    def bits(self, weights: Weights, share: Callable[[str], float] | None) -> Floats:
        shares = None if share is None else (lambda _name, term: share(term))
        own = np.array(
            [
                0.0
                if each.level == MISSING
                else weights.field_bits(self.column.name, each, shares if self.column.terms else None)
                for each in self.agreements
            ]
        )
        return own[self.which]


def _compare(column: Column, pairs: Pairs) -> _Compared:
    one, other = column.codes[pairs[:, 0]], column.codes[pairs[:, 1]]
    low, high = np.minimum(one, other), np.maximum(one, other)
    low = np.where(low < 0, -1, low)
    high = np.where(low < 0, -1, high)
    size = len(column.values) + 1
    met, which = np.unique((low + 1) * size + high + 1, return_inverse=True)
    agreements = []
    for each in met.tolist():
        a, b = each // size - 1, each % size - 1
        agreements.append(Agreement(MISSING) if a < 0 else column.compare(column.values[a], column.values[b]))
    return _Compared(column, agreements, which.ravel())


def _counts(fields: Sequence[_Compared]) -> Counts:
    names = tuple(each.column.name for each in fields)
    counts = Counts(names)
    codes = np.stack([each.codes() for each in fields], axis=1)
    patterns, times = np.unique(codes, axis=0, return_counts=True)
    for pattern, count in zip(patterns.tolist(), times.tolist(), strict=True):
        words = [(MISSING, *each.column.levels)[code] for each, code in zip(fields, pattern, strict=True)]
        counts.add(tuple(words), float(count))
    return counts


def _rarity(column: Column) -> Callable[[str], float]:
    """Which part of all cards has a term."""
    if column.terms is None:
        return lambda _term: 1.0
    people = np.bincount(column.codes[column.codes >= 0], minlength=len(column.values))
    counts: dict[str, int] = {}
    for value, times in zip(column.values, people.tolist(), strict=True):
        for term in column.terms(value):
            counts[term] = counts.get(term, 0) + times
    whole = max(int(people.sum()), 1)
    return lambda term: counts.get(term, 1) / whole


def search(
    columns: Sequence[Column],
    pairs: Pairs,
    *,
    start: Weights | None = None,
    apart: frozenset[tuple[int, int]] = frozenset(),
    seed: int = 1,
    keep: float = 0.01,
) -> Found:
    """Compares the candidates, learns what counts, and says how likely each pair is.

    `apart` are pairs known to be two people: they are not given back, and no cluster holds both.
    """
    total = len(columns[0].codes)
    fields = [_compare(each, pairs) for each in columns]
    draw = np.random.default_rng(seed).integers(0, max(total, 1), size=(STRANGERS, 2))
    strangers = [_compare(each, draw[draw[:, 0] != draw[:, 1]]) for each in columns]
    levels = {**LEVELS, **{each.name: each.levels for each in columns}}
    weights = learn(_counts(fields), _counts(strangers), levels=levels, start=start)
    bits = np.zeros(len(pairs))
    for compared in fields:
        bits += compared.bits(weights, _rarity(compared.column))
    probability = _probability(bits, total)
    words = {each.column.name: _words_of(each) for each in fields}
    if "name" in words:
        probability[np.isin(words["name"], list(OTHERS))] *= 0.2
    if apart:
        known = np.array([pair in apart for pair in map(tuple, pairs.tolist())], dtype=bool)
        probability[known] = 0.0
    agree = sum((np.isin(own, list(_AGREE)) for own in words.values()), np.zeros(len(pairs), dtype=int))
    certain = (probability >= CERTAIN) & (agree >= 2)
    clusters = together(total, pairs[certain], probability[certain], pairs[probability < LIKELY], apart)
    shown = probability >= keep
    return Found(
        pairs[shown],
        probability[shown],
        {name: own[shown].tolist() for name, own in words.items()},
        certain[shown],
        clusters,
        weights,
        len(pairs),
    )


def _probability(bits: Floats, total: int) -> Floats:
    """u is that of random pairs, so the prior is that of random pairs too: as many matches as the pairs then add up to."""
    ratio = np.exp2(np.minimum(bits, 100.0))
    every = max(total * (total - 1) / 2, 1.0)
    matches = max(total / 10, 1.0)
    probability = np.zeros(len(bits))
    for _round in range(20):
        odds = ratio * (matches / every) / max(1 - matches / every, 1e-9)
        probability = odds / (1 + odds)
        before, matches = matches, min(max(float(probability.sum()), 0.5), every / 2)
        if abs(matches - before) < 1e-3 * before:
            break
    return probability


_AGREE = ("same", "swapped", "script", "nickname", "slip", "sound", "digit", "local")


def _words_of(compared: _Compared) -> npt.NDArray[np.str_]:
    own = np.array([each.level for each in compared.agreements] or [MISSING])
    return own[compared.which]
