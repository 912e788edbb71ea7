"""What is refused whoever asks: by page, command or example house alike."""

from __future__ import annotations

import zoneinfo

import phonenumbers
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from ..core.errors import InputError, Text
from ..core.phrases import LANGUAGES, REQUIRED
from .models import Organization, User
from .words import currency_codes

NOT_AN_EMAIL = _("Not an e-mail address: write it like name@example.com.")


class Findings:
    """Collects what is wrong with which field, and raises it all at once."""

    def __init__(self) -> None:
        self.fields: dict[str, Text] = {}

    def unless(self, good: bool, field: str, message: Text) -> None:
        if not good:
            self.fields.setdefault(field, message)

    def raise_any(self) -> None:
        if self.fields:
            raise InputError(self.fields)


def clean_email(value: str) -> str:
    return value.strip().lower()


def person(found: Findings, name: str, email: str, language: str) -> None:
    found.unless(bool(name.strip()), "name", REQUIRED)
    found.unless(len(name) <= 80, "name", _("Please use at most 80 letters."))
    found.unless(_is_email(email), "email", NOT_AN_EMAIL)
    known_language(found, language)


def password(found: Findings, value: str, email: str) -> None:
    """Long enough, not a common one, not the e-mail address."""
    try:
        password_validation.validate_password(value, User(email=email))
    except ValidationError as error:
        found.unless(False, "password", " ".join(error.messages))


def known_language(found: Findings, language: str) -> None:
    found.unless(language in dict(LANGUAGES), "language", _("Not one of the languages on offer."))


def organization(
    found: Findings, name: str, trade: str, customer_word: str, currency: str, language: str
) -> None:
    found.unless(bool(name.strip()), "name", REQUIRED)
    found.unless(len(name) <= 120, "name", _("Please use at most 120 letters."))
    found.unless(trade in Organization.Trade.values, "trade", _("Not one of the trades on offer."))
    found.unless(
        customer_word in Organization.CustomerWord.values,
        "customer_word",
        _("Not one of the words on offer."),
    )
    found.unless(
        currency in currency_codes(), "currency", _("Not a currency: write its code, like EUR or TWD.")
    )
    known_language(found, language)


def place(found: Findings, name: str, timezone: str, region: str) -> None:
    found.unless(bool(name.strip()), "name", REQUIRED)
    found.unless(len(name) <= 120, "name", _("Please use at most 120 letters."))
    found.unless(
        timezone in zoneinfo.available_timezones(),
        "timezone",
        _("Not a time zone: write it like Europe/Berlin or Asia/Taipei."),
    )
    found.unless(
        region in phonenumbers.SUPPORTED_REGIONS,
        "region",
        _("Not a region: write its two letters, like DE or TW."),
    )


def _is_email(value: str) -> bool:
    try:
        validate_email(value)
    except ValidationError:
        return False
    return True
