"""Rows that come by the dozen on the busiest pages, put together without a template: that costs a fifth.

Whatever people have written goes through `escaped`. The words that repeat are looked up once a list.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from django import template
from django.template.defaultfilters import truncatechars
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from ..core.phrases import colon
from ..core.web import address
from .tags import drawn_ring, escaped, icon, teller

register = template.Library()
LONGEST = 240
"""How much of a text a line of the history shows."""


@register.simple_tag(takes_context=True)
def timeline_rows(context: template.Context, lines: Iterable[Any], place: Any) -> SafeString:
    """Lines of a customer's history (desk.words.Line)."""
    when, language = teller(context, place).moment, get_language() or "en"
    return mark_safe("".join(_timeline_row(line, when(line.at), language) for line in lines))  # noqa: S308


def _timeline_row(line: Any, at: str, language: str) -> str:
    css = f' class="{escaped(line.css)}"' if line.css else ""
    if line.href:
        body = f'<a href="{escaped(line.href)}">{escaped(line.text)}</a>'
    else:
        paid = f"<strong>{escaped(line.money.text(language))}</strong> " if line.money else ""
        text = line.text if len(line.text) <= LONGEST else truncatechars(line.text, LONGEST)
        body = f"<p>{paid}{escaped(text)}</p>" if text or paid else ""
    heard = heard_of_old(line.heard, line.may_correct)
    set_right = ""
    if heard and line.may_correct:
        set_right = (
            f' · <a href="{address("heard", line.heard.touch)}">{escaped(gettext("What we heard"))}</a>'
        )
    return (
        f'\n  <li{css}><span class="timeline-mark">{icon(line.icon, line.label)}</span>'
        f'\n  <div class="timeline-body">{body}{heard}'
        f'<span class="timeline-meta">{at} · {escaped(line.detail)}{set_right}</span></div></li>'
    )


@register.simple_tag
def heard_chips(seen: Any, may_change: bool, most: int = 9) -> SafeString:
    """What was heard of a message (language.ears.queries.Seen, or None), quietly: each chip says how sure it is, and a tap
    says that it is not so. Beside them what the message names."""
    if not seen:
        return SafeString()
    return mark_safe(_chips(seen.chips[:most], seen, may_change, seen.found[:most]))  # noqa: S308  escaped there


@register.simple_tag
def heard_of_old(seen: Any, may_change: bool) -> SafeString:
    """The same in a history or a thread: fewer, and no longer how soon it mattered."""
    return mark_safe(_chips(seen.lasting, seen, may_change)) if seen else SafeString()  # noqa: S308  escaped there


def _chips(chips: Iterable[Any], seen: Any, may_change: bool, found: Iterable[Any] = ()) -> str:
    rows = [_chip(chip, seen.touch, may_change) for chip in chips]
    rows += [
        f'<span class="chip is-heard is-named">{icon(drawing, what)}{escaped(truncatechars(said, 40))}</span>'
        for drawing, what, said in found
    ]
    if not rows:
        return ""
    listed = "".join(f"<li>{row}</li>" for row in rows)
    return f'<ul class="chips heard" aria-label="{escaped(gettext("What we heard"))}">{listed}</ul>'


def _chip(chip: Any, touch: str, may_change: bool) -> str:
    css = "chip is-heard is-pressing" if chip.pressing else "chip is-heard"
    if not may_change:
        return f'<span class="{css}">{escaped(chip.text)}</span>'
    told = escaped(json.dumps({"what": chip.what, "answer": chip.answer}))
    return (
        f'<button class="{css}" type="button" id="heard-{touch}-{chip.what}" hx-post="{address("heard", touch)}" hx-swap="none"'
        f' hx-vals="{told}">{escaped(chip.text)}<span class="unseen">. {escaped(chip.no)}</span>{icon("close")}</button>'
    )


