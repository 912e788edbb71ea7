"""Tomorrow's page, which tells the team."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from rugui.core.errors import ChangedMeanwhile
from rugui.core.models import JournalEntry
from rugui.core.tenancy import within
from rugui.house.actions import start_duty
from rugui.know.actions import add_note
from rugui.recover import actions
from rugui.serve.actions import expect_visit
from rugui.team.actions import hold_line_up
from rugui.team.queries import held_on, line_up
from rugui.team.standards import actions as standards
from rugui.team.standards.actions import Said

from .. import factories
from ..factories import NOON
from ..recover.help import HX, acting, given, journal, opened, queries, text

pytestmark = pytest.mark.django_db


def fill(house: factories.House, count: int) -> None:
    """So many of everything that a line-up tells."""
    for number in range(count):
        customer = factories.customer(house, f"Guest {number}")
        case = opened(house, customer)
        given(house, customer, text=f"Boat {number}")
        with acting(house, "carol") as (carol, moment):
            findings = actions.Findings(
                "product", "heating", f"room {number}", "valve", f"Check valve {number}"
            )
            actions.document(carol, case, findings, now=moment)
            add_note(carol, customer, text=f"no nuts {number}", kind="need", now=moment)
            add_note(carol, customer, text=f"furious {number}", kind="mood", now=moment)
            expect_visit(carol, customer, house.place, expected_at=moment, now=moment)


@pytest.mark.parametrize("count", [1, 3])
def test_it_needs_as_many_queries_for_many_as_for_one(
    lake_house: factories.House, browse: factories.Browse, count: int
) -> None:
    fill(lake_house, count)
    client = browse(lake_house, "carol")
    page = text(client.get(reverse("lineup")))
    for number in range(count):
        for expected in (f"Check valve {number}", f"room {number}", f"Boat {number}", f"no nuts {number}"):
            assert expected in page
    assert queries(client, reverse("lineup")) == 13


def test_it_reads_out_one_standard_another_each_day(lake_house: factories.House) -> None:
    with acting(lake_house, "alice") as (alice, moment):
        for text_ in ("Bow.", "Smile."):
            standards.add(alice, "arrival", {"en": Said(text_)}, now=moment)
        told = []
        for days in range(3):
            found = line_up(alice, lake_house.place, now=NOON + timedelta(days=days)).standard
            assert found is not None
            told.append(found.told("en").text)
    assert sorted(told[:2]) == ["Bow.", "Smile."]
    assert told[2] == told[0]


def test_it_blames_nobody_and_forgets_moods(lake_house: factories.House, browse: factories.Browse) -> None:
    fill(lake_house, 1)
    agenda = browse(lake_house, "bob").get(reverse("lineup")).context["parts"]["agenda"]
    lessons = agenda[agenda.index("What we learned from") : agenda.index("Who comes today")]
    assert "Carol" not in lessons
    assert "furious" not in agenda


def test_an_empty_one_says_what_will_stand_there(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    page = text(browse(lake_house, "carol").get(reverse("lineup")))
    assert "Nothing was documented since yesterday." in page
    assert "Nobody is expected today." in page


def test_it_was_held_by_somebody_and_reached_who_was_on_duty(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    for name in ("bob", "carol"):
        with acting(lake_house, name) as (actor, moment):
            start_duty(actor, lake_house.place, now=moment)
    client = browse(lake_house, "carol")
    assert client.post(reverse("lineup-held"), headers=HX).status_code == 204
    assert client.post(reverse("lineup-held"), headers=HX).status_code == 409
    assert "led by Carol. On duty and reached: Bob" in text(client.get(reverse("lineup")))
    with within(lake_house.id):
        (entry,) = JournalEntry.objects.filter(kind="lineup.held")
    assert entry.staff_id == lake_house.people["carol"].id
    assert sorted(entry.payload["reached"]) == sorted(lake_house.people[name].id for name in ("bob", "carol"))


def test_each_local_day_has_its_own(lake_house: factories.House) -> None:
    carol, place = lake_house.actor("carol"), lake_house.place
    before_midnight = NOON.replace(hour=15, minute=59)  # 23:59 in Taipei
    with within(lake_house.id):
        hold_line_up(carol, place, now=before_midnight)
        with pytest.raises(ChangedMeanwhile):
            hold_line_up(carol, place, now=before_midnight + timedelta(seconds=59))
        assert held_on(lake_house.places[1], now=before_midnight) is None
        assert held_on(place, now=before_midnight + timedelta(minutes=1)) is None
        hold_line_up(carol, place, now=before_midnight + timedelta(minutes=1))


def test_who_may_see_and_hold_it(
    lake_house: factories.House, other_house: factories.House, browse: factories.Browse, client: Client
) -> None:
    fill(lake_house, 1)
    before = journal(lake_house)
    erin = browse(lake_house, "erin")
    session = erin.session
    session["place"] = lake_house.place.id
    session.save()
    assert "Held now" not in text(erin.get(reverse("lineup")))
    assert erin.post(reverse("lineup-held")).status_code == 403
    elsewhere = text(browse(lake_house, "dan").get(reverse("lineup")))
    assert "Check valve" in elsewhere, "a lesson is for every colleague"
    assert "room 0" not in elsewhere, "where and with whom is not"
    assert "Guest 0" not in text(browse(other_house, "mallory").get(reverse("lineup")))
    assert client.get(reverse("lineup")).status_code == 302
    assert journal(lake_house) == before
