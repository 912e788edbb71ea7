"""A policy in plain words: what it would mean for something that happens on Saturday evening."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from babel.dates import format_datetime
from babel.lists import format_list
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from ..house.models import Place
from ..serve.models import Touch
from .models import Audience, Promise
from .terms import DAY, Standing, Terms
from .words import LOCALES

Kind = Promise.Kind
ANSWERS = (Kind.ANSWER, Kind.NEXT_ANSWER)


def example(place: Place, now: datetime) -> datetime:
    """The next Saturday, ten to six in the evening: when few are there and many write."""
    local = now.astimezone(place.zone)
    day = local + timedelta(days=(5 - local.weekday()) % 7 or 7)
    return day.replace(hour=17, minute=50, second=0, microsecond=0)


def preview(kind: str, channel: str, standing: Standing, at: datetime, place: Place) -> list[str]:
    """What would happen to one promise given `at`, in sentences."""
    moments = standing.moments(at)
    when, due = _moment(at, place), _moment(moments.due_at, place)
    if kind in ANSWERS and channel:
        by = dict(Touch.Channel.choices)[channel]
        first = _("A message by %(channel)s on %(when)s is owed an answer by %(due)s.") % {
            "channel": by, "when": when, "due": due,
        }  # fmt: skip
    elif kind in ANSWERS:
        first = _("A message on %(when)s is owed an answer by %(due)s.") % {"when": when, "due": due}
    else:
        first = _("“%(kind)s”, promised on %(when)s, is due by %(due)s.") % {
            "kind": Kind(kind).label, "when": when, "due": due,
        }  # fmt: skip
    said = [first]
    if moments.warnings:
        marks = together(_moment(mark, place) for mark in moments.warnings)
        said.append(
            _("It warns at %(times)s and tells %(people)s.")
            % {"times": marks, "people": people(standing.terms.warn_to)}
        )
    said.append(_("If it breaks, it tells %(people)s.") % {"people": people(standing.terms.due_to)})
    for rise, step in zip(moments.rises, standing.terms.rises, strict=True):
        said.append(
            _("If nobody has settled it by %(time)s, it tells %(people)s.")
            % {"time": _moment(rise, place), "people": people([step.who])}
        )
    if moments.not_before and standing.terms.not_before is not None:
        said.append(_("Ready no earlier than %(time)s.") % {"time": _moment(moments.not_before, place)})
    return said


def brief(terms: Terms) -> str:
    """The time in a few words: 30 minutes, 2 hours while the place is open."""
    length = span(terms.minutes)
    return length if terms.counts == "wall" else _("%(length)s while the place is open") % {"length": length}


def span(minutes: int) -> str:
    """So many minutes as one says it."""
    if minutes % DAY == 0:
        return ngettext("%(n)s day", "%(n)s days", minutes // DAY) % {"n": minutes // DAY}
    if minutes % 60 == 0:
        return ngettext("%(n)s hour", "%(n)s hours", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def people(audiences: Iterable[str]) -> str:
    """Audiences as a list in words; nobody for none."""
    return together(str(Audience(who).label) for who in audiences) or _("nobody")


def together(words: Iterable[str]) -> str:
    return format_list(list(words), locale=_locale())


def _moment(at: datetime, place: Place) -> str:
    return format_datetime(at.astimezone(place.zone), "EEEE HH:mm", locale=_locale())


def _locale() -> str:
    return LOCALES.get(get_language() or "en", "en")
