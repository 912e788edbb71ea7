"""Every address of the front desk, of people and of visits, by everybody who may ask for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from rugui.connect.inbox import Message, receive
from rugui.know import actions as know
from rugui.serve import actions as serve

from ..factories import Browse, House
from .help import acting

pytestmark = pytest.mark.django_db

PEOPLE = ("alice", "bob", "carol", "dan", "erin")
ALL = (200, 200, 200, 200, 200)
WRITERS = (200, 200, 200, 200, 403)
OF_THE_PLACE = (200, 200, 200, 404, 403)
"""What belongs to the first place: Dan, who works at the other, does not see it."""

READ = {
    "/": (ALL, 200),
    "/today/parts": (ALL, 200),
    "/arrivals": (ALL, 200),
    "/find?q=a": (ALL, 200),
    "/capture/people": (ALL, 200),
    "/customers": (ALL, 200),
    "/customers/new": (WRITERS, 200),
    "/messages/new": (WRITERS, 200),
    "/customers/{customer}": (ALL, 404),
    "/customers/{customer}/parts": (ALL, 404),
    "/customers/{customer}/edit": (WRITERS, 404),
    "/customers/{customer}/identities/new": (WRITERS, 404),
    "/customers/{customer}/notes/new": (WRITERS, 404),
    "/customers/{customer}/touches/new": (WRITERS, 404),
    "/customers/{customer}/visits/new": (WRITERS, 404),
    "/customers/{customer}/purchases/new": (WRITERS, 404),
    "/customers/{customer}/refunds/new": (WRITERS, 404),
    "/notes/{note}": (ALL, 404),
    "/messages/{touch}/answer": (OF_THE_PLACE, 404),
}
CHANGE = {
    "/visits/{visit}/arrive": (404, 403, 404),
    "/visits/{visit}/leave": (404, 403, 404),
    "/visits/{visit}/miss": (404, 403, 404),
    "/visits/{visit}/cancel": (404, 403, 404),
    "/visits/{visit}/undo": (404, 403, 404),
    "/messages/{touch}/complaint": (404, 403, 404),
    "/notes/{note}/kind?kind=need": (302, 403, 404),
    "/notes/{note}/withdraw": (302, 403, 404),
    "/notes/{note}/restore": (409, 403, 404),
    "/identities/{identity}/remove": (302, 403, 404),
}
"""For Dan, Erin and Mallory."""


@pytest.fixture
def ids(lake_house: House) -> dict[str, str]:
    with acting(lake_house, "carol") as (carol, now):
        message = Message("email", "Hello", [("email", "a@x.example")])
        received = receive(carol, lake_house.place, message, now=now)
        customer = received.customer
        visit = serve.expect_visit(
            carol, customer, lake_house.place, expected_at=now + timedelta(hours=1), now=now
        )
        note = know.add_note(carol, customer, text="tea", place=lake_house.place, now=now)
        return {
            "customer": customer.public_id,
            "touch": received.touch.public_id,
            "visit": visit.public_id,
            "note": note.public_id,
            "identity": customer.identities.get().public_id,
        }


@pytest.mark.parametrize("address", READ)
def test_each_page_opens_for_those_it_is_for(
    address: str, ids: dict[str, str], lake_house: House, other_house: House, browse: Browse, client: Client
) -> None:
    url, (expected, stranger) = address.format(**ids), READ[address]
    assert tuple(browse(lake_house, name).get(url).status_code for name in PEOPLE) == expected
    assert browse(other_house, "mallory").get(url).status_code == stranger
    nobody = client.get(url)
    assert (nobody.status_code, nobody["Location"].split("?")[0].rstrip("/")) == (302, "/accounts/login")


@pytest.mark.parametrize("address", CHANGE)
def test_each_change_is_refused_to_those_it_is_not_for(
    address: str, ids: dict[str, str], lake_house: House, other_house: House, browse: Browse
) -> None:
    url = address.format(**ids)
    dan, erin, mallory = CHANGE[address]
    assert browse(lake_house, "erin").post(url).status_code == erin
    assert browse(other_house, "mallory").post(url).status_code == mallory
    assert browse(lake_house, "dan").post(url).status_code == dan
    assert browse(lake_house, "carol").get(url).status_code == 405


@pytest.mark.parametrize("kind", ["customers", "visits", "notes", "messages"])
def test_an_invented_id_is_nothing(kind: str, lake_house: House, browse: Browse) -> None:
    assert browse(lake_house, "alice").get(f"/{kind}/{'a' * 26}").status_code == 404
