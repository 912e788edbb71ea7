"""The four steps of recovery, and the clock that runs until it is right.

Apologise, review together, fix and report, document. Steps may be walked in the order that life brings;
a case closes only when all four were done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from ..core import keys
from ..core.errors import ChangedMeanwhile, InputError, NotAllowed, Text
from ..core.journal import Event, record
from ..core.models import Key
from ..core.phrases import LANGUAGES, REQUIRED, choose_one, too_long
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
LONGEST_TITLE = 200
LONGEST_TEXT = 4000
LONGEST_LINE = 120
LONGEST_GUEST_TEXT = 2000
GUEST_MESSAGES = 8
GUEST_WINDOW = timedelta(minutes=10)
"""On their page a customer may write so many times within so long."""
SAME_WORDS = timedelta(minutes=2)

Step = CaseStep.Step


@dataclass(frozen=True, slots=True)
class Opened:
    """A case just opened, with what it begins with."""

    case: Case
    messages: list[CaseMessage]
    clock: Promise


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
    return open_whole(
        actor, customer, place, title=title, now=now, touch=touch, complaint=complaint, language=language
    ).case


def open_whole(
    actor: Actor,
    customer: Customer,
    place: Place,
    *,
    title: str,
    now: datetime,
    touch: Touch | None = None,
    complaint: str = "",
    language: str = "",
) -> Opened:
    """`open_case`, for whoever shows all of it at once and need not read it again."""
    actor.must_serve(place.id)
    if not title.strip():
        raise InputError({"title": REQUIRED})
    _must_not_be_longer("complaint", complaint, LONGEST_TEXT)
    known = dict(LANGUAGES)
    case = Case(
        organization_id=actor.organization_id,
        customer=customer,
        place=place,
        touch=touch,
        owner_id=actor.staff_id,
        title=title.strip()[:LONGEST_TITLE],
        language=next((each for each in (language, customer.language) if each in known), "en"),
        opened_at=now,
    )
    case.save(force_insert=True)
    words = complaint.strip() or (touch.text if touch else "")
    messages, events = [], [_event("case.opened", case)]
    if words:
        messages = [_put(actor, case, CaseMessage.Kind.COMPLAINT, words, now, CaseMessage.Direction.IN)]
        events.insert(0, _said(messages[0], case))
    record(actor, now, *events)
    clock = promises.begin_progress(
        actor, customer, place, case_id=case.id, minutes=PROGRESS_MINUTES, owner_id=actor.staff_id, now=now
    )
    if touch is not None and touch.waiting:
        serve.settle_touch(actor, touch, now=now)
        promises.keep_answer(actor, touch, now=now)
    return Opened(case, messages, clock)


def take_case(actor: Actor, case: Case, *, owner: Staff, now: datetime) -> None:
    """Makes `owner` the one who sees it through; the clock rings for them from now on.

    Two who take it at once: the second is told, because it has a new owner.
    """
    actor.must_serve(case.place_id)
    seen = Case.objects.filter(id=case.id, owner_id=case.owner_id).exclude(state=Case.State.CLOSED)
    if not seen.update(owner=owner):
        raise ChangedMeanwhile
    Promise.objects.filter(case_id=case.id, settled_at=None).update(owner=owner)
    case.owner = owner
    record(actor, now, _event("case.taken", case, owner=owner.id))


def apologise(actor: Actor, case: Case, *, text: str, now: datetime) -> None:
    """Step one, in words that the customer reads."""
    _must_not_be_closed(actor, case)
    _say_to_customer(actor, case, CaseMessage.Kind.APOLOGY, text, now)
    _step(actor, case, Step.APOLOGISE, "", now)


def review_together(actor: Actor, case: Case, *, text: str, now: datetime, seen: str | None = None) -> None:
    """Step two: what happened in the customer's words, and what would make it right.

    `seen` is the mark (`step_mark`) of what the writer had before them; without it the words replace any others.
    """
    if not text.strip():
        raise InputError({"text": REQUIRED})
    _must_not_be_longer("text", text, LONGEST_TEXT)
    _must_not_be_closed(actor, case)
    _must_be_as_seen(case, Step.REVIEW, seen)
    _step(actor, case, Step.REVIEW, text, now)


def report_progress(
    actor: Actor, case: Case, *, text: str, now: datetime, clock: int | None = None
) -> Promise:
    """Tells the customer how far it is; keeps the running promise and gives the next one.

    `clock` is the progress promise that the reporter saw running. Of two colleagues who report at once, the
    second is told: what they wrote may be said already.
    """
    seen = clock if clock is not None else _clock_of(case)
    _must_be_open(actor, case)
    if _clock_of(case) != seen:
        raise ChangedMeanwhile(
            _("Somebody else reported a moment ago. Read it first, then send yours if it still helps.")
        )
    _say_to_customer(actor, case, CaseMessage.Kind.REPORT, text, now)
    record(actor, now, _event("case.reported", case))
    return _renew(actor, case, now)


def write_to_customer(actor: Actor, case: Case, *, text: str, now: datetime) -> CaseMessage:
    """Words to the customer that are neither a report nor a solution."""
    _lock(actor, case)
    return _say_to_customer(actor, case, CaseMessage.Kind.MESSAGE, text, now)


def solve(actor: Actor, case: Case, *, text: str, now: datetime) -> None:
    """Step three is done: it is right again, and the customer is told so. The clock stops."""
    _must_be_open(actor, case)
    _say_to_customer(actor, case, CaseMessage.Kind.SOLUTION, text, now)
    Case.objects.filter(id=case.id).update(state=Case.State.SOLVED, solved_at=now)
    case.state, case.solved_at = Case.State.SOLVED, now
    _step(actor, case, Step.FIX, "", now)
    promises.settle_progress(actor, case.id, now=now)
    record(actor, now, _event("case.solved", case))


def reopen(actor: Actor, case: Case, *, now: datetime) -> None:
    """It was not right after all: the clock starts again."""
    _lock(actor, case)
    if case.state == Case.State.OPEN:
        raise ChangedMeanwhile
    Case.objects.filter(id=case.id).update(state=Case.State.OPEN, solved_at=None, closed_at=None)
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


def document(actor: Actor, case: Case, findings: Findings, *, now: datetime, seen: str | None = None) -> None:
    """Step four: the failure is written down for the line-up, what we learned of the customer for their card.

    May be written again until the case is closed; the same words about the customer become one note only.
    `seen` is as in `review_together`.
    """
    _check(findings)
    _must_not_be_closed(actor, case)
    _must_be_as_seen(case, Step.DOCUMENT, seen)
    fields = {
        "element": findings.element,
        "failure": findings.failure.strip(),
        "where": findings.where.strip(),
        "cause": findings.cause.strip(),
        "lesson": findings.lesson.strip(),
        "documented_at": now,
    }
    Case.objects.filter(id=case.id).update(**fields)
    for name, value in fields.items():
        setattr(case, name, value)
    learned = findings.about_customer.strip()
    known = Note.objects.filter(customer_id=case.customer_id, text=learned, withdrawn_at=None)
    if learned and not known.exists():
        kind = findings.about_customer_kind
        know.add_note(actor, case.customer, text=learned, kind=kind, place=case.place, now=now)
    _step(actor, case, Step.DOCUMENT, "", now)
    record(actor, now, _event("case.documented", case, element=findings.element))


def _check(findings: Findings) -> None:
    problems: dict[str, Text] = {}
    if findings.element not in Case.Element.values:
        problems["element"] = choose_one(Case.Element.values)
    if not findings.failure.strip():
        problems["failure"] = REQUIRED
    longest = {"failure": LONGEST_LINE, "where": LONGEST_LINE}
    for name in ("failure", "where", "cause", "lesson", "about_customer"):
        limit = longest.get(name, LONGEST_TEXT)
        if len(getattr(findings, name).strip()) > limit:
            problems[name] = too_long(limit)
    if problems:
        raise InputError(problems)


def close(actor: Actor, case: Case, *, now: datetime) -> None:
    """Everything was done. Refused, naming what is missing, while a step was not walked."""
    _lock(actor, case)
    done = set(CaseStep.objects.filter(case=case).values_list("step", flat=True))
    missing = [str(Step(step).label) for step in Step.values if step not in done]
    if missing:
        raise InputError({"state": _("Still to do: %(steps)s.") % {"steps": ", ".join(missing)}})
    if case.state != Case.State.SOLVED:
        raise ChangedMeanwhile
    Case.objects.filter(id=case.id).update(state=Case.State.CLOSED, closed_at=now)
    case.state, case.closed_at = Case.State.CLOSED, now
    record(actor, now, _event("case.closed", case))


def undo_close(actor: Actor, case: Case, *, now: datetime) -> None:
    """Closed too early: it is solved, and can still be added to. The clock stands still."""
    _lock(actor, case)
    if case.state != Case.State.CLOSED:
        raise ChangedMeanwhile
    Case.objects.filter(id=case.id).update(state=Case.State.SOLVED, closed_at=None)
    case.state, case.closed_at = Case.State.SOLVED, None
    record(actor, now, _event("case.close_undone", case))


def talk(actor: Actor, case: Case, *, text: str, now: datetime) -> CaseTalk:
    """A word among colleagues. It lies in a table that the customer's page has no right to read."""
    actor.must_serve(case.place_id)
    if actor.staff_id is None:
        raise NotAllowed(_("Only a colleague talks among colleagues."))
    if not text.strip():
        raise InputError({"text": REQUIRED})
    _must_not_be_longer("text", text, LONGEST_TEXT)
    said = CaseTalk.objects.create(
        organization_id=case.organization_id, case=case, staff_id=actor.staff_id, text=text.strip(), at=now
    )
    record(actor, now, _event("talk.said", case, subject_id=said.id))
    return said


