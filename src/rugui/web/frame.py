"""The frame around every page, kept as finished text: navigation, switches, what stands in every page's head and foot.

It says the same on page after page. So each piece is rendered by its template once for everything that it depends on
(`_key`), and kept; the few words that are new on every page are put into the gaps that were left for them (`_gaps`).
A piece may use what stands in the key and in the gaps, and nothing else.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from ..core.phrases import LANGUAGES
from .context import House
from .navigation import currents, entries, leads

MOST = 2000
"""Pieces kept at once, of some kilobytes each: the pages of a few hundred people."""
_secret = secrets.token_hex(8)
_GAP = re.compile(rf"gap_{_secret}_([a-z]+)_end")
_kept: dict[tuple[object, ...], list[str]] = {}


@dataclass(frozen=True, slots=True)
class Frame:
    """What the frame of one page depends on, worked out once a page."""

    house: House | None
    path: str
    key: tuple[object, ...]
    gaps: dict[str, Callable[[], object]]


def piece(context: Context, name: str) -> SafeString:
    """The piece `web/parts/name.html` of this page's frame."""
    frame = context.render_context.get(_FRAME)
    if frame is None:
        frame = context.render_context[_FRAME] = _frame(context)
    key = (name, *frame.key)
    found = _kept.get(key)
    if found is None or settings.DEBUG:
        if len(_kept) >= MOST:
            _kept.clear()
        found = _kept[key] = _GAP.split(_rendered(name, frame))
    whole, gaps = found.copy(), frame.gaps
    for place in range(1, len(whole), 2):
        whole[place] = conditional_escape(str(gaps[whole[place]]()))
    return mark_safe("".join(whole))  # noqa: S308  a template's text, and gaps that were escaped


_FRAME = "rugui frame"


def _frame(context: Context) -> Frame:
    request: HttpRequest = context["request"]
    house, customer = context.get("house"), context.get("capture_customer") or None
    gaps: dict[str, Callable[[], object]] = {
        "csrf": lambda: context["csrf_token"],
        "next": request.get_full_path,
        "live": context["live_url"],
        "customer": lambda: customer.public_id,  # type: ignore[union-attr]
        "called": lambda: customer.called,  # type: ignore[union-attr]
    }
    return Frame(house, request.path, _key(house, request.path, customer is not None), gaps)


def _key(house: House | None, path: str, about_customer: bool) -> tuple[object, ...]:
    language = get_language()
    if house is None:
        return (language,)
    organization, place = house.organization, house.place
    places = tuple((each.id, each.name) for each in house.places)
    leader, here = leads(house), currents(path)
    return (
        language, organization.name, organization.customer_word, house.staff.name, places,
        place and place.id, leader, here, about_customer,
    )  # fmt: skip


def _rendered(name: str, frame: Frame) -> str:
    about_customer = frame.house is not None and frame.key[-1]
    context: dict[str, Any] = {
        "house": frame.house,
        "entries": entries(frame.path, frame.house) if frame.house else [],
        "languages": LANGUAGES,
        "csrf_token": _gap("csrf"),
        "next": _gap("next"),
        "live_url": _gap("live"),
        "capture_customer": SimpleNamespace(public_id=_gap("customer"), called=_gap("called"))
        if about_customer
        else None,
    }
    return render_to_string(f"web/parts/{name}.html", context)


def _gap(name: str) -> str:
    return f"gap_{_secret}_{name}_end"
