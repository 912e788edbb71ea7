"""An ear: weights for one set of labels, which says of a message what it is and how sure that is.

It listens twice: to the words and their neighbours, of which every house has its own, and to what the message means (`engines.meaning`), where words
that were never met are known by those like them. The two are added, in the shares that tell most of messages held back.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..linear import hidden, learning
from ..linear.features import Floats, Ints, Message, lower, message, slots
from ..linear.hidden import Hidden
from ..meaning import shipped as meaning

BITS = 19
"""Slots of the table that features are hashed into: 2^19, half of them for words."""
FOLDS = 5
MEANT_FROM, MEANT_ABOVE = 200, 0.5
"""Of fewer messages, or where less of them is written in letters of the Latin alphabet, what they mean beside their words is not learned."""
_SHARES = np.linspace(0, 1, 21)
"""Of these the share of the meaning is chosen."""
_CALIBRATE_BELOW = 4_000
"""With more messages than this, a fifth of them held back tells as much of the temperature as five turns would."""


@dataclass(frozen=True)
class Guess:
    """The likeliest label, how likely it is (calibrated on messages that were not learned from), and the others behind it."""

    label: str
    probability: float
    others: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Ear:
    """What was learned. Arrays: `columns` (n,) sorted slots that count, `rare` (n,) their rarity, `weights` (n, labels)."""

    labels: tuple[str, ...]
    bits: int
    columns: Ints
    rare: Floats
    weights: Floats
    biases: Floats
    heat: float
    """By what scores are divided, so that chances come true as often as they say."""
    reading: int = 2
    """How messages are read: 1 as ears were learned at first, 2 with pairs of words, and runs of letters as loud as there are words."""
    meant: Hidden | None = None
    """What the meaning of a message says, already in its share."""

    def chances(self, text: str) -> NDArray[np.float64]:
        """A chance for each label; together one. A message of which nothing is known has the labels' shares."""
        at, strength, latin = _read(text, self.bits, self.reading)
        place = np.minimum(np.searchsorted(self.columns, at), max(len(self.columns) - 1, 0))
        known = self.columns[place] == at if len(self.columns) else np.zeros(len(at), bool)
        place, strength = place[known], strength[known]
        words = int(np.searchsorted(place, lower(self.columns, self.bits)))
        values = learning.measured(strength * self.rare[place], words, latin)
        scores = values @ self.weights[place] + self.biases
        if self.meant is not None:
            scores = scores + self.meant.scores(meaning().of(text)[None])[0]
        return learning.softmax(scores.astype(np.float64) / self.heat)

    def hear(self, text: str) -> Guess:
        """The likeliest label of a message."""
        chances = self.chances(text)
        order = np.argsort(-chances, kind="stable")
        ranked = tuple((self.labels[i], float(chances[i])) for i in order)
        return Guess(*ranked[0], ranked[1:])

    def to_bytes(self) -> bytes:
        """All of it as a compressed file: bytes for weights, a scale for each label. Read by `from_bytes`."""
        weights, scale = learning.bytes_of(self.weights)
        file = io.BytesIO()
        np.savez_compressed(
            file,
            labels=np.array(self.labels),
            bits=np.array(self.bits),
            gaps=np.diff(self.columns, prepend=0).astype(np.uint32),
            rare=self.rare.astype(np.float16),
            weights=weights,
            scale=scale,
            biases=self.biases,
            heat=np.array(self.heat),
            reading=np.array(self.reading),
            **({} if self.meant is None else self.meant.kept() | {"of": np.array(meaning().version)}),
        )
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Ear:
        """What `to_bytes` wrote, now or at first. Raises ValueError for anything else, and for an ear that listens to meanings of another
        version than those that come along; nothing in a file is ever run."""
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            first = "scale" not in file.files
            if "of" in file.files and str(file["of"]) != meaning().version:
                raise ValueError(
                    f"this ear listens to meanings of version {file['of']}, here are those of {meaning().version}: learn it anew"
                )
            return cls(
                tuple(str(label) for label in file["labels"]),
                int(file["bits"]),
                file["columns"].astype(np.int64) if first else np.cumsum(file["gaps"].astype(np.int64)),
                file["rare"].astype(np.float32),
                file["weights"].astype(np.float32) * (1 if first else file["scale"]),
                file["biases"],
                float(file["heat"]),
                1 if first else int(file["reading"]),
                Hidden.again(file) if "of" in file.files else None,
            )


