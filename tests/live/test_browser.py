"""js/live.js in a real browser: hears, notices that the stream is gone, comes back, and renews its ticket."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page, sync_playwright

import rugui
from rugui.core import tickets

from .conftest import SECRET, Ground, Live, staff, write

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SCRIPT = Path(rugui.__file__).parent / "web" / "static" / "js" / "live.js"
BODY = """<!doctype html><html><body><script>
window.heard = [];
for (const name of ["live:any", "live:reload", "live:customer-" + new URLSearchParams(location.search).get("customer")])
  document.body.addEventListener(name, () => window.heard.push(name.split("-")[0]));
</script><script type="module" src="/live.js" data-live-url="{url}" data-live-ticket-url="/live-ticket"></script></body></html>
"""
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser.new_page()
        browser.close()


class Pages(ThreadingHTTPServer):
    """The pages' origin: one page with only the script under test on it, and tickets, which it counts."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.stream = ""
        self.first = ""
        self.fetched = 0


class _Answer(BaseHTTPRequestHandler):
    server: Pages

    def do_GET(self) -> None:
        if self.path == "/live.js":
            kind, body = "text/javascript", SCRIPT.read_text()
        elif self.path == "/live-ticket":
            self.server.fetched += 1
            kind, body = "application/json", json.dumps({"url": self.server.stream + good_ticket()})
        else:
            kind, body = "text/html", BODY.replace("{url}", self.server.first)
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        pass


def good_ticket() -> str:
    return tickets.seal(staff(1, 60), SECRET)


@pytest.fixture(scope="module")
def pages() -> Iterator[Pages]:
    with Pages() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(scope="module")
def process(ground: Ground, pages: Pages) -> Iterator[Live]:
    made = Live(ground, RUGUI_PORT=str(pages.server_port))
    pages.stream = f"http://localhost:{made.port}/live?ticket="
    try:
        yield made
    finally:
        made.stop()


def open_page(page: Page, pages: Pages, customer: str, first: str) -> None:
    pages.first, pages.fetched = first, 0
    page.goto(f"http://localhost:{pages.server_port}/page?customer={customer}")


def state(page: Page, wanted: str) -> None:
    page.wait_for_function("wanted => document.documentElement.dataset.live === wanted", arg=wanted)


def test_a_burst_is_one_event_and_a_killed_stream_is_caught_up_with(
    ground: Ground, live: Live, journal: psycopg.Connection[Any], pages: Pages, page: Page
) -> None:
    customer = ground.ids().public("customer", 61)
    open_page(page, pages, customer, pages.stream + good_ticket())
    state(page, "up")
    assert pages.fetched == 0
    page.evaluate("window.heard.length = 0")
    with journal.transaction():
        write(journal, 1, "note.made", customer=61)
        write(journal, 1, "note.withdrawn", customer=61)
    page.wait_for_function("window.heard.length > 0")
    page.wait_for_timeout(300)
    assert page.evaluate("window.heard") == ["live:customer", "live:any"]

    page.evaluate("window.heard.length = 0")
    live.kill()
    state(page, "down")
    write(journal, 1, "note.made", customer=61)
    live.start()
    state(page, "up")
    page.wait_for_function("window.heard.includes('live:customer')")
    assert page.evaluate("window.heard.includes('live:reload')") is False


def test_a_ticket_that_is_refused_is_replaced(live: Live, pages: Pages, page: Page) -> None:
    open_page(page, pages, "any", pages.stream + "refused")
    state(page, "up")
    assert pages.fetched == 1


def test_a_page_without_an_address_fetches_one(live: Live, pages: Pages, page: Page) -> None:
    open_page(page, pages, "any", "")
    state(page, "up")
    assert pages.fetched == 1
