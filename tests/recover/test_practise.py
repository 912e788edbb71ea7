"""Practising with customers who do not exist: the learner's alone, and nothing real is touched."""

from __future__ import annotations

import pytest
from django.urls import reverse

from rugui.core.errors import ChangedMeanwhile
from rugui.core.models import JournalEntry
from rugui.core.tenancy import within
from rugui.know.models import Customer
from rugui.promise.models import Promise
from rugui.recover.models import Case
from rugui.recover.practise import actions
from rugui.recover.practise.models import Practice

from .. import factories
from .help import acting, again, text
from .help import queries as count_queries

pytestmark = pytest.mark.django_db
REPLIES = [
    "I am so sorry, we let you down. Please tell me what happened.",
    "That must have been awful. What would make it right for you?",
    "I am moving you to a warm room now, in five minutes.",
    "And breakfast is on us. I will call you tomorrow to ask how you slept.",
]


def begun(house: factories.House, who: str = "carol", language: str = "en") -> Practice:
    with acting(house, who) as (actor, moment):
        return actions.begin(actor, scenario="cold-room", language=language, now=moment)


def ended(house: factories.House, who: str = "carol") -> Practice:
    row = begun(house, who)
    with acting(house, who) as (actor, moment):
        for count, reply in enumerate(REPLIES):
            actions.answer(actor, row, text=reply, count=count, now=moment)
        actions.write_down(
            actor, row, failure="The valve stuck.", lesson="Try it after a repair.", now=moment
        )
    return row


def test_a_whole_exercise_goes_by_page_and_touches_nothing_real(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    client = browse(lake_house, "carol")
    with within(lake_house.id):
        before = JournalEntry.objects.count()
    assert "The room is cold" in text(client.get(reverse("practise")))
    address = client.post(reverse("practise"), {"scenario": "cold-room", "language": "en"}).url
    assert "sitting here in my coat" in text(client.get(address))
    for count, reply in enumerate(REPLIES):
        assert client.post(address, {"text": reply, "count": count}).status_code == 302
    assert (
        client.post(address, {"do": "write", "failure": "The valve stuck.", "lesson": "Try it."}).status_code
        == 302
    )
    page = text(client.get(address))
    assert "100 of 100" in page
    assert "They are delighted" in page
    with within(lake_house.id):
        assert JournalEntry.objects.count() == before
        assert not Customer.objects.exists()
        assert not Case.objects.exists()
        assert not Promise.objects.exists()


@pytest.mark.parametrize("language", ["zh-hant", "zh-hans"])
def test_it_is_played_in_each_language(
    lake_house: factories.House, browse: factories.Browse, language: str
) -> None:
    row = begun(lake_house, language=language)
    address = reverse("practice", args=[row.public_id])
    client = browse(lake_house, "carol")
    client.post(address, {"text": "對不起！", "count": 0})
    assert "穿" in text(client.get(address))
    with acting(lake_house, "carol") as (carol, moment):
        actions.end_talk(carol, again(lake_house, row), now=moment)
        found = actions.write_down(carol, again(lake_house, row), failure="", lesson="", now=moment)
    assert found.steps["apologise"]
    assert "100" in text(client.get(address))


def test_what_was_said_badly_is_shown_with_why_and_what_could_have_been_said(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    row = begun(lake_house)
    with acting(lake_house, "carol") as (carol, moment):
        for count, reply in enumerate(["Unfortunately that is our policy.", "You should have called."]):
            actions.answer(carol, row, text=reply, count=count, now=moment)
        actions.write_down(carol, row, failure="", lesson="", now=moment)
    page = text(browse(lake_house, "carol").get(reverse("practice", args=[row.public_id])))
    assert "It is about our troubles, not theirs." in page
    assert "It puts the fault on them." in page
    assert "Could have been said: I am sorry. We let you down" in page
    assert "They have left." in page


def test_it_is_nobody_elses_not_even_the_owners_until_it_is_shared(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    row = ended(lake_house)
    address = reverse("practice", args=[row.public_id])
    for who in ("alice", "bob", "dan"):
        assert browse(lake_house, who).get(address).status_code == 404
    with acting(lake_house, "carol") as (carol, moment):
        actions.share(carol, row, now=moment)
    assert [browse(lake_house, who).get(address).status_code for who in ("bob", "dan")] == [200, 404]
    assert browse(lake_house, "bob").post(address, {"do": "end"}).status_code == 403
    with acting(lake_house, "carol") as (carol, moment):
        actions.keep_to_oneself(carol, again(lake_house, row), now=moment)
    assert browse(lake_house, "bob").get(address).status_code == 404


def test_an_answer_sent_twice_is_one(lake_house: factories.House) -> None:
    row = begun(lake_house)
    with acting(lake_house, "carol") as (carol, moment):
        stale = Practice.objects.get(id=row.id)
        actions.answer(carol, row, text="I am sorry.", count=0, now=moment)
        with pytest.raises(ChangedMeanwhile):
            actions.answer(carol, stale, text="I am sorry.", count=0, now=moment)
    assert again(lake_house, row).count == 1


def test_it_is_forgotten_by_a_tap(lake_house: factories.House, browse: factories.Browse) -> None:
    row = ended(lake_house)
    client = browse(lake_house, "carol")
    assert client.post(reverse("practice-share", args=[row.public_id]), {"do": "forget"}).url == reverse(
        "practise"
    )
    with within(lake_house.id):
        assert not Practice.objects.exists()


@pytest.mark.parametrize("sent", [{"text": " ", "count": "0"}, {"text": "x" * 2001, "count": "0"}])
def test_nothing_and_too_much_are_refused_where_they_were_typed(
    lake_house: factories.House, browse: factories.Browse, sent: dict[str, str]
) -> None:
    row = begun(lake_house)
    assert (
        browse(lake_house, "carol").post(reverse("practice", args=[row.public_id]), sent).status_code == 422
    )


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_of_the_database(
    lake_house: factories.House, browse: factories.Browse, count: int
) -> None:
    for _each in range(count):
        ended(lake_house)
    assert count_queries(browse(lake_house, "carol"), reverse("practise")) == 4
