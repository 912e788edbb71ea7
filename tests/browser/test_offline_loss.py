"""Two phones behind a network that loses requests and answers, doubles and delays them: every line is taken once, in order.

The loss is in the network's place, in front of the house, so that it meets whatever the page or its service worker sends.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from .site import Site
from .test_offline import guest, notes, prepared, write

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LINES = 12
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Network:
    """A bad one, before the house. What it does is drawn from one seed, so that a failure can be told again."""

    def __init__(self, house: Wsgi, seed: int) -> None:
        self.house, self.chance, self.did = house, random.Random(seed), Counter[str]()
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith("/offline/"):
            return self.house(environ, start)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        with self._lock:
            fate = self.chance.choices(["through", "lost", "answer lost", "twice", "late"], [3, 3, 3, 2, 1])[
                0
            ]
            self.did[f"{fate} {environ['PATH_INFO']}"] += 1
        if fate == "lost":
            return _nothing(start)
        if fate == "late":
            time.sleep(0.8)
        if fate in {"answer lost", "twice"}:
            for _chunk in self.house({**environ, "wsgi.input": BytesIO(body)}, lambda *_said: None):
                pass
        if fate == "answer lost":
            return _nothing(start)
        return self.house({**environ, "wsgi.input": BytesIO(body)}, start)


def _nothing(start: Callable[..., Any]) -> Iterable[bytes]:
    """As far as the phone can tell: no answer that it could use."""
    start("504 Gateway Timeout", [("Content-Type", "text/plain"), ("Content-Length", "0")])
    return [b""]


def test_no_line_is_lost_or_doubled_and_each_phone_keeps_its_order(
    live_site: Site, visitor: Callable[..., BrowserContext]
) -> None:
    guest(live_site)
    phones = [visitor(width=360, height=720, has_touch=True, is_mobile=True).new_page() for _each in range(2)]
    for phone, person in zip(phones, ("carol", "bob"), strict=True):
        prepared(live_site, phone, person)
        phone.context.set_offline(True)
        phone.goto(live_site.url + "/")
    network = Network(live_site._server.get_app(), seed=20261126)  # type: ignore[arg-type]
    live_site._server.set_app(network)
    said: list[list[str]] = [[], []]
    for number in range(LINES):
        for which, phone in enumerate(phones):
            text = f"remark {number} of phone {which}"
            write(phone, text)
            said[which].append(text)
        if number in {3, 7}:  # now and then there is a network, of that kind, in the middle of writing
            for phone in phones:
                phone.context.set_offline(number == 7)
    for phone in phones:
        phone.context.set_offline(False)
    for phone in phones:
        expect(phone.locator("#waiting-part")).to_be_hidden(timeout=120_000)
    kept = [text for text in notes(live_site) if text.startswith("remark")]
    assert Counter(kept) == Counter(said[0] + said[1])
    for which in range(2):
        assert [text for text in kept if text.endswith(f"phone {which}")] == said[which]
    fates = {each.rpartition(" ")[0] for each in network.did}
    assert fates >= {"lost", "answer lost", "twice"}, network.did
