"""The list of customers, new cards, their facts, identities and notes."""

from __future__ import annotations

import pytest

from rugui.core.tenancy import within
from rugui.know import actions as know
from rugui.know.models import Customer, Identity, Note
from rugui.know.views import PAGE

from .. import factories
from ..desk.help import HTMX, acting, journal, queries, tapped, told
from ..factories import Browse, House

pytestmark = pytest.mark.django_db


def known(house: House, name: str = "陳玉婷", **fields: str) -> Customer:
    with acting(house, "carol") as (carol, now):
        identities = [know.GivenIdentity("phone", "0912 345 678"), know.GivenIdentity("email", "a@x.example")]
        return know.add_customer(carol, name=name, identities=identities, region="TW", now=now, **fields)


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_takes_five_queries(many: int, lake_house: House, browse: Browse) -> None:
    for number in range(many):
        customer = factories.customer(lake_house, f"Guest {number}")
        with acting(lake_house, "carol") as (carol, now):
            know.add_note(carol, customer, text="feathers", kind="need", now=now)
    client = browse(lake_house, "carol")
    # session, person, coming in · customers, needs
    assert queries(client, "/customers") == 5
    html = client.get("/customers").content.decode()
    assert html.count('<li class="row">') == many
    assert html.count("feathers") == many


def test_the_list_goes_on_where_the_page_before_ended(lake_house: House, browse: Browse) -> None:
    for number in range(PAGE + 2):
        factories.customer(lake_house, f"Guest {number:02d}")
    client = browse(lake_house, "carol")
    first = client.get("/customers").content.decode()
    assert (f"Guest {PAGE + 1:02d}" in first, "Guest 01" in first, "Guest 02" in first) == (True, False, True)
    before = first.split("?before=")[1].split('"')[0]
    second = client.get("/customers", {"before": before}).content.decode()
    assert [name for name in ("Guest 00", "Guest 01", "Guest 02") if name in second] == [
        "Guest 00",
        "Guest 01",
    ]
    assert "Older cards" in first
    assert "Older cards" not in second


@pytest.mark.parametrize(
    ("text", "shown"), [("玉婷", True), ("0912345678", True), ("a@x", True), ("Ms Ch", True), ("林", False)]
)
def test_a_search_finds_by_any_identity_or_part_of_a_name(
    text: str, shown: bool, lake_house: House, browse: Browse
) -> None:
    customer = known(lake_house, address_as="Ms Chen")
    html = browse(lake_house, "carol").get("/customers", {"q": text}).content.decode()
    assert (customer.public_id in html) is shown
    assert ("Nobody found" in html) is not shown


def test_a_search_while_typing_sends_the_list_alone(lake_house: House, browse: Browse) -> None:
    known(lake_house)
    answer = browse(lake_house, "carol").get(
        "/customers", {"q": "0912"}, headers={**HTMX, "HX-Target": "customer-list"}
    )
    assert answer.content.decode().lstrip().startswith('<ul class="rows card">')
    assert journal(lake_house)[-1] == "customer.searched"


def test_a_name_is_enough_for_a_card(lake_house: House, browse: Browse) -> None:
    answer = browse(lake_house, "carol").post("/customers/new", {"name": "Ms Chen"})
    with within(lake_house.id):
        customer = Customer.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/customers/{customer.public_id}")


@pytest.mark.parametrize(
    ("field", "value", "hint"),
    [
        ("name", " ", "Please fill it in"),
        ("phone", "12", "Write it with its area"),
        ("email", "chen at home", "It looks like name@example.com"),
    ],
)
def test_what_cannot_be_read_is_named_with_what_would_be_right(
    field: str, value: str, hint: str, lake_house: House, browse: Browse
) -> None:
    answer = browse(lake_house, "carol").post("/customers/new", {"name": "Ms Chen", field: value})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert hint in html.split(f'id="id_{field}_error"')[1].split("</div>")[0]


def test_a_number_that_is_known_is_shown_before_a_second_card_is_made(
    lake_house: House, browse: Browse
) -> None:
    customer, client = known(lake_house), browse(lake_house, "carol")
    form = {"name": "Chen Yu-ting", "phone": "+886912345678"}
    asked = client.post("/customers/new", form)
    html = asked.content.decode()
    assert asked.status_code == 422
    assert f"/customers/{customer.public_id}" in html
    seen = html.split('name="seen" value="')[1].split('"')[0]
    assert client.post("/customers/new", {**form, "seen": seen}).status_code == 302
    with within(lake_house.id):
        assert Customer.objects.count() == 2


