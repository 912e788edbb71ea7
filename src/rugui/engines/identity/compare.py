"""How alike two records are, field by field, in a few levels each: the input of the weights, and of the reasons.

Levels are codes, from the strongest agreement to plain disagreement; `MISSING` says that there is nothing to compare.
`compare` is symmetric. Names are compared by what they are written in: the same Han characters say more than the
same reading, which says more than a similar sound. Several telephone numbers or names on a card: the best pair counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product

import jellyfish
from rapidfuzz.distance import OSA, JaroWinkler

from . import tables
from .normalise import Name, canonical_email, in_wade_giles, name_of, sounds_like

MISSING = "missing"
NAME_LEVELS = (
    "same",
    "swapped",
    "script",
    "nickname",
    "slip",
    "sound",
    "part",
    "close",
    "initials",
    "surname",
    "given",
    "different",
)
"""same: the same words or characters. swapped: in another order. script: the same reading in another script or
romanisation. nickname: Bob for Robert. slip: one letter off. sound: it sounds the same. part: one of them says less
(Ann for Ann Lee). close: two letters off. initials: A. Lee. surname, given: only that agrees."""
PHONE_LEVELS = ("same", "digit", "tail", "different")
"""digit: one digit off, or two neighbours swapped. tail: the last seven digits agree."""
EMAIL_LEVELS = ("same", "slip", "local", "close", "different")
"""slip: one letter off. local: the same before the @. close: two letters off."""
CODE_LEVELS = ("same", "digit", "different")
"""Handles and cards."""
TEXT_LEVELS = ("same", "slip", "close", "part", "different")
"""Any other text, such as a street: one letter off, Jaro-Winkler of .92, one contains the other."""
DATE_LEVELS = ("same", "swapped", "digit", "year", "different")
"""Dates as eight digits: day and month swapped, one digit off, only day and month the same."""
LEVELS: Mapping[str, tuple[str, ...]] = {
    "name": NAME_LEVELS,
    "phone": PHONE_LEVELS,
    "email": EMAIL_LEVELS,
    "handle": CODE_LEVELS,
    "card": CODE_LEVELS,
}
"""The fields of a `Record`. A batch with further fields adds them: {**LEVELS, "street": TEXT_LEVELS}."""


@dataclass(frozen=True, slots=True)
class Record:
    """What is compared: names as `Name`, identities in their comparable forms (E.164, canonical addresses)."""

    names: tuple[Name, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    cards: tuple[str, ...] = ()


def record_of(names: Iterable[str], identities: Iterable[tuple[str, str]]) -> Record:
    """A record from names as written and (kind, normal) identities as `normal_identity` gives them."""
    by_kind: dict[str, list[str]] = {"phone": [], "email": [], "handle": [], "card": []}
    for kind, normal in identities:
        by_kind[kind].append(canonical_email(normal) if kind == "email" else normal)
    return Record(
        tuple(name for text in names if not (name := name_of(text)).empty),
        tuple(by_kind["phone"]),
        tuple(by_kind["email"]),
        tuple(by_kind["handle"]),
        tuple(by_kind["card"]),
    )


@dataclass(frozen=True, slots=True)
class Agreement:
    """The level of one field, and the values that agree (for term frequency and for the reason)."""

    level: str
    terms: tuple[str, ...] = ()
    """What both have in common, as the frequency table knows it: words, characters, a phone number."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Each field's agreement."""

    fields: Mapping[str, Agreement] = field(default_factory=dict)

    def levels(self) -> dict[str, str]:
        return {name: agreement.level for name, agreement in self.fields.items()}


def compare(one: Record, other: Record) -> Comparison:
    """All fields of two records."""
    return Comparison(
        {
            "name": compare_names(one.names, other.names),
            "phone": _best(one.phones, other.phones, phone_level, PHONE_LEVELS),
            "email": _best(one.emails, other.emails, email_level, EMAIL_LEVELS),
            "handle": _best(one.handles, other.handles, code_level, CODE_LEVELS),
            "card": _best(one.cards, other.cards, code_level, CODE_LEVELS),
        }
    )


def compare_names(ones: Iterable[Name], others: Iterable[Name]) -> Agreement:
    """The best agreement between any two of their names."""
    best = Agreement(MISSING)
    rank = len(NAME_LEVELS)
    for one, other in product(ones, others):
        found = name_agreement(one, other)
        if found.level != MISSING and _NAME_RANK[found.level] < rank:
            best, rank = found, _NAME_RANK[found.level]
            if rank == 0:
                break
    return best


