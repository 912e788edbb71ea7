"""Making it right on the page of a case, and what leaders and each person see of trust."""

from __future__ import annotations

import inspect
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from rugui.api.routes import api
from rugui.core.money import Money
from rugui.core.tenancy import within
from rugui.core.time import now
from rugui.know import actions as know
from rugui.recover import actions as recover
from rugui.recover import forms as recover_forms
from rugui.recover.access import Guest
from rugui.recover.models import Case, CaseChoice
from rugui.recover.remedies import catalogue, giving
from rugui.recover.remedies import forms as remedy_forms
from rugui.recover.remedies.models import Given
from rugui.recover.trust import leave, patterns
from rugui.recover.worth import value
from rugui.recover.worth.models import HeldCharge
from rugui.serve import actions as serve

from .. import factories
from .help import HX, acting, again, opened, text
from .help import queries as count_queries
from .test_ledger import left, trusting
from .test_trust import bought, gift

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(lake_house: factories.House) -> Case:
    trusting(lake_house, staff=(10_000, 50_000))
    with acting(lake_house, "alice") as (alice, moment):
        catalogue.begin(alice, now=moment)
    return opened(lake_house)


def panel(browse: factories.Browse, house: factories.House, case: Case, who: str = "carol") -> Any:
    return browse(house, who).get(reverse("case-remedies", args=[case.id]), headers=HX)


def test_a_needed_thing_is_never_against_a_need(
    lake_house: factories.House, browse: factories.Browse, case: Case
) -> None:
    with acting(lake_house, "carol") as (carol, moment):
        know.add_note(carol, case.customer, text="does not drink alcohol", kind="need", now=moment)
    said = text(panel(browse, lake_house, case))
    offered, refused = said.split("Not for them")
    assert "A bottle of wine" not in offered
    assert "A bottle of wine against what they need" in refused
    assert "Late check-out" in offered


def test_one_tap_gives_and_a_second_is_another(
    lake_house: factories.House, browse: factories.Browse, case: Case
) -> None:
    with within(lake_house.id):
        row = next(each for each in catalogue.standing() if each.form == "service")
    client = browse(lake_house, "carol")
    response = client.post(reverse("remedy-give", args=[case.id]), {"remedy": row.public_id}, headers=HX)
    assert response.status_code == 204
    assert left(lake_house, case, "carol") == 10_000 - row.cost
    assert "given on" in text(panel(browse, lake_house, case))  # and is not suggested again


def test_beyond_ones_trust_the_button_asks_and_the_leader_answers_there(
    lake_house: factories.House, browse: factories.Browse, case: Case
) -> None:
    assert b'value="ask"' in panel(browse, lake_house, case).content  # the night costs more than Carol may
    with within(lake_house.id):
        row = next(each for each in catalogue.standing() if each.form == "refund")
    carol, bob = browse(lake_house, "carol"), browse(lake_house, "bob")
    address = reverse("remedy-give", args=[case.id])
    refused = carol.post(address, {"remedy": row.public_id}, headers=HX)
    assert (refused.status_code, "on one case" in text(refused)) == (422, True)
    assert carol.post(address, {"remedy": row.public_id, "do": "ask"}, headers=HX).status_code == 204
    assert "Carol asks: may we give" in text(panel(browse, lake_house, case, "bob"))
    assert "Carol" in text(bob.get(reverse("arrivals"))) or "A colleague asks" in text(
        bob.get(reverse("arrivals"))
    )
    with within(lake_house.id):
        [asked] = leave.of_case(case.id)
    assert bob.post(reverse("leave-decide", args=[asked.id]), {"decision": "grant"}).status_code == 302
    with within(lake_house.id):
        assert Given.objects.get().name == row.called("en")


def test_they_choose_on_their_page_and_it_is_given(
    lake_house: factories.House, browse: factories.Browse, case: Case
) -> None:
    with within(lake_house.id):
        rows = [each for each in catalogue.standing() if each.part == "extra" and each.role == "staff"][:2]
    sent = {"remedy": [each.public_id for each in rows]}
    assert browse(lake_house, "carol").post(reverse("remedy-offer", args=[case.id]), sent).status_code == 302
    with within(lake_house.id):
        chosen = CaseChoice.objects.order_by("id")[1]
        guest = Guest(lake_house.id, case.id).actor
        recover.choose(guest, Case.objects.get(id=case.id), chosen.id, now=now())
        row = Given.objects.select_related("by").get()
    assert (row.remedy_id, row.chosen, row.by and row.by.name) == (rows[1].id, True, "Carol")


