"""API tokens and links to a new password."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rugui.core import keys
from rugui.core.errors import ChangedMeanwhile, InputError, NotAllowed
from rugui.core.models import Key
from rugui.house import access, actions, queries
from rugui.house.models import User

from ..factories import NOON, House
from .help import PASSWORD, acting, found, invited, journal

NEW = "another sentence to keep"


def test_a_token_is_shown_once_and_opens_its_scopes(lake_house: House) -> None:
    carol = lake_house.people["carol"]
    with acting(lake_house, "carol") as actor:
        secret = actions.make_token(actor, label=" Till ", scopes={"notes:write", "customers:read"}, now=NOON)
        [token] = queries.tokens(actor)
    assert (token.label, token.scopes) == ("Till", ["customers:read", "notes:write"])
    assert secret.startswith("rugui_")
    key = access.api_key(secret, now=NOON)
    assert key is not None
    assert (key.id, key.subject_id, key.organization_id) == (token.id, carol.id, lake_house.id)
    assert access.api_key(secret.removeprefix("rugui_"), now=NOON) is None
    assert journal(lake_house) == [("token.made", carol.id, {"scopes": ["customers:read", "notes:write"]})]


@pytest.mark.parametrize(
    ("label", "scopes", "field"),
    [
        ("", ["notes:read"], "label"),
        ("x", [], "scopes"),
        ("x", ["staff:write"], "scopes"),
        ("x" * 81, ["notes:read"], "label"),
    ],
)
def test_a_token_needs_a_purpose_and_known_scopes(
    lake_house: House, label: str, scopes: list[str], field: str
) -> None:
    with pytest.raises(InputError) as caught, acting(lake_house, "carol") as actor:
        actions.make_token(actor, label=label, scopes=scopes, now=NOON)
    assert list(caught.value.fields) == [field]


def test_a_revoked_token_opens_nothing(lake_house: House) -> None:
    with acting(lake_house, "carol") as actor:
        secret = actions.make_token(actor, label="Till", scopes=["notes:read"], now=NOON)
        [token] = queries.tokens(actor)
        actions.revoke_token(actor, token, now=NOON)
        assert queries.tokens(actor) == []
        with pytest.raises(ChangedMeanwhile):
            actions.revoke_token(actor, token, now=NOON)
    assert access.api_key(secret, now=NOON) is None
    assert journal(lake_house)[-1] == ("token.revoked", lake_house.people["carol"].id, {"token": token.id})


def test_nobody_revokes_a_token_of_somebody_else(lake_house: House) -> None:
    with acting(lake_house, "carol") as actor:
        actions.make_token(actor, label="Till", scopes=["notes:read"], now=NOON)
        [token] = queries.tokens(actor)
    with acting(lake_house, "alice") as actor, pytest.raises(ChangedMeanwhile):
        actions.revoke_token(actor, token, now=NOON)


def link(house: House, by: str, whom: str) -> str:
    with acting(house, by) as actor:
        return actions.issue_password_link(actor, house.people[whom], now=NOON)


def test_a_password_link_works_once(lake_house: House) -> None:
    secret = link(lake_house, "bob", "carol")
    key = found(secret, Key.Kind.PASSWORD)
    actions.set_password_by_link(key, password=NEW, now=NOON)
    carol = User.objects.get(id=lake_house.people["carol"].user_id)
    assert (carol.check_password(NEW), carol.check_password(PASSWORD)) == (True, False)
    assert keys.find(secret, Key.Kind.PASSWORD, now=NOON) is None
    with pytest.raises(ChangedMeanwhile):
        actions.set_password_by_link(key, password="yet another sentence", now=NOON)
    assert journal(lake_house) == [
        ("staff.password_link_made", lake_house.people["carol"].id, {}),
        ("staff.password_set", lake_house.people["carol"].id, {}),
    ]


def test_a_password_link_ends_after_a_day(lake_house: House) -> None:
    secret = link(lake_house, "bob", "carol")
    key = found(secret, Key.Kind.PASSWORD)
    tomorrow = NOON + timedelta(hours=24)
    assert keys.find(secret, Key.Kind.PASSWORD, now=tomorrow) is None
    with pytest.raises(ChangedMeanwhile):
        actions.set_password_by_link(key, password=NEW, now=tomorrow)


def test_a_new_link_ends_the_one_before(lake_house: House) -> None:
    first, second = link(lake_house, "bob", "carol"), link(lake_house, "bob", "carol")
    assert keys.find(first, Key.Kind.PASSWORD, now=NOON) is None
    assert found(second, Key.Kind.PASSWORD).subject_id == lake_house.people["carol"].id


def test_a_weak_password_leaves_the_link_standing(lake_house: House) -> None:
    secret = link(lake_house, "bob", "carol")
    with pytest.raises(InputError):
        actions.set_password_by_link(found(secret, Key.Kind.PASSWORD), password="short", now=NOON)
    assert found(secret, Key.Kind.PASSWORD).revoked_at is None


@pytest.mark.parametrize(
    ("by", "whom"),
    [("bob", "alice"), ("bob", "dan"), ("bob", "erin"), ("bob", "bob"), ("carol", "dan"), ("alice", "alice")],
)
def test_only_the_right_people_make_password_links(lake_house: House, by: str, whom: str) -> None:
    with pytest.raises(NotAllowed):
        link(lake_house, by, whom)


def test_no_house_changes_the_password_of_somebody_who_works_elsewhere_too(
    lake_house: House, other_house: House
) -> None:
    """Otherwise a house could invite another's owner, reset their password, and walk into the other house."""
    mallory = other_house.people["mallory"]
    before = link(lake_house, "alice", "carol")
    joined = actions.join(
        found(invited(lake_house, email=mallory.user.email).secret, Key.Kind.INVITATION),
        mallory.user,
        now=NOON,
    )
    with pytest.raises(NotAllowed, match="works for another house too"), acting(lake_house, "alice") as actor:
        actions.issue_password_link(actor, joined, now=NOON)
    carol = lake_house.people["carol"].user
    invitation = invited(other_house, email=carol.email, by="mallory")
    actions.join(found(invitation.secret, Key.Kind.INVITATION), carol, now=NOON)
    with pytest.raises(ChangedMeanwhile):
        actions.set_password_by_link(found(before, Key.Kind.PASSWORD), password=NEW, now=NOON)


def test_shutting_out_closes_a_password_link(lake_house: House) -> None:
    secret = link(lake_house, "bob", "carol")
    with acting(lake_house, "bob") as actor:
        actions.disable_staff(actor, lake_house.people["carol"], now=NOON)
    assert keys.find(secret, Key.Kind.PASSWORD, now=NOON) is None
