"""The board of promises and how they were kept, in a real browser: accessible, no wider than a phone, in three languages.

`RUGUI_PICTURES=folder` keeps a picture of each page.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, expect

from rugui.core.tenancy import within
from rugui.core.time import now as this_moment
from rugui.promise import waiting
from rugui.promise.models import Promise
from rugui.recover import actions as recover
from rugui.serve.models import Visit

from .. import factories
from ..recover.help import acting, given, opened
from .axe import violations
from .site import Site

Visitor = Callable[..., BrowserContext]

pytestmark = pytest.mark.browser


def a_quarter(site: Site) -> str:
    """Promises of twelve weeks, some that wait, appointments that began late; the address of the customer's page."""
    house, moment = site.house, this_moment()
    chen = factories.customer(house, language="zh-hant")
    with within(house.id):
        rows = []
        for number in range(180):
            made = moment - timedelta(hours=11 * number + 2)
            state = "broken" if number % 9 == 4 else "renegotiated" if number % 23 == 7 else "kept"
            rows.append(Promise(
                organization=house.organization, place=house.place, customer=chen, owner=house.people["bob" if number % 3 else "carol"],
                kind=["answer", "call_back", "delivery", "solution"][number % 4], channel=["phone", "chat", "email"][number % 3],
                made_at=made, due_at=made + timedelta(minutes=60), told_at=made + timedelta(minutes=50), state=state,
                settled_at=made + timedelta(minutes=90 if state == "broken" else number % 58), ring_at=None,
            ))  # fmt: skip
        Promise.objects.bulk_create(rows)
        for number in range(8):
            at = moment - timedelta(days=number + 1)
            Visit.objects.create(
                organization=house.organization, place=house.place, customer=chen, kind="appointment", state="left", expected_at=at,
                arrived_at=at, begun_at=at + timedelta(minutes=3 * number), left_at=at + timedelta(hours=1), created_at=at,
            )  # fmt: skip
    case = opened(house, chen)
    given(house, chen, kind="delivery", text="The blanket")
    waits = given(house, chen, kind="solution", case_id=case.id, text="New heating")
    with acting(house, "carol") as (carol, now):
        waiting.pause(carol, waits, waits_for="time", now=now)
        return reverse("guest-case", args=[recover.share_link(carol, case, now=now)])


@pytest.mark.parametrize(
    ("width", "theme", "language"),
    [(360, "light", "en"), (360, "dark", "zh-hant"), (1280, "dark", "en"), (1280, "light", "zh-hans")],
)
def test_every_page_is_accessible_and_fits(
    live_site: Site, visitor: Visitor, width: int, theme: str, language: str
) -> None:
    guest = a_quarter(live_site)
    runs = given(live_site.house, kind="solution")
    context = visitor(width=width, height=800, theme=theme)
    live_site.sign_in(context, "bob")
    page = context.new_page()
    page.goto(live_site.url + reverse("promises"))
    page.request.post(
        live_site.url + reverse("language"), form={"language": language, "next": "/promises"},
        headers={"X-CSRFToken": next(each["value"] for each in context.cookies() if each["name"] == "csrftoken"), "Referer": live_site.url + "/promises"},
    )  # fmt: skip
    for number, address in enumerate([
        reverse("promises"), f"{reverse('promises')}?state=broken&place=all", f"{reverse('promises')}?state=waiting",
        reverse("promises-kept"), f"{reverse('promises-kept')}?days=91&kind=answer", reverse("promise-pause", args=[runs.id]), guest,
    ]):  # fmt: skip
        page.goto(live_site.url + address)
        if folder := os.environ.get("RUGUI_PICTURES"):
            page.screenshot(path=Path(folder) / f"{width}-{theme}-{language}-{number}.png", full_page=True)
        assert (address, violations(page)) == (address, [])
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_a_number_is_followed_to_its_rows_by_keyboard(live_site: Site, visitor: Visitor) -> None:
    a_quarter(live_site)
    page = visitor(width=360, height=740).new_page()
    live_site.sign_in(page.context, "bob")
    page.goto(live_site.url + reverse("promises-kept"))
    broken = page.locator(".kept-facts a").last
    broken.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/promises?state=broken*")
    expect(page.locator(".row.promise").first).to_be_visible()
    page.locator("select[name=state]").select_option("waiting")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".row.promise")).to_have_count(1)
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".row.promise")).to_have_count(0)
