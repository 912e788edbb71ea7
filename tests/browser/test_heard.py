"""What was heard of a message, in a real browser: one tap in the history or the thread sets it right where it stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from rugui.connect.inbox import Message, receive
from rugui.core.tenancy import within
from rugui.recover import actions as recover
from rugui.recover.models import Case
from rugui.serve.models import Touch

from .axe import violations
from .site import Site

pytestmark = pytest.mark.browser

SAID = (
    "Water is pouring from the ceiling, come right now, this is unacceptable!",
    "水還在滴，等了一個小時都沒有人來，服務真的很差",
)


def leak(site: Site) -> Case:
    """A case opened from a message, with a further one in its thread."""
    carol, now = site.house.actor("carol"), datetime.now(UTC)
    with within(site.house.id):
        first = came(site, SAID[0], now)
        case = recover.open_case(
            carol, first.customer, site.house.place, title="A leak", touch=first, now=now
        )
        came(site, SAID[1], now)
        return case


def came(site: Site, text: str, now: datetime) -> Touch:
    message = Message("email", text, [("email", "chen@x.example")])
    return receive(site.house.actor("carol"), site.house.place, message, now=now).touch


@pytest.mark.parametrize("where", ["card", "case"])
def test_one_tap_sets_it_right_where_it_stands(where: str, live_site: Site, phone: Page) -> None:
    case = leak(live_site)
    live_site.sign_in(phone.context, "carol")
    address = f"cases/{case.public_id}" if where == "case" else f"customers/{case.customer.public_id}"
    phone.goto(f"{live_site.url}/{address}")
    part = phone.locator("#part-thread" if where == "case" else "#part-timeline")
    chips = part.get_by_role("button", name="It is not a complaint")
    before = chips.count()
    assert before
    chips.first.click()
    expect(chips).to_have_count(before - 1)
    phone.locator(".toast-undo").click()
    expect(chips).to_have_count(before)


def test_it_fits_a_phone_and_axe_minds_nothing(
    live_site: Site, visitor: Callable[..., BrowserContext]
) -> None:
    case = leak(live_site)
    for theme in ("light", "dark"):
        context = visitor(width=360, height=720, theme=theme)
        live_site.sign_in(context, "carol")
        page = context.new_page()
        for address in (f"/cases/{case.public_id}", f"/customers/{case.customer.public_id}"):
            page.goto(live_site.url + address)
            assert violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
