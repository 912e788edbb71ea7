"""A lost second step: who may take it away from whom, and what happens to them then."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from click.testing import CliRunner
from django.core.cache import cache
from django.test import Client

from rugui.cli import main
from rugui.core.errors import ChangedMeanwhile, InputError, NotAllowed
from rugui.core.models import Key
from rugui.core.tenancy import within
from rugui.core.time import now as this_moment
from rugui.house import actions
from rugui.house.models import Assignment, User

from ..factories import NOON, Browse, House
from .help import PASSWORD, acting, found, invited, journal

LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _nothing_counted_yet(db: None) -> None:
    cache.clear()


def with_second_step(house: House, name: str) -> User:
    """A passkey, an authenticator app and recovery codes."""
    user = house.people[name].user
    for kind in Authenticator.Type.values:
        Authenticator.objects.create(user=user, type=kind, data={})
    return user


def left(user: User) -> int:
    return Authenticator.objects.filter(user=user).count()


def sign_in(email: str) -> Client:
    client = Client()
    assert client.post(LOGIN, {"login": email, "password": PASSWORD})["Location"] == "/"
    return client


def test_a_manager_takes_it_away_and_its_owner_is_signed_out_everywhere(
    lake_house: House, browse: Browse
) -> None:
    carol, dan, bob = with_second_step(lake_house, "carol"), with_second_step(lake_house, "dan"), browse
    devices = [browse(lake_house, "carol"), browse(lake_house, "carol")]
    others = browse(lake_house, "dan")
    page, manager = f"/staff/{lake_house.people['carol'].public_id}", bob(lake_house, "bob")
    assert "Lost the second step" in manager.get(page).text
    answer = manager.post(f"{page}/second-step", follow=True)
    assert "Carol is signed out everywhere and gets in with the password alone." in answer.text
    assert "Lost the second step" not in manager.get(page).text
    assert (left(carol), left(dan)) == (0, 3)
    assert [device.get("/me").status_code for device in devices] == [302, 302]
    assert others.get("/me").status_code == 200
    assert journal(lake_house) == [("staff.second_step_reset", lake_house.people["carol"].id, {})]
    assert manager.post(f"{page}/second-step").status_code == 409


def test_they_read_of_it_once_at_the_next_sign_in_and_on_their_page_until_there_is_a_new_one(
    lake_house: House,
) -> None:
    carol = with_second_step(lake_house, "carol")
    with acting(lake_house, "bob") as bob:
        actions.reset_second_step(bob, lake_house.people["carol"], now=this_moment())
    told = "Bob has taken away your second step"
    client = sign_in("carol@lake.example")
    assert client.get("/").text.count(told) == 1
    assert client.get("/").text.count(told) == 0
    assert client.get("/me").text.count(told) == 1
    again = sign_in("carol@lake.example")
    assert again.get("/").text.count(told) == 0
    Authenticator.objects.create(user=carol, type=Authenticator.Type.TOTP, data={})
    assert again.get("/me").text.count(told) == 0
    assert client.get("/me").status_code == 200


@pytest.mark.parametrize(
    ("who", "whom"), [("bob", "alice"), ("bob", "dan"), ("carol", "bob"), ("erin", "carol"), ("dan", "carol")]
)
def test_nobody_reaches_upwards_or_elsewhere(who: str, whom: str, lake_house: House, browse: Browse) -> None:
    user = with_second_step(lake_house, whom)
    with acting(lake_house, who) as actor, pytest.raises(NotAllowed):
        actions.reset_second_step(actor, lake_house.people[whom], now=NOON)
    page = f"/staff/{lake_house.people[whom].public_id}"
    assert browse(lake_house, who).post(f"{page}/second-step").status_code in {403, 404}
    assert (left(user), journal(lake_house)) == (3, [])


def test_an_owner_helps_another_owner_but_not_themselves(lake_house: House) -> None:
    alice, bob = with_second_step(lake_house, "alice"), with_second_step(lake_house, "bob")
    with within(lake_house.id):
        Assignment.objects.filter(staff=lake_house.people["bob"]).update(role="owner", place=None)
    with acting(lake_house, "alice") as actor:
        with pytest.raises(NotAllowed, match="Change your own second step"):
            actions.reset_second_step(actor, lake_house.people["alice"], now=NOON)
        actions.reset_second_step(actor, lake_house.people["bob"], now=NOON)
    assert (left(alice), left(bob)) == (3, 0)


def test_there_must_be_one_and_they_must_work_here(lake_house: House) -> None:
    with acting(lake_house, "alice") as actor:
        with pytest.raises(ChangedMeanwhile):
            actions.reset_second_step(actor, lake_house.people["carol"], now=NOON)
        actions.disable_staff(actor, lake_house.people["carol"], now=NOON)
        lake_house.people["carol"].refresh_from_db()
        with pytest.raises(InputError, match="cannot sign in here"):
            actions.reset_second_step(actor, lake_house.people["carol"], now=NOON)


def test_another_house_has_a_say_too(lake_house: House, other_house: House) -> None:
    mallory = with_second_step(other_house, "mallory")
    key = found(invited(lake_house, email="mallory@other.example").secret, Key.Kind.INVITATION)
    joined = actions.join(key, mallory, now=NOON)
    with acting(lake_house, "alice") as actor, pytest.raises(NotAllowed, match="another house too"):
        actions.reset_second_step(actor, joined, now=NOON)
    assert left(mallory) == 3
    assert actions.reset_second_step_of("Mallory@Other.example", now=NOON)
    assert left(mallory) == 0
    for house, staff in ((lake_house, joined), (other_house, other_house.people["mallory"])):
        assert journal(house)[-1] == ("staff.second_step_reset", staff.id, {})


def test_whoever_runs_the_installation_helps_the_only_owner(
    lake_house: House, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rugui.cli.second_factor.setup", lambda _role: None)
    alice, device = with_second_step(lake_house, "alice"), browse(lake_house, "alice")
    run = CliRunner().invoke(main, ["reset-second-factor", "alice@lake.example"])
    assert (run.exit_code, run.output) == (
        0,
        "alice@lake.example signs in with the password alone now, and is signed out everywhere.\n",
    )
    assert left(alice) == 0
    assert device.get("/me").status_code == 302
    told = "Whoever runs this installation has taken away your second step"
    assert told in sign_in("alice@lake.example").get("/").text
    again = CliRunner().invoke(main, ["reset-second-factor", "alice@lake.example"])
    assert (again.exit_code, again.output) == (
        0,
        "alice@lake.example has no second factor: the password alone is asked for.\n",
    )
    unknown = CliRunner().invoke(main, ["reset-second-factor", "nobody@lake.example"])
    assert (unknown.exit_code, unknown.output) == (1, "Error: Nobody signs in with nobody@lake.example.\n")


def test_a_new_password_and_a_reset_each_end_the_sessions_before(lake_house: House) -> None:
    user = lake_house.people["carol"].user
    plain = user.get_session_auth_hash()
    user.second_step_reset_at = NOON
    once = user.get_session_auth_hash()
    user.second_step_reset_at = NOON + timedelta(seconds=1)
    twice = user.get_session_auth_hash()
    user.set_password("another sentence entirely")
    assert len({plain, once, twice, user.get_session_auth_hash()}) == 4
