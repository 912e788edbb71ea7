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
    expect(phone.locator(".row-title", has_text="Call about the boat")).to_be_visible()


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
        for fold in page.locator("details.card.fold > summary").all():
            fold.click()
        if page.locator("details.fold").count():
            expect(page.locator("#document-form")).to_be_visible()
        assert (address, violations(page)) == (address, [])
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


FEWEST = 12
"""Keystrokes and stretches of typing in which four steps must be walked: fewer than so many."""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_walk_goes_by_keyboard_on_a_small_phone(live_site: Site, visitor: Visitor, theme: str) -> None:
    """Apologise, review, fix, the extra, document. A key, or words typed in one go, is one interaction; all are counted."""
    case = opened(live_site.house, factories.customer(live_site.house, language="en"), title="Room cold")
    page = case_page(live_site, visitor(width=360, height=640, theme=theme), case, "carol")
    count = 0

    def press(key: str) -> None:
        nonlocal count
        count += 1
        page.keyboard.press(key)

    def write(words: str) -> None:
        nonlocal count
        count += 1
        page.keyboard.type(words)

    def stands(field: str, step: str) -> None:
        """The focus is where one goes on; nothing is wrong with the page, and it fits."""
        expect(page.locator(field)).to_be_focused()
        expect(page.locator("li[aria-current=step] .step-title")).to_have_text(step)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 360

    expect(page.locator("[data-next]")).to_be_visible()
    press("n")
    stands("#write-text", "Apologise")
    write(
        "I am so sorry. We left you in the cold, and that is our fault. I will be with you in five minutes."
    )
    press("Control+Enter")
    stands("#id_review-text", "Review together")
    write("No heating since ten; wants to sleep.")
    press("Control+Enter")
    stands("#write-text", "Fix and report")
    write("Room 11 is warm and yours.")
    press("Control+Shift+Enter")
    stands("#id_delight-text", "The extra")
    write("A hot-water bottle in the new bed.")
    press("Control+Enter")
    expect(page.locator("#id_document-element_0")).to_be_focused()
    press("Space")
    press("Control+Enter")
    expect(page.locator("li.is-done .step-title")).to_have_text(
        ["Apologise", "Review together", "Fix and report", "The extra", "Document", "Follow up"]
    )
    print(f"five steps in {count} interactions")
    assert count < FEWEST
    assert violations(page) == []
    with within(live_site.house.id):
        row = Case.objects.get(id=case.id)
        assert (row.state, row.element, row.failure) == ("solved", "product", "Room cold")


def test_a_hand_over_is_seen_accepted_and_brings_the_story(live_site: Site, visitor: Visitor) -> None:
    live_site.start("live")
    case = opened(live_site.house, factories.customer(live_site.house, language="en"))
    carol = case_page(live_site, visitor(width=360, height=720), case, "carol")
    live_site.sign_in((bobs := visitor()), "bob")
    bob = bobs.new_page()
    bob.goto(live_site.url + "/")
    for page in (carol, bob):
        expect(page.locator("html[data-live=up]")).to_have_count(1)
    carol.locator("#more > summary").click()
    carol.get_by_label("Hand it over to").select_option(label="Bob")
    carol.get_by_label("What they must know").fill("He is a light sleeper.")
    carol.get_by_role("button", name="Ask them").click()
    expect(bob.get_by_text("Carol asks you to take this over.").first).to_be_visible(timeout=SOON)
    bob.get_by_role("link", name="Room cold").first.click()
    expect(bob.get_by_text("The story so far")).to_be_visible()
    expect(bob.locator(".story")).to_contain_text("I am cold.")
    assert violations(bob) == []
    bob.get_by_role("button", name="I'll take it", exact=True).click()
    expect(carol.locator("#part-head .person")).to_contain_text("Bob", timeout=SOON)


def test_the_customer_chooses_and_asks_for_a_person_without_scripts(
    live_site: Site, visitor: Visitor
) -> None:
    case = opened(live_site.house, factories.customer(live_site.house, language="en"))
    with acting(live_site.house, "carol") as (carol, moment):
        actions.offer_choices(carol, case, ["Breakfast in bed", "A boat trip"], now=moment)
    guest = visitor(width=360, height=720, java_script_enabled=False).new_page()
    guest.goto(link_of(live_site, case))
    guest.get_by_role("button", name="A boat trip").click()
    expect(guest.get_by_text("You chose")).to_be_visible()
    guest.get_by_role("button", name="A person, please").click()
    expect(guest.get_by_text("You asked for a person")).to_be_visible()
    with within(live_site.house.id):
        assert Promise.objects.filter(kind="call_back", case=case).count() == 1
