"""Standards and observations over the API."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rugui.core.tenancy import within
from rugui.core.time import now
from rugui.own.erase import erase
from rugui.team.standards import observing
from rugui.team.standards.models import Observation

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