_NAME_RANK = {level: rank for rank, level in enumerate(NAME_LEVELS)}


def name_agreement(one: Name, other: Name) -> Agreement:
    """Two names, each taken apart. A name of both scripts ("Tina 陳") agrees by whichever agrees better."""
    if one.empty or other.empty:
        return Agreement(MISSING)
    if one.text == other.text:
        return Agreement("same", _terms(one))
    found = []
    if one.hanzi and other.hanzi and one.words and other.words:
        return _both(_hanzi(one, other), _words(one, other))
    if one.hanzi and other.hanzi:
        found.append(_hanzi(one, other))
    if one.words and other.words:
        found.append(_words(one, other))
    both_scripts = [bool(each.hanzi and each.words) for each in (one, other)]
    if any(both_scripts) and not (one.hanzi and other.hanzi):
        found.append(_words(latin(one), latin(other)))
    if one.readings and other.readings and not (one.hanzi and other.hanzi):
        found.append(_readings(one, other))
    elif bool(one.hanzi) != bool(other.hanzi):
        found.append(_across(one, other))
    return min(found, key=lambda each: _NAME_RANK[each.level], default=Agreement("different"))


def _both(written: Agreement, spelt: Agreement) -> Agreement:
    """Tina 陳玉婷 and Tina 陳: the characters decide, the words support them."""
    if written.level in {"different", "given"}:
        return Agreement("given", spelt.terms) if spelt.terms else written
    if written.level == "surname" and spelt.level in {"same", "swapped", "nickname", "slip", "sound", "part"}:
        return Agreement("part", (*written.terms, *spelt.terms))
    return written


def _terms(name: Name) -> tuple[str, ...]:
    return (name.hanzi,) if name.hanzi else tuple(sorted(name.words))


def latin(name: Name) -> Name:
    """A name of both scripts as it would be in Latin letters: Tina 陳 is tina chen."""
    if not name.hanzi:
        return name
    family = name.readings[0][0] if name.readings else surname_of(name.hanzi)
    words = (*name.words, family) if family and family not in name.words else name.words
    return Name("", words, name.joined, "", name.readings, romanised=False)


def surname_of(hanzi: str) -> str:
    """How the first character is read as a surname."""
    from .surnames import READ_AS_SURNAME

    reads = tables.hanzi().readings.get(hanzi[:1], ("",))
    return READ_AS_SURNAME.get(hanzi[:1]) or reads[0]


def _hanzi(one: Name, other: Name) -> Agreement:
    a, b = one.hanzi, other.hanzi
    if a == b:
        return Agreement("same", (a,))
    if set(one.readings) & set(other.readings):
        return Agreement("sound", one.readings[0])
    if _sounds(one) & _sounds(other):
        return Agreement("close", one.readings[0])
    if len(a) >= 3 and len(b) >= 3 and OSA.distance(a, b, score_cutoff=1) <= 1:
        return Agreement("close", (a[0],))
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    if len(short) >= 2 and (long.startswith(short) or long.endswith(short)):
        return Agreement("part", (short,))
    if len(short) == 1 and long.startswith(short):
        return Agreement("surname", (short,))
    if a[0] == b[0]:
        return Agreement("surname", (a[0],))
    return Agreement("given", (a[1:],)) if len(a) > 2 and a[1:] == b[1:] else Agreement("different")


@lru_cache(maxsize=20_000)
def _sounds_of(readings: tuple[tuple[str, str], ...]) -> frozenset[tuple[str, str]]:
    return frozenset((sounds_like(family), sounds_like(given)) for family, given in readings)


def _sounds(name: Name) -> frozenset[tuple[str, str]]:
    return _sounds_of(name.readings)


def _readings(one: Name, other: Name) -> Agreement:
    """Two names of which at least one is romanised."""
    both = set(one.readings) & set(other.readings)
    if both:
        return Agreement("script", min(both))
    if _sounds(one) & _sounds(other):
        return Agreement("sound", one.readings[0])
    found = [Agreement("different")]
    for (family, given), (surname, name) in product(one.readings, other.readings):
        if family != surname:
            continue
        if OSA.distance(given, name, score_cutoff=1) <= 1:
            found.append(Agreement("slip", (family, given)))
        elif min(len(given), len(name)) >= 3 and (given.startswith(name) or name.startswith(given)):
            found.append(Agreement("part", (family,)))
        else:
            found.append(Agreement("surname", (family,)))
    return min(found, key=lambda each: _NAME_RANK[each.level])


