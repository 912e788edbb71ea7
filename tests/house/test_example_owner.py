"""Whoever opens an installation with an example house first becomes its owner; nobody else can."""

from __future__ import annotations

import pytest
from django.test import Client

from rugui.core.tenancy import within
from rugui.core.time import now
from rugui.example.build import build
from rugui.house import access
from rugui.house.models import Assignment, Staff
from rugui.web.middleware import FirstRun

pytestmark = pytest.mark.django_db
OWNER = {
    "owner_name": "Alice",
    "owner_email": "alice@example.com",
    "owner_password": "correct horse battery",
    "owner_language": "en",
}


@pytest.fixture(autouse=True)
def _not_opened_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FirstRun, "_done", False)


def test_the_first_to_come_owns_the_example_house() -> None:
    house = build("hotel", "en", now=now())
    client = Client()
    assert client.get("/", follow=True).redirect_chain == [("/welcome", 302)]
    assert house.name in client.get("/welcome").content.decode()
    assert client.post("/welcome", OWNER)["Location"] == "/"
    assert client.get("/").status_code == 200
    with within(house.id):
        staff = Staff.objects.get(user__email="alice@example.com")
        assert Assignment.objects.get(staff=staff).role == "owner"


def test_the_second_to_come_finds_the_door_closed() -> None:
    build("hotel", "en", now=now())
    Client().post("/welcome", OWNER)
    assert access.ownerless_house() is None
    assert Client().get("/welcome").status_code == 404
    assert Client().post("/welcome", OWNER | {"owner_email": "bob@example.com"}).status_code == 404


def test_a_weak_password_is_refused_before_anything_is_made() -> None:
    build("hotel", "en", now=now())
    response = Client().post("/welcome", OWNER | {"owner_password": "short"})
    assert response.status_code == 422
    assert not access.anybody_can_sign_in()
