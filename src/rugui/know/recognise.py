"""Who is it? Candidates from a few indexed rows, ranked by engines/identity.

Exact identities first: where they answer the question, nothing else is asked. Then numbers and addresses with one slip
(whichever half is whole is found), then names by the pairs of words that may have been meant.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from rapidfuzz.distance import OSA

from ..core.ready import fetch
from ..engines.identity.keys import TAIL, hashed, one_letter_off
from ..engines.identity.meant import Meant, Probes
from ..engines.identity.near import most_alike
from ..engines.identity.normalise import delivers_otherwise
from ..engines.identity.query import MIN_TAIL, WHOLE_NUMBER, Query, given, parsed
from ..engines.identity.recognise import Candidate, Reason, Recognised, Vocabulary, ranked
from . import lookups
from .keys import EVERYBODY, counted, mix, remembered
from .lookups import numbers, texts
from .models import Customer

NOTHING_ASKED = _("Say a number, an address, a handle, a card or a name.")
MAX_COMPARED, MAX_HINTED = 8, 20
"""Of those whom a few digits lead to, how many names are compared in full; people whose address begins with a word."""
FIRST_KEYS, UNLIKELY, LESS_LIKELY = 24, 4.0, 8.0
"""Keys of a name that are asked for at once, and how many bits dearer than the first that was found others may be: pinyin
is short, so that a slip in it mostly makes another name that somebody has."""
MISSPELT = 16.0
"""Bits of two slips: whoever is found by no likelier a key may be called by a word that is mistyped and unfinished."""
LONGEST_GUESSED = 30
"""Of longer addresses not every possible slip is tried."""


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


LONG_RANGE, SHORT_RANGE = 600, 150
"""Words with one beginning that are looked at, of whom the forty commonest are taken."""


def _agrees(found: Sequence[Recognised]) -> bool:
    """Whether the name fits somebody whom the number has led to, so that no namesakes are needed."""
    return (
        bool(found)
        and len(found[0].reasons) > 1
        and any(
            reason.field == "name" and reason.level not in {"surname", "given", "close"}
            for reason in found[0].reasons
        )
    )


def _filled(values: Sequence[str], places: int) -> list[str]:
    """As many as there are places, empty ones at the end."""
    return [*values[:places], *[""] * (places - len(values))]


class _Search:
    """One look-up, stage by stage."""

    def __init__(self, organization_id: int, query: Query, limit: int) -> None:
        self.organization, self.query, self.limit = organization_id, query, limit
        self.mix = mix(organization_id)
        self.candidates: dict[int, Candidate] = {}
        self.people = 1000
        self.words: dict[str, int | None] = {}
        self.besides = 0
        """People with the same digits whose names were not looked at closer."""

    def run(self) -> list[Recognised]:
        query = self.query
        if query.digits or query.email or query.code:
            for look in self._looks():
                look()
                if self.candidates:
                    found = self._ranked()
                    if found and (query.name.empty or _agrees(found)):
                        return found
            if query.name.empty:
                return []
        self._named()
        return self._ranked()

    def _looks(self) -> tuple[Callable[[], None], ...]:
        """A few digits beside a name are the last ones of a number; only if they lead to nobody of that name its first."""
        query = self.query
        if (
            query.digits
            and len(query.digits) < WHOLE_NUMBER
            and not (query.name.empty or query.email or query.code)
        ):
            return self._ending, self._beginning
        return self._exact, self._nearly

    def _ranked(self) -> list[Recognised]:
        return ranked(
            self.query,
            self.candidates.values(),
            Vocabulary(self.people, self.words),
            limit=self.limit,
            besides=self.besides,
        )

    # --- identities

    def _exact(self) -> None:
        query = self.query
        normals = [*query.phones, *(each for each in (query.email, query.code) if each)]
        tails = [query.digits[: -TAIL - 1 : -1]] if len(query.digits) >= WHOLE_NUMBER else []
        if "@" in query.email:
            tails.append(query.email)
            if query.typed != query.email:
                normals.append(query.typed)
        values: list[Any] = [self.organization, *_filled(normals, lookups.NORMALS)]
        values += [*_filled(tails, lookups.TAILS), self.organization]
        if (people := counted(self.organization)) is not None:
            rows = fetch(lookups.EXACT_KNOWN, values)
        else:
            rows = fetch(lookups.EXACT, [EVERYBODY ^ self.mix, *values])
            people = remembered(self.organization, rows[0][0]) if rows else None
        self.people = people or self.people
        for *_people, customer, kind, normal, name, address_as in rows:
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
        """Numbers and addresses of which the beginning or the last digits are whole, else all slips that there can be."""
        query = self.query
        tail = query.digits[: -MIN_TAIL - 1 : -1]
        values = self._stretches(
            tail if len(query.digits) >= WHOLE_NUMBER else query.digits[::-1], self._heads()
        )
        if query.name.empty:
            near = {
                customer
                for customer, kind, normal in fetch(lookups.RANGES, values)
                if self._near(kind, normal)
            }
        else:
            near = set(self._alike(values))
        if not near and "@" in query.email:
            near = self._guessed()
        self._fill(near)

    def _ending(self) -> None:
        self._few(self._stretches(self.query.digits[::-1], []))

    def _beginning(self) -> None:
        self._few(self._stretches("", self._heads()))

    def _few(self, stretches: list[Any]) -> None:
        """Whom a few digits lead to: what else they can be reached by says nothing."""
        for customer, (names, identities) in self._alike(stretches).items():
            self._add(customer, names, *identities)

    def _stretches(self, tail: str, heads: Sequence[str]) -> list[Any]:
        """The values of a question for what ends, from the end, or begins so."""
        return [
            tail,
            self.organization,
            *_filled(list(dict.fromkeys(heads)), lookups.HEADS),
            self.organization,
        ]

    def _heads(self) -> list[str]:
        """What the numbers and addresses that may be meant begin with."""
        query = self.query
        heads: list[str] = []
        if len(query.digits) >= MIN_TAIL:
            heads += [phone[:-4] for phone in query.elsewhere()]
            heads.append("+" + query.digits if len(query.digits) < 8 else "+" + query.digits[:-4])
            heads += query.begins
        if query.email:
            local = query.email.rpartition("@")[0] or query.email
            half = len(local) // 2
            heads.append(query.email if "@" not in query.email else f"{local}@")
            if half >= 2:
                heads.append(local[:half])
                if query.typed != query.email:
                    heads.append(query.typed.rpartition("@")[0][: half + 1])
        if query.code:
            heads.append(query.code)
        return heads

    def _alike(self, stretches: list[Any]) -> dict[int, tuple[list[str], list[tuple[str, str]]]]:
        """Of those whom these lead to, the ones whose names look most like what was said: names, and identities met."""
        rows = fetch(lookups.RANGES_CALLED, [EVERYBODY ^ self.mix, *stretches])
        met: dict[int, tuple[list[str], list[tuple[str, str]]]] = {}
        for customer, kind, normal, people, name, address_as, merged in rows:
            self.people = people or self.people
            if self._near(kind, normal):
                met.setdefault(customer, ([name, address_as, *merged], []))[1].append((kind, normal))
        ids = list(met)
        found = most_alike(self.query.name, [met[each][0] for each in ids], MAX_COMPARED)
        self.besides = len(ids) - len(found)
        return {ids[each]: met[ids[each]] for each in found}

    def _guessed(self) -> set[int]:
        """Whose address is one letter off: all that may have been meant is looked up, as it was typed and as delivered."""
        guesses = []
        for address in dict.fromkeys((self.query.typed, self.query.email)):
            local, _at, domain = address.rpartition("@")
            if not 2 < len(local) <= LONGEST_GUESSED:
                return set()
            guesses.append([f"{each}@{domain}" for each in one_letter_off(local)])
        # Where the provider delivers to what is written nobody has another address to be found by.
        delivered = guesses.pop() if delivers_otherwise(self.query.email) else []
        written = [each for more in guesses for each in more] or delivered
        return {
            row[0]
            for row in fetch(
                lookups.ANY, [self.organization, texts(written), self.organization, texts(delivered)]
            )
        }

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
        for customer, name, address_as, merged, identities in fetch(lookups.DETAILS, [numbers(wanted)]):
            self._add(customer, (name, address_as, *merged), *((kind, normal) for kind, normal in identities))

    # --- names

    def _named(self) -> None:
        query = self.query
        if query.hint:
            rows = fetch(
                lookups.RANGES,
                ["", self.organization, *_filled([query.hint], lookups.HEADS), self.organization],
            )[:MAX_HINTED]
            self._fill({row[0] for row in rows})
        meant = Meant(query.name, complete=query.complete)
        probes = meant.probes()
        probes.known[EVERYBODY] = ""
        self._ask_the_vocabulary(meant, probes)
        people, bits = self._called(meant.keys())
        if bits > MISSPELT and (more := meant.unfinished()).slips:
            self._ask_the_vocabulary(meant, more)
            people, bits = self._called(meant.keys())
        if query.only_name:
            for customer, names in people.items():
                self._add(customer, names)
        else:
            self._fill(set(people))

    def _called(self, keys: Mapping[int, float]) -> tuple[dict[int, list[str]], float]:
        """Who is found by these keys, with their names, and the bits of the first. Most are found by the first few; of the
        others only those are asked for that would be hardly less likely."""
        order = list(keys)
        rows = self._by_keys(order[:FIRST_KEYS])
        rest, best = order[FIRST_KEYS:], math.inf
        if rows:
            best = keys[order[min(row[0] for row in rows) - 1]]
            margin = LESS_LIKELY if self.query.name.romanised else UNLIKELY
            rest = [key for key in rest if keys[key] <= best + margin]
        if more := self._by_keys(rest):
            best = min(best, keys[rest[min(row[0] for row in more) - 1]])
            rows += more
        people: dict[int, list[str]] = {}
        for _at, customer, name, address_as, merged in rows:
            if customer in people or len(people) < lookups.MAX_FOUND:
                people[customer] = [name, address_as, *merged]
        return people, best

    def _by_keys(self, keys: Sequence[int]) -> list[tuple[Any, ...]]:
        return fetch(lookups.NAMED, [numbers(key ^ self.mix for key in keys)]) if keys else []

    def _ask_the_vocabulary(self, meant: Meant, probes: Probes) -> None:
        by = self.mix
        parts = [*probes.last, *probes.begun]
        most = [LONG_RANGE] * len(probes.last) + [SHORT_RANGE] * len(probes.begun)
        known, slips = numbers(key ^ by for key in probes.known), numbers(key ^ by for key in probes.slips)
        rows = fetch(lookups.WORDS, [known, slips, parts, numbers(most), self.organization])
        self.people = next((people for word, people, _key in rows if not word), self.people)
        meant.learn(probes, ((word, people, key and key ^ by) for word, people, key in rows if word))
        if words := meant.uncounted():
            counted = fetch(lookups.PEOPLE, [numbers(hashed("w", word) ^ by for word in words)])
            meant.people.update(counted)
        self.words = meant.people
