"""The four steps of recovery, and the clock that runs until it is right.

Apologise, review together, fix and report, document. Steps may be walked in the order that life brings;
a case closes only when all four were done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from ..core import keys
from ..core.errors import ChangedMeanwhile, InputError, Text
from ..core.journal import Event, record
from ..core.models import Key
from ..core.phrases import LANGUAGES, REQUIRED
from ..house.access import Actor
from ..house.models import Place, Staff
from ..know import actions as know
from ..know.models import Customer, Note
from ..promise import actions as promises
from ..promise.models import Promise
from ..serve import actions as serve
from ..serve.models import Touch
from .models import Case, CaseMessage, CaseStep, CaseTalk

PROGRESS_MINUTES = 20
"""Solved, or a report of progress, within twenty minutes (method line R2)."""
LINK_LIVES = timedelta(days=90)

Step = CaseStep.Step


def open_case(
    actor: Actor,
    customer: Customer,
    place: Place,
    *,
    title: str,
    now: datetime,
    touch: Touch | None = None,
    complaint: str = "",
    language: str = "",
) -> Case:
    """A failure to put right. Whoever opens it owns it, and its twenty-minute clock starts."""
    actor.must_serve(place.id)
    if not title.strip():
        raise InputError({"title": REQUIRED})
    known = dict(LANGUAGES)
    case = Case.objects.create(
        organization_id=actor.organization_id,
        customer=customer,
        place=place,
        touch=touch,
        owner_id=actor.staff_id,
        title=title.strip()[:200],
        language=next((each for each in (language, customer.language) if each in known), "en"),
        opened_at=now,
    )
    words = complaint.strip() or (touch.text if touch else "")
    if words:
        _say(actor, case, CaseMessage.Kind.COMPLAINT, words, now, direction=CaseMessage.Direction.IN)
    record(actor, now, _event("case.opened", case))
    promises.renew_progress(
        actor, customer, place, case_id=case.id, minutes=PROGRESS_MINUTES, owner_id=actor.staff_id, now=now
    )
    if touch is not None and touch.waiting:
        serve.settle_touch(actor, touch, now=now)
        promises.keep_answer(actor, touch, now=now)
    return case


def take_case(actor: Actor, case: Case, *, owner: Staff, now: datetime) -> None:
    """Makes `owner` the one who sees it through; the clock rings for them from now on."""
    actor.must_serve(case.place_id)
    if not Case.objects.filter(id=case.id).exclude(state=Case.State.CLOSED).update(owner=owner):
        raise ChangedMeanwhile
    Promise.objects.filter(case_id=case.id, settled_at=None).update(owner=owner)
    case.owner = owner
    record(actor, now, _event("case.taken", case, owner=owner.id))


def apologise(actor: Actor, case: Case, *, text: str, now: datetime) -> None:
    """Step one, in words that the customer reads."""
    _say_to_customer(actor, case, CaseMessage.Kind.APOLOGY, text, now)
    _step(actor, case, Step.APOLOGISE, "", now)


def review_together(actor: Actor, case: Case, *, text: str, now: datetime) -> None:
    """Step two: what happened in the customer's words, and what would make it right."""
    _must_be_open(actor, case)
    if not text.strip():
        raise InputError({"text": REQUIRED})
    _step(actor, case, Step.REVIEW, text, now)


def report_progress(actor: Actor, case: Case, *, text: str, now: datetime) -> Promise:
    """Tells the customer how far it is; keeps the running promise and gives the next one."""
    _say_to_customer(actor, case, CaseMessage.Kind.REPORT, text, now)
    record(actor, now, _event("case.reported", case))
    return _renew(actor, case, now)


def write_to_customer(actor: Actor, case: Case, *, text: str, now: datetime) -> CaseMessage:
    """Words to the customer that are neither a report nor a solution."""
    return _say_to_customer(actor, case, CaseMessage.Kind.MESSAGE, text, now)


