"""How sure the house wants to be before it links, and what that is measured by."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from rugui.core.errors import InputError, NotAllowed
from rugui.core.models import JournalEntry
from rugui.core.tenancy import within
from rugui.know import certainty, linking
from rugui.know.merge import merge, not_the_same, undo
from rugui.know.models import Customer
from rugui.know.pairs import CardPair

from ..api.conftest import Caller
from ..factories import NOON, Browse, House
from .test_merge import card, join

pytestmark = pytest.mark.django_db


def suggested(house: House, number: int, probability: float) -> tuple[Customer, Customer]:
    one = card(house, f"Ann Abbott{number}")
    other = card(house, f"Ann Abbott{number}")
    CardPair.objects.create(
        organization_id=house.id, low=one, high=other, state="suggested", probability=probability
    )
    return one, other


def test_the_rate_is_measured_on_what_people_have_decided(lake_house: House) -> None:
    with within(lake_house.id):
        for number in range(4):
            join(lake_house, *reversed(suggested(lake_house, number, 0.99999)))
        not_the_same(lake_house.actor("bob"), *suggested(lake_house, 5, 0.5), now=NOON)
        suggested(lake_house, 6, 0.6)
        found = certainty.standing(lake_house.actor("alice"))
        assert (found.decided, found.same, found.pairs) == (5, 4, 6)
        assert (found.now.one_in, found.now.linked, found.now.asked) == (1000, 4, 2)
        assert (found.now.measured.links, found.now.measured.false) == (4, 0)
        assert found.now.measured.interval == (0.0, pytest.approx(0.4899, abs=1e-4))


def test_a_merge_that_was_undone_says_two_people_and_one_that_nobody_saw_says_nothing(
    lake_house: House,
) -> None:
    with within(lake_house.id):
        undone = join(lake_house, *reversed(suggested(lake_house, 1, 0.9)))
        undo(lake_house.actor("bob"), undone, now=NOON)
        one, other = suggested(lake_house, 2, 0.99999)
        merge(lake_house.actor("bob"), other, one, reason="certain", now=NOON)
        assert [(each.probability, each.same) for each in linking.decided()] == [(0.9, False)]


def test_whoever_fears_false_links_more_is_asked_more(lake_house: House) -> None:
    with within(lake_house.id):
        suggested(lake_house, 1, 0.1)
        before = linking.limits_of(lake_house.id)
        certainty.set_rate(lake_house.actor("alice"), 0.0003, now=NOON)
        after = linking.limits_of(lake_house.id)
        assert after.link > before.link > after.suggest
        assert before.suggest == pytest.approx(0.2)
        assert after.suggest == pytest.approx(0.06)
        assert [each.asked for each in certainty.standing(lake_house.actor("alice")).options] == [
            0,
            0,
            0,
            1,
            1,
            1,
        ]
        assert JournalEntry.objects.get(kind="recognition.rate").payload == {"rate": 0.0003}


def test_the_rate_is_the_owners_and_sensible(lake_house: House) -> None:
    with within(lake_house.id):
        with pytest.raises(NotAllowed):
            certainty.set_rate(lake_house.actor("bob"), 0.01, now=NOON)
        for wrong in (0.0, 0.2, float("nan")):
            with pytest.raises(InputError):
                certainty.set_rate(lake_house.actor("alice"), wrong, now=NOON)


def test_an_owner_says_it_on_a_page(lake_house: House, browse: Browse) -> None:
    client = browse(lake_house, "alice")
    html = client.get("/house/recognising").content.decode()
    assert 'value="1000" checked' in html
    assert "by itself from 99.9 %, asked from 20 %" in html
    assert "nothing is measured" in html
    assert client.post("/house/recognising", {"one_in": "10000"}).status_code == 302
    html = client.get("/house/recognising").content.decode()
    assert 'value="10000" checked' in html
    assert "by itself from 99.99 %, asked from 5 %" in html
    for wrong in ("", "3", "x"):
        assert client.post("/house/recognising", {"one_in": wrong}).status_code == 422


@pytest.mark.parametrize("items", [1, 3])
def test_the_page_asks_as_much_for_three_pairs(
    items: int, lake_house: House, browse: Browse, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with within(lake_house.id):
        for number in range(items):
            suggested(lake_house, number, 0.7)
    client = browse(lake_house, "alice")
    client.get("/house/recognising")
    with django_assert_num_queries(9):
        html = client.get("/house/recognising").content.decode()
    assert f"{items} asked about" in html


def test_programs_of_an_owner_read_and_set_it(lake_house: House) -> None:
    alice, bob = Caller(lake_house, "alice"), Caller(lake_house, "bob")
    assert alice.get("/recognition").json() == {
        "false_link_rate": 0.001,
        "link": pytest.approx(0.999),
        "suggest": pytest.approx(0.2),
        "decisions": 0,
        "confirmed": 0,
        "measured": {"links": 0, "false": 0, "low": 0.0, "high": 1.0},
    }
    assert alice.put("/recognition", {"false_link_rate": 0.01}).json()["link"] == pytest.approx(0.99)
    refused = alice.put("/recognition", {"false_link_rate": 0.5})
    assert (refused.status_code, "false_link_rate" in refused.content.decode()) == (422, True)
    assert (
        bob.get("/recognition").status_code
        == bob.put("/recognition", {"false_link_rate": 0.01}).status_code
        == 403
    )
