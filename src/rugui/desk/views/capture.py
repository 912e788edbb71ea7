"""One line from any page: what was learned, about whom, kept at once."""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ...core.errors import InputError
from ...core.phrases import REQUIRED
from ...core.time import now as this_moment
from ...house.requests import HouseRequest, current_place
from ...know import access as know_access
from ...know import actions as know
from ...know import queries as know_queries
from ...know.forms import given_row
from ...know.models import Customer, Note
from ...know.notes_views import noted
from .. import queries

LONGEST = 500


@require_POST
def capture(request: HouseRequest) -> HttpResponse:
    """A note about `customer`; without one, the question whom it is about."""
    request.actor.must_serve(None)
    place, now, text = current_place(request), this_moment(), request.POST.get("text", "").strip()
    if not text:
        raise InputError({"text": REQUIRED})
    if len(text) > LONGEST:
        raise InputError({"text": _("Please keep it to %(longest)s letters.") % {"longest": LONGEST}})
    if (customer_id := given_row("customer", request.POST.get("customer", ""))) is None:
        context = {"text": text, "people": _choices(queries.around(place, now=now), text)}
        return render(request, "desk/whom.html", context)
    customer = know_access.customer(request.actor, customer_id)
    kind, words = kind_and_words(text)
    note = know.add_note(request.actor, customer, text=words, kind=kind, place=place, now=now)
    if not request.headers.get("HX-Request"):
        return redirect("customer", customer.id)
    return noted(request, note)


@require_GET
def capture_people(request: HouseRequest) -> HttpResponse:
    """Whom the line may be about, by part of a name or number."""
    place, text = current_place(request), request.GET.get("text", "")
    who = request.GET.get("who", "").strip()
    if who:
        people = [each.customer for each in know_queries.find(who, region=place.region, limit=8)]
        know.note_search(request.actor, found=len(people), now=this_moment())
    else:
        people = queries.around(place, now=this_moment())
    return render(request, "desk/people.html", {"people": _choices(people, text), "who": who})


def kind_and_words(text: str) -> tuple[str, str]:
    """A line that begins with the name of a kind and a colon ("need: feathers", "需要：羽毛") says its kind;
    any other is kept as typed, as a fact."""
    head, colon, rest = text.replace("：", ":", 1).partition(":")
    if colon and rest.strip():
        said = head.strip().casefold()
        for kind in Note.Kind:
            if said in {kind.value, str(kind.label).casefold()}:
                return kind.value, rest.strip()
    return Note.Kind.FACT, text


def _choices(people: Iterable[Customer], text: str) -> list[dict[str, object]]:
    return [
        {"customer": each, "values": json.dumps({"customer": each.public_id, "text": text})}
        for each in people
    ]