def _across(one: Name, other: Name) -> Agreement:
    """Characters beside Latin words that are no regular romanisation: a slip in one, or only its initials."""
    written, spelt = (one, other) if one.hanzi else (other, one)
    if not spelt.words or not written.hanzi:
        return Agreement("different")
    typed = "".join(spelt.words)
    found = [Agreement("different")]
    for family, given in written.readings:
        for whole in as_typed(family, given):
            distance = OSA.distance(typed, whole, score_cutoff=2)
            if distance <= 1 and len(typed) >= 4:
                found.append(Agreement("slip" if distance else "script", (family, given)))
            elif distance == 2 and len(typed) >= 7:
                found.append(Agreement("close", (family, given)))
        if family in spelt.words:
            found.append(Agreement("surname", (family,)))
    if written.readings and typed == initials(written.hanzi):
        found.append(Agreement("initials", (typed,)))
    if not written.readings and surname_of(written.hanzi) in spelt.words:
        found.append(Agreement("surname", (surname_of(written.hanzi),)))
    return min(found, key=lambda each: _NAME_RANK[each.level])


def as_typed(family: str, given: str) -> tuple[str, str, str]:
    """A reading in one word, as people write it."""
    return family + given, given + family, in_wade_giles(family) + in_wade_giles(given)


def initials(hanzi: str) -> str:
    """The first letters of the characters' readings: 陈玉婷 is cyt."""
    readings = tables.hanzi().readings
    return "".join(readings[each][0][0] for each in hanzi if each in readings)


# --- words in Latin letters


def _words(one: Name, other: Name) -> Agreement:
    a, b = one.words, other.words
    if a == b:
        return Agreement("same", tuple(sorted(a)))
    if sorted(a) == sorted(b):
        return Agreement("swapped", tuple(sorted(a)))
    if "".join(a) == "".join(b):
        return Agreement("same", tuple(sorted(a)))
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    pairs = aligned(short, long)
    return _judged(short, long, pairs, abbreviated=min(len(each) for each in short) == 1)


