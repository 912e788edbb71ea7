"""What the words of a query may have meant, and by which keys those who are called so are found.

Two steps, with one question to the vocabulary between them. `Probes` says what to ask it: the words themselves and their
regular other forms, keys of words that are one letter off or sound alike, and beginnings. Of the words that exist,
`Meant` makes the keys to look up, the likeliest first: pairs of words where there are two, else the words alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from heapq import nsmallest
from math import log2

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA

from .keys import (
    HEARD,
    SAID,
    SPELT,
    combinations_of,
    hashed,
    spellings,
    spoken_words,
    unfinished_keys,
    variant_keys,
)
from .normalise import Name

Floats = npt.NDArray[np.float64]
Hashes = npt.NDArray[np.int64]
MAX_VARIANTS, MAX_KEYS = 60, 240
SLIP, SOUND, PREFIX, LETTER, CLOSE, ALONE, UNSAID = 8.0, 6.0, 3.0, 0.8, 15.0, 20.0, 4.0
"""Bits that a difference costs: a letter off, a sound, a beginning and each letter that is still to come, two letters off,
a word by itself where there are two, two words where there are three."""
TOO_DEAR = 30.0
MIN_BEGINNING, MIN_FINISHED = 2, 4
"""Letters of the last word, which may not be finished, and of the words before it, which mostly are."""


@dataclass(slots=True)
class Probes:
    """What to ask the vocabulary. Hashes are not mixed with a house's number yet."""

    known: dict[int, str] = field(default_factory=dict)
    """Hashes of words that may have been meant."""
    slips: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    """Keys of mistyped words, with the words of the query that have them and the kinds of the keys."""
    last: list[str] = field(default_factory=list)
    """What is still being typed: any word that begins so."""
    begun: list[str] = field(default_factory=list)
    """What may stand for a longer word."""


