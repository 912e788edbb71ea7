"""The house's fixed choices in words, and the lists that people choose from."""

from __future__ import annotations

import zoneinfo
from functools import cache

import phonenumbers
from babel import Locale
from babel.numbers import get_territory_currencies
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ..core.errors import Text
from .models import Assignment, Organization

TRADES: dict[str, Text] = {
    Organization.Trade.HOTEL: _("Hotel"),
    Organization.Trade.RESTAURANT: _("Restaurant"),
    Organization.Trade.SHOP: _("Shop"),
    Organization.Trade.SALON: _("Salon"),
    Organization.Trade.CLINIC: _("Clinic"),
    Organization.Trade.WEBSHOP: _("Web shop"),
    Organization.Trade.AGENCY: _("Agency"),
}
CUSTOMER_WORDS: dict[str, tuple[Text, Text]] = {
    Organization.CustomerWord.CUSTOMER: (_("customer"), _("customers")),
    Organization.CustomerWord.GUEST: (_("guest"), _("guests")),
    Organization.CustomerWord.CLIENT: (_("client"), _("clients")),
    Organization.CustomerWord.PATIENT: (pgettext_lazy("a person in care", "patient"), _("patients")),
}
"""What a house calls those whom it serves: one of them, and many."""
CUSTOMER_WORD_CHOICES: list[tuple[str, Text]] = [(word, one) for word, (one, _many) in CUSTOMER_WORDS.items()]
ROLES: dict[str, Text] = {
    Assignment.Role.OWNER: _("Owner"),
    Assignment.Role.MANAGER: _("Manager"),
    Assignment.Role.STAFF: _("Staff"),
    Assignment.Role.ANALYST: _("Analyst (looks, changes nothing)"),
}
WEEKDAYS: tuple[Text, ...] = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
)  # fmt: skip
SCOPE_SUBJECTS: dict[str, Text] = {
    "customers": _("Customers"),
    "notes": _("Notes"),
    "touches": _("Touches"),
    "visits": _("Visits"),
    "purchases": _("Purchases"),
    "cases": _("Cases"),
    "promises": _("Promises"),
    "messages": _("Messages"),
    "language": _("How we write"),
    "calls": _("Telephone calls"),
    "register": _("What we hold, and why"),
    "standards": _("How we do it"),
}
SCOPES = tuple(f"{subject}:{verb}" for subject in SCOPE_SUBJECTS for verb in ("read", "write"))
"""What an API token may be limited to."""

_LOCALES = {"zh-hant": "zh_Hant_TW", "zh-hans": "zh_Hans_CN"}


@cache
def time_zones() -> list[str]:
    """Zones named after places, as people know them; not the abbreviations kept for old programs."""
    return [
        "UTC",
        *sorted(
            name
            for name in zoneinfo.available_timezones()
            if "/" in name and not name.startswith(("Etc/", "SystemV/", "US/", "posix/", "right/"))
        ),
    ]


def _locale() -> Locale:
    return Locale.parse(_LOCALES.get(get_language() or "en", "en"))


def regions() -> list[tuple[str, str]]:
    """Regions with phone numbers of their own, by name in the current language."""
    return _regions(_locale())


def currencies() -> list[tuple[str, str]]:
    """Currencies in use somewhere today, by code, named in the current language."""
    return _currencies(_locale())


@cache
def _regions(locale: Locale) -> list[tuple[str, str]]:
    named = [(code, locale.territories.get(code, code)) for code in phonenumbers.SUPPORTED_REGIONS]
    return sorted(named, key=lambda pair: pair[1])


@cache
def currency_codes() -> frozenset[str]:
    codes = {code for region in phonenumbers.SUPPORTED_REGIONS for code in get_territory_currencies(region)}
    return frozenset(codes)


@cache
def _currencies(locale: Locale) -> list[tuple[str, str]]:
    return [(code, f"{code} · {locale.currencies.get(code, code)}") for code in sorted(currency_codes())]
