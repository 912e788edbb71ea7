"""The page on which a case is put right, and how it answers a change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_GET

from ...core.errors import InputError
from ...core.replies import changed, changed_parts, live, parts
from ...core.time import now
from ...house.requests import HouseRequest
from ...know import actions as know_actions
from ...promise import words as promise_words
from ...promise.models import Promise
from .. import access, queries, words
from ..models import Case, CaseAlarm, HandOver

RENEW = "case-changed"
"""Said by a reply to this page's own changes, so that it need not wait for the stream."""
PARTS = ["head", "now", "thread", "say", "talk", "end"]


@require_GET
def case(request: HouseRequest, case_id: int) -> HttpResponse:
    """One case, to be put right."""
    found = access.case(request.actor, case_id)
    if request.headers.get("HX-Request"):
        made = parts(request, "recover/case", PARTS, _context(request, found))
        return changed_parts(request, made)
    know_actions.note_view(request.actor, found.customer, now=now(), why="case")
    return whole_page(request, found)


def whole_page(request: HouseRequest, case: Case, **more: Any) -> HttpResponse:
    """The whole page; `more` are forms with errors, the words of a composer, a status."""
    status = more.pop("status", 200)
    context = _context(request, case)
    made = parts(request, "recover/case", PARTS, context)
    return render(request, "recover/case.html", {**context, "parts": made, **more}, status=status)


def _context(request: HouseRequest, case: Case) -> dict[str, Any]:
    steps, owed = queries.steps(case.id), promise_words.rows(queries.owed(case.id))
    said, around = queries.messages(case.id), queries.around(case, now=now())
    handing = queries.last_hand_over(case.id) if around.hand_overs else None
    alarms = queries.alarms(case.id) if around.alarms else []
    waiting = handing if handing and handing.state == HandOver.State.WAITING else None
    now_step = words.next_step(steps)
    clock = next((row for row in owed if row.promise.kind == Promise.Kind.PROGRESS), None)
    return {
        "case": case,
        "place": case.place,
        "zone": case.place.zone,
        "steps": steps,
        "rail": words.rail(steps),
        "missing": words.missing(steps),
        "now_step": now_step,
        "now_words": words.NEXT[now_step] if now_step else "",
        "now_good": words.GOOD[now_step] if now_step else "",
        "now_href": "#" + words.WHERE.get(now_step, now_step.value) if now_step else "#end",
        "waiting": waiting,
        "came_back": _came_back(case, handing),
        "may_hand": case.owner_id == request.staff.id or request.actor.leads(case.place_id),
        "readers": queries.readers(case.id) if case.shared_at else [],
        "asked_me": waiting is not None and request.staff.id in waiting.asked,
        "story": words.story(case, steps, said, handing) if _new_to_it(request, case, handing) else [],
        "alarms": [each for each in alarms if each.state != CaseAlarm.State.DISMISSED],
        "offered": queries.choices(case.id) if around.choices else [],
        "clock": clock.promise if clock else None,
        "told": clock.told if clock else "",
        "owed": [row for row in owed if row is not clock],
        "thread": [(each, _may_correct(request, each)) for each in queries.thread(case, said)],
        "talk": queries.talk(case.id),
        "has_link": around.link,
        "may_serve": request.actor.serves(case.place_id),
        "mine": case.owner_id == request.staff.id,
        "renew_on": ", ".join(
            f"{event} from:body" for event in [RENEW, "live:reload", *live(case, case.customer)]
        ),
        "capture_customer": case.customer,
    }


def _may_correct(request: HouseRequest, said: queries.Said) -> bool:
    """Whether the reader may set right what was heard of a message: as on every page, where they serve its place."""
    return said.heard is not None and request.actor.serves(said.heard.heard.touch.place_id)


def _came_back(case: Case, handing: HandOver | None) -> HandOver | None:
    """The last hand-over, when nobody took it and the case has not been closed since."""
    if handing is None or case.state == Case.State.CLOSED:
        return None
    ended = {HandOver.State.RETURNED, HandOver.State.DECLINED}
    return handing if handing.state in ended and handing.asked_by_id == case.owner_id else None


def _new_to_it(request: HouseRequest, case: Case, handing: HandOver | None) -> bool:
    """Whether the reader is asked to take the case over, or has just done so: the customer must not have to tell it again."""
    if handing is None:
        return False
    if handing.state == HandOver.State.WAITING:
        return request.staff.id in handing.asked
    return (
        handing.state == HandOver.State.ACCEPTED and handing.ended_by_id == request.staff.id == case.owner_id
    )


def page_or_form(request: HouseRequest, case: Case, name: str, form: forms.BaseForm) -> HttpResponse:
    """The form of a step: alone for a page with scripts, which fetches it when it is unfolded; else the page with it."""
    request.actor.must_serve(case.place_id)
    status = 422 if form.errors else 200
    if request.headers.get("HX-Request"):
        return render(request, f"recover/case/{name}.html", {"case": case, "form": form}, status=status)
    return whole_page(request, case, **{f"{name}_form": form, "open_form": name}, status=status)


def stepped(request: HouseRequest, case: Case, name: str, moment: datetime, toast: str) -> HttpResponse:
    """The form stays on the page; its mark moves on to what it has just written."""
    response = after_change(request, case, toast)
    if response.status_code == 204:
        response.status_code = 200
        response.content = format_html(
            '<input type="hidden" name="{}-seen" value="{}" id="id_{}-seen" hx-swap-oob="true">',
            name, moment.isoformat(), name,
        ).encode()  # fmt: skip
        response["HX-Reswap"] = "none"
    return response


def typed_text(request: HouseRequest) -> str:
    """What was typed, as PostgreSQL can keep it."""
    return request.POST.get("text", "").replace("\x00", "").replace("\r\n", "\n")


def attempt(
    request: HouseRequest, case: Case, act: Callable[[], object], *, toast: str, undo: str = "", **typed: str
) -> HttpResponse:
    """Acts; a refusal of what was typed is shown where it was typed, and what was typed stays."""
    try:
        with transaction.atomic():
            act()
    except InputError as error:
        context = {"refused": list(error.fields.values())}
        if request.headers.get("HX-Request"):
            return render(request, "recover/refused.html", context, status=422)
        return whole_page(request, case, **context, **typed, status=422)
    return after_change(request, case, toast, undo)


def after_change(request: HouseRequest, case: Case, toast: str, undo: str = "") -> HttpResponse:
    return changed(request, reverse("case", args=[case.id]), toast=toast, undo=undo, events=[RENEW])
