"""The page on which a case is put right, and how it answers a change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from ...core.errors import InputError
from ...core.replies import changed, changed_parts, live, parts
from ...core.time import now
from ...house.requests import HouseRequest
from ...know import actions as know_actions
from ...promise import words as promise_words
from ...promise.models import Promise
from .. import access, queries, words
from ..models import Case

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
    clock = next((row for row in owed if row.promise.kind == Promise.Kind.PROGRESS), None)
    return {
        "case": case,
        "place": case.place,
        "zone": case.place.zone,
        "steps": steps,
        "rail": words.rail(steps),
        "missing": words.missing(steps),
        "clock": clock.promise if clock else None,
        "told": clock.told if clock else "",
        "owed": [row for row in owed if row is not clock],
        "messages_said": queries.messages(case.id),
        "talk": queries.talk(case.id),
        "has_link": queries.has_link(case.id, now=now()),
        "may_serve": request.actor.serves(case.place_id),
        "mine": case.owner_id == request.staff.id,
        "renew_on": ", ".join(f"{event} from:body" for event in [RENEW, "live:reload", *live(case)]),
        "capture_customer": case.customer,
    }


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
