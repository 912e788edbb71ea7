"""What a rule is, once it has been read and found in order."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from .patterns import Pattern

CATEGORIES = (
    "blame", "ban", "negation", "debt", "money", "insult", "excuse", "false-apology", "time", "robotic", "familiar", "condescension",
    "jargon", "pressure", "scarcity", "intimacy", "pointing", "opening", "hold", "transfer", "closing", "missing", "address", "style",
)  # fmt: skip
OCCASIONS = (
    "complaint", "apology", "refusal", "money", "delay", "question", "booking", "greeting", "farewell", "hold", "transfer", "thanks",
    "praise", "grief",
)  # fmt: skip
CHANNELS = ("email", "chat", "phone", "in_person", "web", "review", "sms", "letter")
MOODS = ("calm", "happy", "tired", "worried", "upset", "angry", "grieving")
LANGUAGES = ("en", "zh-Hant", "zh-Hans")
PLACES_OF_WORDS = ("quote", "url", "code")

named = tuple.__new__
"""Makes a named tuple of its fields without a call in between: `named(Token, (pattern, "", ()))`, where many are made."""
Wording = Mapping[str, str]
"""A text per language; of one language, or of a pack's two."""


class Kind(StrEnum):
    EXISTENCE = "existence"
    SUBSTITUTION = "substitution"
    OCCURRENCE = "occurrence"
    REPETITION = "repetition"
    SEQUENCE = "sequence"
    CONDITIONAL = "conditional"
    CAPITALIZATION = "capitalization"
    CONSISTENCY = "consistency"
    PRESENCE = "presence"
    SENSE = "sense"
    """What a sentence of this category sounds like, whatever its words (sense.py)."""


class Severity(StrEnum):
    SUGGESTION = "suggestion"
    WARNING = "warning"
    ERROR = "error"


class Side(StrEnum):
    BEFORE = "before"
    AFTER = "after"
    BOTH = "both"


class Scope(StrEnum):
    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"
    TEXT = "text"
    HEADING = "heading"


class Token(NamedTuple):
    """Something to look for. `language`: only in text of this script, or empty. `swap`: what to write instead, of its own."""

    pattern: Pattern
    language: str = ""
    swap: tuple[str, ...] = ()


class Condition(NamedTuple):
    """One of `patterns` stands on `side`, within `sentences` (1: the same), within `characters`, or, both 0, in the text."""

    patterns: tuple[Pattern, ...]
    side: Side = Side.BOTH
    sentences: int = 1
    characters: int = 0


class Spare(NamedTuple):
    """What a pack says for all its rules that are `spared`: no mark where the condition is met. Empty `categories`: of any."""

    condition: Condition
    categories: frozenset[str] = frozenset()


class Step(NamedTuple):
    """A word of a `sequence`: what it looks like, which parts of speech it may be, how many words may come before it."""

    pattern: Pattern | None
    tags: frozenset[str] = frozenset()
    skip: int = 0
    negate: bool = False


class Examples(NamedTuple):
    match: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()


class Rule(NamedTuple):
    id: str
    """`pack.rule`."""
    kind: Kind
    category: str
    severity: Severity
    message: Wording
    why: Wording
    rather: Mapping[str, tuple[str, ...]]
    tokens: tuple[Token, ...] = ()
    exceptions: tuple[Pattern, ...] = ()
    near: tuple[Condition, ...] = ()
    unless: tuple[Condition, ...] = ()
    when: tuple[Pattern, ...] = ()
    occasions: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    moods: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    not_inside: frozenset[str] = frozenset(PLACES_OF_WORDS)
    edges: str = ""
    """`word`, `any`, or empty: as the words themselves suggest."""
    scope: Scope = Scope.SENTENCE
    replaces: str = ""
    certainty: float = 0.0
    """0: not said."""
    least: int = 0
    most: int | None = None
    first: Pattern | None = None
    second: Pattern | None = None
    match: str = ""
    words: frozenset[str] = frozenset()
    """Exceptions of `capitalization` and `conditional`, as written."""
    either: tuple[tuple[Pattern, Pattern], ...] = ()
    steps: tuple[Step, ...] = ()
    examples: Examples = Examples()
    link: str = ""
    languages: tuple[str, ...] = ()
    spared: bool = False
    """The spares of its pack hold for it too."""
    sensed: bool = False
    """Less is thought of its marks in a sentence that sounds good (sense.py)."""


class Problem(NamedTuple):
    """Why a pack, or a rule of it, is refused: `what` was wrong, and what would be `right`."""

    file: str
    rule: str
    """Empty: the pack as a whole."""
    key: str
    what: str
    right: str

    def __str__(self) -> str:
        where = ": ".join(each for each in (self.file, self.rule, self.key) if each)
        return f"{where}: {self.what} ({self.right})"


class PackError(ValueError):
    """A pack that is not in order, with everything that is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class Pack(NamedTuple):
    id: str
    name: Wording
    languages: tuple[str, ...]
    version: str
    owner: str
    source: str
    rules: tuple[Rule, ...]
    warnings: tuple[Problem, ...] = ()
    """What was loaded but cannot do all that it says."""
    extends: tuple[str, ...] = ()
    spares: tuple[Spare, ...] = ()

    def whole_rules(self) -> tuple[Rule, ...]:
        """The rules, each with the spares that hold for it among its `unless`."""
        return tuple(self._whole(rule) for rule in self.rules) if self.spares else self.rules

    def _whole(self, rule: Rule) -> Rule:
        if not rule.spared or rule.kind not in (Kind.EXISTENCE, Kind.SUBSTITUTION):
            return rule
        held = tuple(
            each.condition for each in self.spares if not each.categories or rule.category in each.categories
        )
        return rule._replace(unless=rule.unless + held) if held else rule