def share_link(actor: Actor, case: Case, *, now: datetime) -> str:
    """The secret of a new link to the customer's page; links given before stop working."""
    _lock(actor, case)
    keys.revoke(case.organization_id, Key.Kind.CASE, case.id, now=now)
    secret = keys.issue(case.organization_id, Key.Kind.CASE, case.id, now=now, expires_at=now + LINK_LIVES)
    record(actor, now, _event("link.made", case))
    return secret


def revoke_link(actor: Actor, case: Case, *, now: datetime) -> None:
    """The customer's page can no longer be opened."""
    _lock(actor, case)
    if keys.revoke(case.organization_id, Key.Kind.CASE, case.id, now=now):
        record(actor, now, _event("link.revoked", case))


def customer_writes(guest: Actor, case: Case, *, text: str, now: datetime) -> CaseMessage:
    """The customer answers on their page. A case whose clock has stopped owes them an answer.

    The same words sent twice (a double tap, a page loaded again) are one message. Raises `InputError` when
    there are too many: the link may have come into idle hands, and the house must not be flooded.
    """
    if not text.strip():
        raise InputError({"text": REQUIRED})
    _must_not_be_longer("text", text, LONGEST_GUEST_TEXT)
    _lock_row(case)
    lately = CaseMessage.objects.filter(
        case=case,
        direction=CaseMessage.Direction.IN,
        kind=CaseMessage.Kind.MESSAGE,
        at__gt=now - GUEST_WINDOW,
    ).order_by("-at", "-id")
    mine = list(lately[:GUEST_MESSAGES])
    for message in mine:
        if message.text == text.strip() and message.at > now - SAME_WORDS:
            return message
    if len(mine) == GUEST_MESSAGES:
        raise InputError(
            {
                "text": _(
                    "That was a lot at once. We read it all; please wait a few minutes before you write again."
                )
            }
        )
    message = _say(guest, case, CaseMessage.Kind.MESSAGE, text, now, direction=CaseMessage.Direction.IN)
    if case.state != Case.State.OPEN:
        promises.owe_answer(
            guest,
            case.customer,
            case.place,
            minutes=PROGRESS_MINUTES,
            owner_id=case.owner_id,
            case_id=case.id,
            now=now,
        )
    return message


