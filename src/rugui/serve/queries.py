"""Reading what happens: who is expected, who is here, which messages wait."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from .models import Purchase, Touch, Visit


def expected(place_id: int, *, until: datetime, limit: int = 50) -> list[Visit]:
    """Visits still expected at a place, the overdue ones too, in order of time."""
    rows = Visit.objects.filter(place_id=place_id, state=Visit.State.EXPECTED, expected_at__lt=until)
    return list(rows.select_related("customer").order_by("expected_at")[:limit])


def here(place_id: int, *, limit: int = 50) -> list[Visit]:
    """Who is in the house, latest arrival first."""
    rows = Visit.objects.filter(place_id=place_id, state=Visit.State.ARRIVED)
    return list(rows.select_related("customer").order_by("-arrived_at")[:limit])


def waiting(place_id: int, *, limit: int = 30) -> list[Touch]:
    """Messages that nobody has answered, longest waiting first; those to the whole house too."""
    rows = Touch.objects.filter(Q(place_id=place_id) | Q(place_id=None), waiting=True)
    return list(rows.select_related("customer").order_by("at")[:limit])


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
