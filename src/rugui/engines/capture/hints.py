"""What the second reading is told of a note beside its letters: short words for what the lists found in it and the rules made of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import numpy as np

from ..hearing.features import U64, Stretches, stretches
from .gazetteer import Entry
from .look import Look
from .reading import Draft

_LOWER = 1
"""Hashes of hints are shifted by this, so that they stand among the words and not among the runs of letters."""
_STRENGTH = 2
"""A hint counts as so many equal words would: it stands for all of its kind."""


def hints_of(look: Look) -> list[str]:
    """What the lists found in one piece, and what its day and numbers are."""
    found = [*_of_things(look), *(f"act {act}" for _match, act in look.acts)]
    if look.act:
        found.append(f"lead {look.act}")
    for match in look.piece.matches:
        found += [f"{e.role} {e.value}" for e in match.entries if e.role not in {"thing", "act", "plain"}]
    start, end = look.start, look.end
    found += [f"number {ref.kind}" for ref, s, e in look.line.references if s < end and start < e]
    if look.days:
        found.append("day")
    if look.again or any(s < end and start < e for s, e in look.line.repeats):
        found.append("again")
    return found


def _of_things(look: Look) -> Iterator[str]:
    for place, (_match, entry) in enumerate(look.things):
        yield f"thing {entry.topic}"
        yield f"level {entry.topic} {_level(entry)}"
        if place == 0:
            yield f"first {entry.topic}"
            yield f"first {look.act} {entry.topic}"
        if place == len(look.things) - 1:
            yield f"last {entry.topic}"


def _level(entry: Entry) -> str:
    return "faint" if entry.faint else "way" if entry.way else str(entry.rank // 10)


def of_note(made: Draft) -> list[str]:
    """What is known of a whole note beside its words: its pieces' hints, and whose it is."""
    relation = made.person.value.relation if made.person else "none"
    return [*made.hints, f"person {relation}"]


def of_pair(last: Draft, made: Draft, gap: int) -> list[str]:
    """What speaks for or against two neighbours being one note."""
    one, two = _brief(last), _brief(made)
    found = [f"gap {gap}", *(f"last {a}" for a in one), *(f"made {b}" for b in two)]
    found += [f"pair {a} / {b}" for a in one for b in two]
    found += [f"made {hint}" for hint in made.hints]
    found += [f"last {hint}" for hint in last.hints]
    kinds, topics = made.kind.value == last.kind.value, made.topic.value == last.topic.value
    found.append(f"same {topics} {kinds} {last.polarity.value * made.polarity.value}")
    found.append(f"long {min((made.end - made.start) // 3, 6)}")
    return found


def _brief(made: Draft) -> list[str]:
    kind, topic = made.kind.value, made.topic.value
    nothing = " of nothing" if made.nothing else ""
    return [f"{kind}{nothing}", topic, f"{made.act} {made.polarity.value}", f"{kind} {topic}"]


@lru_cache(maxsize=20_000)
def _hash(hint: str) -> int:
    """FNV-1a, so that the same hint has the same place in every process."""
    value = 0xCBF29CE484222325
    for byte in f"hint {hint}".encode():
        value = (value ^ byte) * 0x100000001B3 % (1 << 64)
    value ^= value >> 29
    value = value * 0xFF51AFD7ED558CCD % (1 << 64)
    return value >> _LOWER


def described(text: str, hints: Sequence[str]) -> Stretches:
    """The stretches of a note's words and, after them, its hints, each as strong as `_STRENGTH` words."""
    said = stretches(text)
    return _with(said, hints)


def _with(said: Stretches, hints: Iterable[str]) -> Stretches:
    hashes: U64 = np.array([_hash(hint) for hint in hints for _ in range(_STRENGTH)], np.uint64)
    none = np.zeros(len(hashes), np.int64)
    return Stretches(
        np.concatenate((said.hashes, hashes)),
        np.concatenate((said.starts, none)),
        np.concatenate((said.ends, none)),
    )
