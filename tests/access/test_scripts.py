"""What people write is never run: the usual attacks, stored everywhere, shown on every page of a real browser."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import BrowserContext, Page

from rugui.core.tenancy import within
from rugui.core.time import now
from rugui.know import actions as know
from rugui.promise import actions as promises
from rugui.recover import actions as recover
from rugui.serve import actions as serve

from ..browser.conftest import chromium, live_site, open_site, visitor  # noqa: F401  fixtures
from ..browser.site import Site

pytestmark = pytest.mark.browser

BREAKS = "window.broken=(window.broken||0)+1"
PAYLOADS = [
    f"<script>{BREAKS}</script>",
    f"</script><script>{BREAKS}</script>",
    f"</textarea><script>{BREAKS}</script>",
    f"</title><svg onload={BREAKS}>",
    f"<img src=x onerror={BREAKS}>",
    f"<svg><script>{BREAKS}</script></svg>",
    f"<svg/onload={BREAKS}>",
    f"<svg><animate onbegin={BREAKS} attributeName=x dur=1s>",
    f"<body onload={BREAKS}>",
    f"<details open ontoggle={BREAKS}>",
    f"<input autofocus onfocus={BREAKS}>",
    f"<iframe srcdoc='<script>parent.{BREAKS}</script>'>",
    f'<iframe src="javascript:parent.{BREAKS}">',
    f"<math><mtext><img src=x onerror={BREAKS}>",
    f'<a href="javascript:{BREAKS}">here</a>',
    f"javascript:{BREAKS}//",
    f"JaVaScRiPt&colon;{BREAKS}",
    f"data:text/html,<script>{BREAKS}</script>",
    f'" onmouseover="{BREAKS}" autofocus onfocus="{BREAKS}',
    f"' onmouseover='{BREAKS}' autofocus onfocus='{BREAKS}",
    f'" hx-on:load="{BREAKS}" hx-get="/" hx-trigger="load',
    f"<div hx-get='/help' hx-trigger='load' hx-on::after-request='{BREAKS}'></div>",
    f"<meta http-equiv=refresh content='0;url=javascript:{BREAKS}'>",
    f"<base href='https://evil.example/'><script src=x.js>{BREAKS}</script>",
    f"<link rel=stylesheet href='data:text/css,*{{background:red}}'><style onload={BREAKS}>*{{color:red}}</style>",
    f"{{{{ 7|add:7 }}}}{{% now 'Y' %}}${{{BREAKS}}}",
    f"<noscript><p title='</noscript><img src=x onerror={BREAKS}>'>",
    f"<!--><img src=x onerror={BREAKS}>-->",
    f"&lt;script&gt;{BREAKS}&lt;/script&gt;",
    f"\u202e<script>{BREAKS}</script>\u202c\u200f",
    f"＜script＞{BREAKS}＜/script＞ <ſcript>{BREAKS}</ſcript>",
]
PAGES = (
    "/", "/today/parts", "/arrivals", "/customers", "/customers?q=script", "/find?q=script", "/capture/people?who=script",
    "/promises", "/cases", "/cases?state=all", "/line-up", "/staff", "/house", "/messages/new",
)  # fmt: skip


@pytest.fixture
def attacked(live_site: Site) -> dict[str, list[str]]:  # noqa: F811
    """Each payload as a name, a note, a message, a promise, a title, a report, and a word among colleagues."""
    house, moment = live_site.house, now()
    carol = house.actor("carol")
    addresses: dict[str, list[str]] = {"staff": [], "guest": []}
    with within(house.id), transaction.atomic():
        for number, payload in enumerate(PAYLOADS):
            # A few cards hold everything: each page of theirs then shows a fifth of the payloads in every place.
            if number % 8 == 0:
                customer = know.add_customer(
                    carol, name=payload, address_as=payload[:120], region="TW", now=moment
                )
                title = f"{payload}"[:200]
                case = recover.open_case(
                    carol, customer, house.place, title=title, complaint=payload, language="en", now=moment
                )
                secret = recover.share_link(carol, case, now=moment)
                addresses["staff"] += [
                    f"/customers/{customer.public_id}",
                    f"/customers/{customer.public_id}/edit",
                ]
                addresses["staff"] += [f"/cases/{case.public_id}", f"/cases/{case.public_id}?talk=1"]
                addresses["guest"].append(f"/c/{secret}")
            know.add_identity(
                carol, customer, know.GivenIdentity("handle", payload[:200]), region="TW", now=moment
            )
            kind = ("need", "fact", "mood", "preference")[number % 4]
            know.add_note(carol, customer, text=payload, kind=kind, now=moment)
            touch = serve.record_touch(
                carol,
                customer,
                channel="email",
                direction="in",
                text=payload,
                place=house.place,
                waiting=True,
                now=moment,
            )
            serve.expect_visit(
                carol,
                customer,
                house.place,
                about=payload[:200],
                expected_at=moment + timedelta(minutes=5),
                now=moment,
            )
            promises.give(
                carol,
                customer,
                house.place,
                kind="call_back",
                text=payload[:200],
                due_at=moment + timedelta(hours=1),
                now=moment,
            )
            recover.write_to_customer(carol, case, text=payload, now=moment)
            recover.talk(carol, case, text=payload, now=moment)
            if number % 8 == 7:
                recover.review_together(carol, case, text=payload, now=moment)
                findings = recover.Findings("product", payload[:200], payload[:200], payload, payload)
                recover.document(carol, case, findings, now=moment)
                addresses["staff"].append(f"/messages/{touch.public_id}/answer")
    return addresses


def test_nothing_that_was_written_is_ever_run(
    live_site: Site,  # noqa: F811
    visitor: Any,  # noqa: F811
    attacked: dict[str, list[str]],
) -> None:
    alarms: list[str] = []
    inside, outside = visitor(), visitor()
    live_site.sign_in(inside, "alice")
    seen = 0
    for context, addresses in ((inside, [*PAGES, *attacked["staff"]]), (outside, attacked["guest"])):
        page = _watched(context, alarms)
        for address in addresses:
            response = page.goto(live_site.url + address, wait_until="load")
            assert response is not None
            assert response.status == 200, address
            if problem := page.evaluate(PROBLEM):
                alarms.append(f"{address}: {problem}")
            seen += "window.broken" in page.content()
    assert alarms == []
    assert seen >= len(attacked["staff"]) + len(attacked["guest"])  # the words do stand there, as words


PROBLEM = """() => {
    const found = [];
    if (window.broken) found.push("ran");
    for (const element of document.querySelectorAll("*")) {
        for (const {name, value} of element.attributes) {
            if (name.startsWith("on") || name.startsWith("hx-on") || /^\\s*javascript:/i.test(value) && name != "value")
                found.push(element.tagName + " " + name);
        }
    }
    for (const tag of ["iframe", "base", "object", "embed", "math", "animate"])
        if (document.querySelector(tag)) found.push(tag);
    for (const script of document.scripts)
        if (!script.src) found.push("a script of its own");
    return found.join(", ");
}"""
"""Whether anything of what was written has become markup, run or not."""


def _watched(context: BrowserContext, alarms: list[str]) -> Page:
    page = context.new_page()
    page.on("dialog", lambda dialog: (alarms.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("pageerror", lambda error: alarms.append(f"error {error}"))
    page.on("request", lambda request: None if "localhost" in request.url or request.url.startswith("data:")
            else alarms.append(f"asked {request.url}"))  # fmt: skip
    return page
