"""The capture line in a real browser: what it understood, as chips that one tap puts right."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Page, expect

from rugui.core.tenancy import within
from rugui.house.models import User
from rugui.know.models import Note

from .site import Site
from .test_desk import guest

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("RUGUI_SHOTS", "")
"""A folder for pictures of the chips, if somebody wants to look at them."""


@pytest.mark.parametrize(
    ("language", "line", "kind"),
    [
        ("en", "allergic to feathers, likes black coffee", "Need"),
        ("zh-hant", "對羽毛過敏，喜歡黑咖啡", "需要"),
        ("zh-hans", "对羽毛过敏，喜欢黑咖啡", "需要"),
    ],
)
def test_the_chips_say_what_was_understood_and_one_tap_corrects(
    live_site: Site, phone: Page, language: str, line: str, kind: str
) -> None:
    """At 360 px, in three languages: nothing is wider than the phone, every chip is large enough to tap."""
    customer = guest(live_site, visit=False)
    live_site.sign_in(phone.context, "carol")
    phone.set_viewport_size({"width": 360, "height": 740})
    with within(live_site.house.id):
        User.objects.filter(id=live_site.house.people["carol"].user_id).update(language=language)
    phone.goto(f"{live_site.url}/customers/{customer.public_id}")
    phone.keyboard.press("/")
    phone.locator("#capture-text").type(line)
    chips = phone.locator("#capture-understood")
    expect(chips.locator(".understood-note")).to_have_count(2)
    expect(chips.locator('select[name="kind-0"] option:checked')).to_have_text(kind)
    assert chips.locator(".chip.is-menu").evaluate_all(
        "all => all.every(e => e.getBoundingClientRect().height >= 44)"
    )
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    if SHOTS:
        phone.screenshot(path=f"{SHOTS}/chips-{language}.png")
    chips.locator('select[name="topic-1"]').select_option("tea")
    phone.locator("#capture-text").press("Enter")
    result = phone.locator("#capture-result")
    expect(result.locator(".captured-note")).to_have_count(2)
    expect(chips).to_be_empty()
    with within(live_site.house.id):
        assert list(Note.objects.exclude(text="feathers").order_by("id").values_list("kind", "topic")) == [
            ("need", "allergy"),
            ("preference", "tea"),
        ]
    with phone.expect_response("**/capture/notes/*"):
        result.locator('.captured-note:nth-child(2) select[name="polarity"]').select_option("-1")
    with within(live_site.house.id):
        assert Note.objects.latest("id").polarity == -1
    if SHOTS:
        phone.screenshot(path=f"{SHOTS}/kept-{language}.png")
