"""Handing out tickets to signed-in pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.test import Client

from rugui.core.tickets import Ticket, unseal
from rugui.core.time import now

from .. import factories


def ticket_of(client: Client) -> Ticket:
    answer = client.get("/live-ticket")
    assert answer.status_code == 200
    url = urlsplit(answer.json()["url"])
    assert (url.netloc, url.path) == ("testserver:8001", "/live")
    return unseal(parse_qs(url.query)["ticket"][0], settings.SECRET_KEY, now=now())


@pytest.fixture(autouse=True)
def _any_host(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]


def test_a_ticket_holds_the_places_that_its_holder_sees(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    carol = ticket_of(browse(lake_house, "carol"))
    assert (carol.organization_id, carol.staff_id, carol.places, carol.case_id) == (
        lake_house.id,
        lake_house.people["carol"].id,
        frozenset({lake_house.place.id}),
        None,
    )
    assert ticket_of(browse(lake_house, "alice")).places is None


def test_nobody_gets_a_ticket_without_signing_in(lake_house: factories.House, client: Client) -> None:
    answer = client.get("/live-ticket")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/accounts/login/?next=%2Flive-ticket"


def test_a_ticket_cannot_be_posted_for(lake_house: factories.House, browse: factories.Browse) -> None:
    assert browse(lake_house, "carol").post("/live-ticket").status_code == 405
