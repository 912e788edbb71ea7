"""Words that every room shares, so that translators meet each of them once."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext, ngettext_lazy, pgettext
from django.utils.translation import gettext_lazy as _

LANGUAGES = [("en", "English"), ("zh-hant", "繁體中文"), ("zh-hans", "简体中文")]
"""The languages of the program, each named in itself; never translated."""
_TAGS = {"zh-hant": "zh-Hant", "zh-hans": "zh-Hans"}


def language_tag(code: str | None) -> str:
    """One of our language codes as others write it (BCP 47): zh-hant gives zh-Hant. Of none it is English."""
    return _TAGS.get(code or "", code or "en")


NOT_FOUND = _("There is nothing here, or it is not yours to see.")
CHANGED_MEANWHILE = _("Somebody else changed this a moment ago. Look at it again before you go on.")
REQUIRED = _("Please fill this in.")

BORROWED = (
    _("This field is required."),
    _("Enter a valid email address."),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
)
"""Words of Django's that are named here only to be translated: its own translations lack them, or speak otherwise."""


def listed(words: Iterable[object]) -> str:
    """Words one after the other, with the mark between them that the reader's language has."""
    return pgettext("between the words of a list", ", ").join(map(str, words))


def colon() -> str:
    """What stands between a heading and its text on one line."""
    return pgettext("between a heading and its text", ": ")


def quoted(words: object) -> str:
    """Somebody's words, in the quotation marks of the reader's language."""
    return pgettext("somebody's words", "“%(words)s”") % {"words": words}


def sentences(*said: object) -> str:
    """Whole sentences one after the other, as each language writes them: no blank behind a Chinese stop."""
    whole = ""
    for each in filter(None, map(str, said)):
        whole += each if not whole or whole.endswith(("。", "！", "？")) else f" {each}"
    return whole


def choose_one(choices: Iterable[str]) -> str:
    return gettext("Choose one of: %(choices)s.") % {"choices": listed(choices)}


def too_long(longest: int) -> str:
    return gettext("Please keep it under %(count)s characters.") % {"count": longest}
