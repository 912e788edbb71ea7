"""When appointments really begin, and telling those who have not set out yet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from rugui.core.errors import ChangedMeanwhile, InputError
from rugui.core.tenancy import within
from rugui.core.time import now as this_moment
from rugui.serve import actions, queries
from rugui.serve.models import Visit

from .. import factories
from ..factories import NOON, Browse, House
from ..recover.help import journal, text

pytestmark = pytest.mark.django_db


def appointment(
    house: House, name: str = "Ms Chen", *, kind: str = "appointment", in_minutes: int = 0
) -> Visit:
    customer, carol, now = factories.customer(house, name), house.actor("carol"), this_moment()
    with within(house.id):
        at = now + timedelta(minutes=in_minutes)
        return actions.expect_visit(carol, customer, house.place, kind=kind, expected_at=at, now=now)


def test_it_begins_once_and_of_somebody_expected_they_are_here_too(lake_house: House) -> None:
    visit, carol = appointment(lake_house), lake_house.actor("carol")
    with within(lake_house.id):
        actions.begin(carol, visit, now=NOON)
        with pytest.raises(ChangedMeanwhile):
            actions.begin(carol, visit, now=NOON)
        row = Visit.objects.get(id=visit.id)
        assert (row.state, row.arrived_at, row.begun_at) == ("arrived", NOON, NOON)
        actions.undo(carol, row, now=NOON)
        row = Visit.objects.get(id=visit.id)
        assert (row.state, row.arrived_at, row.begun_at) == ("expected", None, None)
    assert journal(lake_house) == ["visit.expected", "visit.arrived", "visit.begun", "visit.expected"]


def test_only_an_appointment_begins(lake_house: House) -> None:
    visit, carol = appointment(lake_house, kind="booking"), lake_house.actor("carol")
    with within(lake_house.id):
        for act in (actions.begin, actions.tell_delay):
            with pytest.raises(InputError, match="Only an appointment"):
                act(carol, visit, now=NOON)
        with pytest.raises(IntegrityError), transaction.atomic():
            Visit.objects.filter(id=visit.id).update(begun_at=NOON)


def test_how_late_they_begin_now_is_what_those_here_have_seen() -> None:
    def here(came: int, began: int | None, kind: str = "appointment") -> Visit:
        return Visit(
            kind=kind, state="arrived", expected_at=NOON, arrived_at=NOON + timedelta(minutes=came),
            begun_at=None if began is None else NOON + timedelta(minutes=began),
        )  # fmt: skip

    def late(*visits: Visit, minutes: int = 60) -> int:
        return int(queries.running_late(visits, now=NOON + timedelta(minutes=minutes)).total_seconds() // 60)

    assert late() == 0
    assert late(here(-10, 22), here(0, 18), here(0, 2)) == 15  # the middle one, in steps of five
    assert late(here(30, 33)) == 0  # they came late themselves
    assert late(here(-5, None)) == 60  # somebody sits and waits
    assert late(here(-5, None, "booking")) == 0
    assert late(here(0, 40), minutes=300) == 0  # that was this morning


def test_today_says_that_they_begin_late_and_who_knows(lake_house: House, browse: Browse) -> None:
    waits, comes = appointment(lake_house, in_minutes=-20), appointment(lake_house, "Mr Ito", in_minutes=30)
    with within(lake_house.id):
        Visit.objects.filter(id=waits.id).update(state="arrived", arrived_at=waits.expected_at)
    client = browse(lake_house, "carol")
    page = client.get(reverse("today"))
    assert "Appointments begin about 20 minutes late now." in text(page)
    told = reverse("visit-delay-told", args=[comes.id])
    assert told in page.content.decode()
    assert client.post(told).status_code == 302
    page = client.get(reverse("today"))
    assert "knows that it is late" in text(page)
    assert told not in page.content.decode()
    assert client.post(told).status_code == 409
    begin = reverse("visit-begin", args=[waits.id])
    assert begin in page.content.decode()
    assert client.post(begin).status_code == 302
    assert begin not in client.get(reverse("today")).content.decode()