def test_the_card_is_edited_and_the_contact_person_taken_away_again(
    lake_house: House, browse: Browse
) -> None:
    customer, client = known(lake_house), browse(lake_house, "carol")
    url, bob = f"/customers/{customer.public_id}/edit", lake_house.people["bob"]
    form = {"name": "陳玉婷", "address_as": "Ms Chen", "language": "zh-hant", "contact_person": bob.public_id}
    assert client.post(url, form).status_code == 302
    with within(lake_house.id):
        customer.refresh_from_db()
        assert (customer.address_as, customer.language, customer.contact_person_id) == (
            "Ms Chen",
            "zh-hant",
            bob.id,
        )
    assert client.post(url, {**form, "contact_person": ""}).status_code == 302
    with within(lake_house.id):
        customer.refresh_from_db()
        assert customer.contact_person_id is None
    assert journal(lake_house).count("customer.changed") == 2
    assert client.post(url, {**form, "contact_person": "a" * 26}).status_code == 422


def test_who_wishes_not_to_be_disturbed_says_so_on_the_card(lake_house: House, browse: Browse) -> None:
    customer, client = known(lake_house), browse(lake_house, "carol")
    card, edit = f"/customers/{customer.public_id}", f"/customers/{customer.public_id}/edit"
    form = {"name": "陳玉婷", "quiet_until": "2999-12-24"}
    assert client.post(edit, form).status_code == 302
    assert "Not to be disturbed until December 24, 2999." in client.get(card).content.decode()
    assert 'value="2999-12-24"' in client.get(edit).content.decode()
    assert client.post(edit, {**form, "never": "on"}).status_code == 302
    assert "Does not wish to hear from us." in client.get(card).content.decode()
    assert client.post(edit, {**form, "quiet_until": "2020-01-01"}).status_code == 302
    assert "Not to be disturbed" not in client.get(card).content.decode()
    assert client.post(edit, {**form, "quiet_until": "soon"}).status_code == 422


def test_an_identity_is_added_and_forgotten(lake_house: House, browse: Browse) -> None:
    customer, client = factories.customer(lake_house), browse(lake_house, "carol")
    url = f"/customers/{customer.public_id}/identities/new"
    wrong = client.post(url, {"kind": "phone", "value": "12"})
    assert wrong.status_code == 422
    assert "Write it with its area" in wrong.content.decode().split('id="id_value_error"')[1]
    assert client.post(url, {"kind": "phone", "value": "0912 345 678"}).status_code == 302
    with within(lake_house.id):
        identity = Identity.objects.get()
        assert identity.normal == "+886912345678"
    answer = tapped(client, f"/identities/{identity.public_id}/remove")
    assert told(answer)["toast"] == {"text": "0912 345 678 is no longer on the card."}
    with within(lake_house.id):
        assert Identity.objects.count() == 0


def test_a_note_says_its_kind_and_source(lake_house: House, browse: Browse) -> None:
    customer, client = factories.customer(lake_house), browse(lake_house, "carol")
    form = {"text": "window table", "kind": "preference", "source": "seen"}
    assert client.post(f"/customers/{customer.public_id}/notes/new", form).status_code == 302
    with within(lake_house.id):
        note = Note.objects.get()
        assert (note.kind, note.source) == ("preference", "seen")
    html = client.get(f"/customers/{customer.public_id}").content.decode()
    assert html.split('class="note-source">')[1].split("</p>")[0].startswith("seen · <time")
    assert html.split('class="note-source">')[1].split("</p>")[0].endswith(" · Carol")
    tools = client.get(f"/notes/{note.public_id}").content.decode()
    assert tools.count("hx-post") == len(Note.Kind.values) + 3  # still so, not any more, off the card


def test_on_the_card_a_kind_is_corrected_with_an_undo(lake_house: House, browse: Browse) -> None:
    customer, client = factories.customer(lake_house), browse(lake_house, "dan")
    with acting(lake_house, "carol") as (carol, now):
        note = know.add_note(carol, customer, text="feathers", place=lake_house.place, now=now)
    answer = tapped(client, f"/notes/{note.public_id}/kind?kind=need")
    undo = f"/notes/{note.public_id}/kind?kind=fact"
    assert told(answer)["toast"] == {"text": "Now kept as: Need.", "undo": undo}
    assert tapped(client, undo).status_code == 204
    with within(lake_house.id):
        assert Note.objects.get().kind == "fact"
    assert tapped(client, f"/notes/{note.public_id}/kind?kind=nonsense").status_code == 422
