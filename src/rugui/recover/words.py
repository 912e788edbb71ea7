"""Cases in words, for pages: the steps as the house sees them, and as the customer does."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from ..core.errors import Text
from .models import CaseStep

Step = CaseStep.Step

GOOD: dict[str, Text] = {
    Step.APOLOGISE: _(
        "Sorry first, in so many words, and ask to be forgiven. No reasons and no “but”: those come later, if they ask."
    ),
    Step.REVIEW: _(
        "Let them tell it, and stay on their side. Say back what you heard, then ask what would make it right."
    ),
    Step.FIX: _(
        "Solved, or a word on how far it is, before the ring is empty. Then look after it until they say it is right."
    ),
    Step.DOCUMENT: _("What failed, where and why, so that it fails nobody again. Never who."),
}
FOR_THE_CUSTOMER: dict[str, tuple[Text, Text]] = {
    Step.APOLOGISE: (_("We say sorry"), _("We have said sorry")),
    Step.REVIEW: (_("We listen: what happened, and what would make it right"), _("We have heard you")),
    Step.FIX: (_("We put it right and tell you how far we are"), _("It has been put right")),
    Step.DOCUMENT: (
        _("We learn from it, so that it does not happen again"),
        _("We have written down what to do better"),
    ),
}
"""Each step before and after it was done."""


@dataclass(frozen=True, slots=True)
class StepRow:
    number: int
    step: str
    label: Text
    state: str
    """done, now (the first that is not done) or ahead."""
    good: Text
    done: CaseStep | None


def rail(steps: Mapping[str, CaseStep]) -> list[StepRow]:
    states = _states(steps)
    return [
        StepRow(number, step, step.label, states[step], GOOD[step], steps.get(step))
        for number, step in enumerate(Step, start=1)
    ]


@dataclass(frozen=True, slots=True)
class GuestStep:
    state: str
    words: Text
    at: datetime | None
    number: int


def guest_rail(done: Mapping[str, datetime]) -> list[GuestStep]:
    """The same four steps in the customer's terms."""
    states = _states(done)
    return [
        GuestStep(states[step], FOR_THE_CUSTOMER[step][step in done], done.get(step), number)
        for number, step in enumerate(Step, start=1)
    ]


def first_words(text: str, limit: int = 60) -> str:
    """A title until somebody gives a better one: the beginning of what they wrote."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def missing(steps: Collection[str]) -> list[str]:
    """The steps still to walk before a case can be closed."""
    return [str(step.label) for step in Step if step not in steps]


def _states(done: Collection[str]) -> dict[str, str]:
    now = next((step for step in Step if step not in done), None)
    return {step: "done" if step in done else "now" if step == now else "ahead" for step in Step}
