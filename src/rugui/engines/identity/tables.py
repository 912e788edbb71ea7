"""The tables that names are read by, loaded on first use."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from .surnames import SPELT_ABROAD

_INITIALS = tuple(each + "h" for each in "zcs") + tuple("bpmfdtnlgkhjqxrzcsyw")
_WADE_INITIALS = {
    "b": "p", "d": "t", "g": "k", "zh": "ch", "j": "ch", "q": "ch", "z": "ts", "c": "ts", "x": "hs", "r": "j",
}  # fmt: skip
"""Without the apostrophes of aspiration, which people leave out: so each spelling stands for several syllables."""
_WADE_WHOLE = {
    "zhi": "chih", "chi": "chih", "shi": "shih", "ri": "jih", "zi": "tzu", "ci": "tzu", "si": "ssu", "er": "erh",
    "yi": "i", "ye": "yeh", "yan": "yen", "yong": "yung", "gui": "kuei", "kui": "kuei", "ge": "ko", "ke": "ko",
    "he": "ho", "duo": "to", "tuo": "to", "nuo": "no", "luo": "lo", "zuo": "tso", "cuo": "tso", "suo": "so", "zhuo": "cho",
    "chuo": "cho", "ruo": "jo", "you": "yu", "dong": "tung", "guo": "kuo",
}  # fmt: skip
_WADE_MORE = {
    "si": ["szu", "sze"], "yi": ["yi"], "ge": ["ke"], "ke": ["ke"], "zi": ["tse"], "ci": ["tse"], "gui": ["kui"], "kui": ["kui"],
    "e": ["o"], "jian": ["chian"], "xian": ["hsian", "shien"], "zhi": ["chi"], "shi": ["shi"], "ye": ["ye"], "luo": ["luo"],
}  # fmt: skip


class Hanzi(NamedTuple):
    simple: dict[int, str]
    """For `str.translate`: traditional and variant characters to simplified ones."""
    readings: dict[str, tuple[str, ...]]
    """Toneless pinyin, the commonest first."""


@cache
def hanzi() -> Hanzi:
    simple: dict[int, str] = {}
    readings: dict[str, tuple[str, ...]] = {}
    for line in _lines("hanzi.tsv"):
        character, plain, read = line.split("\t")
        if plain:
            simple[ord(character)] = plain
        if read:
            readings[character] = tuple(read.split(" "))
    return Hanzi(simple, readings)


@cache
def syllables() -> frozenset[str]:
    """Every syllable of toneless pinyin, ü written u."""
    common = {read for reads in hanzi().readings.values() for read in reads[:1]}
    return frozenset(each for each in common if each[-1] in "aeioungr" and set(each) & set("aeiou"))


@cache
def wade_giles() -> dict[str, tuple[str, ...]]:
    """Pinyin syllable: its Wade-Giles spellings without apostrophes and marks, the regular one first."""
    return {each: tuple(dict.fromkeys([_wade(each), *_WADE_MORE.get(each, [])])) for each in syllables()}


@cache
def from_wade_giles() -> dict[str, tuple[str, ...]]:
    result: dict[str, list[str]] = defaultdict(list)
    for pinyin in sorted(wade_giles()):
        for spelt in wade_giles()[pinyin]:
            result[spelt].append(pinyin)
    return {spelt: tuple(pinyin) for spelt, pinyin in result.items()}


def split_syllable(syllable: str) -> tuple[str, str]:
    """(initial, final) of a pinyin syllable."""
    for initial in _INITIALS:
        if syllable.startswith(initial):
            return initial, syllable[len(initial) :]
    return "", syllable


def _wade(syllable: str) -> str:
    if syllable in _WADE_WHOLE:
        return _WADE_WHOLE[syllable]
    initial, final = split_syllable(syllable)
    if final.endswith("ong"):
        final = final[:-3] + "ung"
    elif final == "ian":
        final = "ien"
    elif final in {"ie", "ue"}:
        final += "h"
    elif final == "uo":
        final = "uo" if initial in {"h", "sh", "k", "g"} else "o"
    return _WADE_INITIALS.get(initial, initial) + final


@cache
def spelt_abroad() -> dict[str, frozenset[str]]:
    """Each spelling of a surname (pinyin included): the others that may mean the same."""
    result: dict[str, set[str]] = defaultdict(set)
    for pinyin, others in SPELT_ABROAD.items():
        for other in others.split():
            if other != pinyin:
                result[pinyin].add(other)
                result[other].add(pinyin)
    for pinyin, others in SPELT_ABROAD.items():  # chan and tan are both chen, and so each other
        family = set(others.split()) - {pinyin}
        for other in family:
            result[other] |= {each for each in family if each != other}
    return {spelling: frozenset(others) for spelling, others in result.items()}


@cache
def nicknames() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """(directly related: nickname and full name; related through one full name)."""
    full: dict[str, set[str]] = defaultdict(set)
    near: dict[str, set[str]] = defaultdict(set)
    far: dict[str, set[str]] = defaultdict(set)
    for line in _lines("nicknames.tsv"):
        name, short = line.split("\t")
        for nickname in short.split(" "):
            full[nickname].add(name)
            near[name].add(nickname)
            near[nickname].add(name)
    for nickname, names in full.items():
        for name in names:
            far[nickname] |= near[name] - near[nickname] - {nickname}
    return (
        {name: frozenset(others) for name, others in near.items()},
        {name: frozenset(others) for name, others in far.items()},
    )


def _lines(name: str) -> list[str]:
    text = files(__package__).joinpath("data", name).read_text("utf-8")
    return text.rstrip("\n").split("\n")
