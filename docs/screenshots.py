"""Takes the pictures of the documentation: `script/screenshots`.

An example house is started in a folder that is thrown away; somebody becomes its owner and does what the guides tell.
Every picture has a fixed size: a phone of 360 × 720 points at twice the density, a screen of 1280 × 800 at its own.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

IMAGES = Path(__file__).parent / "images"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LARGEST, LARGEST_TOGETHER = 200_000, 4_000_000
OWNER = {"en": "Alice Hill", "zh-hant": "何雅麗"}
CAPTURED = {"en": "Likes the window table", "zh-hant": "喜歡靠窗的位子"}
PROGRESS = {
    "en": "The room is warm now; your bags are there already. I am outside your door with the key.",
    "zh-hant": "房間已經暖了，行李也搬好了。我拿著鑰匙在門口等您。",
}
FILES = {
    "en": (
        b"id,Name,Salutation,Mobile,E-mail\n"
        b"1,Harriet Cole,Mrs Cole,07700 900201,cole@example.com\n"
        b"2,Idris Bello,Mr Bello,07700 900202,bello@example.com\n"
        b"3,Jan de Wit,,12,\n"
    ),
    "zh-hant": (
        "編號,姓名,稱呼,手機,信箱\n"
        "1,林曉明,林先生,0912-345-678,lin@example.com\n"
        "2,王美玲,王小姐,0922-111-333,wang@example.com\n"
        "3,張建宏,,12,\n"
    ).encode("big5"),
}
"""Guests of another system; the last number is too short to be one."""


class Studio:
    """One house in one language, and the screens that its owner looks at."""

    def __init__(self, browser: Browser, url: str, language: str) -> None:
        self.browser, self.url, self.language = browser, url, language
        self.cookies: list = []

    @contextmanager
    def screen(self, kind: str = "phone", theme: str = "light", *, signed_in: bool = True) -> Iterator[Page]:
        """A phone or a wide screen on which somebody has signed in."""
        context = self._context(kind, theme)
        if signed_in:
            context.add_cookies(self.cookies)
        page = context.new_page()
        page.set_default_timeout(30_000)
        yield page
        if signed_in:
            self.cookies = context.cookies()
        context.close()

    def _context(self, kind: str, theme: str) -> BrowserContext:
        phone = kind == "phone"
        return self.browser.new_context(
            viewport={"width": 360, "height": 720} if phone else {"width": 1280, "height": 800},
            device_scale_factor=2 if phone else 1,
            is_mobile=phone,
            has_touch=phone,
            color_scheme=theme,  # type: ignore[arg-type]
            reduced_motion="reduce",
            locale={"en": "en-GB", "zh-hant": "zh-TW"}[self.language],
        )

    def go(self, page: Page, path: str) -> None:
        page.goto(f"{self.url}{path}")
        page.wait_for_load_state("load")

    def first(self, page: Page, of: str) -> str:
        """The path of the first link on the page to one "case" or "customer"."""
        link = page.locator(f"main a[href^='/{of}s/'], aside a[href^='/{of}s/']").first
        return str(link.get_attribute("href")).split("#")[0]

    def picture(self, page: Page, name: str, *, near: str | None = None) -> None:
        """Keeps how the page looks now, or looks `near` one of its elements."""
        page.wait_for_timeout(400)
        if near is None:
            page.evaluate("window.scrollTo(0, 0)")
        else:
            page.locator(near).first.evaluate(
                "element => window.scrollTo(0, element.getBoundingClientRect().top + window.scrollY - 72)"
            )
        page.wait_for_timeout(150)
        keep(self.browser, f"{name}-{self.language}", page.screenshot())


PALETTE = """async source => {
    const image = new Image();
    image.src = source;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height), context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const pixels = context.getImageData(0, 0, image.width, image.height).data, counts = new Map();
    for (let at = 0; at < pixels.length; at += 4) {
        const colour = (pixels[at] << 16) | (pixels[at + 1] << 8) | pixels[at + 2];
        counts.set(colour, (counts.get(colour) ?? 0) + 1);
    }
    const apart = (one, other) =>
        ((one >> 16) - (other >> 16)) ** 2 + (((one >> 8) & 255) - ((other >> 8) & 255)) ** 2 + ((one & 255) - (other & 255)) ** 2;
    const colours = [...counts.entries()].sort((one, other) => other[1] - one[1] || one[0] - other[0]).map(entry => entry[0]);
    const palette = colours.slice(0, 48);
    for (const least of [400, 100, 25]) {
        for (const colour of colours) {
            if (palette.length < 256 && palette.every(taken => apart(taken, colour) >= least)) palette.push(colour);
        }
    }
    const nearest = new Map(colours.map(colour => {
        let best = 0;
        for (let index = 1; index < palette.length; index++) {
            if (apart(palette[index], colour) < apart(palette[best], colour)) best = index;
        }
        return [colour, best];
    }));
    let indices = "";
    for (let at = 0; at < pixels.length; at += 4) {
        indices += String.fromCharCode(nearest.get((pixels[at] << 16) | (pixels[at + 1] << 8) | pixels[at + 2]));
    }
    return [image.width, image.height, palette, btoa(indices)];
}"""
"""Reduces a picture to 256 colours: the most frequent ones, then those farthest from any taken."""


def keep(browser: Browser, name: str, png: bytes) -> None:
    """Writes a picture in 256 colours, which is a third of what the browser gives."""
    page = browser.new_page()
    width, height, palette, indices = page.evaluate(
        PALETTE, f"data:image/png;base64,{b64encode(png).decode()}"
    )
    page.close()
    data = packed(width, height, palette, b64decode(indices))
    if len(data) > LARGEST:
        raise SystemExit(f"{name} has {len(data)} bytes; at most {LARGEST} are allowed.")
    (IMAGES / f"{name}.png").write_bytes(data)
    print(f"{name}.png {len(data) // 1000} kB")


def packed(width: int, height: int, palette: list[int], indices: bytes) -> bytes:
    """A PNG of indexed colours."""
    rows = b"".join(b"\0" + indices[at : at + width] for at in range(0, width * height, width))
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", b"".join(colour.to_bytes(3) for colour in palette)),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def first_run(studio: Studio) -> None:
    """Whoever comes first becomes the owner; a house that has one already is entered by name."""
    with studio.screen("wide") as page:
        studio.go(page, "/")
        if page.locator("[name=owner_name]").count():
            page.locator("[name=owner_name]").fill(OWNER[studio.language])
            page.locator("[name=owner_email]").fill("alice@example.com")
            page.locator("[name=owner_language]").select_option(studio.language)
            studio.picture(page, "welcome-wide")
            page.locator("[name=owner_password]").fill("a lantern by the lake")
            page.locator("main form button.is-primary").click()
        else:
            page.locator("[name=login]").fill("alice@example.com")
            page.locator("[name=password]").fill("a lantern by the lake")
            page.locator("main form button.is-primary").click()
        page.wait_for_selector("#part-now")


def desk(studio: Studio) -> None:
    """Today, a card and a case, on both screens and in both lights."""
    for kind in ("phone", "wide"):
        for theme in ("light", "dark"):
            with studio.screen(kind, theme) as page:
                studio.go(page, "/")
                page.wait_for_selector("html[data-live=up]")
                card, case = studio.first(page, "customer"), studio.first(page, "case")
                studio.picture(page, f"today-{kind}-{theme}")
                expected = page.locator("#part-expected a[href^='/customers/']").first
                card = str(expected.get_attribute("href")) if expected.count() else card
                studio.go(page, card)
                studio.picture(page, f"card-{kind}-{theme}")
                studio.go(page, case)
                studio.picture(page, f"case-{kind}-{theme}")


def arrival(studio: Studio) -> None:
    with studio.screen() as page:
        studio.go(page, "/")
        studio.picture(page, "arrival-phone", near="#part-expected")


def capture(studio: Studio) -> None:
    """One line about a guest, and what became of it."""
    with studio.screen() as page:
        studio.go(page, "/")
        studio.go(
            page, str(page.locator("#part-expected a[href^='/customers/']").first.get_attribute("href"))
        )
        page.keyboard.press("/")
        page.keyboard.type(CAPTURED[studio.language])
        page.keyboard.press("Enter")
        page.wait_for_selector("#capture-result button")
        studio.picture(page, "capture-phone")


READY = """async () => {
    while (!navigator.serviceWorker.controller || !(await ruguiOffline.day())) await new Promise(go => setTimeout(go, 100));
}"""


def offline(studio: Studio) -> None:
    """The network is gone."""
    with studio.screen() as page:
        studio.go(page, "/")
        page.evaluate(READY)
        page.context.set_offline(True)
        studio.go(page, "/offline")
        page.wait_for_selector("#expected li, #here li")
        studio.picture(page, "offline-phone")
        page.context.set_offline(False)


def find(studio: Studio) -> None:
    with studio.screen("wide") as page:
        studio.go(page, "/")
        page.keyboard.press("Control+k")
        page.keyboard.type("7700 90010" if studio.language == "en" else "0990 000")
        page.wait_for_selector("[role=option]")
        studio.picture(page, "find-wide")


def guest_page(studio: Studio) -> None:
    """The link is made at the desk; the guest opens it."""
    with studio.screen() as page:
        studio.go(page, "/")
        studio.go(page, studio.first(page, "case"))
        page.locator("form[action$='/link'] button").first.click()
        page.wait_for_selector("#link-address")
        studio.picture(page, "link-phone", near="#link-made")
        address = page.locator("#link-address").input_value()
        page.locator("#write-text").fill(PROGRESS[studio.language])
        studio.picture(page, "write-phone", near="#write")
    with studio.screen(signed_in=False) as page:
        studio.go(page, address[address.index("/c/") :])
        studio.picture(page, "guest-phone-light")
    with studio.screen("phone", "dark", signed_in=False) as page:
        studio.go(page, address[address.index("/c/") :])
        studio.picture(page, "guest-phone-dark")


def pages(studio: Studio) -> None:
    """The other pages, one picture each."""
    for name, kind, path in (
        ("lineup", "phone", "/line-up"),
        ("promises", "phone", "/promises"),
        ("message", "phone", "/messages/new"),
        ("staff", "wide", "/staff"),
        ("tokens", "wide", "/me/tokens"),
    ):
        with studio.screen(kind) as page:
            studio.go(page, path)
            studio.picture(page, f"{name}-{kind}")
    with studio.screen("wide") as page:
        studio.go(page, "/house")
        place = page.locator("main a[href*='/house/places/']:not([href$='new'])").first
        studio.go(page, str(place.get_attribute("href")))
        calendar = page.locator("main a[href$='/calendar']").first
        studio.go(page, str(calendar.get_attribute("href")))
        studio.picture(page, "calendar-wide")


def importing(studio: Studio) -> None:
    """A file is looked at; nothing is written."""
    with tempfile.TemporaryDirectory() as folder, studio.screen("wide") as page:
        file = Path(folder) / "guests.csv"
        file.write_bytes(FILES[studio.language])
        studio.go(page, "/import")
        page.locator("input[type=file]").set_input_files(file)
        page.locator("main form button.is-primary").click()
        page.wait_for_selector("main table")
        studio.picture(page, "import-wide")


WALK: list[Callable[[Studio], None]] = [
    first_run, desk, arrival, capture, offline, find, guest_page, pages, importing,
]  # fmt: skip
"""What is photographed, in this order; `--only desk` takes a part."""


def together(browser: Browser) -> None:
    """The picture of the README: Today on the phone, and beside it a case without the navigation."""
    shown = {
        name: b64encode((IMAGES / f"{name}-light-en.png").read_bytes()).decode()
        for name in ("case-wide", "today-phone")
    }
    page = browser.new_page(viewport={"width": 1480, "height": 800})
    page.set_content(
        "<style>body{margin:0;background:#f3eee5}"
        "body>*{position:absolute;overflow:hidden;border-radius:14px;box-shadow:0 8px 32px #1f1b1633}"
        "#phone{left:48px;top:56px;width:344px}"
        "#case{left:440px;top:29px;width:980px;height:742px}#case img{position:absolute;right:0;height:742px}</style>"
        f"<img id=phone src='data:image/png;base64,{shown['today-phone']}'>"
        f"<div id=case><img src='data:image/png;base64,{shown['case-wide']}'></div>"
    )
    page.wait_for_timeout(300)
    keep(browser, "together", page.screenshot())
    page.close()


@contextmanager
def house(language: str) -> Iterator[str]:
    """An example house of its own, with everything that `rugui up` starts; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="rugui-pictures-") as folder:
        ready = Path(folder) / "ready.json"
        command = [
            sys.executable, "-m", "rugui.cli", "up", "--port", "8770", "--language", language, "--ready-file", str(ready),
        ]  # fmt: skip
        environment = os.environ | {"RUGUI_DATA_FOLDER": f"{folder}/data"}
        program = subprocess.Popen(
            command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        try:
            yield _address(program, ready)
        finally:
            program.send_signal(signal.SIGTERM)
            program.wait(60)


def _address(program: subprocess.Popen[bytes], ready: Path) -> str:
    for _ in range(6000):
        if ready.exists():
            return str(json.loads(ready.read_text())["url"])
        if program.poll() is not None:
            raise SystemExit("rugui up ended. Start it by itself to see why: rugui up --port 8770")
        time.sleep(0.1)
    raise SystemExit("rugui up has not answered within ten minutes.")


def main() -> None:
    parser = argparse.ArgumentParser(description="Takes the pictures of the documentation.")
    parser.add_argument("--language", choices=["en", "zh-hant"], action="append", help="Only this one.")
    parser.add_argument(
        "--only", choices=[step.__name__ for step in WALK], action="append", help="Only this part."
    )
    parser.add_argument(
        "--at", help="A running example house in that language, whose owner this script made."
    )
    given = parser.parse_args()
    IMAGES.mkdir(exist_ok=True)
    steps = [step for step in WALK if not given.only or step is first_run or step.__name__ in given.only]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for language in given.language or ["en", "zh-hant"]:
            with _at(given.at) if given.at else house(language) as url:
                studio = Studio(browser, url, language)
                for step in steps:
                    step(studio)
        together(browser)
        browser.close()
    size = sum(path.stat().st_size for path in IMAGES.glob("*.png"))
    print(f"{size // 1000} kB together")
    if size > LARGEST_TOGETHER:
        raise SystemExit(f"That is more than {LARGEST_TOGETHER // 1000} kB.")


@contextmanager
def _at(url: str) -> Iterator[str]:
    yield url


if __name__ == "__main__":
    main()