def _read(text: str, bits: int, reading: int) -> Message:
    return message(text, bits) if reading > 1 else Message(*slots(text, bits, negation=True), 1.0)


def learn(
    texts: Sequence[str],
    labels: Sequence[str],
    *,
    bits: int = BITS,
    c: float = 20.0,
    steps: int = 60,
    least: int = 1,
) -> Ear:
    """An ear for the labels of these messages.

    `c` is the inverse of how strongly weights of words are held small; a slot counts that `least` messages hold. The temperature, and how much
    meaning counts beside words, are found on messages held back. Raises ValueError where there are fewer than two labels, or not a label for each message.
    """
    if len(texts) != len(labels):
        raise ValueError(f"{len(texts)} messages but {len(labels)} labels: give one for each")
    names = tuple(sorted(set(labels)))
    if len(names) < 2:
        raise ValueError("learning needs messages of at least two labels")
    numbers = {name: number for number, name in enumerate(names)}
    told = np.array([numbers[label] for label in labels])
    read = [message(text, bits) for text in texts]
    rows, latin = learning.batch_of(read), np.mean([each.latin for each in read])
    many = len(texts) >= MEANT_FROM and latin >= MEANT_ABOVE
    means = meaning().of_all(texts) if many else None
    how = _How(len(names), bits, c, steps, least)
    columns, rare, weights, biases = how.fitted(rows, told)
    share, heat = how.calibrated(rows, means, told)
    meant = hidden.learned(means, told, len(names)).quieter(share) if means is not None and share else None
    words = np.float32(1 - share)
    return Ear(names, bits, columns, rare, weights * words, biases * words, heat, meant=meant)


@dataclass(frozen=True)
class _How:
    outputs: int
    bits: int
    c: float
    steps: int
    least: int

    def fitted(self, rows: learning.Batch, told: Ints) -> tuple[Ints, Floats, Floats, Floats]:
        """Columns, rarity, weights and biases."""
        rare = learning.rarity(rows, self.bits)
        columns = np.flatnonzero(np.bincount(rows.columns, minlength=1 << self.bits) >= self.least)
        known = learning.kept(rows, columns)
        ready = learning.weighed(known, rare[columns], lower(columns, self.bits))
        tells = learning.telling(known, told, len(columns), self.outputs)
        ready = replace(ready, values=ready.values * tells[ready.columns])
        weights, biases = learning.fit(
            ready, told, columns=len(columns), outputs=self.outputs, c=self.c, steps=self.steps
        )
        return columns, rare[columns], weights * tells[:, None], biases

    def calibrated(self, rows: learning.Batch, means: Floats | None, told: Ints) -> tuple[float, float]:
        """The share of the meaning that tells most of messages held back (0 without `means`), and the temperature at which their chances come
        true; folds are drawn by a fixed order."""
        folds = np.arange(len(told)) * 7919 % 104_729 % FOLDS
        turns = range(FOLDS if len(told) <= _CALIBRATE_BELOW else 1)
        said, meant, right = [], [], []
        for turn in turns:
            rest, held = folds != turn, folds == turn
            if not held.any() or len(np.unique(told[rest])) < 2:
                continue
            columns, rare, weights, biases = self.fitted(learning.chosen(rows, rest), told[rest])
            held_back = learning.kept(learning.chosen(rows, held), columns)
            asked = learning.weighed(held_back, rare, lower(columns, self.bits))
            said.append(learning.scored(asked, weights) + biases)
            if means is not None:
                meant.append(hidden.learned(means[rest], told[rest], self.outputs).scores(means[held]))
            right.append(told[held])
        if not said:
            return 0.0, 1.0
        words, labels = np.concatenate(said).astype(np.float64), np.concatenate(right)
        if means is None:
            return 0.0, learning.temperature(words, labels)
        meanings, ways = np.concatenate(meant), []
        for share in _SHARES.tolist():
            scores = (1 - share) * words + share * meanings
            heat = learning.temperature(scores, labels)
            ways.append((learning.missed(scores / heat, labels), share, heat))
        _, share, heat = min(ways)
        return share, heat
