"""Words that say what a message is about whatever else it says: a short lexicon of ours, English and Chinese.

What is learned from a few thousand messages knows few words; a kind of words (`bad`, `late`, `kindly` …) that was met is known in
every other word of its kind. A word of praise or blame behind a negation is a kind of its own: 不乾淨, "wasn't friendly".
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from ahocorasick_rs import AhoCorasick, MatchKind

from ..linear.features import U64, Ints, Stretches, folded, parts
from ..linear.heads import Heads, Read

NEGATED = ("good", "bad", "kindly", "rude", "late", "prompt", "angry", "happy", "tired", "worried", "danger")
_REACH_HAN, _REACH_LATIN = 3, 14
"""Letters before a word in which a negation still turns it."""
_STRENGTH = 3
"""A cue counts as so many equal stretches would: it stands for all of its kind."""


class Cue(NamedTuple):
    """A kind of words (negated where its name begins with "not-"), and where in the text a word of it stands."""

    kind: str
    begins: int
    ends: int


class _Lexicon(NamedTuple):
    automaton: AhoCorasick
    kinds: tuple[str, ...]
    open: tuple[bool, ...]
    """Whether a word may go on."""


@cache
def _lexicon() -> _Lexicon:
    words: dict[str, tuple[str, bool]] = {}
    for line in files(__package__).joinpath("data", "cues.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, said = line.split(":", 1)
            for word in said.split("|"):
                told = folded(word.strip().removesuffix("*"))
                words.setdefault(told, (kind, word.endswith("*")))
    return _Lexicon(
        AhoCorasick(list(words), matchkind=MatchKind.LeftmostLongest),
        tuple(kind for kind, _ in words.values()),
        tuple(goes_on for _, goes_on in words.values()),
    )


def cues(text: str) -> list[Cue]:
    """The cues of a text, in its order; offsets are code points."""
    lexicon, read = _lexicon(), folded(text)
    found: list[Cue] = []
    turned = -1
    for index, begins, ends in lexicon.automaton.find_matches_as_indexes(read):
        latin = read[begins].isascii()
        if latin and not _whole(read, begins, ends, lexicon.open[index]):
            continue
        kind = lexicon.kinds[index]
        if kind == "not":
            turned = ends + (_REACH_LATIN if latin else _REACH_HAN)
        elif kind in NEGATED and begins <= turned:
            kind, turned = f"not-{kind}", -1
        found.append(Cue(kind, begins, ends))
    return found


def _whole(read: str, begins: int, ends: int, goes_on: bool) -> bool:
    if begins and _letter(read[begins - 1]):
        return False
    return goes_on or ends == len(read) or not _letter(read[ends])


def _letter(character: str) -> bool:
    return character.isascii() and character.isalnum()


@cache
def _hash(kind: str) -> int:
    """FNV-1a, so that the same kind has the same place in every process."""
    value = 0xCBF29CE484222325
    for byte in f"cue {kind}".encode():
        value = (value ^ byte) * 0x100000001B3 % (1 << 64)
    return value >> 1  # among the words


def cue_stretches(text: str) -> tuple[U64, Ints, Ints]:
    """Hashes, beginnings and ends of the cues, each as often as it counts."""
    found = [cue for cue in cues(text) for _ in range(_STRENGTH)]
    return (
        np.array([_hash(cue.kind) for cue in found], np.uint64),
        np.array([cue.begins for cue in found], np.int64),
        np.array([cue.ends for cue in found], np.int64),
    )


def described(text: str, reading: int = 1) -> Stretches:
    """Everything that describes a text: its stretches and its cues. From `reading` 2 on what stands behind a negation is other words; from 3
    on the edges of clauses are read."""
    said, _ = parts(text, negation=reading > 1, edges=reading > 2)
    cue: tuple[U64, Ints, Ints] = cue_stretches(text)
    return Stretches(*(np.concatenate(both) for both in zip(said, cue, strict=True)))


def read(heads: Heads, text: str) -> Read:
    """The slots of a text that `heads` know."""
    return heads.placed(described(text, heads.reading))
