"""The phone while the network is gone, in Chromium: what it shows, what it keeps, what it sends, and what it forgets."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from rugui.core.tenancy import within
from rugui.house.actions import disable_staff
from rugui.know import actions as know
from rugui.know.models import Customer, Note
from rugui.serve import actions as serve

from .axe import violations
from .site import Site

pytestmark = pytest.mark.browser

DUMP = """async () => {
    const asked = (r) => new Promise((ok, no) => { r.onsuccess = () => ok(r.result); r.onerror = () => no(r.error); });
    const plain = [], keys = [];
    const walk = (value) => {
        if (value instanceof CryptoKey) keys.push(value.extractable);
        else if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) plain.push(new TextDecoder("latin1").decode(value));
        else if (value && typeof value === "object") Object.values(value).forEach(walk);
        else plain.push(String(value));
    };
    let rows = 0;
    for (const { name } of await indexedDB.databases()) {
        const base = await asked(indexedDB.open(name));
        for (const store of base.objectStoreNames) {
            const all = await asked(base.transaction(store).objectStore(store).getAll());
            rows += all.length;
            all.forEach(walk);
        }
        base.close();
    }
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) plain.push(request.url, await (await cache.match(request)).text());
    }
    plain.push(JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }));
    return { text: plain.join("\\n"), keys, rows };
}"""
NAME = "Featherstonehaugh"


def guest(site: Site) -> Customer:
    """Somebody with a need, expected today."""
    carol, now = site.house.actor("carol"), datetime.now(UTC)
    with within(site.house.id):
        customer = know.add_customer(carol, name=f"Ms {NAME}", region="TW", now=now)
        know.add_note(carol, customer, text="no feathers", kind=Note.Kind.NEED, now=now)
        know.add_note(carol, customer, text="likes jazz", kind=Note.Kind.PREFERENCE, now=now)
        soon = now + timedelta(seconds=5)
        serve.expect_visit(carol, customer, site.house.place, expected_at=soon, about="Room 12", now=now)
        return customer


def until(page: Page, condition: str) -> None:
    """Waits in the page itself: its content security policy forbids what Playwright does to look again."""
    page.evaluate(
        f"(async () => {{ while (!({condition})) await new Promise((go) => setTimeout(go, 50)); }})()"
    )


def prepared(site: Site, page: Page, person: str = "carol") -> None:
    """Signed in, today's cards on the phone, the worker in charge."""
    site.sign_in(page.context, person)
    page.goto(site.url + "/")
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    until(page, "navigator.serviceWorker.controller !== null")
    until(page, "(await ruguiOffline.day()) !== null")


def notes(site: Site) -> list[str]:
    with within(site.house.id):
        return list(Note.objects.order_by("learned_at", "id").values_list("text", flat=True))


def write(page: Page, text: str, about: str = f"Ms {NAME}") -> None:
    page.locator("#line-customer").select_option(label=about)
    page.locator("#line-text").fill(text)
    page.keyboard.press("Enter")


def test_without_a_network_arrivals_and_cards_open_and_a_line_is_sent_once_later(
    live_site: Site, phone: Page
) -> None:
    customer = guest(live_site)
    prepared(live_site, phone)
    phone.context.set_offline(True)
    phone.goto(live_site.url + "/")
    expect(phone.locator("#network")).to_have_text("No network. What you write is kept here and sent later.")
    row = phone.locator("#expected li")
    expect(row).to_contain_text("no feathers")
    row.get_by_role("link", name=f"Ms {NAME}").press("Enter")
    expect(phone.locator("#card-title")).to_be_focused()
    expect(phone.locator("#card .needs")).to_contain_text("no feathers")
    expect(phone.locator("#card-notes")).to_contain_text("likes jazz")
    for text in ("likes tea", "dislikes lilies"):
        write(phone, text)
        expect(phone.locator("#waiting")).to_contain_text(text)
    phone.goto(f"{live_site.url}/customers/{customer.public_id}")
    expect(phone.locator("#card-title")).to_have_text(f"Ms {NAME}")
    expect(phone.locator("#waiting li")).to_have_count(2)
    assert notes(live_site) == ["no feathers", "likes jazz"]
    phone.context.set_offline(False)
    expect(phone.locator("#done li")).to_have_count(2)
    expect(phone.locator("#waiting-part")).to_be_hidden()
    expect(phone.locator("#network")).to_have_text("The network is back.")
    assert notes(live_site) == ["no feathers", "likes jazz", "likes tea", "dislikes lilies"]
    phone.goto(live_site.url + "/")
    expect(phone.locator("#part-expected")).to_contain_text(NAME)
    assert notes(live_site)[2:] == ["likes tea", "dislikes lilies"]


def test_when_the_house_itself_is_down_the_phone_goes_on_and_finds_it_again(
    live_site: Site, phone: Page
) -> None:
    guest(live_site)
    prepared(live_site, phone)
    live_site.stop_pages()
    phone.goto(live_site.url + "/")
    expect(phone.locator("#expected")).to_contain_text("no feathers")
    write(phone, "likes tea")
    expect(phone.locator("#waiting li")).to_have_count(1)
    live_site.start_pages()
    expect(phone.locator("#done li")).to_have_count(1)  # by itself: it tries again and again
    expect(phone.locator("#network")).to_have_text("The network is back.")
    assert notes(live_site) == ["no feathers", "likes jazz", "likes tea"]


