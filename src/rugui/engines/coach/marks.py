"""What the coach says about a draft, and the better sentences with their slots filled."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from operator import attrgetter
from typing import NamedTuple

from .expressions import MACROS
from .rules import Wording, named

GUESS = 0.5
"""So certain at most is a half guess."""


class Better(NamedTuple):
    """A better way: `text` takes the place of start..end (code points; `…16` in UTF-16 units)."""

    text: str
    start: int
    end: int
    start16: int
    end16: int
    open: tuple[tuple[int, int], ...] = ()
    """Parts of `text` that the writer still has to fill in."""
    advice: bool = False
    """It is said, not put in: start and end are equal."""


class Mark(NamedTuple):
    """Words at start..end (code points; `…16` in UTF-16 units) that a good house would not say."""

    rule: str
    start: int
    end: int
    start16: int
    end16: int
    category: str
    severity: str
    message: str
    why: str
    rather: tuple[Better, ...]
    certainty: float
    """How often such a mark is right, from 0 to 1."""
    missing: bool = False
    """What is marked is not wrong; something is missing there."""
    link: str = ""


def moved(mark: Mark, by: int, by16: int) -> Mark:
    """The mark where it stands after something before it has grown by so many code points and UTF-16 units."""
    rule, start, end, start16, end16, category, severity, message, why, rather, *rest = mark
    ways = [
        named(Better, (text, begins + by, ends + by, begins16 + by16, ends16 + by16, *others))
        for text, begins, ends, begins16, ends16, *others in rather
    ]
    return named(Mark, (
        rule, start + by, end + by, start16 + by16, end16 + by16, category, severity, message, why, tuple(ways), *rest
    ))  # fmt: skip


class Context(NamedTuple):
    """What is known about the draft. Empty: not known, and every rule counts."""

    language: str = ""
    occasions: frozenset[str] = frozenset()
    channel: str = ""
    mood: str = ""
    """Of the reader."""
    region: str = ""
    explain_in: str = ""
    """The writer's own language, for reasons; better sentences are in the draft's."""
    known: tuple[tuple[str, str], ...] = ()
    """Slots: (("name", "Ms Chen"), ("writer", "Ana"))."""
    certain: float = 0.0
    """Marks less certain than this are not shown."""


class Slot(NamedTuple):
    name: str
    default: str


_SLOT = re.compile(r"\{([^{}:]+)(?::([^{}]*))?\}")
_LEAD = re.compile(r"^(?:by|before|at|until|till|around) ", re.IGNORECASE)
_STOPS = ".!?。！？…"
_AROUND = " \t\n,，、;；:："


@cache
def template(text: str) -> tuple[str | Slot, ...]:
    """The pieces of a better way."""
    parts: list[str | Slot] = []
    at = 0
    for match in _SLOT.finditer(text):
        parts += [text[at : match.start()], Slot(match[1].strip(), match[2] or "")]
        at = match.end()
    return tuple(each for each in (*parts, text[at:]) if each != "")


@lru_cache(maxsize=8192)
def is_sentence(text: str) -> bool:
    return text.rstrip("\"'”’」』）)").endswith(tuple(_STOPS))


@cache
def _macro(name: str) -> re.Pattern[str]:
    return re.compile(MACROS[name], re.IGNORECASE)


class Found(NamedTuple):
    """What slots are filled from: texts as written, folded texts as long as they are."""

    match: str
    groups: Mapping[str, str]
    before: str
    after: str
    sentence: tuple[str, str]
    text: tuple[str, str]
    known: Mapping[str, str]

    def slot(self, name: str) -> str:
        if name in self.groups:
            return self.groups[name]
        if name in ("match", "before", "after"):
            return {"match": self.match, "before": self.before, "after": self.after}[name].strip(
                _AROUND + _STOPS
            )
        if name in self.known:
            return self.known[name]
        if name in MACROS:
            for written, folded in (self.sentence, self.text):
                if said := _macro(name).search(folded):
                    return _LEAD.sub("", written[said.start() : said.end()].strip())
        return ""


def filled(text: str, found: Found) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A better way with its slots filled, and where it is still open."""
    parts, opened, length = [], [], 0
    for part in template(text):
        if isinstance(part, str):
            said = part
        elif not (said := found.slot(part.name)):
            said = part.default or ("…" if part.name == "…" else f"[{part.name}]")
            opened.append((length, length + len(said)))
        parts.append(said)
        length += len(said)
    return "".join(parts), tuple(opened)


def in_language(wording: Wording, *languages: str) -> str:
    """The text in the first of `languages` that there is, or else in any."""
    for language in languages:
        if language in wording:
            return wording[language]
    return next(iter(wording.values()), "")


def certainty(prior: float, taken: int, dismissed: int, weight: int = 8) -> float:
    """How often a rule's marks are right: what was thought of it before counts as `weight` answers of the house."""
    return (prior * weight + taken) / (weight + taken + dismissed)


_missing = attrgetter("missing")


def surest(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Without half guesses at what is missing where words are marked: those come first.

    That a curt farewell lacks thanks as well helps nobody who is told that it is curt.
    """
    if not any(map(_missing, marks)) or all(map(_missing, marks)):
        return tuple(marks)
    return tuple(mark for mark in marks if not mark.missing or mark.certainty > GUESS)
