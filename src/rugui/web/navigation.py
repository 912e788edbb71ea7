"""The main navigation: five pages under the thumb, the rest behind "More" (on a wide screen all of them)."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .context import House


@dataclass(frozen=True, slots=True)
class Entry:
    url: str
    label: str | LazyText
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
    ("imports", _("Import"), "import", "", True),
    ("staff", _("Staff"), "staff", "", True),
    ("places", _("Places"), "house", "", True),
    ("house_settings", _("Settings"), "settings", "", True),
]
UNDER_THE_THUMB = 5


def entries(path: str, house: House) -> list[Entry]:
    """What this person may go to, seen from `path`."""
    found: list[Entry] = []
    for name, label, icon, key, leaders in PAGES:
        if leaders and not (house.place and house.actor.leads(house.place.id)):
            continue
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        here = "page" if path == url else "true" if url != "/" and path.startswith(f"{url}/") else ""
        extra = len(found) >= UNDER_THE_THUMB
        first = extra and not any(entry.extra for entry in found)
        found.append(Entry(url, label or house.words, icon, key, extra, first, here))
    return found
