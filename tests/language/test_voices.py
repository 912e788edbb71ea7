"""How the house sounds: as a whole for who leads, one's own for oneself, and nobody can be told from the whole."""

from __future__ import annotations

import pytest
from django.urls import reverse

from rugui.house.models import Staff, User
from rugui.language import voices
from rugui.serve.actions import record_touch
from rugui.serve.models import Touch

from .. import factories
from ..recover.help import acting
from ..recover.help import queries as counted

pytestmark = pytest.mark.django_db

WORDS = [
    "Thank you, Ms Chen. I will bring the towels by 7 pm.",
    "We are sorry. We cannot do that.",
    "I put the key at the desk, and I wish you a good night.",
]


def said(house: factories.House, who: str, *words: str) -> None:
    customer, place = factories.customer(house), house.places[who == "dan"]
    with acting(house, who) as (actor, moment):
        for each in words:
            record_touch(
                actor, customer, channel="email", direction="out", text=each, place=place, now=moment
            )


def by_somebody_else(house: factories.House, name: str) -> None:
    with acting(house, "alice") as (_actor, _moment):
        user = User.objects.create_user(f"{name}@lake.example", "correct horse battery")
        staff = Staff.objects.create(organization_id=house.id, user=user, name=name)
        Touch.objects.filter(staff_id=house.people["dan"].id).update(staff=staff)


def voice(house: factories.House, who: str) -> voices.Voice:
    with acting(house, who) as (actor, _moment):
        (found,) = voices.of_house(actor)
    return found


def test_the_house_has_a_voice_and_no_names(lake_house: factories.House, browse: factories.Browse) -> None:
    said(lake_house, "carol", *WORDS)
    page = browse(lake_house, "alice").get(reverse("house-voice")).content.decode()
    assert "English · 3 replies" in page
    assert "Carol" not in page
    values = {str(row["label"]): row["value"] for row in voice(lake_house, "alice").rows}
    assert values["I, rather than we"] == "60 %"
    between = {str(row["label"]): row["sure"] for row in voice(lake_house, "alice").rows}
    assert between["I, rather than we"].endswith(" to 100 %")  # a share is never more than all
    assert browse(lake_house, "carol").get(reverse("house-voice")).status_code == 403


def test_how_far_writers_are_apart_is_said_from_five_people_on(lake_house: factories.House) -> None:
    for who in ("alice", "bob", "carol"):
        said(lake_house, who, *WORDS * 3)
    for name in ("Eve", "Fay"):
        found = voice(lake_house, "alice")
        assert (found.enough, found.rows[0]["apart"]) == (False, "")
        said(lake_house, "dan", *WORDS[:2] * 3)
        by_somebody_else(lake_house, name)
    found = voice(lake_house, "alice")
    assert found.writers == 5
    assert any(row["apart"] for row in found.rows)


def test_ones_own_voice_is_ones_own(lake_house: factories.House, browse: factories.Browse) -> None:
    said(lake_house, "carol", WORDS[0])
    said(lake_house, "bob", "We regret this matter.", "我們會處理。")
    mine = browse(lake_house, "carol").get(reverse("my-voice")).content.decode()
    assert "English · 1 reply" in mine
    assert "The house</th>" not in mine
    his = browse(lake_house, "bob").get(reverse("my-voice")).content.decode()
    assert "Chinese · 1 reply" in his


def test_the_page_asks_the_same_however_much_was_written(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    alice = browse(lake_house, "alice")
    said(lake_house, "carol", WORDS[0])
    first = counted(alice, reverse("house-voice"))
    said(lake_house, "carol", *WORDS)
    assert (first, counted(alice, reverse("house-voice"))) == (6, 6)


def test_a_manager_hears_only_their_places(lake_house: factories.House) -> None:
    customer = factories.customer(lake_house)
    with acting(lake_house, "alice") as (actor, moment):
        record_touch(
            actor, customer, channel="email", direction="out", text="Only there.", place=lake_house.places[1], now=moment
        )  # fmt: skip
    with acting(lake_house, "bob") as (actor, _moment):
        assert voices.of_house(actor) == []