def test_a_line_whose_answer_is_lost_on_a_page_is_kept_and_taken_once(live_site: Site, phone: Page) -> None:
    customer = guest(live_site)
    prepared(live_site, phone)
    phone.goto(f"{live_site.url}/customers/{customer.public_id}")

    def lose(route: object) -> None:
        route.fetch()  # type: ignore[attr-defined]  # the house has it
        route.abort()  # type: ignore[attr-defined]  # the page never hears of it

    phone.route("**/capture", lose)
    phone.locator("#capture-text").fill("likes tea")
    phone.keyboard.press("Enter")
    expect(phone.locator("#toasts")).to_contain_text("No network: kept on this phone and sent later.")
    until(phone, "(await ruguiOffline.lines()).length === 0")
    assert notes(live_site) == ["no feathers", "likes jazz", "likes tea"]


def test_what_must_be_decided_is_shown_and_nothing_is_guessed(live_site: Site, phone: Page) -> None:
    guest(live_site)
    prepared(live_site, phone)
    phone.context.set_offline(True)
    phone.goto(live_site.url + "/offline")
    write(phone, "diabetic")
    write(phone, "hums", about="Somebody else: choose later")
    expect(phone.locator("#to-decide")).to_contain_text("Whom is it about?")
    phone.context.set_offline(False)
    expect(phone.locator("#to-decide")).to_contain_text("Part of it is kept only if they agree.")
    assert notes(live_site) == ["no feathers", "likes jazz"]
    phone.get_by_role("button", name="They agree: keep it").click()
    expect(phone.locator("#done")).to_contain_text("diabetic")
    phone.locator("#to-decide select").select_option(label=f"Ms {NAME}")
    phone.locator("#to-decide").get_by_role("button", name="Keep it").click()
    expect(phone.locator("#to-decide-part")).to_be_hidden()
    expect(phone.locator("#done li")).to_have_count(2)
    assert sorted(notes(live_site)[2:]) == ["diabetic", "hums"]


def test_nothing_readable_is_on_the_phone_and_nothing_at_all_after_signing_out(
    live_site: Site, phone: Page
) -> None:
    guest(live_site)
    prepared(live_site, phone)
    phone.context.set_offline(True)
    phone.goto(live_site.url + "/offline")
    write(phone, "likes tea")
    expect(phone.locator("#waiting li")).to_have_count(1)
    held = phone.evaluate(DUMP)
    assert held["rows"] > 0
    assert held["keys"] == [False, False]
    for word in (NAME, "feathers", "jazz", "likes tea", "Room 12", "Lake House"):
        assert word not in held["text"]
    phone.context.set_offline(False)
    expect(phone.locator("#done li")).to_have_count(1)
    phone.goto(live_site.url + "/accounts/logout/")
    phone.get_by_role("main").get_by_role("button", name="Sign out").click()
    phone.wait_for_url(re.compile(r"/accounts/login/"))
    assert phone.evaluate(DUMP)["rows"] == 0
    phone.context.set_offline(True)
    phone.goto(live_site.url + "/offline")
    expect(phone.locator("#nothing")).to_be_visible()
    expect(phone.locator("#expected li")).to_have_count(0)


def test_the_cards_are_forgotten_when_time_is_over_and_when_their_reader_is_shut_out(
    live_site: Site, visitor: Callable[..., BrowserContext]
) -> None:
    guest(live_site)
    late = visitor(width=360).new_page()
    prepared(live_site, late)
    late.context.set_offline(True)
    late.evaluate("Date.now = ((now) => () => now() + 12 * 3600_000 + 1000)(Date.now)")
    assert late.evaluate("ruguiOffline.day()") is None
    shut_out = visitor(width=360).new_page()
    prepared(live_site, shut_out)
    with within(live_site.house.id):
        disable_staff(live_site.house.actor("alice"), live_site.house.people["carol"], now=datetime.now(UTC))
    assert shut_out.evaluate("ruguiOffline.contact()") is None
    for page in (late, shut_out):
        held = page.evaluate(DUMP)
        assert (held["keys"], NAME in held["text"]) == ([], False)


@pytest.mark.parametrize(("language", "words"), [("en", "No network."), ("zh-hant", "沒有網路"), ("zh-hans", "没有网络")])  # fmt: skip
def test_the_page_is_accessible_in_every_language_and_fits_a_small_phone(
    language: str, words: str, live_site: Site, visitor: Callable[..., BrowserContext]
) -> None:
    guest(live_site)
    for theme in ("light", "dark"):
        page = visitor(width=360, theme=theme, has_touch=True).new_page()
        prepared(live_site, page)
        page.context.set_offline(True)
        page.goto(f"{live_site.url}/offline?language={language}")
        expect(page.locator("#network")).to_contain_text(words)
        page.locator("#line-text").fill("likes tea")
        page.keyboard.press("Enter")
        expect(page.locator("#to-decide li")).to_have_count(1)
        for part in ("#expected a", "#card-title"):
            assert violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
            page.locator(part).first.click()
        page.context.set_offline(False)
