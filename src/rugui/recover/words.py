"""Cases in words, for pages: the steps as the house sees them, and as the customer does."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from ..core.errors import Text
from ..promise.heard import Heard, said
from .models import Case, CaseMessage, CaseStep, HandOver
from .queries import Page

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
    Step.DELIGHT: _(
        "Something beyond what was due, small and meant for them. Giving back what they paid is not it."
    ),
    Step.DOCUMENT: _("What failed, where and why, so that it fails nobody again. Never who."),
    Step.SHARE: _("One sentence that every colleague can act on, told in the line-up."),
    Step.FOLLOW_UP: _("Asked for by itself: the next day, a week later, and on until they come again."),
}
NEXT: dict[str, Text] = {
    Step.APOLOGISE: _("Say sorry"),
    Step.REVIEW: _("Go over it with them"),
    Step.FIX: _("Put it right, or report how far it is"),
    Step.DELIGHT: _("Find the extra"),
    Step.DOCUMENT: _("Write down what failed"),
    Step.SHARE: _("Share the lesson"),
    Step.FOLLOW_UP: _("Stay in touch"),
}
WHERE = {Step.APOLOGISE: "write", Step.FIX: "write", Step.FOLLOW_UP: "more"}
"""Where on the page a step is done, when it has no form of its own name."""
GUEST_STEPS = (Step.APOLOGISE, Step.REVIEW, Step.FIX, Step.DOCUMENT)
"""What the customer sees of it. The extra would be no surprise, and what comes after is ours."""
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
    """done, skipped, now (the first that is neither) or ahead."""
    good: Text
    done: CaseStep | None
    href: str
    """Where on the page it is done."""


def rail(steps: Mapping[str, CaseStep]) -> list[StepRow]:
    states = _states(steps)
    return [
        StepRow(
            number,
            step,
            step.label,
            states[step],
            GOOD[step],
            steps.get(step),
            "#" + WHERE.get(step, step.value),
        )
        for number, step in enumerate(Step, start=1)
    ]


@dataclass(frozen=True, slots=True)
class GuestStep:
    state: str
    words: Text
    at: datetime | None
    number: int


def guest_rail(done: Mapping[str, datetime]) -> list[GuestStep]:
    """The steps that concern the customer, in their terms."""
    now = next((step for step in GUEST_STEPS if step not in done), None)
    return [
        GuestStep(
            "done" if step in done else "now" if step == now else "ahead",
            FOR_THE_CUSTOMER[step][step in done],
            done.get(step),
            number,
        )
        for number, step in enumerate(GUEST_STEPS, start=1)
    ]


@dataclass(frozen=True, slots=True)
class Said:
    """A promise on the customer's page, and its sentence."""

    promise: Heard
    words: str


def guest_promises(page: Page, *, now: datetime) -> dict[str, Said | list[Said] | None]:
    """What the customer is promised, by its place on their page, in sentences with the time that they were told."""

    def put(promise: Heard) -> Said:
        return Said(promise, said(promise, page.zone, now=now))

    return {
        "clock": put(page.promise) if page.promise else None,
        "answer": put(page.answer) if page.answer else None,
        "call": put(page.call) if page.call else None,
        "others": [put(promise) for promise in page.promises],
    }


def story(
    case: Case, steps: Mapping[str, CaseStep], messages: Sequence[CaseMessage], handing: HandOver | None
) -> list[tuple[Text, str]]:
    """All that a new owner must know at once, as (what, words): nobody asks the customer to tell it again."""
    review = steps.get(Step.REVIEW)
    out = [each for each in messages if each.direction == CaseMessage.Direction.OUT]
    told = [
        (_("Why it comes to you"), handing.note if handing else ""),
        (
            _("In their own words"),
            next((each.text for each in messages if each.direction == CaseMessage.Direction.IN), ""),
        ),
        (_("What happened"), review.text if review and not review.skipped else ""),
        (_("What would make it right"), case.wanted),
        (_("What we said last"), out[-1].text if out else ""),
        (
            _("What they said last"),
            messages[-1].text if messages and messages[-1].direction == CaseMessage.Direction.IN else "",
        ),
    ]
    seen: set[str] = set()
    return [(what, words) for what, words in told if words and not (words in seen or seen.add(words))]  # type: ignore[func-returns-value]


def first_words(text: str, limit: int = 60) -> str:
    """A title until somebody gives a better one: the beginning of what they wrote."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def missing(steps: Collection[str]) -> list[str]:
    """The steps still to walk before a case can be closed."""
    return [str(step.label) for step in Step if step not in steps]


def next_step(steps: Collection[str]) -> Step | None:
    """The first step that was neither walked nor left out. Staying in touch begins by itself once it is solved."""
    return next((step for step in Step if step not in steps and step != Step.FOLLOW_UP), None)


def _states(steps: Mapping[str, CaseStep]) -> dict[str, str]:
    now = next_step(steps)
    return {
        step: ("skipped" if steps[step].skipped else "done")
        if step in steps
        else "now"
        if step == now
        else "ahead"
        for step in Step
    }
