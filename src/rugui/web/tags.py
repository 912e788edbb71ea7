"""Template tags and filters that every page may use without loading them (docs/design.md shows each)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from ..core import phrases
from ..core.money import Money
from ..core.phrases import language_tag
from ..core.web import address
from . import moments
from .frame import piece

register = template.Library()


def escaped(text: object) -> str:
    """`conditional_escape` without its detour for lazy text: safe text as it is, any other made harmless."""
    return text if isinstance(text, SafeString) else html.escape(str(text))


@register.filter
def lang(code: str | None) -> str:
    """The value of a `lang` attribute for one of our language codes: zh-hant gives zh-Hant."""
    return language_tag(code)


@register.simple_tag
def page_lang() -> str:
    """The `lang` of this page."""
    return lang(get_language())


@register.simple_tag
def house_milliseconds() -> int:
    """The house's clock for scripts, in milliseconds."""
    return int(timezone.now().timestamp() * 1000)


@register.filter
def listed(words: Iterable[object]) -> str:
    """`{{ names|listed }}`: "Ana, Ben", and "Ana、Ben" in Chinese."""
    return phrases.listed(words)


@register.simple_tag
def colon() -> str:
    """`{{ heading }}{% colon %}{{ text }}`: ": ", and "：" in Chinese."""
    return phrases.colon()


@register.filter
def quoted(words: object) -> str:
    """`{{ note.text|quoted }}`: “so”, and 「so」 in Traditional Chinese."""
    return phrases.quoted(words)


@register.simple_tag
def sentences(*said: object) -> str:
    """`{% sentences kind.what kind.purpose %}`: a blank between them, and none behind a Chinese stop."""
    return phrases.sentences(*said)


@register.filter
def pid(row: Any) -> str:
    """The public id of a row."""
    return str(row.public_id)


@register.filter
def money(amount: int | Money, currency: str = "") -> str:
    """`{{ purchase.amount|money:purchase.currency }}`, or of a Money: €12.50, NT$350."""
    value = amount if isinstance(amount, Money) else Money(amount, currency)
    return value.text(get_language() or "en")


@cache
def _sprite() -> str:
    return static("img/icons.svg")


@lru_cache(maxsize=4096, typed=True)  # a safe label and the same words unsafe are two drawings
def _icon(name: str, css: str, label: str = "") -> SafeString:
    drawing = format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#{}"/></svg>', css and f" {css}", _sprite(), name
    )
    return format_html('{}<span class="unseen">{}</span>', drawing, label) if label else drawing


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """A drawing from the sprite; with a label it also speaks."""
    return _icon(str(name), str(css), str(label))


@register.simple_tag
def page_of(name: str, public_id: str) -> str:
    """The address of a page of one thing: `{% url %}` for the busiest pages, worked out once a page."""
    return address(name, public_id)


@register.simple_tag(takes_context=True)
def frame(context: template.Context, name: str) -> SafeString:
    """A piece of the frame around every page: web/parts/`name`.html, rendered once for all that it depends on."""
    return piece(context, name)


@register.inclusion_tag("web/parts/words.html")
def time_words() -> dict[str, str]:
    """What js/ring.js says as time goes by, in the language of the page; `{n}` and `{span}` are filled in there."""
    return {
        "moment": gettext("less than a minute"),
        "minutes_one": ngettext("%(n)s minute", "%(n)s minutes", 1) % {"n": "{n}"},
        "minutes_many": ngettext("%(n)s minute", "%(n)s minutes", 5) % {"n": "{n}"},
        "hours_one": ngettext("%(n)s hour", "%(n)s hours", 1) % {"n": "{n}"},
        "hours_many": ngettext("%(n)s hour", "%(n)s hours", 5) % {"n": "{n}"},
        "days_one": ngettext("%(n)s day", "%(n)s days", 1) % {"n": "{n}"},
        "days_many": ngettext("%(n)s day", "%(n)s days", 5) % {"n": "{n}"},
        "left": gettext("%(span)s left") % {"span": "{span}"},
        "late": gettext("%(span)s late") % {"span": "{span}"},
    }


def _zone(context: template.Context, place: Any) -> ZoneInfo:
    """The zone in which this page tells time: of the place named, of `zone` in the context, of the house's place."""
    if place is not None and hasattr(place, "zone"):
        return place.zone  # type: ignore[no-any-return]
    if (named := context.get("zone")) is not None:
        return named  # type: ignore[no-any-return]
    house = context.get("house")
    if house is not None and house.place is not None:
        return house.place.zone  # type: ignore[no-any-return]
    return ZoneInfo(settings.TIME_ZONE)


