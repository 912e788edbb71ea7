"""Words that follow each other, by what they look like or, roughly, by their part of speech.

There is no tagger here: a part of speech is told from short lists of English function words and from endings, which is right
for most function words and a guess for the rest. Marks that rest on it say so by their certainty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .rules import Step

_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*|\d[\d.,]*|[^\sA-Za-z\d]")
_LISTS = {
    "DT": "a an the this that these those each every either neither some any no all both",
    "IN": "of in on at by for with from into about over under after before between through during without within if because "
    "although while since until unless than as like",
    "PRP": "i you he she it we they me him her us them myself yourself himself herself itself ourselves themselves",
    "PRP$": "my your his its our their her",
    "MD": "can could may might must shall should will would cannot",
    "CC": "and or but nor yet so",
    "TO": "to",
    "CD": "one two three four five six seven eight nine ten eleven twelve hundred thousand",
    "WDT": "which that whichever",
    "WP": "who whom what",
    "WRB": "how when where why",
    "EX": "there",
    "RB": "not never very too also just only even still already always often soon here now then quite rather really n't",
    "VBZ": "is has does",
    "VBP": "am are have do",
    "VBD": "was were had did",
    "VB": "be",
    "VBG": "being having doing",
    "VBN": "been",
    "UH": "oh yes hello hi please",
}
_KNOWN: dict[str, set[str]] = {}
for _tag, _words in _LISTS.items():
    for _word in _words.split():
        _KNOWN.setdefault(_word, set()).add(_tag)
_ENDINGS = (
    (re.compile(r"ly$"), {"RB"}),
    (re.compile(r"ing$"), {"VBG", "NN"}),
    (re.compile(r"ed$"), {"VBD", "VBN"}),
    (re.compile(r"(?:ous|ful|ive|able|ible|al|ic|less|ish)$"), {"JJ"}),
    (re.compile(r"(?:ness|ment|tion|sion|ity|ance|ence|ship|hood)$"), {"NN"}),
    (re.compile(r"[^s]s$"), {"NNS", "VBZ"}),
)


def tags(word: str, *, first: bool) -> set[str]:
    """Parts of speech (Penn Treebank's names) that an English word may be."""
    lower = word.lower()
    if lower in _KNOWN:
        return _KNOWN[lower]
    if word[0].isdigit():
        return {"CD"}
    if not word[0].isalpha():
        return {word, "SYM"}
    if word[0].isupper() and not first:
        return {"NNP"}
    for ending, found in _ENDINGS:
        if ending.search(lower):
            return found
    return {"NN", "VB", "VBP", "JJ"}


def sequences(steps: Sequence[Step], plain: str) -> Iterator[tuple[int, int]]:
    """(begins, ends) of each run of words that the steps describe."""
    words = list(_WORD.finditer(plain))
    at = 0
    while at < len(words):
        if end := _run(steps, words, at):
            yield words[at].start(), words[end - 1].end()
            at = end
        else:
            at += 1


def _run(steps: Sequence[Step], words: Sequence[re.Match[str]], at: int) -> int:
    """The word behind the run that begins at word `at`; 0 for none."""
    start = at
    for number, step in enumerate(steps):
        reach = range(at, min(len(words), at + 1 + (step.skip if number else 0)))
        found = next((each for each in reach if _is(step, words[each], first=each == 0)), None)
        if found is None:
            return 0
        at = found + 1
    return at if at > start else 0


def _is(step: Step, word: re.Match[str], *, first: bool) -> bool:
    fits = step.pattern is None or step.pattern.compiled().fullmatch(word[0]) is not None
    if fits and step.tags:
        fits = bool(step.tags & tags(word[0], first=first))
    return fits != step.negate
