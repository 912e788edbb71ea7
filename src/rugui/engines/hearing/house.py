"""What one house has set right: small changes to the weights that came with the program, made again from its list of corrections.

Each correction moves the weights of its own words just so far that its answer comes out as told, with some room (the passive-
aggressive update; Crammer et al. 2006), and all are gone over a few times, so that a later one does not undo an earlier. Of a topic of the
house an English correction moves the weights of what it means as far as those of its words: nobody else has taught the topic, and the next
message will say it otherwise.
Whoever withdraws a correction leaves it out of the list: what is then made is what would have been made without it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from ..linear.features import Floats, Ints, folded
from ..linear.heads import Heads, Read
from ..linear.learning import F64
from ..meaning import shipped as meaning
from . import cues

TURNS = 9
"""All corrections are gone over at most so many times, and no longer than any still moves."""
ROOM = 1.4
"""Log odds by which a corrected answer is right: a chance of four in five."""
TOPIC_ROOM = 2.6
"""The same for a topic of the house, of which nobody else has taught anything: one example must reach what is said a little differently."""
MEANT = 1.5
"""How loudly the meaning of a message speaks of the house's topics, beside its words, which have length one."""
STEP = 1.5
"""The most that one correction moves a score at a time, so that one slip does not turn everything over."""


UNNAMED, NAMED = -2.2, 3.3
"""Log odds of a topic of the house where none of its words stands (one in ten), and what one of them adds (to three in four)."""


class Topic(NamedTuple):
    """Something that one house listens for: a question of yes or no named `key`, and the words by which it begins to be known."""

    key: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """Of `text` the answer to `head` is `label`: for a yes-or-no (a topic's key too) "yes" or "no"."""

    text: str
    head: str
    label: str


@dataclass(frozen=True)
class House:
    """The changes of a house: `slots` (n,) sorted, `weights` (n, outputs of the program and then one for each topic)."""

    slots: Ints
    weights: Floats
    topics: tuple[Topic, ...] = ()
    meant: Floats = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    """(numbers of a meaning, topics) or none: what the meaning of a message says of each topic, beside its words."""

    def scores(self, read: Read) -> F64 | float:
        """(outputs,) to be added to those of the program's weights."""
        return self._moved(read)[: self.weights.shape[1] - len(self.topics)] if len(self.slots) else 0.0

    def topic_chances(self, text: str, read: Read) -> dict[str, float]:
        """For each topic of the house how likely the message is about it: by its words, and by what was corrected."""
        if not self.topics:
            return {}
        base = _by_words(text, self.topics)
        if len(self.slots):
            base += self._moved(read)[-len(self.topics) :]
        if len(self.meant):
            base += _meant(text) @ self.meant
        chances = 1 / (1 + np.exp(-base))
        return {topic.key: float(chance) for topic, chance in zip(self.topics, chances, strict=True)}

    def _moved(self, read: Read) -> F64:
        if not len(read.slots):
            return np.zeros(self.weights.shape[1])
        place = np.minimum(np.searchsorted(self.slots, read.slots), len(self.slots) - 1)
        known = self.slots[place] == read.slots
        return np.asarray(_own(read)[known] @ self.weights[place[known]], np.float64)


NOTHING = House(np.zeros(0, np.int64), np.zeros((0, 0), np.float32))


def _own(read: Read) -> Floats:
    """How strong each slot is here, words that the program does not know included; length one."""
    unknown = read.place < 0
    values = np.where(unknown, read.values.max(initial=0.1), read.values).astype(np.float32)
    length = float(np.sqrt(values @ values)) or 1.0
    return (values / length).astype(np.float32)


def _meant(text: str) -> Floats:
    return meaning().apart(text) * np.float32(MEANT)


def _by_words(text: str, topics: Sequence[Topic]) -> F64:
    """(topics,): log odds by the words of each."""
    read = folded(text)
    return np.array([UNNAMED + NAMED * any(_stands(word, read) for word in topic.words) for topic in topics])


