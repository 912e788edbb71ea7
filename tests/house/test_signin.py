"""Ways in: the first run, the password, the second step, the invitation, the forgotten password. And the way out."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.utils import translation
from pytest_django import Settings as SettingsWrapper

from rugui.config import networks
from rugui.core.tenancy import within
from rugui.core.time import now
from rugui.house import accounts, actions
from rugui.house.models import Organization, Staff, User
from rugui.web.middleware import FirstRun

from ..factories import Browse, House
from .help import PASSWORD, acting, invited

LOGIN = "/accounts/login/"
NEW = "a sentence to remember"
WELCOME = {
    "owner_name": "Ana",
    "owner_email": "ana@lake.example",
    "owner_password": NEW,
    "owner_language": "zh-hant",
    "house_name": "湖畔",
    "house_trade": "hotel",
    "house_customer_word": "guest",
    "house_currency": "TWD",
    "house_language": "zh-hant",
    "place_name": "",
    "place_timezone": "Asia/Taipei",
    "place_region": "TW",
}


@pytest.fixture(autouse=True)
def _nothing_counted_yet(db: None) -> None:
    cache.clear()


@pytest.fixture
def nobody_yet(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FirstRun, "_done", False)


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra: str) -> HttpResponse:
    return client.post(LOGIN, {"login": email, "password": password, **extra})  # type: ignore[return-value]


@pytest.mark.usefixtures("nobody_yet")
def test_an_empty_installation_leads_to_welcome(client: Client) -> None:
    for path in ("/", "/me", LOGIN, "/house"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, "/welcome")
    assert client.get("/welcome").status_code == 200


@pytest.mark.usefixtures("nobody_yet")
def test_the_first_run_makes_the_house_and_signs_its_owner_in(client: Client) -> None:
    answer = client.post("/welcome", WELCOME)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    user = User.objects.get()
    with within(client.session["organization"]):
        assert Organization.objects.get().name == "湖畔"
        assert Staff.objects.get().name == "Ana"
    assert client.session["_auth_user_id"] == str(user.id)
    assert client.get("/me").status_code == 200


@pytest.mark.usefixtures("nobody_yet")
def test_the_first_run_says_what_is_wrong_and_makes_nothing(client: Client) -> None:
    answer = client.post("/welcome", {**WELCOME, "owner_password": "short", "owner_email": "ana"})
    assert answer.status_code == 422
    answer = client.post(
        "/welcome", {**WELCOME, "owner_password": "short"}, headers={"accept-language": "en"}
    )
    assert (answer.status_code, User.objects.count()) == (422, 0)
    assert "This password is too short. It must contain at least 10 characters." in answer.text


def test_the_first_run_is_gone_once_somebody_can_sign_in(lake_house: House, client: Client) -> None:
    assert client.get("/welcome").status_code == 404
    assert client.post("/welcome", WELCOME).status_code == 404
    assert User.objects.filter(email="ana@lake.example").count() == 0


def test_signing_in_changes_the_session_and_leads_on(lake_house: House, client: Client) -> None:
    client.get(LOGIN)
    client.cookies["sessionid"] = planted = "a" * 32
    answer = sign_in(client, "Carol@lake.example", next="/me")
    assert (answer.status_code, answer["Location"]) == (302, "/me")
    assert client.cookies["sessionid"].value != planted
    page = client.get("/me")
    assert (page.status_code, page["Cache-Control"]) == (200, "private, no-store")


def test_it_never_leads_to_another_site(lake_house: House, client: Client) -> None:
    assert sign_in(client, "carol@lake.example", next="https://evil.example/")["Location"] == "/"


def test_signing_out_takes_a_post(lake_house: House, browse: Browse) -> None:
    client = browse(lake_house, "carol")
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/me").status_code == 200
    assert client.post("/accounts/logout/").status_code == 302
    assert client.get("/me").status_code == 302


def test_a_wrong_password_is_refused_in_the_readers_language(lake_house: House, client: Client) -> None:
    for language in ("en", "zh-hant", "zh-hans"):
        with translation.override(language):
            words = str(accounts.AccountAdapter.error_messages["email_password_mismatch"])
        answer = client.post(
            LOGIN,
            {"login": f"x{language}@lake.example", "password": "wrong"},
            headers={"accept-language": language},
        )
        assert answer.status_code == 200
        assert words in answer.text
        assert "_auth_user_id" not in client.session


def test_an_address_that_is_none_is_told_so_beside_its_field(lake_house: House, client: Client) -> None:
    answer = sign_in(client, "carol", "")
    assert "Not an e-mail address: write it like name@example.com." in answer.text
    assert "“Password” is empty. Please fill it in." in answer.text


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
def test_the_sixth_wrong_password_is_refused_even_when_right(
    lake_house: House, client: Client, language: str
) -> None:
    with translation.override(language):
        words = str(accounts.TOO_MANY)
    for _attempt in range(5):
        assert words not in sign_in(client, "carol@lake.example", "wrong").text
    form = {"login": "carol@lake.example", "password": PASSWORD}
    answer = client.post(LOGIN, form, headers={"accept-language": language})
    assert answer.status_code == 200
    assert words in answer.text
    assert "_auth_user_id" not in client.session


def test_many_wrong_passwords_from_one_address_are_refused_whoever_they_are_for(
    lake_house: House, client: Client
) -> None:
    for number in range(10):
        sign_in(client, f"nobody{number}@lake.example", "wrong")
    assert str(accounts.TOO_MANY) in sign_in(client, "carol@lake.example").text


def wrong_passwords(client: Client, *, connection: str, forwarded: str) -> None:
    """Ten of them for ten people, as many as one address has in a minute; `{}` stands for a number, each time another."""
    for number in range(10):
        form = {"login": f"nobody{number}@lake.example", "password": "wrong"}
        header = {"X-Forwarded-For": forwarded.format(number)}
        client.post(LOGIN, form, headers=header, REMOTE_ADDR=connection)


def test_an_invented_forwarded_address_does_not_escape_the_count(lake_house: House, client: Client) -> None:
    wrong_passwords(client, connection="192.0.2.7", forwarded="198.51.100.{}")
    form = {"login": "carol@lake.example", "password": PASSWORD}
    answer = client.post(LOGIN, form, headers={"X-Forwarded-For": "203.0.113.1"}, REMOTE_ADDR="192.0.2.7")
    assert str(accounts.TOO_MANY) in answer.text


def test_behind_a_trusted_proxy_each_client_has_a_count_of_their_own(
    lake_house: House, client: Client, settings: SettingsWrapper
) -> None:
    settings.TRUSTED_PROXIES = networks("10.1.0.0/16")
    wrong_passwords(client, connection="10.1.0.1", forwarded="203.0.113.{}, 198.51.100.1")
    form = {"login": "carol@lake.example", "password": PASSWORD}
    answers = [
        client.post(LOGIN, form, headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="10.1.0.1")
        for forwarded in ("198.51.100.1", "198.51.100.2")
    ]
    assert str(accounts.TOO_MANY) in answers[0].text
    assert (answers[1].status_code, answers[1]["Location"]) == (302, "/")


def test_nobody_signs_up_or_resets_by_mail(client: Client, lake_house: House) -> None:
    for path in ("signup/", "password/reset/", "email/", "password/set/", "confirm-email/"):
        assert client.get(f"/accounts/{path}").status_code == 404
    assert "reset" not in client.get(LOGIN).text.lower()


def test_somebody_shut_out_is_out_at_once(lake_house: House, browse: Browse) -> None:
    client = browse(lake_house, "carol")
    assert client.get("/me").status_code == 200
    with acting(lake_house, "bob") as actor:
        actions.disable_staff(actor, lake_house.people["carol"], now=now())
    assert client.get("/me", follow=False).status_code == 302
    answer = client.get("/me")
    assert answer.status_code == 403
    assert "You do not work in any house here at present" in answer.text


def test_changing_the_password_ends_other_sessions(lake_house: House, browse: Browse) -> None:
    here, there = browse(lake_house, "carol"), browse(lake_house, "carol")
    page = "/accounts/password/change/"
    assert (
        "This is not your present password." in here.post(page, {"oldpassword": "no", "password1": NEW}).text
    )
    assert "too short" in here.post(page, {"oldpassword": PASSWORD, "password1": "short"}).text
    assert here.post(page, {"oldpassword": PASSWORD, "password1": NEW}).status_code == 302
    assert (here.get("/me").status_code, there.get("/me").status_code) == (200, 302)


def test_an_invitation_lets_somebody_new_in(lake_house: House, client: Client) -> None:
    page = f"/invitation/{invited(lake_house, now=now()).secret}"
    shown = client.get(page)
    assert (shown.status_code, "Lake House would like you to join" in shown.text) == (200, True)
    assert client.post(page, {"name": "Fay", "password": "short", "language": "en"}).status_code == 422
    answer = client.post(page, {"name": "Fay", "password": NEW, "language": "en"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/me").status_code == 200
    again = Client().get(page)
    assert again.status_code == 404
    assert "This invitation has been used, withdrawn or has expired." in again.text


def test_an_old_or_invented_invitation_says_so(lake_house: House, client: Client) -> None:
    old = invited(lake_house, now=now() - timedelta(days=7)).secret
    for secret in (old, "x" * 43):
        for answer in (
            client.get(f"/invitation/{secret}"),
            client.post(f"/invitation/{secret}", {"name": "x"}),
        ):
            assert answer.status_code == 404
            assert "This invitation has been used, withdrawn or has expired." in answer.text


def test_a_key_of_another_kind_is_no_invitation(lake_house: House, client: Client) -> None:
    with acting(lake_house, "bob") as actor:
        secret = actions.issue_password_link(actor, lake_house.people["carol"], now=now())
    assert client.get(f"/invitation/{secret}").status_code == 404
    assert client.get(f"/password/{secret}").status_code == 200


def test_somebody_known_signs_in_to_join(
    lake_house: House, other_house: House, browse: Browse, client: Client
) -> None:
    page = f"/invitation/{invited(lake_house, email='mallory@other.example', now=now()).secret}"
    shown = client.get(page).text
    assert f"{LOGIN}?next={page}" in shown
    assert 'name="password"' not in shown
    assert client.post(page, {"name": "x", "password": NEW, "language": "en"}).status_code == 200
    assert "You are signed in as somebody else." in browse(lake_house, "carol").get(page).text
    mallory = browse(other_house, "mallory")
    assert mallory.post(page).status_code == 302
    assert mallory.session["organization"] == lake_house.id
    assert mallory.get("/me").status_code == 200
    assert mallory.get(page).status_code == 404


def test_a_forgotten_password_is_set_anew_with_a_link(
    lake_house: House, browse: Browse, client: Client
) -> None:
    carol, bob = lake_house.people["carol"], browse(lake_house, "bob")
    standing = browse(lake_house, "carol")
    shown = bob.post(f"/staff/{carol.public_id}/password-link")
    found = re.search(r"http://testserver(/password/[\w-]{43})", shown.text)
    assert found is not None
    assert 'src="data:image/svg+xml' in shown.text
    assert client.post(found[1], {"password": "short"}).status_code == 422
    answer = client.post(found[1], {"password": NEW})
    assert (answer.status_code, answer["Location"]) == (302, LOGIN)
    assert standing.get("/me").status_code == 302
    assert client.get(found[1]).status_code == 404
    assert client.post(found[1], {"password": NEW}).status_code == 404
    assert sign_in(client, "carol@lake.example", NEW).status_code == 302


def code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def test_the_second_step_is_set_up_and_asked_for(lake_house: House, client: Client) -> None:
    sign_in(client, "carol@lake.example")
    page = "/accounts/2fa/totp/activate/"
    assert client.post(client.get(page)["Location"], {"password": PASSWORD})["Location"] == page
    shown = client.get(page)
    assert (shown.status_code, 'src="data:image/svg+xml' in shown.text) == (200, True)
    wrong = client.post(page, {"code": "000000"})
    assert "This code is not the right one, or no longer." in wrong.text
    secret = client.session["mfa.totp.secret"]
    done = client.post(page, {"code": code(secret)})
    assert (done.status_code, done["Location"]) == (302, "/accounts/2fa/recovery-codes/")
    codes = re.findall(r"<li>(\d{8})</li>", client.get(done["Location"]).text)
    assert len(codes) == 10
    assert client.get("/accounts/2fa/").status_code == 200
    assert client.get("/accounts/2fa/totp/deactivate/").status_code == 200
    assert client.get("/accounts/2fa/recovery-codes/generate/").status_code == 200

    later = Client()
    answer = sign_in(later, "carol@lake.example")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/authenticate/")
    assert later.get("/me").status_code == 302
    assert later.get(answer["Location"]).status_code == 200
    assert later.post(answer["Location"], {"code": codes[0]}).status_code == 302
    assert later.get("/me").status_code == 200
    other = Client()
    sign_in(other, "carol@lake.example")
    assert "This code is not the right one" in other.post(answer["Location"], {"code": codes[0]}).text
    assert Authenticator.objects.count() == 2


def test_ways_in_are_changed_only_after_showing_oneself_again(lake_house: House, browse: Browse) -> None:
    client = browse(lake_house, "carol")  # signed in without having just typed the password
    for path in ("totp/activate/", "webauthn/add/"):
        answer = client.get(f"/accounts/2fa/{path}")
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/accounts/reauthenticate/")
    assert "This is not your present password." in client.post(answer["Location"], {"password": "no"}).text
    assert (
        client.post(answer["Location"], {"password": PASSWORD})["Location"] == "/accounts/2fa/webauthn/add/"
    )
    assert "Add a passkey" in client.get("/accounts/2fa/webauthn/add/").text
    assert client.get("/accounts/2fa/webauthn/").status_code == 200
