"""Which of very many cards are worth comparing: pairs that share a key, found by sorting numbers.

A key is a number; what it was made of plays no part here. Keys that too many cards share are not followed, and where a
house's keys would give more pairs than there is time for, the commonest are left out first: whoever is one person
shares a rarer one too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Pairs = npt.NDArray[np.int64]
Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
MAX_BLOCK = 40
"""A key that more cards share tells too little."""
PAIRS_A_CARD = 16
"""At most so many pairs a card on the whole; small houses may have `FEW_PAIRS`."""
FEW_PAIRS = 2_000_000
ROWS = 100_000
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_BASE = np.uint64(0x100000001B3)


def mixed(numbers: npt.NDArray[Any], kind: int) -> Hashes:
    """64 bits in which every bit depends on every bit of the number and of the kind."""
    found = numbers.astype(np.uint64) + np.uint64((kind * 0xD1B54A32D192ED03) % 2**64)
    for shift in (30, 27, 31):
        found ^= found >> np.uint64(shift)
        found *= _MULTIPLIER
    return found ^ (found >> np.uint64(32))


def both(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> Ints:
    """A number for two of less than 2**31 each."""
    return (one.astype(np.int64) << np.int64(31)) | other.astype(np.int64)


def letters(values: Sequence[str], width: int) -> tuple[npt.NDArray[np.uint8], Ints]:
    """(one row of bytes a value, cut at `width` and filled with zeros; lengths as cut)."""
    try:
        rows = np.array(values, dtype=f"S{width}")
    except UnicodeEncodeError:
        rows = np.array([each.encode("ascii", "replace") for each in values], dtype=f"S{width}")
    matrix = rows.view(np.uint8).reshape(len(values), width)
    return matrix, (matrix != 0).sum(axis=1, dtype=np.int64)


def less_one(matrix: npt.NDArray[np.uint8], lengths: Ints) -> Iterator[tuple[Hashes, Ints]]:
    """(hashes, rows) of every row whole and with each of its bytes left out, some rows at a time.

    Two values that are one slip apart (a letter more, less or other, or two neighbours swapped) share at least one.
    """
    for first in range(0, len(matrix), ROWS):
        hashes, rows = _less_one(matrix[first : first + ROWS], lengths[first : first + ROWS])
        yield hashes, rows + first


def _less_one(matrix: npt.NDArray[np.uint8], lengths: Ints) -> tuple[Hashes, Ints]:
    size, width = matrix.shape
    powers = [np.uint64(pow(int(_BASE), at, 2**64)) for at in range(width)]
    # A letter further to the right stands for one power more: divided out by the inverse of the base.
    inverse = np.uint64(pow(int(_BASE), -1, 2**64))
    before = np.zeros((width + 1, size), dtype=np.uint64)
    for at in range(width):
        before[at + 1] = before[at] + matrix[:, at].astype(np.uint64) * powers[at]
    hashes, rows = [before[width]], [np.arange(size, dtype=np.int64)]
    for at in range(width):
        here = np.flatnonzero(lengths > at)
        after = (before[width][here] - before[at + 1][here]) * inverse
        hashes.append(before[at][here] + after)
        rows.append(here)
    return np.concatenate(hashes), np.concatenate(rows)


def packed(hashes: Hashes, cards: npt.NDArray[Any], total: int) -> Hashes:
    """Key and card in one number, which sorts several times faster than two: the card in the lowest bits."""
    bits = _bits(total)
    return ((hashes >> bits) << bits) | cards.astype(np.uint64)


def candidates(keys: Iterable[Iterable[int]], *, largest: int = MAX_BLOCK) -> Pairs:
    """Pairs of cards that share a key, from each card's keys: an array of two columns, each pair once."""
    counts: list[int] = []
    flat: list[int] = []
    for own in keys:
        before = len(flat)
        flat.extend(own)
        counts.append(len(flat) - before)
    hashes = mixed(np.array(flat, dtype=np.int64), 0)
    cards = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
    return pairs_within(packed(hashes, cards, len(counts)), total=len(counts), largest=largest)


def shared(entries: Hashes, *, total: int, largest: int = MAX_BLOCK) -> Hashes:
    """Of `packed` entries those whose key from two to `largest` cards have, sorted. Sorts in place."""
    bits = _bits(total)
    entries = distinct(entries)
    if not len(entries):
        return entries
    keys = entries >> bits
    new = np.concatenate([[True], keys[1:] != keys[:-1]])
    starts = np.flatnonzero(new)
    sizes = np.diff(np.append(starts, len(keys)))
    kept: Hashes = entries[np.repeat((sizes > 1) & (sizes <= largest), sizes)]
    return kept


def pairs_within(entries: Hashes, *, total: int, largest: int = MAX_BLOCK, most: int | None = None) -> Pairs:
    """Pairs of cards that share a key which at most `largest` have, from `packed` entries."""
    bits = _bits(total)
    entries = shared(entries, total=total, largest=largest)
    keys = entries >> bits
    starts = (
        np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else keys.astype(int)
    )
    sizes = np.diff(np.append(starts, len(keys)))
    del keys
    cards = (entries & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)
    found = [np.empty(0, dtype=np.int64)]
    for size in range(2, _largest(sizes, largest, most or max(FEW_PAIRS, PAIRS_A_CARD * total)) + 1):
        blocks = cards[starts[sizes == size][:, None] + np.arange(size)]
        one, other = np.triu_indices(size, 1)
        found.append((blocks[:, one] * total + blocks[:, other]).ravel())
    every = distinct(np.concatenate(found))
    return np.stack([every // max(total, 1), every % max(total, 1)], axis=1)


def _bits(total: int) -> np.uint64:
    return np.uint64(max(int(total - 1).bit_length(), 1))


def _largest(sizes: Ints, largest: int, most: int) -> int:
    """The largest block to follow, so that all of them have no more than `most` pairs."""
    times = np.bincount(sizes[sizes <= largest], minlength=largest + 1)
    each = np.arange(largest + 1)
    pairs = np.cumsum(times * each * (each - 1) // 2)
    return int(np.searchsorted(pairs, most, side="right")) - 1


def distinct(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Sorted, each once; sorts in place."""
    values.sort()
    return values[np.concatenate([[True], values[1:] != values[:-1]])] if len(values) else values
