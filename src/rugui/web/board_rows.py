"""The rows of the board of promises, put together without a template as in `rows`: fifty of them, with four things to do each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from ..core.ids import public_id
from ..core.phrases import colon
from ..core.web import address
from ..promise.models import Promise
from .tags import drawn_ring, escaped, icon, teller

register = template.Library()


@register.simple_tag(takes_context=True)
def board_rows(context: template.Context, rows: Iterable[Any]) -> SafeString:
    """Promises on the board (promise.words.Row), with what the reader can do about each."""
    teller_of, board = partial(teller, context), _Board.of(context)
    return mark_safe("".join(_board_row(row, teller_of(row.promise.place), board) for row in rows))  # noqa: S308


@dataclass(frozen=True, slots=True)
class _Board:
    """What is the same for every row: who reads it, and the drawings and words in their language."""

    serves: set[int]
    me: int
    nobody: str
    """In place of an owner where nobody has it; empty where how it ended is told instead."""
    kinds: dict[str, str]
    report: str
    take: str
    go_on: str
    pause: str
    other_time: str
    done: str

    @classmethod
    def of(cls, context: template.Context) -> Self:
        return cls(
            serves=context["serves"],
            me=context["house"].staff.id,
            nobody=gettext("nobody's yet") if context["wanted"].running else "",
            kinds={value: str(label) for value, label in Promise.Kind.choices},
            report=escaped(gettext("Report")),
            take=escaped(gettext("I'll take it")),
            go_on=f"{icon('go-on')}{escaped(gettext('Go on'))}",
            pause=icon("pause", gettext("Wait for the customer")),
            other_time=icon("clock", gettext("Another time")),
            done=f"{icon('check')}{escaped(gettext('Done'))}",
        )


def _board_row(row: Any, told: Any, board: _Board) -> str:
    promise = row.promise
    kind = board.kinds[promise.kind]
    line = escaped(f"{promise.text or kind} · {promise.customer.called}")
    about = promise.case.title if promise.case else kind if promise.text else ""
    owner = row.owner.name if row.owner else board.nobody or promise.get_state_display()
    said = [gettext("by %(time)s") % {"time": told.moment(promise.due_at)}]
    said += [escaped(each) for each in (about, owner, row.place) if each]
    running = promise.settled_at is None and promise.place_id in board.serves
    tools = f'<div class="promise-actions">{_board_tools(promise, line, board)}</div>' if running else ""
    return (
        f'\n  <li class="row promise" id="promise-{promise.public_id}">{drawn_ring(promise, told.now)}'
        f'\n    <div class="row-body"><a class="row-title" href="{_leads_to(promise, running)}">{line}</a>'
        f'<p class="row-detail">{" · ".join(said)}</p>{_board_notes(row, told)}</div>{tools}</li>'
    )


def _leads_to(promise: Any, running: bool) -> str:
    if promise.case_id:
        return address("case", public_id("case", promise.case_id))
    if promise.touch_id and running:
        return address("message-answer", public_id("touch", promise.touch_id))
    return address("customer", public_id("customer", promise.customer_id))


def _board_notes(row: Any, told: Any) -> str:
    promise, notes = row.promise, ""
    if row.phone:
        call = escaped(gettext("Call %(number)s") % {"number": row.phone[1]})
        notes += f'<p class="row-detail"><a href="tel:{escaped(row.phone[0])}">{icon("phone")} {call}</a></p>'
    if promise.paused_at:
        waits = gettext("Since %(time)s it waits for %(what)s; its time stands still.")
        words = waits % {
            "time": told.moment(promise.paused_at),
            "what": escaped(promise.get_waits_for_display()),
        }
        notes += f'<p class="row-detail is-soon">{words}</p>'
    return notes + (f'<p class="row-detail is-broken">{escaped(row.told)}</p>' if row.told else "")


def _board_tools(promise: Any, line: str, board: _Board) -> str:
    """Report, or: take it, let it wait or go on, another time, done."""
    if promise.kind == "progress" and promise.case_id:
        return f'<a class="button" href="{_leads_to(promise, True)}">{board.report}</a>'
    public, of = promise.public_id, f'<span class="unseen">{colon()}{line}</span>'
    tools = ""
    if promise.owner_id != board.me:
        owner = public_id("staff", promise.owner_id) if promise.owner_id else ""
        tools += (
            f'<button class="button is-plain" type="button" hx-post="{address("promise-take", public)}" hx-swap="none"'
            f' hx-vals=\'{{"from": "{owner}"}}\'>{board.take}{of}</button>'
        )
    if promise.paused_at:
        tools += (
            f'<button class="button is-plain" type="button" hx-post="{address("promise-resume", public)}" hx-swap="none">'
            f"{board.go_on}{of}</button>"
        )
    elif promise.may_pause and promise.state == "open":
        tools += f'<a class="icon-button" href="{address("promise-pause", public)}">{board.pause}{of}</a>'
    return (
        f'{tools}<a class="icon-button" href="{address("promise-renegotiate", public)}">{board.other_time}{of}</a>'
        f'<button class="button" type="button" id="keep-{public}" hx-post="{address("promise-keep", public)}" hx-swap="none">'
        f"{board.done}{of}</button>"
    )
