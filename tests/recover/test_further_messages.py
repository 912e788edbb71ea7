"""A further message from somebody with a case that is not closed yet goes into that case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from rugui.connect.inbox import Message, Received, receive
from rugui.core.models import JournalEntry
from rugui.core.tenancy import within
from rugui.house.access import Actor
from rugui.promise.models import Promise
from rugui.recover import actions, queries
from rugui.recover.models import Case
from rugui.serve.models import Touch

from .. import factories
from .help import acting, again, opened, text, walked

pytestmark = pytest.mark.django_db
NOON = factories.NOON
PHONE = [("phone", "0912 345 678")]
MINUTE = timedelta(minutes=1)


def comes(house: factories.House, words: str, at: int = 0, *, place: int = 0, **more: Any) -> Received:
    """A message that comes in so many minutes after noon."""
    with within(house.id):
        message = Message("email", words, PHONE, **more)
        return receive(house.actor("alice"), house.places[place], message, now=NOON + at * MINUTE)


def thread(case: Case) -> list[str]:
    with within(case.organization_id):
        return [message.text for message in queries.messages(case.id)]


def solved(house: factories.House, case: Case, at: int) -> Actor:
    carol = house.actor("carol")
    with within(house.id):
        actions.solve(carol, case, text="Warm again.", now=NOON + at * MINUTE)
    return carol


def closed(house: factories.House, case: Case, at: int) -> None:
    moment = NOON + at * MINUTE
    walked(house, case, now=moment)
    with within(house.id):
        actions.close(house.actor("carol"), case, now=moment)


@pytest.mark.parametrize("complaint", [True, False, None])
def test_it_goes_into_the_thread_and_opens_no_second_case(
    lake_house: factories.House, complaint: bool | None
) -> None:
    first = comes(lake_house, "Cold!", complaint=True)
    second = comes(lake_house, "Still cold!", 5, complaint=complaint)
    assert first.case is not None
    assert (first.new_case, second.new_case, second.case, second.promise) == (True, False, first.case, None)
    assert thread(first.case) == ["Cold!", "Still cold!"]
    with within(lake_house.id):
        assert Case.objects.count() == 1
        assert list(Promise.objects.values_list("kind", flat=True)) == ["progress"]
        assert not Touch.objects.filter(waiting=True).exists()


def test_it_is_journalled_with_the_case(lake_house: factories.House) -> None:
    first = comes(lake_house, "Cold!", complaint=True)
    assert first.case is not None
    comes(lake_house, "Still cold!", 5)
    with within(lake_house.id):
        rows = JournalEntry.objects.filter(at=NOON + 5 * MINUTE).order_by("id")
        assert [(row.kind, row.place_id, row.case_id) for row in rows] == [
            ("touch.made", lake_house.place.id, first.case.id),
            ("message.received", lake_house.place.id, first.case.id),
        ]


def test_a_case_that_was_solved_owes_its_owner_s_answer_once(lake_house: factories.House) -> None:
    case = comes(lake_house, "Cold!", complaint=True).case
    assert case is not None
    with within(lake_house.id):
        actions.take_case(lake_house.actor("carol"), case, owner=lake_house.people["carol"], now=NOON)
    solved(lake_house, case, 10)
    second = comes(lake_house, "Cold again.", 30)
    third = comes(lake_house, "Hello?", 31)
    assert second.promise is not None
    assert (second.promise.due_at, second.promise.owner_id) == (
        NOON + 50 * MINUTE,
        lake_house.people["carol"].id,
    )
    assert (second.case, third.case, third.promise) == (case, case, second.promise)
    assert thread(case) == ["Cold!", "Warm again.", "Cold again.", "Hello?"]


def test_of_several_cases_it_is_the_one_in_which_something_was_last_said(lake_house: factories.House) -> None:
    customer = comes(lake_house, "Cold!", complaint=True).customer
    carol = lake_house.actor("carol")
    with within(lake_house.id):
        cases = [
            actions.open_case(carol, customer, lake_house.place, title=title, now=NOON + at * MINUTE)
            for at, title in enumerate(["Noise", "Bill", "Lamp"], start=1)
        ]
    assert comes(lake_house, "And the lamp?", 5).case == cases[2]
    with within(lake_house.id):
        actions.write_to_customer(carol, cases[0], text="It is quiet now.", now=NOON + 6 * MINUTE)
    assert comes(lake_house, "Thank you.", 7).case == cases[0]
    closed(lake_house, again(lake_house, cases[0]), 8)
    assert comes(lake_house, "Hello?", 9).case == cases[2]


def test_a_case_of_another_place_or_another_customer_is_not_theirs(lake_house: factories.House) -> None:
    first = comes(lake_house, "Cold!", complaint=True)
    there = comes(lake_house, "Cold here too!", 1, place=1, complaint=True)
    with within(lake_house.id):
        somebody = Message("email", "Cold!", [("email", "x@x.example")], complaint=True)
        else_ = receive(lake_house.actor("alice"), lake_house.place, somebody, now=NOON)
    assert [first.new_case, there.new_case, else_.new_case] == [True, True, True]


def test_after_the_case_was_closed_it_goes_the_ordinary_way(lake_house: factories.House) -> None:
    case = comes(lake_house, "Cold!", complaint=True).case
    assert case is not None
    closed(lake_house, case, 10)
    plain, complaint = (
        comes(lake_house, "Is there a cot?", 20),
        comes(lake_house, "Cold!", 21, complaint=True),
    )
    assert plain.case is None
    assert plain.promise is not None
    assert plain.touch.waiting
    assert complaint.new_case
    assert complaint.case != case


def test_the_same_message_again_says_which_case_it_went_into(lake_house: factories.House) -> None:
    case = comes(lake_house, "Cold!", complaint=True).case
    assert case is not None
    once = comes(lake_house, "Still cold!", 1, external_id="mail-8")
    twice = comes(lake_house, "Still cold!", 2, external_id="mail-8")
    assert (twice.repeated, twice.case, twice.touch) == (True, case, once.touch)
    assert thread(case) == ["Cold!", "Still cold!"]


def test_what_comes_from_outside_does_not_use_up_the_customer_s_own_page(lake_house: factories.House) -> None:
    case = comes(lake_house, "Cold!", complaint=True).case
    assert case is not None
    for number in range(actions.GUEST_MESSAGES):
        comes(lake_house, f"Mail {number}", 1)
    guest = Actor(lake_house.id, JournalEntry.Who.CUSTOMER)
    with within(lake_house.id):
        actions.customer_writes(guest, case, text="And here.", now=NOON + MINUTE)
    assert len(thread(case)) == 1 + actions.GUEST_MESSAGES + 1


def test_it_is_on_the_case_page_and_announced_with_the_way_there(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    owner, other = browse(lake_house, "carol"), browse(lake_house, "bob")
    form = {"who": "0912 345 678", "channel": "phone", "text": "Cold!", "complaint": "on"}
    case = owner.post("/messages/new", form)["Location"]
    answer = other.post("/messages/new", {**form, "text": "Still cold!", "complaint": ""})
    assert (answer.status_code, answer["Location"]) == (302, case)
    assert "Still cold!" in text(owner.get(case))
    news = owner.get("/arrivals").content.decode()
    assert f'href="{case}"' in news


def test_what_is_written_on_their_own_page_is_announced_too(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    case = opened(lake_house, by="bob")
    with acting(lake_house, "bob") as (_bob, moment):
        guest = Actor(lake_house.id, JournalEntry.Who.CUSTOMER)
        actions.customer_writes(guest, case, text="Still cold.", now=moment)
    news = browse(lake_house, "carol").get("/arrivals").content.decode()
    assert f'href="/cases/{case.public_id}"' in news
