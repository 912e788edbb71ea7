"""Who is it? Candidates from a few indexed rows, ranked by engines/identity.

Exact identities first: where they answer the question, nothing else is asked. Then numbers and addresses with one slip
(whichever half is whole is found), then names by the pairs of words that may have been meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import product
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext_lazy as _
from rapidfuzz.distance import OSA

from ..core.ready import fetch
from ..engines.identity.compare import metaphone
from ..engines.identity.keys import (
    combinations_of,
    hashed,
    one_letter_off,
    pair,
    spellings,
    spoken_words,
    variant_keys,
)
from ..engines.identity.normalise import sounds_like
from ..engines.identity.query import MIN_TAIL, WHOLE_NUMBER, Query, given, parsed
from ..engines.identity.recognise import Candidate, Reason, Recognised, Vocabulary, ranked
from .keys import EVERYBODY, mix
from .models import Customer

NOTHING_ASKED = _("Say a number, an address, a handle, a card or a name.")
END = "\U0010ffff"
"""Sorts after every character: `key >= x AND key < x + END` is "begins with x" for an index in C order."""
MAX_VARIANTS, MAX_PAIRS, MAX_FOUND, MAX_DETAILS = 40, 400, 600, 80
MAX_IN_RANGE = 400
"""Rows of a stretch of numbers or addresses that are looked at."""
SHORT = 7
"""A shorter address has too little in each half: its possible slips are looked up instead."""
SLIP, SOUND, PREFIX, LETTER, CLOSE, ALONE = 8.0, 6.0, 3.0, 0.8, 15.0, 20.0


@dataclass(frozen=True, slots=True)
class Likely:
    """A customer who may be meant: how likely, and why."""

    customer: Customer
    probability: float
    reasons: tuple[Reason, ...]


def recognise(
    organization_id: int, text: str, *, regions: Sequence[str], limit: int = 20, complete: bool = False
) -> list[Likely]:
    """Whom a line typed at the desk may mean: any mixture of number, address, handle and name."""
    return _people(search(organization_id, parsed(text, regions, complete=complete), limit=limit))


def recognise_fields(
    organization_id: int,
    identities: Iterable[tuple[str, str]],
    name: str,
    *,
    regions: Sequence[str],
    limit: int = 20,
) -> list[Likely]:
    """Whom a message's sender may be: (kind, value) identities, and a name if there is one."""
    return _people(search(organization_id, given(identities, name, regions)[0], limit=limit))


def _people(found: list[Recognised]) -> list[Likely]:
    customers = Customer.objects.in_bulk([each.id for each in found]) if found else {}
    return [
        Likely(customers[each.id], each.probability, each.reasons) for each in found if each.id in customers
    ]


def search(organization_id: int, query: Query, *, limit: int = 20) -> list[Recognised]:
    """The ranked ids."""
    return _Search(organization_id, query, limit).run() if not query.empty else []


# A fixed number of places: a statement that looks the same every time is planned once, which is most of its cost.
_NORMALS = 3
_TAIL = """
    UNION
    (SELECT customer_id, kind, normal FROM rugui_identity
     WHERE organization_id = %s AND tail >= %s AND tail < %s LIMIT 30)"""
_EXACT = f"""
SELECT d.customer_id, d.kind, d.normal, c.name, c.address_as, (SELECT people FROM rugui_nameword WHERE h = %s)
FROM (
    SELECT customer_id, kind, normal FROM rugui_identity
    WHERE organization_id = %s AND normal IN ({", ".join(["%s"] * _NORMALS)}){{tail}}
) d JOIN rugui_customer c ON c.id = d.customer_id"""  # noqa: S608  only places
_EXACTLY = [_EXACT.format(tail=_TAIL * tails) for tails in range(3)]
_RANGES = """
SELECT i.customer_id, i.kind, i.normal FROM unnest(%s::text[]) t(part) CROSS JOIN LATERAL (
    SELECT customer_id, kind, normal FROM rugui_identity
    WHERE organization_id = %s AND tail >= t.part AND tail < t.part || U&'\\+10FFFF' LIMIT %s) i
UNION
SELECT i.customer_id, i.kind, i.normal FROM unnest(%s::text[]) t(part) CROSS JOIN LATERAL (
    SELECT customer_id, kind, normal FROM rugui_identity
    WHERE organization_id = %s AND normal >= t.part AND normal < t.part || U&'\\+10FFFF' LIMIT %s) i"""
_ANY = (
    "SELECT customer_id FROM rugui_identity WHERE organization_id = %s AND normal = ANY(%s::text[]) LIMIT 60"
)
_WORDS = """
SELECT word, people FROM rugui_nameword WHERE h = ANY(%s)
UNION
SELECT w.word, w.people FROM rugui_nameslip s JOIN rugui_nameword w ON w.h = s.word_h WHERE s.h = ANY(%s)
UNION
SELECT w.word, w.people FROM unnest(%s::text[]) t(part) CROSS JOIN LATERAL (
    SELECT word, people FROM rugui_nameword
    WHERE organization_id = %s AND word >= t.part AND word < t.part || U&'\\+10FFFF'
    ORDER BY people DESC, word LIMIT 40) w"""
