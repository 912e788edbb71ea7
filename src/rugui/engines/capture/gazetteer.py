"""The word lists, compiled once into one tree over units, with the house's own words on top."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from .reading import HouseWord
from .units import Unit, fold, units

LONG = 6
"""Letters from which on a word may have one slip."""


@dataclass(frozen=True, slots=True)
class Topic:
    slug: str
    order: int
    bare: str = "preference"
    """The kind of a line that only names the thing."""
    sensitive: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One meaning of a word. `role` says which of the other fields hold."""

    role: str
    topic: str = ""
    act: str = ""
    value: str = ""
    kind: str = ""
    rank: int = 50
    polarity: int = 0
    sensitive: str = ""
    passing: bool = False
    diet: bool = False
    """A food that people leave out for health or faith."""
    allergen: bool = False
    way: bool = False
    """A manner of having something, said of the thing beside it."""


@dataclass(slots=True)
class Node:
    below: dict[str, Node] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """Units `first` to `last` (exclusive) say one of `entries`."""

    first: int
    last: int
    entries: tuple[Entry, ...]
    mended: bool = False
    """One letter of it was put right."""

    def entry(self, role: str) -> Entry | None:
        return next((each for each in self.entries if each.role == role), None)


class Gazetteer:
    """Finds the longest known words in a row of units."""

    def __init__(self) -> None:
        self.topics: dict[str, Topic] = _topics()
        self._root = Node()
        self._words: set[str] = set()
        for entry, phrase in _entries():
            self._add(entry, phrase)
        self._slips = _slips(self._words)

    def with_words(self, words: Iterable[HouseWord]) -> Gazetteer:
        """A gazetteer that knows these too."""
        new = object.__new__(Gazetteer)
        new.topics, new._words, new._slips = self.topics, set(self._words), self._slips
        new._root = _copied(self._root)
        for word in words:
            topic = word.topic if word.topic in self.topics else "other"
            new._add(Entry("thing", topic=topic, kind=word.kind, rank=90), word.text)
        return new

    def _add(self, entry: Entry, phrase: str) -> None:
        node, row = self._root, units(phrase, fold(phrase))
        for unit in row:
            if not unit.cjk and not unit.number:
                self._words.add(unit.text)
            node = node.below.setdefault(unit.text, Node())
        if row and entry not in node.entries:
            node.entries = (*node.entries, entry)

    def matches(self, row: list[Unit], taken: set[int]) -> list[Match]:
        """Leftmost longest matches that keep clear of `taken` and of every pause."""
        texts = [self._known(unit) for unit in row]
        found: list[Match] = []
        index = 0
        while index < len(row):
            match = None if index in taken else self._longest(row, texts, index, taken)
            if match is None:
                index += 1
                continue
            found.append(match)
            index = match.last
        return found

    def _longest(self, row: list[Unit], texts: list[str], first: int, taken: set[int]) -> Match | None:
        node, best, index = self._root, None, first
        while index < len(row) and index not in taken:
            if index > first and row[index].gap:
                break
            below = node.below.get(texts[index])
            if below is None:
                break
            node, index = below, index + 1
            if node.entries:
                mended = any(texts[i] != row[i].text for i in range(first, index))
                best = Match(first, index, node.entries, mended)
        return best

    def _known(self, unit: Unit) -> str:
        """The unit's text, or the one word that it is a slip of."""
        text = unit.text
        if unit.cjk or unit.number or text in self._words or len(text) < LONG - 1:
            return text
        if text.endswith("s") and text[:-1] in self._words:
            return text[:-1]
        near = {
            word for key in _deletions(text) for word in self._slips.get(key, ()) if _one_slip(text, word)
        }
        meanings = {self._meaning(word) for word in near}
        return min(near) if len(meanings) == 1 and (len(near) == 1 or meanings != {()}) else text

    def _meaning(self, word: str) -> tuple[Entry, ...]:
        node = self._root.below.get(word)
        return node.entries if node is not None else ()

    def is_known(self, text: str) -> bool:
        return text in self._words


def _one_slip(typed: str, word: str) -> bool:
    """One letter more, less, other, or two swapped; the first letter is right."""
    if typed[0] != word[0] or abs(len(typed) - len(word)) > 1 or len(word) < LONG:
        return False
    if len(typed) == len(word):
        wrong = [i for i in range(len(word)) if typed[i] != word[i]]
        if len(wrong) == 1:
            return True
        return (
            len(wrong) == 2
            and wrong[1] == wrong[0] + 1
            and typed[wrong[0]] == word[wrong[1]]
            and typed[wrong[1]] == word[wrong[0]]
        )
    longer, shorter = (typed, word) if len(typed) > len(word) else (word, typed)
    return any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))


def _deletions(word: str) -> Iterator[str]:
    yield word
    for i in range(len(word)):
        yield word[:i] + word[i + 1 :]


def _slips(words: set[str]) -> dict[str, list[str]]:
    result: dict[str, list[str]] = {}
    for word in words:
        if len(word) >= LONG:
            for key in set(_deletions(word)):
                result.setdefault(key, []).append(word)
    return result


def _copied(node: Node) -> Node:
    return Node({key: _copied(below) for key, below in node.below.items()}, node.entries)


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "words" / f"{name}.toml").read_text(encoding="utf-8"))


def _topics() -> dict[str, Topic]:
    return {slug: Topic(slug, order, **row) for order, (slug, row) in enumerate(_table("topics").items())}


def _phrases(row: dict[str, Any]) -> Iterator[str]:
    for language in ("en", "hant", "hans", "zh"):
        for phrase in str(row.get(language, "")).split(","):
            if phrase.strip():
                yield phrase.strip()


def _entries() -> Iterator[tuple[Entry, str]]:
    for act, row in _table("acts").items():
        yield from ((Entry("act", act=act), phrase) for phrase in _phrases(row))
    for row in _table("things")["thing"]:
        entry = Entry(
            "thing",
            topic=row["topic"],
            kind=row.get("kind", ""),
            rank=row.get("rank", 50),
            polarity=row.get("polarity", 0),
            sensitive=row.get("sensitive", ""),
            passing=row.get("passing", False),
            diet=row.get("avoided") == "diet",
            allergen=row.get("allergen", False),
            way=row.get("way", False),
        )
        yield from ((entry, phrase) for phrase in _phrases(row))
    people = _table("people")
    roles = {"relation": "relation", "mood": "mood", "speech": "language", "marker": "marker"}
    for role, key in roles.items():
        for row in people[role]:
            entry = Entry(role, topic=row.get("topic", ""), value=row[key])
            yield from ((entry, phrase) for phrase in _phrases(row))
    for row in people["address"]:
        yield from ((Entry("address", topic=row["topic"]), phrase) for phrase in _phrases(row))
    for row in people["plain"]:
        yield from ((Entry("plain"), phrase) for phrase in _phrases(row))


@cache
def standard() -> Gazetteer:
    """The word lists that come with the program."""
    return Gazetteer()


@cache
def for_house(words: tuple[HouseWord, ...]) -> Gazetteer:
    return standard().with_words(words) if words else standard()
