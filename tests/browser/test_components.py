"""The component page in a real browser: accessible on both screens in both lights, and its parts work."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from ..web.test_tags import SENTENCES
from .axe import violations
from .site import Site

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("width", "theme", "language"),
    [
        (360, "light", "en"),
        (360, "dark", "en"),
        (1280, "light", "en"),
        (1280, "dark", "en"),
        (360, "light", "zh-hant"),
        (1280, "dark", "zh-hans"),
    ],
)
def test_axe_finds_nothing_on_the_component_page(
    live_site: Site, visitor: Callable[..., BrowserContext], width: int, theme: str, language: str
) -> None:
    live_site.house.people["carol"].user.language = language
    live_site.house.people["carol"].user.save()
    context = visitor(width=width, theme=theme)
    live_site.sign_in(context, "carol")
    page = context.new_page()
    page.goto(f"{live_site.url}/components")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []


def _open(site: Site, page: Page, path: str = "/components") -> None:
    site.sign_in(page.context, "carol")
    page.goto(site.url + path)


def test_slash_goes_to_the_capture_line_and_escape_leaves_it(live_site: Site, page: Page) -> None:
    _open(live_site, page)
    page.keyboard.press("/")
    expect(page.locator("#capture-text")).to_be_focused()
    expect(page.locator("#capture-text")).to_have_value("")
    page.keyboard.press("Escape")
    expect(page.locator("#capture-text")).not_to_be_focused()


def test_question_mark_opens_the_keys_and_they_can_be_switched_off(live_site: Site, page: Page) -> None:
    _open(live_site, page)
    page.keyboard.press("?")
    expect(page.locator("#help-keys")).to_be_visible()
    assert violations(page) == []
    page.locator("#single-keys").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#capture-text")).not_to_be_focused()


def test_control_k_opens_find_anything_with_its_options_under_the_arrows(live_site: Site, page: Page) -> None:
    _open(live_site, page)
    page.keyboard.press("Control+k")
    field = page.locator("#palette-text")
    expect(field).to_be_focused()
    options = page.locator("#palette-list [role=option]")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
    assert violations(page) == []
    target = options.nth(1).get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_site.url}{target}")


def test_a_chosen_theme_is_there_before_the_first_paint_of_the_next_page(live_site: Site, page: Page) -> None:
    _open(live_site, page)
    page.locator("[popovertarget=theme-menu]").click()
    page.locator("[data-set-theme=dark]").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto(f"{live_site.url}/help", wait_until="commit")
    page.wait_for_selector("body", state="attached")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(23, 20, 15)"
    page.locator("[popovertarget=theme-menu]").click()
    page.locator("[data-set-theme=system]").click()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(251, 248, 243)"


def test_the_language_switch_changes_the_page_and_stays(live_site: Site, page: Page) -> None:
    _open(live_site, page, "/help")
    page.locator("[popovertarget=language-menu]").click()
    page.locator("button[name=language][value=zh-hant]").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hant")
    assert page.url == f"{live_site.url}/help"
    live_site.house.people["carol"].user.refresh_from_db()
    assert live_site.house.people["carol"].user.language == "zh-hant"


def test_a_ring_empties_turns_amber_and_breaks_as_time_goes_by(live_site: Site, page: Page) -> None:
    page.clock.install()
    _open(live_site, page)
    ring = page.locator(".ring.is-big")
    expect(ring).to_have_attribute("data-phase", "calm")
    expect(ring.locator(".ring-words")).to_have_text("12 minutes left")
    page.clock.fast_forward("08:00")
    expect(ring).to_have_attribute("data-phase", "soon")
    expect(ring.locator(".ring-words")).to_have_text("4 minutes left")
    page.clock.fast_forward("05:00")
    expect(ring).to_have_attribute("data-phase", "broken")
    expect(ring.locator(".ring-words")).to_have_text("less than a minute late")


def test_a_toast_offers_undo_and_goes_when_it_is_closed(live_site: Site, page: Page) -> None:
    _open(live_site, page)
    page.evaluate(
        "document.body.dispatchEvent(new CustomEvent('toast', {detail: {text: '<b>Noted</b>', undo: '/undo'}}))"
    )
    toast = page.locator(".toast")
    expect(toast.locator(".toast-text")).to_have_text("<b>Noted</b>")
    expect(toast.locator(".toast-undo")).to_be_visible()
    assert violations(page) == []
    with page.expect_request(f"{live_site.url}/undo") as undone:
        toast.locator(".toast-undo").click()
    assert undone.value.method == "POST"
    assert undone.value.header_value("x-csrftoken")
    expect(page.locator(".toast.is-broken")).to_have_count(
        1
    )  # there is nothing to undo at that address, and it says so
    page.evaluate("document.querySelectorAll('.toast-close').forEach(button => button.click())")
    expect(toast).to_have_count(0)


def test_a_dialog_opens_closes_and_gives_the_focus_back(live_site: Site, page: Page) -> None:
    _open(live_site, page)
    opener = page.locator("[data-open-dialog=example-dialog]")
    opener.click()
    expect(page.locator("#example-dialog")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#example-dialog")).not_to_be_visible()
    expect(opener).to_be_focused()


def test_everything_to_tap_on_a_phone_is_large_enough(live_site: Site, phone: Page) -> None:
    _open(live_site, phone)
    small = phone.evaluate(
        """() => [...document.querySelectorAll("button, .button, .nav-link, summary, select, input, textarea, .tabs a")]
            .filter(e => e.checkVisibility() && !e.matches("[type=checkbox], [type=radio], [type=hidden]"))
            .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
            .filter(([, box]) => box.width > 1 && (box.height < 43.5 || box.width < 43.5))
            .map(([html, box]) => `${html} ${box.width}x${box.height}`)"""
    )
    assert small == []


def test_the_bar_says_so_when_the_connection_is_gone(live_site: Site, page: Page) -> None:
    _open(live_site, page)
    page.context.set_offline(True)
    expect(page.locator("#offline")).to_contain_text("No connection just now.")
    page.context.set_offline(False)
    expect(page.locator("#offline")).not_to_be_visible()


def test_scripts_set_sentences_together_as_pages_do(live_site: Site, page: Page) -> None:
    _open(live_site, page)
    together = """async cases => {
        const { sentences } = await import("/static/js/sentences.js");
        return cases.map(said => sentences(...said));
    }"""
    assert page.evaluate(together, [said for said, _whole in SENTENCES]) == [
        whole for _said, whole in SENTENCES
    ]
