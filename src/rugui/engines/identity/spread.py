"""How surprising it is that somebody with this name is asked for in these words: the bits that the differences cost.

A level says that one letter is off; among how many ways of being one letter off this one was picked is said here, word by
word, so that two slips cost twice as much as one and "William David Polburn" is not nearer to "dvaid pallebourne" than
"David Pallebourne" is. What people confuse regularly has few ways (zh and z, the dozen characters of one syllable), a
letter that is simply wrong has hundreds.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby, product
from math import log2

from rapidfuzz.distance import OSA

from .compare import aligned, latin, metaphone
from .normalise import Name, in_wade_giles, name_of, pinyin_syllables, sounds_like
from .tables import split_syllable

SWAPPED, SCRIPT, NICKNAME, CLOSE, STRANGE = 0.5, 1.5, 3.0, 15.0, 24.0
WADE_GILES, ABROAD, SECOND_READING = 1.5, 4.0, 3.0
"""Another regular romanisation; a surname as it is spelt abroad (Tan for Chen); a character by its rarer reading."""
KIND_OF_SLIP, WRONG_LETTER, DOUBLED = 2.0, 4.6, -2.0
"""One of four kinds of slips; one of twenty-five letters where one is wrong or too many; a letter too many is often the
same once more."""
HOMOPHONE = 4.0
"""A syllable is written with one of so many characters in names."""
LIKE_SOUND = 3.5
"""zh for z, n for l, f for h, -ng for -n: each of them."""
SLIP_BY_EAR = 5.5
"""One letter off, and said the same: Hughs for Hughes."""
BY_EAR, BY_EAR_PER_LETTER = 6.0, 1.5
BEGUN, BEGUN_PER_LETTER = 4.0, 0.8
BEGUN_LAST, BEGUN_LAST_PER_LETTER = 2.0, 0.2
UNSAID = 2.0
"""A word of the name that was not said."""
INITIAL = 6.7
WRONG_CHARACTER = 9.0


def spread(asked: Name, called: str, level: str) -> float:
    """Bits of the differences, for names that agree at this level."""
    if level == "same":
        return 0.0
    other = name_of(called)
    if level == "swapped":
        return SWAPPED
    if asked.hanzi and other.hanzi:
        return _written(asked, other, level)
    best = STRANGE
    if asked.words and (other.words or other.hanzi):
        mixed = asked.hanzi or (other.hanzi and other.words)
        best = _spelt(
            latin(asked).words if mixed else asked.words, latin(other).words if mixed else other.words
        )
    if other.readings:
        best = min(best, _read(asked, other))
    if asked.hanzi and not asked.words:
        best += HOMOPHONE * (len(asked.hanzi) - 1)
    return best


def _written(asked: Name, other: Name, level: str) -> float:
    """Both in characters."""
    one, two = asked.hanzi, other.hanzi
    words = _spelt(asked.words, other.words) if asked.words and other.words else 0.0
    if one == two:
        return words
    if len(one) == len(two) and level in {"sound", "close"}:
        wrong = sum(a != b for a, b in zip(one, two, strict=True))
        if set(asked.readings) & set(other.readings):
            return words + HOMOPHONE * wrong
        if heard := _heard(asked, other):
            return words + HOMOPHONE * wrong + LIKE_SOUND * heard
    return words + (WRONG_CHARACTER if level == "close" else UNSAID)


def _heard(asked: Name, other: Name) -> int:
    """How many sounds were taken for others that are like them, in the reading that needs fewest; 0 if none will do."""
    found = [
        unlike(family, surname) + unlike(given, name)
        for (family, given), (surname, name) in product(asked.readings, other.readings)
        if sounds_like(family) == sounds_like(surname) and sounds_like(given) == sounds_like(name)
    ]
    return min(found, default=0)


def _same_reading(asked: Name, other: Name) -> float | None:
    """Bits of the likeliest reading that both have; None where they have none in common."""
    found = [
        _reading(asked, each, at) + _reading(other, each, other.readings.index(each))
        for at, each in enumerate(asked.readings)
        if each in other.readings
    ]
    return min(found, default=None)


def _reading(name: Name, reading: tuple[str, str], at: int) -> float:
    """How far this way to read a name is from the first that comes to mind."""
    if name.hanzi:
        return SECOND_READING if at else 0.0
    family = reading[0]
    ends = (name.words[0], name.words[-1])
    return 0.0 if len(name.words) == 1 or family in ends or in_wade_giles(family) in ends else ABROAD


@lru_cache(maxsize=20_000)
def unlike(one: str, other: str) -> int:
    """How many initials and finals differ in two words of pinyin."""
    syllables = pinyin_syllables(one), pinyin_syllables(other)
    if len(syllables[0]) != len(syllables[1]):
        return 2
    parts = [[part for each in word for part in split_syllable(each)] for word in syllables]
    return sum(part != partner for part, partner in zip(*parts, strict=True))


def slip(asked: str, called: str) -> float:
    """Bits of one letter that is off. One is left out, or changes places with its neighbour, in as many ways as the word
    has letters; a wrong one, or one too many, may be any of the alphabet.
    """
    bits = KIND_OF_SLIP + log2(max(len(called), 2))
    if len(asked) < len(called) or (len(asked) == len(called) and sorted(asked) == sorted(called)):
        return bits
    doubled = len(asked) > len(called) and _singled(asked) == _singled(called)
    return bits + WRONG_LETTER + (DOUBLED if doubled else 0.0)


def _singled(word: str) -> str:
    """Without the second of two letters that are the same."""
    return "".join(letter for letter, _run in groupby(word))


def _read(asked: Name, other: Name) -> float:
    """By their readings in pinyin; what is no pinyin letter by letter."""
    if not asked.readings:
        return _letters("".join(asked.words), other)
    same = _same_reading(asked, other)
    if same is not None:
        return SCRIPT + same
    heard = _heard(asked, other)
    best = SCRIPT + LIKE_SOUND * heard if heard else STRANGE
    for (family, given), (surname, name) in product(asked.readings, other.readings):
        if family == surname and OSA.distance(given, name, score_cutoff=1) <= 1:
            best = min(best, SCRIPT + slip(given, name))
    return best if best < STRANGE or asked.hanzi else _letters("".join(asked.words), other)


def _letters(typed: str, other: Name) -> float:
    best = STRANGE
    for family, given in other.readings:
        for whole in (family + given, given + family, in_wade_giles(family) + in_wade_giles(given)):
            distance = OSA.distance(typed, whole, score_cutoff=2)
            if distance <= 2:
                best = min(best, SCRIPT + (slip(typed, whole) if distance == 1 else CLOSE * bool(distance)))
    return best


def _spelt(asked: tuple[str, ...], called: tuple[str, ...]) -> float:
    """Word by word, each with its best partner."""
    if not asked or not called:
        return STRANGE
    if "".join(asked) == "".join(called):
        return 0.0
    if len(asked) <= len(called):
        cost = sum(_word(word, partner, how) for word, partner, how in aligned(asked, called))
    else:
        cost = sum(_word(partner, word, how) for word, partner, how in aligned(called, asked))
    return cost + UNSAID * abs(len(called) - len(asked))


def misspelt(asked: Name, called: str) -> float | None:
    """The bits when what was typed is no romanisation, but one letter off one of this name, spelt otherwise on the
    card: "zhou jimnghui" is Chou Ching-Hui. None when it is not."""
    other = name_of(called)
    bits = _letters("".join(asked.words), other) if other.readings and not other.hanzi else STRANGE
    return bits if bits < CLOSE else None


@lru_cache(maxsize=100_000)
def _word(asked: str, called: str, how: str) -> float:
    if how == "same":
        return 0.0
    if how in {"different", "close"} or not asked or not called:
        return CLOSE if how == "close" else STRANGE
    if how == "nickname":
        return NICKNAME
    if how == "abroad":
        return WADE_GILES if asked == in_wade_giles(called) or called == in_wade_giles(asked) else ABROAD
    if how == "initial":
        return INITIAL
    if called.startswith(asked):
        return BEGUN + BEGUN_PER_LETTER * (len(called) - len(asked))
    heard = sounds_like(asked)
    if heard and heard == sounds_like(called):
        return LIKE_SOUND * unlike(asked, called)
    distance = OSA.distance(asked, called)
    if distance <= 1:
        spoken = metaphone(asked) == metaphone(called) and not pinyin_syllables(called)
        return min(SLIP_BY_EAR, slip(asked, called)) if spoken else slip(asked, called)
    return BY_EAR + BY_EAR_PER_LETTER * min(distance, 6)


def begun(asked: Name, called: str) -> float | None:
    """The bits when every word typed is the beginning of a word of the name; None if one is not.

    The last word may well be unfinished, and how much of it is to come says little; words before it mostly are finished.
    """
    other = name_of(called)
    if asked.hanzi not in other.hanzi:
        return None
    words = [*other.words, *other.joined]
    words += [each for pair in other.readings for each in ("".join(pair), *pair)]
    rarer = other.readings[1:] if other.hanzi else ()
    cost = UNSAID if asked.hanzi and asked.hanzi != other.hanzi else 0.0
    for at, word in enumerate(asked.words):
        found = min((each for each in words if each.startswith(word)), key=len, default=None)
        if found is None:
            return None
        missing = len(found) - len(word)
        if found in other.words:
            words.remove(found)  # Each word of a name is said once: "hao i-hao" does not begin Chao I-Hao.
        elif rarer and found not in (*other.readings[0], "".join(other.readings[0])):
            cost += SECOND_READING
        if missing and at == len(asked.words) - 1:
            cost += BEGUN_LAST + BEGUN_LAST_PER_LETTER * missing
        elif missing:
            cost += BEGUN + BEGUN_PER_LETTER * missing
    unsaid = len(other.words) - len(asked.words) if other.words and not asked.hanzi else 0
    return cost + UNSAID * max(0, unsaid)
