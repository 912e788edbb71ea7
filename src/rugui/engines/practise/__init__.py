"""A customer who is played by rules, and a score for how a learner put it right (docs/engines/practise.md).

What the learner writes is read for moves: sorry, listening, asking what would help, what will be done and by when, something
beyond it, staying in touch; and for what makes it worse. The customer's anger goes up and down with them, and what they
answer follows from it, the same every time.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from .moves import GOOD, WORSE, Moves, read

__all__ = [
    "GOOD",
    "WORSE",
    "Moves",
    "Scenario",
    "Score",
    "State",
    "Told",
    "answer",
    "read",
    "scenarios",
    "score",
]

LEAVES = 6
"""So angry they go."""
MOST_TURNS = 10
STEPS = ("apologise", "review", "fix", "delight", "document", "share", "follow_up")
EACH = 10
"""Points for a step; thirty more are for not making it worse."""
CONDUCT = 30
FAULT = 6


@dataclass(frozen=True, slots=True)
class Told:
    """A scenario in one language."""

    title: str
    name: str
    opening: str
    detail: str
    """What happened, told to whoever asks."""
    wanted: str
    """What would make it right, told to whoever asks that."""


@dataclass(frozen=True, slots=True)
class Scenario:
    id: str
    trade: str
    injustice: str
    """What calms them most: outcome, process or treatment."""
    anger: int
    told: Mapping[str, Told]


@dataclass(frozen=True, slots=True)
class State:
    """Where the talk stands after some turns."""

    anger: int
    turns: int = 0
    done: frozenset[str] = frozenset()
    """Good moves that were made, each counted once."""
    faults: int = 0
    over: str = ""
    """Empty while they talk; then settled, delighted or left."""


@dataclass(frozen=True, slots=True)
class Score:
    points: int
    """Of a hundred."""
    steps: Mapping[str, bool]
    conduct: int


@cache
def _book() -> dict[str, object]:
    return tomllib.loads(files(__package__).joinpath("scenarios.toml").read_text("utf-8"))


@cache
def scenarios() -> dict[str, Scenario]:
    """All of them by their name."""
    rows: Sequence[Mapping[str, object]] = _book()["scenario"]  # type: ignore[assignment]
    return {
        str(row["id"]): Scenario(
            str(row["id"]),
            str(row["trade"]),
            str(row["injustice"]),
            int(row["anger"]),  # type: ignore[call-overload]
            {code: Told(**row[code]) for code in ("en", "zh-hant", "zh-hans")},  # type: ignore[arg-type]
        )
        for row in rows
    }


def begin(scenario: Scenario) -> State:
    """Before the learner has said anything."""
    return State(scenario.anger)


def answer(scenario: Scenario, language: str, state: State, moves: Moves) -> tuple[State, str]:
    """How the customer takes what was said, and what they answer."""
    new = _felt(scenario, state, moves)
    told = scenario.told[language]
    if new.over:
        return new, _line(language, new.over, new.turns)
    said = [_line(language, worst, new.turns) for worst in WORSE if worst in moves.found][:1]
    if "listen" in moves.found and "listen" not in state.done:
        said.append(told.detail)
    if "wish" in moves.found and "wish" not in state.done:
        said.append(told.wanted)
    if "gift" in moves.found and "fix" not in new.done:
        said.append(_line(language, "gift", new.turns))
    if not said and new.anger < state.anger:
        said.append(_line(language, "cooler", new.turns))
    if (lacking := _lacking(new)) and len(said) < 2:
        said.append(_line(language, lacking, new.turns))
    return new, " ".join(said)


def score(state: State, *, failure: str = "", lesson: str = "") -> Score:
    """Of the seven steps and the conduct. `failure` and `lesson` are what the learner wrote down afterwards."""
    done, written = state.done, read(f"{failure}\n{lesson}")
    accuses = bool(written.found & {"blame", "names"})
    steps = {
        "apologise": "sorry" in done,
        "review": {"listen", "wish"} <= done,
        "fix": {"fix", "when"} <= done,
        "delight": "gift" in done,
        "document": bool(failure.strip()) and not accuses,
        "share": bool(lesson.strip()) and not accuses,
        "follow_up": "follow" in done,
    }
    conduct = max(0, CONDUCT - FAULT * state.faults)
    return Score(EACH * sum(steps.values()) + conduct, steps, conduct)


_CALMS = {"outcome": ("fix",), "process": ("when", "report"), "treatment": ("sorry", "feel")}
"""What counts double, by the kind of injustice that they feel."""


def _felt(scenario: Scenario, state: State, moves: Moves) -> State:
    """The anger after this turn: what was good counts once in a talk, what is bad each time."""
    worse = [each for each in WORSE if each in moves.found]
    fresh = {each for each in GOOD if each in moves.found} - state.done
    if "fix" not in state.done | fresh:
        fresh.discard("gift")  # before anything is put right it is no gift
    anger = state.anger + len(worse) + ("blame" in worse)
    if "sorry" not in state.done | fresh:
        anger += 1  # each answer without it costs
        fresh -= {"fix", "gift"}  # and is not heard
    calming = _CALMS[scenario.injustice]
    anger -= sum(2 if each in calming else 1 for each in fresh if each not in {"follow", "gift"})
    new = replace(
        state,
        anger=max(0, anger),
        turns=state.turns + 1,
        done=state.done | fresh,
        faults=state.faults + len(worse),
    )
    return replace(new, over=_over(new))


def _over(state: State) -> str:
    if state.anger >= LEAVES:
        return "left"
    if {"sorry", "wish", "fix", "when"} <= state.done and state.anger <= 1:
        return "delighted" if "gift" in state.done else "settled" if "follow" in state.done else ""
    return "left" if state.turns >= MOST_TURNS else ""


def _lacking(state: State) -> str:
    """What they miss most."""
    return next((each for each in ("sorry", "listen", "wish", "fix", "when") if each not in state.done), "")


def _line(language: str, kind: str, turn: int) -> str:
    lines: Mapping[str, Sequence[str]] = _book()["lines"][language]  # type: ignore[index]
    said = lines[kind]
    return said[turn % len(said)]
