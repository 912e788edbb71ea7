"""Greeting somebody, being on the telephone with them, saying good-bye; and, for who leads, where that was missed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ...core.phrases import LANGUAGES
from ...core.time import now
from ...house.requests import HouseRequest, current_place
from ...know import access as know
from ...know import actions as knowing
from ...promise.kept_views import cell
from ...serve import access as serve
from ...serve.models import Visit
from . import access, courtesy, greeting
from .greeting import Prepared
from .views import ROOM


@require_http_methods(["GET", "POST"])
def hello(request: HouseRequest, visit_id: int) -> HttpResponse:
    """The greeting, prepared; one tap says that they were greeted, and that they are here."""
    visit, moment = serve.visit(request.actor, visit_id), now()
    request.actor.must_serve(visit.place_id)
    if request.method == "POST":
        courtesy.greet(request.actor, visit, now=moment)
        messages.success(request, _("%(name)s is here and was greeted.") % {"name": visit.customer.called})
        return redirect("customer", visit.customer_id)
    knowing.note_view(request.actor, visit.customer, now=moment, why="arrival")
    prepared = greeting.arrival(request.actor, visit, request.staff, now=moment)
    coming = visit.state in {Visit.State.EXPECTED, Visit.State.MISSED, Visit.State.ARRIVED}
    return _page(request, "hello", prepared, moment, visit=visit, may_say=coming and prepared.noted is None)


@require_http_methods(["GET", "POST"])
def good_bye(request: HouseRequest, visit_id: int) -> HttpResponse:
    """What is still open, thanks, and the next time; one tap says that good-bye was said, and that they have left."""
    visit, moment = serve.visit(request.actor, visit_id), now()
    request.actor.must_serve(visit.place_id)
    if request.method == "POST":
        courtesy.say_goodbye(request.actor, visit, now=moment)
        messages.success(
            request, _("%(name)s has left; good-bye was said.") % {"name": visit.customer.called}
        )
        return redirect("today")
    knowing.note_view(request.actor, visit.customer, now=moment, why="arrival")
    prepared = greeting.farewell(request.actor, visit, request.staff, now=moment)
    here = visit.state in {Visit.State.ARRIVED, Visit.State.LEFT}
    return _page(request, "good_bye", prepared, moment, visit=visit, may_say=here and prepared.noted is None)


@require_GET
def telephone(request: HouseRequest, customer_id: int) -> HttpResponse:
    """How we open, put on hold, pass on and close, said to this customer."""
    customer, moment = know.customer(request.actor, customer_id), now()
    if customer.came_as is not None:
        return redirect("customer-telephone", customer.id)
    knowing.note_view(request.actor, customer, now=moment, why="message")
    place = current_place(request)
    return _page(
        request,
        "telephone",
        greeting.telephone(request.actor, customer, place, request.staff, now=moment),
        moment,
    )


def _page(
    request: HouseRequest, name: str, prepared: Prepared, moment: datetime, *, visit: Visit | None = None, may_say: bool = False
) -> HttpResponse:  # fmt: skip
    place = visit.place if visit else current_place(request)
    context: dict[str, Any] = {
        "prepared": prepared,
        "customer": prepared.customer,
        "visit": visit,
        "place": place,
        "zone": place.zone,
        "now": moment,
        "language": dict(LANGUAGES).get(prepared.customer.language, ""),
        "may_change": request.actor.serves(place.id),
        "may_say": may_say and request.actor.serves(place.id),
        "capture_customer": prepared.customer,
    }
    return render(request, f"{ROOM}/{name}.html", context)


@require_POST
def ask_again(request: HouseRequest, visit_id: int) -> HttpResponse:
    """The door left open with one tap."""
    visit = serve.visit(request.actor, visit_id)
    courtesy.ask_again(request.actor, visit, now=now())
    messages.success(
        request, _("Promised: you will ask %(name)s how it was.") % {"name": visit.customer.called}
    )
    return redirect("visit-good-bye", visit.public_id)


@require_GET
def missed(request: HouseRequest) -> HttpResponse:
    """Arrivals and leavings of the last days of which nobody has noted a greeting or a good-bye. No colleague is named."""
    place, moment = current_place(request), now()
    request.actor.must_lead(place.id)
    context = {
        "place": place,
        "rows": courtesy.missed([place], now=moment),
        "shares": [(each, cell(each.share)) for each in courtesy.shares([place], now=moment)],
        "days": courtesy.DAYS,
        "leads": True,
        "serves": True,
    }
    return render(request, f"{ROOM}/missed.html", context)


@require_POST
def said(request: HouseRequest, courtesy_id: int) -> HttpResponse:
    """It was said, only not noted then."""
    row = access.courtesy(request.actor, courtesy_id)
    courtesy.note_later(request.actor, row, now=now())
    messages.success(request, _("Noted for %(name)s.") % {"name": row.visit.customer.called})
    return redirect("standards-missed" if request.actor.leads(row.place_id) else "today")
