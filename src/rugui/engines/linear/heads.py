"""Several questions asked of a message at once: its slots are found once, then one product answers all of them.

A question is yes or no (is it a complaint?), or one of several (which mood?). The weights of all lie in one table of bytes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from .features import Floats, Ints, Stretches, counted, lower, slots_of
from .learning import F64, bytes_of, measured

FORMAT = 1


class Head(NamedTuple):
    """A question. `labels` of one: yes or no, of one output; of several: which of them, an output each."""

    name: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Heads:
    """What was learned. `columns` (n,) sorted slots, `rare` (n,), `weights` (n, outputs), `biases`, `slopes` (outputs,)."""

    heads: tuple[Head, ...]
    version: str
    bits: int
    columns: Ints
    rare: Floats
    weights: Floats
    biases: Floats
    slopes: Floats
    """By what scores are multiplied before the biases are added, so that chances come true."""
    least: Floats = field(default_factory=lambda: np.zeros(0, np.float32))
    """(outputs,) or none: the chance from which an answer is said though others are likelier, for what must not be missed; 0: as any."""
    reading: int = 1
    """How texts were described when it was learned: a number that whoever describes them knows the meaning of."""
    spans: dict[str, slice] = field(init=False)
    several: tuple[slice, ...] = field(init=False)
    """Where the answers of each question stand that is one of several."""

    def __post_init__(self) -> None:
        at, spans = 0, {}
        for head in self.heads:
            spans[head.name] = slice(at, at + len(head.labels))
            at += len(head.labels)
        object.__setattr__(self, "spans", spans)
        object.__setattr__(
            self, "several", tuple(each for each in spans.values() if each.stop - each.start > 1)
        )

    def placed(self, said: Stretches) -> Read:
        """The known slots of what describes a text."""
        at = slots_of(said.hashes, self.bits)
        each, often = counted(at)
        place = self.columns.searchsorted(each)
        np.minimum(place, max(len(self.columns) - 1, 0), out=place)
        known = self.columns[place] == each if len(self.columns) else np.zeros(len(each), bool)
        values = np.where(known, (1 + np.log(often)) * self.rare[place], 0).astype(np.float32)
        values = measured(values, lower(each, self.bits))
        return Read(said, each, at, np.where(known, place, -1), values, often)

    def scores(self, read: Read) -> F64:
        """(outputs,): before chances are made of them."""
        known = read.place >= 0
        raw = read.values[known] @ self.weights[read.place[known]]
        return np.asarray(raw * self.slopes + self.biases, np.float64)

    def chances(self, scores: F64) -> F64:
        """A chance for each output: a yes-or-no by itself, several together one."""
        made: F64 = 1 / (1 + np.exp(-np.minimum(np.maximum(scores, -40), 40)))
        for span in self.several:
            grown = np.exp(scores[span] - scores[span].max())
            made[span] = grown / grown.sum()
        return made

    def to_bytes(self) -> bytes:
        """A compressed file: bytes for weights, a scale for each output. Read by `from_bytes`."""
        weights, scale = bytes_of(self.weights)
        file = io.BytesIO()
        np.savez_compressed(
            file,
            format=np.array(FORMAT),
            version=np.array(self.version),
            heads=np.array([head.name for head in self.heads]),
            labels=np.array(["|".join(head.labels) for head in self.heads]),
            bits=np.array(self.bits),
            gaps=np.diff(self.columns, prepend=0).astype(np.uint32),
            rare=self.rare.astype(np.float16),
            weights=weights,
            scale=scale,
            biases=self.biases.astype(np.float32),
            slopes=self.slopes.astype(np.float32),
            least=self.least.astype(np.float32),
            reading=np.array(self.reading),
        )
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Heads:
        """What `to_bytes` wrote. Raises ValueError for anything else; nothing in a file is ever run."""
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            if int(file["format"]) != FORMAT:
                raise ValueError(
                    f"these weights are of format {int(file['format'])}: format {FORMAT} is read"
                )
            names, labels = file["heads"], file["labels"]
            return cls(
                tuple(Head(str(a), tuple(str(b).split("|"))) for a, b in zip(names, labels, strict=True)),
                str(file["version"]),
                int(file["bits"]),
                np.cumsum(file["gaps"].astype(np.int64)),
                file["rare"].astype(np.float32),
                file["weights"].astype(np.float32) * file["scale"],
                file["biases"],
                file["slopes"],
                file["least"] if "least" in file.files else np.zeros(0, np.float32),
                int(file["reading"]) if "reading" in file.files else 1,
            )


class Read(NamedTuple):
    """A text's stretches, its slots, the slot of each stretch, where each slot stands in the table (-1: nowhere), how strong it is."""

    said: Stretches
    slots: Ints
    slot_of: Ints
    place: Ints
    values: Floats
    often: Ints


def outputs(heads: Sequence[Head]) -> int:
    """How many numbers answer the questions."""
    return sum(len(head.labels) for head in heads)
