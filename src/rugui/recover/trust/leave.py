"""Asking for leave to spend more: a leader's screen rings at once, and a rule decides when nobody answers.

The rule decides in the customer's favour. It is a job that waits for its moment in the database and begins with a conditional
change of the question, in one transaction with the spending; so it decides once, whoever is killed meanwhile.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from ...core.errors import ChangedMeanwhile, InputError, NotAllowed, NotFound
from ...core.journal import record
from ...core.money import Money
from ...house.access import LEADERS, Actor, house_actor
from ...house.models import Assignment, Duty
from ...promise import actions as promises
from ...promise.models import Promise
from ..actions.common import case_event, must_not_be_closed
from ..models import Case
from ..remedies import giving
from ..remedies.giving import Gift
from ..remedies.models import Given
from ..worth import firstaid
from ..worth.models import HeldCharge
from . import books, jobs, limits
from .models import Leave

State = Leave.State
TIMES = 5
"""Until an owner sets a ceiling, the rule decides up to so many times what the asker may spend alone on a case."""


def ask(actor: Actor, case: Case, gift: Gift, *, now: datetime, charge: HeldCharge | None = None) -> Leave:
    """Somebody would give more than they may. Asked twice for the same, it is one question."""
    staff_id = actor.must_be_staff()
    must_not_be_closed(actor, case)
    if gift.amount.amount <= 0:
        raise InputError({"amount": _("What costs nothing needs no leave.")})
    giving.check(actor, case, gift, leave=Leave())
    already = Leave.objects.filter(
        case=case, part=gift.part, name=gift.name.strip(), state=State.ASKED
    ).first()
    if already is not None:
        return already
    decides_at = _decides_at(actor, case, gift, now)
    due_at = decides_at or now + timedelta(minutes=limits.rule().ask_minutes)
    promise = promises.owe_colleague(
        actor, case.customer, case.place, kind=Promise.Kind.LEAVE, due_at=due_at,
        owner_id=_leader(case.place_id, staff_id), case_id=case.id, now=now, ring_now=True,
    )  # fmt: skip
    leave = Leave.objects.create(
        organization_id=case.organization_id, case=case, place_id=case.place_id, remedy=gift.remedy, charge=charge,
        part=gift.part, name=gift.name.strip(), amount=gift.amount.amount, currency=gift.amount.currency,
        paid_amount=gift.paid.money.amount if gift.paid else None,
        paid_currency=gift.paid.money.currency if gift.paid else "", rate=gift.paid.rate if gift.paid else None,
        asked_by_id=staff_id, asked_at=now, decides_at=decides_at, promise=promise,
    )  # fmt: skip
    if decides_at is not None:
        jobs.decide_leave.configure(schedule_at=decides_at).defer(
            organization_id=case.organization_id, leave_id=leave.id
        )
    record(
        actor, now, case_event("leave.asked", case, leave.id, amount=leave.amount, currency=leave.currency)
    )
    return leave


def leave(actor: Actor, leave_id: int) -> Leave:
    """One question of a place that the actor sees. Raises `NotFound`."""
    rows = Leave.objects.select_related(
        "case__customer", "case__place", "remedy", "charge", "asked_by", "promise"
    )
    found = rows.filter(id=leave_id).first()
    if found is None or not actor.sees(found.place_id):
        raise NotFound
    return found


def open_at(place_id: int) -> list[Leave]:
    """Questions that wait at a place, the oldest first."""
    rows = Leave.objects.filter(place_id=place_id, state=State.ASKED).select_related(
        "case__customer", "asked_by"
    )
    return list(rows.order_by("asked_at", "id"))


def of_case(case_id: int) -> list[Leave]:
    rows = Leave.objects.filter(case_id=case_id).select_related("asked_by", "decided_by", "promise")
    return list(rows.order_by("-id")[:20])


def grant(actor: Actor, row: Leave, *, now: datetime) -> Given:
    """A leader says yes: the house pays. Nobody says yes to themselves."""
    _must_decide(actor, row)
    _move(row, State.GRANTED, actor, now)
    given = _spend(actor, row, now)
    _settle(actor, row, now)
    return given


def refuse(actor: Actor, row: Leave, *, now: datetime) -> None:
    _must_decide(actor, row)
    _move(row, State.REFUSED, actor, now)
    _settle(actor, row, now)


def withdraw(actor: Actor, row: Leave, *, now: datetime) -> None:
    """Whoever asked needs it no more."""
    actor.must_serve(row.place_id)
    if actor.staff_id != row.asked_by_id:
        raise NotAllowed(_("Only who asked takes the question back."))
    _move(row, State.WITHDRAWN, actor, now)
    _settle(actor, row, now, wanted=False)


def decide_by_rule(organization_id: int, leave_id: int, *, now: datetime) -> bool:
    """In the customer's favour, when it is still open and its time has come. Whether it did. Run within the organization."""
    rows = Leave.objects.select_related(
        "case__customer", "case__place", "remedy", "charge", "asked_by", "promise"
    )
    row = rows.filter(id=leave_id, state=State.ASKED, decides_at__lte=now).first()
    if row is None:
        return False
    house = house_actor(organization_id)
    try:
        with transaction.atomic():
            _move(row, State.GRANTED, house, now)
            _spend(house, row, now)
    except ChangedMeanwhile:  # decided by a person in this moment, or the case was closed
        closed = Leave.objects.filter(id=leave_id, state=State.ASKED, case__state=Case.State.CLOSED)
        if closed.update(state=State.WITHDRAWN, decided_at=now):
            _settle(house, row, now, wanted=False)
        return False
    _settle(house, row, now)
    return True


