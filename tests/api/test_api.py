"""The API as a program meets it: who gets in, what a call costs, and what happens twice."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from rugui.core.models import IdempotentReply, Key
from rugui.core.tenancy import within
from rugui.know.models import Customer
from rugui.recover.models import Case

from .. import factories
from .conftest import Caller

pytestmark = pytest.mark.django_db
COMPLAINT: dict[str, Any] = {
    "channel": "web",
    "identities": [{"kind": "phone", "value": "0912 345 678"}],
    "name": "陳玉婷",
    "text": "房間很冷",
    "complaint": True,
    "language": "zh-hant",
}


def test_it_needs_a_token(lake_house: factories.House) -> None:
    response = Client().get("/api/v1/customers")
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert response["WWW-Authenticate"] == 'Bearer realm="rugui"'
    assert Client(headers={"Authorization": "Bearer rugui_wrong"}).get("/api/v1/customers").status_code == 401


def test_a_revoked_token_opens_nothing(lake_house: factories.House, carol: Caller) -> None:
    assert carol.get("/me").json()["name"] == "Carol"
    with within(lake_house.id):
        Key.objects.update(revoked_at=factories.NOON)
    assert carol.get("/me").status_code == 401


def test_the_token_of_someone_who_left_opens_nothing(lake_house: factories.House, carol: Caller) -> None:
    with within(lake_house.id):
        lake_house.people["carol"].active = False
        lake_house.people["carol"].save()
    assert carol.get("/me").status_code == 401


def test_a_scope_narrows_a_token(lake_house: factories.House) -> None:
    reader = Caller(lake_house, "carol", ["customers:read"])
    assert reader.get("/customers").status_code == 200
    assert reader.post("/customers", {"name": "X"}).status_code == 403
    assert reader.get("/cases").status_code == 403


def test_an_analyst_reads_and_changes_nothing(lake_house: factories.House) -> None:
    erin = Caller(lake_house, "erin")
    assert erin.get("/customers").status_code == 200
    assert erin.post("/customers", {"name": "X"}).status_code == 403
    with within(lake_house.id):
        assert Customer.objects.count() == 0


def test_a_complaint_opens_a_case_with_a_running_clock(carol: Caller) -> None:
    received = carol.post("/messages", COMPLAINT).json()
    assert received["new_customer"] is True
    assert received["promise"] is None
    case = carol.get(f"/cases/{received['case']}").json()
    assert case["customer"] == received["customer"]["id"]
    assert case["clock"]["kind"] == "progress"
    assert case["clock"]["state"] == "open"
    assert [message["text"] for message in case["messages"]] == ["房間很冷"]
    again = carol.post(
        "/messages", COMPLAINT | {"identities": [{"kind": "phone", "value": "+886912345678"}]}
    ).json()
    assert again["new_customer"] is False
    assert again["customer"]["id"] == received["customer"]["id"]
    assert (received["new_case"], again["new_case"], again["case"]) == (True, False, received["case"])


def test_another_message_is_owed_an_answer(carol: Caller) -> None:
    received = carol.post("/messages", COMPLAINT | {"complaint": None, "stars": 5}).json()
    assert received["case"] is None
    promise = carol.get(f"/promises/{received['promise']}").json()
    assert (promise["kind"], promise["state"]) == ("answer", "open")


def test_the_same_external_message_starts_one_case(lake_house: factories.House, carol: Caller) -> None:
    first = carol.post("/messages", COMPLAINT | {"external_id": "mail-7"}).json()
    second = carol.post("/messages", COMPLAINT | {"external_id": "mail-7"}).json()
    assert second["repeated"] is True
    assert second["case"] == first["case"]
    with within(lake_house.id):
        assert Case.objects.count() == 1


def test_an_idempotency_key_carries_a_request_out_once(lake_house: factories.House, carol: Caller) -> None:
    first = carol.post("/customers", {"name": "Ms Lin"}, idempotency_key="a-1")
    second = carol.post("/customers", {"name": "Ms Lin"}, idempotency_key="a-1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()
    assert second["Idempotent-Replayed"] == "true"
    assert carol.post("/customers", {"name": "Mr Lin"}, idempotency_key="a-1").status_code == 422
    with within(lake_house.id):
        assert Customer.objects.count() == 1


def test_a_refused_request_does_not_use_up_its_key(lake_house: factories.House, carol: Caller) -> None:
    assert carol.post("/customers", {"name": " "}, idempotency_key="a-1").status_code == 422
    with within(lake_house.id):
        assert IdempotentReply.objects.count() == 0
    assert carol.post("/customers", {"name": "Ms Lin"}, idempotency_key="a-1").status_code == 201


def test_errors_name_the_field_and_what_would_be_right(carol: Caller) -> None:
    body = {"name": "X", "identities": [{"kind": "phone", "value": "12"}]}
    assert carol.post("/customers", body).json()["errors"] == [
        {"field": "phone", "message": "Not a phone number. Write it with its area, or like +886 912 345 678."}
    ]
    assert carol.post("/customers", {"name": 7, "colour": "red"}).json()["errors"] == [
        {"field": "name", "message": "This must be text."},
        {"field": "colour", "message": "There is no such field."},
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_is_paged_by_cursor(lake_house: factories.House, carol: Caller, count: int) -> None:
    made = [factories.customer(lake_house, f"Guest {number}").public_id for number in range(count)]
    seen, cursor = [], None
    for _page in range(count):
        query = {"limit": 1} | ({"cursor": cursor} if cursor else {})
        answer = carol.get("/customers", **query).json()
        seen += [item["id"] for item in answer["items"]]
        cursor = answer["next"]
    assert seen == made[::-1]
    assert cursor is None
    assert carol.get("/customers", cursor="nonsense").status_code == 422


@pytest.mark.parametrize("count", [1, 3])
def test_one_case_costs_the_same_however_much_was_said(
    carol: Caller, count: int, django_assert_num_queries: Any
) -> None:
    case = carol.post("/messages", COMPLAINT).json()["case"]
    for number in range(count):
        carol.post(f"/cases/{case}/report", {"text": f"Report {number}"})
    # Coming in takes one; case, clock, steps, messages, hand-over, calls and choices one each. The tests' own
    # surrounding transaction adds a savepoint, its release and a reset.
    with django_assert_num_queries(1 + 7 + 3):
        assert carol.get(f"/cases/{case}").status_code == 200


def test_opening_a_case_costs_a_fixed_number_of_queries(
    lake_house: factories.House, carol: Caller, django_assert_num_queries: Any
) -> None:
    customer = factories.customer(lake_house)
    place = lake_house.place.public_id
    with django_assert_num_queries(1 + 6 + 4):
        response = carol.post(
            "/cases", {"customer": customer.public_id, "place": place, "title": "Cold room"}
        )
    assert response.status_code == 201


def test_other_places_and_other_houses_see_nothing(
    lake_house: factories.House, other_house: factories.House, carol: Caller
) -> None:
    case = carol.post("/messages", COMPLAINT).json()["case"]
    for caller in (Caller(lake_house, "dan"), Caller(other_house, "mallory")):
        assert caller.get(f"/cases/{case}").status_code == 404
        assert caller.post(f"/cases/{case}/solve", {"text": "mine"}).status_code == 404
        assert caller.get("/cases").json()["items"] == []
    assert Caller(lake_house, "bob").get(f"/cases/{case}").status_code == 200


def test_a_repeated_message_of_another_place_is_not_shown(lake_house: factories.House, carol: Caller) -> None:
    carol.post("/messages", COMPLAINT | {"external_id": "mail-7"})
    answer = Caller(lake_house, "dan").post("/messages", COMPLAINT | {"external_id": "mail-7"})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"field": "external_id", "message": "This external id is already in use."}
    ]
