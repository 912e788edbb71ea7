"""Whatever a page says, it says in the reader's language: Django's and allauth's words included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import translation

from rugui.core.tenancy import within
from rugui.house.models import User
from rugui.know.actions import GivenIdentity, add_customer, add_note
from rugui.know.models import Customer
from rugui.recover import actions
from rugui.recover.models import Case
from rugui.web import moments
from rugui.web.tags import in_words

from .. import factories
from ..recover.help import acting, given, opened
from .test_moments import NOW, TAIPEI

pytestmark = pytest.mark.django_db
chinese = pytest.mark.parametrize("language", ["zh-hant", "zh-hans"])

# Names, which are the same in every language, and what one types.
NAMES = {"Rugui", "App", "API", "JavaScript", "Shift", "Cookie", "CSV", "Mac", "TWD", "EUR", "CNY"}
EXAMPLES = re.compile(
    r"[\w.+-]+@[\w.]+|@\w+|Asia/Taipei|CHUN yoo-TING|ja en zh-Hant|coffee|\brugui_\S*|--empty"
)
SAID = ("aria-label", "title", "placeholder", "alt", "data-copied", "data-words", "hx-confirm")
SIGNED_IN = [
    "today", "customers", "promises", "cases", "lineup", "imports", "staff", "house_settings", "me", "help", "tokens",
    "organization", "new_place", "invite", "choose_house", "customer-new", "message-new", "promise-new", "case-new",
    "account_change_password", "account_logout", "mfa_index", "mfa_list_webauthn", "mfa_add_webauthn",
    "mfa_activate_totp",
]  # fmt: skip
OF_A_CUSTOMER = [
    "customer", "customer-edit", "identity-new", "note-new", "touch-new", "visit-new", "purchase-new", "refund-new",
    "promise-give", "case-open",
]  # fmt: skip
OF_A_PLACE = ["place_settings", "place_calendar", "place_staff"]


@pytest.fixture(autouse=True)
def english_afterwards() -> Iterator[None]:
    """The language of a request stays active in its thread."""
    cache.clear()
    yield
    translation.activate("en")


class _Said(HTMLParser):
    """What a page says, to eyes and ears, but for what is marked as English and for long lists to choose from."""

    VOID = frozenset({"meta", "link", "input", "img", "br", "hr", "use", "circle", "path", "rect"})

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._open: list[tuple[str, bool]] = []

    @property
    def _silent(self) -> bool:
        return any(silent for _, silent in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if not self._silent:
            self.words += [given[name] or "" for name in SAID if name in given]
        if tag not in self.VOID:
            self._open.append(
                (tag, tag in {"script", "style", "option", "kbd", "svg"} or given.get("lang") == "en")
            )

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        return

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            if self._open.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


def english(html: str) -> list[str]:
    """What is still English on a page."""
    said = _Said()
    said.feed(html)
    assert any(re.search(r"[\u4e00-\u9fff]", text) for text in said.words)
    return [
        text.strip()
        for text in said.words
        if set(re.findall(r"[A-Za-z]{3,}", EXAMPLES.sub("", text))) - NAMES
    ]


def leftovers(client: Client, paths: list[str], language: str) -> dict[str, list[str]]:
    found = {}
    for path in paths:
        response = client.get(path, follow=True)  # some ways to sign in want it shown first who asks
        assert (path, response.status_code, response["Content-Language"]) == (path, 200, language)
        if left := english(response.content.decode()):
            found[path] = left
    return found


@pytest.fixture
def house(lake_house: factories.House) -> factories.House:
    """The Lake House, where everything made up has a Chinese name."""
    with within(lake_house.id):
        for row, name in [
            (lake_house.organization, "湖畔"), (lake_house.places[0], "湖畔一館"), (lake_house.places[1], "船屋"),
            *zip(lake_house.people.values(), ["安", "柏", "嘉", "丹", "怡"], strict=True),
        ]:  # fmt: skip
            row.name = name
            row.save(update_fields=["name"])
    return lake_house


@pytest.fixture
def chen(house: factories.House) -> Customer:
    """A customer with something of everything, and a clock that runs for her."""
    with acting(house, "carol") as (carol, moment):
        phone = GivenIdentity("phone", "0912345678")
        chen = add_customer(
            carol, name="陳玉婷", identities=[phone], language="zh-hant", region="TW", now=moment
        )
        add_note(carol, chen, text="羽絨", kind="need", now=moment)
    given(house, chen, text="毯子")
    return chen


@pytest.fixture
def case(house: factories.House, chen: Customer) -> Case:
    case = opened(house, chen, title="房間很冷")
    with within(house.id):
        case.messages.update(text="好冷。")
    return case


def speaking(house: factories.House, language: str, name: str = "alice") -> Client:
    """Signed in by password, as the pages about signing in want it."""
    User.objects.filter(pk=house.people[name].user_id).update(language=language)
    client = Client()
    response = client.post(
        reverse("account_login"),
        {"login": house.people[name].user.email, "password": "correct horse battery"},
    )
    assert response.status_code == 302
    return client


@chinese
def test_the_pages_of_the_house(house: factories.House, chen: Customer, case: Case, language: str) -> None:
    paths = [
        *(reverse(name) for name in SIGNED_IN),
        *(reverse(name, args=[chen.public_id]) for name in OF_A_CUSTOMER),
        *(reverse(name, args=[house.place.public_id]) for name in OF_A_PLACE),
        reverse("case", args=[case.public_id]),
        reverse("staff_member", args=[house.people["bob"].public_id]),
    ]
    assert leftovers(speaking(house, language), paths, language) == {}


@chinese
def test_signing_in_and_being_refused(house: factories.House, language: str) -> None:
    client = Client(headers={"accept-language": {"zh-hant": "zh-TW", "zh-hans": "zh-CN"}[language]})
    login = reverse("account_login")
    assert leftovers(client, [login], language) == {}
    for wrong in (
        {"login": "", "password": ""},
        {"login": "no address", "password": "x"},
        {"login": "a@lake.example", "password": "x"},
    ):
        response = client.post(login, wrong)
        assert (response.status_code, english(response.content.decode())) == (200, [])


@chinese
def test_the_second_step(house: factories.House, language: str) -> None:
    client = speaking(house, language)
    user = User.objects.get(pk=house.people["alice"].user_id)
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(user)
    names = [
        "mfa_index",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_reauthenticate",
    ]
    assert leftovers(client, [reverse(name) for name in names], language) == {}
    again = Client(headers={"accept-language": {"zh-hant": "zh-TW", "zh-hans": "zh-CN"}[language]})
    again.post(reverse("account_login"), {"login": user.email, "password": "correct horse battery"})
    assert leftovers(again, [reverse("mfa_authenticate")], language) == {}
    assert english(again.post(reverse("mfa_authenticate"), {"code": "000000"}).content.decode()) == []


@chinese
def test_a_new_password_that_is_not_good_enough(house: factories.House, language: str) -> None:
    client = speaking(house, language)
    for new in ("", "short", "password123", "alice@lake.example"):
        response = client.post(
            reverse("account_change_password"), {"oldpassword": "correct horse battery", "password1": new}
        )
        assert (response.status_code, english(response.content.decode())) == (200, [])


@chinese
def test_a_form_filled_in_wrongly(house: factories.House, chen: Customer, language: str) -> None:
    client = speaking(house, language)
    of_chen = {"args": [chen.public_id]}
    for path, form in [
        (reverse("customer-new"), {"name": "", "phone": "abc"}),
        (reverse("identity-new", **of_chen), {"kind": "email", "value": "x"}),
        (reverse("visit-new", **of_chen), {"expected_at": "never"}),
        (reverse("purchase-new", **of_chen), {"amount": "much"}),
        (reverse("promise-give", **of_chen), {"kind": "other", "wait": "at", "at": ""}),
        (reverse("invite"), {"name": "", "email": "x", "role": ""}),
        (reverse("new_place"), {"name": "", "timezone": "x"}),
    ]:
        response = client.post(path, form)
        assert (path, response.status_code in {200, 422}) == (path, True)
        assert (path, english(response.content.decode())) == (path, [])


@chinese
@pytest.mark.parametrize("state", ["open", "solved"])
def test_the_customers_own_page(house: factories.House, case: Case, language: str, state: str) -> None:
    with acting(house, "carol") as (carol, moment):
        if state == "solved":
            actions.apologise(carol, case, text="真的很抱歉。", now=moment)
            actions.solve(carol, case, text="換好了。", now=moment)
        address = reverse("guest-case", args=[actions.share_link(carol, case, now=moment)])
    assert leftovers(Client(), [f"{address}?language={language}"], language) == {}


@chinese
def test_what_is_not_there(house: factories.House, language: str) -> None:
    response = speaking(house, language).get("/no such page")
    assert (response.status_code, english(response.content.decode())) == (404, [])
    gone = Client(headers={"accept-language": language}).get(reverse("guest-case", args=["unknown"]))
    assert (gone.status_code, english(gone.content.decode())) == (404, [])


@pytest.mark.parametrize(
    ("seconds", "hant", "hans"),
    [
        (59, "不到 1 分鐘", "不到 1 分钟"),
        (60, "1 分鐘", "1 分钟"),
        (360, "6 分鐘", "6 分钟"),
        (7200, "2 小時", "2 小时"),
        (3 * 86400, "3 天", "3 天"),
    ],
)
def test_a_stretch_of_time(seconds: int, hant: str, hans: str) -> None:
    with translation.override("zh-hant"):
        assert in_words(seconds) == hant
    with translation.override("zh-hans"):
        assert in_words(seconds) == hans


@chinese
def test_a_moment(language: str) -> None:
    local = NOW.astimezone(TAIPEI)
    with translation.override(language):
        hours = [moments.short(local.replace(day=day), NOW, language) for day in (2, 3, 4, 5, 20)]
        assert hours == ["昨天 20:00", "20:00", "明天 20:00", "星期六 20:00", "9月20日"]
        assert moments.full(local, language) == "2026年9月3日 星期四 20:00"
