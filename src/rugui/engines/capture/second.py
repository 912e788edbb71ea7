"""The second reading: what labelled lines teach of a note's words, beside what the rules say of it.

Linear models over hashed words, letters and what the lists found (`hints`) give each answer a chance; what the rules answered counts
as much more as it was found to deserve on lines that neither had seen (benchmarks/train_capture.py).
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from ..hearing.heads import Heads
from ..hearing.learning import F64, softmax
from .gazetteer import Gazetteer
from .hints import described, of_note, of_pair
from .reading import Draft, Said

_POLARITY = {"-": -1, "0": 0, "+": 1}
_SIGNS = {number: sign for sign, number in _POLARITY.items()}
_OWN_TOPIC = {"mood": ("mood",), "language": ("language",), "address_as": ("name", "pronunciation")}
"""Kinds whose topic goes without saying."""
_ORDER = ("intimate", "health", "religion", "minors", "money")


@dataclass(frozen=True)
class Second:
    """What was learned of notes and of neighbours, and by how much the rules' own answers count more (log odds)."""

    notes: Heads
    pairs: Heads
    trust: dict[str, float]

    def to_bytes(self) -> bytes:
        file = io.BytesIO()
        np.savez_compressed(
            file,
            notes=np.frombuffer(self.notes.to_bytes(), np.uint8),
            pairs=np.frombuffer(self.pairs.to_bytes(), np.uint8),
            names=np.array(list(self.trust)),
            trust=np.array(list(self.trust.values()), np.float32),
        )
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Second:
        """What `to_bytes` wrote. Raises ValueError for anything else; nothing in a file is ever run."""
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            trust = {str(a): float(b) for a, b in zip(file["names"], file["trust"], strict=True)}
            return cls(
                Heads.from_bytes(file["notes"].tobytes()), Heads.from_bytes(file["pairs"].tobytes()), trust
            )

    def judge(self, last: Draft, made: Draft, gap: int, one: bool) -> bool:
        """Whether two neighbours are one note; the rules think `one`."""
        read = self.pairs.placed(described(made.words, of_pair(last, made, gap)))
        scores = self.pairs.scores(read)
        scores[int(one)] += self.trust[f"one {int(one)}"]
        return bool(scores[1] > scores[0])

    def look_again(self, made: Draft, gazetteer: Gazetteer) -> None:
        """The note, read with both."""
        scores = self.notes.scores(self.notes.placed(described(made.words, of_note(made))))
        before, known = made.topic.value, not made.nothing
        self._kind(made, scores)
        self._topic(made, scores)
        self._standing(made, scores)
        if not known:  # no list knew a word of it: a guess, however likely it looks
            made.kind, made.topic = _unsure(made.kind), _unsure(made.topic)
        _consent(made, before, gazetteer)

    def _chances(self, name: str, scores: F64, rule: str, trust: str, never: set[str]) -> dict[str, float]:
        head = next(each for each in self.notes.heads if each.name == name)
        counted = scores[self.notes.spans[name]].copy()
        for place, label in enumerate(head.labels):
            if label == rule:
                counted[place] += self.trust.get(trust, 0.0)
            elif label in never:
                counted[place] = -1e9
        return dict(zip(head.labels, softmax(counted).tolist(), strict=True))

    def _kind(self, made: Draft, scores: F64) -> None:
        rule = f"{made.kind.value} {_SIGNS[made.polarity.value]}"
        head = next(each for each in self.notes.heads if each.name == "kind")
        never = {each for each in head.labels if each.split()[0] in {"address_as", "language"}}
        chances = self._chances("kind", scores, rule, f"kind {rule}", never)
        if rule not in chances:
            return
        best = max(chances, key=chances.__getitem__)
        kind, sign = best.split()
        alike = sum(chance for label, chance in chances.items() if label.split()[0] == kind)
        sure = made.kind
        made.kind = Said(kind, sure.start, sure.end, _within(alike))
        made.polarity = Said(
            _POLARITY[sign], made.polarity.start, made.polarity.end, _within(chances[best] / alike)
        )
        if kind != sure.value:
            made.value = made.value if kind in {"address_as", "language"} else None
            made.mood = self._mood(made, scores) if kind == "mood" else None

    def _mood(self, made: Draft, scores: F64) -> Said[str]:
        chances = self._chances("mood", scores, "", "", set())
        best = max(chances, key=chances.__getitem__)
        return Said(best, made.start, made.end, _within(chances[best]))

    def _topic(self, made: Draft, scores: F64) -> None:
        rule = made.topic.value
        head = next(each for each in self.notes.heads if each.name == "topic")
        own = _OWN_TOPIC.get(made.kind.value)
        if own is not None:
            if rule not in own:
                made.topic = Said(own[0], made.start, made.end, made.kind.confidence)
            return
        never = {"mood"} & set(head.labels)
        trust = f"topic sure {int(made.topic.confidence * 10)}"
        chances = self._chances("topic", scores, "" if rule == "mood" else rule, trust, never)
        best = max(chances, key=chances.__getitem__)
        if rule not in chances and rule != "mood" and chances[best] < _ALONE:
            return
        made.topic = Said(best, made.topic.start, made.topic.end, _within(chances[best]))

    def _standing(self, made: Draft, scores: F64) -> None:
        if made.kind.value in {"mood", "goal", "address_as", "language"}:
            stands = made.kind.value in {"address_as", "language"}
            made.standing = Said(stands, made.standing.start, made.standing.end, made.standing.confidence)
            return
        rule = "standing" if made.standing.value else "passing"
        chances = self._chances("standing", scores, rule, f"standing {rule}", set())
        best = max(chances, key=chances.__getitem__)
        made.standing = Said(
            best == "standing", made.standing.start, made.standing.end, _within(chances[best])
        )


_ALONE = 0.6
"""How sure it must be against a topic that no labelled line has."""


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
