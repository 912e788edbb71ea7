"""The board of promises: what is owed, most urgent first; and what has ended, row by row, as a page and as a file."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ..core.errors import NotFound
from ..core.ids import UnknownId, public_id, row_id
from ..core.replies import changed_parts, live, parts
from ..core.tables import csv_file
from ..core.time import now
from ..house.models import Staff
from ..house.requests import HouseRequest, current_place, places_of
from ..serve.models import Touch
from . import access, queries, sought, words
from .models import Priority, Promise
from .sought import PERIODS, WHOSE, Shows, Sought
from .views import RENEW

PAGE = 50
MOST = 50_000
"""So many rows has a file at most; the address can be narrowed."""
COLUMNS = (
    "id", "place", "customer", "case", "kind", "text", "owner", "channel", "priority", "state", "made_at", "due_at", "told_at",
    "settled_at", "waiting_since",
)  # fmt: skip


@require_GET
def board(request: HouseRequest) -> HttpResponse:
    """What is looked for: without filters what the place still owes, most urgent first."""
    context = _board(request)
    made = parts(request, "promise", ["rows"], context)
    if request.headers.get("HX-Request"):
        return changed_parts(request, made)
    return render(request, "promise/board.html", {**context, **filters(request, context), "parts": made})


@require_GET
def rows_file(request: HouseRequest) -> HttpResponse:
    """The same rows as CSV."""
    wanted, _named = looked_for(request)
    lines = (_line(wanted, promise) for promise in queries.found(wanted)[:MOST].iterator(chunk_size=2_000))
    return csv_file("promises.csv", COLUMNS, lines)


def looked_for(request: HouseRequest) -> tuple[Sought, str]:
    """The filters of the request, and the place that they name."""
    place = current_place(request)
    return sought.read(request.GET, request.actor, places_of(request), place, now=now())


def filters(request: HouseRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What one may choose from. One query."""
    wanted: Sought = context["wanted"]
    people = [
        (each.public_id, each.name) for each in Staff.objects.filter(active=True).order_by("name", "id")
    ]
    if not wanted.running and not wanted.led:
        people = []
    me = public_id("staff", wanted.me)
    return {
        "places": [(place.public_id, place.name) for place in places_of(request)],
        "whose": [*WHOSE, *(each for each in people if each[0] != me)],
        "who": request.GET.get("who", ""),
        "kinds": [("", _("all kinds")), *Promise.Kind.choices],
        "channels": [("", _("any way")), *Touch.Channel.choices],
        "priorities": [("", _("any urgency")), *Priority.choices],
        "states": Shows.choices,
        "periods": [(days, name) for days, (_steps, name) in PERIODS.items()],
        "narrowed": bool(request.GET.keys() - {"who", "after"}),
    }


def _board(request: HouseRequest) -> dict[str, Any]:
    wanted, named = looked_for(request)
    place = current_place(request)
    found = queries.board(wanted, after=_after(request), limit=PAGE + 1)
    rows = found[:PAGE]
    several = len(wanted.places) > 1
    end = partial(sought.address_end, named, place.public_id)
    address = f"{reverse('promises')}?{end(wanted.query())}"
    return {
        "place": place,
        "zone": place.zone,
        "wanted": wanted,
        "named": named,
        "address": address,
        "file": f"{reverse('promises-file')}?{end(wanted.query())}",
        "everybodys": f"?{end(wanted.query(who=''))}",
        "mine": f"?{end(wanted.query(who=sought.MINE))}",
        "is_mine": wanted.owner_id is not None and wanted.owner_id == wanted.me,
        "together": queries.together(wanted.places, get_language() or "en") if wanted.running else [],
        "rows": words.rows(rows, [sought.known_owner(wanted, each) for each in rows], several=several),
        "next": rows[-1].public_id if len(found) > PAGE else "",
        "after": request.GET.get("after", ""),
        "may_serve": request.actor.serves(place.id),
        "serves": {each.id for each in places_of(request) if request.actor.serves(each.id)},
        "renew_on": ", ".join(
            f"{event} from:body" for event in [RENEW, "live:reload", *_live(request, wanted)]
        ),
    }


def _live(request: HouseRequest, wanted: Sought) -> Iterable[str]:
    return live(*(place for place in places_of(request) if place.id in wanted.places))


def _after(request: HouseRequest) -> Promise | None:
    """The promise after which this page begins; a mangled address begins at the beginning."""
    if not (cursor := request.GET.get("after")):
        return None
    try:
        return access.promise(request.actor, row_id("promise", cursor))
    except (UnknownId, NotFound):
        return None


def _line(wanted: Sought, promise: Promise) -> list[object]:
    owner = sought.known_owner(wanted, promise)
    return [
        promise.public_id,
        promise.place.name,
        public_id("customer", promise.customer_id),
        public_id("case", promise.case_id) if promise.case_id else "",
        promise.kind,
        promise.text,
        owner.name if owner else "",
        promise.channel,
        promise.priority,
        promise.state,
        promise.made_at,
        promise.due_at,
        promise.told_at,
        promise.settled_at,
        promise.paused_at,
    ]
