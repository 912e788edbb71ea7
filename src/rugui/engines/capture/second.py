"""The second reading: what labelled lines teach of a line's notes, beside what the rules say of them.

Linear models over what `hints` tells of a note, of two neighbours, and of whose a note is. The rules' answers are among what they are
told, each with the weight it was found to deserve. How a line divides is decided for the whole line at once (`divided`).
"""

from __future__ import annotations

import io
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from zlib import crc32

import numpy as np

from ..linear.features import Floats, Ints
from ..linear.learning import F64, bytes_of, softmax
from .gazetteer import Gazetteer
from .hints import Opinion, described, of_carry, of_opinions, of_pair
from .join import apart, as_one, copied
from .reading import Draft, Said
from .units import HARD

BITS = 22
_POLARITY = {"-": -1, "0": 0, "+": 1}
_SIGNS = {number: sign for sign, number in _POLARITY.items()}
_OWN_TOPIC = {"mood": ("mood",), "language": ("language",), "address_as": ("name", "pronunciation")}
"""Kinds whose topic goes without saying."""
_ORDER = ("intimate", "health", "religion", "minors", "money")
LONGEST_NOTE = 6
"""Of so many pieces at most is one note made."""
MANY, OF_MANY = 20, 3
"""Where a line has more pieces than the first, of the second at most: nobody waits for a pasted text."""


@lru_cache(maxsize=60_000)
def slot(hint: str) -> int:
    """The same place in every process."""
    return crc32(hint.encode()) >> (32 - BITS)


def slots(hints: Sequence[str]) -> Ints:
    return np.unique(np.fromiter((slot(hint) for hint in hints), np.int64, len(hints)))


@dataclass(frozen=True)
class Table:
    """Questions asked of the same hints: for each its labels, and weights (columns, all labels) and biases (all labels,)."""

    questions: dict[str, tuple[str, ...]]
    columns: Ints
    weights: Floats
    biases: Floats

    def scores(self, hints: Sequence[str]) -> dict[str, F64]:
        """Log odds of each answer, up to what they have in common."""
        asked = slots(hints)
        place = np.minimum(np.searchsorted(self.columns, asked), len(self.columns) - 1)
        place = place[self.columns[place] == asked]
        made = (self.weights[place].sum(0) + self.biases).astype(np.float64)
        found, at = {}, 0
        for name, labels in self.questions.items():
            found[name] = made[at : at + len(labels)]
            at += len(labels)
        return found

    def packed(self, name: str) -> dict[str, np.ndarray]:
        """As arrays of bytes: a scale for each label."""
        weights, scale = bytes_of(self.weights)
        return {
            f"{name} questions": np.array(list(self.questions)),
            f"{name} labels": np.array(["|".join(labels) for labels in self.questions.values()]),
            f"{name} gaps": np.diff(self.columns, prepend=0).astype(np.uint32),
            f"{name} weights": weights,
            f"{name} scale": scale,
            f"{name} biases": self.biases.astype(np.float32),
        }

    @classmethod
    def unpacked(cls, name: str, file: dict[str, np.ndarray]) -> Table:
        labels = [tuple(str(each).split("|")) for each in file[f"{name} labels"]]
        return cls(
            dict(zip(map(str, file[f"{name} questions"]), labels, strict=True)),
            np.cumsum(file[f"{name} gaps"].astype(np.int64)),
            file[f"{name} weights"].astype(np.float32) * file[f"{name} scale"],
            file[f"{name} biases"],
        )


@dataclass(frozen=True)
class Second:
    """What was learned of notes, of neighbours, and of whom a note is about."""

    notes: Table
    pairs: Table
    carries: Table

    def to_bytes(self) -> bytes:
        file = io.BytesIO()
        parts: dict[str, np.ndarray] = {}
        for name in ("notes", "pairs", "carries"):
            parts |= getattr(self, name).packed(name)
        np.savez_compressed(file, **parts)  # type: ignore[arg-type]
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Second:
        """What `to_bytes` wrote. Raises ValueError for anything else; nothing in a file is ever run."""
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            parts = dict(file)
        return cls(*(Table.unpacked(name, parts) for name in ("notes", "pairs", "carries")))


def spans(drafts: Sequence[tuple[int, Draft]]) -> dict[tuple[int, int], Draft]:
    """Every run of pieces (first, end) that may be a note, as the rules read it when they must take it for one."""
    made: dict[tuple[int, int], Draft] = {}
    longest = LONGEST_NOTE if len(drafts) <= MANY else OF_MANY
    for first, (_gap, draft) in enumerate(drafts):
        made[first, first + 1] = draft
        for end in range(first + 2, min(len(drafts), first + longest) + 1):
            gap, added = drafts[end - 1]
            made[first, end] = as_one(made[first, end - 1], added, gap)[0]
    return made


