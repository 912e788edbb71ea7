"""Whether customers came back after a failure was put right: gathered from the house's own rows, and said on a page."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from rugui.core.tenancy import within
from rugui.core.time import now
from rugui.know.models import Customer
from rugui.recover.loyalty import gather
from rugui.recover.models import Case, CaseStep
from rugui.recover.remedies.models import Given
from rugui.serve.models import Purchase, Visit

from .. import factories
from .help import queries as count_queries
from .help import text

pytestmark = pytest.mark.django_db


def people(house: factories.House, count: int, name: str) -> list[Customer]:
    with within(house.id):
        return Customer.objects.bulk_create(
            Customer(organization=house.organization, name=f"{name} {n}", created_at=factories.NOON)
            for n in range(count)
        )


def visited(house: factories.House, customers: list[Customer], at: datetime, paid: int = 0) -> None:
    with within(house.id):
        Visit.objects.bulk_create(
            Visit(organization_id=house.id, place=house.place, customer=each, state="arrived", expected_at=at,
                  arrived_at=at, created_at=at)
            for each in customers
        )  # fmt: skip
        if paid:
            Purchase.objects.bulk_create(
                Purchase(
                    organization_id=house.id,
                    place=house.place,
                    customer=each,
                    amount=paid,
                    currency="EUR",
                    at=at,
                )
                for each in customers
            )


def failed(
    house: factories.House, customers: list[Customer], at: datetime, element: str = "time"
) -> list[Case]:
    """A case each, solved on the same day, whose first step was walked with every second of them."""
    with within(house.id):
        made = Case.objects.bulk_create(
            Case(organization_id=house.id, place=house.place, customer=each, owner=house.people["carol"], title="Late",
                 element=element, state="solved", opened_at=at, solved_at=at)
            for each in customers
        )  # fmt: skip
        CaseStep.objects.bulk_create(
            CaseStep(organization_id=house.id, case=each, step="apologise", done_at=at) for each in made[::2]
        )
    return made


@pytest.fixture
def told(lake_house: factories.House) -> factories.House:
    """Forty for whom it was put right, of whom thirty came back; a hundred others, of whom forty did."""
    then = now() - timedelta(days=300)
    hit, others = people(lake_house, 40, "Hit"), people(lake_house, 100, "Other")
    visited(lake_house, [*hit, *others], then, paid=10_000)
    cases = failed(lake_house, hit, then + timedelta(hours=2))
    visited(lake_house, [*hit[:30], *others[:40]], then + timedelta(days=60), paid=5_000)
    with within(lake_house.id):
        Given.objects.bulk_create(
            Given(organization_id=lake_house.id, case=each, part="extra", form="treat", name="Tea", cost=0,
                  currency="EUR", at=then, outcome="delighted", story="They liked it.", told_at=then)
            for each in cases[:30]
        )  # fmt: skip
    return lake_house


def test_it_compares_with_those_who_had_no_failure(told: factories.House) -> None:
    with within(told.id):
        data = gather.gather([told.place.id], "EUR", now=now())
    assert len(data.units) == 40
    assert sum(unit.came for unit in data.units) == 30
    assert {unit.stratum for unit in data.units} <= {unit.stratum for unit in data.others}
    groups = {group for unit in data.units for group in unit.groups}
    assert {
        ("remedy", "treat"),
        ("remedy", "none"),
        ("cause", "time"),
        ("step apologise", "missed"),
    } <= groups


def test_what_belongs_to_the_same_visit_is_no_coming_back(lake_house: factories.House) -> None:
    then = now() - timedelta(days=300)
    hit = people(lake_house, 1, "Hit")
    visited(lake_house, hit, then)
    failed(lake_house, hit, then)
    visited(lake_house, hit, then + timedelta(days=5), paid=30_000)  # pays at the end of the stay
    with within(lake_house.id):
        [unit] = gather.gather([lake_house.place.id], "EUR", now=now()).units
    assert (unit.came, unit.spent) == (False, 0.0)


def test_a_case_of_yesterday_cannot_tell_yet(lake_house: factories.House) -> None:
    failed(lake_house, people(lake_house, 3, "Hit"), now() - timedelta(days=1))
    with within(lake_house.id):
        data = gather.gather([lake_house.place.id], "EUR", now=now())
    assert (data.units, data.waiting) == ([], 3)


def test_who_had_a_failure_lately_is_nobody_to_compare_with(lake_house: factories.House) -> None:
    then = now() - timedelta(days=300)
    other = people(lake_house, 1, "Other")
    visited(lake_house, other, then)
    failed(lake_house, other, then - timedelta(days=9))
    with within(lake_house.id):
        Case.objects.update(state="open")  # no unit itself, and yet a failure
        assert gather.gather([lake_house.place.id], "EUR", now=now()).others == []


def test_the_page_says_what_is_seen_with_its_interval_and_the_rest_too_few(
    told: factories.House, browse: factories.Browse
) -> None:
    page = text(browse(told, "bob").get(reverse("came-back")))
    assert "They came back more often than comparable customers." in page
    assert "75 of 100 came back" in page
    assert "Too few to tell." in page  # ten without an extra
    assert "Hit 1" not in page  # nobody's name
    assert "Carol" not in page


def test_an_empty_house_is_told_that_nothing_can_be_said(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    assert "Too few to tell." in text(browse(lake_house, "alice").get(reverse("came-back")))


@pytest.mark.parametrize("count", [1, 3])
def test_it_asks_the_same_of_the_database_however_many_there_are(
    lake_house: factories.House, browse: factories.Browse, count: int
) -> None:
    then = now() - timedelta(days=300)
    hit = people(lake_house, count, "Hit")
    visited(lake_house, hit, then)
    failed(lake_house, hit, then)
    assert count_queries(browse(lake_house, "bob"), reverse("came-back")) == 14


def test_it_is_for_who_leads(told: factories.House, browse: factories.Browse) -> None:
    assert browse(told, "carol").get(reverse("came-back")).status_code == 403
    other = {"place": told.places[1].public_id}
    assert browse(told, "bob").get(reverse("came-back"), other).status_code == 404
