"""Observing in half a minute, what was seen of oneself, and how evenly the standards are kept."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ...core import pictures
from ...core.errors import InputError, NotFound
from ...core.ids import UnknownId, public_id, row_id
from ...core.time import now
from ...house import access as house
from ...house.models import Place, Staff
from ...house.requests import HouseRequest, current_place, places_of
from ...promise.kept_views import Cell, cell
from . import access, evenly, observing, queries
from .models import Moment, ObservedMark
from .views import ROOM, percent, reading, tabs

Mark = ObservedMark.Mark
SHOWN = 50


@require_http_methods(["GET", "POST"])
def observe(request: HouseRequest) -> HttpResponse:
    """Which moment, whose, and each thing kept, not kept or not seen. They read it at once."""
    place = current_place(request)
    request.actor.must_serve(place.id)
    held = queries.holding(place.id)
    wanted = request.POST.get("moment") or request.GET.get("moment", "")
    there = [each for each in Moment if any(row.standard.moment == each for row in held)]
    chosen = next((each for each in there if each == wanted), there[0] if there else None)
    people = observing.colleagues(place)
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            return _observed(request, place, people, str(chosen or wanted))
        except InputError as error:
            problems = {field: str(said) for field, said in error.fields.items()}
    spoken = request.staff.organization.language
    rows = [
        {"id": each.public_id, "said": each.told(reading(), spoken), "language": each.language(reading(), spoken),
         "mark": request.POST.get(f"mark_{each.public_id}", Mark.UNSEEN)}
        for each in held if each.standard.moment == chosen
    ]  # fmt: skip
    context = {
        "place": place, "moments": there, "chosen": chosen, "people": people, "rows": rows, "problems": problems,
        "who": request.POST.get("who") or request.GET.get("who", ""), "me": request.actor.staff_id, "note": request.POST.get("note", ""),
        "longest": observing.LONGEST_NOTE, "done": _done(request), **tabs(request),
    }  # fmt: skip
    return render(request, f"{ROOM}/observe.html", context, status=422 if problems else 200)


def _observed(request: HouseRequest, place: Place, people: list[Staff], moment: str) -> HttpResponse:
    who = next((each for each in people if each.public_id == request.POST.get("who", "")), None)
    if who is None:
        raise InputError({"who": _("Choose a colleague who serves at this place.")})
    marks: dict[int, str] = {}
    for name, mark in request.POST.items():
        if name.startswith("mark_"):
            try:
                marks[row_id("standard", name.removeprefix("mark_"))] = str(mark)
            except UnknownId as error:
                raise NotFound from error
    note = request.POST.get("note", "").replace("\x00", "")
    made = observing.observe(request.actor, place, who, moment, marks, note=note, now=now())
    return redirect(f"{reverse('standards-observe')}?moment={moment}&done={made.public_id}")


def _done(request: HouseRequest) -> Any:
    """The observation that was written a moment ago, to take back."""
    try:
        return access.observation(request.actor, row_id("observation", request.GET.get("done", "")))
    except (UnknownId, NotFound):
        return None


@require_POST
def withdraw(request: HouseRequest, observation_id: int) -> HttpResponse:
    """Taken back by whoever wrote it, or by who leads the place."""
    observation = access.observation(request.actor, observation_id)
    observing.withdraw(request.actor, observation, now=now())
    messages.success(request, _("Taken back."))
    if request.POST.get("to") == "person":
        return redirect("standards-seen", public_id("staff", observation.staff_id))
    return redirect("standards-observe")


@require_GET
def of_person(request: HouseRequest, staff_id: int) -> HttpResponse:
    """For who leads: what was seen of one colleague at the places that they lead, to talk about it with them."""
    person = house.member(request.actor, staff_id)
    led = [place.id for place in places_of(request) if request.actor.leads(place.id)]
    rows = (
        access.observations(request.actor)
        .filter(staff=person, place_id__in=led)
        .order_by("-at", "-id")[:SHOWN]
    )
    seen = observing.seen(rows, reading(), request.staff.organization.language)
    context = {"person": person, "rows": seen, "may_take_back": True, **tabs(request)}
    return render(request, f"{ROOM}/person.html", context)


@require_GET
def mine(request: HouseRequest) -> HttpResponse:
    """What was seen of one's own work, by whom, and where one stands. Nobody else opens this."""
    place, moment = current_place(request), now()
    stands = evenly.mine(request.actor, place, days=evenly.USUAL, now=moment)
    spoken = request.staff.organization.language
    own = stands.own
    context: dict[str, Any] = {
        "place": place,
        "rows": observing.seen(observing.of_oneself(request.actor), reading(), spoken),
        "stands": stands,
        "own": own,
        "own_cell": Cell(percent(own.seen), f"{own.low * 100:.0f}–{own.high * 100:.0f}%", "", own.count)
        if own
        else None,
        "mean": cell(stands.share),
        "others": [percent(each) for each in _ends(stands.others)],
        "self_cell": cell(stands.by_self) if stands.by_self.of else None,
        "picture": _strip(stands),
        "fewest": evenly.FEWEST_PEOPLE,
        "days": evenly.USUAL,
        **tabs(request),
    }
    return render(request, f"{ROOM}/mine.html", context)


def _ends(others: tuple[float, ...]) -> list[float]:
    """The lowest, the middle and the highest of the others."""
    return [others[0], others[len(others) // 2], others[-1]] if others else []


def _strip(stands: evenly.Mine) -> SafeString:
    if not stands.others:
        return SafeString("")
    own = stands.own
    at = None if own is None else own.seen if own.drawn is None else own.drawn
    return pictures.strip(stands.others, own=at, mean=stands.share.share)
