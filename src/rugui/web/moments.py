"""How a moment is said: short where people glance, whole where they look it up. Each language has its own order."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from html import escape
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.dateformat import format as django_format
from django.utils.translation import gettext

CHINESE = {
    "day": "n月j日",
    "year": "Y年n月j日",
    "line": "n月j日 l",
    "full": "Y年n月j日 l",
    "comma": "",
}
ENGLISH = {"day": "j M", "year": "j M Y", "line": "D j M", "full": "l j F Y", "comma": ","}


def _formats(language: str) -> dict[str, str]:
    return CHINESE if language.startswith("zh") else ENGLISH


def short(local: datetime, now: datetime, language: str) -> str:
    """14:05 · yesterday 14:05 · Thu 14:05 · 3 Sep · 3 Sep 2024, seen from `now`."""
    today = now.astimezone(local.tzinfo).date()
    days = (local.date() - today).days
    time = clock(local)
    formats = _formats(language)
    if days == 0:
        return time
    if days == -1:
        return gettext("yesterday %(time)s") % {"time": time}
    if days == 1:
        return gettext("tomorrow %(time)s") % {"time": time}
    if abs(days) < 7:
        return f"{_date(local.date(), 'D', language)} {time}"
    return _date(local.date(), formats["day" if local.year == today.year else "year"], language)


def day(local: datetime, language: str) -> str:
    """Thu 3 Sep · 9月3日 星期四"""
    return _date(local.date(), _formats(language)["line"], language)


def full(local: datetime, language: str) -> str:
    """Thursday 3 September 2026, 14:05"""
    formats = _formats(language)
    return f"{_date(local.date(), formats['full'], language)}{formats['comma']} {clock(local)}"


def clock(local: datetime) -> str:
    """14:05"""
    return f"{local.hour:02d}:{local.minute:02d}"


class Teller:
    """Says the moments of one page: at a place, seen from now, in its language."""

    def __init__(self, zone: ZoneInfo, now: datetime, language: str) -> None:
        self.zone, self.now, self.language = zone, now.astimezone(zone), language

    def moment(self, at: datetime) -> str:
        """When, in HTML; the whole date is in the title."""
        local = at.astimezone(self.zone)
        whole, brief = full(local, self.language), short(local, self.now, self.language)
        exact = local.isoformat(timespec="seconds")
        return f'<time datetime="{exact}" title="{escape(whole)}">{escape(brief)}</time>'

    def clock(self, at: datetime) -> str:
        """The time of day, in HTML."""
        local = at.astimezone(self.zone)
        return f'<time datetime="{local.isoformat(timespec="seconds")}">{clock(local)}</time>'


@lru_cache(maxsize=4096)
def _date(date: date, pattern: str, language: str) -> str:
    """A date written out. The same few days are all over a page."""
    with translation.override(language):
        return django_format(date, pattern)
