"""From words to numbers: every message becomes a few hundred slots of one hashed table, found without a Python loop.

Chinese has no spaces, so its unit is the character; elsewhere the unit is the word. A message is described by its units, by
pairs and triples of neighbours, and by the three, four and five letters in a row that its Latin words hold (with their edges), which forgive slips.
With what it begins and ends, for "is it free" asks and "it is free" tells.
Hashes of stretches come from one running sum of letters times powers of an odd number, modulo 2^64: the hash of any stretch
is a difference of two sums, whatever its length (Karp and Rabin, 1987).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..identity.tables import hanzi

LONGEST = 4_000
"""Letters of a message that are read; what a customer wants is said before."""
_BASE = 0x9E3779B97F4A7C15
_MIX = np.uint64(0xFF51AFD7ED558CCD)
_PAIR = np.uint64(0xC2B2AE3D27D4EB4F)
_EITHER = np.uint64(0xD6E8FEB86659FD93)
APART = 4
"""Words in an alphabet that stand no further from one another make a pair, whichever comes first."""
_EDGE = 1
"""Stands for the beginning and the end of a word among its letters."""
_IS_RUN = np.uint64(1 << 63)
"""Runs of letters have the upper half of the table, words and their neighbours the lower."""
_NEGATED = np.uint64(0x5851F42D4C957F2D)
"""What marks the hash of a negated word; it leaves the upper bit alone, which says in which half of the table it is."""
_FIRST, _LAST = np.uint64(0x2545F4914F6CDD1D), np.uint64(0x369DEA0F31A53F85)
"""What marks the hashes of units that begin and that end a clause."""
_WHETHER = np.uint64(0x1D8E4E27C47D124F)
"""The hash of a unit that is asked for: 能不能, 有沒有."""
_REACH = 3
"""So many words or characters behind a negation are negated."""
_NEGATIONS = """
    not no never nothing nobody none without hardly barely cannot neither nor isn't wasn't aren't weren't don't doesn't didn't can't couldn't
    won't wouldn't shouldn't hasn't haven't hadn't mustn't needn't ain't isnt wasnt arent werent dont doesnt didnt cant couldnt wont wouldnt
    hasnt havent hadnt 不 没 无 未 毫 冇 唔 非 别
