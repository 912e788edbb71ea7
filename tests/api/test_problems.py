"""Whatever goes wrong under /api/ is told as a problem document, and nothing ill-formed is taken."""

from __future__ import annotations

import pytest
from django.http import HttpResponse

from rugui.api.routes import api

from .conftest import Caller

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"


def told(response: HttpResponse) -> tuple[int, str, int]:
    return response.status_code, response["Content-Type"], response.json()["status"]


def test_an_unknown_address_is_a_problem(carol: Caller) -> None:
    assert told(carol.get("/nothing")) == (404, PROBLEM, 404)


def test_a_method_that_an_address_lacks_is_a_problem_that_names_those_it_has(carol: Caller) -> None:
    response = carol.delete("/customers")
    assert told(response) == (405, PROBLEM, 405)
    assert {method.strip() for method in response["Allow"].split(",")} == {"GET", "POST"}


def test_malformed_json_is_a_problem(carol: Caller) -> None:
    response = carol.client.post("/api/v1/customers", b'{"name": ', content_type="application/json")
    assert told(response) == (400, PROBLEM, 400)


@pytest.mark.parametrize("key", ["two words", "ключ", "x" * 201])
def test_an_idempotency_key_is_one_word(carol: Caller, key: str) -> None:
    assert told(carol.post("/customers", {"name": "X"}, idempotency_key=key)) == (400, PROBLEM, 400)


@pytest.mark.parametrize(
    "at", [0, "0", "1700000000", "2026-09-03", "2026-09-03 14:00:00Z", "2026-09-03T14:00:00"]
)
def test_a_moment_is_written_in_full(carol: Caller, at: object) -> None:
    response = carol.post("/visits", {"customer": "x" * 26, "expected_at": at})
    assert told(response) == (422, PROBLEM, 422)
    assert [error["field"] for error in response.json()["errors"]] == ["expected_at"]


def test_what_is_too_long_for_its_column_is_refused(carol: Caller) -> None:
    response = carol.post("/customers", {"name": "X", "address_as": "x" * 121})
    assert told(response) == (422, PROBLEM, 422)
    assert response.json()["errors"] == [{"field": "address_as", "message": "At most 120 characters."}]


def test_each_field_describes_its_own_choices() -> None:
    schemas = api.get_openapi_schema(path_prefix="/api/v1/")["components"]["schemas"]
    assert schemas["IdentityOut"]["properties"]["kind"]["enum"] == ["phone", "email", "handle", "card"]
    assert schemas["VisitOut"]["properties"]["kind"]["enum"] == ["booking", "order", "appointment"]
    assert "Kind" not in schemas