def _renew(actor: Actor, case: Case, now: datetime) -> Promise:
    return promises.renew_progress(
        actor,
        case.customer,
        case.place,
        case_id=case.id,
        minutes=PROGRESS_MINUTES,
        owner_id=case.owner_id,
        now=now,
    )


def _clock_of(case: Case) -> int | None:
    """The progress promise of a case that is still owed."""
    owed = Promise.objects.filter(case_id=case.id, kind=Promise.Kind.PROGRESS, settled_at=None)
    return owed.order_by("-made_at", "-id").values_list("id", flat=True).first()


def _lock_row(case: Case) -> None:
    """Whoever changes a case holds its row until they are done, and begins from what it is now."""
    row = (
        Case.objects.select_for_update(no_key=True)
        .only("state", "owner", "solved_at", "closed_at")
        .get(id=case.id)
    )
    case.state, case.owner_id, case.solved_at, case.closed_at = (
        row.state,
        row.owner_id,
        row.solved_at,
        row.closed_at,
    )


def _lock(actor: Actor, case: Case) -> None:
    actor.must_serve(case.place_id)
    _lock_row(case)


def _must_not_be_closed(actor: Actor, case: Case) -> None:
    _lock(actor, case)
    if case.state == Case.State.CLOSED:
        raise ChangedMeanwhile(_("This case is closed. Reopen it first."))


