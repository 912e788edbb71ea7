"""What a word is likely to be about, by the known words that are used most like it.

Each word's twelve nearest among the words of the lists, by the cosine of their vectors, vote for what they are about; a word of the lists has
no vote about itself. English words by GloVe (Pennington, Socher & Manning, 2014; 6B tokens, 50 numbers a word; public domain) and, where the
lists or WordNet have them, as much by multilingual-e5-small (Wang et al., 2024; 384 numbers; MIT); Chinese words, the frequent ones of jieba's
list (MIT), by the latter.
"""

from __future__ import annotations

import io
from functools import cache
from importlib.resources import files

import numpy as np

LONGEST = 4
"""Characters of the longest Chinese word that is looked for where no list has one."""


@cache
def _votes(name: str) -> dict[str, tuple[str, str, str]]:
    data = files(__package__).joinpath("data", f"{name}.npz").read_bytes()
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        words = file["words"].tobytes().decode().split("\n")
        labels, of, sure = [str(each) for each in file["labels"]], file["of"].tolist(), file["sure"].tolist()
    names = {
        (number, much): (label, f"{label} {much // 4}", f"{label} {much // 4} {much % 4}")
        for number, label in enumerate(labels)
        for much in range(16)
    }
    return {word: names[a, b] for word, a, b in zip(words, of, sure, strict=True)}


def classes_of(word: str) -> tuple[str, ...]:
    """What a small English word (of a phrase the last) seems to be about, with how much of the vote and how near; nothing for an unknown one."""
    votes = _votes("alike")
    found = votes.get(word)
    if found is None and " " in word:
        return classes_of(word.rsplit(" ", 1)[1])
    if found is None and word.endswith("s"):
        found = votes.get(word[:-1])
    return found or ()


def classes_of_chinese(word: str) -> tuple[str, ...]:
    """The same of a Chinese word in simplified characters."""
    return _votes("alike_chinese").get(word, ())


def chinese_words(text: str) -> list[str]:
    """The words in a run of simplified characters that no list has, leftmost longest; what is no word is left out."""
    votes, found, at = _votes("alike_chinese"), [], 0
    while at < len(text) - 1:
        word = next(
            (
                text[at:end]
                for end in range(min(len(text), at + LONGEST), at + 1, -1)
                if text[at:end] in votes
            ),
            "",
        )
        if word:
            found.append(word)
        at += len(word) or 1
    return found
