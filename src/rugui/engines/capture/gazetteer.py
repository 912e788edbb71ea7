"""The word lists, compiled once into one tree over units, with the house's own words on top."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from ..identity.tables import hanzi
from .reading import HouseWord
from .units import Unit, fold, units

_PLAIN_ENGLISH = re.compile(r"[a-z]+(?: [a-z]+)*")
_PLAIN_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
THINGS = (
    "things",
    "table",
    "room",
    "goods",
    "life",
    "places",
    "dishes",
    "trades",
    "walks",
    "errands",
    "nouns",
    "heads",
)
"""The files of words for things; what a word means first is what it means in the earlier file."""
_NO = frozenset("不別别勿免")
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
    faint: bool = False
    """It counts only where something is said of it: "likes gazpacho"."""
    place: bool = False
    """The name of a place: a home, or where somebody wants to go."""


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
        self._phrases: dict[str, tuple[Entry, ...]] = {}
        """By the units with blanks between; Chinese in simplified characters, so that either script finds it."""
        self._longest: dict[str, int] = {}
        """How many units the longest phrase has that begins with a unit."""
        self._words: set[str] = set()
        """What a slip may have been meant for."""
        self._rare: set[str] = set()
        """Words of faint entries: known as they stand, nothing is a slip of them."""
        acts: list[str] = []
        for entry, phrases in _entries():
            for phrase in phrases:
                self._add(entry, phrase)
            if entry.role == "act":
                acts.extend(phrases)
        self._add_people_within(acts)

    def with_words(self, words: Iterable[HouseWord]) -> Gazetteer:
        """A gazetteer that knows these too."""
        new = object.__new__(Gazetteer)
        new.topics, new._words, new._rare = self.topics, set(self._words), self._rare
        new._phrases, new._longest = dict(self._phrases), dict(self._longest)
        for word in words:
            topic = word.topic if word.topic in self.topics else "other"
            new._add(
                Entry("thing", topic=topic, kind=word.kind, rank=90), word.text.translate(hanzi().simple)
            )
        return new

    def _add(self, entry: Entry, phrase: str) -> None:
        row = self._row(phrase, self._rare if entry.faint else self._words)
        if not row:
            return
        key = " ".join(row)
        known = self._phrases.get(key, ())
        if entry not in known:
            self._phrases[key] = (*known, entry)
        if len(row) > self._longest.get(row[0], 0):
            self._longest[row[0]] = len(row)

    def _add_people_within(self, acts: list[str]) -> None:
        """帶爸媽, 幫爸爸慶生: whom it is done with stands inside what is done."""
        for phrase in acts:
            if len(phrase) < 3 or not _PLAIN_CHINESE.fullmatch(phrase):
                continue
            inside = (
                self._phrases.get(" ".join(phrase[first : first + length]), ())
                for length in (3, 2)
                for first in range(len(phrase) - length + 1)
                if length < len(phrase)
            )
            found = next((e for entries in inside for e in entries if e.role == "relation"), None)
            if found is not None and not any(e.role == "relation" for e in self._phrases[" ".join(phrase)]):
                self._add(found, phrase)

    def _row(self, phrase: str, words: set[str]) -> list[str]:
        if _PLAIN_CHINESE.fullmatch(phrase):
            return list(phrase)
        if _PLAIN_ENGLISH.fullmatch(phrase):
            row = phrase.split(" ")
        else:
            found = units(phrase, fold(phrase))
            row = [unit.text for unit in found]
            words.update(unit.text for unit in found if not unit.cjk and not unit.number)
            return row
        words.update(row)
        return row

    def matches(self, row: list[Unit], taken: set[int]) -> list[Match]:
        """Leftmost longest matches that keep clear of `taken` and of every pause."""
        texts = [self._known(unit) for unit in row]
        found: list[Match] = []
        index = 0
        while index < len(row):
            match = None if index in taken else self._match(row, texts, index, taken)
            if match is None:
                index += 1
                continue
            match = self._shorter(row, texts, match, taken)
            found.append(match)
            index = match.last
        return found

    def _shorter(self, row: list[Unit], texts: list[str], match: Match, taken: set[int]) -> Match:
        """不要打掃 is 不要 and 打掃, not 不要打: an act gives its last character to a word that begins with it."""
        last = match.last - 1
        if last <= match.first:
            return match
        said = {entry.act for entry in match.entries if entry.role == "act"}
        if not said and row[last].cjk and _NO & set(texts[match.first : last]):
            shorter = self._within(texts, match.first, last)  # 早上不要打: 打掃 comes after it
            after = self._match(row, texts, last, taken)
            crosses = after is not None and after.last > match.last and after.entry("thing") is not None
            return shorter if shorter is not None and crosses else match
        less = self._phrases.get(" ".join(texts[match.first : last]), ())
        if not any(entry.role == "act" and (not said or entry.act in said) for entry in less):
            return match
        after = self._match(row, texts, last, taken)
        if after is None or after.last <= match.last or not any(e.role == "thing" for e in after.entries):
            return match
        return Match(match.first, last, less)

    def _within(self, texts: list[str], first: int, end: int) -> Match | None:
        """The longest known word from `first` that ends before `end`."""
        for last in range(end, first, -1):
            if entries := self._phrases.get(" ".join(texts[first:last])):
                return Match(first, last, entries)
        return None

    def _match(self, row: list[Unit], texts: list[str], first: int, taken: set[int]) -> Match | None:
        end, furthest = first, min(len(row), first + self._longest.get(texts[first], 0))
        while end < furthest and end not in taken and not (end > first and row[end].gap):
            end += 1
        for last in range(end, first, -1):
            if entries := self._phrases.get(" ".join(texts[first:last])):
                mended = any(texts[i] != row[i].text and not row[i].cjk for i in range(first, last))
                return Match(first, last, entries, mended)
        if len(texts[first]) >= LONG and (entries := self._phrases.get(texts[first] + "s")):
            return Match(first, first + 1, entries)  # one of what is listed as many
        return None

    def _known(self, unit: Unit) -> str:
        """The unit's text, or the one word that it is a slip of."""
        text = unit.text
        if unit.cjk:
            return text.translate(hanzi().simple)
        if unit.number or text in self._words or text in self._rare:
            return text
        if (one := self._one_of_many(text)) is not None:
            return one
        if len(text) < LONG - 1:
            return text
        near = {word for word in _one_slip_away(text) if len(word) >= LONG and word in self._words}
        meanings = {self._phrases.get(word, ()) for word in near}
        return min(near) if len(meanings) == 1 and (len(near) == 1 or meanings != {()}) else text

    def _one_of_many(self, text: str) -> str | None:
        """The listed word that `text` is the plural of."""
        if len(text) < 4 or not text.endswith("s"):
            return None
        ones = [text[:-1]]
        if text.endswith("ies"):
            ones.append(text[:-3] + "y")
        elif text.endswith("es"):
            ones.append(text[:-2])
        return next((one for one in ones if len(one) > 2 and (one in self._words or one in self._rare)), None)

    def phrases(self) -> Iterator[tuple[str, tuple[Entry, ...]]]:
        """Every phrase, its units with blanks between, with its meanings."""
        return iter(self._phrases.items())

    def is_known(self, text: str) -> bool:
        return text in self._words


