"""The page that says whether it worked. For who leads; nobody's name is on it, no customer's and no colleague's."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from ...core.errors import NotFound
from ...core.ids import UnknownId, row_id
from ...core.time import now
from ...engines import lives
from ...house.requests import HouseRequest, places_of
from . import queries


@require_GET
def came_back(request: HouseRequest) -> HttpResponse:
    """For all places that the reader leads, or (`?place=`) for one."""
    request.actor.must_lead_somewhere()
    led = [place for place in places_of(request) if request.actor.leads(place.id)]
    chosen = led
    if wanted := request.GET.get("place"):
        try:
            number = row_id("place", wanted)
        except UnknownId as error:
            raise NotFound from error
        chosen = [place for place in led if place.id == number]
        if not chosen:
            raise NotFound
    found = queries.page(chosen, request.staff.organization.currency, now=now())
    context = {
        "page": found,
        "places": led,
        "chosen": chosen[0].public_id if len(chosen) == 1 and len(led) > 1 else "",
        "days": int(lives.HORIZON / lives.DAY),
        "after": int(lives.AFTER / lives.DAY),
    }
    return render(request, "recover/loyalty.html", context)