def _now(context: template.Context) -> datetime:
    return context.get("now") or context.get("moment_now") or timezone.now()


def teller(context: template.Context, place: Any = None) -> moments.Teller:
    """Whoever says the moments of this page."""
    return moments.Teller(_zone(context, place), _now(context), get_language() or "en")


@register.simple_tag(takes_context=True)
def moment(context: template.Context, at: datetime | None, place: Any = None) -> SafeString | str:
    """When, as one would say it there: 14:05, yesterday 14:05, Thu 14:05, 3 Sep. The whole date is in the title."""
    if at is None:
        return ""
    return mark_safe(teller(context, place).moment(at))  # noqa: S308  escaped there


@register.simple_tag(takes_context=True)
def clock(context: template.Context, at: datetime | None, place: Any = None) -> SafeString | str:
    """The time of day there: 14:05."""
    if at is None:
        return ""
    return mark_safe(teller(context, place).clock(at))  # noqa: S308  escaped there


@register.simple_tag(takes_context=True)
def today(context: template.Context, place: Any = None) -> str:
    """The date there: Thu 3 Sep."""
    return moments.day(_now(context).astimezone(_zone(context, place)), get_language() or "en")


def in_words(seconds: float) -> str:
    """A stretch of time in words. js/ring.js says the same as time goes by."""
    minutes, hours, days = int(seconds // 60), int(seconds // 3600), int(seconds // 86400)
    if minutes < 1:
        return _stretch("", 0, get_language())
    if minutes < 90:
        return _stretch("minute", minutes, get_language())
    if hours < 48:
        return _stretch("hour", hours, get_language())
    return _stretch("day", days, get_language())


@register.filter
def stretch(seconds: float) -> str:
    """`in_words`; of what never came to an end: not yet."""
    return gettext("not yet") if seconds == float("inf") else in_words(seconds)


@lru_cache(maxsize=4096)
def _stretch(unit: str, number: int, language: str | None) -> str:
    """So many units in the language that is spoken now; a list of rings says few of them often."""
    values = {"n": number}
    if unit == "minute":
        return ngettext("%(n)s minute", "%(n)s minutes", number) % values
    if unit == "hour":
        return ngettext("%(n)s hour", "%(n)s hours", number) % values
    return ngettext("%(n)s day", "%(n)s days", number) % values if unit else gettext("less than a minute")


RING = mark_safe(  # our own markup
    '<svg viewBox="0 0 36 36" aria-hidden="true"><circle class="ring-track" cx="18" cy="18" r="15.5"/>'
    '<circle class="ring-left" cx="18" cy="18" r="15.5" pathLength="100" stroke-dashoffset="{}"/>'
    '<path class="ring-mark is-broken" d="M18 11v8.500M18 24v.1"/><path class="ring-mark is-kept" d="m12 18.500 4 4 8-8.500"/></svg>'
)


_RING_BEFORE, _RING_AFTER = RING.split("{}")


@register.simple_tag(takes_context=True)
def ring(context: template.Context, promise: Any, size: str = "", words: bool = True) -> SafeString:
    """The ring timer of a promise (anything with made_at, due_at, state and settled_at). `size`: small, big."""
    return mark_safe(drawn_ring(promise, _now(context), size, words))  # noqa: S308  numbers, states and our own words


def drawn_ring(promise: Any, now: datetime, size: str = "", words: bool = True) -> str:
    """`ring`, for rows that are put together without a template."""
    phase, share, text = _ring_state(promise, now)
    clock_text = ""
    if size == "big" and promise.state == "open" and phase != "waiting":
        left = (promise.due_at - now).total_seconds()
        seconds = int(abs(left))
        digits = f"{'−' if left < 0 else ''}{seconds // 60:02d}:{seconds % 60:02d}"
        clock_text = f'<span class="ring-clock" aria-hidden="true">{digits}</span>'
    return (
        f'<span class="ring{f" is-{escape(size)}" if size else ""}" data-made="{int(promise.made_at.timestamp() * 1000)}"'
        f' data-due="{int(promise.due_at.timestamp() * 1000)}" data-state="{"waiting" if phase == "waiting" else escaped(promise.state)}" data-phase="{phase}">'
        f"{_RING_BEFORE}{100 - share * 100:.1f}{_RING_AFTER}<span>{clock_text}"
        f'<span class="ring-words{"" if words else " unseen"}" role="timer" aria-live="off">{escaped(text)}</span></span></span>'
    )


@lru_cache(maxsize=4096)
def _late(span: str, language: str | None) -> str:
    return gettext("%(span)s late") % {"span": span}


@lru_cache(maxsize=4096)
def _left(span: str, language: str | None) -> str:
    return gettext("%(span)s left") % {"span": span}


def _waiting_since(promise: Any) -> datetime | None:
    """Since when a promise waits for the customer: its time stands still. Read only where it has been read already."""
    known = (
        promise.__dict__.get("paused_at")
        if hasattr(promise, "__dict__")
        else getattr(promise, "paused_at", None)
    )
    return known if promise.state == "open" else None


def _ring_state(promise: Any, now: datetime) -> tuple[str, float, str]:
    """(phase, share of the time left, words)"""
    left = (promise.due_at - now).total_seconds()
    if (since := _waiting_since(promise)) is not None:
        share = (promise.due_at - since) / max(promise.due_at - promise.made_at, timedelta(seconds=1))
        return "waiting", min(1.0, max(0.0, share)), gettext("waiting")
    if promise.state == "open":
        whole = max(1.0, (promise.due_at - promise.made_at).total_seconds())
        share = min(1.0, max(0.0, left / whole))
        if left < 0:
            return "broken", 0.0, _late(in_words(-left), get_language())
        return "soon" if share <= 0.25 else "calm", share, _left(in_words(left), get_language())
    if promise.state == "kept":
        early = (promise.due_at - (promise.settled_at or promise.due_at)).total_seconds()
        if early >= 60:
            return "kept", 0.0, gettext("kept, %(span)s early") % {"span": in_words(early)}
        return "kept", 0.0, gettext("kept")
    if promise.state == "broken":
        if promise.settled_at is None:
            return "broken", 0.0, gettext("broken")
        late = (promise.settled_at - promise.due_at).total_seconds()
        return "broken", 0.0, gettext("done %(span)s late") % {"span": in_words(late)}
    return "over", 0.0, gettext("renegotiated") if promise.state == "renegotiated" else gettext("withdrawn")


CONFIDENCE = {"said": "sure", "seen": "sure", "bought": "likely", "imported": "likely", "inferred": "faint"}


@register.filter
def confidence(note: Any) -> str:
    """How strong a note's ink is: what they said is sure, what we concluded is faint."""
    return CONFIDENCE.get(note.source, "sure")


@register.simple_tag
def person(name: str, big: bool = False) -> SafeString:
    """A person of the house: initials in a circle, and the name."""
    face = format_html(
        '<span class="face{}" aria-hidden="true">{}</span>', " is-big" if big else "", initials(name)
    )
    return format_html('<span class="person">{}<span class="one-line">{}</span></span>', face, name)


@register.filter
def initials(name: str) -> str:
    """Ana Ruiz gives AR, 陳玉婷 gives 婷: Chinese friends call each other by the given name's last character.

    What is said in brackets after a name is no part of it.
    """
    words = re.sub(r"[(（].*", "", name).split()
    if not words:
        return ""
    if ord(words[0][0]) > 0x2E80:
        return words[0][-1]
    return "".join(word[0] for word in (words if len(words) < 3 else [words[0], words[-1]]))


@register.simple_tag
def field(bound: BoundField, **attributes: str | bool) -> SafeString:
    """A form field whole: label, input, help and errors, tied together for those who listen."""
    if bound.is_hidden:
        return bound.as_widget()
    name, widget = bound.auto_id or bound.html_name, bound.field.widget
    # The addresses of help and errors are what BoundField puts into aria-describedby by itself.
    help_text = (
        format_html('<span class="field-help" id="{}_helptext">{}</span>', name, bound.help_text)
        if bound.help_text
        else ""
    )
    errors = format_html_join("", "<span>{}</span>", ((error,) for error in bound.errors))
    error = (
        format_html('<span class="field-error" id="{}_error">{}{}</span>', name, _icon("warn", ""), errors)
        if bound.errors
        else ""
    )
    optional = (
        ""
        if bound.field.required
        else format_html(' <span class="optional">({})</span>', gettext("optional"))
    )
    control = bound.as_widget(attrs=attributes)
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return format_html(
            '<fieldset class="field"><legend>{}{}</legend>{}{}{}</fieldset>',
            bound.label,
            optional,
            help_text,
            control,
            error,
        )
    if isinstance(widget, CheckboxInput):
        return format_html(
            '<div class="field is-check"><label for="{}">{}{}</label>{}{}</div>',
            bound.id_for_label,
            control,
            bound.label,
            help_text,
            error,
        )
    return format_html(
        '<div class="field"><label for="{}">{}{}</label>{}{}{}</div>',
        bound.id_for_label,
        bound.label,
        optional,
        help_text,
        control,
        error,
    )
