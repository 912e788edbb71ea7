"""The messages of benchmarks/labelled/hearing, read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "labelled" / "hearing"
ACTS = ("complaint", "request", "praise", "question", "tells")
ELEMENTS = ("product", "people", "time", "problem_solving")
MOODS = ("calm", "happy", "tired", "worried", "upset", "angry", "grieving")
URGENCIES = ("whenever", "today", "now")
HELD = ("hant-7", "hans-7", "en-5")
"""Sittings that no ear learns from."""
SHARED = frozenset(
    f"{script}-{number}"
    for script, numbers in (
        ("en", (*range(7, 14), 18)),
        ("hant", (*range(9, 14), 17)),
        ("hans", (*range(9, 14), 17)),
    )
    for number in numbers
)
"""Sittings of which every fifth line is held back, and the others are learned from."""
_LINE = re.compile(r"([crpqi]+)([PHTS]*)([nhtwuag])([012]) (.+)")
_ACT = dict(zip("crpqi", ACTS, strict=True))
_ELEMENT = dict(zip("PHTS", ELEMENTS, strict=True))
_MOOD = dict(zip("nhtwuag", MOODS, strict=True))
_WEIGHTY = ("calm", "happy", "tired", "worried", "upset", "grieving", "angry")


class Message(NamedTuple):
    sitting: str
    acts: frozenset[str]
    elements: frozenset[str]
    mood: str
    urgency: str
    text: str

    @property
    def script(self) -> str:
        """hant, hans or en."""
        return self.sitting.split("-")[0]

    def then(self, other: Message) -> Message:
        """Both, one after the other: what either says, the weightier mood and the greater urgency."""
        return Message(
            self.sitting, self.acts | other.acts, self.elements | other.elements,
            max(self.mood, other.mood, key=_WEIGHTY.index), max(self.urgency, other.urgency, key=URGENCIES.index),
            f"{self.text} {other.text}",
        )  # fmt: skip


def messages(which: str) -> list[Message]:
    """`learn`, or `held`: three whole sittings, and every fifth line of those in `SHARED`."""
    found = []
    for file in sorted(FOLDER.glob("*.txt")):
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            if _held(file.stem, number) == (which == "held"):
                told = _LINE.fullmatch(line)
                if told is None:
                    raise ValueError(
                        f"{file.name}, line {number}: letters of acts, elements, mood, urgency, a space, the words"
                    )
                acts, elements, mood, urgency, text = told.groups()
                found.append(
                    Message(file.stem, frozenset(map(_ACT.__getitem__, acts)), frozenset(map(_ELEMENT.__getitem__, elements)),
                            _MOOD[mood], URGENCIES[int(urgency)], text)
                )  # fmt: skip
    return found


def _held(sitting: str, line: int) -> bool:
    return sitting in HELD or (sitting in SHARED and line % 5 == 0)