class Meant:
    """The words of a name as asked for, and what they may stand for."""

    def __init__(self, name: Name, *, complete: bool) -> None:
        self.name, self.complete = name, complete
        self.pairs = combinations_of(name)
        asked = [*spoken_words(name), *name.joined, *(word for pair in self.pairs for word in pair)]
        self.asked = list(dict.fromkeys(asked))
        self.costs = {word: {each.word: each.cost for each in spellings(word)} for word in self.asked}
        self.people: dict[str, int | None] = {}
        """Of words that exist: how many people have each, None where nobody has asked yet."""

    def probes(self) -> Probes:
        known = {hashed("w", each): each for options in self.costs.values() for each in options}
        slips: dict[int, list[tuple[str, str]]] = defaultdict(list)
        ending = self.name.words[-1:] if not self.complete else ()
        for word in self.asked:
            for key, kind in self._mistaken(word).items():
                slips[key].append((word, kind))
        last, begun = [], []
        if self.name.hanzi:
            known[hashed("w", self.name.hanzi)] = self.name.hanzi
            last.append(self.name.hanzi)
        for word in self.asked:
            if word in ending or (ending and word.endswith(ending[0]) and len(word) > 4):
                if len(word) >= MIN_BEGINNING:
                    last.append(word)
            elif len(word) >= MIN_FINISHED:
                begun.append(word)
        return Probes(known, slips, last, begun)

    def unfinished(self) -> Probes:
        """What to ask besides where nobody is called so: words that are mistyped and unfinished at once."""
        slips: dict[int, list[tuple[str, str]]] = defaultdict(list)
        ending = self.name.words[-1:] if not self.complete else ()
        for word in self.asked:
            # Pinyin is short: with two letters more nearly anything may be meant.
            if ending and (word.endswith(ending[0]) or not self._pinyin(word)):
                for key in unfinished_keys(word):
                    slips[key].append((word, SPELT))
        return Probes(slips=slips)

    def _mistaken(self, word: str) -> dict[int, str]:
        """Under which keys to look for what was meant by a word. Whoever writes characters does not misspell their
        reading, but may take it for another that sounds alike; and that English ears hear no difference says nothing
        of pinyin."""
        if self.name.hanzi and word not in self.name.words:
            return variant_keys(word, HEARD)
        return variant_keys(word, SPELT + HEARD) if self._pinyin(word) else variant_keys(word)

    def _pinyin(self, word: str) -> bool:
        return self.name.romanised

    def learn(self, probes: Probes, rows: Iterable[tuple[str, int | None, int | None]]) -> None:
        """`rows`: words of the vocabulary with how many people have each, or with the (unmixed) slip key that has led to it."""
        for word, people, key in rows:
            if people is not None or word not in self.people:
                self.people[word] = people
            if key is None:
                asked = [(each, SPELT) for each in self.asked if word.startswith(each)]
            else:
                asked = probes.slips.get(key, [])
            for each, kind in asked:
                options = self.costs[each]
                if options.get(word, TOO_DEAR) <= PREFIX:
                    continue
                cost = cost_of(each, word, kind)
                if cost is not None and cost < options.get(word, TOO_DEAR):
                    options[word] = cost

    def uncounted(self) -> list[str]:
        """Of very many words that one may stand for those are kept that more people have: of which that must be asked."""
        people = self.people
        found: dict[str, None] = {}
        for costs in self.costs.values():
            known = [word for word in costs if word in people]
            if len(known) > MAX_VARIANTS:
                found.update((word, None) for word in known if people[word] is None)
        return list(found)

    def keys(self) -> dict[int, float]:
        """Hashes to look people up by with the bits that they cost, the likeliest first."""
        options = {word: self._options(costs) for word, costs in self.costs.items()}
        found: list[tuple[Floats, Hashes]] = []
        if hanzi := self.name.hanzi:
            written = [word for word in self.people if word.startswith(hanzi)]
            found.append(_listed([(0.0 if word == hanzi else PREFIX, hashed("w", word)) for word in written]))
        letters = sum(map(len, self.name.words))
        for one, other in self.pairs:
            if one in options and other in options:
                costs, hashes = _pairs(options[one], options[other])
                whole = self.name.hanzi or len(one) + len(other) >= letters
                found.append((costs if whole else costs + UNSAID, hashes))
        lonely = len(self.name.words) == 1
        if lonely or sum(len(costs) for costs, _hashes in found) < 3:
            for word in self.name.words:
                if word in options:
                    costs, hashes = options[word]
                    found.append((costs + (0 if lonely else ALONE), hashes))
        if not found:
            return {}
        costs = np.concatenate([each for each, _hashes in found])
        hashes = np.concatenate([each for _costs, each in found])
        first = np.argsort(costs, kind="stable")[:MAX_KEYS]
        keys: dict[int, float] = {}
        for key, cost in zip(hashes[first].tolist(), costs[first].tolist(), strict=True):
            keys.setdefault(key, cost)
        return keys

    def _options(self, costs: Mapping[str, float]) -> tuple[Floats, Hashes]:
        """Those of the words that exist, the cheapest first, with their hashes."""
        people = self.people
        known = [(cost, -(people[word] or 1), word) for word, cost in costs.items() if word in people]
        if len(known) > MAX_VARIANTS:
            # Rather a slip in a name that thousands have than the fortieth longer word that one person has.
            known = nsmallest(MAX_VARIANTS, known, key=lambda each: each[0] - log2(max(-each[1], 1)) / 2)
        return _listed([(cost, hashed("w", word)) for cost, _people, word in sorted(known)])


def _listed(found: list[tuple[float, int]]) -> tuple[Floats, Hashes]:
    return np.array([each[0] for each in found], dtype=np.float64), np.array(
        [each[1] for each in found], dtype=np.int64
    )


def _pairs(ones: tuple[Floats, Hashes], others: tuple[Floats, Hashes]) -> tuple[Floats, Hashes]:
    """Every pair that is not too dear: its cost, and its hash, the sum of those of its words (`keys.paired`)."""
    costs = np.add.outer(ones[0], others[0])
    kept = costs <= TOO_DEAR
    return costs[kept], np.add.outer(ones[1], others[1])[kept]


def cost_of(asked: str, word: str, kind: str) -> float | None:
    """What it costs that `word` was meant by `asked`, with which it shares a key of that kind; None when it was not."""
    if asked == word:
        return 0.0
    if not word.isascii() or not asked.isascii():
        return None
    if len(asked) >= 2 and word.startswith(asked):
        return min(PREFIX + LETTER * (len(word) - len(asked)), SLIP + LETTER)
    if kind == HEARD:
        return SOUND
    distance = OSA.distance(asked, word, score_cutoff=2)
    if distance <= 1 and len(asked) >= 3:
        return SLIP
    if kind == SAID:
        return SLIP + 1 if asked[0] == word[0] else None
    return CLOSE if distance == 2 and len(asked) >= 6 else None
