"""The line-up: tomorrow's page, which tells the team."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ..core.replies import changed, changed_parts, live, parts
from ..core.time import now
from ..house.requests import HouseRequest, current_place
from ..promise import words
from ..recover.access import lesson
from ..recover.actions import read_lesson
from . import actions, queries

PARTS = ["agenda", "held"]
RENEW = "lineup-changed"


@require_GET
def line_up(request: HouseRequest) -> HttpResponse:
    """Ten minutes' worth for this morning: lessons, arrivals, promises, what we learned."""
    context = _context(request)
    made = parts(request, "team", PARTS, context)
    if request.headers.get("HX-Request"):
        return changed_parts(request, made)
    return render(request, "team/line_up.html", {**context, "parts": made})


def _context(request: HouseRequest) -> dict[str, Any]:
    place, moment = current_place(request), now()
    agenda = queries.line_up(request.actor, place, now=moment)
    language, house = get_language() or "en", request.staff.organization.language
    return {
        "place": place,
        "zone": place.zone,
        "agenda": agenda,
        "arrivals": [
            {"visit": visit, "needs": agenda.needs.get(visit.customer_id, [])} for visit in agenda.arrivals
        ],
        "standard": agenda.standard
        and {
            "moment": agenda.standard.standard.get_moment_display(),
            "said": agenda.standard.told(language, house),
            "language": agenda.standard.language(language, house),
        },
        "promises": words.rows(agenda.promises),
        "held": queries.held_on(place, now=moment),
        "may_serve": request.actor.serves(place.id),
        "may_read": request.actor.serves(None),
        "renew_on": ", ".join(f"{event} from:body" for event in [RENEW, "live:reload", *live(place)]),
    }


@require_POST
def read(request: HouseRequest, case_id: int) -> HttpResponse:
    """Whoever looks has read a lesson."""
    read_lesson(request.actor, lesson(case_id), now=now())
    return changed(
        request, reverse("lineup"), toast=_("Thank you. Noted that you have read it."), events=[RENEW]
    )


@require_POST
def held(request: HouseRequest) -> HttpResponse:
    """It was held, by whoever says so."""
    place = current_place(request)
    actions.hold_line_up(request.actor, place, now=now())
    return changed(request, reverse("lineup"), toast=_("Noted: held."), events=[RENEW])
