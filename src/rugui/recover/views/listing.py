"""The list of cases, and how a new one begins."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ...core.ids import UnknownId, row_id
from ...core.replies import changed_parts, live, parts
from ...core.web import address
from ...house.requests import HouseRequest, current_place
from ...promise import words as promise_words
from ...promise.models import Promise
from ...promise.picking import pick_customer
from .. import queries
from ..incidents import queries as incidents
from ..models import Case
from .page import RENEW

PAGE = 50


@require_GET
def case_list(request: HouseRequest) -> HttpResponse:
    """Cases of the place, newest first."""
    place = current_place(request)
    state = request.GET.get("state", Case.State.OPEN)
    state = state if state in Case.State.values else ""
    before = _before(request)
    found = queries.case_list(place.id, state=state, before=before, limit=PAGE + 1)
    cases = found[:PAGE]
    clocks = queries.clocks(cases)
    told = {row.promise.case_id: row.told for row in promise_words.rows(list(clocks.values()))}
    context = {
        "place": place,
        "zone": place.zone,
        "state": state,
        "rows": _rows(cases, clocks, told),
        "incidents": incidents.of_place(place.id, closed=state == Case.State.CLOSED)
        if before is None
        else [],
        "next": cases[-1].public_id if len(found) > PAGE else "",
        "before": before,
        "may_serve": request.actor.serves(place.id),
        "may_lead": request.actor.leads(place.id),
        "renew_on": ", ".join(f"{event} from:body" for event in [RENEW, "live:reload", *live(place)]),
    }
    made = parts(request, "recover", ["rows"], context)
    if request.headers.get("HX-Request"):
        return changed_parts(request, made)
    states = [*Case.State.choices, ("all", _("all"))]
    return render(request, "recover/cases.html", {**context, "parts": made, "states": states})


def _rows(cases: list[Case], clocks: dict[int, Promise], told: dict[int | None, str]) -> list[dict[str, Any]]:
    """What the list shows of each case, ready: the words that repeat are looked up once."""
    states = {value: str(label) for value, label in Case.State.choices}
    nobody = _("nobody's yet")
    return [
        {
            "href": address("case", case.public_id),
            "title": case.title,
            "who": case.customer.called,
            "owner": case.owner.name if case.owner else nobody,
            "state": case.state,
            "words": states[case.state],
            "opened_at": case.opened_at,
            "clock": clocks.get(case.id),
            "told": told.get(case.id, ""),
        }
        for case in cases
    ]


def _before(request: HouseRequest) -> int | None:
    try:
        return row_id("case", request.GET["before"]) if "before" in request.GET else None
    except UnknownId:
        return None


@require_GET
def new(request: HouseRequest) -> HttpResponse:
    """A case begins with whom it happened to."""
    return pick_customer(request, title=_("Whom did it happen to?"), then="case-open")
