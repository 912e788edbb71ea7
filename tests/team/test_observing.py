"""Seeing how a moment was kept, who may read it, and how evenly the standards are kept."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from random import Random

import pytest
from django.urls import reverse
from django.utils import translation

from rugui.core.errors import InputError, NotAllowed, NotFound
from rugui.core.tenancy import within
from rugui.core.time import now
from rugui.house import access as house_access
from rugui.house.models import Assignment, Staff, User
from rugui.team.standards import access, actions, evenly, observing
from rugui.team.standards.actions import Said
from rugui.team.standards.models import Observation, ObservedMark, Standard

from .. import factories
from ..recover.help import journal, queries, text

pytestmark = pytest.mark.django_db


def standards(house: factories.House, count: int = 2) -> list[Standard]:
    with within(house.id):
        return [
            actions.add(house.actor("alice"), "arrival", {"en": Said(f"Do the {number}th thing.")}, now=now())
            for number in range(count)
        ]


def seen(
    house: factories.House,
    by: str,
    of: str,
    marks: dict[int, str],
    *,
    at: datetime | None = None,
    note: str = "",
) -> Observation:
    with within(house.id):
        return observing.observe(
            house.actor(by), house.place, house.people[of], "arrival", marks, at=at, note=note, now=now()
        )


def hired(house: factories.House, name: str) -> None:
    with within(house.id):
        user = User.objects.create_user(f"{name}@lake.example", "correct horse battery")
        staff = Staff.objects.create(organization=house.organization, user=user, name=name.title())
        Assignment.objects.create(
            organization=house.organization, staff=staff, place=house.place, role="staff"
        )
    house.people[name] = staff


def test_an_observation_takes_one_form_and_whoever_was_seen_reads_it(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    first, second = standards(lake_house)
    bob, carol = browse(lake_house, "bob"), browse(lake_house, "carol")
    page = bob.get(reverse("standards-observe"))
    assert "Do the 0th thing." in text(page)
    fields = {
        "moment": "arrival", "who": lake_house.people["carol"].public_id, f"mark_{first.public_id}": "kept",
        f"mark_{second.public_id}": "missed", "note": "A warm start",
    }  # fmt: skip
    answer = bob.post(reverse("standards-observe"), fields)
    assert answer.status_code == 302
    assert "Noted. Carol reads it under" in text(bob.get(answer["Location"]))
    page_text = text(carol.get(reverse("my-standards")))
    for expected in ("Arrival · 1/2", "“A warm start”", "seen by Bob", "Do the 1th thing."):
        assert expected in page_text
    assert "A warm start" in text(bob.get(reverse("standards-seen", args=[lake_house.people["carol"].id])))
    assert "observation.made" in journal(lake_house)


def test_nobody_else_reads_it_and_the_database_holds_that_too(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    first, _second = standards(lake_house)
    made = seen(lake_house, "bob", "carol", {first.id: "missed"}, note="late")
    for who, reads in (("alice", True), ("bob", True), ("carol", True), ("dan", False), ("erin", False)):
        staff = lake_house.people[who]
        with house_access.entered(lake_house.id, staff.user_id) as entry:
            assert entry is not None
            assert Observation.objects.filter(id=made.id).exists() == reads, who
            assert ObservedMark.objects.filter(observation=made).exists() == reads, who
            if reads:
                assert access.observation(entry.actor, made.id) == made
            else:
                with pytest.raises(NotFound):
                    access.observation(entry.actor, made.id)


def test_one_who_leads_elsewhere_and_serves_here_reads_nothing(lake_house: factories.House) -> None:
    first, _second = standards(lake_house)
    made = seen(lake_house, "bob", "carol", {first.id: "missed"})
    hired(lake_house, "gil")
    with within(lake_house.id):
        everywhere = {
            "organization": lake_house.organization,
            "staff": lake_house.people["gil"],
            "place": None,
        }
        Assignment.objects.create(**everywhere, role="manager")
    with house_access.entered(lake_house.id, lake_house.people["gil"].user_id) as entry:
        assert entry is not None
        assert not entry.actor.leads(lake_house.place.id)
        assert not Observation.objects.filter(id=made.id).exists()


def test_what_was_seen_of_oneself_is_kept_apart(lake_house: factories.House) -> None:
    first, second = standards(lake_house)
    seen(lake_house, "carol", "carol", {first.id: "kept", second.id: "kept"})
    seen(lake_house, "bob", "carol", {first.id: "missed"})
    with within(lake_house.id):
        whole = evenly.whole(lake_house.actor("bob"), [lake_house.place], days=91, now=now())
        mine = evenly.mine(lake_house.actor("carol"), lake_house.place, days=91, now=now())
    assert (whole.share.hits, whole.share.of, whole.observations) == (0, 1, 1)
    assert (whole.by_self.hits, whole.by_self.of) == (2, 2)
    assert (mine.by_self.hits, mine.own.seen if mine.own else None) == (2, 0.0)


@pytest.mark.parametrize(
    ("marks", "who", "ago", "field"),
    [
        ({}, "carol", 0, "marks"),
        ({"0": "unseen"}, "carol", 0, "marks"),
        ({"0": "perhaps"}, "carol", 0, "marks"),
        ({"999999": "kept"}, "carol", 0, "marks"),
        ({"0": "kept"}, "dan", 0, "who"),
        ({"0": "kept"}, "erin", 0, "who"),
        ({"0": "kept"}, "carol", 8, "at"),
        ({"0": "kept"}, "carol", -1, "at"),
    ],
)
def test_what_cannot_be_noted_is_said_by_field(
    lake_house: factories.House, marks: dict[str, str], who: str, ago: int, field: str
) -> None:
    first, _second = standards(lake_house)
    given = {first.id if key == "0" else int(key): mark for key, mark in marks.items()}
    with pytest.raises(InputError) as refused:
        seen(lake_house, "bob", who, given, at=now() - timedelta(days=ago, minutes=-1 if ago else 0))
    assert field in refused.value.fields


def test_it_is_taken_back_by_who_wrote_it_within_a_day_and_by_who_leads(lake_house: factories.House) -> None:
    hired(lake_house, "gil")
    first, _second = standards(lake_house)
    made = seen(lake_house, "gil", "carol", {first.id: "missed"})
    with within(lake_house.id):
        with pytest.raises(NotAllowed):
            observing.withdraw(lake_house.actor("carol"), made, now=now())
        with pytest.raises(NotAllowed):
            observing.withdraw(lake_house.actor("gil"), made, now=now() + timedelta(days=2))
        observing.withdraw(lake_house.actor("gil"), made, now=now())
    again = seen(lake_house, "gil", "carol", {first.id: "missed"})
    with within(lake_house.id):
        observing.withdraw(lake_house.actor("bob"), again, now=now() + timedelta(days=3))
        assert not Observation.objects.exists()
        assert not ObservedMark.objects.exists()


def test_a_changed_standard_is_read_as_it_was_when_it_was_seen(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    first, _second = standards(lake_house)
    seen(lake_house, "bob", "carol", {first.id: "kept"})
    with within(lake_house.id):
        actions.change(lake_house.actor("alice"), first, {"en": Said("Something new.")}, seen=1, now=now())
    page = text(browse(lake_house, "carol").get(reverse("my-standards")))
    assert "Do the 0th thing." in page
    assert "Something new." not in page


def test_few_are_told_nothing_of_the_others_and_five_see_dots_without_names(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    first, _second = standards(lake_house)
    random = Random(1)
    for number, name in enumerate(("gil", "hana", "ivo", "jun")):
        hired(lake_house, name)
        for _time in range(5):
            seen(
                lake_house,
                "bob",
                name,
                {first.id: "kept" if random.random() < 0.5 + number / 10 else "missed"},
            )
    carol = browse(lake_house, "carol")
    assert "Nothing yet" in text(carol.get(reverse("my-standards")))
    for mark in ("kept", "kept", "missed", "kept", "kept"):
        seen(lake_house, "bob", "carol", {first.id: mark})
    answer = carol.get(reverse("my-standards"))
    page = text(answer)
    assert "80% kept, in what was seen of you 5 times" in page
    assert "Lowest of the others" in page
    assert answer.content.decode().count("picture-other") == 4
    for name in ("Gil", "Hana", "Ivo", "Jun"):
        assert name not in page
    with within(lake_house.id):
        Observation.objects.filter(staff=lake_house.people["gil"]).delete()
    page = text(carol.get(reverse("my-standards")))
    assert "fewer would not be without names" in page
    assert "Lowest of the others" not in page


def test_who_leads_sees_where_it_lies_and_whether_people_differ(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    first, second = standards(lake_house)
    random = Random(2)
    noon = (now() - timedelta(days=1)).replace(hour=12, minute=30)  # whatever the time is now
    rates = {"gil": 0.95, "hana": 0.9, "ivo": 0.95, "jun": 0.25}
    for name, rate in rates.items():
        hired(lake_house, name)
        for number in range(14):
            at = noon - timedelta(hours=5 * number)
            marks = {first.id: "kept" if random.random() < rate else "missed", second.id: "unseen"}
            seen(lake_house, "bob", name, marks, at=at)
    page = text(browse(lake_house, "bob").get(reverse("standards-evenly")))
    assert "in 56 observations" in page
    assert "Between people: They differ: about" in page
    assert "Between hours: " in page
    assert "Between hours: They differ" not in page  # people do, hours do not
    assert page.index("Ivo") < page.rindex("Jun")
    assert browse(lake_house, "carol").get(reverse("standards-evenly")).status_code == 403
    assert (
        f'href="{reverse("standards-evenly-file")}?'
        in browse(lake_house, "bob").get(reverse("standards-evenly")).content.decode()
    )
    with translation.override("en"):
        chosen = text(browse(lake_house, "bob").get(reverse("standards-evenly") + "?days=28&moment=farewell"))
    assert "Nothing was seen yet" in chosen


def test_the_figures_are_a_file_for_whom_the_page_is_for(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    first, second = standards(lake_house)
    for _time in range(3):
        seen(lake_house, "bob", "carol", {first.id: "kept", second.id: "unseen"})
        seen(lake_house, "carol", "bob", {first.id: "missed"})
    address = reverse("standards-evenly-file")
    file = browse(lake_house, "bob").get(address)
    assert file["Content-Disposition"] == 'attachment; filename="standards-evenly.csv"'
    rows = list(csv.DictReader(io.StringIO(file.content.decode().removeprefix("\ufeff"))))
    found = {(row["by"], row["name"]): row for row in rows}
    every = found["all", ""]
    assert [every[name] for name in ("observations", "kept", "seen", "share")] == ["6", "3", "6", "0.5000"]
    assert found["person", "Carol"]["share"] == "1.0000"
    assert found["person", "Bob"]["observations"] == "3"
    assert found["place", "Lake House"]["observations"] == "6"
    assert {row["seen"] for row in rows if row["by"] == "standard"} == {"0", "6"}
    narrowed = browse(lake_house, "bob").get(f"{address}?moment=farewell&days=28").content.decode()
    assert "person" not in narrowed
    for outside in ("carol", "erin"):
        assert browse(lake_house, outside).get(address).status_code == 403


def test_two_people_are_too_few_to_tell(lake_house: factories.House, browse: factories.Browse) -> None:
    first, _second = standards(lake_house)
    for _time in range(3):
        seen(lake_house, "bob", "carol", {first.id: "kept"})
        seen(lake_house, "carol", "bob", {first.id: "missed"})
    page = text(browse(lake_house, "bob").get(reverse("standards-evenly")))
    assert "Between people: Too few observations to tell whether they differ." in page


@pytest.mark.parametrize("count", [1, 3])
def test_pages_ask_the_same_however_much_was_seen(
    lake_house: factories.House, browse: factories.Browse, count: int
) -> None:
    made = standards(lake_house, count)
    for _time in range(count):
        seen(lake_house, "bob", "carol", {each.id: "kept" for each in made})
        seen(lake_house, "carol", "bob", {each.id: "missed" for each in made})
    bob = browse(lake_house, "bob")
    assert queries(bob, reverse("standards-observe")) == 6
    assert queries(bob, reverse("my-standards")) == 9
    assert queries(bob, reverse("standards-evenly")) == 7
    assert queries(bob, reverse("standards-evenly-file")) == 7
    assert queries(bob, reverse("standards-seen", args=[lake_house.people["carol"].id])) == 9
