"""Staying in touch after it was solved (method line R7): soon, later, and then until the next visit happens.

Two follow-ups are promised by themselves when a case is solved; when the last of them is kept the next is promised, ever
further apart, until the customer comes again or a year is over. They go on when the case is closed.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from ...core.journal import record
from ...engines.calendar import next_open
from ...house import queries as house
from ...house.access import Actor
from ...promise import actions as promises
from ...promise.models import Promise
from ...serve.models import Visit
from ..models import Case, CaseStep
from .common import case_event, step_done

SOON, LATER = 1, 7
THEN = (30, 60, 120, 240, 365)
"""Days after it was solved."""
HOUR = 11
"""Local time: nobody is called early, late, or in the middle of leaving."""


def plan(actor: Actor, case: Case, now: datetime) -> None:
    """The first two, in the transaction that solves the case; its row is held."""
    for days in (SOON, LATER):
        _promise(actor, case, now, days, now)
    step_done(actor, case, CaseStep.Step.FOLLOW_UP, "", now)


def go_on(actor: Actor, promise: Promise, now: datetime) -> None:
    """A follow-up was kept: when it was the last one planned, the next is. Called by the promises' room."""
    if promise.kind != Promise.Kind.FOLLOW_UP or promise.case_id is None:
        return
    case = Case.objects.select_related("customer", "place").get(id=promise.case_id)
    if case.solved_at is None or _running(case.id).exists():
        return
    days = next(
        (each for each in THEN if case.solved_at + timedelta(days=each) > now + timedelta(days=1)), None
    )
    if days is not None and not _came_again(case):
        _promise(actor, case, case.solved_at, days, now)


def end(actor: Actor, case: Case, now: datetime) -> None:
    """Nothing more is promised: the case is open again, or the step was left out."""
    for promise in _running(case.id):
        promises.let_go(actor, promise, now=now)


def came_again(actor: Actor, visit: Visit, now: datetime) -> None:
    """The next visit happens: that is what the following up was for."""
    rows = Promise.objects.filter(
        customer_id=visit.customer_id, kind=Promise.Kind.FOLLOW_UP, case__isnull=False, settled_at=None
    )
    for promise in rows.select_related("case"):
        promises.let_go(actor, promise, now=now)
        assert promise.case is not None
        record(actor, now, case_event("case.came_again", promise.case, visit.id))


def did_not_come(actor: Actor, visit: Visit, arrived_at: datetime, now: datetime) -> None:
    """An arrival was marked by mistake: what ended with it goes on."""
    rows = Promise.objects.filter(
        customer_id=visit.customer_id,
        kind=Promise.Kind.FOLLOW_UP,
        case__isnull=False,
        state=Promise.State.WITHDRAWN,
        settled_at=arrived_at,
        due_at__gt=now,
    )
    for promise in rows.select_related("customer", "place"):
        promises.run_again(actor, promise, now=now)


def _running(case_id: int) -> QuerySet[Promise]:
    return Promise.objects.filter(case_id=case_id, kind=Promise.Kind.FOLLOW_UP, settled_at=None)


def _came_again(case: Case) -> bool:
    return Visit.objects.filter(customer_id=case.customer_id, arrived_at__gt=case.solved_at).exists()


def _promise(actor: Actor, case: Case, since: datetime, days: int, now: datetime) -> None:
    """A follow-up so many days after `since`, at a civil hour at which the place is open."""
    with translation.override(case.place.organization.language):
        text = _("Ask how they are, and whether it is still right")
    promises.owe(
        actor,
        case.customer,
        case.place,
        kind=Promise.Kind.FOLLOW_UP,
        due_at=_at(case, since, days),
        text=text,
        owner_id=case.owner_id,
        case_id=case.id,
        now=now,
    )


def _at(case: Case, since: datetime, days: int) -> datetime:
    local = (since + timedelta(days=days)).astimezone(case.place.zone)
    civil = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if civil <= since:
        civil += timedelta(days=1)
    calendar = house.opening_calendar(case.place)
    return next_open(calendar, civil) or civil
