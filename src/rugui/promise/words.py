"""Promises in words, for pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from babel.lists import format_list
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from . import queries
from .models import Promise

LOCALES = {"en": "en", "zh-hant": "zh_Hant_TW", "zh-hans": "zh_Hans_CN"}


@dataclass(frozen=True, slots=True)
class Row:
    """A promise on a list, with the sentence that says who knows that it is broken."""

    promise: Promise
    told: str


def rows(promises: list[Promise]) -> list[Row]:
    """Two queries when one of them is broken, none otherwise."""
    told = queries.told(promises)
    return [Row(promise, told_words(promise, told.get(promise.id, ()))) for promise in promises]


def told_words(promise: Promise, names: Iterable[str]) -> str:
    """Who has been told that a promise is broken; nothing for one that is not."""
    if promise.state != Promise.State.BROKEN:
        return ""
    known = list(names)
    if not known:
        return _("Nobody was on duty to be told.")
    together = format_list(known, locale=LOCALES.get(get_language() or "en", "en"))
    return ngettext("%(names)s has been told.", "%(names)s have been told.", len(known)) % {"names": together}
