"""Hello and good-bye: prepared, noted with one tap, and seen where they were missed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from rugui.connect import calls
from rugui.core.errors import ChangedMeanwhile, InputError
from rugui.core.tenancy import within
from rugui.core.time import now
from rugui.know import actions as know
from rugui.know.models import Customer
from rugui.own.erase import erase
from rugui.promise.models import Promise
from rugui.serve import actions as serve
from rugui.serve.models import Visit
from rugui.team.standards import actions, courtesy
from rugui.team.standards.actions import Said
from rugui.team.standards.models import Courtesy

from .. import factories
from ..recover.help import HX, given, journal, opened, queries, text

pytestmark = pytest.mark.django_db


def begun(house: factories.House) -> None:
    with within(house.id):
        actions.begin(house.actor("alice"), now=now())


def visit(
    house: factories.House, customer: Customer, *, at: datetime | None = None, place: int = 0, about: str = ""
) -> Visit:
    with within(house.id):
        return serve.expect_visit(
            house.actor("alice"),
            customer,
            house.places[place],
            expected_at=at or now(),
            about=about,
            now=now(),
        )


def test_the_greeting_says_name_sound_language_needs_and_what_is_owed(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    begun(lake_house)
    chen = factories.customer(
        lake_house, "Chen Yu-ting", address_as="陳小姐", pronunciation="CHUN yoo-ting", language="zh-hant"
    )
    with within(lake_house.id):
        carol = lake_house.actor("carol")
        know.add_note(carol, chen, text="no feathers", kind="need", now=now())
        quiet = know.About(discretion="quiet")
        know.add_note(carol, chen, text="likes the corner table", kind="preference", about=quiet, now=now())
    given(lake_house, chen, text="Boat at ten")
    opened(lake_house, chen, title="Room cold")
    coming = visit(lake_house, chen, about="Room 12")
    page = text(browse(lake_house, "carol").get(reverse("visit-hello", args=[coming.id])))
    for expected in (
        "陳小姐", "say: CHUN yoo-ting", "繁體中文", "here for the first time", "no feathers", "Room 12",
        "likes the corner table do it, do not say it", "Boat at ten", "Room cold",
        "陳小姐，歡迎您來，見到您真好。", "Say their name as they wish to be addressed.", "Here, and greeted",
    ):  # fmt: skip
        assert expected in page
    assert "card.viewed" in journal(lake_house)


def test_one_tap_greets_marks_the_arrival_and_is_noted_once(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    begun(lake_house)
    coming = visit(lake_house, factories.customer(lake_house))
    carol = browse(lake_house, "carol")
    address = reverse("visit-hello", args=[coming.id])
    assert carol.post(address).status_code == 302
    assert carol.post(address).status_code == 409
    page = text(carol.get(address))
    assert "Greeted" in page
    assert "by Carol." in page
    assert "Here, and greeted" not in page
    with within(lake_house.id):
        assert Visit.objects.get().state == Visit.State.ARRIVED
        row = Courtesy.objects.get()
    assert (row.moment, row.staff_id, row.said_at is not None) == (
        "arrival",
        lake_house.people["carol"].id,
        True,
    )
    assert "no greeting noted" not in text(carol.get(reverse("today")))
    assert carol.post(reverse("visit-undo", args=[coming.id]) + "?from=arrived").status_code == 302
    with within(lake_house.id):
        assert not Courtesy.objects.exists()


def test_the_farewell_shows_what_is_open_and_leaves_the_door_open(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    begun(lake_house)
    chen = factories.customer(lake_house, "Ms Chen")
    staying = visit(lake_house, chen)
    carol = browse(lake_house, "carol")
    carol.post(reverse("visit-hello", args=[staying.id]))
    address = reverse("visit-good-bye", args=[staying.id])
    page = text(carol.get(address))
    assert "Nothing is open: every promise to them is kept." in page
    assert "Thank you for coming to us, Ms Chen." in page
    assert "No next visit is agreed." in page
    assert "Ask them in a few days how it was." in page
    promise = given(lake_house, chen, text="Find the scarf")
    assert carol.post(reverse("visit-ask-again", args=[staying.id])).status_code == 302
    assert carol.post(reverse("visit-ask-again", args=[staying.id])).status_code == 409
    visit(lake_house, chen, at=now() + timedelta(days=30), about="Table 4")
    page = text(carol.get(address))
    assert "Still open: say when they will hear of it" in page
    assert "Find the scarf" in page
    assert "We will ask how it was, by" in page
    assert "They come again" in page
    assert "Table 4" in page
    assert carol.post(address).status_code == 302
    with within(lake_house.id):
        assert Visit.objects.get(id=staying.id).state == Visit.State.LEFT
        follow_up = Promise.objects.get(kind=Promise.Kind.FOLLOW_UP)
        assert follow_up.owner_id == lake_house.people["carol"].id
        assert (
            Promise.objects.get(id=promise.id).state == Promise.State.OPEN
        )  # leaving closes nothing by itself
        assert Courtesy.objects.filter(moment="farewell", said_at__isnull=False).count() == 1


def test_what_was_missed_shows_without_a_name_and_can_be_noted_later(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    begun(lake_house)
    hour = now() - timedelta(hours=1)
    with within(lake_house.id):
        carol = lake_house.actor("carol")
        for name in ("Ms Chen", "Mr Ito"):
            coming = serve.expect_visit(
                carol,
                know.add_customer(carol, name=name, region="TW", now=hour),
                lake_house.place,
                expected_at=hour,
                now=hour,
            )
            serve.arrive(carol, coming, now=hour)
        serve.leave(carol, coming, now=hour)
        late = serve.expect_visit(carol, coming.customer, lake_house.place, expected_at=hour, now=hour)
        serve.arrive(carol, late, now=now())  # a moment ago: nobody calls that missed
        assert len(courtesy.missed([lake_house.place], now=now())) == 3
        assert [(each.moment, each.share.hits, each.share.of) for each in courtesy.shares([lake_house.place], now=now())] == [
            ("arrival", 0, 2), ("farewell", 0, 1),
        ]  # fmt: skip
        row = courtesy.missed([lake_house.place], now=now())[0]
    bob = browse(lake_house, "bob")
    page = text(bob.get(reverse("standards-missed")))
    assert "no greeting noted" in page
    assert "no good-bye noted" in page
    assert "Ms Chen" in page
    assert "Carol" not in page
    assert bob.post(reverse("courtesy-said", args=[row.id])).status_code == 302
    with within(lake_house.id):
        assert len(courtesy.missed([lake_house.place], now=now())) == 2
    assert browse(lake_house, "carol").get(reverse("standards-missed")).status_code == 403


def test_a_house_without_standards_is_told_of_nothing_missed(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    coming = visit(lake_house, factories.customer(lake_house))
    with within(lake_house.id):
        serve.arrive(lake_house.actor("carol"), coming, now=now())
        assert not Courtesy.objects.exists()
        with pytest.raises(InputError):
            courtesy.say_goodbye(
                lake_house.actor("carol"), visit_of_somebody_cancelled(lake_house), now=now()
            )
        courtesy.greet(lake_house.actor("carol"), coming, now=now())
        with pytest.raises(ChangedMeanwhile):
            courtesy.greet(lake_house.actor("carol"), coming, now=now())


def visit_of_somebody_cancelled(house: factories.House) -> Visit:
    gone = visit(house, factories.customer(house, "Gone"))
    serve.cancel(house.actor("carol"), gone, now=now())
    return gone


def test_the_telephone_page_opens_holds_passes_on_and_closes_by_name(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    begun(lake_house)
    chen = factories.customer(lake_house, "Ms Chen")
    page = text(browse(lake_house, "carol").get(reverse("customer-telephone", args=[chen.id])))
    for expected in (
        "Good day, Lake House, this is Carol. What can I do for you?", "Ms Chen, how good to hear from you.",
        "Telephone: putting on hold", "Telephone: passing on", "Thank you for calling, Ms Chen.",
    ):  # fmt: skip
        assert expected in page


def test_a_card_of_somebody_about_to_come_says_how_to_greet_them(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    begun(lake_house)
    chen = factories.customer(lake_house, "Ms Chen")
    visit(lake_house, chen)
    page = text(browse(lake_house, "carol").get(reverse("customer", args=[chen.id])))
    assert "Welcome, Ms Chen. It is good to see you." in page


def test_a_ringing_telephone_says_how_to_open(lake_house: factories.House, browse: factories.Browse) -> None:
    begun(lake_house)
    with within(lake_house.id):
        alice = lake_house.actor("alice")
        chen = know.add_customer(
            alice,
            name="Ms Chen",
            identities=[know.GivenIdentity("phone", "0912345678")],
            region="TW",
            now=now(),
        )
        calls.hear(alice, lake_house.place, calls.Told("c1", "ringing", "0912345678"), now=now())
    page = browse(lake_house, "carol").get(reverse("arrivals"), headers=HX)
    assert "Good day, Lake House, this is Carol." in text(page)
    assert reverse("customer-telephone", args=[chen.id]) in page.content.decode()


def test_many_telephones_ask_the_standards_once(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    begun(lake_house)
    alice, bob = lake_house.actor("alice"), browse(lake_house, "bob")
    counts = []
    for name in ("c1", "c2", "c3"):
        with within(lake_house.id):
            calls.hear(alice, lake_house.place, calls.Told(name, "ringing"), now=now())
        counts.append(queries(bob, "/arrivals"))
    assert counts[1:] == counts[:-1]


def test_an_erased_customer_leaves_no_courtesy_behind(lake_house: factories.House) -> None:
    begun(lake_house)
    chen = factories.customer(lake_house, "Ms Chen")
    coming = visit(lake_house, chen)
    with within(lake_house.id):
        courtesy.greet(lake_house.actor("carol"), coming, now=now())
        assert Courtesy.objects.count() == 1
        erase(lake_house.actor("alice"), chen, now=now())
        assert Courtesy.objects.count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_pages_ask_the_same_however_much_there_is(
    lake_house: factories.House, browse: factories.Browse, count: int
) -> None:
    with within(lake_house.id):
        for number in range(count):
            for moment in ("arrival", "farewell"):
                actions.add(lake_house.actor("alice"), moment, {"en": Said(f"Do {number}.")}, now=now())
    chen = factories.customer(lake_house, "Ms Chen")
    coming = visit(lake_house, chen)
    for number in range(count):
        given(lake_house, chen, text=f"Boat {number}")
        opened(lake_house, chen, title=f"Cold {number}")
        with within(lake_house.id):
            know.add_note(lake_house.actor("carol"), chen, text=f"no nuts {number}", kind="need", now=now())
            who = know.add_customer(lake_house.actor("carol"), name=f"Guest {number}", region="TW", now=now())
            there = serve.expect_visit(
                lake_house.actor("carol"), who, lake_house.place, expected_at=now(), now=now()
            )
            serve.arrive(lake_house.actor("carol"), there, now=now() - timedelta(hours=1))
    carol, bob = browse(lake_house, "carol"), browse(lake_house, "bob")
    assert queries(carol, reverse("visit-hello", args=[coming.id])) == 12
    assert queries(carol, reverse("visit-good-bye", args=[coming.id])) == 12
    assert queries(carol, reverse("customer-telephone", args=[chen.id])) == 11
    assert queries(bob, reverse("standards-missed")) == 5