def solve(actor: Actor, case: Case, *, text: str, now: datetime) -> None:
    """Step three is done: it is right again, and the customer is told so. The clock stops."""
    _say_to_customer(actor, case, CaseMessage.Kind.SOLUTION, text, now)
    if not Case.objects.filter(id=case.id, state=Case.State.OPEN).update(state=Case.State.SOLVED, solved_at=now):
        raise ChangedMeanwhile
    case.state, case.solved_at = Case.State.SOLVED, now
    _step(actor, case, Step.FIX, "", now)
    promises.settle_progress(actor, case.id, now=now)
    record(actor, now, _event("case.solved", case))


def reopen(actor: Actor, case: Case, *, now: datetime) -> None:
    """It was not right after all: the clock starts again."""
    actor.must_serve(case.place_id)
    rows = Case.objects.filter(id=case.id).exclude(state=Case.State.OPEN)
    if not rows.update(state=Case.State.OPEN, solved_at=None, closed_at=None):
        raise ChangedMeanwhile
    case.state, case.solved_at, case.closed_at = Case.State.OPEN, None, None
    CaseStep.objects.filter(case=case, step=Step.FIX).delete()
    record(actor, now, _event("case.reopened", case))
    _renew(actor, case, now)


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


def document(actor: Actor, case: Case, findings: Findings, *, now: datetime) -> None:
    """Step four: the failure is written down for the line-up, what we learned of the customer for their card."""
    actor.must_serve(case.place_id)
    problems: dict[str, Text] = {}
    if findings.element not in Case.Element.values:
        problems["element"] = _("Choose one of: %(choices)s.") % {"choices": ", ".join(Case.Element.values)}
    if not findings.failure.strip():
        problems["failure"] = REQUIRED
    if problems:
        raise InputError(problems)
    fields = {
        "element": findings.element,
        "failure": findings.failure.strip(),
        "where": findings.where.strip(),
        "cause": findings.cause.strip(),
        "lesson": findings.lesson.strip(),
        "documented_at": now,
    }
    if not Case.objects.filter(id=case.id).exclude(state=Case.State.CLOSED).update(**fields):
        raise ChangedMeanwhile
    for name, value in fields.items():
        setattr(case, name, value)
    if findings.about_customer.strip():
        know.add_note(
            actor,
            case.customer,
            text=findings.about_customer,
            kind=findings.about_customer_kind,
            place=case.place,
            now=now,
        )
    _step(actor, case, Step.DOCUMENT, "", now)
    record(actor, now, _event("case.documented", case, element=findings.element))


def close(actor: Actor, case: Case, *, now: datetime) -> None:
    """Everything was done. Refused, naming what is missing, while a step was not walked."""
    actor.must_serve(case.place_id)
    done = set(CaseStep.objects.filter(case=case).values_list("step", flat=True))
    missing = [str(Step(step).label) for step in Step.values if step not in done]
    if missing:
        raise InputError({"state": _("Still to do: %(steps)s.") % {"steps": ", ".join(missing)}})
    walked = [Exists(CaseStep.objects.filter(case=OuterRef("pk"), step=step)) for step in Step.values]
    if not Case.objects.filter(*walked, id=case.id, state=Case.State.SOLVED).update(
        state=Case.State.CLOSED, closed_at=now
    ):
        raise ChangedMeanwhile
    case.state, case.closed_at = Case.State.CLOSED, now
    record(actor, now, _event("case.closed", case))


def talk(actor: Actor, case: Case, *, text: str, now: datetime) -> CaseTalk:
    """A word among colleagues. It lies in a table that the customer's page has no right to read."""
    actor.must_serve(case.place_id)
    if not text.strip():
        raise InputError({"text": REQUIRED})
    said = CaseTalk.objects.create(
        organization_id=case.organization_id, case=case, staff_id=actor.staff_id, text=text.strip(), at=now
    )
    record(actor, now, _event("talk.said", case, subject_id=said.id))
    return said