_KEYS = """
SELECT k.customer_id, k.h FROM unnest(%s::bigint[]) t(h) CROSS JOIN LATERAL (
    SELECT customer_id, h FROM rugui_namekey WHERE rugui_namekey.h = t.h LIMIT 120) k LIMIT %s"""
_DETAILS = """
SELECT c.id, c.name, c.address_as,
    ARRAY(SELECT m.name FROM rugui_customer m WHERE m.merged_into_id = c.id),
    ARRAY(SELECT ARRAY[i.kind, i.normal] FROM rugui_identity i WHERE i.customer_id = c.id)
FROM rugui_customer c WHERE c.id = ANY(%s)"""


class _Search:
    """One look-up, stage by stage."""

    def __init__(self, organization_id: int, query: Query, limit: int) -> None:
        self.organization, self.query, self.limit = organization_id, query, limit
        self.mix = mix(organization_id)
        self.candidates: dict[int, Candidate] = {}
        self.people = 1000
        self.words: dict[str, int] = {}

    def run(self) -> list[Recognised]:
        query = self.query
        has_identity = bool(query.digits or query.email or query.code)
        if has_identity:
            self._exact()
            if self.candidates and (query.name.empty or self._agrees()):
                return self._ranked()
            self._nearly()
            if query.name.empty or (self.candidates and self._agrees()):
                return self._ranked()
        self._named()
        return self._ranked()

    def _ranked(self) -> list[Recognised]:
        return ranked(
            self.query, self.candidates.values(), Vocabulary(self.people, self.words), limit=self.limit
        )

    def _agrees(self) -> bool:
        """Whether the name fits somebody whom the number has led to, so that no namesakes are needed."""
        found = self._ranked()
        return (
            bool(found)
            and any(
                reason.field == "name" and reason.level not in {"surname", "given", "close"}
                for reason in found[0].reasons
            )
            and len(found[0].reasons) > 1
        )

    # --- identities

    def _exact(self) -> None:
        query = self.query
        normals = [*query.phones, *(each for each in (query.email, query.code) if each)]
        tails = [query.digits[::-1]] if len(query.digits) >= WHOLE_NUMBER else []
        if "@" in query.email:
            local, _at, domain = query.email.rpartition("@")
            if "." in domain and local:
                tails.append(f"{local[::-1]}@{domain}")
        values: list[Any] = [EVERYBODY ^ self.mix, self.organization]
        values += [*normals[:_NORMALS], *[""] * (_NORMALS - len(normals))]
        for tail in tails:
            values += [self.organization, tail, tail + END]
        rows = fetch(_EXACTLY[len(tails)], values)
        for customer, kind, normal, name, address_as, people in rows:
            self.people = people or self.people
            self._add(customer, (name, address_as), (kind, normal))

    def _add(self, customer: int, names: Iterable[str], *identities: tuple[str, str]) -> None:
        before = self.candidates.get(customer)
        if before is not None:
            identities = (*before.identities, *(each for each in identities if each not in before.identities))
            names = before.names
        self.candidates[customer] = Candidate(
            customer, tuple(each for each in names if each), tuple(identities)
        )

    def _nearly(self) -> None:
        """Numbers and addresses of which one half is whole; the last digits; the beginning of something."""
        query = self.query
        tails: list[str] = []
        heads: list[str] = []
        if len(query.digits) >= MIN_TAIL:
            tails.append(query.digits[:-5:-1] if len(query.digits) >= WHOLE_NUMBER else query.digits[::-1])
            heads += [phone[:-4] for phone in query.elsewhere()]
            heads.append("+" + query.digits if len(query.digits) < 8 else "+" + query.digits[:-4])
            heads += query.begins
        if query.email:
            local = query.email.rpartition("@")[0] or query.email
            half = len(local) // 2
            heads.append(query.email if "@" not in query.email else f"{local}@")
            if half >= 2:
                # A slip at the middle, even two letters swapped there, leaves one of the two whole.
                heads.append(local[:half])
                tails.append(local[:half:-1])
                if query.typed != query.email:
                    heads.append(query.typed.rpartition("@")[0][: half + 1])
        if query.code:
            heads.append(query.code)
        rows = fetch(
            _RANGES, [tails, self.organization, MAX_IN_RANGE, heads, self.organization, MAX_IN_RANGE]
        )
        near = {customer for customer, kind, normal in rows if self._near(kind, normal)}
        local, _at, domain = query.email.rpartition("@")
        if not near and 2 < len(local) <= SHORT:
            guesses = [f"{each}@{domain}" for each in one_letter_off(local)]
            near = {row[0] for row in fetch(_ANY, [self.organization, guesses])}
        self._fill(near)

    def _near(self, kind: str, normal: str) -> bool:
        query = self.query
        if kind == "phone":
            if len(query.digits) < WHOLE_NUMBER:
                return bool(query.digits)
            return (
                normal.endswith(query.digits)
                or any(
                    OSA.distance(query.digits, normal[-size:], score_cutoff=1) <= 1
                    for size in (len(query.digits), len(query.digits) + 1)
                )
                or any(OSA.distance(phone, normal, score_cutoff=1) <= 1 for phone in query.phones)
            )
        if query.email and kind == "email":
            local = query.email.rpartition("@")[0]
            return (
                OSA.distance(query.email, normal, score_cutoff=2) <= 2
                or normal.startswith(query.email)
                or (len(local) >= 5 and normal.startswith(f"{local}@"))
            )
        return bool(query.code or query.hint or len(query.digits) >= MIN_TAIL)

    def _fill(self, customers: set[int]) -> None:
        wanted = [each for each in customers if each not in self.candidates]
        if not wanted:
            return
        for customer, name, address_as, merged, identities in fetch(_DETAILS, [wanted]):
            self._add(customer, (name, address_as, *merged), *((kind, normal) for kind, normal in identities))

    # --- names

    def _named(self) -> None:
        if self.query.hint:
            rows = fetch(_RANGES, [[], self.organization, 0, [self.query.hint], self.organization, 20])
            self._fill({row[0] for row in rows})
        costs = self._keys(self._variants())
        if not costs:
            return
        order = nsmallest(MAX_PAIRS, costs.items(), key=itemgetter(1))
        best: dict[int, float] = {}
        for customer, h in fetch(_KEYS, [[h for h, _cost in order], MAX_FOUND]):
            cost = costs[h]
            if cost < best.get(customer, 1e9):
                best[customer] = cost
        chosen = nsmallest(MAX_DETAILS, best.items(), key=itemgetter(1))
        self._fill({customer for customer, _cost in chosen})

    def _asked(self) -> list[str]:
        """The words of the query, the given name written as one too."""
        name = self.query.name
        words = [*spoken_words(name), *name.joined]
        for one, other in combinations_of(name):
            words += [one, other]
        return list(dict.fromkeys(words))

    def _variants(self) -> dict[str, dict[str, float]]:
        """For each word of the query what may have been meant, and what the difference costs."""
        asked, by = self._asked(), self.mix
        meant = {word: {each.word: each.cost for each in spellings(word)} for word in asked}
        known = [hashed("w", each) ^ by for options in meant.values() for each in options]
        slips = [h ^ by for word in asked for h in variant_keys(word)]
        parts = [word for word in asked if len(word) >= 2 and (len(word) >= 3 or not self.query.complete)]
        name = self.query.name
        if name.hanzi:
            parts.append(name.hanzi)
            known += [hashed("w", name.hanzi) ^ by]
        known.append(EVERYBODY ^ by)
        for word, people in fetch(_WORDS, [known, slips, parts, self.organization]):
            if word == "":
                self.people = people
                continue
            self.words[word] = people
            for asked_word in asked:
                cost = _cost(asked_word, word)
                if cost is not None and cost < meant[asked_word].get(word, 1e9):
                    meant[asked_word][word] = cost
        return {
            word: dict(
                nsmallest(
                    MAX_VARIANTS, options.items(), key=lambda each: (each[1], -self.words.get(each[0], 0))
                )
            )
            for word, options in (
                (word, {each: cost for each, cost in options.items() if each in self.words})
                for word, options in meant.items()
            )
        }

    def _keys(self, variants: dict[str, dict[str, float]]) -> dict[int, float]:
        """The keys to look up with their costs; single words only where there is nothing to pair."""
        name = self.query.name
        wanted: list[tuple[float, str, str]] = []
        if name.hanzi:
            written = [word for word in self.words if word.startswith(name.hanzi)]
            wanted += [(0.0 if word == name.hanzi else PREFIX, "w", word) for word in written]
        for one, other in combinations_of(name):
            options = product(variants.get(one, {}).items(), variants.get(other, {}).items())
            wanted += [(cost + more, "p", pair(first, second)) for (first, cost), (second, more) in options]
        lonely = len(name.words) == 1
        if lonely or len(wanted) < 3:
            for word in name.words:
                singles = variants.get(word, {}).items()
                wanted += [(cost + (0 if lonely else ALONE), "w", each) for each, cost in singles]
        costs: dict[int, float] = {}
        for cost, kind, value in nsmallest(MAX_PAIRS, wanted):
            costs.setdefault(hashed(kind, value) ^ self.mix, cost)
        return costs


def _cost(asked: str, word: str) -> float | None:
    """What it costs that `word` was meant by `asked`; None when it was not."""
    if asked == word:
        return 0.0
    if not word.isascii():
        return None
    if word.startswith(asked) and len(asked) >= 2:
        return min(PREFIX + LETTER * (len(word) - len(asked)), SLIP + LETTER)
    if (heard := sounds_like(asked)) and heard == sounds_like(word):
        return SOUND
    distance = OSA.distance(asked, word, score_cutoff=2)
    if distance <= 1 and len(asked) >= 3:
        return SLIP
    if asked[0] == word[0] and metaphone(asked) == metaphone(word):
        return SLIP + 1
    if distance == 2 and len(asked) >= 6:
        return CLOSE
    return None
