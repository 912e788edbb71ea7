"""The pages of one cause that hit many, of whether they came back, and of practising: accessible, and fit for a phone."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page

from rugui.core.tenancy import within
from rugui.house.models import User
from rugui.recover.incidents.models import Hit, Incident

from .. import factories
from ..recover.test_incidents import came, incident, order, remedy, trusting, wrote
from ..recover.test_practise import begun, ended
from .axe import violations
from .site import Site

pytestmark = pytest.mark.browser
LOOK = os.environ.get("RUGUI_LOOK")
"""A folder for pictures of each page, for whoever wants to see them."""


def _hit(house: factories.House) -> list[Incident]:
    """One whose people were told, and one that waits, with a newcomer."""
    trusting(house, staff=(1000, 5000), manager=(20_000, 90_000), owner=(None, None))
    came(house, "Ms Willow", about="Room 12")
    came(house, "石先生", about="Room 14", language="zh-hant")
    told = incident(house, note="The main pipe burst.")
    order(house, told, "tell")
    remedy(house, 1500)
    came(house, "Mrs Harbour", state="expected", hours=1, about="Table 4")
    wrote(house, "No water", "There is no water in my shower.")
    waiting = incident(house, who=["expected"], note="No water on any floor.")
    with within(house.id):
        Hit.objects.filter(incident=waiting).update(hurt=3, loyal=4)
    return [told, waiting]


@pytest.mark.parametrize(
    ("theme", "width", "language"), [("light", 360, "zh-hant"), ("dark", 1280, "en"), ("dark", 360, "en")]
)
def test_every_page_is_accessible_and_fits(
    live_site: Site, visitor: Callable[..., BrowserContext], theme: str, width: int, language: str
) -> None:
    house = live_site.house
    told, waiting = _hit(house)
    User.objects.filter(id=house.people["bob"].user_id).update(language=language)
    context = visitor(width=width, height=760, theme=theme)
    live_site.sign_in(context, "bob")
    page = context.new_page()
    talk, done = begun(house, "bob", language), ended(house, "bob")
    for name, address in {
        "cases": reverse("cases"), "promises": reverse("promises"), "new": reverse("incident-new"),
        "incident": reverse("incident", args=[told.id]), "waiting": reverse("incident", args=[waiting.id]),
        "tell": reverse("incident-order", args=[waiting.id, "tell"]), "give": reverse("incident-order", args=[told.id, "give"]),
        "close": reverse("incident-order", args=[told.id, "close"]), "statement": reverse("incident-statement", args=[told.id]),
        "came-back": reverse("came-back"), "practise": reverse("practise"),
        "talk": reverse("practice", args=[talk.public_id]), "debrief": reverse("practice", args=[done.public_id]),
    }.items():  # fmt: skip
        page.goto(live_site.url + address)
        if name == "give":
            page.locator("button[value=look]").click()
            page.wait_for_load_state()
        _show(page, f"{name}-{theme}-{width}-{language}")
        assert (name, violations(page)) == (name, [])
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


def _show(page: Page, name: str) -> None:
    if LOOK:
        page.screenshot(path=Path(LOOK) / f"{name}.png", full_page=True)