def share_link(actor: Actor, case: Case, *, now: datetime) -> str:
    """The secret of a new link to the customer's page; links given before stop working."""
    actor.must_serve(case.place_id)
    keys.revoke(case.organization_id, Key.Kind.CASE, case.id, now=now)
    secret = keys.issue(case.organization_id, Key.Kind.CASE, case.id, now=now, expires_at=now + LINK_LIVES)
    record(actor, now, _event("link.made", case))
    return secret


def revoke_link(actor: Actor, case: Case, *, now: datetime) -> None:
    """The customer's page can no longer be opened."""
    actor.must_serve(case.place_id)
    if keys.revoke(case.organization_id, Key.Kind.CASE, case.id, now=now):
        record(actor, now, _event("link.revoked", case))


def customer_writes(guest: Actor, case: Case, *, text: str, now: datetime) -> CaseMessage:
    """The customer answers on their page. A solved case that they write about is owed an answer."""
    if not text.strip():
        raise InputError({"text": REQUIRED})
    message = _say(guest, case, CaseMessage.Kind.MESSAGE, text, now, direction=CaseMessage.Direction.IN)
    already = Promise.objects.filter(case=case, kind=Promise.Kind.ANSWER, settled_at=None).exists()
    if case.state != Case.State.OPEN and not already:
        Promise.objects.create(
            organization_id=case.organization_id,
            customer=case.customer,
            place=case.place,
            case=case,
            owner_id=case.owner_id,
            kind=Promise.Kind.ANSWER,
            made_at=now,
            warn_at=now + timedelta(minutes=PROGRESS_MINUTES * 0.75),
            due_at=now + timedelta(minutes=PROGRESS_MINUTES),
            ring_at=now + timedelta(minutes=PROGRESS_MINUTES * 0.75),
        )
    return message


def _renew(actor: Actor, case: Case, now: datetime) -> Promise:
    return promises.renew_progress(
        actor, case.customer, case.place, case_id=case.id, minutes=PROGRESS_MINUTES, owner_id=case.owner_id, now=now
    )


def _must_be_open(actor: Actor, case: Case) -> None:
    actor.must_serve(case.place_id)
    if case.state != Case.State.OPEN:
        raise ChangedMeanwhile(_("This case is no longer open. Reopen it first."))


def _say_to_customer(actor: Actor, case: Case, kind: str, text: str, now: datetime) -> CaseMessage:
    actor.must_serve(case.place_id)
    if kind != CaseMessage.Kind.MESSAGE:
        _must_be_open(actor, case)
    if not text.strip():
        raise InputError({"text": REQUIRED})
    message = _say(actor, case, kind, text, now, direction=CaseMessage.Direction.OUT)
    for owed in Promise.objects.filter(case=case, kind=Promise.Kind.ANSWER, settled_at=None):
        promises.keep(actor, owed, now=now)
    return message


def _say(actor: Actor, case: Case, kind: str, text: str, now: datetime, *, direction: str) -> CaseMessage:
    message = CaseMessage.objects.create(
        organization_id=case.organization_id,
        case=case,
        kind=kind,
        direction=direction,
        text=text.strip(),
        at=now,
        staff_id=actor.staff_id,
        signed=actor.name if direction == CaseMessage.Direction.OUT else "",
    )
    record(actor, now, _event(f"message.{'sent' if direction == 'out' else 'received'}", case, kind=kind))
    return message


def _step(actor: Actor, case: Case, step: str, text: str, now: datetime) -> None:
    fields = {"done_at": now, "done_by_id": actor.staff_id, "text": text.strip()}
    CaseStep.objects.update_or_create(
        organization_id=case.organization_id, case=case, step=step, defaults=fields
    )
    record(actor, now, _event("case.stepped", case, step=str(step)))


def _event(what: str, case: Case, /, subject_id: int | None = None, **payload: object) -> Event:
    return Event(what, case.place_id, case.customer_id, case.id, subject_id or case.id, dict(payload))
