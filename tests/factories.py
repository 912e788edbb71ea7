"""One unsurprising maker per kind of thing. Each enters its organization by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.test import Client

from rugui.core import tenancy
from rugui.core.tenancy import within
from rugui.house.access import Actor, staff_actor
from rugui.house.models import Assignment, Organization, Place, Staff, User
from rugui.know.models import Customer

NOON = datetime(2026, 9, 3, 12, 0, tzinfo=UTC)
"""The moment at which tests happen, unless they say otherwise."""


@dataclass
class House:
    organization: Organization
    places: list[Place]
    people: dict[str, Staff] = field(default_factory=dict)

    @property
    def id(self) -> int:
        return self.organization.id

    @property
    def place(self) -> Place:
        return self.places[0]

    def actor(self, name: str) -> Actor:
        with within(self.id):
            found = staff_actor(self.people[name].user_id)
        assert found is not None
        return found[0]


def house(name: str, places: list[str], people: dict[str, tuple[str, int | None]]) -> House:
    """`people` maps a first name to (role, index of the place or None for everywhere)."""
    organization_id = tenancy.new_organization_id()
    with within(organization_id):
        organization = Organization.objects.create(id=organization_id, name=name, currency="EUR")
        made = House(
            organization,
            [
                Place.objects.create(
                    organization=organization, name=place, timezone="Asia/Taipei", region="TW"
                )
                for place in places
            ],
        )
        for person, (role, where) in people.items():
            user = User.objects.create_user(
                f"{person}@{name.split()[0].lower()}.example", "correct horse battery"
            )
            staff = Staff.objects.create(organization=organization, user=user, name=person.title())
            Assignment.objects.create(
                organization=organization,
                staff=staff,
                place=None if where is None else made.places[where],
                role=role,
            )
            made.people[person] = staff
    return made


def lake_house() -> House:
    return house(
        "Lake House",
        ["Lake House", "Boat House"],
        {
            "alice": ("owner", None),
            "bob": ("manager", 0),
            "carol": ("staff", 0),
            "dan": ("staff", 1),
            "erin": ("analyst", None),
        },
    )


def other_house() -> House:
    return house("Other Inn", ["Other Inn"], {"mallory": ("owner", None)})


class Browse:
    """Signed-in test clients."""

    def __call__(self, house: House, name: str) -> Client:
        client = Client()
        client.force_login(house.people[name].user)
        session = client.session
        session["organization"] = house.id
        session.save()
        return client


def customer(house: House, name: str = "Ms Chen", **fields: Any) -> Customer:
    with within(house.id):
        return Customer.objects.create(organization=house.organization, name=name, created_at=NOON, **fields)
