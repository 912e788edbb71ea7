"""A failure is put right on one screen while the customer watches on another."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from rugui.core.tenancy import within
from rugui.core.time import now
from rugui.promise.models import Promise
from rugui.recover import actions
from rugui.recover.actions.talk import GUEST_WINDOW
from rugui.recover.models import Case, CaseMessage

from .. import factories
from ..recover.help import acting, given, opened
from .axe import violations
from .site import Site

pytestmark = pytest.mark.browser

Visitor = Callable[..., BrowserContext]
SOON = 5000
"""Milliseconds; the machines that test are busy ones. How fast it is, the benchmarks say."""


def link_of(site: Site, case: Case) -> str:
    with acting(site.house, "carol") as (carol, moment):
        return site.url + reverse("guest-case", args=[actions.share_link(carol, case, now=moment)])


def case_page(site: Site, context: BrowserContext, case: Case, name: str) -> Page:
    site.sign_in(context, name)
    page = context.new_page()
    page.goto(site.url + reverse("case", args=[case.id]))
    return page


def test_both_sides_see_each_word_at_once_and_nobody_loses_what_they_type(
    live_site: Site, visitor: Visitor
) -> None:
    live_site.start("live")
    case = opened(live_site.house, factories.customer(live_site.house, language="en"))
    carol = case_page(
        live_site, visitor(width=360, height=720, has_touch=True, is_mobile=True), case, "carol"
    )
    bob = case_page(live_site, visitor(), case, "bob")
    guest = visitor(width=360, height=720).new_page()
    guest.goto(link_of(live_site, case))
    for page in (carol, bob, guest):
        expect(page.locator("html[data-live=up]")).to_have_count(1)

    bob.locator("#write-text").fill("I was just about to say")
    guest.locator("#write-back").fill("And I was about to answer")
    carol.locator("#write-text").fill("I am sorry, and on my way.")
    carol.get_by_role("button", name="Apologise").tap()
    for page in (bob, guest):
        expect(page.get_by_text("I am sorry, and on my way.")).to_be_visible(timeout=SOON)
    expect(guest.get_by_text("We have said sorry")).to_be_visible()
    expect(carol.locator("#write-text")).to_have_value("")
    expect(bob.locator("#write-text")).to_have_value("I was just about to say")
    expect(guest.locator("#write-back")).to_have_value("And I was about to answer")

    carol.locator("#say-text").fill("She is right, the valve was known.")
    carol.get_by_role("button", name="Say it to colleagues").tap()
    expect(bob.get_by_text("the valve was known")).to_be_visible(timeout=SOON)
    guest.get_by_role("button", name="Send").click()
    expect(guest.get_by_text("Thank you. We have it")).to_be_visible()
    for page in (carol, bob):
        expect(page.get_by_text("And I was about to answer")).to_be_visible(timeout=SOON)
    assert "valve" not in guest.content()
    assert guest.context.cookies() == []


def test_a_report_starts_the_ring_again_on_every_screen(live_site: Site, visitor: Visitor) -> None:
    live_site.start("live")
    case = opened(live_site.house)
    with within(live_site.house.id):
        Promise.objects.filter(case=case).update(due_at=now() + GUEST_WINDOW)
    carol = case_page(live_site, visitor(), case, "carol")
    bob = case_page(live_site, visitor(), case, "bob")
    expect(bob.locator("html[data-live=up]")).to_have_count(1)
    expect(bob.locator("#part-now .ring-words")).to_have_text("9 minutes left")
    carol.locator("#write-text").fill("The engineer is here.")
    carol.get_by_role("button", name="Report", exact=True).click()
    expect(bob.get_by_text("The engineer is here.")).to_be_visible(timeout=SOON)
    expect(bob.locator("#part-now .ring-words")).to_have_text("19 minutes left", timeout=SOON)
    with within(live_site.house.id):
        assert Promise.objects.filter(case=case, state="open").count() == 1


def test_the_link_is_made_shown_and_photographed(live_site: Site, visitor: Visitor) -> None:
    case = opened(live_site.house)
    carol = case_page(live_site, visitor(width=360, height=720), case, "carol")
    carol.get_by_role("button", name="Make the link").click()
    expect(carol.locator(".link-code svg")).to_be_visible()
    address = carol.locator("#link-address").input_value()
    guest = visitor(width=360, height=720).new_page()
    assert guest.goto(live_site.url + address[address.index("/c/") :]).status == 200  # type: ignore[union-attr]
    expect(guest.get_by_role("heading", name="Room cold")).to_be_visible()


def test_without_the_stream_the_guests_page_looks_again_by_itself(live_site: Site, visitor: Visitor) -> None:
    case = opened(live_site.house, factories.customer(live_site.house, language="en"))
    guest = visitor().new_page()
    guest.goto(link_of(live_site, case))
    with acting(live_site.house, "carol") as (carol, moment):
        actions.write_to_customer(carol, case, text="On my way.", now=moment)
    expect(guest.get_by_text("On my way.")).to_be_visible(timeout=9000)


def test_without_scripts_the_guest_reads_and_writes_all_the_same(live_site: Site, visitor: Visitor) -> None:
    case = opened(live_site.house, factories.customer(live_site.house, language="zh-hant"))
    guest = visitor(java_script_enabled=False).new_page()
    guest.goto(link_of(live_site, case))
    guest.get_by_role("link", name="English").click()
    expect(guest.get_by_text("We put it right, or tell you how far we are")).to_be_visible()
    guest.locator("#write-back").fill("Thank you, no other room please.")
    guest.get_by_role("button", name="Send").click()
    expect(guest.get_by_text("Thank you, no other room please.")).to_be_visible()
    with within(live_site.house.id):
        assert CaseMessage.objects.filter(text="Thank you, no other room please.").count() == 1


def test_a_promise_is_kept_and_taken_back_without_leaving_the_board(live_site: Site, phone: Page) -> None:
    given(live_site.house, text="Call about the boat")
    live_site.sign_in(phone.context, "carol")
    phone.goto(live_site.url + reverse("promises"))
    phone.get_by_role("button", name="Done").tap()
    expect(phone.get_by_text("No promise is running")).to_be_visible()
    phone.get_by_role("button", name="Undo").tap()
    expect(phone.get_by_text("Call about the boat")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_is_accessible_and_fits(live_site: Site, visitor: Visitor, theme: str, width: int) -> None:
    case = opened(live_site.house)
    given(live_site.house)
    with acting(live_site.house, "carol") as (carol, moment):
        actions.talk(carol, case, text="Between us.", now=moment)
        actions.apologise(carol, case, text="Sorry.", now=moment)
        findings = actions.Findings("product", "heating", "room 7", "valve", "check it", "likes it warm")
        actions.document(carol, case, findings, now=moment)
    context = visitor(width=width, height=760, theme=theme)
    live_site.sign_in(context, "carol")
    page = context.new_page()
    customer = case.customer_id
    addresses = [
        reverse("promises"), reverse("promise-new"), reverse("promise-give", args=[customer]), reverse("cases"),
        reverse("case-open", args=[customer]), reverse("case", args=[case.id]), reverse("lineup"),
        reverse("guest-case", args=["gone"]), link_of(live_site, case).removeprefix(live_site.url),
    ]  # fmt: skip
    for address in addresses:
        page.goto(live_site.url + address)
        for fold in page.locator("details.fold > summary").all():
            fold.click()
        if page.locator("details.fold").count():
            expect(page.locator("#document-form")).to_be_visible()
        assert (address, violations(page)) == (address, [])
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
