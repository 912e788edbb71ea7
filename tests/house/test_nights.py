"""When it is night at a house."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from rugui.core.tenancy import within
from rugui.house.nights import coming_night

from .. import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("moment", "night"),
    [
        ("2026-09-16T00:30+00:00", "2026-09-17T00:30+00:00"),  # half past two itself: the next one
        ("2026-09-16T00:29+00:00", "2026-09-16T00:30+00:00"),
        ("2026-09-16T12:00+00:00", "2026-09-17T00:30+00:00"),
        ("2026-10-24T12:00+00:00", "2026-10-25T00:30+00:00"),  # half past two comes twice: the first
        ("2026-12-01T12:00+00:00", "2026-12-02T01:30+00:00"),
    ],
)
def test_the_coming_night_is_by_the_clock_on_the_wall(
    lake_house: factories.House, moment: str, night: str
) -> None:
    with within(lake_house.organization.id):
        lake_house.place.timezone = "Europe/Berlin"
        lake_house.place.save()
        assert coming_night(time(2, 30), now=datetime.fromisoformat(moment)).astimezone(
            UTC
        ) == datetime.fromisoformat(night)
