"""The main navigation: five pages under the thumb, the rest behind "More" (on a wide screen all of them)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise as LazyText
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from .context import House


@dataclass(frozen=True, slots=True)
class Entry:
    url: str
    label: str
    icon: str
    key: str = ""
    """After `g`, the letter that goes there."""
    extra: bool = False
    """Behind "More" on a phone."""
    first: bool = False
    """The first of the extra ones."""
    current: str = ""
    """The value of `aria-current`: this very page, or one below it."""


PAGES: list[tuple[str, str | LazyText, str, str, bool]] = [
    # (name of the address, label or "" for the customers' word, icon, key, for leaders only)
    ("today", _("Today"), "today", "t", False),
    ("customers", "", "customers", "c", False),
    ("promises", _("Promises"), "promises", "p", False),
    ("cases", pgettext_lazy("recovery cases", "Cases"), "cases", "r", False),
    ("lineup", _("Line-up"), "lineup", "l", False),
    ("standards", _("How we do it"), "check", "s", False),
    ("imports", _("Import"), "import", "", True),
    ("staff", _("Staff"), "staff", "", True),
    ("house_settings", _("Settings"), "settings", "", True),
    ("me", _("My account"), "person", "", False),
    ("help", _("Help"), "help", "", False),
]
UNDER_THE_THUMB = 5


def leads(house: House) -> bool:
    return house.place is not None and house.actor.leads(house.place.id)


def entries(path: str, house: House) -> list[Entry]:
    """What this person may go to, seen from `path`."""
    every = pages(get_language() or "en", str(house.words), leads(house))
    return [replace(entry, current=here) if (here := _current(path, entry.url)) else entry for entry in every]


def currents(path: str) -> tuple[str, ...]:
    """How `path` lies to each of the pages: all that the navigation takes of it."""
    return tuple([_current(path, url) for url in _addresses()])


@cache
def _addresses() -> tuple[str, ...]:
    return tuple(reverse(name) for name, *_rest in PAGES)


def _current(path: str, url: str) -> str:
    if path == url:
        return "page"
    return "true" if url != "/" and path.startswith(f"{url}/") else ""


@cache
def pages(language: str, words: str, leader: bool) -> tuple[Entry, ...]:
    """The entries in one language, for a leader or anybody else. Kept: every page shows them."""
    found: list[Entry] = []
    with translation.override(language):
        for name, label, icon, key, leaders in PAGES:
            if leaders and not leader:
                continue
            extra = len(found) >= UNDER_THE_THUMB
            first = extra and not any(entry.extra for entry in found)
            found.append(Entry(reverse(name), capfirst(str(label) or words), icon, key, extra, first))
    return tuple(found)
