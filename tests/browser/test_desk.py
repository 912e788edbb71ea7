"""The front desk in a real browser: capture by keyboard, arrivals with undo, live parts, nothing that axe minds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from rugui.connect.inbox import Message, receive
from rugui.core.tenancy import within
from rugui.house.actions import start_duty
from rugui.know import actions as know
from rugui.know.models import Customer, Note
from rugui.serve import actions as serve

from .axe import violations
from .site import Site

pytestmark = pytest.mark.browser


def guest(site: Site, name: str = "Ms Chen", *, visit: bool = True) -> Customer:
    """Somebody with a need, expected in a moment."""
    carol, now = site.house.actor("carol"), datetime.now(UTC)
    with within(site.house.id):
        identities = [
            know.GivenIdentity("phone", "0912 345 678"),
            know.GivenIdentity("email", "chen@x.example"),
        ]
        customer = know.add_customer(carol, name=name, identities=identities, region="TW", now=now)
        know.add_note(carol, customer, text="feathers", kind=Note.Kind.NEED, now=now)
        if visit:
            soon = now + timedelta(seconds=5)
            serve.expect_visit(carol, customer, site.house.place, expected_at=soon, about="Room 12", now=now)
        return customer


def test_capture_on_a_card_works_by_keyboard_alone(live_site: Site, phone: Page) -> None:
    customer = guest(live_site, visit=False)
    live_site.sign_in(phone.context, "carol")
    phone.goto(f"{live_site.url}/customers/{customer.public_id}")
    phone.keyboard.press("/")
    phone.keyboard.type("no peonies")
    phone.keyboard.press("Enter")
    result = phone.locator("#capture-result")
    expect(result).to_contain_text("Noted about Ms Chen:")
    expect(phone.locator("#part-notes")).to_contain_text("no peonies")
    with phone.expect_response("**/capture/notes/*"):
        result.get_by_label("Kind").select_option("need")
    expect(phone.locator("#part-person .needs")).to_contain_text("no peonies")
    result.get_by_role("button", name="Undo").click()
    expect(phone.locator("#part-person .needs")).not_to_contain_text("no peonies")
    phone.locator(".toast-undo").click()
    expect(phone.locator("#part-person .needs")).to_contain_text("no peonies")


def test_capture_elsewhere_takes_two_taps(live_site: Site, phone: Page) -> None:
    guest(live_site)
    guest(live_site, "Mr Ito", visit=False)
    live_site.sign_in(phone.context, "carol")
    phone.goto(live_site.url + "/")
    phone.keyboard.press("/")
    phone.keyboard.type('wants "quiet"')
    phone.keyboard.press("Enter")
    # Letter by letter, as people type: all at once would stand there before the field has learned to look people up.
    phone.locator("#capture-who").press_sequentially("ito", delay=60)
    phone.get_by_role("button", name="Mr Ito").click()
    expect(phone.locator("#capture-result")).to_contain_text("Noted about Mr Ito:")
    with within(live_site.house.id):
        assert Note.objects.filter(text='wants "quiet"').count() == 1


def test_an_arrival_is_one_tap_and_its_undo_another(live_site: Site, phone: Page) -> None:
    guest(live_site)
    live_site.sign_in(phone.context, "carol")
    phone.goto(live_site.url + "/")
    phone.get_by_role("button", name="Arrived Ms Chen").click()
    expect(phone.locator("#part-here")).to_contain_text("Ms Chen")
    expect(phone.locator("#toasts")).to_contain_text("Ms Chen is here.")
    phone.locator(".toast-undo").click()
    expect(phone.locator("#part-expected")).to_contain_text("Ms Chen")
    expect(phone.locator("#part-here")).not_to_contain_text("Ms Chen")


def test_whoever_comes_on_duty_is_on_the_colleagues_screens_within_a_second(
    live_site: Site, visitor: Callable[..., BrowserContext]
) -> None:
    live_site.start("live")
    tabs: dict[str, Page] = {}
    for person in ("carol", "bob"):
        context = visitor()
        live_site.sign_in(context, person)
        tabs[person] = context.new_page()
        tabs[person].goto(live_site.url + "/")
        expect(tabs[person].locator("html")).to_have_attribute("data-live", "up")
    carol, bob = tabs["carol"], tabs["bob"]
    expect(bob.locator("#part-shift")).to_contain_text("Nobody is on duty.")
    carol.get_by_role("button", name="I am on now").click()
    expect(bob.locator("#part-shift")).to_contain_text("On duty: Carol", timeout=1000)
    expect(carol.get_by_role("button", name="Done for today")).to_be_focused()
    carol.get_by_role("button", name="Done for today").click()
    expect(bob.locator("#part-shift")).to_contain_text("Nobody is on duty.", timeout=1000)


def test_the_page_looks_again_when_the_place_closes(live_site: Site, page: Page) -> None:
    """The moment is moved to the past, because the test will not wait for the evening."""
    live_site.sign_in(page.context, "carol")
    page.goto(live_site.url + "/")
    with within(live_site.house.id):
        start_duty(live_site.house.actor("bob"), live_site.house.place, now=datetime.now(UTC))
    page.evaluate("document.querySelector('[data-renew-at]').dataset.renewAt = Date.now() - 5000")
    expect(page.locator("#part-shift")).to_contain_text("On duty: Bob")


def test_a_complaint_shows_its_card_to_whoever_is_on_any_page_within_a_second(
    live_site: Site, visitor: Callable[..., BrowserContext]
) -> None:
    customer = guest(live_site, visit=False)
    live_site.start("live")
    tabs: list[Page] = []
    for person, address in (("carol", "/"), ("bob", "/customers/new"), ("dan", "/")):
        context = visitor()
        live_site.sign_in(context, person)
        tab = context.new_page()
        tab.goto(live_site.url + address)
        expect(tab.locator("html")).to_have_attribute("data-live", "up")
        tabs.append(tab)
    today, elsewhere, other_place = tabs
    message = Message("phone", "The room is cold", [("phone", "0912 345 678")], complaint=True)
    with within(live_site.house.id):
        receive(live_site.house.actor("alice"), live_site.house.place, message, now=datetime.now(UTC))
    for tab in (today, elsewhere):
        link = tab.locator("#arrivals").get_by_role("link", name="Card Ms Chen")
        expect(link).to_be_visible(timeout=2000)
        expect(link).to_have_attribute("href", f"/customers/{customer.public_id}")
    expect(today.locator("#part-now")).to_contain_text("The room is cold")
    elsewhere.locator("#arrivals").get_by_role("button", name="Close").click()
    expect(elsewhere.locator("#arrivals .banner")).to_have_count(0)
    expect(other_place.locator("#arrivals .banner")).to_have_count(0)


def test_a_note_opens_to_its_source_and_its_kinds(live_site: Site, page: Page) -> None:
    customer = guest(live_site, visit=False)
    live_site.sign_in(page.context, "carol")
    page.goto(f"{live_site.url}/customers/{customer.public_id}")
    page.locator("#part-person .needs summary").click()
    expect(page.locator(".note-source")).to_contain_text("said so")
    page.locator(".note-tools").get_by_role("button", name="Preference").click()
    expect(page.locator("#part-person .needs")).to_have_count(0)
    expect(page.locator("#toasts")).to_contain_text("Now kept as: Preference.")


def test_anything_is_found_by_keyboard(live_site: Site, page: Page) -> None:
    customer = guest(live_site, visit=False)
    live_site.sign_in(page.context, "carol")
    page.goto(live_site.url + "/")
    page.keyboard.press("Control+k")
    page.keyboard.type("0912")
    expect(page.get_by_role("option", name="Ms Chen")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/customers/{customer.public_id}?by=search")


def test_every_page_is_accessible_and_fits_a_phone(
    live_site: Site, visitor: Callable[..., BrowserContext]
) -> None:
    customer = guest(live_site, "Maria Anastasia Papadopoulou-Konstantinidis von und zu Hohenstein")
    with within(live_site.house.id):
        message = Message(
            "email", "When is breakfast? " * 30, [("email", "ito@a-very-long-domain-name.example")]
        )
        touch = receive(
            live_site.house.actor("carol"), live_site.house.place, message, now=datetime.now(UTC)
        ).touch
    card = f"/customers/{customer.public_id}"
    addresses = [
        "/", card, "/customers", "/customers?q=zzz", "/customers/new", f"{card}/edit", f"{card}/identities/new",
        f"{card}/notes/new", f"{card}/touches/new", f"{card}/visits/new", f"{card}/purchases/new", f"{card}/refunds/new",
        "/messages/new", f"/messages/{touch.public_id}/answer",
    ]  # fmt: skip
    for width, theme in ((360, "light"), (1280, "dark")):
        context = visitor(width=width, theme=theme)
        live_site.sign_in(context, "carol")
        tab = context.new_page()
        for address in addresses:
            tab.goto(live_site.url + address)
            assert violations(tab) == [], (address, width, theme)
            assert tab.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, (
                address,
                width,
            )
