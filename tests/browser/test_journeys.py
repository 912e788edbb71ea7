"""Short ways through the house in a real browser: the first evening, a second person, hands on the keyboard only,
two at once, a stream that dies, no scripts, the dark."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from rugui.core.tenancy import within
from rugui.house.models import Assignment, Staff, User
from rugui.know.models import Customer, Note
from rugui.promise.models import Promise
from rugui.recover import actions as recover
from rugui.serve import actions as serve
from rugui.serve.models import Visit
from rugui.web.middleware import FirstRun

from .. import factories
from ..recover.help import acting, given, opened
from .axe import violations
from .conftest import Opener
from .site import Site

pytestmark = pytest.mark.browser

Visitor = Callable[..., BrowserContext]
PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def site(open_site: Opener) -> Iterator[Site]:
    """One Lake House for all of these but the first evening; each test has customers of its own."""
    with open_site("journeys") as made:
        yield made


def entered(site: Site, context: BrowserContext, name: str, path: str = "/") -> Page:
    site.sign_in(context, name)
    page = context.new_page()
    page.goto(site.url + path)
    return page


def is_live(page: Page) -> None:
    expect(page.locator("html[data-live=up]")).to_have_count(1)


def focus_on(page: Page, key: str, wanted: str, *, within_steps: int = 60) -> None:
    """Presses a key until the focus is where the selector says, as somebody without a mouse does."""
    for _step in range(within_steps):
        if page.evaluate("wanted => document.activeElement?.matches(wanted) ?? false", wanted):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} never leads to {wanted}")


def test_an_empty_house_is_opened_by_its_owner(open_site: Opener, visitor: Visitor) -> None:
    with open_site("first", None) as empty:
        phone = visitor(width=360, height=720, timezone_id="Asia/Taipei", locale="en-GB").new_page()
        phone.goto(empty.url + "/customers")
        assert phone.url == f"{empty.url}/welcome"
        expect(phone.get_by_role("heading", level=1)).to_have_text("Welcome. Let us open your house.")
        assert violations(phone) == []
        phone.get_by_label("Your name").fill("Ana Ruiz")
        phone.get_by_label("E-mail address").fill("ana@lake.example")
        phone.locator("input[type=password]").fill("a sentence to remember")
        phone.get_by_label("Name of the house").fill("Lake House")
        phone.get_by_label("What you call your customers").select_option("guest")
        expect(phone.get_by_label("Time zone")).to_have_value("Asia/Taipei")
        phone.get_by_role("button", name="Open the house").click()
        phone.wait_for_url(empty.url + "/")
        expect(phone.get_by_role("heading", level=1)).to_have_text("All is calm")
        expect(phone.get_by_text("No more guests are expected today.")).to_be_visible()
        stranger = visitor().new_page()
        answer = stranger.goto(empty.url + "/welcome")
        assert answer is not None
        assert answer.status == 404
        user = User.objects.get()
        assert user.check_password("a sentence to remember")
    FirstRun._done = False


def test_an_invitation_makes_a_colleague(site: Site, page: Page, visitor: Visitor) -> None:
    site.sign_in(page.context, "alice")
    page.goto(site.url + "/staff")
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_label("Name", exact=True).fill("Fay")
    page.get_by_label("E-mail address").fill("fay@lake.example")
    page.get_by_label("Role").select_option("staff")
    page.get_by_label("Place").select_option(label="Lake House")
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_label("Link").input_value()

    guest = visitor(width=360, height=720).new_page()
    guest.goto(site.url + link[link.index("/invitation/") :])
    expect(guest.get_by_role("heading", level=1)).to_have_text("Lake House would like you to join")
    guest.locator("input[type=password]").fill("another fine sentence")
    guest.get_by_role("button", name="Join").click()
    guest.wait_for_url(site.url + "/")
    expect(guest.get_by_role("link", name="Today")).to_be_visible()
    with within(site.house.id):
        fay = Staff.objects.get(user__email="fay@lake.example")
        assert Assignment.objects.get(staff=fay).role == "staff"
    second = visitor().new_page()
    answer = second.goto(site.url + link[link.index("/invitation/") :])
    assert answer is not None
    assert answer.status == 404
    expect(second.get_by_text("This invitation has been used, withdrawn or has expired.")).to_be_visible()


def test_the_whole_desk_works_without_a_mouse(site: Site, page: Page) -> None:
    with within(site.house.id):
        customer = Customer.objects.create(
            organization=site.house.organization, name="Quentin Vale", created_at=factories.NOON
        )
    site.sign_in(page.context, "carol")
    page.goto(site.url + "/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#help-keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#help-keys")).not_to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url(site.url + "/customers")
    page.keyboard.press("Control+k")
    page.keyboard.type("Recovery")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#palette-text")).not_to_be_visible()
    page.goto(f"{site.url}{reverse('customer', args=[customer.id])}")
    page.keyboard.press("/")
    page.keyboard.type("likes the window open")
    page.keyboard.press("Enter")
    expect(page.locator("#part-notes")).to_contain_text("likes the window open")
    page.keyboard.press("Escape")
    expect(page.locator("#capture-text")).not_to_be_focused()
    focus_on(page, "Tab", f'a[href="{reverse("case-open", args=[customer.id])}"]')
    page.keyboard.press("Enter")
    page.wait_for_url(site.url + reverse("case-open", args=[customer.id]))
    focus_on(page, "Tab", "#id_title")
    page.keyboard.type("Window stuck")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Window stuck")
    focus_on(page, "Tab", "#write-text")
    page.keyboard.type("I am sorry, and on my way.")
    focus_on(page, "Tab", "button[value=apology]")
    page.keyboard.press("Enter")
    expect(page.locator("#part-thread")).to_contain_text("I am sorry, and on my way.")
    with within(site.house.id):
        assert (
            Note.objects.filter(customer=customer).values_list("text", flat=True).get()
            == "likes the window open"
        )


def test_an_arrival_is_seen_next_door_and_taken_back_with_one_tap(
    site: Site, phone: Page, visitor: Visitor
) -> None:
    site.start("live")
    with acting(site.house, "carol") as (carol, moment):
        customer = Customer.objects.create(
            organization=site.house.organization, name="Ms Arrow", created_at=moment
        )
        visit = serve.expect_visit(
            carol, customer, site.house.place, expected_at=moment, about="Room 4", now=moment
        )
    other = entered(site, visitor(), "bob")
    is_live(other)
    site.sign_in(phone.context, "carol")
    phone.goto(site.url + "/")
    phone.get_by_role("button", name="Arrived Ms Arrow").tap()
    expect(other.locator("#part-here")).to_contain_text("Ms Arrow")
    phone.locator(".toast-undo").tap()
    expect(other.locator("#part-expected")).to_contain_text("Ms Arrow")
    expect(other.locator("#part-here")).not_to_contain_text("Ms Arrow")
    with within(site.house.id):
        assert Visit.objects.get(id=visit.id).state == "expected"
        Visit.objects.filter(id=visit.id).delete()


def test_of_two_who_keep_one_promise_the_second_is_told_kindly(site: Site, visitor: Visitor) -> None:
    promise = given(site.house, text="Call about the boat")
    deaf = visitor()
    deaf.route(re.compile(r"/live\?ticket"), lambda route: route.abort())  # the stream has not told Bob yet
    bob = entered(site, deaf, "bob", reverse("promises"))
    carol = entered(site, visitor(), "carol", reverse("promises"))
    row = f"#promise-{promise.public_id}"
    expect(bob.locator(row)).to_be_visible()
    carol.locator(row).get_by_role("button", name="Done").click()
    expect(carol.locator("#toasts")).to_contain_text("Kept.")
    bob.locator(row).get_by_role("button", name="Done").click()
    expect(bob.locator("#toasts")).to_contain_text(
        "Somebody else changed this a moment ago. Look at it again before you go on."
    )
    with within(site.house.id):
        assert Promise.objects.get(id=promise.id).state == "kept"


def test_a_screen_catches_up_after_its_stream_was_killed(site: Site, page: Page) -> None:
    site.start("live")
    site.sign_in(page.context, "carol")
    page.goto(site.url + "/")
    is_live(page)
    site.kill("live")
    expect(page.locator("#offline")).to_contain_text("No connection just now.")
    assert violations(page) == []
    customer = factories.customer(site.house, "Mr Meanwhile")
    opened(site.house, customer, title="Left waiting")
    expect(page.locator("#main")).not_to_contain_text("Left waiting")
    site.start("live")
    expect(page.locator("#main")).to_contain_text("Left waiting")
    is_live(page)
    expect(page.locator("#offline")).not_to_be_visible()


def test_the_offline_bar_comes_and_goes_with_the_network(site: Site, page: Page) -> None:
    site.start("live")
    site.sign_in(page.context, "carol")
    page.goto(site.url + "/")
    is_live(page)
    page.context.set_offline(True)
    expect(page.locator("#offline")).to_contain_text("No connection just now.")
    page.locator("#capture-text").fill("likes rain")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("No connection just now. Nothing was changed.")
    expect(page.locator("#capture-text")).to_have_value("likes rain")
    page.context.set_offline(False)
    is_live(page)
    expect(page.locator("#offline")).not_to_be_visible()


def test_without_scripts_one_signs_in_and_a_guest_writes_back(site: Site, visitor: Visitor) -> None:
    case = opened(
        site.house, factories.customer(site.house, "Ms Plain", language="en"), title="No scripts here"
    )
    plain = visitor(width=360, height=720, java_script_enabled=False).new_page()
    plain.goto(site.url + "/")
    expect(plain.get_by_role("heading", level=1)).to_have_text("Sign in")
    plain.get_by_label("E-mail address").fill("carol@lake.example")
    plain.locator("input[type=password]").fill(PASSWORD)
    plain.get_by_role("button", name="Sign in", exact=True).click()
    expect(plain.get_by_role("link", name="Today")).to_be_visible()
    plain.goto(site.url + reverse("case", args=[case.id]))
    plain.locator("#write-text").fill("I am sorry about that.")
    plain.get_by_role("button", name="Apologise", exact=True).click()
    expect(plain.locator("#part-thread")).to_contain_text("I am sorry about that.")
    with acting(site.house, "carol") as (carol, moment):
        link = reverse("guest-case", args=[recover.share_link(carol, case, now=moment)])
    guest = visitor(width=360, height=720, java_script_enabled=False).new_page()
    guest.goto(site.url + link)
    expect(guest.get_by_text("I am sorry about that.")).to_be_visible()
    guest.locator("#write-back").fill("Thank you, it is all right.")
    guest.get_by_role("button", name="Send").click()
    expect(guest.locator("#part-thread")).to_contain_text("Thank you, it is all right.")


def test_the_dark_is_dark_on_the_first_paint_and_keeps_its_contrast(site: Site, visitor: Visitor) -> None:
    case = opened(site.house, factories.customer(site.house, "Ms Night"), title="Lamp broken")
    page = entered(site, visitor(width=360, height=720, theme="dark"), "carol")
    for path in (
        "/",
        reverse("case", args=[case.id]),
        reverse("customer", args=[case.customer_id]),
        reverse("lineup"),
    ):
        page.goto(site.url + path, wait_until="commit")
        page.wait_for_selector("body", state="attached")
        assert (
            page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(23, 20, 15)"
        )
        page.wait_for_load_state()
        assert violations(page) == []
