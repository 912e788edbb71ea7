"""Reading what happens: who is expected, who is here, which messages wait."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache

from django.db.models import Q

from ..core.ready import Ready
from .models import Purchase, Touch, Visit

LATELY = timedelta(hours=2)
STEP = timedelta(minutes=5)


@cache
def _expected(limit: int) -> Ready[Visit]:
    rows = Visit.objects.filter(state=Visit.State.EXPECTED).select_related("customer").order_by("expected_at")
    return Ready(lambda place_id, until: rows.filter(place_id=place_id, expected_at__lt=until)[:limit])


@cache
def _here(limit: int) -> Ready[Visit]:
    rows = Visit.objects.filter(state=Visit.State.ARRIVED).select_related("customer").order_by("-arrived_at")
    return Ready(lambda place_id: rows.filter(place_id=place_id)[:limit])


@cache
def _waiting(limit: int) -> Ready[Touch]:
    rows = Touch.objects.filter(waiting=True).select_related("customer").order_by("at")
    return Ready(lambda place_id: rows.filter(Q(place_id=place_id) | Q(place_id=None))[:limit])


def expected(place_id: int, *, until: datetime, limit: int = 50) -> list[Visit]:
    """Visits still expected at a place, the overdue ones too, in order of time."""
    return _expected(limit)(place_id, until)


def here(place_id: int, *, limit: int = 50) -> list[Visit]:
    """Who is in the house, latest arrival first."""
    return _here(limit)(place_id)


def running_late(here: Iterable[Visit], *, now: datetime) -> timedelta:
    """By how much appointments begin late now, in steps of five minutes: as those begun lately did, and at least as long as
    somebody who is here has waited. `here` are the visits of those who are in the house."""
    waited, lately = [timedelta()], []
    for visit in here:
        if visit.kind != Visit.Kind.APPOINTMENT or visit.arrived_at is None:
            continue
        since = max(visit.expected_at, visit.arrived_at)
        if visit.begun_at is None:
            waited.append(now - since)
        elif visit.begun_at > now - LATELY:
            lately.append(max(visit.begun_at - since, timedelta()))
    late = max([*waited, *(sorted(lately)[len(lately) // 2 :][:1])])
    return late - late % STEP


def waiting(place_id: int, *, limit: int = 30) -> list[Touch]:
    """Messages that nobody has answered, longest waiting first; those to the whole house too."""
    return _waiting(limit)(place_id)


def next_visit(customer_id: int) -> Visit | None:
    """The visit going on, or the next one expected."""
    rows = Visit.objects.filter(
        customer_id=customer_id, state__in=[Visit.State.ARRIVED, Visit.State.EXPECTED]
    )
    return rows.select_related("place").order_by("state", "expected_at").first()


def purchases(customer_id: int, *, limit: int = 20) -> list[Purchase]:
    """What a customer bought, the latest first."""
    rows = Purchase.objects.filter(customer_id=customer_id, kind=Purchase.Kind.PURCHASE)
    return list(rows.order_by("-at")[:limit])