_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _one_slip_away(typed: str) -> Iterator[str]:
    """Words with one letter more, less, other, or two swapped; the first letter is taken to be right."""
    for i in range(1, len(typed) + 1):
        head, tail = typed[:i], typed[i:]
        for letter in _LETTERS:
            yield head + letter + tail
        if tail:
            yield head + tail[1:]
            for letter in _LETTERS:
                yield head + letter + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "words" / f"{name}.toml").read_text(encoding="utf-8"))


def _topics() -> dict[str, Topic]:
    return {slug: Topic(slug, order, **row) for order, (slug, row) in enumerate(_table("topics").items())}


def _phrases(row: dict[str, Any]) -> list[str]:
    said = ", ".join(str(row[language]) for language in ("en", "hant", "hans", "zh") if language in row)
    return [phrase for phrase in said.translate(hanzi().simple).split(", ") if phrase]


def _entries() -> Iterator[tuple[Entry, list[str]]]:
    for act, row in _table("acts").items():
        yield Entry("act", act=act), _phrases(row)
    for row in (row for name in THINGS for row in _table(name)["thing"]):
        yield _thing(row), _phrases(row)
    people = _table("people")
    roles = {"relation": "relation", "mood": "mood", "speech": "language", "marker": "marker"}
    for role, key in roles.items():
        for row in people[role]:
            yield Entry(role, topic=row.get("topic", ""), value=row[key]), _phrases(row)
    for row in people["address"]:
        yield Entry("address", topic=row["topic"]), _phrases(row)
    for row in people["plain"]:
        yield Entry("plain"), _phrases(row)


def _thing(row: dict[str, Any]) -> Entry:
    return Entry(
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
        faint=row.get("faint", False),
        place=row.get("place", False),
    )


@cache
def standard() -> Gazetteer:
    """The word lists that come with the program."""
    return Gazetteer()


@cache
def for_house(words: tuple[HouseWord, ...]) -> Gazetteer:
    return standard().with_words(words) if words else standard()