"""
_WIDTHS = np.array([[3], [4], [5]])
"""Letters in a row that make a run."""
_INVERSE = pow(_BASE, -1, 1 << 64)

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
U64 = NDArray[np.uint64]


class _Powers(NamedTuple):
    up: NDArray[np.uint64]
    down: NDArray[np.uint64]


@cache
def _powers() -> _Powers:
    up, down, a, b = [], [], 1, 1
    for _ in range(LONGEST * 3 // 2 + 4):  # with the edges of words
        up.append(a)
        down.append(b)
        a, b = a * _BASE % (1 << 64), b * _INVERSE % (1 << 64)
    return _Powers(np.array(up, np.uint64), np.array(down, np.uint64))


NOTHING, LATIN, DIGIT, HAN, MARK, STOP = range(6)


class _Table(NamedTuple):
    fold: NDArray[np.uint32]
    kind: NDArray[np.uint8]


@cache
def _table() -> _Table:
    """For every letter of the first planes: as what it is read (small, half width, simplified), and of what kind it is."""
    size = 0x30000
    fold = np.arange(size, dtype=np.uint32)
    kind = np.zeros(size, np.uint8)
    for code in range(0x250):
        letter = chr(code)
        low = letter.lower()
        fold[code] = ord(low) if len(low) == 1 else code
        kind[code] = DIGIT if letter.isdigit() else LATIN if letter.isalpha() else NOTHING
    full = np.arange(0xFF01, 0xFF5F)
    fold[full] = fold[full - 0xFEE0]
    kind[full] = kind[full - 0xFEE0]
    for curly in "’‘ʼ＇":
        fold[ord(curly)] = ord("'")
    for stop in "\n,.:;…、。，：；．":
        kind[ord(stop)] = STOP
    # "don't" is one word, and what a system stripped of its apostrophe ("don t") shares its letters.
    for code in (0x21, 0x3F, 0xFF01, 0xFF1F):
        kind[code] = MARK
    kind[0x3400:0xA000] = HAN
    kind[0xF900:0xFB00] = HAN
    kind[0x20000:0x30000] = HAN
    kind[0x3041:0x3100] = HAN  # kana, read letter by letter as well
    kind[0x1F300:0x1FAF0] = MARK
    kind[0x2600:0x27C0] = MARK
    for code, simple in hanzi().simple.items():
        if code < size:
            fold[code] = ord(simple)
    return _Table(fold, kind)


def codes(text: str) -> NDArray[np.uint32]:
    """The code points of a text, at most `LONGEST`."""
    return np.frombuffer(text[:LONGEST].encode("utf-32-le", "surrogatepass"), np.uint32)


def folded(text: str) -> str:
    """The text as it is read, letter for letter: small, half width, simplified; at most `LONGEST`."""
    raw = codes(text)
    table = _table()
    if not len(raw) or raw.max() < len(table.fold):
        letters = table.fold[raw]
    else:
        known = raw < len(table.fold)
        letters = np.where(known, table.fold[np.where(known, raw, 0)], raw)
    return letters.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


class Stretches(NamedTuple):
    """What describes a text: a hash for every unit, pair, triple and run of letters, and where in the text each stands."""

    hashes: NDArray[np.uint64]
    starts: Ints
    ends: Ints


class Message(NamedTuple):
    """A text as an ear reads it: its slots, each once and sorted, how strongly each is there (1 + log of how often), and how much of it
    is written in letters of an alphabet: the share of its units."""

    slots: Ints
    strength: Floats
    latin: float


_NONE = Stretches(np.zeros(0, np.uint64), np.zeros(0, np.int64), np.zeros(0, np.int64))


def stretches(text: str, *, negation: bool = False) -> Stretches:
    """All that describes a text, with repetitions; three arrays of one length. Offsets are code points.

    With `negation`, what stands closely behind a negation is another word than without it: of "wasn't friendly" and 不贴心 nothing is
    known that "friendly" and 贴心 would say. Whoever learned with it must ask with it.
    """
    return parts(text, negation=negation)[0]


def message(text: str, bits: int) -> Message:
    """A text with negated words told apart, and with its words in pairs that stand up to `APART` from one another."""
    return gathered(*parts(text, negation=True, apart=APART), bits)


def gathered(said: Stretches, latin: float, bits: int) -> Message:
    """The slots of stretches, of which so much is `latin`."""
    at, often = counted(slots_of(said.hashes, bits))
    return Message(at, (1 + np.log(often)).astype(np.float32), latin)


def parts(
    text: str, *, negation: bool = False, apart: int = 0, edges: bool = False
) -> tuple[Stretches, float]:
    """The stretches, pairs of words up to so many `apart` and the `edges` of clauses among them, and the share of units that are in an alphabet."""
    raw = codes(text)
    if not len(raw):
        return _NONE, 0.0
    letters, kinds = _folded(raw)
    latin = (kinds == LATIN) | (kinds == DIGIT)
    single = (kinds == HAN) | (kinds == MARK)
    edge = np.zeros(1, bool)
    starts = np.flatnonzero(single | (latin & ~np.concatenate((edge, latin[:-1]))))
    ends = np.flatnonzero(single | (latin & ~np.concatenate((latin[1:], edge)))) + 1
    up, down = _powers()
    with np.errstate(over="ignore"):
        sums = np.zeros(len(letters) + 1, np.uint64)
        np.cumsum(letters.astype(np.uint64) * up[: len(letters)], dtype=np.uint64, out=sums[1:])
        words = _scrambled((sums[ends] - sums[starts]) * down[starts])
        whether = _whether(words) if edges else np.zeros(0, np.int64)
        turned = (
            _turned(words, starts, ends, single[starts], whether) if negation else np.zeros(len(words), bool)
        )
        if negation:
            words = np.where(turned, words ^ _NEGATED, words)
        pairs = _scrambled(words[:-1] * _PAIR + words[1:])
        triples = _scrambled(pairs[:-1] * _PAIR + words[2:])
        words, pairs, triples = words & ~_IS_RUN, pairs & ~_IS_RUN, triples & ~_IS_RUN
        latin_words = latin[starts]
        written = Stretches(words[latin_words], starts[latin_words], ends[latin_words])
        more = [*_pairs(written, apart), _runs(letters, *written[1:], turned[latin_words])]
        if edges and len(words):
            begins = _begins(letters, kinds, starts)
            more += _edges(Stretches(words, starts, ends), pairs, begins, kinds[starts] == MARK)
            more.append(Stretches(np.full(len(whether), _WHETHER), starts[whether], ends[whether + 2]))
    found = Stretches(
        np.concatenate((words, pairs, triples, *(each.hashes for each in more))),
        np.concatenate((starts, starts[:-1], starts[:-2], *(each.starts for each in more))),
        np.concatenate((ends, ends[1:], ends[2:], *(each.ends for each in more))),
    )
    return found, len(written.hashes) / max(len(words), 1)


def _pairs(words: Stretches, apart: int) -> Iterator[Stretches]:
    """Every two words that stand up to so many `apart`, whichever comes first: people ask one thing in many orders."""
    for step in range(1, min(apart, len(words.hashes) - 1) + 1):
        one, other = words.hashes[:-step], words.hashes[step:]
        hashes = _scrambled(np.minimum(one, other) * _EITHER + np.maximum(one, other)) & ~_IS_RUN
        yield Stretches(hashes, words.starts[:-step], words.ends[step:])


def _begins(letters: NDArray[np.uint32], kinds: NDArray[np.uint8], starts: Ints) -> NDArray[np.bool_]:
    """Which units begin a clause: the first, and those behind a stop or a mark. A stop between two letters or digits is none (3.5)."""
    latin = (kinds == LATIN) | (kinds == DIGIT)
    stop = (kinds == STOP) | (kinds == MARK)
    stop[1:-1] &= ~(latin[:-2] & latin[2:])
    before = np.concatenate((np.zeros(1, np.int64), np.cumsum(stop)))[starts]
    return np.concatenate((np.ones(1, bool), before[1:] > before[:-1]))


def _edges(
    units: Stretches, pairs: U64, begins: NDArray[np.bool_], mark: NDArray[np.bool_]
) -> Iterator[Stretches]:
    """The first unit of each clause, its first two, and its last; marks at its end are none of them."""
    first = begins & ~mark
    yield Stretches(units.hashes[first] ^ _FIRST, units.starts[first], units.ends[first])
    two = np.flatnonzero(first[:-1] & ~begins[1:])
    yield Stretches(pairs[two] ^ _FIRST, units.starts[two], units.ends[two + 1])
    last = ~mark & np.concatenate((begins[1:] | mark[1:], np.ones(1, bool)))
    yield Stretches(units.hashes[last] ^ _LAST, units.starts[last], units.ends[last])


def _folded(raw: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    """Letters as they are read, and the kind of each; an apostrophe within a word belongs to it."""
    table = _table()
    if raw.max() >= len(table.fold):
        raw = np.where(raw < len(table.fold), raw, 0)
    letters, kinds = table.fold[raw], table.kind[raw]
    inside = np.zeros(len(letters), bool)
    inside[1:-1] = (letters[1:-1] == 0x27) & (kinds[:-2] == LATIN) & (kinds[2:] == LATIN)
    return letters, np.where(inside, LATIN, kinds).astype(np.uint8)


def _runs(letters: NDArray[np.uint32], starts: Ints, ends: Ints, turned: NDArray[np.bool_]) -> Stretches:
    """Three to five letters in a row of each Latin word, of which beginning and end count as a letter each."""
    up, down = _powers()
    if not len(starts):
        return _NONE
    lengths = ends - starts + 2
    firsts = lengths.cumsum() - lengths
    place = (starts - 1 - firsts).repeat(lengths)
    place += np.arange(len(place))
    edge = np.zeros(len(place), bool)
    edge[firsts], edge[firsts + lengths - 1] = True, True
    padded = letters.take(place, mode="clip").astype(np.uint64)
    padded[edge] = _EDGE
    sums = np.zeros(len(padded) + 1, np.uint64)
    np.cumsum(padded * up[: len(padded)], dtype=np.uint64, out=sums[1:])
    # All widths at once: a message is short, so every call of numpy saved is a share of its time.
    room = np.maximum(lengths - _WIDTHS + 1, 0)
    widths, room, firsts = _WIDTHS.repeat(room.sum(1)), room.ravel(), np.tile(firsts, len(_WIDTHS))
    at = (firsts - room.cumsum() + room).repeat(room) + np.arange(len(widths))
    last = at + widths - 1
    hashes = _scrambled((sums[last + 1] - sums[at]) * down[at] + widths.astype(np.uint64)) | _IS_RUN
    if turned.any():
        hashes[np.tile(turned, len(_WIDTHS)).repeat(room)] ^= _NEGATED
    return Stretches(hashes, place[at] + edge[at], place[last] + 1 - edge[last])


@cache
def _negations() -> U64:
    """The hashes of the words that turn what follows, sorted."""
    up, fold = _powers().up, _table().fold
    made = []
    with np.errstate(over="ignore"):
        for word in _NEGATIONS.split():
            letters = fold[codes(word)].astype(np.uint64)
            made.append(_scrambled((letters * up[: len(letters)]).sum(dtype=np.uint64, keepdims=True))[0])
    return np.array(sorted(made), np.uint64)


def _whether(words: U64) -> Ints:
    """Where a unit stands on both sides of a negation, which asks and does not deny: 能不能."""
    same = np.flatnonzero(words[:-2] == words[2:])
    return same[_negates(words[same + 1])]


def _negates(words: U64) -> NDArray[np.bool_]:
    known = _negations()
    return np.asarray(known[np.minimum(np.searchsorted(known, words), len(known) - 1)] == words)


def _turned(
    words: U64, starts: Ints, ends: Ints, single: NDArray[np.bool_], whether: Ints
) -> NDArray[np.bool_]:
    """Which units stand within reach behind a negation, with nothing but spaces between (after Das and Chen, 2001)."""
    made = np.zeros(len(words) + _REACH, bool)
    denies = _negates(words)
    denies[whether + 1] = False
    at = np.flatnonzero(denies)
    if not len(at):
        return made[: len(words)]
    near = np.zeros(len(made), bool)
    near[1 : len(words)] = starts[1:] - ends[:-1] <= np.where(single[1:], 0, 1)
    for step in range(1, _REACH + 1):
        at = at[near[at + step]]
        made[at + step] = True
    return made[: len(words)]


def _scrambled(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Every bit of the input moves the upper bits of the output (after the finaliser of MurmurHash3)."""
    values = values ^ (values >> np.uint64(33))
    values = values * _MIX
    return values ^ (values >> np.uint64(29))


def slots_of(hashes: NDArray[np.uint64], bits: int) -> Ints:
    """Where in a table of 2^bits each hash has its place."""
    return (hashes >> np.uint64(64 - bits)).astype(np.int64)


def counted(slots: Ints) -> tuple[Ints, Ints]:
    """Each slot once, sorted, and how often it is there: `np.unique` without what that costs a short message."""
    ordered = np.sort(slots)
    firsts = np.ones(len(ordered) + 1, bool)
    np.not_equal(ordered[1:], ordered[:-1], out=firsts[1:-1])
    at = firsts.nonzero()[0]
    return ordered[at[:-1]], at[1:] - at[:-1]


def lower(columns: Ints, bits: int) -> int:
    """How many of these sorted slots are of words and their neighbours; those of runs of letters come after them."""
    return int(np.searchsorted(columns, 1 << (bits - 1)))


def slots(text: str, bits: int, *, negation: bool = False) -> tuple[Ints, Floats]:
    """The slots of a text in a table of 2^bits, each once, and how strongly each is there (1 + log of how often)."""
    at, often = counted(slots_of(stretches(text, negation=negation).hashes, bits))
    return at, (1 + np.log(often)).astype(np.float32)