@register.simple_tag(takes_context=True)
def note_rows(
    context: template.Context, lines: Iterable[Any], place: Any, css: str, past: bool = False
) -> SafeString:
    """Notes (desk.words.NoteLine) that open to where they come from and what can be done about them."""
    when, never = teller(context, place).moment, gettext("our conclusion: never say it to them")
    return mark_safe("".join(_note_row(line, when, css, never, past) for line in lines))  # noqa: S308


def _note_row(line: Any, when: Any, css: str, never: str, past: bool) -> str:
    note, tag = line.note, "s" if past else "span"
    marker = icon(line.marker, line.discretion) if line.marker else ""
    sureness = f"<small>{escaped(line.sureness)}</small>" if line.sureness else ""
    author = f" · {escaped(note.author.name)}" if note.author else ""
    concluded = f" · {escaped(never)}" if note.source in ("inferred", "acquired") else ""
    return (
        f'\n<details class="note" data-confidence="{line.level}" hx-get="{line.href}" hx-trigger="toggle once"'
        f' hx-target="find .note-tools" hx-disinherit="*">\n  <summary><span class="{css} is-{note.kind}">'
        f"{icon(note.kind, line.kind)}<{tag}>{escaped(note.text)}</{tag}>{marker}{sureness}</span></summary>"
        f'\n  <p class="note-source">{escaped(line.source)} · {when(note.learned_at)}{author}{concluded}</p>'
        '\n  <div class="note-tools stack is-tight"></div>\n</details>'
    )


_CARD_TOOLS = [
    ("touch-new", "chat", _("A talk or message")),
    ("visit-new", "visit", _("A visit to come")),
    ("promise-give", "promises", _("A promise")),
    ("case-open", "cases", _("Something went wrong")),
    ("purchase-new", "purchase", _("A purchase")),
    ("refund-new", "money", _("A refund")),
    ("customer-same", "customers", _("A second card?")),
    ("surprise-new", "wish", _("Plan a surprise")),
    ("consents", "lock", _("Consents")),
    ("own-link", "link", _("What is theirs")),
]


@register.simple_tag
def card_tools(public_id: str) -> SafeString:
    """What can be written down about a customer: the pages that their card leads to."""
    return mark_safe(public_id.join(_around_card_tools(get_language() or "en")))  # noqa: S308  an id is letters


@cache
def _around_card_tools(language: str) -> list[str]:
    """The same for every customer but for the id, in the language that is active."""
    gap = "a" * 26
    links = [
        f'\n    <a class="button" href="{address(page, gap)}">{icon(drawing)}{escaped(words)}</a>'
        for page, drawing, words in _CARD_TOOLS
    ]
    return "".join(links).split(gap)


@register.simple_tag(takes_context=True)
def reach_rows(context: template.Context, reach: Iterable[Any], may_change: bool) -> SafeString:
    """Numbers and addresses of a customer: (know.models.Identity, name of its drawing)."""
    question, remove = (
        gettext("Take %(value)s off the card? This cannot be undone."),
        icon("close", gettext("Remove")),
    )
    rows = []
    for each, drawing in reach:
        value = escaped(each.value)
        if each.kind in _REACHED:
            href = f"{_REACHED[each.kind]}{escaped(each.normal if each.kind == 'phone' else each.value)}"
            title = f'<a class="row-title" href="{href}">{value}</a>'
        else:
            title = f'<span class="row-title">{value}</span>'
        tool = ""
        if may_change:
            asked = escaped(question % {"value": each.value})
            tool = (
                f'<button class="icon-button" type="button" hx-post="{address("identity-remove", each.public_id)}"'
                f' hx-swap="none" hx-confirm="{asked}">{remove}<span class="unseen">{value}</span></button>'
            )
        rows.append(
            f'\n  <li class="row">{icon(drawing, each.get_kind_display())}<div class="row-body">{title}</div>\n  {tool}</li>'
        )
    return mark_safe("".join(rows))  # noqa: S308  escaped above


_REACHED = {"phone": "tel:", "email": "mailto:"}