def test_something_else_may_be_paid_in_another_currency(
    lake_house: factories.House, browse: factories.Browse, case: Case
) -> None:
    client, address = browse(lake_house, "carol"), reverse("remedy-something", args=[case.id])
    sent = {"part": "extra", "name": "A taxi", "amount": "500", "paid_in": "TWD", "rate": "", "do": "give"}
    assert client.post(address, sent).status_code == 422
    assert client.post(address, {**sent, "rate": "0.029"}).status_code == 302
    with within(lake_house.id):
        row = Given.objects.select_related("entry").get()
    assert (row.cost, row.currency) == (1450, "EUR")
    assert row.entry is not None
    assert (row.entry.paid_amount, row.entry.paid_currency) == (50_000, "TWD")


def test_the_story_is_told_and_heard_at_the_line_up(
    lake_house: factories.House, browse: factories.Browse, case: Case
) -> None:
    with acting(lake_house, "carol") as (carol, moment):
        row = giving.give(carol, case, gift(), now=moment)
    client = browse(lake_house, "carol")
    told = {"story": "She was cold. I brought tea. She laughed.", "outcome": "delighted"}
    assert client.post(reverse("given-story", args=[row.id]), told).status_code == 302
    assert "She was cold. I brought tea. She laughed." in text(client.get(reverse("lineup")))


def test_a_held_charge_is_waived_on_the_page(
    lake_house: factories.House, browse: factories.Browse, case: Case
) -> None:
    bought(lake_house, case, 6000)
    assert "First aid is free" in text(panel(browse, lake_house, case))
    with within(lake_house.id):
        [charge] = HeldCharge.objects.all()
    address = reverse("charge-decide", args=[charge.id])
    assert browse(lake_house, "carol").post(address, {"do": "waive"}).status_code == 302
    assert again(lake_house, charge).state == "waived"


def test_each_person_sees_their_own_balance_only(
    lake_house: factories.House, browse: factories.Browse, case: Case
) -> None:
    with acting(lake_house, "carol") as (carol, moment):
        giving.give(carol, case, gift(5000, "Late check-out"), now=moment)
    assert "€450.00 left this month" in text(browse(lake_house, "carol").get(reverse("my-trust")))
    assert "Late check-out" not in text(browse(lake_house, "bob").get(reverse("my-trust")))


def test_the_owner_sets_limits_with_one_form(lake_house: factories.House, browse: factories.Browse) -> None:
    client = browse(lake_house, "alice")
    assert "Nothing is entrusted yet" in text(client.get(reverse("trust")))
    sent = {
        "staff_per_case": "120",
        "staff_per_month": "",
        "ask_minutes": "7",
        "ceiling": "900",
        "percent": "33",
    }
    assert client.post(reverse("trust"), sent).status_code == 302
    assert left(lake_house, opened(lake_house), "carol") == 12_000
    assert client.post(reverse("trust"), {**sent, "ask_minutes": "0"}).status_code == 422


@pytest.mark.parametrize("count", [1, 3])
def test_the_panel_needs_as_many_queries_for_much_as_for_little(
    lake_house: factories.House, browse: factories.Browse, case: Case, count: int
) -> None:
    with acting(lake_house, "carol") as (carol, moment):
        for number in range(count):
            giving.give(carol, case, gift(10, f"Tea {number}"), now=moment)
            leave.ask(carol, case, gift(90_000, f"A week {number}"), now=moment)
    for _each in range(count):
        bought(lake_house, case)
    assert (
        count_queries(browse(lake_house, "carol"), reverse("case-remedies", args=[case.id])) == PANEL_QUERIES
    )


PANEL_QUERIES = 26


