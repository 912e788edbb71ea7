"""What a line was understood to say. Offsets count code points of the line as it was typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

T = TypeVar("T")

KINDS = (
    "need",
    "preference",
    "goal",
    "person",
    "date",
    "wish",
    "mood",
    "fact",
    "address_as",
    "language",
)
MOODS = ("happy", "excited", "calm", "tired", "unwell", "hurried", "anxious", "sad", "upset")
RELATIONS = (
    "partner",
    "former",
    "child",
    "parent",
    "relative",
    "friend",
    "colleague",
    "pet",
    "other",
)
SENSITIVE = ("intimate", "health", "religion", "minors", "money")
AGAINST, NEITHER, FOR = -1, 0, 1


@dataclass(frozen=True, slots=True)
class Said(Generic[T]):
    """One thing understood, where in the line it stands, and how sure we are (0 to 1)."""

    value: T
    start: int
    end: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Day:
    """A day, month or week as it was named: what was left out is None."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    week: int | None = None
    lunar: bool = False
    leap: bool = False
    """The leap month of the lunar year."""

    @property
    def text(self) -> str:
        """ "2026-09-23", "--03-08", "2026-W39", "2026-10", "lunar:--08-15"."""
        year = f"{self.year:04}" if self.year is not None else "-"
        if self.week is not None:
            return f"{year}-W{self.week:02}"
        months = f"{'L' if self.leap else ''}{self.month:02}"
        days = f"-{self.day:02}" if self.day is not None else ""
        return f"{'lunar:' if self.lunar else ''}{year}-{months}{days}"

    @property
    def exact(self) -> date | None:
        """The day of the solar calendar, when it is one."""
        if self.lunar or self.year is None or self.month is None or self.day is None:
            return None
        return date(self.year, self.month, self.day)


@dataclass(frozen=True, slots=True)
class Person:
    relation: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """A number of ours: of a room, table, order, booking, or a flight or train."""

    kind: str
    number: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One note. `text` is exactly `line[start:end]`."""

    text: str
    start: int
    end: int
    kind: Said[str]
    topic: Said[str]
    polarity: Said[int]
    standing: Said[bool]
    date: Said[Day] | None = None
    person: Said[Person] | None = None
    references: tuple[Said[Reference], ...] = ()
    mood: Said[str] | None = None
    value: Said[str] | None = None
    """What to call them, or the languages with "+" between."""
    sensitive: Said[str] | None = None
    impossible: tuple[Said[Day], ...] = ()
    """Days that were named and that no calendar has: 31 February. They stay in the words, and nowhere else."""

    @property
    def confidence(self) -> float:
        """That of the least certain of the fields that are always there."""
        return min(self.kind.confidence, self.topic.confidence, self.polarity.confidence)


@dataclass(frozen=True, slots=True)
class Reading:
    line: str
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class HouseWord:
    """A word of the house's own: `HouseWord("lotus set", "food")`."""

    text: str
    topic: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody already known to belong to the customer."""

    name: str
    relation: str


@dataclass(frozen=True, slots=True)
class Context:
    """What helps to read a line: names that are known, words of the house, which way round its people write days."""

    companions: tuple[Companion, ...] = ()
    places: tuple[str, ...] = ()
    """Names of the house's places: never read as anything else."""
    words: tuple[HouseWord, ...] = ()
    day_first: bool = False
    """3/8 in a line without Chinese is the third of August."""


NOTHING = Context()


@dataclass(slots=True)
class Draft:
    """A claim while it is being read."""

    start: int
    end: int
    kind: Said[str]
    topic: Said[str]
    polarity: Said[int]
    standing: Said[bool]
    date: Said[Day] | None = None
    person: Said[Person] | None = None
    references: list[Said[Reference]] = field(default_factory=list)
    mood: Said[str] | None = None
    value: Said[str] | None = None
    sensitive: Said[str] | None = None
    own_subject: bool = False
    """It says itself whom it is about."""
    act: str = ""
    named: Said[str] | None = None
    """A name and nothing else: of whoever was spoken of before."""
    echo: bool = False
    """It says again what was said, and no more: "allergic to prawns, gets a rash"."""
    on_body: bool = False
    """It names nothing but where it shows: 頭皮會癢."""
    may: tuple[Said[Day], Said[Day]] | None = None
    """The day that is named in it, kept or not: as the next such day, and as one that comes every year."""
    once: bool = False
    """It holds for this time only."""
    trait: bool = False
    """It says what their hair or skin is like."""
    fear: bool = False
    """What they are afraid of, and we do not know what it touches: "afraid of heights"."""
    ailment: bool = False
    """A part of the body that is not what it was: the reason for what stands beside it."""
    for_a_child: bool = False
    """What it names is for children: a cot, a high chair."""
    words: str = ""
    """What was typed, of all its pieces."""
    hints: list[str] = field(default_factory=list)
    """What the lists found in it, for the second reading."""
    tokens: list[tuple[str, str]] = field(default_factory=list)
    """Its words, each with the class it stands for, for the second reading."""
    parted: str = ""
    """The signs that part its first piece from what stands before: ", " or " / "."""
    nothing: bool = False
    """Nothing in it was understood, or only a detail: it belongs to its neighbour."""
