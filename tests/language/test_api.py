"""How the house writes, over the API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.http import HttpResponse

from rugui.language.models import LexiconVersion

from .. import factories
from ..api.conftest import Caller
from .help import BODY, in_use, rule

pytestmark = pytest.mark.django_db

DRAFT = {"text": "You failed to attach the receipt.", "explain_in": "zh-Hant"}


def read(answer: HttpResponse, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content
    return json.loads(answer.content)


def test_a_draft_is_checked_with_a_token_that_may_only_read(lake_house: factories.House) -> None:
    carol = Caller(lake_house, "carol", ["language:read"])
    found = read(carol.post("/language/check", DRAFT))
    assert (found["version"], found["grave"]) == (0, True)
    assert found["marks"][0]["rule"] == "en.you-failed"
    assert read(carol.post("/language/check", {"text": "Good morning, Ms Chen."}))["marks"] == []
    assert carol.post("/language/proposals", {"changes": [{"pack": "en", "name": "x"}]}).status_code == 403
    assert Caller(lake_house, "carol", ["cases:read"]).post("/language/check", DRAFT).status_code == 403


def test_rules_are_proposed_and_put_to_use_and_taken_back(lake_house: factories.House) -> None:
    bob, alice = Caller(lake_house, "bob"), Caller(lake_house, "alice")
    change = {"pack": "en", "name": "kind-regards", "body": BODY}
    made = read(bob.post("/language/proposals", {"changes": [change], "note": "Ours"}), 201)
    assert made["state"] == "proposed"
    assert bob.post(f"/language/proposals/{made['id']}/approve").status_code == 403
    assert read(alice.get("/language/proposals"))[0]["id"] == made["id"]
    assert read(alice.post(f"/language/proposals/{made['id']}/approve"))["state"] == "approved"
    rules = read(alice.get("/language/rules", pack="en", category="style"))
    assert rules["version"] == 1
    assert [each["key"] for each in rules["items"] if each["own"]] == ["en.kind-regards"]
    gone = {"changes": [{"pack": "en", "name": "kind-regards"}], "use": True}
    assert read(alice.post("/language/proposals", gone), 201)["state"] == "approved"
    assert [each["number"] for each in read(alice.get("/language/versions"))] == [2, 1]
    assert read(alice.get("/language/versions/1"))["rules"]["en"][0]["id"] == "kind-regards"
    assert read(alice.post("/language/versions/1/restore"))["restores"] == 1
    assert alice.post("/language/versions/3/restore").status_code == 409


def test_files_are_brought_and_fetched_with_reasons_for_what_is_not_taken(
    lake_house: factories.House,
) -> None:
    alice = Caller(lake_house, "alice")
    in_use(lake_house, rule(), rule("other"))
    text = read(alice.get("/language/packs/en"))["text"]
    more = (
        text.replace("why: We sign with our name.", "why: Because.", 1) + "- id: bad\n  category: nonsense\n"
    )
    answer = read(alice.post("/language/packs", {"text": more, "use": True}))
    assert (answer["taken"], answer["version"]) == (2, 2)
    assert {each["rule"] for each in answer["refused"]} == {"bad"}
    assert alice.get("/language/packs/fr").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"tokens": {"a": 1}}, {"rather": 5}, {"examples": {"match": [1.5, None]}}, {"near": [{"tokens": "("}]}, {"tokens": ["\x00 a"]},
        {"why": "\ud800"}, {"severity": []}, {"extends": {}}, {"extends": "sequence", "tokens": [1]}, {"swap": [1], "extends": "substitution"},
        {"tokens": [["x"]]}, {"id": {"a": []}}, {"extends": "conditional", "first": "(", "second": ")"}, {"unless": {"tokens": [""]}},
    ],
)  # fmt: skip
def test_whatever_a_rule_says_it_is_refused_and_never_breaks(
    lake_house: factories.House, body: dict[str, Any]
) -> None:
    alice = Caller(lake_house, "alice")
    change = {"pack": "en", "name": "kind-regards", "body": {**BODY, **body}}
    answer = alice.post("/language/proposals", json.dumps({"changes": [change], "use": True}))
    assert answer.status_code in (201, 400, 422), answer.content
    if answer.status_code == 201:  # our own name of the rule counts, not the body's
        assert "id" in body
    else:
        assert not LexiconVersion.objects.exists()