def test_what_is_at_stake_is_the_margin_with_its_range(lake_house: factories.House, case: Case) -> None:
    with acting(lake_house, "alice") as (alice, moment):
        assert value.value_at_stake(case.customer, now=moment) is None
        for weeks in range(1, 11):
            serve.record_purchase(alice, case.customer, amount=Money(10_000, "EUR"), place=lake_house.place,
                                  at=moment - timedelta(weeks=weeks), now=moment)  # fmt: skip
        serve.record_purchase(
            alice, case.customer, amount=Money(99_999, "EUR"), at=moment - timedelta(days=800), now=moment
        )
        serve.record_purchase(
            alice, case.customer, amount=Money(500, "USD"), at=moment - timedelta(days=9), now=moment
        )
        value.set_margin(alice, None, value.Decimal(20), now=moment)
        found = value.value_at_stake(case.customer, now=moment)
        assert found is not None
        assert (found.middle, found.purchases, found.left_out, found.assumed) == (
            Money(20_000, "EUR"),
            10,
            1,
            False,
        )
        assert found.low.amount < 20_000 < found.high.amount
        assert "1 in" in value.lift_words(1000, found)
        assert "more than they are likely worth" in value.lift_words(10**7, found)
        value.set_margin(alice, lake_house.place.id, value.Decimal(40), now=moment)
        there = value.value_at_stake(case.customer, now=moment, place_id=lake_house.place.id)
        assert there is not None
        assert there.middle == Money(40_000, "EUR")


def test_what_stands_out_is_for_the_owner_and_says_what_the_others_do(
    lake_house: factories.House, browse: factories.Browse, case: Case
) -> None:
    trusting(lake_house, staff=(100, None), manager=(100, None))
    for number in range(24):
        other = opened(lake_house, factories.customer(lake_house, f"Guest {number}"))
        who, amount = ("carol", 95) if number % 2 else ("bob", 10)
        with acting(lake_house, who) as (actor, moment):
            row = giving.give(actor, other, gift(amount), now=moment)
            giving.tell(actor, row, story="Well.", outcome="fine", now=moment)
    with acting(lake_house, "alice") as (alice, moment):
        shown = [each for each in patterns.of_staff(alice, now=moment) if each.unusual]
    assert [(each.about, each.hits, each.of, each.rate) for each in shown] == [("Carol", 12, 12, 0.0)]
    page = text(browse(lake_house, "alice").get(reverse("unusual")))
    assert "12 of 12 gifts just below the limit of a case · the others: 0 in 100" in page
    assert browse(lake_house, "bob").get(reverse("unusual")).status_code == 403


def test_nothing_asks_for_proof_before_help() -> None:
    """No form and no call by which somebody is helped has a field for a receipt, a photograph or any other proof."""
    proof = ("proof", "receipt", "evidence", "attach", "upload", "photo", "invoice", "verif")
    forms = [
        form for module in (recover_forms, remedy_forms) for _name, form in inspect.getmembers(module, inspect.isclass)
        if hasattr(form, "base_fields")
    ]  # fmt: skip
    assert len(forms) >= 6
    fields = {f"{form.__name__}.{name}" for form in forms for name in form.base_fields}
    schemas = api.get_openapi_schema()["components"]["schemas"]
    wanted = [name for name in schemas if name.startswith(("CaseIn", "MessageIn", "GiftIn", "SayIn"))]
    assert len(wanted) >= 3
    fields |= {f"{name}.{each}" for name in wanted for each in schemas[name]["properties"]}
    assert [each for each in fields if any(word in each.lower() for word in proof)] == []
    case_in = schemas["CaseIn"]
    assert set(case_in["required"]) == {"customer", "title"}


def test_a_place_has_a_margin_of_its_own_where_the_owner_says_so(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    here, there = lake_house.places
    client, address = browse(lake_house, "alice"), reverse("trust")
    sent = {"ask_minutes": "10", "percent": "40", f"percent_{there.public_id}": "12.5"}
    assert client.post(address, sent).status_code == 302
    with within(lake_house.id):
        assert [str(value.margin(place.id)[0]) for place in (here, there)] == ["40.0", "12.5"]
    assert 'value="12.5"' in client.get(address).content.decode()
    assert client.post(address, {**sent, f"percent_{there.public_id}": ""}).status_code == 302
    with within(lake_house.id):
        assert str(value.margin(there.id)[0]) == "40.0"
    assert client.post(address, {**sent, f"percent_{there.public_id}": "101"}).status_code == 422
