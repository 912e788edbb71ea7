"""What is said after an exercise: each step, where the learner walked it, and what could have been said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from django.utils import translation
from django.utils.translation import gettext as _

from ...core.phrases import LANGUAGES, language_tag
from ...engines import coach
from ...engines import practise as engine
from ...language import checking
from ..models import CaseStep
from . import actions
from .models import Practice

TRADES: dict[str, Callable[[], str]] = {
    "hotel": lambda: _("Hotel"),
    "restaurant": lambda: _("Restaurant"),
    "shop": lambda: _("Web shop"),
}
OF_STEP = {
    "apologise": ("sorry",), "review": ("listen", "wish"), "fix": ("fix", "when"), "delight": ("gift",),
    "follow_up": ("follow",),
}  # fmt: skip
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    walked: bool
    said: str
    """The learner's words in which it was found."""
    could: str
    """What could have been said, in the language of the exercise."""


@dataclass(frozen=True, slots=True)
class Fault:
    said: str
    why: str


@dataclass(frozen=True, slots=True)
class Debrief:
    points: int
    conduct: int
    steps: list[Step]
    faults: list[Fault]
    marks: list[coach.Mark]
    seconds: int | None
    """How long an answer took, in the middle."""
    over: str


def debrief(row: Practice, *, today: date) -> Debrief:
    """What went well, what is missing, and what the rules of the house's language mark. For an exercise that has ended."""
    state = actions.state_of(row)
    found = engine.score(state, failure=row.failure, lesson=row.lesson)
    said = [turn["text"] for turn in row.turns if turn["who"] == "learner"]
    return Debrief(
        points=found.points,
        conduct=found.conduct,
        steps=[_step(name, found.steps[name], row, said) for name in engine.STEPS],
        faults=_faults(said),
        marks=_marks(row, said, today),
        seconds=_seconds(row),
        over=OVER[state.over]() if state.over else _("You ended the talk."),
    )


def _step(name: str, walked: bool, row: Practice, said: list[str]) -> Step:
    words = {"document": row.failure, "share": row.lesson}.get(name, "")
    wanted = set(OF_STEP.get(name, ()))
    for text in said:
        found = dict(engine.read(text).words)
        words = words or next((text for move in wanted if move in found), "")
    with translation.override(row.language):
        could = COULD[name]()
    return Step(str(CaseStep.Step(name).label), walked, words if walked else "", could)


def _faults(said: list[str]) -> list[Fault]:
    found = []
    for text in said:
        words = dict(engine.read(text).words)
        found += [Fault(words[each], WHY[each]()) for each in engine.WORSE if each in words]
    return found[:SHOWN]


def _marks(row: Practice, said: list[str], today: date) -> list[coach.Mark]:
    """What the house's rules mark, as they would in a real letter: each rule once, where it marks first."""
    context = coach.Context(
        language=language_tag(row.language),
        occasions=frozenset({"complaint"}),
        explain_in=language_tag(translation.get_language()),
    )
    reader = checking.coach_of(row.organization_id, checking.standing(row.staff_id), today)
    first: dict[str, coach.Mark] = {}
    for text in said:
        for mark in reader.read(text, context):
            first.setdefault(mark.rule, mark)
    return list(first.values())[:SHOWN]


def _seconds(row: Practice) -> int | None:
    waits, asked = [], None
    for turn in row.turns:
        at = datetime.fromisoformat(turn["at"])
        if turn["who"] == "learner" and asked is not None:
            waits.append((at - asked).total_seconds())
        asked = at
    return round(median(waits)) if waits else None


@dataclass(frozen=True, slots=True)
class Offered:
    id: str
    title: str
    name: str


def offered(trade: str, language: str) -> list[tuple[str, list[Offered]]]:
    """The scenarios by trade, the house's own first."""
    code = language if language in dict(LANGUAGES) else "en"
    own = {"hotel": "hotel", "restaurant": "restaurant"}.get(trade, "shop")
    order = sorted(TRADES, key=lambda each: each != own)
    every = engine.scenarios().values()
    return [
        (
            TRADES[each](),
            [
                Offered(one.id, one.told[code].title, one.told[code].name)
                for one in every
                if one.trade == each
            ],
        )
        for each in order
    ]


OVER = {
    "settled": lambda: _("They are content: it was put right."),
    "delighted": lambda: _("They are delighted, and will tell others."),
    "left": lambda: _("They have left."),
}
COULD = {
    "apologise": lambda: _("I am sorry. We let you down, and you have had the trouble of it."),
    "review": lambda: _("Please tell me what happened. And what would make it right for you?"),
    "fix": lambda: _("I am bringing you another one now, and you will have it in ten minutes."),
    "delight": lambda: _("It is put right, and I would like to give you something from us for the trouble."),
    "document": lambda: _(
        "The valve was not looked at after the repair. Nobody's name, only how it could happen."
    ),
    "share": lambda: _("After each repair whoever was on duty tries it once."),
    "follow_up": lambda: _("I will call you tomorrow to ask whether everything is still right."),
}
WHY = {
    "blame": lambda: _("It puts the fault on them."),
    "proof": lambda: _("It asks for proof before it helps."),
    "dismiss": lambda: _("It tells them how to feel."),
    "if": lambda: _("“If” makes what happened to them a matter of opinion."),
    "excuse": lambda: _("It is about our troubles, not theirs."),
}