@register.simple_tag(takes_context=True)
def case_rows(context: template.Context, rows: Iterable[dict[str, Any]]) -> SafeString:
    """Cases of a list, as recover.views makes them ready."""
    told, chevron = teller(context), icon("chevron", css="chevron")
    marks = {"open": icon("warn")}
    solved = icon("check")
    return mark_safe(  # noqa: S308  escaped in the rows
        "".join(
            _case_row(
                row,
                drawn_ring(row["clock"], told.now)
                if row["clock"]
                else f'<span class="case-mark is-{escaped(row["state"])}">{marks.get(row["state"], solved)}</span>',
                told.moment(row["opened_at"]),
                chevron,
            )
            for row in rows
        )
    )


def _case_row(row: dict[str, Any], mark: str, at: str, chevron: str) -> str:
    told = f'\n      <p class="row-detail is-broken">{escaped(row["told"])}</p>' if row["told"] else ""
    return (
        f'\n  <li class="row case-row">\n    {mark}\n    <div class="row-body">'
        f'\n      <a class="row-title" href="{escaped(row["href"])}">{escaped(row["title"])}</a>'
        f'\n      <p class="row-detail">{escaped(row["who"])} · {escaped(row["owner"])} · {escaped(row["words"])} · {at}</p>'
        f"{told}\n    </div>\n    {chevron}\n  </li>"
    )


@register.simple_tag(takes_context=True)
def owed_rows(
    context: template.Context,
    cases: Iterable[dict[str, Any]],
    owed: Iterable[Any],
    place: Any,
    may_change: bool,
) -> SafeString:
    """What we owe a customer: their open cases, then promises (desk.words.Owed)."""
    told = teller(context, place)
    rows = [_open_case(row, told) for row in cases]
    rows += [_owed(row, told, may_change) for row in owed]
    return mark_safe("".join(rows))  # noqa: S308  escaped in the rows


def _open_case(row: dict[str, Any], told: Any) -> str:
    case, clock = row["case"], row["clock"]
    if clock:
        mark = drawn_ring(clock, told.now, "small", False)
        due = gettext("report by %(time)s") % {"time": told.clock(clock.due_at)}
    else:
        mark, due = f'<span class="is-well">{icon("check", gettext("solved"))}</span>', ""
    since = gettext("being put right since %(time)s") % {"time": told.moment(case.at)}
    return (
        f'\n  <li class="row">{mark}\n    <div class="row-body"><a class="row-title" href="{address("case", case.public_id)}">'
        f'{escaped(case.text)}</a><p class="row-detail">{since}{due and f" · {due}"}</p></div>{icon("chevron", css="chevron")}</li>'
    )


def _owed(row: Any, told: Any, may_change: bool) -> str:
    promise = row.promise
    by = gettext("by %(time)s") % {"time": told.moment(promise.due_at)}
    text = f" · {escaped(promise.text)}" if promise.text else ""
    return (
        f'\n  <li class="row">{drawn_ring(promise, told.now, "small", False)}'
        f'\n    <div class="row-body"><a class="row-title" href="{escaped(row.href)}">{escaped(row.line)}</a>'
        f'<p class="row-detail">{by}{text}</p></div>\n    {owed_action(row) if may_change else ""}</li>'
    )


@register.simple_tag
def owed_action(row: Any, css: str = "", before: str = "") -> SafeString:
    """What can be done about a promise at once: open its case, answer, or keep it. `before` tells it from another on the same page."""
    look = f"button{escaped(css)}"
    if row.is_case or row.is_answer:
        words = pgettext("look at it", "Open the case") if row.is_case else gettext("Answer")
        return mark_safe(f'<a class="{look}" href="{escaped(row.href)}">{escaped(words)}</a>')  # noqa: S308
    public = row.promise.public_id
    return mark_safe(  # noqa: S308  escaped here
        f'<button class="{look}" type="button" id="{escaped(before)}keep-{public}" hx-post="{address("promise-keep", public)}"'
        f' hx-swap="none">{icon("check")}{escaped(gettext("Done"))}<span class="unseen">{colon()}{escaped(row.line)}</span></button>'
    )