def _must_be_open(actor: Actor, case: Case) -> None:
    _lock(actor, case)
    if case.state != Case.State.OPEN:
        raise ChangedMeanwhile(_("This case is no longer open. Reopen it first."))


def step_mark(step: CaseStep | None) -> str:
    """Which writing of a step somebody has before them; empty when it was not written yet."""
    return step.done_at.isoformat() if step else ""


def _must_be_as_seen(case: Case, step: str, seen: str | None) -> None:
    if seen is not None and seen != step_mark(CaseStep.objects.filter(case=case, step=step).first()):
        raise ChangedMeanwhile(
            _("A colleague has written this step meanwhile. Open the page anew and add to theirs.")
        )


def _must_not_be_longer(name: str, text: str, longest: int) -> None:
    if len(text.strip()) > longest:
        raise InputError({name: too_long(longest)})


def _say_to_customer(actor: Actor, case: Case, kind: str, text: str, now: datetime) -> CaseMessage:
    """Puts our words on the customer's page; answers owed in this case are thereby given."""
    if not text.strip():
        raise InputError({"text": REQUIRED})
    _must_not_be_longer("text", text, LONGEST_TEXT)
    message = _say(actor, case, kind, text, now, direction=CaseMessage.Direction.OUT)
    promises.keep_answers_of_case(actor, case.id, now=now)
    return message


def _say(actor: Actor, case: Case, kind: str, text: str, now: datetime, *, direction: str) -> CaseMessage:
    message = _put(actor, case, kind, text, now, direction)
    record(actor, now, _said(message, case))
    return message


def _put(actor: Actor, case: Case, kind: str, text: str, now: datetime, direction: str) -> CaseMessage:
    message = CaseMessage(
        organization_id=case.organization_id,
        case=case,
        kind=kind,
        direction=direction,
        text=text.strip(),
        at=now,
        staff_id=actor.staff_id,
        signed=actor.name if direction == CaseMessage.Direction.OUT else "",
    )
    message.save(force_insert=True)
    return message


def _said(message: CaseMessage, case: Case) -> Event:
    verb = "sent" if message.direction == CaseMessage.Direction.OUT else "received"
    return _event(f"message.{verb}", case, kind=message.kind)


def _step(actor: Actor, case: Case, step: str, text: str, now: datetime) -> None:
    fields = {"done_at": now, "done_by_id": actor.staff_id, "text": text.strip()}
    CaseStep.objects.update_or_create(
        organization_id=case.organization_id, case=case, step=step, defaults=fields
    )
    record(actor, now, _event("case.stepped", case, step=str(step)))


def _event(what: str, case: Case, /, subject_id: int | None = None, **payload: object) -> Event:
    return Event(what, case.place_id, case.customer_id, case.id, subject_id or case.id, dict(payload))
