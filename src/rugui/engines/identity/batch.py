"""All cards at once: which pairs may be one person, how likely, and which may become one without being looked at.

The same comparison and weights as at the desk, on columns of numbers. Pairs that share a key are candidates (blocks.py);
their fields are compared piece by piece (fields.py); m is learned on the candidates and u on random pairs (weights.py).
Nothing is quadratic: keys that too many cards share are not followed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from .beside import NamesBeside, NamesGone, names_beside, worth_while
from .blocks import Pairs, candidates, pairs_within
from .clusters import together
from .compare import LEVELS, MISSING
from .fields import EmailField, Field, Levels, NameField, PhoneField, column, shared_keys, text_agreement
from .value_pairs import Several
from .weights import Counts, Weights, learn, rarity_of, shares_of

__all__ = ["Cards", "Found", "NamesGone", "candidates", "column", "look_through", "search", "text_agreement"]

Floats = npt.NDArray[np.float64]
Compared = tuple[Levels, npt.NDArray[np.float32]]
Told = Callable[[str, float], None]
"""told(stage, share): how far a search is; may raise to end it. Stages are "comparing" and "learning"."""
OTHERS = ("surname", "given", "different")
"""Levels of names that are other people's: with these a shared telephone is a relative's."""
STRANGERS = 60_000
PIECE = 250_000
"""Pairs compared at a time: the memory of a search hardly grows with their number."""
CERTAIN = 0.9995
"""Above this, and with two fields that agree, one of them exactly and not the name, a pair needs no look: addresses are
made from names, so that two names one letter apart come with addresses one letter apart."""
LIKELY = 0.5
_AGREE = ("same", "swapped", "script", "nickname", "slip", "sound", "digit", "local")


@dataclass(frozen=True, slots=True)
class Cards:
    """What cards are recognised by: names as written, telephones in E.164, addresses in lower case."""

    names: Sequence[Sequence[str]]
    phones: Sequence[Sequence[str]]
    emails: Sequence[Sequence[str]]


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


def look_through(
    cards: Cards,
    *,
    start: Weights | None = None,
    apart: frozenset[tuple[int, int]] = frozenset(),
    keep: float = 0.01,
    told: Told = lambda _stage, _share: None,
    beside: bool | None = None,
) -> Found:
    """Candidates among all cards, compared and judged. The arguments are those of `search`.

    `beside`: whether names are compared by a process of their own; by itself it is where that is worth its start.
    Raises `NamesGone` when that process ends too early.
    """
    named: AbstractContextManager[NameField | NamesBeside]
    if beside if beside is not None else worth_while(len(cards.names)):
        named = names_beside(cards.names)
    else:
        named = nullcontext(NameField(Several.of(cards.names)))
    with named as name:
        told("comparing", 0.0)
        others = (PhoneField(Several.of(cards.phones)), EmailField(Several.of(cards.emails)))
        del cards  # who gave them may let go of them: no town is held twice
        pairs = _met(others, name, told)
        fields: list[Field] = [name, *others]
        strangers, compared = _strangers(fields), _compared(fields, pairs, told)
    return _judged(fields, pairs, strangers, compared, start=start, apart=apart, keep=keep, told=told)


def _met(others: Sequence[PhoneField | EmailField], name: NameField | NamesBeside, told: Told) -> Pairs:
    """Pairs of cards that share a key. Names that are in another process are taken apart while this one does the others."""
    entries = [shared_keys(others, name.total)]
    told("comparing", 0.1)
    entries.append(name.shared_keys())
    told("comparing", 0.2)
    pairs = pairs_within(np.concatenate(entries), total=name.total)
    told("comparing", 0.3)
    return pairs


def search(
    fields: Sequence[Field],
    pairs: Pairs,
    *,
    start: Weights | None = None,
    apart: frozenset[tuple[int, int]] = frozenset(),
    seed: int = 1,
    keep: float = 0.01,
    told: Told = lambda _stage, _share: None,
) -> Found:
    """Compares the candidates, learns what counts, and says how likely each pair is.

    `apart` are pairs known to be two people: they are not given back, and no cluster holds both.
    """
    strangers, compared = _strangers(fields, seed), _compared(fields, pairs, told)
    return _judged(fields, pairs, strangers, compared, start=start, apart=apart, keep=keep, told=told)


def _judged(
    fields: Sequence[Field],
    pairs: Pairs,
    strangers: Sequence[Compared],
    compared: Sequence[Compared],
    *,
    start: Weights | None,
    apart: frozenset[tuple[int, int]],
    keep: float,
    told: Told,
) -> Found:
    """Learns from what was compared; of the fields themselves nothing is asked any more."""
    total = fields[0].total
    told("learning", 0.0)
    every = max(total * (total - 1) / 2, 1.0)
    levels = {**LEVELS, **{each.name: each.levels for each in fields}}
    unlike = _counts(fields, strangers)
    rarity = _rarity(fields, compared, unlike)
    weights = learn(
        _counts(fields, compared, rarity),
        unlike,
        levels=levels,
        start=start,
        held={"name": OTHERS},
        every=every,
        prior=min(max(total / 10, 1.0) / every, 0.3),
    )
    probability = _probability(_bits(fields, compared, weights) + rarity, total)
    codes = {each.name: own for each, (own, _shares) in zip(fields, compared, strict=True)}
    if "name" in codes:
        probability[_among(fields, codes, "name", OTHERS)] *= 0.2
    if apart:
        known = np.array([low * total + high for low, high in apart], dtype=np.int64)
        probability[np.isin(pairs[:, 0] * total + pairs[:, 1], known)] = 0.0
    agree = sum((_among(fields, codes, each.name, _AGREE).astype(np.int8) for each in fields), np.int8(0))
    exact = [_among(fields, codes, each.name, ("same",)) for each in fields if each.name != "name"]
    certain = (probability >= CERTAIN) & (agree >= 2) & np.logical_or.reduce(exact)
    told("learning", 0.5)
    clusters = together(total, pairs[certain], probability[certain], pairs[probability < LIKELY], apart)
    shown = probability >= keep
    return Found(
        pairs[shown],
        probability[shown],
        {each.name: _words(each, codes[each.name][shown]) for each in fields},
        certain[shown],
        clusters,
        weights,
        len(pairs),
    )


def _strangers(fields: Sequence[Field], seed: int = 1) -> list[Compared]:
    """Each field of random pairs."""
    total = fields[0].total
    draw = np.random.default_rng(seed).integers(0, max(total, 1), size=(STRANGERS, 2))
    return _compared(fields, draw[draw[:, 0] != draw[:, 1]])


def _compared(
    fields: Sequence[Field], pairs: Pairs, told: Told = lambda _stage, _share: None
) -> list[Compared]:
    """Each field of each pair. Two pieces at a time: much of the work lets another thread on."""
    found = [(np.zeros(len(pairs), np.uint8), np.full(len(pairs), 2.0, np.float32)) for _field in fields]
    pieces = [*range(0, len(pairs), PIECE), len(pairs)]

    def compare(start: int, end: int) -> None:
        for field, (levels, shares) in zip(fields, found, strict=True):
            levels[start:end], shares[start:end] = field.compare(pairs[start:end, 0], pairs[start:end, 1])

    with ThreadPoolExecutor(2) as threads:
        waiting = [threads.submit(compare, *each) for each in pairwise(pieces)]
        try:
            for done, each in enumerate(waiting, start=1):
                each.result()
                told("comparing", 0.3 + 0.7 * done / len(waiting))
        except BaseException:
            threads.shutdown(wait=True, cancel_futures=True)
            raise
    return found


def _rarity(fields: Sequence[Field], compared: Sequence[Compared], strangers: Counts) -> Floats:
    """By pair, the bits that it counts more, or less, because what agrees is rarer, or commoner, than usual."""
    bits = np.zeros(len(compared[0][0]))
    for index, (field, (codes, shares)) in enumerate(zip(fields, compared, strict=True)):
        known = shares_of(strangers, index, field.levels)
        for code, level in enumerate(field.levels, start=1):
            at = np.flatnonzero((codes == code) & (shares <= 1))
            bits[at] += rarity_of(known[level], level, shares[at].astype(np.float64))
    return bits


def _counts(fields: Sequence[Field], compared: Sequence[Compared], rarity: Floats | None = None) -> Counts:
    """How often each pattern of levels occurs, and with how many bits of rarity, to the whole bit."""
    counts = Counts(tuple(each.name for each in fields))
    whole = np.zeros(len(compared[0][0]), dtype=np.int64)
    for field, (codes, _shares) in zip(fields, compared, strict=True):
        whole = whole * (len(field.levels) + 1) + codes
    if rarity is not None:
        whole = whole * 256 + 128 + np.clip(np.rint(rarity), -100, 100).astype(np.int64)
    patterns, times = np.unique(whole, return_counts=True)
    for pattern, count in zip(patterns.tolist(), times.tolist(), strict=True):
        left, bits = pattern, 0
        if rarity is not None:
            left, bits = pattern // 256, pattern % 256 - 128
        words = []
        for field in reversed(fields):
            left, code = divmod(left, len(field.levels) + 1)
            words.append((MISSING, *field.levels)[code])
        counts.add(tuple(reversed(words)), float(count), rarity=float(bits))
    return counts


def _bits(fields: Sequence[Field], compared: Sequence[Compared], weights: Weights) -> Floats:
    """By pair, what its levels say."""
    bits = np.zeros(len(compared[0][0]))
    for field, (codes, _shares) in zip(fields, compared, strict=True):
        known = weights.fields[field.name]
        bits += np.array([0.0, *(known[level].bits for level in field.levels)])[codes]
    return bits


def _probability(bits: Floats, total: int) -> Floats:
    """u is that of random pairs, so the prior is that of random pairs too: as many matches as the pairs then add up to."""
    every = max(total * (total - 1) / 2, 1.0)
    matches = max(total / 10, 1.0)
    ratio = np.exp2(np.minimum(bits, 100.0))
    # What says nothing for one person adds next to nothing to the matches: its odds are its probability.
    counts = ratio > 1
    telling, rest = ratio[counts], float(ratio[~counts].sum())
    for _round in range(20):
        prior = (matches / every) / max(1 - matches / every, 1e-9)
        odds = telling * prior
        before = matches
        matches = min(max(float((odds / (1 + odds)).sum()) + rest * prior, 0.5), every / 2)
        if abs(matches - before) < 1e-3 * before:
            break
    odds = ratio * prior
    found: Floats = odds / (1 + odds)
    return found


def _among(
    fields: Sequence[Field], codes: dict[str, Levels], name: str, levels: Iterable[str]
) -> npt.NDArray[np.bool_]:
    """Which pairs have one of these levels in a field."""
    own = next(each.levels for each in fields if each.name == name)
    table = np.array([False, *(level in levels for level in own)])
    found: npt.NDArray[np.bool_] = table[codes[name]]
    return found


def _words(field: Field, codes: Levels) -> list[str]:
    words = (MISSING, *field.levels)
    return [words[code] for code in codes.tolist()]
