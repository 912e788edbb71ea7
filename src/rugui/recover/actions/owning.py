"""Whose a case is: the first to hear owns it until another accepts it (method line R6).

A hand-over carries a note and must be accepted. Accepted by nobody within three minutes it comes back to whose it was,
and rings (the clock sees to that: `promise/clock/hand_over.sql`). Taking a case over by oneself needs nobody's asking.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from ...core.errors import ChangedMeanwhile, InputError, NotAllowed
from ...core.journal import record
from ...core.phrases import REQUIRED
from ...house.access import Actor
from ...house.models import Staff
from ...promise.models import Promise
from .. import people
from ..models import Case, HandOver
from .common import LONGEST_TEXT, case_event, hold, must_not_be_closed, must_not_be_longer

HAND_OVER_WAITS = timedelta(minutes=3)
LONGEST_ANSWER = 300
State = HandOver.State


def take_case(actor: Actor, case: Case, *, owner: Staff, now: datetime) -> None:
    """Makes `owner` the one who sees it through; the clock rings for them from now on.

    Two who take it at once: the second is told, because it has a new owner.
    """
    seen = case.owner_id
    hold(actor, case)
    if case.owner_id != seen or case.state == Case.State.CLOSED:
        raise ChangedMeanwhile
    waiting = HandOver.objects.filter(case=case, state=State.WAITING).first()
    if waiting is not None:
        asked = owner.id in waiting.asked
        _end(actor, waiting, State.ACCEPTED if asked else State.WITHDRAWN, now)
    give(actor, case, owner.id, now)


def hand_over(actor: Actor, case: Case, *, to: Staff, note: str, now: datetime) -> HandOver:
    """Asks a colleague to take the case over. It stays with its owner until they accept."""
    must_not_be_closed(actor, case)
    if actor.staff_id != case.owner_id and not actor.leads(case.place_id):
        raise NotAllowed(_("Only whoever owns a case, or a manager, hands it over. You can take it over."))
    if not note.strip():
        raise InputError({"note": REQUIRED})
    must_not_be_longer("note", note, LONGEST_TEXT)
    if to.id == case.owner_id:
        raise InputError({"to": _("It is theirs already. Choose somebody else.")})
    if to.id not in {one.staff.id for one in people.who_serves(case.place_id)}:
        raise InputError({"to": _("They do not serve at this place. Choose somebody who does.")})
    if HandOver.objects.filter(case=case, state=State.WAITING).exists():
        raise ChangedMeanwhile(_("It is being handed over already. Wait for the answer, or take that back."))
    return ask(actor, case, [to.id], note, now)


def accept(actor: Actor, handing: HandOver, *, now: datetime) -> None:
    """Whoever was asked makes the case theirs. Of several asked at once the first has it."""
    case = handing.case
    hold(actor, case)
    _must_be_asked(actor, handing)
    _end(actor, handing, State.ACCEPTED, now)
    give(actor, case, actor.must_be_staff(), now)
    record(actor, now, case_event("hand_over.accepted", case, handing.id))


def decline(actor: Actor, handing: HandOver, *, answer: str = "", now: datetime) -> None:
    """Whoever was asked cannot take it now, and may say why. It stays whose it was, who is told at once."""
    case = handing.case
    hold(actor, case)
    must_not_be_longer("answer", answer, LONGEST_ANSWER)
    staff_id = _must_be_asked(actor, handing)
    left = [each for each in handing.asked if each != staff_id]
    if left:
        rows = HandOver.objects.filter(id=handing.id, state=State.WAITING, asked=handing.asked)
        if not rows.update(asked=left):
            raise ChangedMeanwhile
        handing.asked = left
    else:
        _end(actor, handing, State.DECLINED, now, answer=answer.strip())
    record(actor, now, case_event("hand_over.declined", case, handing.id, told=[case.owner_id]))


def withdraw_hand_over(actor: Actor, handing: HandOver, *, now: datetime) -> None:
    """The owner, or a manager, keeps it after all."""
    case = handing.case
    hold(actor, case)
    if actor.staff_id != case.owner_id and not actor.leads(case.place_id):
        raise NotAllowed(_("Only whoever owns a case, or a manager, takes a hand-over back."))
    _end(actor, handing, State.WITHDRAWN, now)
    record(actor, now, case_event("hand_over.withdrawn", case, handing.id))


def ask(
    actor: Actor, case: Case, asked: Sequence[int], note: str, now: datetime, *, by_rule: bool = False
) -> HandOver:
    """A new hand-over; the caller holds the case's row and has seen that none waits."""
    made = HandOver.objects.create(
        organization_id=case.organization_id,
        case=case,
        place_id=case.place_id,
        asked_by_id=actor.staff_id,
        asked=list(asked),
        by_rule=by_rule,
        note=note.strip(),
        asked_at=now,
        due_at=now + HAND_OVER_WAITS,
    )
    record(actor, now, case_event("hand_over.asked", case, made.id, told=list(asked), by_rule=by_rule))
    return made


def end_waiting(actor: Actor, case: Case, now: datetime) -> None:
    """What waits for an answer need not be answered any more. The caller holds the case's row."""
    for handing in HandOver.objects.filter(case=case, state=State.WAITING):
        _end(actor, handing, State.WITHDRAWN, now)
        record(actor, now, case_event("hand_over.withdrawn", case, handing.id))


def give(actor: Actor, case: Case, staff_id: int, now: datetime) -> None:
    """The case and all that is owed in it is somebody's from now on. The caller holds the case's row."""
    before = case.owner_id
    Case.objects.filter(id=case.id).update(owner_id=staff_id)
    theirs = Promise.objects.filter(case_id=case.id, settled_at=None).exclude(kind__in=Promise.AMONG_US)
    theirs.update(owner_id=staff_id)  # what one colleague owes another stays where it is
    case.owner_id = staff_id
    record(actor, now, case_event("case.taken", case, owner=staff_id, before=before))


def leave_cases(actor: Actor, staff: Staff, now: datetime) -> None:
    """Somebody no longer works here: what was theirs to put right goes to who leads the place."""
    for case in (
        Case.objects.filter(owner=staff).exclude(state=Case.State.CLOSED).select_related("customer", "place")
    ):
        hold(actor, case)
        if case.owner_id != staff.id or case.state == Case.State.CLOSED:
            continue
        end_waiting(actor, case, now)
        heir = people.first_owner(case.place, case.customer)
        if heir is not None:
            give(actor, case, heir, now)


def _must_be_asked(actor: Actor, handing: HandOver) -> int:
    staff_id = actor.must_be_staff()
    if staff_id not in handing.asked:
        raise NotAllowed(_("Somebody else was asked. You can take the case over instead."))
    return staff_id


def _end(actor: Actor, handing: HandOver, state: State, now: datetime, *, answer: str = "") -> None:
    """Raises `ChangedMeanwhile` when it has ended already: accepted by another, taken back, or come back by itself."""
    rows = HandOver.objects.filter(id=handing.id, state=State.WAITING)
    if not rows.update(state=state, ended_at=now, ended_by_id=actor.staff_id, answer=answer):
        raise ChangedMeanwhile(_("This hand-over has ended already. Look at whose the case is now."))
    handing.state, handing.ended_at = state, now
