"""When it is night at a house: work that nobody waits for is done then."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from .models import Place


def coming_night(at: time, *, now: datetime) -> datetime:
    """The next time that it is `at` by the clock on the wall of the house's first place; by UTC while there is none.

    Asked within the tenancy of a house.
    """
    place = Place.objects.order_by("id").first()
    local = now.astimezone(place.zone if place else UTC)
    night = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return night if night > local else night + timedelta(days=1)
