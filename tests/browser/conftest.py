"""Chromium, and a running house for it to visit.

    def test_it_…(live_site, page):
        live_site.sign_in(page.context, "carol")
        page.goto(live_site.url + "/")

`live_site.start("live", "clock")` adds the live stream and the clock. Tests that use `live_site` must not use `db`:
the house is committed in a database of its own, dropped at the end. `open_site` makes others: for a whole module, or with nobody in it yet.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from rugui.config import config

from .. import database, factories
from .site import Site, on_database

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CHROMIUM = "/usr/bin/chromium"
PATIENCE = 90_000
"""Milliseconds; machines that test are crowded ones. A test that times something says so itself."""

expect.set_options(timeout=PATIENCE)


Opener = Callable[..., AbstractContextManager[Site]]


@pytest.fixture(scope="session")
def open_site(
    database_folder: Path, django_db_setup: None, django_db_blocker: Any, request: pytest.FixtureRequest
) -> Opener:
    """`with open_site("example", furnish=None) as site` serves a database with nobody in it. One site at a time."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")

    @contextmanager
    def opened(
        kind: str, furnish: Callable[[], factories.House] | None = factories.lake_house
    ) -> Iterator[Site]:
        name = database.copy_of_template(database_folder, f"rugui_site_{kind}_{worker}")
        with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
            # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
            patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
            with on_database(database_folder, name):
                site = Site(database_folder, name, furnish)
                patch.setattr(config(), "live_port", site.live_port)
                policy = copy.deepcopy(settings.CONTENT_SECURITY_POLICY)
                policy["DIRECTIVES"]["connect-src"].append(f"http://localhost:{site.live_port}")
                with override_settings(CONTENT_SECURITY_POLICY=policy), site.serving():
                    yield site
        with database.owner(database_folder, "postgres") as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    return opened


@pytest.fixture
def live_site(open_site: Opener) -> Iterator[Site]:
    """A house of one's own, with its people, served at `live_site.url`."""
    with open_site("one") as site:
        yield site


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Ends with the module: until then it keeps an event loop running that other tests stumble over."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visitor(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """`visitor(width=360, theme="dark")` is a browser of somebody's own; it fails the test on any script error."""
    opened: list[BrowserContext] = []
    errors: list[str] = []

    def new(*, width: int = 1280, height: int = 800, theme: str = "light", **options: Any) -> BrowserContext:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme=theme,
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(PATIENCE)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        context.on(
            "console",
            lambda line: errors.append(line.text) if "Content Security Policy" in line.text else None,
        )
        opened.append(context)
        return context

    yield new
    for context in opened:
        context.close()
    assert errors == []


@pytest.fixture
def page(visitor: Callable[..., BrowserContext]) -> Page:
    """One tab of a wide screen."""
    return visitor().new_page()


@pytest.fixture
def phone(visitor: Callable[..., BrowserContext]) -> Page:
    """One tab of a small phone."""
    return visitor(width=360, height=720, has_touch=True, is_mobile=True).new_page()
