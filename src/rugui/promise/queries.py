"""Reading promises: what is owed, to whom, by when."""

from __future__ import annotations

from django.db.models import QuerySet

from .models import Promise, Ring


def _owed() -> QuerySet[Promise]:
    return Promise.objects.filter(settled_at=None).select_related("customer", "case", "owner")


def running(place_id: int, *, limit: int = 100) -> list[Promise]:
    """What a place still owes, soonest due first; so the broken ones, whose time has passed, lead."""
    return list(_owed().filter(place_id=place_id).order_by("due_at")[:limit])


def owed_to(customer_id: int) -> list[Promise]:
    """What a customer is still owed, soonest first."""
    return list(_owed().filter(customer_id=customer_id).order_by("due_at"))


def of_case(case_id: int) -> list[Promise]:
    """Every promise of a case, newest first."""
    return list(Promise.objects.filter(case_id=case_id).select_related("owner").order_by("-made_at", "-id"))


def rings(promise_ids: list[int]) -> dict[int, Ring]:
    """The ring that told people a promise was broken, by promise."""
    rows = Ring.objects.filter(promise_id__in=promise_ids, kind=Ring.Kind.DUE)
    return {ring.promise_id: ring for ring in rows}