def neighbours(alone: Sequence[Draft], first: int, end: int) -> tuple[Draft | None, Draft | None]:
    """The pieces that stand before and after a run of pieces."""
    return alone[first - 1] if first else None, alone[end] if end < len(alone) else None


def carries(last: Draft, gap: int) -> bool:
    """Whether a note may speak of whom the one before spoke of."""
    return last.person is not None and gap < HARD


Scores = dict[str, F64]


def read_again(second: Second, drafts: Sequence[tuple[int, Draft]], gazetteer: Gazetteer) -> list[Draft]:
    """The notes of a line: how its pieces divide into them, and each read with what was learned."""
    every, alone = spans(drafts), [made for _, made in drafts]
    scores = {
        span: second.notes.scores(described(made, *neighbours(alone, *span))) for span, made in every.items()
    }
    cuts = divided(second, drafts, every, {span: opinion(second, each) for span, each in scores.items()})
    found: list[Draft] = []
    for first, end in pairwise(cuts):
        made = copied(every[first, end])
        if found:
            _follow(second, found[-1], made, drafts[first][0])
        found.append(made)
    for made, span in zip(found, pairwise(cuts), strict=True):
        Again(second.notes.questions, scores[span]).look(made, gazetteer)
    return found


def opinion(second: Second, scores: Scores) -> Opinion:
    """What is likeliest of a note."""
    kinds, topics = softmax(scores["kind"]), softmax(scores["topic"])
    kind, topic = int(kinds.argmax()), int(topics.argmax())
    return (
        second.notes.questions["kind"][kind],
        float(kinds[kind]),
        second.notes.questions["topic"][topic],
        float(topics[topic]),
    )


def divided(
    second: Second,
    drafts: Sequence[tuple[int, Draft]],
    every: dict[tuple[int, int], Draft],
    thought: dict[tuple[int, int], Opinion],
) -> list[int]:
    """Where notes begin, and the end: of all ways to divide the line the likeliest (Viterbi over where the last note began)."""
    many = len(drafts)
    best: dict[tuple[int, int], tuple[float, list[int]]] = {(0, 1): (0.0, [0])}
    for at in range(1, many):
        gap = drafts[at][0]
        after = drafts[at + 1][1] if at + 1 < many else None
        parts: list[tuple[float, list[int]]] = []
        for first in range(max(0, at - LONGEST_NOTE), at):
            if (first, at) not in best:
                continue
            value, way = best[first, at]
            hints = paired(every, thought, first, at, gap, (at, many), after)
            chances = np.log(softmax(second.pairs.scores(hints)["one"]))
            parts.append((value + float(chances[0]), [*way, at]))
            if (first, at + 1) in every:
                best[first, at + 1] = (value + float(chances[1]), way)
        best[at, at + 1] = max(parts, key=lambda each: each[0])
    return [*max((best[key] for key in best if key[1] == many), key=lambda each: each[0])[1], many]


def paired(
    every: dict[tuple[int, int], Draft],
    thought: dict[tuple[int, int], Opinion],
    first: int,
    at: int,
    gap: int,
    place: tuple[int, int],
    after: Draft | None,
) -> list[str]:
    """What is told of the note of pieces `first` to `at` and the piece `at`."""
    last, made = every[first, at], every[at, at + 1]
    hints = of_pair(last, made, gap, as_one(last, made, gap)[1], place, after)
    if (first, at + 1) not in thought:
        return hints
    return hints + of_opinions(thought[first, at], thought[at, at + 1], thought[first, at + 1])


def _follow(second: Second, last: Draft, made: Draft, gap: int) -> None:
    """What a note has of the one before: above all, whom it speaks of."""
    named = made.person is not None
    apart(last, made, gap)
    if named or not carries(last, gap) or last.person is None:
        return
    rule = made.person is not None
    chances = softmax(second.carries.scores(of_carry(last, made, gap, rule))["carry"])
    still = bool(chances[1] > chances[0])
    if rule and not still:
        made.person = None
        if made.sensitive is not None and made.sensitive.value == "minors":
            made.sensitive = None
    elif still:
        made.person = Said(last.person.value, last.person.start, last.person.end, _within(float(chances[1])))
        if made.sensitive is None and last.sensitive is not None and last.sensitive.value == "minors":
            made.sensitive = last.sensitive


