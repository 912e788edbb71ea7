"""The register over the API: what stands in it, what a period would take, who decides, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rugui.core.tenancy import within
from rugui.own.models import Keeping
from rugui.own.register import KINDS

from .. import factories
from ..api.conftest import Caller
from ..factories import House
from .test_register import note

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(lake_house: House) -> Caller:
    return Caller(lake_house, "alice")


def test_every_kind_stands_in_it_with_what_is_proposed(alice: Caller) -> None:
    answer = alice.get("/register").json()
    assert [each["kind"] for each in answer["kinds"]] == [kind.code for kind in KINDS]
    assert answer["counted_at"] is None
    need = next(each for each in answer["kinds"] if each["kind"] == "need")
    assert (need["months"], need["basis"], need["decided_at"], need["held"]) == (None, "contract", None, None)
    assert not need["droppable"]


def test_a_period_is_tried_decided_and_counted(alice: Caller, lake_house: House) -> None:
    chen = factories.customer(lake_house)
    note(lake_house, chen, "zzold", timedelta(days=800))
    note(lake_house, chen, "zznew", timedelta(days=10))
    assert alice.get("/register/note", months=24).json()["would_go"] == 1
    assert alice.get("/register/note", months=48).json()["would_go"] == 0
    made = alice.put(
        "/register/note", {"months": 24, "basis": "interest", "why": " So that you feel at home. "}
    )
    assert made.status_code == 200
    kept = made.json()
    assert (kept["months"], kept["purpose"]) == (24, "So that you feel at home.")
    assert kept["begins_at"][:10] > kept["decided_at"][:10]
    counted = alice.post("/register/count").json()
    assert next(each for each in counted["kinds"] if each["kind"] == "note")["held"] == 2
    assert "zz" not in str(counted)


def test_a_decision_changed_meanwhile_is_not_overwritten(alice: Caller, lake_house: House) -> None:
    sent = {"months": 24, "basis": "interest"}
    first = alice.put("/register/note", sent).json()
    assert alice.put("/register/note", sent).status_code == 409
    again = alice.put("/register/note", {**sent, "months": None, "seen": first["decided_at"]})
    assert (again.status_code, again.json()["months"]) == (200, None)
    assert alice.put("/register/note", {**sent, "seen": first["decided_at"]}).status_code == 409
    with within(lake_house.id):
        assert Keeping.objects.get(kind="note").months is None


def test_what_is_wrong_is_named(alice: Caller) -> None:
    answer = alice.put("/register/note", {"months": 900, "basis": "whim", "why": "x" * 301})
    assert answer.status_code == 422
    assert {each["field"] for each in answer.json()["errors"]} == {"months", "basis", "why"}
    assert alice.put("/register/nothing", {"months": 1, "basis": "legal"}).status_code == 404
    assert alice.post("/register/need/drop").status_code == 404
    assert alice.post("/register/note/drop").status_code == 202


def test_all_the_rest_is_decided_once(alice: Caller) -> None:
    alice.put("/register/note", {"months": 24, "basis": "interest"})
    assert alice.post("/register/begin").json() == {"decided": len(KINDS) - 1}
    assert alice.post("/register/begin").status_code == 409


def test_who_leads_reads_and_only_owners_decide(lake_house: House) -> None:
    bob, carol = Caller(lake_house, "bob"), Caller(lake_house, "carol")
    assert bob.get("/register").status_code == 200
    assert carol.get("/register").status_code == 403
    for who in (bob, carol):
        assert who.put("/register/note", {"months": 1, "basis": "legal"}).status_code == 403
        assert who.get("/register/note").status_code == 403
    reader = Caller(lake_house, "alice", ["customers:write"])
    assert reader.get("/register").status_code == 403
