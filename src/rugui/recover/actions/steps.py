"""The steps, in whatever order life brings them: apologise, review together, fix and report, the extra, document.

Sharing the lesson is in `sharing`, staying in touch in `following`. None is left out without a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from ...core.errors import ChangedMeanwhile, InputError, Text
from ...core.journal import record
from ...core.phrases import REQUIRED, choose_one, too_long
from ...house.access import Actor
from ...know import actions as know
from ...know.models import Note
from ...promise import actions as promises
from ...promise.models import Promise
from ..models import Case, CaseAlarm, CaseMessage, CaseStep
from . import following
from .common import (
    LONGEST_TEXT,
    case_event,
    clock_of,
    must_be_open,
    must_not_be_closed,
    must_not_be_longer,
    renew,
    say_to_customer,
    step_done,
)
from .going_up import listen, raise_alarm
from .sharing import put_in_line_up

LONGEST_LINE = 120

Step = CaseStep.Step


def apologise(actor: Actor, case: Case, *, text: str, now: datetime) -> None:
    """Step one, in words that the customer reads."""
    must_not_be_closed(actor, case)
    say_to_customer(actor, case, CaseMessage.Kind.APOLOGY, text, now)
    step_done(actor, case, Step.APOLOGISE, "", now)


def review_together(
    actor: Actor,
    case: Case,
    *,
    text: str,
    now: datetime,
    wanted: str = "",
    injustice: Sequence[str] = (),
    understood: str = "",
    seen: str | None = None,
) -> None:
    """Step two: what happened in the customer's words (`text`), what would make it right, and what felt unfair.

    `understood` is said to the customer: in a sentence, what we have understood. Nobody is asked to prove anything.
    `seen` is the mark (`step_mark`) of what the writer had before them; without it the words replace any others.
    """
    if not text.strip():
        raise InputError({"text": REQUIRED})
    for name, value in (("text", text), ("wanted", wanted), ("understood", understood)):
        must_not_be_longer(name, value, LONGEST_TEXT)
    if set(injustice) - set(Case.Injustice.values):
        raise InputError({"injustice": choose_one(Case.Injustice.values)})
    must_not_be_closed(actor, case)
    _must_be_as_seen(case, Step.REVIEW, seen)
    case.wanted = wanted.strip()
    case.injustice = [each for each in Case.Injustice.values if each in injustice]
    Case.objects.filter(id=case.id).update(wanted=case.wanted, injustice=case.injustice)
    if understood.strip() and understood.strip() != _last_understood(case):
        say_to_customer(actor, case, CaseMessage.Kind.UNDERSTOOD, understood, now)
    step_done(actor, case, Step.REVIEW, text, now)
    listen(actor, case, text, now)


def _last_understood(case: Case) -> str:
    said = CaseMessage.objects.filter(case=case, kind=CaseMessage.Kind.UNDERSTOOD).order_by("-at", "-id")
    return said.values_list("text", flat=True).first() or ""


def report_progress(
    actor: Actor, case: Case, *, text: str, now: datetime, clock: int | None = None,
    due_at: datetime | None = None,
) -> Promise:  # fmt: skip
    """Tells the customer how far it is; keeps the running promise and gives the next one.

    `clock` is the progress promise that the reporter saw running. Of two colleagues who report at once, the
    second is told: what they wrote may be said already. `due_at` is when the next report was promised, if not as usual.
    """
    seen = clock if clock is not None else clock_of(case)
    must_be_open(actor, case)
    if clock_of(case) != seen:
        raise ChangedMeanwhile(
            _("Somebody else reported a moment ago. Read it first, then send yours if it still helps.")
        )
    say_to_customer(actor, case, CaseMessage.Kind.REPORT, text, now)
    record(actor, now, case_event("case.reported", case))
    return renew(actor, case, now, due_at)


def solve(actor: Actor, case: Case, *, text: str, now: datetime) -> None:
    """Step three is done: it is right again, and the customer is told so. The clock stops."""
    must_be_open(actor, case)
    say_to_customer(actor, case, CaseMessage.Kind.SOLUTION, text, now)
    step_done(actor, case, Step.FIX, "", now)
    Case.objects.filter(id=case.id).update(state=Case.State.SOLVED, solved_at=now)
    case.state, case.solved_at = Case.State.SOLVED, now
    promises.settle_progress(actor, case.id, now=now)
    record(actor, now, case_event("case.solved", case))
    following.plan(actor, case, now)


def delight(actor: Actor, case: Case, *, text: str, now: datetime, seen: str | None = None) -> None:
    """The extra: something beyond what was due. Restoring what was due is never it. `seen` is as in `review_together`."""
    if not text.strip():
        raise InputError({"text": REQUIRED})
    must_not_be_longer("text", text, LONGEST_TEXT)
    must_not_be_closed(actor, case)
    _must_be_as_seen(case, Step.DELIGHT, seen)
    step_done(actor, case, Step.DELIGHT, text, now)


MAY_BE_SKIPPED = (Step.APOLOGISE, Step.REVIEW, Step.DELIGHT, Step.SHARE, Step.FOLLOW_UP)


def skip(actor: Actor, case: Case, *, step: str, why: str, now: datetime) -> None:
    """Leaves a step out, never in silence: the reason stays with the case, and the journal knows who and when."""
    if step not in MAY_BE_SKIPPED:
        raise InputError({"step": choose_one(MAY_BE_SKIPPED)})
    if not why.strip():
        raise InputError({"why": _("Say why this step is left out.")})
    must_not_be_longer("why", why, LONGEST_TEXT)
    must_not_be_closed(actor, case)
    planned = step == Step.FOLLOW_UP
    if not planned and CaseStep.objects.filter(case=case, step=step, skipped=False).exists():
        raise ChangedMeanwhile(_("This step was done already."))
    if planned:
        following.end(actor, case, now)
    step_done(actor, case, step, why, now, skipped=True)


@dataclass(frozen=True, slots=True)
class Findings:
    """What the document step asks: the failure, where, why, the lesson, and what we learned about the customer."""

    element: str
    failure: str
    where: str = ""
    cause: str = ""
    lesson: str = ""
    about_customer: str = ""
    about_customer_kind: str = Note.Kind.PREFERENCE
    kind: str = ""
    stage: str = ""
    alarms: Sequence[str] = ()
    """What was grave about it (`CaseAlarm.Kind`): it goes up, if it has not already."""


def document(actor: Actor, case: Case, findings: Findings, *, now: datetime, seen: str | None = None) -> None:
    """Step four: the failure is written down for the line-up, what we learned of the customer for their card.

    May be written again until the case is closed; the same words about the customer become one note only.
    `seen` is as in `review_together`.
    """
    _check(findings)
    must_not_be_closed(actor, case)
    _must_be_as_seen(case, Step.DOCUMENT, seen)
    fields: dict[str, Any] = {
        "kind": findings.kind,
        "element": findings.element,
        "stage": findings.stage.strip(),
        "failure": findings.failure.strip(),
        "where": findings.where.strip(),
        "cause": findings.cause.strip(),
        "lesson": findings.lesson.strip(),
        "documented_at": now,
    }
    if not fields["lesson"]:
        fields["shared_at"] = None  # what was shared before is no longer the lesson
        CaseStep.objects.filter(case=case, step=Step.SHARE, skipped=False).delete()
    Case.objects.filter(id=case.id).update(**fields)
    for name, value in fields.items():
        setattr(case, name, value)
    learned = findings.about_customer.strip()
    known = Note.objects.filter(customer_id=case.customer_id, text=learned, withdrawn_at=None)
    if learned and not known.exists():
        kind = findings.about_customer_kind
        know.add_note(actor, case.customer, text=learned, kind=kind, place=case.place, now=now)
    step_done(actor, case, Step.DOCUMENT, "", now)
    record(actor, now, case_event("case.documented", case, element=findings.element, failure=findings.kind))
    if case.lesson:
        put_in_line_up(actor, case, case.lesson, now)
    for alarm in findings.alarms:
        raise_alarm(actor, case, kind=alarm, source=CaseAlarm.Source.DOCUMENT, now=now)


def _check(findings: Findings) -> None:
    problems: dict[str, Text] = {}
    if findings.element not in Case.Element.values:
        problems["element"] = choose_one(Case.Element.values)
    if findings.kind and findings.kind not in Case.Kind.values:
        problems["kind"] = choose_one(Case.Kind.values)
    if set(findings.alarms) - set(CaseAlarm.Kind.values):
        problems["alarms"] = choose_one(CaseAlarm.Kind.values)
    if not findings.failure.strip():
        problems["failure"] = REQUIRED
    longest = {"failure": LONGEST_LINE, "where": LONGEST_LINE, "stage": LONGEST_LINE}
    for name in ("failure", "where", "stage", "cause", "lesson", "about_customer"):
        limit = longest.get(name, LONGEST_TEXT)
        if len(getattr(findings, name).strip()) > limit:
            problems[name] = too_long(limit)
    if problems:
        raise InputError(problems)


def step_mark(step: CaseStep | None) -> str:
    """Which writing of a step somebody has before them; empty when it was not written yet."""
    return step.done_at.isoformat() if step else ""


def _must_be_as_seen(case: Case, step: str, seen: str | None) -> None:
    if seen is not None and seen != step_mark(CaseStep.objects.filter(case=case, step=step).first()):
        raise ChangedMeanwhile(
            _("A colleague has written this step meanwhile. Open the page anew and add to theirs.")
        )
