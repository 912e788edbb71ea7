"""Candidates in, ranked people out: each with a probability and a reason per field.

For each candidate: how likely would this person be asked for in these words (the levels' m, spread over the ways in
which a slip can happen), against how likely such words are for somebody unknown (the rarity of the words, the number
of digits). All candidates and "nobody here" share one probability, so two people who fit equally get half each, and a
number shared by a family is evidence, never identity. Reasons are codes; rooms put them into words.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from .compare import MISSING, NAME_LEVELS, Agreement, email_level, metaphone, name_agreement
from .normalise import Name, canonical_email, name_of, surnames_in_pinyin
from .query import WHOLE_NUMBER, Query
from .spread import begun, misspelt, slip, spread
from .weights import SHIPPED, Weights

KNOWN = 0.9
"""How often the one who is looked for has a card."""
HANDED_ON = 0.004
"""How often a number or address comes from somebody else than the one who has it: a relative, its next owner."""
SAME_FAMILY = 0.5
"""How often that somebody else has the same surname."""
BITS_PER_DIGIT = math.log2(10)
PHONE_SPREAD, EMAIL_BITS = 7.0, 34.0
EMAIL_SPREAD = {"same": 0.0, "local": 12.0, "close": 17.0}
"""Who has an address has hardly the same one elsewhere, and somebody else may well."""
UNKNOWN_WORD = 2e-7
"""The share of people who have a word that nobody in the house has."""
COMMON_SURNAME = 0.02
"""The share of people who have one Chinese surname. Read from characters, surnames are not counted apart."""
UNEXPLAINED = frozenset({"surname", "given", "different"})
ACROSS = 0.9
"""How much a name in one script resembles the same in another."""
WHOLE = frozenset({"same", "swapped", "script", "nickname"})
"""Levels at which a name is not taken for the beginning of another."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A card that a key has led to."""

    id: int
    names: tuple[str, ...]
    identities: tuple[tuple[str, str], ...] = ()
    """(kind, normal)"""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody is a candidate: `Reason("phone", "digit")` is a number with one digit off."""

    field: str
    level: str
    value: str = ""
    """What on the card it is about."""


@dataclass(frozen=True, slots=True)
class Recognised:
    id: int
    probability: float
    bits: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How many people there are, and how many have each word."""

    people: int = 1000
    words: Mapping[str, int | None] | None = None

    def share(self, word: str) -> float:
        if len(word) == 1 and not word.isascii():
            return COMMON_SURNAME
        if word in surnames_in_pinyin():
            return max(self._counted(word), COMMON_SURNAME / 4)
        return self._counted(word)

    def _counted(self, word: str) -> float:
        count = (self.words or {}).get(word)
        return UNKNOWN_WORD if count is None else max(count, 1) / max(self.people, count, 1)


def ranked(
    query: Query,
    candidates: Iterable[Candidate],
    vocabulary: Vocabulary,
    *,
    weights: Weights = SHIPPED,
    limit: int = 20,
    besides: int = 0,
) -> list[Recognised]:
    """The likeliest first. Candidates about whom nothing agrees are left out. `besides` so many others were not given who
    agree no better than the least of the candidates: they share the probability too.
    """
    found: list[tuple[float, int, tuple[Reason, ...]]] = []
    others: list[float] = []
    for candidate in candidates:
        bits, by_name, reasons = _judged(query, candidate, vocabulary, weights)
        if reasons:
            found.append((bits, candidate.id, reasons))
            if any(each.field != "name" for each in reasons):
                others.append(bits - by_name + _of_a_relative(query, reasons, vocabulary))
    if not found:
        return []
    found.sort(key=lambda each: (-each[0], each[1]))
    prior = math.log2(KNOWN / max(vocabulary.people, len(found), 1))
    shares = [math.exp2(min(bits + prior, 200.0)) for bits, _id, _reasons in found]
    unknown = (1 - KNOWN) / KNOWN * HANDED_ON
    whole = sum(shares) + (1 - KNOWN) + sum(unknown * math.exp2(min(bits + prior, 200.0)) for bits in others)
    whole += besides * shares[-1]
    return [
        Recognised(card, share / whole, bits, reasons)
        for (bits, card, reasons), share in zip(found[:limit], shares, strict=False)
    ]


