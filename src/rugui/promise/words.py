"""Promises in words, for pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from babel.lists import format_list
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from ..house.models import Staff
from . import queries
from .models import Promise

LOCALES = {"en": "en", "zh-hant": "zh_Hant_TW", "zh-hans": "zh_Hans_CN"}


@dataclass(frozen=True, slots=True)
class Row:
    """A promise on a list: whose it is as far as the reader may know, where, and who knows that it is broken."""

    promise: Promise
    told: str
    owner: Staff | None
    place: str
    phone: tuple[str, str] | None
    """Of a call that is owed: the number to dial, and as it was written."""


def rows(
    promises: list[Promise], owners: list[Staff | None] | None = None, *, several: bool = False
) -> list[Row]:
    """`owners` as the reader may know them, where not everybody may; `several`: of several places. Two queries when a
    promise that is still owed is broken, one when a call is owed (where `owners` are given), none otherwise."""
    told = queries.told(each for each in promises if each.settled_at is None)
    phones = queries.phones(promises) if owners is not None else {}
    return [
        Row(
            promise,
            told_words(promise, told.get(promise.id, ())) if promise.settled_at is None else "",
            promise.owner if owners is None else owners[number],
            promise.place.name if several else "",
            phones.get(promise.customer_id) if promise.kind == Promise.Kind.CALL_BACK else None,
        )
        for number, promise in enumerate(promises)
    ]


def told_words(promise: Promise, names: Iterable[str]) -> str:
    """Who has been told that a promise is broken; nothing for one that is not."""
    if promise.state != Promise.State.BROKEN:
        return ""
    known = list(names)
    if not known:
        return _("Nobody was on duty to be told.")
    together = format_list(known, locale=LOCALES.get(get_language() or "en", "en"))
    return ngettext("%(names)s has been told.", "%(names)s have been told.", len(known)) % {"names": together}