@dataclass(frozen=True)
class Again:
    """A note looked at again, with the scores of its answers."""

    questions: dict[str, tuple[str, ...]]
    scores: Scores

    def look(self, made: Draft, gazetteer: Gazetteer) -> None:
        before, known = made.topic.value, not made.nothing
        if not _kept(made):
            self._kind(made)
            self._topic(made, gazetteer)
        self._standing(made)
        self._day(made)
        if not known:  # no list knew a word of it: a guess, however likely it looks
            made.kind, made.topic = _unsure(made.kind), _unsure(made.topic)
        _consent(made, before, gazetteer)

    def _chances(self, name: str, never: Set[str] = frozenset()) -> dict[str, float]:
        labels, scores = self.questions[name], self.scores[name].copy()
        for place, label in enumerate(labels):
            if label in never:
                scores[place] = -1e9
        return dict(zip(labels, softmax(scores).tolist(), strict=True))

    def _kind(self, made: Draft) -> None:
        never = {
            label
            for label in self.questions["kind"]
            if label.split()[0] in _SAID_BY_RULES and label.split()[0] != made.kind.value
        }
        chances = self._chances("kind", never)
        best = max(chances, key=chances.__getitem__)
        kind, sign = best.split()
        alike = sum(chance for label, chance in chances.items() if label.split()[0] == kind)
        rule = made.kind
        made.kind = Said(kind, rule.start, rule.end, _within(alike))
        made.polarity = Said(
            _POLARITY[sign], made.polarity.start, made.polarity.end, _within(chances[best] / alike)
        )
        if kind != rule.value:
            made.value = made.value if kind in _SAID_BY_RULES else None
            made.mood = self._mood(made) if kind == "mood" else None

    def _mood(self, made: Draft) -> Said[str]:
        chances = self._chances("mood")
        best = max(chances, key=chances.__getitem__)
        return Said(best, made.start, made.end, _within(chances[best]))

    def _topic(self, made: Draft, gazetteer: Gazetteer) -> None:
        own = _OWN_TOPIC.get(made.kind.value)
        if own is not None:
            if made.topic.value not in own:
                made.topic = Said(own[0], made.start, made.end, made.kind.confidence)
            return
        if any(hint == f"level {made.topic.value} 9" for hint in made.hints):
            return  # a word of the house's own
        chances = self._chances("topic", {"mood"})
        best = max(chances, key=chances.__getitem__)
        private = bool(gazetteer.topics[best].sensitive) and best != made.topic.value
        if chances[best] < (_PRIVATE if private else _GUESSED if made.nothing else 0.0):
            best = made.topic.value  # a guess in the dark, and not one to ask anybody's consent for
        made.topic = Said(best, made.topic.start, made.topic.end, _within(chances.get(best, 0.2)))

    def _standing(self, made: Draft) -> None:
        if made.kind.value in {"mood", "goal", "address_as", "language"}:
            stands = made.kind.value in {"address_as", "language"}
            made.standing = Said(stands, made.standing.start, made.standing.end, made.standing.confidence)
            return
        chances = self._chances("standing")
        best = max(chances, key=chances.__getitem__)
        made.standing = Said(
            best == "standing", made.standing.start, made.standing.end, _within(chances[best])
        )

    def _day(self, made: Draft) -> None:
        """Whether the day that is named in it goes with the note: in one about a day it does."""
        if made.may is None:
            return
        chances = {"no": 0.0, "yes": 1.0} if made.kind.value == "date" else self._chances("day")
        made.date = None
        if chances["yes"] > chances["no"]:
            said = made.may[made.topic.value in {"birthday", "anniversary"}]
            sure = min(said.confidence, _within(chances["yes"]))
            made.date = Said(said.value, said.start, said.end, sure)


_SAID_BY_RULES = frozenset({"address_as", "language"})
"""Kinds that only the rules may find: they have a value that must be read from the words."""


_PRIVATE, _GUESSED = 0.5, 0.3
"""How sure it must be of a topic that needs consent where the rules saw none, and of any topic where no list knew a word."""


def _kept(made: Draft) -> bool:
    """What must not be lost, however a line is put: an allergy that the lists know by its name."""
    return made.topic.value == "allergy" and made.kind.value == "need" and made.act == "allergic"


def _within(chance: float) -> float:
    return min(0.98, max(0.05, chance))


def _unsure(said: Said[str]) -> Said[str]:
    return Said(said.value, said.start, said.end, min(said.confidence, 0.45))


def _consent(made: Draft, before: str, gazetteer: Gazetteer) -> None:
    """What must be asked about goes with the topic, when the topic was put right."""
    topic, kept = made.topic.value, made.sensitive
    if topic == before:
        return
    was, now = gazetteer.topics[before].sensitive, gazetteer.topics[topic].sensitive
    if kept is not None and kept.value == was and was:
        kept = None
    if now and (kept is None or _ORDER.index(now) < _ORDER.index(kept.value)):
        kept = Said(now, made.start, made.end, made.topic.confidence)
    made.sensitive = kept


@cache
def shipped() -> Second:
    """What comes with the program; read once, where the first line is."""
    return Second.from_bytes(files(__package__).joinpath("data", "second.npz").read_bytes())
