"""Rows that come by the dozen on the busiest pages, put together without a template: that costs a fifth.

Whatever people have written goes through `escaped`. The words that repeat are looked up once a list.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.template.defaultfilters import truncatechars
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext

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
    return (
        f'\n  <li{css}><span class="timeline-mark">{icon(line.icon, line.label)}</span>'
        f'\n  <div class="timeline-body">{body}'
        f'<span class="timeline-meta">{at} · {escaped(line.detail)}</span></div></li>'
    )


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
        f' hx-swap="none">{icon("check")}{escaped(gettext("Done"))}<span class="unseen">: {escaped(row.line)}</span></button>'
    )
