"""Who looked at whose card: journalled once with the occasion; what is unusual is shown to the owner."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from rugui.core.models import JournalEntry
from rugui.core.tenancy import within
from rugui.core.time import now
from rugui.engines.unusual import Counted, at_least, compare
from rugui.know import actions as know
from rugui.own.looking import lately

from .. import factories
from ..recover.help import acting, opened

pytestmark = pytest.mark.django_db


def reasons(house: factories.House) -> list[str]:
    with within(house.id):
        return [
            entry.payload["why"] for entry in JournalEntry.objects.filter(kind="card.viewed").order_by("id")
        ]


@pytest.mark.parametrize(
    ("came_from", "why"),
    [("/", "arrival"), ("/customers?q=lin", "search"), ("/customers", "browsing"), ("/promises", "promise"), ("/cases", "case"),
     ("/nowhere", "browsing"), ("", "browsing")],
)  # fmt: skip
def test_a_view_is_kept_with_its_occasion(
    came_from: str, why: str, lake_house: factories.House, browse: factories.Browse
) -> None:
    address = reverse("customer", args=[factories.customer(lake_house).public_id])
    browse(lake_house, "carol").get(
        address, headers={"Referer": f"http://testserver{came_from}"} if came_from else {}
    )
    assert reasons(lake_house) == [why]


def test_another_site_says_nothing_about_the_occasion(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    address = reverse("customer", args=[factories.customer(lake_house).public_id])
    browse(lake_house, "carol").get(address, headers={"Referer": "http://elsewhere.example/promises"})
    assert reasons(lake_house) == ["browsing"]


def test_a_link_of_the_search_says_so(lake_house: factories.House, browse: factories.Browse) -> None:
    address = reverse("customer", args=[factories.customer(lake_house).public_id])
    browse(lake_house, "carol").get(address + "?by=search")
    assert reasons(lake_house) == ["search"]


def test_looking_again_within_minutes_is_one_look(lake_house: factories.House) -> None:
    chen = factories.customer(lake_house)
    for name, minutes in (("carol", 0), ("carol", 9), ("bob", 9), ("carol", 11)):
        with acting(lake_house, name) as (actor, moment):
            know.note_view(actor, chen, now=moment + timedelta(minutes=minutes), why="case")
    assert len(reasons(lake_house)) == 3


def test_the_owner_sees_who_opened_far_more_without_an_occasion(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    known = factories.customer(lake_house)
    opened(lake_house, known)
    strangers = [factories.customer(lake_house, f"Stranger {number}") for number in range(20)]
    for name, cards in (("carol", strangers), ("bob", [known]), ("dan", [known, strangers[0]])):
        with acting(lake_house, name) as (actor, moment):
            for each in cards:
                know.note_view(actor, each, now=moment, why="browsing")
    with acting(lake_house, "alice") as (alice, _moment):
        rows = [
            (row.staff.name, row.cards, row.without, row.of_others, row.unusual)
            for row in lately(alice, now=now())
        ]
    # The case is at the Lake House; Dan works at the Boat House.
    assert rows == [("Carol", 20, 20, 67, True), ("Dan", 2, 2, 95, False), ("Bob", 1, 0, 100, False)]
    page = browse(lake_house, "alice").get("/looking").content.decode()
    assert "20 cards, 20 without an occasion" in page
    assert page.count("more than usual") == 1
    assert browse(lake_house, "bob").get("/looking").status_code == 403


def test_unusual_is_what_colleagues_hardly_ever_come_to() -> None:
    found = compare({1: Counted(100, 60), 2: Counted(100, 5), 3: Counted(100, 7), 4: Counted(9, 9)})
    assert [(who, each.unusual) for who, each in found.items()] == [
        (1, True),
        (2, False),
        (3, False),
        (4, False),
    ]
    assert found[2].rate == 76 / 209
    assert compare({1: Counted(50, 50)})[1].unusual is False


def test_the_upper_tail_of_the_binomial() -> None:
    assert at_least(0, 5, 0.2) == 1.0
    assert round(at_least(2, 3, 0.5), 12) == 0.5
    assert round(at_least(3, 3, 0.1), 12) == 0.001
