"""The standards for everybody to read, and for who leads to decide."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ...core.errors import InputError, NotFound
from ...core.ids import UnknownId, row_id
from ...core.phrases import LANGUAGES
from ...core.time import now
from ...engines.coach import Coach
from ...house.forms import EVERYWHERE
from ...house.models import Place
from ...house.requests import HouseRequest, current_place, places_of
from . import access, actions, queries, saying
from .forms import StandardForm, initial
from .models import Moment, Standard
from .queries import Held

ROOM = "team/standards"


def reading() -> str:
    return get_language() or "en"


@require_GET
def every(request: HouseRequest) -> HttpResponse:
    """What we do and say at each moment, at this place."""
    place = current_place(request)
    held = queries.holding(place.id)
    leads = request.actor.leads(place.id)
    reader = _reader(request) if leads and held else None
    rows = [_row(request, each, reader) for each in held]
    context = {
        "place": place,
        "moments": [
            {"value": moment, "label": label, "rows": [row for row in rows if row["moment"] == moment]}
            for moment, label in Moment.choices
            if leads or any(row["moment"] == moment for row in rows)
        ],
        "empty": not held,
        "leads": leads,
        "may_begin": request.actor.leads(None),
        "serves": request.actor.serves(place.id),
        "retired": [_row(request, each, None) for each in queries.retired([place.id])] if leads else [],
        "marked": sum(bool(row["remarks"]) for row in rows),
    }
    return render(request, f"{ROOM}/all.html", context)


def _reader(request: HouseRequest) -> Coach:
    return saying.reader(request.actor, today=now().date())


def _row(request: HouseRequest, held: Held, reader: Coach | None) -> dict[str, Any]:
    """A standard as a line. `reader`: with what the coach says of its words, in any language."""
    standard, house = held.standard, request.staff.organization.language
    language = held.language(reading(), house)
    return {
        "id": standard.public_id,
        "moment": standard.moment,
        "said": held.words[language],
        "language": language,
        "place": standard.place,
        "remarks": _remarks(held, reader) if reader else [],
        "may": request.actor.leads(standard.place_id),
        "general": standard.place_id is None,
    }


def _remarks(held: Held, reader: Coach) -> list[tuple[str, str, list[saying.Remark]]]:
    """(code, name of the language, what the coach says) where it says something."""
    names = dict(LANGUAGES)
    found = (
        (code, names[code], saying.remarks(reader, held.standard.moment, said.say, code))
        for code, said in held.words.items()
    )
    return [each for each in found if each[2]]


@require_POST
def begin(request: HouseRequest) -> HttpResponse:
    """The starter standards hold everywhere from now on."""
    actions.begin(request.actor, now=now())
    messages.success(request, _("These are your standards now. Change any of them to how your house speaks."))
    return redirect("standards")


@require_http_methods(["GET", "POST"])
def new(request: HouseRequest) -> HttpResponse:
    """A standard of one's own; with `instead`, one for everywhere said otherwise at this place."""
    request.actor.must_lead_somewhere()
    instead = _instead(request)
    place = current_place(request)
    form = StandardForm(
        request.POST or None,
        actor=request.actor,
        places=_led(request),
        initial=_beginning(request, instead, place),
    )
    if instead is not None:
        form.fields["moment"].disabled = True
        form.fields["place"].choices = list(form.fields["place"].choices)[request.actor.leads(None) :]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            made = actions.add(
                request.actor, form.cleaned_data["moment"], form.words, place=form.chosen_place, instead_of=instead, now=now(),
            )  # fmt: skip
            return _saved(request, made)
    context = {"form": form, "instead": instead}
    return render(request, f"{ROOM}/one.html", context, status=422 if form.errors else 200)


def _led(request: HouseRequest) -> list[Place]:
    return [place for place in places_of(request) if request.actor.leads(place.id)]


def _instead(request: HouseRequest) -> Standard | None:
    public = request.POST.get("instead") or request.GET.get("instead", "")
    if not public:
        return None
    try:
        found = access.standard(request.actor, row_id("standard", public))
    except UnknownId as error:
        raise NotFound from error
    if found.place_id is not None:
        raise NotFound
    return found


def _beginning(request: HouseRequest, instead: Standard | None, place: Place) -> dict[str, Any]:
    everywhere = request.actor.leads(None) and instead is None
    where = EVERYWHERE if everywhere else place.public_id
    if instead is not None:
        return {**initial(queries.held(instead).words, 0), "moment": instead.moment, "place": where}
    moment = request.GET.get("moment", "")
    return {"moment": moment if moment in Moment.values else Moment.ARRIVAL, "place": where}


@require_http_methods(["GET", "POST"])
def one(request: HouseRequest, standard_id: int) -> HttpResponse:
    """One standard: its words, what the coach says of them, and how it was said before."""
    standard = access.standard(request.actor, standard_id)
    request.actor.must_lead_somewhere()
    may = request.actor.leads(standard.place_id)
    if request.method == "POST" and not may:
        actions.change(request.actor, standard, {}, seen=0, now=now())  # says why not
    held = queries.held(standard)
    form = StandardForm(
        request.POST or None,
        actor=request.actor,
        places=_led(request),
        initial=initial(held.words, standard.version),
    )
    form.decided()
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            seen = form.cleaned_data["seen"] or 0
            actions.change(request.actor, standard, form.words, seen=seen, now=now())
            return _saved(request, standard)
    context = {
        "form": form,
        "standard": standard,
        "said": held.told(reading(), request.staff.organization.language),
        "remarks": _remarks(held, _reader(request)),
        "versions": queries.versions(standard)[1:],
        "may": may,
        "leads_here": request.actor.leads(current_place(request).id),
        "place": current_place(request),
    }
    return render(request, f"{ROOM}/one.html", context, status=422 if form.errors else 200)


def _saved(request: HouseRequest, standard: Standard) -> HttpResponse:
    """Back to all of them; where the coach marks its own words, to itself, which says so."""
    messages.success(request, _("Saved. Everybody sees it from now on."))
    if _remarks(queries.held(standard), _reader(request)):
        return redirect("standard", standard.public_id)
    return redirect("standards")


@require_POST
def turn(request: HouseRequest, standard_id: int) -> HttpResponse:
    """Taken out (`do=retire`), or brought back (`do=restore`)."""
    standard = access.standard(request.actor, standard_id)
    do = {"retire": actions.retire, "restore": actions.restore}.get(request.POST.get("do", ""))
    if do is None:
        raise InputError({"do": _("Choose one of: %(choices)s.") % {"choices": "retire, restore"}})
    do(request.actor, standard, now=now())
    gone = standard.retired_at is not None
    messages.success(request, _("Taken out. It can be brought back below.") if gone else _("It holds again."))
    return redirect("standards")


def percent(share: float) -> str:
    """A share in words: 93%."""
    return f"{share * 100:.0f}%"


def tabs(request: HouseRequest) -> dict[str, bool]:
    """Which of the room's pages are for whoever looks."""
    place = current_place(request)
    return {"leads": request.actor.leads(place.id), "serves": request.actor.serves(place.id)}
