"""The first evening: one owner, one house, one place, or nothing at all."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from django.db import connections

from rugui.core.errors import ChangedMeanwhile, InputError
from rugui.core.models import JournalEntry
from rugui.core.tenancy import within
from rugui.house import actions
from rugui.house.access import staff_actor
from rugui.house.models import Organization, Place, User

from .. import factories

OWNER = actions.NewPerson("Ana", "Ana@Lake.example ", "a sentence to remember", "zh-hant")
HOUSE = actions.NewOrganization("Lake House", "hotel", "guest", "TWD", "zh-hant")
PLACE = actions.NewPlace("Main", "Asia/Taipei", "TW")


def test_a_new_house_has_an_owner_and_a_place(db: None) -> None:
    founded = actions.found_house(OWNER, HOUSE, PLACE, now=factories.NOON)
    user = User.objects.get()
    assert (user.email, user.language, user.check_password("a sentence to remember")) == (
        "ana@lake.example",
        "zh-hant",
        True,
    )
    with within(founded.organization.id):
        organization = Organization.objects.get()
        assert (organization.name, organization.customer_word, organization.currency) == (
            "Lake House",
            "guest",
            "TWD",
        )
        place = Place.objects.get()
        assert (place.name, place.timezone, place.region) == ("Main", "Asia/Taipei", "TW")
        found = staff_actor(user.id)
        assert found is not None
        assert (found[0].owns, found[1].name) == (True, "Ana")
        kinds = list(JournalEntry.objects.order_by("id").values_list("kind", "staff_id"))
        assert kinds == [
            ("house.founded", founded.staff.id),
            ("place.made", founded.staff.id),
            ("staff.joined", founded.staff.id),
        ]


def test_the_second_first_run_is_refused_and_leaves_nothing(db: None) -> None:
    actions.found_house(OWNER, HOUSE, PLACE, now=factories.NOON)
    with pytest.raises(
        ChangedMeanwhile, match=r"^This house already has an owner\. Please sign in instead\.$"
    ):
        actions.found_house(replace(OWNER, email="eve@x.example"), HOUSE, PLACE, now=factories.NOON)
    assert User.objects.count() == 1


def test_another_house_can_be_founded_on_purpose(db: None) -> None:
    first = actions.found_house(OWNER, HOUSE, PLACE, now=factories.NOON)
    second = actions.found_house(
        replace(OWNER, email="eve@x.example"), HOUSE, PLACE, now=factories.NOON, first=False
    )
    assert first.organization.id != second.organization.id
    with within(second.organization.id):
        assert Organization.objects.count() == 1


def test_an_address_that_can_sign_in_already_is_refused(db: None) -> None:
    actions.found_house(OWNER, HOUSE, PLACE, now=factories.NOON)
    with pytest.raises(InputError) as caught:
        actions.found_house(
            replace(OWNER, email="ANA@lake.example"), HOUSE, PLACE, now=factories.NOON, first=False
        )
    assert {field: str(text) for field, text in caught.value.fields.items()} == {
        "owner_email": "Somebody with this e-mail address can already sign in here."
    }


def test_everything_wrong_is_said_at_once(db: None) -> None:
    with pytest.raises(InputError) as caught:
        actions.found_house(
            actions.NewPerson(" ", "nobody", "short", "fr"),
            actions.NewOrganization("", "zoo", "friend", "XYZ", "en"),
            actions.NewPlace("", "Moon/Crater", "ZZ"),
            now=factories.NOON,
        )
    assert list(caught.value.fields) == [
        "owner_name",
        "owner_email",
        "owner_language",
        "owner_password",
        "house_name",
        "house_trade",
        "house_customer_word",
        "house_currency",
        "place_name",
        "place_timezone",
        "place_region",
    ]
    assert User.objects.count() == 0


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("short", "This password is too short. It must contain at least 10 characters."),
        ("1234567890", "This password is too common."),
        ("ana@lake.example", "This password is too much like your e-mail address."),
    ],
)
def test_a_weak_password_is_refused(db: None, password: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        actions.found_house(replace(OWNER, password=password), HOUSE, PLACE, now=factories.NOON)
    assert str(caught.value.fields["owner_password"]) == message


@pytest.mark.usefixtures("own_database")
def test_of_two_people_at_once_one_becomes_the_owner() -> None:
    """Real transactions in real threads: the loser waits for the lock, looks again, and is told."""
    gate, outcomes = threading.Barrier(4), []

    def found(number: int) -> None:
        try:
            gate.wait()
            actions.found_house(
                replace(OWNER, email=f"p{number}@x.example"), HOUSE, PLACE, now=factories.NOON
            )
            outcomes.append("owner")
        except ChangedMeanwhile:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=found, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["owner", "refused", "refused", "refused"]
    assert User.objects.count() == 1
