"""Opening a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ...core import ready
from ...core.errors import InputError
from ...core.journal import record
from ...core.phrases import LANGUAGES, REQUIRED
from ...house.access import Actor
from ...house.models import Place
from ...know.models import Customer
from ...promise import actions as promises
from ...promise.models import Promise
from ...serve import actions as serve
from ...serve.models import Touch
from .. import people
from ..models import Case, CaseMessage
from .common import LONGEST_TEXT, case_event, must_not_be_longer, put, said_event
from .going_up import listen

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
    """A failure to put right. Whoever opens it owns it, and its twenty-minute clock starts.

    What the house itself opens belongs to the customer's contact person, or to who leads the place.
    """
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
    incident_id: int | None = None,
    due_at: datetime | None = None,
) -> Opened:
    """`open_case`, for whoever shows all of it at once and need not read it again.

    `incident_id` is the one cause that hit many, `due_at` by when the first report was promised to all of them.
    """
    actor.must_serve(place.id)
    if not title.strip():
        raise InputError({"title": REQUIRED})
    must_not_be_longer("complaint", complaint, LONGEST_TEXT)
    known = dict(LANGUAGES)
    owner_id = actor.staff_id or people.first_owner(place, customer)
    case = Case(
        organization_id=actor.organization_id,
        customer=customer,
        place=place,
        touch=touch,
        owner_id=owner_id,
        incident_id=incident_id,
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
        actor, customer, place, case_id=case.id, owner_id=owner_id, now=now,
        channel=touch.channel if touch else "", due_at=due_at,
    )  # fmt: skip
    listen(actor, case, f"{title}\n{words}", now)
    if touch is not None and touch.waiting:
        serve.settle_touch(actor, touch, now=now)
        promises.keep_answer(actor, touch, now=now)
    return Opened(case, messages, clock)
