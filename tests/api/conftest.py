"""Calling the API in tests."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from rugui.core import keys
from rugui.core.models import Key
from rugui.core.tenancy import within
from rugui.core.time import now

from ..factories import House

SUBJECTS = (
    "customers",
    "notes",
    "touches",
    "visits",
    "purchases",
    "cases",
    "promises",
    "messages",
    "language",
    "calls",
    "register",
    "standards",
)
ALL_SCOPES = [f"{subject}:{verb}" for subject in SUBJECTS for verb in ("read", "write")]


class Caller:
    """`Caller(lake_house, "carol").post("/cases", {...})` calls the API with Carol's token."""

    def __init__(self, house: House, person: str, scopes: list[str] | None = None) -> None:
        staff = house.people[person]
        with within(house.id):
            self.secret = keys.issue(
                house.id, Key.Kind.API, staff.id, scopes=ALL_SCOPES if scopes is None else scopes, now=now()
            )
        self.client = Client(headers={"Authorization": f"Bearer rugui_{self.secret}"})

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.client.get(f"/api/v1{path}", query)

    def post(self, path: str, body: Any = None, *, idempotency_key: str | None = None) -> HttpResponse:
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        return self.client.post(f"/api/v1{path}", body, content_type="application/json", headers=headers)

    def patch(self, path: str, body: Any) -> HttpResponse:
        return self.client.patch(f"/api/v1{path}", body, content_type="application/json")

    def put(self, path: str, body: Any) -> HttpResponse:
        return self.client.put(f"/api/v1{path}", body, content_type="application/json")

    def delete(self, path: str) -> HttpResponse:
        return self.client.delete(f"/api/v1{path}")


@pytest.fixture
def carol(lake_house: House) -> Caller:
    return Caller(lake_house, "carol")
