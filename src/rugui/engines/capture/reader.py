"""Reads one line of plain text into claims, by rules and by what labelled lines taught. Nothing is fetched from elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from .days import Impossible, Named, named_days
from .gazetteer import for_house, standard
from .kinds import draft
from .look import Line
from .pieces import Piece, pieces
from .reading import NOTHING, Claim, Context, Day, Draft, Reading, Said
from .references import Found, references
from .second import read_again, shipped
from .units import Unit, fold, units

LONGEST = 2000
"""Of a longer line only so much is read; the rest is kept with it."""


def read(line: str, today: date, context: Context = NOTHING) -> Reading:
    """What `line`, typed on `today` (the place's day), says. Never raises; what is not understood is a fact as said."""
    parted, impossible = _parted(line, today, context)
    if not parted:
        return Reading(line, (_as_said(line),) if line.strip() else ())
    found = read_again(shipped(), parted, standard())
    claims = [_claim(line, each, alone=len(found) == 1) for each in found]
    for said in impossible:  # each belongs to the claim that it stands in
        at = max((i for i, claim in enumerate(claims) if claim.start <= said.start), default=0)
        claims[at] = replace(claims[at], impossible=(*claims[at].impossible, said))
    return Reading(line, tuple(claims))


def drafts(line: str, today: date, context: Context = NOTHING) -> list[tuple[int, Draft]]:
    """The pieces of a line as the rules read each, with how strongly it is parted from the one before."""
    return _parted(line, today, context)[0]


def _parted(line: str, today: date, context: Context) -> tuple[list[tuple[int, Draft]], list[Said[Day]]]:
    """The drafts, and the days that no calendar has."""
    folded = fold(line[:LONGEST])
    row = units(line, folded)
    if not row:
        return [], []
    chinese = any(unit.cjk for unit in row)
    found = references(folded.text, folded.at, line)
    days = named_days(folded.text, today, day_first=context.day_first and not chinese)
    named = [each for each in days.named if not any(_meet(each, ref) for ref in found)]
    impossible = [
        Said(each.day, *folded.original(each.start, each.end), 1.0)
        for each in days.impossible
        if not any(_meet(each, ref) for ref in found)
    ]
    taken_spans = [folded.original(each.start, each.end) for each in named]
    taken_spans += [folded.original(each.start, each.end) for each in found]
    taken_spans += [folded.original(*each) for each in days.skipped]
    taken_spans += _places(line, context)
    taken = {i for i, unit in enumerate(row) if any(s < unit.end and unit.start < e for s, e in taken_spans)}
    gazetteer = for_house(context.words)
    whole = Line(
        text=line,
        row=row,
        today=today,
        context=context,
        gazetteer=gazetteer,
        days=[(each, *folded.original(each.start, each.end)) for each in named],
        references=[(each.reference, *folded.original(each.start, each.end)) for each in found],
        taken=taken,
        repeats=[folded.original(*each) for each in days.skipped],
    )
    within = frozenset(i for i, unit in enumerate(row) if any(s < unit.start < e for s, e in taken_spans))
    parts = pieces(row, gazetteer.matches(row, taken), taken, within)
    return [(piece.gap, draft(whole, piece)) for piece in parts], impossible


def _meet(named: Named | Impossible, found: Found) -> bool:
    return named.start < found.end and found.start < named.end


def _places(line: str, context: Context) -> list[tuple[int, int]]:
    spans = []
    for name in context.places:
        at = line.casefold().find(name.casefold()) if name else -1
        if at >= 0 and at + len(name) <= len(line):
            spans.append((at, at + len(name)))
    return spans


def _whole(line: str) -> tuple[int, int]:
    start = len(line) - len(line.lstrip())
    return start, max(start, len(line.rstrip()))


def _as_said(line: str) -> Claim:
    start, end = _whole(line)
    return Claim(
        line[start:end],
        start,
        end,
        Said("fact", start, end, 0.2),
        Said("other", start, end, 0.2),
        Said(0, start, end, 0.5),
        Said(True, start, end, 0.5),
    )


def _claim(line: str, made: Draft, *, alone: bool) -> Claim:
    start, end = _whole(line) if alone else (made.start, made.end)
    return Claim(
        line[start:end],
        start,
        end,
        made.kind,
        made.topic,
        made.polarity,
        made.standing,
        made.date,
        made.person,
        tuple(made.references),
        made.mood,
        made.value,
        made.sensitive,
    )


__all__ = ["Piece", "Unit", "read"]
