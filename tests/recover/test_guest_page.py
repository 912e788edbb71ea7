"""The customer's own page: what it says, what it can never say, and who may write on it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse

from rugui.config import config
from rugui.core import keys, tickets
from rugui.core.models import Key
from rugui.core.tenancy import within
from rugui.core.time import now
from rugui.know.actions import GivenIdentity, add_customer, add_note
from rugui.promise.models import Promise
from rugui.recover import actions
from rugui.recover.models import Case, CaseMessage

from .. import factories
from .help import HX, acting, journal, opened, queries, text

pytestmark = pytest.mark.django_db

INTERNAL = [
    "Watch out, she writes reviews", "Wants quiet, and a discount", "the valve was never checked", "feathers",
    "0912345678", "carol@lake.example", "Mallory", "Bob",
]  # fmt: skip


@pytest.fixture
def case(lake_house: factories.House) -> Case:
    """A case with everything in it that a customer must not read."""
    with acting(lake_house, "carol") as (carol, moment):
        chen = add_customer(
            carol,
            name="陳玉婷",
            identities=[GivenIdentity("phone", "0912345678")],
            language="zh-hant",
            region="TW",
            now=moment,
        )
        add_note(carol, chen, text="feathers", kind="need", now=moment)
    case = opened(lake_house, chen)
    with acting(lake_house, "carol") as (carol, moment):
        actions.talk(lake_house.actor("bob"), case, text="Watch out, she writes reviews", now=moment)
        actions.apologise(carol, case, text="I am sorry.", now=moment)
        actions.review_together(carol, case, text="Wants quiet, and a discount", now=moment)
        findings = actions.Findings("product", "heating", "room 7", "the valve was never checked", "check it")
        actions.document(carol, case, findings, now=moment)
    return case


@pytest.fixture
def address(lake_house: factories.House, case: Case) -> str:
    with acting(lake_house, "carol") as (carol, moment):
        return reverse("guest-case", args=[actions.share_link(carol, case, now=moment)])


def received(house: factories.House) -> list[str]:
    with within(house.id):
        rows = CaseMessage.objects.filter(direction="in", kind="message").order_by("id")
        return list(rows.values_list("text", flat=True))


def test_it_says_how_far_it_is(client: Client, address: str) -> None:
    words = text(client.get(f"{address}?language=en"))
    for expected in (
        "Lake House",
        "Room cold",
        "We have said sorry",
        "We have heard you",
        "I am cold.",
        "I am sorry.",
        "Carol",
    ):
        assert expected in words
    assert "We put it right, or tell you how far we are, by" in words
    assert 'data-state="open"' in client.get(address).content.decode()


@pytest.mark.parametrize("headers", [{}, HX])
@pytest.mark.parametrize("state", ["open", "solved"])
def test_nothing_internal_is_anywhere_in_it(
    lake_house: factories.House, case: Case, client: Client, address: str, headers: dict[str, str], state: str
) -> None:
    if state == "solved":
        with acting(lake_house, "carol") as (carol, moment):
            actions.solve(carol, case, text="Warm.", now=moment)
    page = client.get(address, headers=headers).content.decode()
    assert [word for word in [*INTERNAL, "rugui", "Rugui", case.customer.public_id] if word in page] == []


def test_it_sets_no_cookie_and_asks_to_be_kept_private(client: Client, address: str) -> None:
    for response in (
        client.get(address),
        client.post(address, {"text": "Hello"}),
        client.get(address + "/ticket"),
    ):
        assert response.cookies == {}
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Robots-Tag"] == "noindex, nofollow, noarchive"
        assert response["Cache-Control"] == "private, no-store"
    assert b"csrfmiddlewaretoken" not in client.get(address).content


@pytest.mark.parametrize(
    ("query", "lang"),
    [("", "zh-Hant"), ("?language=en", "en"), ("?language=zh-hans", "zh-Hans"), ("?language=xx", "zh-Hant")],
)
def test_it_speaks_the_language_of_the_case_or_the_one_chosen_on_it(
    client: Client, address: str, query: str, lang: str
) -> None:
    response = client.get(address + query, headers={"Accept-Language": "de"})
    assert f'<html lang="{lang}"' in response.content.decode()
    assert response["Content-Language"] == lang.lower()
    assert client.get(address).headers["Content-Language"] == "zh-hant"


def test_the_chosen_language_stays_with_what_is_written(client: Client, address: str) -> None:
    sent = client.post(f"{address}?language=en", {"text": "Hello"})
    assert sent.url == f"{address}?sent=write&language=en#thread-end"
    assert "Thank you. We have it" in text(client.get(sent.url))


def test_a_colleagues_language_does_not_change_it(
    lake_house: factories.House, browse: factories.Browse, address: str
) -> None:
    assert '<html lang="zh-Hant"' in browse(lake_house, "carol").get(address).content.decode()


def test_the_customer_writes_back_once_however_often_it_is_sent(
    lake_house: factories.House, client: Client, address: str
) -> None:
    for _again in range(2):
        assert client.post(address, {"text": "請不要換房間"}).status_code == 302
    assert received(lake_house) == ["請不要換房間"]
    assert journal(lake_house)[-1] == "message.received"


@pytest.mark.parametrize("words", ["", "   ", "x" * 2001, "nul \x00"])
def test_what_cannot_be_taken_is_said_and_kept_in_the_box(
    lake_house: factories.House, client: Client, address: str, words: str
) -> None:
    response = client.post(f"{address}?language=en", {"text": words})
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    assert received(lake_house) == []


def test_too_many_words_at_once_are_put_off_kindly(
    lake_house: factories.House, client: Client, address: str
) -> None:
    for number in range(actions.GUEST_MESSAGES):
        client.post(address, {"text": f"Message {number}"})
    response = client.post(f"{address}?language=en", {"text": "One more"})
    assert response.status_code == 422
    assert "please wait a few minutes" in text(response)
    assert len(received(lake_house)) == actions.GUEST_MESSAGES


def test_what_they_write_is_shown_as_written_and_never_run(
    lake_house: factories.House, browse: factories.Browse, case: Case, client: Client, address: str
) -> None:
    client.post(address, {"text": "<script>alert(1)</script>"})
    for page in (client.get(address), browse(lake_house, "carol").get(reverse("case", args=[case.id]))):
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.content.decode()
        assert b"<script>alert" not in page.content


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({}, True),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "null"}, True),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "http://elsewhere.example"}, False),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
    ],
)
def test_a_form_on_another_site_cannot_write_here(
    lake_house: factories.House, address: str, headers: dict[str, str], taken: bool
) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(address, {"text": "Hello"}, headers=headers).status_code == (302 if taken else 404)
    assert received(lake_house) == (["Hello"] if taken else [])


def test_every_link_that_opens_nothing_looks_the_same(
    lake_house: factories.House, case: Case, client: Client, address: str
) -> None:
    with acting(lake_house, "carol") as (carol, moment):
        replaced = address
        newer = reverse("guest-case", args=[actions.share_link(carol, case, now=moment)])
        actions.revoke_link(carol, case, now=moment)
        other_kind = keys.issue(lake_house.id, Key.Kind.API, case.id, now=moment)
        expired = keys.issue(
            lake_house.id, Key.Kind.CASE, case.id, now=moment, expires_at=moment - timedelta(days=1)
        )
    answers = []
    for secret in (
        replaced.split("/")[-1],
        newer.split("/")[-1],
        other_kind,
        expired,
        "invented",
        "x" * 3000,
    ):
        for response in (
            client.get(reverse("guest-case", args=[secret])),
            client.post(reverse("guest-case", args=[secret]), {"text": "Hello"}),
            client.get(reverse("guest-ticket", args=[secret])),
        ):
            page = response.content.decode()
            answers.append((response.status_code, page[page.index("<body") :]))
    assert len(set(answers)) == 1
    assert answers[0][0] == 404
    assert "ask whoever gave it to you" in answers[0][1]
    assert received(lake_house) == []


def test_a_broken_promise_is_admitted(lake_house: factories.House, client: Client, address: str) -> None:
    with within(lake_house.id):
        Promise.objects.update(state="broken", ring_at=None, told_at=F("made_at"))
    assert "did not keep it. We are sorry." in text(client.get(f"{address}?language=en"))


def test_who_writes_about_a_solved_case_sees_when_they_are_answered(
    lake_house: factories.House, case: Case, client: Client, address: str
) -> None:
    with acting(lake_house, "carol") as (carol, moment):
        actions.solve(carol, case, text="Warm.", now=moment)
    assert "It has been put right." in text(client.get(f"{address}?language=en"))
    client.post(address, {"text": "Cold again"})
    assert "You wrote to us. You have our answer by" in text(client.get(f"{address}?language=en"))


def test_the_open_page_gets_only_the_parts_that_changed(
    lake_house: factories.House, case: Case, client: Client, address: str
) -> None:
    page = client.get(address).content.decode()
    marks = {name: page.split(f'name="{name}" value="')[1][:16] for name in ("state", "thread")}
    assert client.get(address, marks, headers=HX).content == b""
    with acting(lake_house, "carol") as (carol, moment):
        actions.write_to_customer(carol, case, text="On my way.", now=moment)
    part = client.get(address, marks, headers=HX).content.decode()
    assert 'id="part-thread"' in part
    assert 'id="part-state"' not in part


def test_its_live_stream_is_of_this_case_only(
    lake_house: factories.House, case: Case, client: Client, address: str
) -> None:
    url = client.get(f"{address}/ticket").json()["url"]
    ticket = tickets.unseal(parse_qs(urlsplit(url).query)["ticket"][0], config().secret, now=now())
    assert (ticket.organization_id, ticket.case_id, ticket.staff_id) == (lake_house.id, case.id, None)


@pytest.mark.parametrize("count", [1, 3])
def test_it_needs_as_many_queries_for_many_words_as_for_few(
    lake_house: factories.House, case: Case, client: Client, address: str, count: int
) -> None:
    with acting(lake_house, "carol") as (carol, moment):
        for number in range(count):
            actions.write_to_customer(carol, case, text=f"Word {number}", now=moment)
    assert queries(client, address) == 12


def test_its_address_is_not_logged(client: Client, address: str, caplog: pytest.LogCaptureFixture) -> None:
    client.post(address, {"text": ""})
    client.get(f"{address}x")
    assert address.split("/")[-1] not in caplog.text
