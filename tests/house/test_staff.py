"""Roles, shutting out, invitations: what each person may decide, and what stays in order when two decide at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rugui.core import keys
from rugui.core.errors import ChangedMeanwhile, InputError, NotAllowed, NotFound
from rugui.core.models import Key
from rugui.core.tenancy import within
from rugui.house import access, actions, queries
from rugui.house.access import roles_of
from rugui.house.models import Duty, Invitation, Staff, User

from ..factories import NOON, House
from .help import acting, found, invited, journal


def set_role(house: House, by: str, whom: str, place: int | None, role: str | None) -> None:
    with acting(house, by) as actor:
        place_id = None if place is None else house.places[place].id
        actions.set_role(actor, house.people[whom], place_id, role, now=NOON)


def roles(house: House, name: str) -> dict[int | None, str]:
    with within(house.id):
        return roles_of(house.people[name])


def test_a_manager_changes_roles_at_their_place(lake_house: House) -> None:
    place = lake_house.places[0].id
    set_role(lake_house, "bob", "carol", 0, "manager")
    assert roles(lake_house, "carol") == {place: "manager"}
    assert journal(lake_house) == [
        ("staff.role_changed", lake_house.people["carol"].id, {"from": "staff", "to": "manager"})
    ]


def test_a_manager_gives_somebody_from_elsewhere_a_role_here(lake_house: House) -> None:
    set_role(lake_house, "bob", "dan", 0, "staff")
    assert roles(lake_house, "dan") == {lake_house.places[0].id: "staff", lake_house.places[1].id: "staff"}


def test_the_same_role_again_changes_nothing(lake_house: House) -> None:
    set_role(lake_house, "bob", "carol", 0, "staff")
    assert journal(lake_house) == []


def test_a_role_can_be_taken_away(lake_house: House) -> None:
    set_role(lake_house, "alice", "carol", 0, None)
    assert roles(lake_house, "carol") == {}
    with within(lake_house.id):
        assert access.staff_actor(lake_house.people["carol"].user_id) is None


@pytest.mark.parametrize(
    ("by", "whom", "place", "role", "refusal"),
    [
        ("bob", "dan", 1, "manager", NotFound),  # a place he does not see
        ("bob", "carol", None, "staff", NotAllowed),  # every place
        ("bob", "carol", 0, "owner", NotAllowed),
        ("bob", "alice", 0, "staff", NotAllowed),  # an owner
        ("bob", "erin", 0, "staff", NotAllowed),  # works everywhere
        ("carol", "carol", 0, "manager", NotAllowed),
        ("erin", "carol", 0, "manager", NotAllowed),
        ("alice", "carol", 0, "owner", InputError),  # an owner owns every place
        ("alice", "alice", 0, "staff", InputError),
        ("alice", "carol", 0, "chef", InputError),
    ],
)
def test_nobody_decides_beyond_their_reach(
    lake_house: House, by: str, whom: str, place: int | None, role: str, refusal: type[Exception]
) -> None:
    before = roles(lake_house, whom)
    with pytest.raises(refusal):
        set_role(lake_house, by, whom, place, role)
    assert roles(lake_house, whom) == before
    assert journal(lake_house) == []


def test_a_new_owner_loses_their_other_roles(lake_house: House) -> None:
    set_role(lake_house, "alice", "bob", None, "owner")
    assert roles(lake_house, "bob") == {None: "owner"}


def test_the_last_owner_stays_one(lake_house: House) -> None:
    for role in ("manager", None):
        with pytest.raises(
            InputError, match=r"^A house needs an owner\. Make somebody else an owner first\.$"
        ):
            set_role(lake_house, "alice", "alice", None, role)
    set_role(lake_house, "alice", "bob", None, "owner")
    set_role(lake_house, "bob", "alice", None, "manager")
    assert roles(lake_house, "alice") == {None: "manager"}


def test_a_disabled_owner_does_not_count(lake_house: House) -> None:
    set_role(lake_house, "alice", "bob", None, "owner")
    with acting(lake_house, "alice") as actor:
        actions.disable_staff(actor, lake_house.people["bob"], now=NOON)
    with pytest.raises(InputError):
        set_role(lake_house, "alice", "alice", None, "manager")


def test_shutting_out_ends_duty_tokens_and_invitations(lake_house: House) -> None:
    bob = lake_house.people["bob"]
    with acting(lake_house, "bob") as actor:
        actions.start_duty(actor, lake_house.place, now=NOON)
        token = actions.make_token(actor, label="till", scopes=["notes:read"], now=NOON)
    invitation = invited(lake_house, by="bob")
    with acting(lake_house, "alice") as actor:
        actions.disable_staff(actor, bob, now=NOON)
        assert Duty.objects.filter(ended_at=None).count() == 0
        assert Invitation.objects.get().withdrawn_at == NOON
        assert access.staff_actor(bob.user_id) is None
    assert access.api_key(token, now=NOON) is None
    assert keys.find(invitation.secret, Key.Kind.INVITATION, now=NOON) is None
    assert [kind for kind, *_ in journal(lake_house)][-2:] == ["duty.ended", "staff.disabled"]
    with acting(lake_house, "alice") as actor:
        actions.enable_staff(actor, bob, now=NOON)
        assert access.staff_actor(bob.user_id) is not None
    assert access.api_key(token, now=NOON) is None


@pytest.mark.parametrize(
    ("by", "whom", "refusal"),
    [
        ("bob", "alice", NotAllowed),
        ("bob", "dan", NotAllowed),
        ("bob", "erin", NotAllowed),
        ("bob", "bob", NotAllowed),
        ("carol", "dan", NotAllowed),
        ("alice", "alice", NotAllowed),
    ],
)
def test_only_the_right_people_shut_out(
    lake_house: House, by: str, whom: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal), acting(lake_house, by) as actor:
        actions.disable_staff(actor, lake_house.people[whom], now=NOON)
    with within(lake_house.id):
        assert Staff.objects.filter(active=False).count() == 0


def test_shutting_out_twice_is_told(lake_house: House) -> None:
    with acting(lake_house, "bob") as actor:
        actions.disable_staff(actor, lake_house.people["carol"], now=NOON)
    with pytest.raises(ChangedMeanwhile), acting(lake_house, "alice") as actor:
        actions.disable_staff(actor, lake_house.people["carol"], now=NOON)
    with acting(lake_house, "alice") as actor:
        actions.enable_staff(actor, lake_house.people["carol"], now=NOON)
    with pytest.raises(ChangedMeanwhile), acting(lake_house, "alice") as actor:
        actions.enable_staff(actor, lake_house.people["carol"], now=NOON)


def test_an_invited_person_joins_once(lake_house: House) -> None:
    made = invited(lake_house, by="bob")
    key = found(made.secret, Key.Kind.INVITATION)
    staff = actions.join_as_new(key, name="Fay", password="a sentence to remember", language="en", now=NOON)
    with within(lake_house.id):
        assert access.staff_actor(staff.user_id) is not None
        assert roles_of(staff) == {lake_house.place.id: "staff"}
    assert (staff.user.email, staff.user.check_password("a sentence to remember")) == (
        "fay@lake.example",
        True,
    )
    assert journal(lake_house) == [
        ("staff.invited", made.invitation.id, {"role": "staff"}),
        ("staff.joined", staff.id, {"role": "staff", "invitation": made.invitation.id}),
    ]
    assert keys.find(made.secret, Key.Kind.INVITATION, now=NOON) is None
    with pytest.raises(ChangedMeanwhile):
        actions.join_as_new(key, name="Eve", password="a sentence to remember", language="en", now=NOON)


def test_a_refused_password_leaves_the_invitation_standing(lake_house: House) -> None:
    key = found(invited(lake_house).secret, Key.Kind.INVITATION)
    with pytest.raises(InputError) as caught:
        actions.join_as_new(key, name="Fay", password="short", language="en", now=NOON)
    assert list(caught.value.fields) == ["password"]
    with within(lake_house.id):
        assert Invitation.objects.get().accepted_at is None
    assert User.objects.filter(email="fay@lake.example").count() == 0


def test_an_invitation_ends_after_seven_days(lake_house: House) -> None:
    made = invited(lake_house)
    last = NOON + timedelta(days=7)
    key = found(made.secret, Key.Kind.INVITATION, last - timedelta(seconds=1))
    assert keys.find(made.secret, Key.Kind.INVITATION, now=last) is None
    with pytest.raises(ChangedMeanwhile):
        actions.join_as_new(key, name="Fay", password="a sentence to remember", language="en", now=last)


def test_a_withdrawn_invitation_opens_nothing(lake_house: House) -> None:
    made = invited(lake_house)
    key = found(made.secret, Key.Kind.INVITATION)
    with acting(lake_house, "bob") as actor:
        actions.withdraw_invitation(actor, made.invitation, now=NOON)
    assert keys.find(made.secret, Key.Kind.INVITATION, now=NOON) is None
    with pytest.raises(ChangedMeanwhile):
        actions.join_as_new(key, name="Fay", password="a sentence to remember", language="en", now=NOON)
    with pytest.raises(ChangedMeanwhile), acting(lake_house, "bob") as actor:
        actions.withdraw_invitation(actor, made.invitation, now=NOON)


def test_the_newest_invitation_counts(lake_house: House) -> None:
    first, second = invited(lake_house), invited(lake_house)
    assert keys.find(first.secret, Key.Kind.INVITATION, now=NOON) is None
    assert found(second.secret, Key.Kind.INVITATION).subject_id == second.invitation.id


def test_somebody_from_another_house_joins_with_their_own_account(
    lake_house: House, other_house: House
) -> None:
    mallory = other_house.people["mallory"].user
    key = found(invited(lake_house, email=mallory.email.upper()).secret, Key.Kind.INVITATION)
    staff = actions.join(key, mallory, now=NOON)
    assert access.organizations_of(mallory.id) == [lake_house.id, other_house.id]
    with within(lake_house.id):
        assert roles_of(staff) == {lake_house.place.id: "staff"}


def test_nobody_joins_with_an_invitation_for_somebody_else(lake_house: House, other_house: House) -> None:
    key = found(invited(lake_house).secret, Key.Kind.INVITATION)
    with pytest.raises(NotAllowed, match=r"^This invitation is for somebody else\.$"):
        actions.join(key, other_house.people["mallory"].user, now=NOON)
    with within(lake_house.id):
        assert Invitation.objects.get().accepted_at is None


@pytest.mark.parametrize(
    ("by", "role", "place", "refusal"),
    [
        ("bob", "owner", None, NotAllowed),
        ("bob", "owner", 0, NotAllowed),
        ("bob", "staff", None, NotAllowed),
        ("bob", "staff", 1, NotFound),
        ("carol", "staff", 0, NotAllowed),
        ("erin", "staff", 0, NotAllowed),
        ("alice", "owner", 0, InputError),
    ],
)
def test_nobody_invites_beyond_their_reach(
    lake_house: House, by: str, role: str, place: int | None, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        invited(lake_house, by=by, role=role, place=place)
    with within(lake_house.id):
        assert (Invitation.objects.count(), Key.objects.count()) == (0, 0)


def test_an_owner_invites_an_owner(lake_house: House) -> None:
    assert invited(lake_house, role="owner", place=None).invitation.role == "owner"


def test_an_invitation_to_another_houses_place_is_not_found(lake_house: House, other_house: House) -> None:
    with pytest.raises(NotFound), acting(lake_house, "alice") as actor:
        actions.invite(
            actor, email="f@x.example", name="Fay", role="staff", place_id=other_house.place.id, now=NOON
        )


def test_who_works_here_is_not_invited_again(lake_house: House) -> None:
    with pytest.raises(InputError, match=r"^Already works here\."):
        invited(lake_house, email="Carol@lake.example")


def test_the_list_of_staff_shows_what_its_reader_leads(lake_house: House) -> None:
    with acting(lake_house, "alice") as actor:
        assert [member.staff.name for member in queries.members(actor)] == [
            "Alice",
            "Bob",
            "Carol",
            "Dan",
            "Erin",
        ]
        assert [m.staff.name for m in queries.members(actor, lake_house.places[1])] == [
            "Alice",
            "Dan",
            "Erin",
        ]
    with acting(lake_house, "bob") as actor:
        listed = queries.members(actor)
        assert [(m.staff.name, m.reachable) for m in listed] == [
            ("Alice", False),
            ("Bob", True),
            ("Carol", True),
            ("Erin", False),
        ]


def test_standing_invitations_say_when_they_end(lake_house: House) -> None:
    first = invited(lake_house)
    with acting(lake_house, "bob") as actor:
        assert [each.invitation.id for each in queries.standing_invitations(actor, now=NOON)] == [
            first.invitation.id
        ]
    for number in (1, 2):
        invited(
            lake_house, email=f"guy{number}@lake.example", place=number - 1, now=NOON + timedelta(days=number)
        )
    with acting(lake_house, "alice") as actor:
        listed = queries.standing_invitations(actor, now=NOON + timedelta(days=7))
        assert [(each.invitation.email, each.expired) for each in listed] == [
            ("guy2@lake.example", False),
            ("guy1@lake.example", False),
            ("fay@lake.example", True),
        ]
    with acting(lake_house, "bob") as actor:
        assert len(queries.standing_invitations(actor, now=NOON)) == 2
