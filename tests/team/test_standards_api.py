"""Standards and observations over the API."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rugui.core.ids import row_id
from rugui.core.tenancy import within
from rugui.core.time import now
from rugui.own.erase import erase
from rugui.serve import actions as serve
from rugui.serve.models import Visit
from rugui.team.standards import observing
from rugui.team.standards.models import Courtesy, Observation

from .. import factories
from ..api.conftest import Caller

pytestmark = pytest.mark.django_db

BOW = {"moment": "arrival", "words": {"en": {"text": "Say their name.", "say": "Welcome, {name}."}}}


def test_a_standard_is_made_changed_taken_out_and_brought_back(lake_house: factories.House) -> None:
    alice = Caller(lake_house, "alice")
    made = alice.post("/standards", BOW)
    assert made.status_code == 201
    standard = made.json()
    assert (standard["version"], standard["holds"], standard["coach"]) == (1, True, [])
    changed = alice.patch(f"/standards/{standard['id']}", {"words": {"en": {"text": "Bow."}}, "version": 1})
    assert (changed.json()["version"], changed.json()["words"]) == (2, {"en": {"text": "Bow.", "say": ""}})
    again = alice.patch(f"/standards/{standard['id']}", {"words": {"en": {"text": "Nod."}}, "version": 1})
    assert again.status_code == 409
    assert not alice.post(f"/standards/{standard['id']}/retire").json()["holds"]
    assert alice.get("/standards").json() == []
    assert alice.post(f"/standards/{standard['id']}/restore").json()["holds"]
    assert [each["id"] for each in Caller(lake_house, "dan").get("/standards").json()] == [standard["id"]]


def test_words_that_the_coach_marks_come_back_with_what_to_say(lake_house: factories.House) -> None:
    blunt = {"moment": "phone_hold", "words": {"en": {"text": "Ask first.", "say": "Hold please."}}}
    coach = Caller(lake_house, "alice").post("/standards", blunt).json()["coach"]
    assert [(each["language"], each["words"]) for each in coach] == [("en", "Hold please")]


def test_what_is_wrong_is_named_by_field(lake_house: factories.House) -> None:
    alice = Caller(lake_house, "alice")
    for body in (
        {**BOW, "words": {"fr": {"text": "Saluez."}}},
        {**BOW, "words": {}},
        {**BOW, "words": {"en": {"text": "Bow.", "say": "Hello {nmae}."}}},
        {**BOW, "moment": "lunch"},
    ):
        assert alice.post("/standards", body).status_code == 422
    assert (
        Caller(lake_house, "bob").post("/standards", BOW).status_code == 403
    )  # everywhere is not his to decide


def test_an_observation_is_made_read_by_whom_it_concerns_and_counted(lake_house: factories.House) -> None:
    standard = Caller(lake_house, "alice").post("/standards", BOW).json()["id"]
    bob, carol = Caller(lake_house, "bob"), Caller(lake_house, "carol")
    seen = {
        "staff": lake_house.people["carol"].public_id, "moment": "arrival", "note": "warm",
        "marks": [{"standard": standard, "mark": "kept"}],
    }  # fmt: skip
    made = bob.post("/observations", {**seen, "at": (now() - timedelta(hours=2)).isoformat()})
    assert made.status_code == 201
    assert made.json()["marks"] == [{"standard": standard, "version": 1, "mark": "kept"}]
    assert [each["note"] for each in carol.get("/observations").json()["items"]] == ["warm"]
    for outside in ("dan", "erin"):
        assert Caller(lake_house, outside).get("/observations").json()["items"] == []
    evenly = bob.get("/observations/evenly").json()
    assert (evenly["observations"], evenly["share"]["kept"], evenly["people"]["between"]) == (1, 1, None)
    assert evenly["people"]["groups"][0]["key"] == lake_house.people["carol"].public_id
    assert bob.get("/observations/evenly?days=364").json()["observations"] == 1
    assert bob.get("/observations/evenly?days=7").status_code == 422
    assert carol.get("/observations/evenly").status_code == 403
    late = bob.post("/observations", {**seen, "at": (now() + timedelta(hours=2)).isoformat()})
    assert (late.status_code, "at" in late.content.decode()) == (422, True)


def test_a_name_that_somebody_wrote_into_an_observation_is_erased(lake_house: factories.House) -> None:
    standard = Caller(lake_house, "alice").post("/standards", BOW).json()["id"]
    chen = factories.customer(lake_house, "Chen Yu-ting")
    seen = {
        "staff": lake_house.people["carol"].public_id, "moment": "arrival", "note": "kind to Chen Yu-ting",
        "marks": [{"standard": standard, "mark": "kept"}],
    }  # fmt: skip
    Caller(lake_house, "bob").post("/observations", seen)
    with within(lake_house.id):
        erase(lake_house.actor("alice"), chen, now=now())
        row = Observation.objects.get()
        assert row.note == "kind to …"
        assert len(observing.seen([row], "en", "en")[0].marks) == 1


def expected(house: factories.House, name: str, *, hours: int = 0) -> str:
    """A visit that somebody is expected for; its public id."""
    moment = now() - timedelta(hours=hours)
    customer = factories.customer(house, name)
    with within(house.id):
        return serve.expect_visit(
            house.actor("carol"), customer, house.place, expected_at=moment, now=moment
        ).public_id


def test_a_greeting_and_a_good_bye_are_noted_once(lake_house: factories.House) -> None:
    carol, visit = Caller(lake_house, "carol"), expected(lake_house, "Ms Chen")
    early = carol.post("/courtesies", {"visit": visit, "moment": "farewell"})
    assert (early.status_code, "visit" in early.content.decode()) == (422, True)
    for moment, state in (("arrival", "arrived"), ("farewell", "left")):
        noted = carol.post("/courtesies", {"visit": visit, "moment": moment})
        assert noted.status_code == 201
        assert (noted.json()["moment"], noted.json()["visit"]) == (moment, visit)
        assert noted.json()["said_at"] is not None
        assert carol.get(f"/visits/{visit}").json()["state"] == state
        assert (
            Caller(lake_house, "bob").post("/courtesies", {"visit": visit, "moment": moment}).status_code
            == 409
        )
    with within(lake_house.id):
        assert set(Courtesy.objects.values_list("staff", flat=True)) == {lake_house.people["carol"].id}


def test_who_only_looks_or_is_elsewhere_notes_nothing(lake_house: factories.House) -> None:
    body = {"visit": expected(lake_house, "Ms Chen"), "moment": "arrival"}
    assert Caller(lake_house, "erin").post("/courtesies", body).status_code == 403
    assert Caller(lake_house, "dan").post("/courtesies", body).status_code == 422
    assert Caller(lake_house, "carol").post("/courtesies", {**body, "moment": "lunch"}).status_code == 422
    assert Caller(lake_house, "carol").post("/courtesies", {**body, "visit": "visit_0"}).status_code == 422


def test_the_door_left_open_is_promised_once(lake_house: factories.House) -> None:
    carol, visit = Caller(lake_house, "carol"), expected(lake_house, "Ms Chen")
    asked = carol.post("/courtesies/ask-again", {"visit": visit})
    assert (asked.status_code, asked.json()["kind"], asked.json()["owner"]) == (201, "follow_up", "Carol")
    assert carol.post("/courtesies/ask-again", {"visit": visit}).status_code == 409


def test_who_leads_is_told_where_nobody_was_greeted_and_it_can_be_noted_later(
    lake_house: factories.House,
) -> None:
    Caller(lake_house, "alice").post("/standards", BOW)
    for name in ("Ms Chen", "Mr Ito"):
        visit = expected(lake_house, name, hours=1)
        with within(lake_house.id):
            came = Visit.objects.get(id=row_id("visit", visit))
            serve.arrive(lake_house.actor("carol"), came, now=now() - timedelta(hours=1))
    bob = Caller(lake_house, "bob")
    told = bob.get("/courtesies").json()
    assert [(each["moment"], each["said"], each["due"]) for each in told["shares"]] == [("arrival", 0, 2)]
    assert [each["moment"] for each in told["missed"]] == ["arrival", "arrival"]
    assert "staff" not in told["missed"][0]
    later = Caller(lake_house, "carol").post(f"/courtesies/{told['missed'][0]['id']}/said")
    assert (later.status_code, later.json()["said_at"] is not None) == (200, True)
    told = bob.get(f"/courtesies?place={lake_house.place.public_id}").json()
    assert [(each["said"], each["due"]) for each in told["shares"]] == [(1, 2)]
    assert len(told["missed"]) == 1
    assert Caller(lake_house, "carol").get("/courtesies").status_code == 403
    there = lake_house.places[1].public_id
    assert bob.get(f"/courtesies?place={there}").status_code == 422
