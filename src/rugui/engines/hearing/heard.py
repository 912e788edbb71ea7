"""One message, heard: what its writer does, what it is about, how they feel, how soon it matters, and what it names.

Every answer says how sure it is and which words it rests on; where the chances lie too close together nothing is said (`unsure`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache
from importlib.resources import files

import numpy as np

from ..linear.heads import Head, Heads, Read
from ..linear.learning import F64
from . import cues, found
from .found import Found, Word
from .house import NOTHING, House
from .tongue import Tongue, tongue

ACTS = ("complaint", "request", "praise", "question", "tells")
ELEMENTS = ("product", "people", "time", "problem_solving")
YES, NO = 0.65, 0.35
"""A yes-or-no between these is left open."""
ONE_OF = {"opinion": 0.65, "mood": 0.5, "urgency": 0.5}
"""The least chance with which one of several is said."""
REASONS = 3
"""Stretches of the text that an answer names."""
_LEAST_SHARE = 0.12
DAY_ENDS = time(18)


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, its chance, and the stretches (code points) that speak most for it, the strongest first."""

    label: str
    chance: float
    because: tuple[tuple[int, int], ...] = ()
    weighty: bool = False
    """Said on less than others, because to miss it costs more (`Heads.least`): of urgency "now", of mood "grieving"."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard. `opinion`, `mood` and `urgency` are None where it is not sure enough; `unsure` names every question left open."""

    tongue: Tongue
    acts: tuple[Said, ...]
    elements: tuple[Said, ...]
    opinion: Said | None
    mood: Said | None
    urgency: Said | None
    found: tuple[Found, ...]
    unsure: tuple[str, ...]
    chances: dict[str, float]
    """Of every answer, by `head` or `head.label`; of the house's topics by their keys."""
    topics: tuple[Said, ...] = ()
    """Those of the house that it is about."""

    def act(self, name: str) -> Said | None:
        """The act of that name, if it was heard."""
        return next((each for each in self.acts if each.label == name), None)


@cache
def shipped() -> Heads:
    """What comes with the program."""
    return Heads.from_bytes(files(__package__).joinpath("data", "ear.npz").read_bytes())


def hear(
    text: str,
    *,
    now: datetime | None = None,
    words: Sequence[Word] = (),
    house: House = NOTHING,
    heads: Heads | None = None,
    reasons: bool = True,
) -> Heard:
    """What `text` says. `now` is when it came, in the place's time: without it no days and hours are read. `words`: names of the house.

    Without `reasons` no answer names the words that it rests on, which takes half the time.
    """
    ear = heads or shipped()
    read = cues.read(ear, text)
    scores = ear.scores(read) + house.scores(read)
    chances = ear.chances(scores)
    told = _Told(ear, read, chances.tolist(), reasons)
    unsure: list[str] = []
    yes = {name: told.yes(name, unsure) for name in (*ACTS, *ELEMENTS)}
    acts, elements = (
        tuple(sorted((one for name in names if (one := yes[name])), key=lambda one: -one.chance))
        for names in (ACTS, ELEMENTS)
    )
    opinion, mood, urgency = (told.one_of(name, unsure) for name in ONE_OF)
    topics = house.topic_chances(text, read)
    return Heard(
        tongue(text),
        acts,
        elements,
        opinion,
        mood,
        urgency,
        _named(text, now, words),
        tuple(unsure),
        told.all() | topics,
        tuple(Said(key, chance) for key, chance in topics.items() if chance >= YES),
    )


def _named(text: str, now: datetime | None, words: Sequence[Word]) -> tuple[Found, ...]:
    made = [*found.amounts(text), *found.names(text, words)]
    if now is not None:
        made += [*found.days(text, now.date()), *found.moments(text, now, DAY_ENDS)]
    return tuple(sorted(made, key=lambda each: (each.begins, each.ends)))


@dataclass(frozen=True)
class _Told:
    """The chances are a list: of a handful of numbers Python finds the greatest sooner than an array does."""

    ear: Heads
    read: Read
    chances: list[float]
    reasons: bool

    def head(self, name: str) -> Head:
        return next(each for each in self.ear.heads if each.name == name)

    def yes(self, name: str, unsure: list[str]) -> Said | None:
        output = self.ear.spans[name].start
        chance = self.chances[output]
        if NO < chance < YES:
            unsure.append(name)
        return Said(name, chance, self.because(output)) if chance >= YES else None

    def one_of(self, name: str, unsure: list[str]) -> Said | None:
        span = self.ear.spans[name]
        weighty = self.weighty(span)
        best = max(range(span.start, span.stop), key=self.chances.__getitem__) if weighty is None else weighty
        chance = self.chances[best]
        if chance < ONE_OF[name] and weighty is None:
            unsure.append(name)
            return None
        label = self.head(name).labels[best - span.start]
        return Said(label, chance, self.because(best), weighty is not None)

    def weighty(self, span: slice) -> int | None:
        """The output among these that must not be missed and is likely enough for that; of several the furthest above its least."""
        if not len(self.ear.least):
            return None
        least = self.ear.least[span].tolist()
        over = [
            (chance - floor, -at)
            for at, (chance, floor) in enumerate(zip(self.chances[span], least, strict=True))
            if chance >= floor > 0
        ]
        return span.start - max(over)[1] if over else None

    def because(self, output: int) -> tuple[tuple[int, int], ...]:
        """Of what each stretch adds to the score, spread over its letters, the runs of letters that add most."""
        if not self.reasons:
            return ()
        known = self.read.place >= 0
        each = np.zeros(len(self.read.slots))
        each[known] = (
            self.read.values[known]
            * self.ear.weights[self.read.place[known], output]
            / self.read.often[known]
        )
        added = each[np.searchsorted(self.read.slots, self.read.slot_of)]
        said = self.read.said
        if not len(added) or added.max() <= 0:
            return ()
        length = int(said.ends.max()) + 1
        share = added / np.maximum(said.ends - said.starts, 1)
        change = np.bincount(said.starts, share, length) - np.bincount(said.ends, share, length)
        return _peaks(np.cumsum(change)[:-1])

    def all(self) -> dict[str, float]:
        made = {}
        for head in self.ear.heads:
            span = self.ear.spans[head.name]
            if len(head.labels) == 1:
                made[head.name] = self.chances[span.start]
            else:
                for label, chance in zip(head.labels, self.chances[span], strict=True):
                    made[f"{head.name}.{label}"] = chance
        return made


def _peaks(weight: F64) -> tuple[tuple[int, int], ...]:
    """Runs of letters above a third of the highest, the weightiest first."""
    high = weight > weight.max() / 3
    edges = np.flatnonzero(np.diff(np.concatenate(([0], high.view(np.int8), [0]))))
    runs = [(float(weight[a:b].sum()), int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    total = sum(run[0] for run in runs) or 1.0
    runs = sorted((run for run in runs if run[0] / total >= _LEAST_SHARE), reverse=True)[:REASONS]
    return tuple((a, b) for _, a, b in runs)