def aligned(short: tuple[str, ...], long: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """Each word of the shorter name with its best partner in the longer: (word, partner, how)."""
    free = list(long)
    result = []
    for word in sorted(short, key=lambda each: each not in free):
        best, partner = "different", ""
        for candidate in free:
            how = word_level(word, candidate)
            if _WORD_RANK[how] < _WORD_RANK[best]:
                best, partner = how, candidate
        if partner:
            free.remove(partner)
        result.append((word, partner, best))
    return result


WORD_LEVELS = ("same", "nickname", "abroad", "slip", "sound", "part", "close", "initial", "different")
_WORD_RANK = {how: rank for rank, how in enumerate(WORD_LEVELS)}


@lru_cache(maxsize=100_000)
def word_level(one: str, other: str) -> str:
    """Two words of a name: same, nickname, abroad (Chan for Chen), slip, sound, part, close, initial, different."""
    if one == other:
        return "same"
    near, _far = tables.nicknames()
    if other in near.get(one, ()):
        return "nickname"
    if (
        other in tables.spelt_abroad().get(one, ())
        or in_wade_giles(one) == other
        or in_wade_giles(other) == one
    ):
        return "abroad"
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    distance = OSA.distance(one, other, score_cutoff=2)
    if distance <= 1 and len(short) >= 3:
        return "slip"
    if len(short) == 1:
        return "initial" if long[0] == short else "different"
    if len(short) >= 3 and metaphone(one) == metaphone(other) and one[0] == other[0]:
        return "sound"
    if len(short) >= 3 and long.startswith(short):
        return "part"
    if len(short) >= 4 and sounds_like(one) and sounds_like(one) == sounds_like(other):
        return "sound"
    if (distance == 2 and len(short) >= 5) or (
        len(short) >= 5 and JaroWinkler.similarity(one, other, score_cutoff=0.92)
    ):
        return "close"
    return "different"


@lru_cache(maxsize=50_000)
def metaphone(word: str) -> str:
    """How an English speaker would say the word, roughly."""
    return jellyfish.metaphone(word) if word.isascii() else word


_SOFT = frozenset({"nickname", "abroad", "slip", "sound", "part", "close"})


def _judged(
    short: tuple[str, ...], long: tuple[str, ...], pairs: list[tuple[str, str, str]], *, abbreviated: bool
) -> Agreement:
    hows = [how for _word, _partner, how in pairs]
    same = tuple(sorted(word for word, _partner, how in pairs if how == "same"))
    met = tuple(sorted(partner for _word, partner, how in pairs if how != "different"))
    whole = len(short) == len(long)
    different = hows.count("different")
    if different == 0:
        if len(same) == len(hows):
            return Agreement("part", same)
        if "initial" in hows:
            return Agreement("initials" if same or len(met) > 1 else "surname", met)
        softs = [how for how in hows if how in _SOFT]
        worst = max(softs, key=lambda how: _WORD_RANK[how])
        return Agreement(_COMBINED[worst] if whole and len(softs) == 1 else _several(softs, whole), met)
    if different == len(hows):
        return Agreement("different")
    last = any(
        how not in {"initial", "different"} and (partner == long[-1] or (whole and word == short[-1]))
        for word, partner, how in pairs
    )
    strong = [how for how in hows if how in {"same", "abroad", "slip", "sound"}]
    if not strong:
        return Agreement("different")
    return Agreement("surname" if last else "given", same or met)


_COMBINED = {
    "nickname": "nickname",
    "abroad": "script",
    "slip": "slip",
    "sound": "sound",
    "part": "part",
    "close": "close",
}


def _several(softs: list[str], whole: bool) -> str:
    """More than one word differs a little, or one does and another is missing."""
    if not whole:
        return "part" if all(each in {"nickname", "slip", "abroad", "sound"} for each in softs) else "close"
    if set(softs) <= {"slip", "sound", "abroad"}:
        return "sound" if len(softs) <= 2 else "close"
    return "part" if set(softs) <= {"part"} else "close"


# --- identities and other fields


def phone_level(one: str, other: str) -> str:
    """Two numbers in E.164."""
    if one == other:
        return "same"
    if OSA.distance(one, other, score_cutoff=1) <= 1:
        return "digit"
    return "tail" if len(one) > 8 and one[-7:] == other[-7:] else "different"


def email_level(one: str, other: str) -> str:
    """Two canonical addresses."""
    if one == other:
        return "same"
    distance = OSA.distance(one, other, score_cutoff=2)
    if distance <= 1:
        return "slip"
    local, host = one.rpartition("@")[0], other.rpartition("@")[0]
    if len(local) >= 5 and local == host:
        return "local"
    return "close" if distance == 2 and len(local) >= 6 else "different"


def code_level(one: str, other: str) -> str:
    if one == other:
        return "same"
    return "digit" if len(one) >= 5 and OSA.distance(one, other, score_cutoff=1) <= 1 else "different"


def text_level(one: str, other: str) -> str:
    """Any two folded texts; empty ones are `MISSING`."""
    if not one or not other:
        return MISSING
    if one == other:
        return "same"
    if OSA.distance(one, other, score_cutoff=1) <= 1 and min(len(one), len(other)) >= 3:
        return "slip"
    if JaroWinkler.similarity(one, other, score_cutoff=0.92):
        return "close"
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    return "part" if len(short) >= 4 and short in long else "different"


def date_level(one: str, other: str) -> str:
    """Two dates as eight digits (19840213); empty ones are `MISSING`."""
    if not one or not other:
        return MISSING
    if one == other:
        return "same"
    if one[:4] == other[:4] and one[4:6] == other[6:] and one[6:] == other[4:6]:
        return "swapped"
    if OSA.distance(one, other, score_cutoff=1) <= 1:
        return "digit"
    return "year" if one[4:] == other[4:] else "different"


def _best(
    ones: tuple[str, ...], others: tuple[str, ...], level: object, levels: tuple[str, ...]
) -> Agreement:
    if not ones or not others:
        return Agreement(MISSING)
    found = [(levels.index(level(one, other)), one) for one, other in product(ones, others)]  # type: ignore[operator]
    rank, value = min(found)
    return Agreement(levels[rank], (value,) if levels[rank] == "same" else ())