def _of_a_relative(query: Query, reasons: tuple[Reason, ...], vocabulary: Vocabulary) -> float:
    """What the name says when the number is shared: relatives have one surname more often than strangers do."""
    if not any(each == ("name", "surname") for each in ((one.field, one.level) for one in reasons)):
        return 0.0
    words = [query.name.hanzi[:1], *query.name.words]
    commonest = min((-math.log2(vocabulary.share(word)) for word in words if word), default=0.0)
    return max(0.0, commonest + math.log2(SAME_FAMILY))


def _judged(
    query: Query, candidate: Candidate, vocabulary: Vocabulary, weights: Weights
) -> tuple[float, float, tuple[Reason, ...]]:
    """(bits of all fields, of the name alone, reasons)."""
    bits, by_name, reasons = 0.0, 0.0, []
    if query.digits:
        more, reason = _digits(query, candidate, weights)
        bits += more
        reasons += [reason] if reason else []
    if query.email:
        more, reason = _address(query.email, candidate, weights)
        bits += more
        reasons += [reason] if reason else []
    if query.code:
        more, reason = _code(query.code, candidate)
        bits += more
        reasons += [reason] if reason else []
    if not query.name.empty:
        more, reason = _named(query, candidate, vocabulary, weights)
        if query.hint:
            other = _code(query.hint, candidate)
            if other[1] is not None and (reason is None or other[0] > more):
                more, reason = other
        bits, by_name = bits + more, more
        reasons += [reason] if reason else []
    return bits, by_name, tuple(reasons)


def best_name(name: Name, names: Iterable[str]) -> tuple[Agreement, str]:
    """The name of the card that agrees best, and how."""
    best, called = Agreement(MISSING), ""
    for text in names:
        agreement = name_agreement(name, name_of(text)) if text else best
        if agreement.level != MISSING and (
            best.level == MISSING or NAME_LEVELS.index(agreement.level) < NAME_LEVELS.index(best.level)
        ):
            best, called = agreement, text
    return best, called


def _named(
    query: Query, candidate: Candidate, vocabulary: Vocabulary, weights: Weights
) -> tuple[float, Reason | None]:
    name = query.name
    agreement, called = best_name(name, candidate.names)
    if agreement.level == MISSING:
        return 0.0, None
    level, cost, called = _differences(query, candidate, agreement.level, called)
    bits = math.log2(weights.fields["name"][level].m) - cost
    words = [name.hanzi, *name.words] if name.hanzi else list(name.words)
    if level in UNEXPLAINED:
        words = [word for word in words if word in agreement.terms]
        if agreement.terms and not words:
            # What the card says instead was not counted; as rare as a word that nobody has it is not.
            bits -= sum(
                math.log2(max(vocabulary.share(word), COMMON_SURNAME / 4)) for word in agreement.terms
            )
    elif level == "initials":
        return bits + 4.7 * sum(map(len, words)), Reason("name", level, called)
    bits -= sum(math.log2(vocabulary.share(word)) for word in words if word)
    # Two romanisations of one reading need not look alike.
    bits -= 3.0 * (1 - (ACROSS if level == "script" else _resemblance(name, called)))
    return bits, None if level == "different" else Reason("name", level, called)


def _differences(query: Query, candidate: Candidate, level: str, called: str) -> tuple[str, float, str]:
    """(level, bits that the differences cost, the name of the card that they are about), whichever explanation is likeliest."""
    name = query.name
    found: list[tuple[float | None, str, str]] = []
    if level not in UNEXPLAINED:
        found.append((0.0 if level == "initials" else spread(name, called, level), level, called))
    if not query.complete and level not in WHOLE:
        found += [(begun(name, text), "part", text) for text in candidate.names]
    if level in UNEXPLAINED and len(name.words) > 1 and not (name.hanzi or name.readings):
        found += [(misspelt(name, text), "slip", text) for text in candidate.names]
    likely = [(cost, how, text) for cost, how, text in found if cost is not None]
    if not likely:
        return level, 0.0, called
    cost, level, called = min(likely, key=lambda each: each[0])
    return level, cost, called


