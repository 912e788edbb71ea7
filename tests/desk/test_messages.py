"""Messages and talks written down by hand."""

from __future__ import annotations

import pytest

from rugui.core.tenancy import within
from rugui.desk.forms import identity_of
from rugui.know import actions as know
from rugui.know.models import Customer, Identity
from rugui.promise.models import Promise
from rugui.recover.models import Case
from rugui.serve.models import Touch

from .. import factories
from ..factories import Browse, House
from .help import acting

pytestmark = pytest.mark.django_db


def test_a_caller_is_recognised_by_the_number(lake_house: House, browse: Browse) -> None:
    with acting(lake_house, "carol") as (carol, now):
        chen = know.add_customer(
            carol, name="Chen", identities=[know.GivenIdentity("phone", "0912 345 678")], region="TW", now=now
        )
    form = {"who": "+886 912 345 678", "channel": "phone", "text": "Is there a cot?"}
    answer = browse(lake_house, "carol").post("/messages/new", form)
    assert (answer.status_code, answer["Location"]) == (302, f"/customers/{chen.public_id}")
    with within(lake_house.id):
        assert Touch.objects.get().waiting
        assert Promise.objects.get().kind == "answer"


def test_a_complaint_opens_its_case(lake_house: House, browse: Browse) -> None:
    form = {"who": "a@x.example", "channel": "email", "text": "Cold!", "complaint": "on"}
    answer = browse(lake_house, "carol").post("/messages/new", form)
    with within(lake_house.id):
        assert answer["Location"] == f"/cases/{Case.objects.get().public_id}"
        assert Identity.objects.get().normal == "a@x.example"


@pytest.mark.parametrize("many", [1, 3])
def test_a_name_shows_those_who_have_it_and_one_is_chosen(
    many: int, lake_house: House, browse: Browse
) -> None:
    with acting(lake_house, "carol") as (carol, now):
        people = [
            know.add_customer(carol, name=f"Chen {number}", region="TW", now=now) for number in range(many)
        ]
    client, form = browse(lake_house, "carol"), {"who": "chen", "channel": "phone", "text": "Hello"}
    asked = client.post("/messages/new", form)
    assert asked.status_code == 422
    assert asked.content.decode().count('type="radio" name="customer"') == many + 1
    client.post("/messages/new", {**form, "customer": people[0].public_id})
    with within(lake_house.id):
        assert Touch.objects.get().customer_id == people[0].id


def test_somebody_new_gets_a_card(lake_house: House, browse: Browse) -> None:
    client = browse(lake_house, "carol")
    client.post("/messages/new", {"who": "Rosalind Achterberg", "channel": "phone", "text": "Hello"})
    client.post("/messages/new", {"who": "Rosalind", "channel": "phone", "text": "Hello", "customer": "new"})
    with within(lake_house.id):
        assert sorted(Customer.objects.values_list("name", flat=True)) == ["Rosalind", "Rosalind Achterberg"]


def test_each_missing_answer_is_named(lake_house: House, browse: Browse) -> None:
    html = browse(lake_house, "carol").post("/messages/new", {"channel": "phone"}).content.decode()
    assert 'id="id_who_error"' in html
    assert 'id="id_text_error"' in html


@pytest.mark.parametrize(
    ("who", "identity"),
    [
        ("0912 345 678", ("phone", "0912 345 678")),
        ("(02) 2345-6789", ("phone", "(02) 2345-6789")),
        ("a@x.example", ("email", "a@x.example")),
        ("@lotus", ("handle", "@lotus")),
        ("Ms Chen", None),
        ("陳玉婷", None),
        ("Room 1234567", None),
        ("12", None),
    ],
)
def test_what_is_typed_is_an_identity_or_a_name(who: str, identity: tuple[str, str] | None) -> None:
    assert identity_of(who, "TW") == identity


def test_a_talk_of_ours_is_kept_and_nobody_waits(lake_house: House, browse: Browse) -> None:
    customer = factories.customer(lake_house)
    form = {"direction": "out", "channel": "in_person", "text": "Showed her the garden", "then": ""}
    answer = browse(lake_house, "carol").post(f"/customers/{customer.public_id}/touches/new", form)
    assert answer["Location"] == f"/customers/{customer.public_id}"
    with within(lake_house.id):
        touch = Touch.objects.get()
        assert (touch.waiting, touch.staff_id) == (False, lake_house.people["carol"].id)
        assert Promise.objects.count() == 0


@pytest.mark.parametrize(
    ("then", "cases", "kinds"), [("answer", 0, ["answer"]), ("complaint", 1, ["progress"])]
)
def test_a_talk_of_theirs_may_start_more(
    then: str, cases: int, kinds: list[str], lake_house: House, browse: Browse
) -> None:
    customer = factories.customer(lake_house)
    form = {"direction": "in", "channel": "phone", "text": "It is cold", "then": then}
    browse(lake_house, "carol").post(f"/customers/{customer.public_id}/touches/new", form)
    with within(lake_house.id):
        assert Case.objects.count() == cases
        assert list(Promise.objects.filter(settled_at=None).values_list("kind", flat=True)) == kinds


def test_what_we_said_ourselves_waits_for_no_answer(lake_house: House, browse: Browse) -> None:
    customer = factories.customer(lake_house)
    form = {"direction": "out", "channel": "phone", "text": "x", "then": "answer"}
    answer = browse(lake_house, "carol").post(f"/customers/{customer.public_id}/touches/new", form)
    assert answer.status_code == 422
    assert "Choose “from them”" in answer.content.decode()
