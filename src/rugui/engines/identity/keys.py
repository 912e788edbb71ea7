"""The keys by which a name is found again: 64-bit hashes for an ordinary index.

A card stores few keys: every word, every pair of words (in either order), every suffix of two Han characters or more, the
pinyin of a Chinese name as a pair of words. A pair's key is the sum of its words': a query that tries hundreds of pairs
adds, and hashes no more. A query pays for what may have been meant otherwise: other romanisations,
surnames spelt abroad, nicknames, and words of the vocabulary that are one letter off or sound the same. The vocabulary
of words is hundreds of times smaller than the table of people, so that is where slips are looked for.

Identities need few keys of their own: the comparable form is looked up by its beginning (`normal`), numbers also by
their last digits, and addresses as their provider delivers where that is something else (`tail`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations, product

from . import tables
from .compare import metaphone, surname_of
from .normalise import (
    Name,
    canonical_email,
    given_readings,
    in_wade_giles,
    name_of,
    sounds_like,
    surname_readings,
)

VERSION = 2
"""Counts up when the same name gets other keys; stored keys are then rebuilt."""
MAX_PAIR_WORDS = 4
MAX_SUFFIXES = 6
TAIL = 7
"""Digits from the end that are indexed; by so many hardly anybody is like another."""
PREFIX = 7
"""Letters of a word from which slips are looked for: who agrees so far and is one letter off later shares its beginning."""
MIN_SLIP = 4
"""Shorter words are looked up by sound and beginning only: nearly everything is one letter off them."""


@lru_cache(maxsize=100_000)
def hashed(kind: str, value: str) -> int:
    """A signed 64-bit hash."""
    return int.from_bytes(blake2b(f"{kind}|{value}".encode(), digest_size=8).digest(), "big", signed=True)


def paired(one: int, other: int) -> int:
    """The hash of a pair of words, in either order, from the hashes of the words."""
    return ((one + other + 2**63) & (2**64 - 1)) - 2**63


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one <= other else (other, one)


@dataclass(frozen=True, slots=True)
class NameKeys:
    """What a name is found by."""

    words: frozenset[str]
    """Single words, and runs of characters: also the words of the vocabulary, searched by their beginnings."""
    pairs: frozenset[tuple[str, str]]
    paired: frozenset[str]
    """Words that occur only in pairs (a surname read from characters): of the vocabulary, but no keys themselves."""


def name_keys(name: Name) -> NameKeys:
    """The keys of one name."""
    spoken = spoken_words(name)[:MAX_PAIR_WORDS]
    words: set[str] = {*spoken, *name.joined}
    pairs: set[tuple[str, str]] = {_pair(one, other) for one, other in combinations(spoken, 2)}
    paired: set[str] = set()
    if name.joined:
        pairs.update(_pair(one, other) for one, other in product(name.joined, spoken) if other not in one)
    if name.hanzi:
        words.add(name.hanzi)
        words.update(name.hanzi[start:] for start in range(1, min(len(name.hanzi) - 1, MAX_SUFFIXES)))
        family = _family(name)
        for surname, given in name.readings:
            pairs.add(_pair(surname, given))
            words.add(given)
            paired.add(surname)
        if family:
            pairs.update(_pair(word, family) for word in spoken)
            paired.add(family)
    elif name.romanised:
        pairs |= _romanised_pairs(name)
        words |= {given for _surname, given in name.readings if given == "".join(name.words[1:])}
        words |= {given for _surname, given in name.readings if given == "".join(name.words[:-1])}
        for each in pairs:
            paired.update(each)
    return NameKeys(frozenset(words), frozenset(pairs), frozenset(paired - words))


def spoken_words(name: Name) -> list[str]:
    """The words to pair: Mary-Ann as two and as one, but Yu-Ting, which is one name of two syllables, as one."""
    if not name.joined:
        return list(name.words)
    chinese = [each for each in name.joined if given_readings(each)]
    return [*chinese, *(word for word in name.words if all(word not in each for each in chinese))]


def _family(name: Name) -> str:
    return name.readings[0][0] if name.readings else surname_of(name.hanzi)


def _romanised_pairs(name: Name) -> set[tuple[str, str]]:
    """The surname with the given name as one word: as spelt, and in pinyin where it is not pinyin already."""
    if len(name.words) == 1:
        return {_pair(surname, given) for surname, given in name.readings}
    result: set[tuple[str, str]] = set()
    in_pinyin = False
    for surname, given in (
        (name.words[0], "".join(name.words[1:])),
        (name.words[-1], "".join(name.words[:-1])),
    ):
        if surname_readings(surname):
            result.add(_pair(surname, given))
            in_pinyin = in_pinyin or (surname, given) in name.readings
    if not in_pinyin:
        result |= {_pair(surname, given) for surname, given in name.readings[:6]}
    return result


def card_keys(names: Iterable[str]) -> tuple[set[int], dict[str, int]]:
    """(hashes to store for a card, the words of the vocabulary that it uses with their hashes)."""
    hashes: set[int] = set()
    vocabulary: dict[str, int] = {}
    for text in names:
        if not text:
            continue
        keys = name_keys(name_of(text))
        for word in keys.words:
            number = hashed("w", word)
            hashes.add(number)
            vocabulary[word] = number
        for word in keys.paired:
            vocabulary[word] = hashed("w", word)
        hashes.update(paired(vocabulary[one], vocabulary[other]) for one, other in keys.pairs)
    return hashes, vocabulary


SPELT, SAID, HEARD = "d", "m", "f"
"""Kinds of keys of a word of the vocabulary: without one letter, as it is said in English, as pinyin sounds."""


def variant_keys(word: str, kinds: str = SPELT + SAID + HEARD) -> dict[int, str]:
    """What a word of the vocabulary is found by when it is mistyped or misheard, each key with its kind."""
    found: dict[int, str] = {}
    if not word.isascii() or not word.isalpha():
        return found
    if SPELT in kinds and len(word) >= MIN_SLIP:
        found |= {hashed(SPELT, each): SPELT for each in _less_one(word[:PREFIX])}
    if SPELT in kinds and len(word) >= MIN_SLIP - 1:
        found[hashed(SPELT, word[:PREFIX])] = SPELT
    if SAID in kinds and len(word) >= 3 and (sound := metaphone(word)):
        found[hashed(SAID, sound)] = SAID
    if HEARD in kinds and (heard := sounds_like(word)):
        found[hashed(HEARD, heard)] = HEARD
    return found


def unfinished_keys(word: str) -> set[int]:
    """Keys of the words that this one is when two more letters are written: what shares a key with it and any one letter."""
    if not word.isascii() or not word.isalpha() or not MIN_SLIP - 1 <= len(word) < PREFIX:
        return set()
    return {hashed(SPELT, word + letter) for letter in "abcdefghijklmnopqrstuvwxyz"}


def _less_one(word: str) -> Iterator[str]:
    for index in range(len(word)):
        yield word[:index] + word[index + 1 :]


# --- queries


@dataclass(frozen=True, slots=True)
class Meant:
    """A word that a query may have meant, and what the difference costs, in bits."""

    word: str
    cost: float


def spellings(word: str) -> list[Meant]:
    """The word and its regular other forms: nicknames, surnames spelt abroad, Wade-Giles from and to pinyin."""
    found = {word: 0.0}

    def note(other: str, cost: float) -> None:
        if other and other not in found:
            found[other] = cost

    if not word.isascii():
        return [Meant(word, 0.0)]
    for other in given_readings(word):
        note(other, 1.0)
    for other in surname_readings(word):
        note(other, 1.0)
    note(in_wade_giles(word), 1.0)
    near, far = tables.nicknames()
    for other in sorted(near.get(word, ())):
        note(other, 3.0)
    for other in sorted(tables.spelt_abroad().get(word, ())):
        note(other, 3.0)
    for other in sorted(far.get(word, ()))[:12]:
        note(other, 5.0)
    return [Meant(each, cost) for each, cost in found.items()]


def combinations_of(name: Name) -> list[tuple[str, str]]:
    """The pairs of words to look a queried name up by: as typed, and as surname and given name."""
    spoken = spoken_words(name)[:MAX_PAIR_WORDS]
    result = list(combinations(spoken, 2))
    result += [(one, other) for one, other in product(name.joined, spoken) if other not in one]
    if len(name.words) == 1 and len(name.words[0]) >= 5:
        result += name.readings
    elif len(name.words) > 2:
        result += [(name.words[0], "".join(name.words[1:])), (name.words[-1], "".join(name.words[:-1]))]
    if name.hanzi:
        result += name.readings
        if family := _family(name):
            result += [(word, family) for word in name.words]
    return list(dict.fromkeys(result))


def tail(kind: str, normal: str) -> str:
    """What an identity is found by besides its comparable form: its last digits from the end, or the address that its
    provider delivers to where that is another one. Empty where there is nothing to add.
    """
    if kind == "phone":
        return normal[:0:-1][:TAIL]
    if kind == "card":
        return normal[::-1][:TAIL]
    if kind == "email" and (delivered := canonical_email(normal)) != normal:
        return delivered
    return ""


def one_letter_off(local: str) -> list[str]:
    """Everything that a short word may have been before one slip."""
    letters = "abcdefghijklmnopqrstuvwxyz0123456789._"
    found = set(_less_one(local))
    for at in range(len(local) + 1):
        found.update(local[:at] + each + local[at:] for each in letters)
        if at < len(local):
            found.update(local[:at] + each + local[at + 1 :] for each in letters)
        if 0 < at < len(local):
            found.add(local[: at - 1] + local[at] + local[at - 1] + local[at + 1 :])
    return sorted(found - {local})
