"""Reading promises: what is owed, to whom, by when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.db.models import Count, Min, Q, QuerySet

from ..core.ready import Ready
from ..house.models import Place, Staff
from ..know.models import Customer, Identity
from ..serve.models import Touch
from .models import Promise, Ring
from .sought import Sought, condition

State = Promise.State
SAME_TALK = timedelta(hours=24)
"""Who writes again so soon after our answer goes on with the same talk."""


_ANSWERED = Ready(
    lambda customer_id, place_id, since, until: Touch.objects.filter(
        customer_id=customer_id,
        place_id=place_id,
        direction=Touch.Direction.OUT,
        at__gte=since,
        at__lte=until,
    ).order_by()[:1]
)


def kind_of_answer(customer: Customer, place: Place, touch: Touch) -> Promise.Kind:
    """Whether a message begins a talk or goes on with one in which we spoke within a day."""
    spoken = _ANSWERED.first(customer.id, place.id, touch.at - SAME_TALK, touch.at)
    return Promise.Kind.ANSWER if spoken is None else Promise.Kind.NEXT_ANSWER


def _owed() -> QuerySet[Promise]:
    """Without the reports owed to the many whom one cause hit: `together` has those, a line for each cause."""
    rows = Promise.objects.filter(settled_at=None).exclude(GATHERED)
    return rows.select_related("customer", "case", "owner")


GATHERED = Q(kind=Promise.Kind.PROGRESS, case__incident__isnull=False)


@dataclass(frozen=True, slots=True)
class Together:
    """The reports owed to all whom one cause hit."""

    incident_id: int
    title: str
    count: int
    due_at: datetime
    """The first of them."""


def together(place_ids: Iterable[int], language: str) -> list[Together]:
    """What these places owe to many at once, a line for each cause, soonest due first."""
    rows = Promise.objects.filter(GATHERED, place_id__in=list(place_ids), settled_at=None)
    found = rows.values_list("case__incident_id", "case__incident__titles").annotate(
        count=Count("id"), due=Min("due_at")
    )
    return [
        Together(number, titles.get(language) or next(iter(titles.values())), count, due)
        for number, titles, count, due in found.order_by("due")
    ]


@cache
def _running(limit: int) -> Ready[Promise]:
    return Ready(lambda place_id: _owed().filter(place_id=place_id).order_by("due_at")[:limit])


def running(place_id: int, *, limit: int = 100) -> list[Promise]:
    """What a place still owes, soonest due first; so the broken ones, whose time has passed, lead."""
    return _running(limit)(place_id)


def board(sought: Sought, *, after: Promise | None = None, limit: int = 50) -> list[Promise]:
    """What is looked for: of running promises the soonest due first, of ended ones the last due; `after` is the last one of
    the page before."""
    rows = found(sought).exclude(GATHERED) if sought.running else found(sought)
    if after is not None:
        # The first condition is what the index can begin from.
        if sought.running:
            beyond = Q(due_at__gt=after.due_at) | Q(due_at=after.due_at, id__gt=after.id)
            rows = rows.filter(Q(due_at__gte=after.due_at) & beyond)
        else:
            beyond = Q(due_at__lt=after.due_at) | Q(due_at=after.due_at, id__lt=after.id)
            rows = rows.filter(Q(due_at__lte=after.due_at) & beyond)
    return list(rows[:limit])


def found(sought: Sought) -> QuerySet[Promise]:
    """Everything that is looked for, in its order."""
    order = ("due_at", "id") if sought.running else ("-due_at", "-id")
    rows = Promise.objects.filter(condition(sought)).select_related("customer", "case", "owner", "place")
    return rows.order_by(*order)


_OWED_TO = Ready(
    lambda customer_id: Promise.objects.filter(customer_id=customer_id, settled_at=None).order_by("due_at")
)


def owed_to(customer: Customer) -> list[Promise]:
    """What a customer is still owed, soonest first. Of the rest around a promise, only the customer is at hand."""
    owed = _OWED_TO(customer.id)
    for promise in owed:
        promise.customer = customer
    return owed


def of_case(case_id: int) -> list[Promise]:
    """Every promise of a case, newest first."""
    return list(Promise.objects.filter(case_id=case_id).select_related("owner").order_by("-made_at", "-id"))


def rings(promise_ids: list[int]) -> dict[int, Ring]:
    """The ring that told people a promise was broken, by promise."""
    rows = Ring.objects.filter(promise_id__in=promise_ids, kind=Ring.Kind.DUE)
    return {ring.promise_id: ring for ring in rows}


def phones(promises: Iterable[Promise]) -> dict[int, tuple[str, str]]:
    """By customer, the number under which a call that is still owed reaches them, the last one learned: to dial, and as
    it was written. One query, none when no call is owed."""
    wanted = {
        each.customer_id
        for each in promises
        if each.kind == Promise.Kind.CALL_BACK and each.settled_at is None
    }
    if not wanted:
        return {}
    rows = Identity.objects.filter(customer_id__in=wanted, kind=Identity.Kind.PHONE).order_by("id")
    return {
        customer_id: (normal, value)
        for customer_id, normal, value in rows.values_list("customer_id", "normal", "value")
    }


def told(promises: Iterable[Promise]) -> dict[int, list[str]]:
    """By promise: the names of those who were told that it is broken. Two queries, none while nothing is broken."""
    broken = [promise.id for promise in promises if promise.state == State.BROKEN]
    if not broken:
        return {}
    found = rings(broken)
    wanted = {staff_id for ring in found.values() for staff_id in ring.told}
    names = dict(Staff.objects.filter(id__in=wanted).values_list("id", "name"))
    return {
        key: [names[staff_id] for staff_id in ring.told if staff_id in names] for key, ring in found.items()
    }