def _resemblance(name: Name, called: str) -> float:
    other = name_of(called)
    if bool(name.hanzi) != bool(other.hanzi):
        return ACROSS
    if name.words and sorted(map(metaphone, name.words)) == sorted(map(metaphone, other.words)):
        return 1.0
    one, two = "".join(sorted([*name.words, name.hanzi])), "".join(sorted([*other.words, other.hanzi]))
    return OSA.normalized_similarity(one, two)


def _digits(query: Query, candidate: Candidate, weights: Weights) -> tuple[float, Reason | None]:
    levels, length = weights.fields["phone"], len(query.digits)
    worth = min(length, 9) * BITS_PER_DIGIT
    # Zeros in front are left out of what is looked up: they may lead out. Whose number has them too is the likelier.
    zeros = (len(query.ending) - length) * BITS_PER_DIGIT if length < WHOLE_NUMBER else 0.0
    best: tuple[float, Reason | None] = (math.log2(levels["different"].m), None)
    for kind, normal in candidate.identities:
        if kind == "card" and length >= 4 and normal.endswith(query.digits):
            return math.log2(levels["same"].m) + worth, Reason("card", "tail", normal)
        if kind != "phone":
            continue
        if normal in query.phones or (length >= WHOLE_NUMBER and normal.endswith(query.digits)):
            level = "same" if normal in query.phones or len(normal) - length <= 5 else "tail"
            return math.log2(levels["same"].m) + worth, Reason("phone", level, normal)
        if normal.endswith(query.digits):
            more = zeros if normal.endswith(query.ending) else 0.0
            best = max(
                best, (math.log2(levels["same"].m) + worth + more, Reason("phone", "tail", normal)), key=_bits
            )
        elif best[1] is None and normal.startswith(query.begins or "?"):
            best = (math.log2(levels["same"].m) + worth, Reason("phone", "begins", normal))
        elif length >= WHOLE_NUMBER and best[1] is None and _one_off(query, normal):
            best = (math.log2(levels["digit"].m) + worth - PHONE_SPREAD, Reason("phone", "digit", normal))
    return best


def _bits(found: tuple[float, Reason | None]) -> float:
    return found[0]


def _one_off(query: Query, normal: str) -> bool:
    if any(OSA.distance(phone, normal, score_cutoff=1) <= 1 for phone in query.phones):
        return True
    length = len(query.digits)
    sizes = (length, length + 1, length - 1)
    return any(OSA.distance(query.digits, normal[-size:], score_cutoff=1) <= 1 for size in sizes)


def _address(email: str, candidate: Candidate, weights: Weights) -> tuple[float, Reason | None]:
    levels = weights.fields["email"]
    best: tuple[float, Reason | None] = (math.log2(levels["different"].m), None)
    for kind, normal in candidate.identities:
        if kind != "email":
            continue
        theirs = canonical_email(normal)
        level = email_level(email, theirs)
        if level == "different":
            beginning = len(email) >= 2 and (normal.startswith(email) or theirs.startswith(email))
            if not beginning:
                continue
            bits = min(EMAIL_BITS, 4.0 * len(email)) + math.log2(levels["same"].m)
            level = "begins"
        else:
            cost = slip(email, theirs) if level == "slip" else EMAIL_SPREAD[level]
            bits = EMAIL_BITS + math.log2(levels[level].m) - cost
        if bits > best[0]:
            best = (bits, Reason("email", level, normal))
    return best


def _code(code: str, candidate: Candidate) -> tuple[float, Reason | None]:
    best: tuple[float, Reason | None] = (-3.0, None)
    for kind, normal in candidate.identities:
        if normal == code:
            return EMAIL_BITS, Reason(kind, "same", normal)
        local = normal.rpartition("@")[0] if kind == "email" else normal
        if kind != "phone" and local == code:
            best = (EMAIL_BITS - 5.0, Reason(kind, "local", normal))
        elif kind != "phone" and best[1] is None and len(code) >= 4 and normal.startswith(code):
            best = (min(EMAIL_BITS, 4.0 * len(code)), Reason(kind, "begins", normal))
        elif (
            kind != "phone"
            and best[1] is None
            and len(code) >= 5
            and OSA.distance(local, code, score_cutoff=1) <= 1
        ):
            best = (EMAIL_BITS - 12.0, Reason(kind, "slip", normal))
    return best
