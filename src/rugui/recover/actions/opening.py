"""Opening a case, and taking it over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ...core import ready
from ...core.errors import ChangedMeanwhile, InputError
from ...core.journal import record
from ...core.phrases import LANGUAGES, REQUIRED
from ...house.access import Actor
from ...house.models import Place, Staff
from ...know.models import Customer
from ...promise import actions as promises
from ...promise.models import Promise
from ...serve import actions as serve
from ...serve.models import Touch
from ..models import Case, CaseMessage
from .common import LONGEST_TEXT, PROGRESS_MINUTES, case_event, must_not_be_longer, put, said_event

LONGEST_TITLE = 200


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
    must_not_be_longer("complaint", complaint, LONGEST_TEXT)
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
    ready.insert(case)
    words = complaint.strip() or (touch.text if touch else "")
    messages, events = [], [case_event("case.opened", case)]
    if words:
        messages = [put(actor, case, CaseMessage.Kind.COMPLAINT, words, now, CaseMessage.Direction.IN)]
        events.insert(0, said_event(messages[0], case))
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
    record(actor, now, case_event("case.taken", case, owner=owner.id))
