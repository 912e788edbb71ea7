"""Whether two cards' names may be one person's: what a shared telephone alone never says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..engines.identity.compare import compare_names
from ..engines.identity.normalise import name_of

OTHERS = frozenset({"surname", "given", "different", "missing"})
"""Levels at which names are two people's as far as anybody can tell: Anna and Tom Berg, Anna Berg and Anna Lund."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How the names of two cards compare; `level` as in engines/identity/compare.py."""

    level: str

    @property
    def names_agree(self) -> bool:
        return self.level not in OTHERS


def likeness(ours: Iterable[str], theirs: Iterable[str]) -> Likeness:
    """The best that any name of one card and any of the other show."""
    return Likeness(compare_names([name_of(each) for each in ours], [name_of(each) for each in theirs]).level)
