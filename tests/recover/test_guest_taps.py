"""What the customer does with a tap on their own page: chooses, says that it is not solved, asks for a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from rugui.core.errors import ChangedMeanwhile, InputError, NotFound
from rugui.core.models import JournalEntry
from rugui.core.tenancy import within
from rugui.house.actions import start_duty
from rugui.promise.models import Promise
from rugui.recover import actions, queries
from rugui.recover.access import Guest
from rugui.recover.models import Case, CaseChoice, CaseMessage

from .. import factories
from .help import acting, again, opened, text, walked

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(lake_house: factories.House) -> Case:
    return opened(lake_house, factories.customer(lake_house, language="en"))


@pytest.fixture
def address(lake_house: factories.House, case: Case) -> str:
    with acting(lake_house, "carol") as (carol, moment):
        return reverse("guest-case", args=[actions.share_link(carol, case, now=moment)])


def offered(house: factories.House, case: Case) -> list[CaseChoice]:
    with acting(house, "carol") as (carol, moment):
        things = [actions.Offered("Tea by the fire", "remedy-17"), actions.Offered("A boat trip", "remedy-4")]
        return actions.offer_choices(carol, case, things, now=moment)


def test_it_says_what_we_understood_and_what_we_are_doing(
    lake_house: factories.House, case: Case, client: Client, address: str
) -> None:
    assert "What we understood I am cold." in text(client.get(address))
    with acting(lake_house, "carol") as (carol, moment):
        actions.review_together(
            carol, case, text="He exaggerates.", understood="You froze all night.", now=moment
        )
        actions.report_progress(carol, case, text="Room 11 is warming.", now=moment)
    page = text(client.get(address))
    assert "What we understood You froze all night." in page
    assert "What we are doing Room 11 is warming." in page
    assert "exaggerates" not in page


def test_they_choose_by_their_own_tap_once(
    lake_house: factories.House, case: Case, client: Client, address: str
) -> None:
    tea, boat = offered(lake_house, case)
    page = client.get(address).content.decode()
    assert "remedy-17" not in page
    told: list[str] = []
    actions.WHEN_CHOSEN.append(lambda _actor, _case, choice, _now: told.append(choice.reference))
    try:
        for _twice in range(2):
            assert client.post(address, {"do": "choose", "choice": boat.public_id}).status_code == 302
    finally:
        actions.WHEN_CHOSEN.pop()
    assert told == ["remedy-4"]
    assert "You chose A boat trip" in text(client.get(address))
    late = client.post(address, {"do": "choose", "choice": tea.public_id})
    assert late.status_code == 409
    assert "You have chosen already." in text(late)
    with within(lake_house.id):
        assert list(CaseMessage.objects.filter(kind="choice").values_list("text", flat=True)) == [
            "A boat trip"
        ]
        entry = JournalEntry.objects.get(kind="choices.chosen")
        assert (entry.who, entry.payload) == ("customer", {"told": [case.owner_id]})


def test_an_offer_that_was_taken_back_cannot_be_chosen(
    lake_house: factories.House, case: Case, client: Client, address: str
) -> None:
    tea, _boat = offered(lake_house, case)
    newer = offered(lake_house, case)
    gone = client.post(address, {"do": "choose", "choice": tea.public_id})
    assert gone.status_code == 409
    assert text(gone).count("Tea by the fire") == 1
    with acting(lake_house, "carol") as (carol, moment):
        actions.withdraw_choices(carol, case, now=moment)
        with pytest.raises(ChangedMeanwhile):
            actions.withdraw_choices(carol, case, now=moment)
    assert "Tea by the fire" not in text(client.get(address))
    assert again(lake_house, newer[0]).withdrawn_at is not None


@pytest.mark.parametrize("choice", ["", "x", "a" * 26])
@pytest.mark.parametrize("do", ["choose", "dance"])
def test_what_is_not_on_the_page_cannot_be_tapped(client: Client, address: str, do: str, choice: str) -> None:
    assert client.post(address, {"do": do, "choice": choice}).status_code == 404


def test_the_choice_of_another_case_is_not_theirs(
    lake_house: factories.House, case: Case, client: Client, address: str
) -> None:
    other = opened(lake_house, factories.customer(lake_house, "Mr Ito"))
    tea, _boat = offered(lake_house, other)
    assert client.post(address, {"do": "choose", "choice": tea.public_id}).status_code == 404
    with within(lake_house.id), pytest.raises(NotFound):
        actions.choose(Guest(lake_house.id, case.id).actor, case, tea.id, now=factories.NOON)


@pytest.mark.parametrize("things", [[], ["Tea"], ["a", "b", "c", "d"], ["Tea", "Tea "], ["Tea", "x" * 301]])
def test_two_or_three_different_things_are_offered(
    lake_house: factories.House, case: Case, things: list[str]
) -> None:
    with acting(lake_house, "carol") as (carol, moment), pytest.raises(InputError) as refused:
        actions.offer_choices(carol, case, things, now=moment)
    assert list(refused.value.fields) == ["choices"]


def test_the_database_keeps_a_choice(lake_house: factories.House, case: Case) -> None:
    tea, boat = offered(lake_house, case)
    with within(lake_house.id):
        rows = CaseChoice.objects.filter(id=tea.id)
        rows.update(chosen_at=factories.NOON)
        with pytest.raises(DatabaseError, match="decided"), transaction.atomic():
            rows.update(chosen_at=None)
        with pytest.raises(DatabaseError, match="one_choice_an_offer"), transaction.atomic():
            CaseChoice.objects.filter(id=boat.id).update(chosen_at=factories.NOON)


@pytest.mark.parametrize("state", ["solved", "closed"])
def test_not_solved_opens_it_again_and_its_clock_runs(
    lake_house: factories.House, case: Case, client: Client, address: str, state: str
) -> None:
    assert "It is not solved" not in text(client.get(address))
    walked(lake_house, case)
    if state == "closed":
        with acting(lake_house, "carol") as (carol, moment):
            actions.close(carol, case, now=moment)
    assert "It is not solved" in text(client.get(address))
    for _twice in range(2):
        assert client.post(address, {"do": "not-solved"}).status_code == 302
    assert again(lake_house, case).state == "open"
    with within(lake_house.id):
        assert [each.kind for each in queries.owed(case.id)] == ["progress"]
        assert CaseMessage.objects.filter(kind="not_solved").count() == 1
    assert "We put it right, or tell you how far we are, by" in text(client.get(address))


def test_a_person_please_rings_whoever_is_there_and_owes_a_call(
    lake_house: factories.House, browse: factories.Browse, case: Case, client: Client, address: str
) -> None:
    with acting(lake_house, "bob") as (bob, moment):
        start_duty(bob, lake_house.place, now=moment)
    for _twice in range(2):
        assert client.post(address, {"do": "person"}).status_code == 302
    with within(lake_house.id):
        call = Promise.objects.get(kind="call_back")
        assert call.due_at - call.made_at == timedelta(minutes=30)
        assert call.owner_id == case.owner_id
        entry = JournalEntry.objects.get(kind="person.asked")
        assert entry.payload == {"told": [lake_house.people["bob"].id, case.owner_id]}
    page = text(client.get(address))
    assert "You asked for a person. Somebody calls you by" in page
    for name, told in (("bob", True), ("carol", True), ("alice", False)):
        arrivals = text(browse(lake_house, name).get(reverse("arrivals")))
        assert ("would like to speak to a person" in arrivals) == told


def test_a_form_on_another_site_cannot_tap(client: Client, address: str, case: Case) -> None:
    for do in ("person", "not-solved", "choose"):
        headers = {"Sec-Fetch-Site": "cross-site"}
        assert client.post(address, {"do": do}, headers=headers).status_code == 404
    assert case.state == "open"
