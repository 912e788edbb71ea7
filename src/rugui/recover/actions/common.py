"""What every action on a case needs: its row held, its words put down, its journal entries."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from ...core import ready
from ...core.errors import ChangedMeanwhile, InputError
from ...core.journal import Event, record
from ...core.phrases import REQUIRED, too_long
from ...house.access import Actor
from ...promise import actions as promises
from ...promise.models import Promise
from ...serve.models import Touch
from ..models import Case, CaseMessage, CaseStep

LONGEST_TEXT = 4000


def renew(actor: Actor, case: Case, now: datetime, due_at: datetime | None = None) -> Promise:
    return promises.renew_progress(
        actor,
        case.customer,
        case.place,
        case_id=case.id,
        owner_id=case.owner_id,
        now=now,
        due_at=due_at,
    )


def clock_of(case: Case) -> int | None:
    """The progress promise of a case that is still owed."""
    owed = Promise.objects.filter(case_id=case.id, kind=Promise.Kind.PROGRESS, settled_at=None)
    return owed.order_by("-made_at", "-id").values_list("id", flat=True).first()


def hold_row(case: Case) -> None:
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


def hold(actor: Actor, case: Case) -> None:
    actor.must_serve(case.place_id)
    hold_row(case)


def must_not_be_closed(actor: Actor, case: Case) -> None:
    hold(actor, case)
    if case.state == Case.State.CLOSED:
        raise ChangedMeanwhile(_("This case is closed. Reopen it first."))


def must_be_open(actor: Actor, case: Case) -> None:
    hold(actor, case)
    if case.state != Case.State.OPEN:
        raise ChangedMeanwhile(_("This case is no longer open. Reopen it first."))


def must_not_be_longer(name: str, text: str, longest: int) -> None:
    if len(text.strip()) > longest:
        raise InputError({name: too_long(longest)})


def say_to_customer(actor: Actor, case: Case, kind: str, text: str, now: datetime) -> CaseMessage:
    """Puts our words on the customer's page; answers owed in this case are thereby given."""
    if not text.strip():
        raise InputError({"text": REQUIRED})
    must_not_be_longer("text", text, LONGEST_TEXT)
    message = say(actor, case, kind, text, now, direction=CaseMessage.Direction.OUT)
    promises.keep_answers_of_case(actor, case.id, now=now)
    return message


def say(
    actor: Actor,
    case: Case,
    kind: str,
    text: str,
    now: datetime,
    *,
    direction: str,
    touch: Touch | None = None,
) -> CaseMessage:
    message = put(actor, case, kind, text, now, direction, touch)
    record(actor, now, said_event(message, case))
    return message


def put(
    actor: Actor,
    case: Case,
    kind: str,
    text: str,
    now: datetime,
    direction: str,
    touch: Touch | None = None,
) -> CaseMessage:
    message = CaseMessage(
        organization_id=case.organization_id,
        case=case,
        kind=kind,
        direction=direction,
        text=text.strip(),
        at=now,
        touch=touch,
        staff_id=actor.staff_id,
        signed=actor.name if direction == CaseMessage.Direction.OUT else "",
    )
    ready.insert(message)
    return message


def said_event(message: CaseMessage, case: Case) -> Event:
    verb = "sent" if message.direction == CaseMessage.Direction.OUT else "received"
    return case_event(f"message.{verb}", case, kind=message.kind)


def step_done(
    actor: Actor, case: Case, step: str, text: str, now: datetime, *, skipped: bool = False
) -> None:
    """The step was walked, or left out with a reason (`text`). A step that had been left out may be walked after all."""
    fields = {"done_at": now, "done_by_id": actor.staff_id, "text": text.strip(), "skipped": skipped}
    CaseStep.objects.update_or_create(
        organization_id=case.organization_id, case=case, step=step, defaults=fields
    )
    record(actor, now, case_event("case.skipped" if skipped else "case.stepped", case, step=str(step)))


def case_event(what: str, case: Case, /, subject_id: int | None = None, **payload: object) -> Event:
    return Event(what, case.place_id, case.customer_id, case.id, subject_id or case.id, dict(payload))
