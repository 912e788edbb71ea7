"""Parts a line into pieces that each say at most one thing: at pauses, at "and", and before a further act."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from .gazetteer import Entry, Match
from .units import HARD, LIST, SOFT, SPACE, Unit

_AND = frozenset({"and", "or", "n", "和", "與", "与", "跟", "及", "或", "同", "plus"})
_BEFORE_WITH = frozenset("要別别能想得可勿會会")
"""Before 跟 and 和 that mean "with": 不要跟家屬說."""
_BUT = frozenset(
    {
        "but",
        "also",
        "however",
        "though",
        "但",
        "但是",
        "而且",
        "還有",
        "还有",
        "另外",
        "不過",
        "不过",
        "並且",
        "并且",
        "且",
    }
)
_STRONG = frozenset(
    {
        "like",
        "dislike",
        "want",
        "want_not",
        "need",
        "allergic",
        "abstain",
        "cannot",
        "cannot_eat",
        "stopped",
        "goal",
    }
)
_ABOUT = frozenset({"對", "对"})


@dataclass(slots=True)
class Piece:
    """Units `first` to `last` (exclusive)."""

    first: int
    last: int
    gap: int
    matches: list[Match] = field(default_factory=list)

    def with_role(self, role: str) -> Iterator[tuple[Match, Entry]]:
        for match in self.matches:
            for entry in match.entries:
                if entry.role == role:
                    yield match, entry

    def acts(self) -> list[tuple[Match, str]]:
        return [(match, entry.act) for match, entry in self.with_role("act")]

    def has(self, role: str) -> bool:
        return any(True for _ in self.with_role(role))


def pieces(
    row: list[Unit], matches: list[Match], taken: set[int], within: frozenset[int] = frozenset()
) -> list[Piece]:
    """The pieces of a row. No piece begins at a unit of `within`: it stands inside a day or a number ("9/29")."""
    if not row:
        return []
    starts = {at: gap for at, gap in _starts(row, matches, taken).items() if at not in within}
    bounds = [*sorted(starts), len(row)]
    result: list[Piece] = []
    for first, last in itertools.pairwise(bounds):
        inside = [match for match in matches if first <= match.first < last]
        result.extend(_by_acts(Piece(first, last, starts[first], inside), row))
    return result


def _starts(row: list[Unit], matches: list[Match], taken: set[int]) -> dict[int, int]:
    """Where pieces begin, and how strongly each is parted from the one before."""
    starts = {0: HARD}
    for index, unit in enumerate(row):
        if index and unit.gap >= SPACE:
            starts[index] = max(unit.gap, starts.get(index, 0))
    inside = {i for match in matches if match.last - match.first > 1 for i in range(match.first, match.last)}
    for index, unit in enumerate(row):
        if index in taken or index in inside or not 0 < index < len(row) - 1:
            continue
        if unit.text in _AND and not (unit.cjk and row[index - 1].text in _BEFORE_WITH):
            starts.setdefault(index, LIST)
        elif unit.text in _BUT:
            starts.setdefault(index, SOFT)
    for match in matches:  # two characters: 但是, 而且
        word = "".join(row[i].text for i in range(match.first, match.last))
        if match.first and word in _BUT:
            starts.setdefault(match.first, SOFT)
    return starts


def _by_acts(piece: Piece, row: list[Unit]) -> Iterator[Piece]:
    """The piece, parted before each further strong act that has something of its own before it."""
    strong: Match | None = None
    content = False
    if (cut := _faith_and_diet(piece)) is not None:
        yield Piece(piece.first, cut, piece.gap, [m for m in piece.matches if m.first < cut])
        piece = Piece(cut, piece.last, SPACE, [m for m in piece.matches if m.first >= cut])
    for match in piece.matches:
        acts = {entry.act for entry in match.entries if entry.role == "act"} & _STRONG
        if not acts:
            content = content or any(e.role in {"thing", "mood", "relation"} for e in match.entries)
            continue
        if strong is not None and content and not acts & _strong_acts(strong):
            cut = _cut(piece, match, row, postfix="allergic" in acts)
            if cut is not None and cut > strong.last - 1 and cut > piece.first:
                head = Piece(piece.first, cut, piece.gap, [m for m in piece.matches if m.first < cut])
                tail = Piece(cut, piece.last, SPACE, [m for m in piece.matches if m.first >= cut])
                yield head
                yield from _by_acts(tail, row)
                return
        strong, content = match, content and strong is not None and bool(acts & _strong_acts(strong))
    yield piece


def _faith_and_diet(piece: Piece) -> int | None:
    """信佛吃素: what they believe, and what they eat."""
    believed = False
    for match in piece.matches:
        entry = match.entry("thing")
        if entry is not None and entry.topic == "diet" and believed:
            return match.first
        believed = believed or (entry is not None and entry.topic == "faith")
    return None


def _cut(piece: Piece, match: Match, row: list[Unit], *, postfix: bool) -> int | None:
    """Where the part that `match` belongs to begins: before its subject and negation, and for "nut allergy" the nut."""
    index = match.first
    if postfix:
        for back in range(match.first - 1, piece.first, -1):
            if row[back].text in _ABOUT:
                return back
        before = [m for m in piece.matches if m.last == match.first and m.entry("thing")]
        if before and not any(row[i].text in {"to", "of"} for i in range(match.first, match.last)):
            index = before[0].first
            if not any(m.entry("thing") for m in piece.matches if m.last <= index):
                return None
    while index - 1 > piece.first:
        before = [m for m in piece.matches if m.last == index]
        if not before or not (before[0].entry("plain") or before[0].entry("relation") or _refuses(before[0])):
            break
        if before[0].entry("thing"):
            break
        index = before[0].first
    return index


def _strong_acts(match: Match) -> set[str]:
    return {entry.act for entry in match.entries if entry.role == "act"} & _STRONG


def _refuses(match: Match) -> bool:
    return any(entry.act == "refuse" for entry in match.entries)
