"""The pages of promises: the board, giving one, and what is done about each."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from rugui.core.ids import public_id
from rugui.core.tenancy import within
from rugui.know.actions import GivenIdentity, add_customer
from rugui.promise.models import Promise, Ring
from rugui.serve.actions import record_touch

from .. import factories
from ..recover.help import HX, acting, again, given, journal, opened, queries, text

pytestmark = pytest.mark.django_db


def post_addresses(promise: Promise) -> list[str]:
    return [
        reverse(f"promise-{verb}", args=[promise.id])
        for verb in ("keep", "withdraw", "take", "undo", "renegotiate")
    ]


def break_it(house: factories.House, promise: Promise, *told: str) -> None:
    """What the clock does."""
    with within(house.id):
        Promise.objects.filter(id=promise.id).update(state="broken", ring_at=None)
        ids = [house.people[name].id for name in told]
        Ring.objects.create(
            organization=house.organization, promise=promise, kind="due", at=promise.due_at, told=ids
        )


@pytest.mark.parametrize("count", [1, 3])
def test_the_board_needs_as_many_queries_for_many_as_for_one(
    lake_house: factories.House, browse: factories.Browse, count: int
) -> None:
    for number in range(count):
        given(lake_house, factories.customer(lake_house, f"Guest {number}"))
    client = browse(lake_house, "carol")
    page = client.get(reverse("promises")).content.decode()
    assert page.count('class="row promise"') == count
    assert queries(client, reverse("promises")) == 7


def test_the_board_leads_with_what_is_due_first_and_says_who_knows_of_a_broken_one(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    later = given(lake_house, factories.customer(lake_house, "Mr Ito"), text="Book the boat")
    soon = given(
        lake_house, factories.customer(lake_house, "Ms Chen"), due_at=later.due_at - timedelta(minutes=30)
    )
    break_it(lake_house, soon, "carol", "bob")
    client = browse(lake_house, "carol")
    page = text(client.get(reverse("promises")))
    assert page.index("Call back · Ms Chen") < page.index("Book the boat · Mr Ito")
    assert "Carol and Bob have been told." in page
    assert queries(client, reverse("promises")) == 9


def test_it_shows_ones_own_or_one_kind(lake_house: factories.House, browse: factories.Browse) -> None:
    given(lake_house, factories.customer(lake_house, "Ms Chen"), by="bob", kind="delivery")
    given(lake_house, factories.customer(lake_house, "Mr Ito"))
    client = browse(lake_house, "carol")

    def shown(query: str) -> list[str]:
        page = text(client.get(reverse("promises") + query))
        return [name for name in ("Ms Chen", "Mr Ito") if name in page]

    assert shown("") == ["Ms Chen", "Mr Ito"]
    assert shown("?who=mine") == ["Mr Ito"]
    assert shown("?kind=delivery") == ["Ms Chen"]
    assert shown("?kind=nonsense") == ["Ms Chen", "Mr Ito"]


def test_it_turns_the_page_without_missing_one_due_at_the_same_moment(
    lake_house: factories.House, browse: factories.Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rugui.promise.board_views.PAGE", 2)
    first = given(lake_house, factories.customer(lake_house, "Guest 0"))
    for number in range(1, 5):
        given(lake_house, factories.customer(lake_house, f"Guest {number}"), due_at=first.due_at)
    client, address, seen = browse(lake_house, "carol"), reverse("promises"), []
    while address:
        response = client.get(address)
        seen += [row.promise.customer.name for row in response.context["rows"]]
        address = (
            f"{reverse('promises')}?after={response.context['next']}" if response.context["next"] else ""
        )
    assert seen == [f"Guest {number}" for number in range(5)]
    assert client.get(reverse("promises") + "?after=nonsense").status_code == 200


def test_the_board_gets_only_what_changed(lake_house: factories.House, browse: factories.Browse) -> None:
    promise, client = given(lake_house), browse(lake_house, "carol")
    mark = client.get(reverse("promises")).content.decode().split('name="rows" value="')[1][:16]
    assert client.get(reverse("promises"), {"rows": mark}, headers=HX).content == b""
    client.post(reverse("promise-keep", args=[promise.id]))
    assert (
        "No promise is running"
        in client.get(reverse("promises"), {"rows": mark}, headers=HX).content.decode()
    )


@pytest.mark.parametrize(
    ("name", "status"), [("alice", 200), ("bob", 200), ("carol", 200), ("erin", 403), ("dan", 404)]
)
def test_who_may_do_what(
    lake_house: factories.House, browse: factories.Browse, name: str, status: int
) -> None:
    promise = given(lake_house)
    client = browse(lake_house, name)
    assert client.get(reverse("promise-renegotiate", args=[promise.id])).status_code == status
    if status == 200:
        return
    for address in post_addresses(promise):
        assert client.post(address, {"wait": "30"}).status_code == status
    assert journal(lake_house) == ["promise.given"]
    assert ("Promise something" in text(client.get(reverse("promises")))) is (name == "dan")


def test_another_house_sees_nothing_and_a_stranger_is_asked_to_sign_in(
    lake_house: factories.House, other_house: factories.House, browse: factories.Browse, client: Client
) -> None:
    promise = given(lake_house)
    mallory = browse(other_house, "mallory")
    for address in post_addresses(promise):
        assert mallory.post(address, {"wait": "30"}).status_code == 404
        assert client.post(address).status_code == 302
    assert "Ms Chen" not in text(mallory.get(reverse("promises")))
    assert client.get(reverse("promises")).url == "/accounts/login/?next=%2Fpromises"


def test_keeping_one_is_one_tap_and_can_be_undone(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    promise, client = given(lake_house), browse(lake_house, "carol")
    response = client.post(reverse("promise-keep", args=[promise.id]), headers=HX)
    assert response.status_code == 204
    told = json.loads(response["HX-Trigger"])
    assert told["toast"] == {"text": "Kept.", "undo": reverse("promise-undo", args=[promise.id])}
    assert again(lake_house, promise).state == "kept"
    assert client.post(told["toast"]["undo"], headers=HX).status_code == 204
    assert again(lake_house, promise).state == "open"
    assert client.post(reverse("promise-withdraw", args=[promise.id])).url == reverse("promises")
    refused = client.post(reverse("promise-keep", args=[promise.id]), headers=HX)
    assert refused.status_code == 409
    assert "Somebody else changed this" in text(refused)


def test_it_is_given_from_a_card_within_minutes(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    customer, client = factories.customer(lake_house), browse(lake_house, "carol")
    address = reverse("promise-give", args=[customer.id])
    assert client.get(address).status_code == 200
    client.post(address, {"kind": "call_back", "text": "Call about the boat", "wait": "20", "mine": "on"})
    with within(lake_house.id):
        promise = Promise.objects.get()
    assert (promise.text, promise.owner_id) == ("Call about the boat", lake_house.people["carol"].id)
    assert promise.due_at - promise.made_at == timedelta(minutes=20)


def test_it_is_given_for_a_time_of_the_places_clock(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    customer, client = factories.customer(lake_house), browse(lake_house, "carol")
    local = (datetime.now(lake_house.place.zone) + timedelta(days=1)).replace(
        hour=9, minute=0, second=0, microsecond=0
    )
    fields = {"kind": "delivery", "wait": "at", "at": f"{local:%Y-%m-%dT%H:%M}"}
    client.post(reverse("promise-give", args=[customer.id]), fields)
    with within(lake_house.id):
        assert Promise.objects.get().due_at == local


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"wait": "at"}, "Say at what time."),
        ({"wait": "at", "at": "2020-01-01T10:00"}, "a time still to come"),
        ({"wait": "at", "at": "soon"}, "Enter a valid date/time."),
        ({"wait": "7"}, "Select a valid choice"),
        ({"wait": "10", "kind": "progress"}, "Select a valid choice"),
        ({"wait": "10", "text": "x" * 301}, "at most 300 characters"),
    ],
)
def test_what_cannot_be_promised_is_said_beside_its_field(
    lake_house: factories.House, browse: factories.Browse, fields: dict[str, str], words: str
) -> None:
    customer, client = factories.customer(lake_house), browse(lake_house, "carol")
    response = client.post(reverse("promise-give", args=[customer.id]), {"kind": "call_back", **fields})
    assert response.status_code == 422
    assert words in text(response)
    assert journal(lake_house) == []


def test_a_time_that_the_clocks_jump_over_is_refused(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    with within(lake_house.id):
        type(lake_house.place).objects.update(timezone="Europe/Berlin")
    customer, client = factories.customer(lake_house), browse(lake_house, "carol")
    fields = {"kind": "delivery", "wait": "at", "at": "2027-03-28T02:30"}
    response = client.post(reverse("promise-give", args=[customer.id]), fields)
    assert response.status_code == 422
    assert "this time does not exist" in text(response)


def test_another_time_is_agreed(lake_house: factories.House, browse: factories.Browse) -> None:
    promise, client = given(lake_house), browse(lake_house, "carol")
    client.post(reverse("promise-renegotiate", args=[promise.id]), {"wait": "120"})
    assert again(lake_house, promise).state == "renegotiated"
    assert client.get(reverse("promise-renegotiate", args=[promise.id])).status_code == 409


def test_it_is_taken_only_from_whom_the_page_said(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    promise, bob = given(lake_house), browse(lake_house, "bob")
    address = reverse("promise-take", args=[promise.id])
    assert bob.post(address, {"from": ""}).status_code == 409
    assert bob.post(address, {"from": public_id("staff", lake_house.people["carol"].id)}).status_code == 302
    assert again(lake_house, promise).owner_id == lake_house.people["bob"].id
    assert (
        bob.post(address, {"from": public_id("staff", lake_house.people["bob"].id), "leave": ""}).status_code
        == 302
    )
    assert again(lake_house, promise).owner_id is None


def test_the_clock_of_a_case_leads_to_its_report(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    case, client = opened(lake_house), browse(lake_house, "carol")
    page = client.get(reverse("promises")).content.decode()
    assert f'href="{reverse("case", args=[case.id])}">Report</a>' in page
    assert "/keep" not in page


def test_it_begins_with_whom_it_is_made_to(lake_house: factories.House, browse: factories.Browse) -> None:
    with acting(lake_house, "carol") as (carol, moment):
        chen = add_customer(carol, name="Ms Chen", identities=[], region="TW", now=moment)
    client = browse(lake_house, "carol")
    page = client.get(reverse("promise-new"), {"q": "che"}, headers=HX).content.decode()
    assert reverse("promise-give", args=[chen.id]) in page
    assert "Nobody found" in text(client.get(reverse("promise-new"), {"q": "zzz"}))
    assert browse(lake_house, "erin").get(reverse("promise-new")).status_code == 403


def test_a_call_that_is_owed_leads_to_the_telephone_and_an_answer_to_its_message(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    with acting(lake_house, "carol") as (carol, moment):
        number = GivenIdentity("phone", "0912 345 678")
        chen = add_customer(carol, name="Ms Chen", identities=[number], region="TW", now=moment)
        touch = record_touch(
            carol, chen, channel="chat", direction="in", text="Is it warm?", place=lake_house.place, waiting=True, now=moment
        )  # fmt: skip
    given(lake_house, chen)
    given(lake_house, chen, kind="answer", touch=touch)
    client = browse(lake_house, "carol")
    page = client.get(reverse("promises")).content.decode()
    assert page.count('href="tel:+886912345678"') == 1
    assert page.count(f'href="{reverse("message-answer", args=[touch.id])}"') == 1
    assert queries(client, reverse("promises")) == 7
    assert client.get(reverse("message-answer", args=[touch.id])).status_code == 200
