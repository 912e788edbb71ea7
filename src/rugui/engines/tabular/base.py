"""What the other modules of this package share."""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Guess(Generic[T]):
    """Something worked out from a sample, and how sure that is (0 to 1)."""

    value: T
    certainty: float


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row cannot be taken: which field, which kind of mistake, and the values its sentence needs."""

    field: str
    code: str
    values: Mapping[str, str | list[str]] = dataclasses.field(default_factory=dict)
    """Choices are a list: how a list is written is a matter of the reader's language."""


Read = tuple[list[str], dict[int, Problem]]
"""A column after reading: one value a row (empty where there is none), and the problems by index."""


def each_once(cells: Sequence[str], one: Callable[[str], str | Problem]) -> Read:
    """A column read cell by cell, the same cell once only: dates, choices and prices repeat. Empty cells stay empty."""
    known = dict.fromkeys(cells, "")
    wrong: dict[str, Problem] = {}
    for cell in known:
        if cell:
            value = one(cell)
            if isinstance(value, Problem):
                wrong[cell] = value
            else:
                known[cell] = value
    if not wrong:
        return list(map(known.__getitem__, cells)), {}
    problems = {index: wrong[cell] for index, cell in enumerate(cells) if cell in wrong}
    return list(map(known.__getitem__, cells)), problems


def plain(text: str) -> str:
    """Full-width letters and digits made ordinary, outer space (also ideographic and zero-width) removed."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).strip("\u200b\u200e\u200f\ufeff")
    return text.strip()


def shown(text: str, length: int = 60) -> str:
    """A cell as a message may quote it."""
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1] + "…"