def gift_of(row: Leave) -> Gift:
    """What was asked for."""
    paid = None
    if row.paid_amount is not None and row.rate is not None:
        paid = books.Paid(Money(row.paid_amount, row.paid_currency), row.rate)
    form = row.remedy.form if row.remedy else ""
    return Gift(row.part, row.name, Money(row.amount, row.currency), form, row.remedy, paid)


def _decides_at(actor: Actor, case: Case, gift: Gift, now: datetime) -> datetime | None:
    """None when only a person may decide: it is above the ceiling."""
    rule = limits.rule()
    ceiling = rule.ceiling
    if rule.pk is None:
        alone = limits.limits().get(actor.role_at(case.place_id) or "", limits.Limit(0, 0)).per_case
        ceiling = None if alone is None else alone * TIMES
    if ceiling is not None and gift.amount.amount > ceiling:
        return None
    return now + timedelta(minutes=rule.ask_minutes)


def _leader(place_id: int, asks: int) -> int | None:
    """Whose screen rings: a leader on duty at the place, or one who is not; never who asks."""
    leads = Assignment.objects.filter(role__in=LEADERS, staff__active=True).exclude(staff_id=asks)
    here = list(leads.filter(place_id=place_id).order_by("staff_id").values_list("staff_id", flat=True))
    everywhere = list(leads.filter(place=None).order_by("staff_id").values_list("staff_id", flat=True))
    on_duty = set(Duty.objects.filter(place_id=place_id, ended_at=None).values_list("staff_id", flat=True))
    every = [*here, *everywhere]
    return next((each for each in every if each in on_duty), next(iter(every), None))


def _must_decide(actor: Actor, row: Leave) -> None:
    actor.must_lead(row.place_id)
    if actor.must_be_staff() == row.asked_by_id:
        raise NotAllowed(_("Nobody grants their own question. Another leader can, or the rule will."))


def _move(row: Leave, state: State, actor: Actor, now: datetime) -> None:
    fields = {"state": state, "decided_at": now, "decided_by_id": actor.staff_id}
    if not Leave.objects.filter(id=row.id, state=State.ASKED).update(**fields):
        raise ChangedMeanwhile
    for name, value in fields.items():
        setattr(row, name, value)
    record(actor, now, case_event(f"leave.{state}", row.case, row.id))


def _spend(actor: Actor, row: Leave, now: datetime) -> Given:
    if row.charge is not None:
        return firstaid.waive(actor, row.charge, now=now, leave=row)
    return giving.give(actor, row.case, gift_of(row), leave=row, now=now)


def _settle(actor: Actor, row: Leave, now: datetime, *, wanted: bool = True) -> None:
    if row.promise is not None:
        promises.settle_colleague(actor, row.promise, now=now, wanted=wanted)