def _stands(word: str, read: str) -> bool:
    """Whether a word stands in a folded text; a Latin one as a whole word, also with an s behind it."""
    said = folded(word.strip())
    if not said:
        return False
    if not said[0].isascii():
        return said in read
    return re.search(rf"(?<![a-z0-9]){re.escape(said)}s?(?![a-z0-9])", read) is not None


def corrected(heads: Heads, corrections: Sequence[Correction], topics: Sequence[Topic] = ()) -> House:
    """The changes that make every correction come out as told. Raises ValueError for a head or label that is not known."""
    if not corrections:
        return House(np.zeros(0, np.int64), np.zeros((0, 0), np.float32), tuple(topics))
    own_outputs = {topic.key: len(heads.slopes) + at for at, topic in enumerate(topics)}
    read = [cues.read(heads, each.text) for each in corrections]
    slots = np.unique(np.concatenate([each.slots for each in read]))
    weights = np.zeros((len(slots), len(heads.slopes) + len(topics)), np.float32)
    base = [
        np.concatenate((heads.scores(each), _by_words(correction.text, topics)))
        for each, correction in zip(read, corrections, strict=True)
    ]
    where = [np.searchsorted(slots, each.slots) for each in read]
    own = [_own(each) for each in read]
    taught = any(each.head in own_outputs for each in corrections)
    nothing = np.zeros(meaning().size if taught else 0, np.float32)
    means = [_meant(each.text) if each.head in own_outputs else nothing for each in corrections]
    meant = np.zeros((len(nothing), len(topics)), np.float32)
    for _ in range(TURNS):
        moved = False
        for number, correction in enumerate(corrections):
            scores = base[number] + own[number] @ weights[where[number]]
            if topics:
                scores[-len(topics) :] += means[number] @ meant
            # Words are of length one, a meaning is of length `MEANT` where there is one: each goes its part of the way.
            share = 1 / (1 + float(means[number] @ means[number]))
            for output, move in _moves(heads, own_outputs, correction, scores):
                weights[where[number], output] += move * share * own[number]
                if output >= len(heads.slopes):
                    meant[:, output - len(heads.slopes)] += move * share * means[number]
                moved = True
        if not moved:
            break
    return House(slots, weights, tuple(topics), meant if meant.any() else meant[:0])


def _moves(
    heads: Heads, topics: dict[str, int], correction: Correction, scores: F64
) -> list[tuple[int, float]]:
    """Which outputs are to move how far."""
    if (output := topics.get(correction.head)) is not None:
        return _yes_or_no(output, correction.label, scores, TOPIC_ROOM)
    head = next((each for each in heads.heads if each.name == correction.head), None)
    if head is None:
        raise ValueError(
            f"{correction.head!r} is not heard: one of {', '.join(each.name for each in heads.heads)}"
        )
    span = heads.spans[head.name]
    if len(head.labels) == 1:
        return _yes_or_no(span.start, correction.label, scores)
    if correction.label not in head.labels:
        raise ValueError(f"{correction.label!r} is no {head.name}: one of {', '.join(head.labels)}")
    right = span.start + head.labels.index(correction.label)
    others = [at for at in range(span.start, span.stop) if at != right]
    wrong = max(others, key=lambda at: scores[at])
    lacking = ROOM - (scores[right] - scores[wrong])
    half = min(STEP, lacking) / 2
    return [(right, half), (wrong, -half)] if lacking > 0 else []


def _yes_or_no(output: int, label: str, scores: F64, room: float = ROOM) -> list[tuple[int, float]]:
    if label not in ("yes", "no"):
        raise ValueError(f"{label!r} answers nothing: yes or no")
    sign = 1.0 if label == "yes" else -1.0
    lacking = room - sign * scores[output]
    return [(output, sign * min(STEP, lacking))] if lacking > 0 else []
