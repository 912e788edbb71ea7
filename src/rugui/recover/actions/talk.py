"""What is said in a case: to the customer, by the customer, and among colleagues."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Max
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from ...core.errors import InputError, NotAllowed
from ...core.journal import record
from ...core.phrases import REQUIRED
from ...house.access import Actor
from ...house.models import Place
from ...know.models import Customer
from ...promise import actions as promises
from ...promise import waiting
from ...promise.models import Promise
from ...serve import actions as serve
from ...serve.models import Touch
from ..models import Case, CaseMessage, CaseTalk
from .common import (
    LONGEST_TEXT,
    case_event,
    hold,
    hold_row,
    must_not_be_longer,
    say,
    say_to_customer,
)
from .going_up import listen

LONGEST_GUEST_TEXT = 2000
GUEST_MESSAGES = 8
GUEST_WINDOW = timedelta(minutes=10)
"""On their page a customer may write so many times within so long."""
SAME_WORDS = timedelta(minutes=2)


def write_to_customer(actor: Actor, case: Case, *, text: str, now: datetime) -> CaseMessage:
    """Words to the customer that are neither a report nor a solution."""
    hold(actor, case)
    return say_to_customer(actor, case, CaseMessage.Kind.MESSAGE, text, now)


def talk(actor: Actor, case: Case, *, text: str, now: datetime) -> CaseTalk:
    """A word among colleagues. It lies in a table that the customer's page has no right to read."""
    actor.must_serve(case.place_id)
    if actor.staff_id is None:
        raise NotAllowed(_("Only a colleague talks among colleagues."))
    if not text.strip():
        raise InputError({"text": REQUIRED})
    must_not_be_longer("text", text, LONGEST_TEXT)
    said = CaseTalk.objects.create(
        organization_id=case.organization_id, case=case, staff_id=actor.staff_id, text=text.strip(), at=now
    )
    record(actor, now, case_event("talk.said", case, subject_id=said.id))
    return said


def customer_writes(guest: Actor, case: Case, *, text: str, now: datetime) -> CaseMessage:
    """The customer answers on their page. A case whose clock has stopped owes them an answer.

    The same words sent twice (a double tap, a page loaded again) are one message. Raises `InputError` when
    there are too many: the link may have come into idle hands, and the house must not be flooded.
    """
    if not text.strip():
        raise InputError({"text": REQUIRED})
    must_not_be_longer("text", text, LONGEST_GUEST_TEXT)
    hold_row(case)
    lately = CaseMessage.objects.filter(
        case=case,
        direction=CaseMessage.Direction.IN,
        kind=CaseMessage.Kind.MESSAGE,
        touch__channel=Touch.Channel.WEB,
        touch__staff=None,
        touch__external_id=None,
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
    touch = serve.own_words(guest, case.customer, case.place, text=text, case_id=case.id, now=now)
    waiting.answered(guest, case.customer_id, case.place_id, now=now)
    return _hear(guest, case, touch, now)[0]


def thread_for(customer: Customer, place: Place) -> Case | None:
    """The case that further words of this customer at this place belong to, its row held; None when there is none.

    It is a case not yet closed; of several, the one in which something was last said, by either side. The customer's
    row is held first, so that of two messages at once the second finds the case that the first has opened.
    """
    Customer.objects.select_for_update(no_key=True).only("id").get(id=customer.id)
    cases = Case.objects.filter(customer=customer, place=place).exclude(state=Case.State.CLOSED)
    last_said = Coalesce(Max("messages__at"), "opened_at")
    for case in cases.annotate(last_said=last_said).order_by("-last_said", "-id"):
        hold_row(case)
        if case.state != Case.State.CLOSED:  # closed while we waited for it
            case.customer, case.place = customer, place
            return case
    return None


def take_in(actor: Actor, case: Case, touch: Touch, *, now: datetime) -> Promise | None:
    """A message that came in from outside goes into the thread of a case (`thread_for`), where the customer's own answers are.

    Returns the answer that is owed for it; None while the case's clock runs, which is the answer's promise already.
    """
    return _hear(actor, case, touch, now)[1]


def _hear(actor: Actor, case: Case, touch: Touch, now: datetime) -> tuple[CaseMessage, Promise | None]:
    """Words of the customer. The caller holds the case's row. A case whose clock has stopped owes them an answer."""
    kind, direction = CaseMessage.Kind.MESSAGE, CaseMessage.Direction.IN
    message = say(actor, case, kind, touch.text, now, direction=direction, touch=touch)
    listen(actor, case, touch.text, now)
    if case.state == Case.State.OPEN:
        return message, None
    owed = promises.owe_answer(
        actor,
        case.customer,
        case.place,
        owner_id=case.owner_id,
        case_id=case.id,
        channel=touch.channel,
        now=now,
    )
    return message, owed
