"""Visits, purchases and refunds, as people write them down."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rugui.core.money import Money
from rugui.core.tenancy import within
from rugui.house.models import Organization
from rugui.serve import actions
from rugui.serve.models import Purchase, Visit

from .. import factories
from ..desk.help import acting
from ..factories import Browse, House

pytestmark = pytest.mark.django_db


def test_a_visit_is_expected_at_the_places_own_time(lake_house: House, browse: Browse) -> None:
    customer = factories.customer(lake_house)
    form = {"expected_at": "2026-12-24T18:30", "kind": "booking", "about": "Table 4"}
    answer = browse(lake_house, "carol").post(f"/customers/{customer.public_id}/visits/new", form)
    assert answer.status_code == 302
    with within(lake_house.id):
        visit = Visit.objects.get()
        assert visit.expected_at == datetime(2026, 12, 24, 10, 30, tzinfo=UTC)
        assert visit.place_id == lake_house.place.id


@pytest.mark.parametrize(
    ("field", "value", "hint"),
    [
        ("expected_at", "tomorrow", "like 2026-09-03 14:30"),
        ("expected_until", "2026-12-23T10:00", "The end cannot be before the beginning."),
    ],
)
def test_a_visit_that_cannot_be_is_refused_by_name(
    field: str, value: str, hint: str, lake_house: House, browse: Browse
) -> None:
    customer = factories.customer(lake_house)
    form = {"expected_at": "2026-12-24T18:30", "kind": "booking", field: value}
    answer = browse(lake_house, "carol").post(f"/customers/{customer.public_id}/visits/new", form)
    assert answer.status_code == 422
    assert hint in answer.content.decode().split(f'id="id_{field}_error"')[1].split("</div>")[0]


@pytest.mark.parametrize(
    ("currency", "text", "amount"),
    [
        ("EUR", "12.50", 1250),
        ("EUR", "1,250.50", 125050),
        ("EUR", "€ 9", 900),
        ("EUR", "９.５", 950),
        ("TWD", "NT$ 1,280", 128000),
        ("JPY", "350", 350),
    ],
)
def test_money_is_read_as_people_type_it(
    currency: str, text: str, amount: int, lake_house: House, browse: Browse
) -> None:
    customer = factories.customer(lake_house)
    with within(lake_house.id):
        Organization.objects.filter(id=lake_house.id).update(currency=currency)
    url = f"/customers/{customer.public_id}/purchases/new"
    assert browse(lake_house, "carol").post(url, {"amount": text, "about": "Two nights"}).status_code == 302
    with within(lake_house.id):
        purchase = Purchase.objects.get()
        assert (purchase.amount, purchase.currency, purchase.place_id) == (
            amount,
            currency,
            lake_house.place.id,
        )


@pytest.mark.parametrize(
    ("currency", "text", "hint"),
    [
        ("EUR", "12,5", "Write the amount in figures, like €1,250.00."),
        ("EUR", "much", "Write the amount in figures, like €1,250.00."),
        ("EUR", "0", "more than nothing"),
        ("EUR", "-5", "Write the amount in figures"),
        ("EUR", "1.005", "EUR has no such small coin"),
        ("JPY", "3.5", "JPY has no such small coin: write it like ¥1,250."),
        ("EUR", "9" * 20, "more than nothing"),
    ],
)
def test_money_that_cannot_be_read_says_what_would_be_right(
    currency: str, text: str, hint: str, lake_house: House, browse: Browse
) -> None:
    customer = factories.customer(lake_house)
    with within(lake_house.id):
        Organization.objects.filter(id=lake_house.id).update(currency=currency)
    answer = browse(lake_house, "carol").post(
        f"/customers/{customer.public_id}/purchases/new", {"amount": text}
    )
    assert answer.status_code == 422
    assert hint in answer.content.decode().split('id="id_amount_error"')[1].split("</div>")[0]
    with within(lake_house.id):
        assert Purchase.objects.count() == 0


def test_no_more_is_refunded_than_was_paid(lake_house: House, browse: Browse) -> None:
    customer, client = factories.customer(lake_house), browse(lake_house, "carol")
    with acting(lake_house, "carol") as (carol, now):
        bought = actions.record_purchase(
            carol, customer, amount=Money(2000, "EUR"), place=lake_house.place, now=now
        )
    url, form = (
        f"/customers/{customer.public_id}/refunds/new",
        {"refund_of": bought.public_id, "amount": "15"},
    )
    assert client.post(url, form).status_code == 302
    refused = client.post(url, form)
    assert refused.status_code == 422
    assert "At most €5.00" in refused.content.decode().split('id="id_amount_error"')[1]
    assert client.post(url, {"amount": "3", "about": "out of kindness"}).status_code == 302
    with within(lake_house.id):
        assert list(
            Purchase.objects.filter(kind="refund").order_by("id").values_list("amount", "refund_of")
        ) == [
            (1500, bought.id),
            (300, None),
        ]


@pytest.mark.parametrize("many", [1, 3])
def test_the_purchases_to_refund_are_offered(many: int, lake_house: House, browse: Browse) -> None:
    customer = factories.customer(lake_house)
    with acting(lake_house, "carol") as (carol, now):
        for _number in range(many):
            actions.record_purchase(
                carol, customer, amount=Money(2000, "EUR"), place=lake_house.place, now=now
            )
    html = browse(lake_house, "carol").get(f"/customers/{customer.public_id}/refunds/new").content.decode()
    assert html.count("€20.00") == many
