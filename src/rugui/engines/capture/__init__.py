"""One line of plain text, understood: English, 繁體中文, 简体中文, mixed; no network, no model.

    read("allergic to feathers, likes black coffee", today)

gives two claims, each with its kind, topic, polarity and so on, where in the line each was said, and how sure it is.
"""

from .gazetteer import standard
from .reader import read
from .reading import (
    AGAINST,
    FOR,
    KINDS,
    MOODS,
    NEITHER,
    RELATIONS,
    SENSITIVE,
    Claim,
    Companion,
    Context,
    Day,
    HouseWord,
    Person,
    Reading,
    Reference,
    Said,
)


def topics() -> tuple[str, ...]:
    """Everything that a note may be about, in the order of the word lists."""
    return tuple(standard().topics)


__all__ = [
    "AGAINST",
    "FOR",
    "KINDS",
    "MOODS",
    "NEITHER",
    "RELATIONS",
    "SENSITIVE",
    "Claim",
    "Companion",
    "Context",
    "Day",
    "HouseWord",
    "Person",
    "Reading",
    "Reference",
    "Said",
    "read",
    "standard",
    "topics",
]
