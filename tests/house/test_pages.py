"""Every page of the house room, by everybody who may ask for it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from ..factories import Browse, House


def address(house: House, name: str) -> str:
    """A page of the first place, about Carol."""
    place, carol = house.place.public_id, house.people["carol"].public_id
    arguments = {
        "place_settings": [place],
        "place_calendar": [place],
        "place_staff": [place],
        "staff_member": [carol],
    }
    return reverse(name, args=arguments.get(name, []))


EVERYBODY = {"alice": 200, "bob": 200, "carol": 200, "dan": 200, "erin": 200}
LEADERS = {"alice": 200, "bob": 200, "carol": 403, "dan": 403, "erin": 403}
OWNERS = {"alice": 200, "bob": 403, "carol": 403, "dan": 403, "erin": 403}
OF_THE_PLACE = {"alice": 200, "bob": 200, "carol": 403, "dan": 404, "erin": 403}

PAGES = {
    "house_settings": LEADERS,
    "organization": OWNERS,
    "new_place": OWNERS,
    "place_settings": OF_THE_PLACE,
    "place_calendar": OF_THE_PLACE,
    "place_staff": OF_THE_PLACE,
    "staff": LEADERS,
    "invite": LEADERS,
    "staff_member": LEADERS,
    "me": EVERYBODY,
    "tokens": EVERYBODY,
    "choose_house": EVERYBODY,
}


@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens_for_those_it_is_for(
    page: str, lake_house: House, other_house: House, browse: Browse, client: Client
) -> None:
    url = address(lake_house, page)
    seen = {name: browse(lake_house, name).get(url).status_code for name in PAGES[page]}
    assert seen == PAGES[page]
    stranger = browse(other_house, "mallory").get(url).status_code
    assert stranger == (
        404 if ("/house/places/" in url and page != "new_place") or page == "staff_member" else 200
    )
    nobody = client.get(url)
    assert (nobody.status_code, nobody["Location"].split("?")[0].rstrip("/")) == (302, "/accounts/login")
