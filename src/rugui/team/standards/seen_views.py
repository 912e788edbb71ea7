"""Observing in half a minute, what was seen of oneself, and how evenly the standards are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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
from ...engines.spread import Spread
from ...house import access as house
from ...house.models import Place, Staff
from ...house.requests import HouseRequest, current_place, places_of
from ...promise.kept_views import Cell, cell
from . import access, evenly, observing, queries
from .models import Moment, ObservedMark
from .views import ROOM, reading

Mark = ObservedMark.Mark
SHOWN = 50
WIDE = 0.2
"""A spread that may be so large and may be nothing is not known."""


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
        "longest": observing.LONGEST_NOTE, "done": _done(request), **_tabs(request),
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
    context = {"person": person, "rows": seen, "may_take_back": True, **_tabs(request)}
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
        "own_cell": Cell(_percent(own.seen), f"{own.low * 100:.0f}–{own.high * 100:.0f}%", "", own.count)
        if own
        else None,
        "mean": cell(stands.share),
        "others": [_percent(each) for each in _ends(stands.others)],
        "self_cell": cell(stands.by_self) if stands.by_self.of else None,
        "picture": _strip(stands),
        "fewest": evenly.FEWEST_PEOPLE,
        "days": evenly.USUAL,
        **_tabs(request),
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


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table of groups."""

    name: str
    address: str
    seen: Cell
    drawn: str
    """Drawn towards the mean, as far as it rests on luck; empty where too little is known."""
    few: bool
    picture: SafeString


@dataclass(frozen=True, slots=True)
class Group:
    """People, places, hours or moments beside one another."""

    key: str
    title: str
    said: str
    """How far they differ, in a sentence."""
    lines: list[Line]
    tells: bool


@require_GET
def evenly_kept(request: HouseRequest) -> HttpResponse:
    """For who leads: how well each standard is kept, and how far people, places, hours and moments differ."""
    here, moment = current_place(request), now()
    request.actor.must_lead(here.id)
    led = [place for place in places_of(request) if request.actor.leads(place.id)]
    named = request.GET.get("place", "")
    within = led if named == "all" and len(led) > 1 else [here]
    days = next((each for each in evenly.PERIODS if str(each) == request.GET.get("days", "")), evenly.USUAL)
    only = next((each for each in Moment if each == request.GET.get("moment", "")), None)
    found = evenly.whole(request.actor, within, days=days, now=moment, moment=only or "")
    context: dict[str, Any] = {
        "place": here, "named": "all" if len(within) > 1 else "", "several": len(led) > 1, "days": days, "periods": evenly.PERIODS,
        "moments": list(Moment), "only": only, "found": found, "whole": cell(found.share),
        "self_cell": cell(found.by_self) if found.by_self.of else None,
        "standards": _standards(request, within, found), "groups": _groups(within, found), **_tabs(request),
    }  # fmt: skip
    return render(request, f"{ROOM}/evenly.html", context)


def _standards(request: HouseRequest, places: list[Place], found: evenly.Whole) -> list[dict[str, Any]]:
    """The least kept first; those never seen last, and what holds no longer left out."""
    spoken = request.staff.organization.language
    ids = [place.id for place in places]
    held = {each.standard.id: each for each in queries.everywhere(ids)}
    rows = []
    for each in found.standards:
        if (standard := held.get(each.standard_id)) is not None:
            share = each.share
            rows.append(
                {
                    "said": standard.told(reading(), spoken), "language": standard.language(reading(), spoken),
                    "moment": standard.standard.get_moment_display(), "cell": cell(share), "of": share.of, "few": share.few,
                    "unseen": each.unseen, "picture": pictures.interval(share.share, share.low, share.high),
                }
            )  # fmt: skip
    return rows


def _groups(places: list[Place], found: evenly.Whole) -> list[Group]:
    names = dict(
        Staff.objects.filter(id__in=[each.key for each in found.people.groups]).values_list("id", "name")
    )
    called = {place.id: place.name for place in places}
    groups = [
        _group("people", _("Between people"), found.people, lambda key: names.get(key, "")),
        _group("places", _("Between places"), found.places, lambda key: called.get(key, "")),
        _group(
            "hours", _("Between hours"), found.hours, lambda key: f"{key:02d}–{(key + evenly.HOURS) % 24:02d}"
        ),
        _group("moments", _("Between moments"), found.moments, lambda key: str(Moment(key).label)),
    ]
    return [each for each in groups if len(each.lines) > 1]


def _group(key: str, title: str, found: Spread[Any], name: Callable[[Any], str]) -> Group:
    lines = [
        Line(
            name(each.key),
            reverse("standards-seen", args=[each.key]) if key == "people" else "",
            Cell(_percent(each.seen), f"{each.low * 100:.0f}–{each.high * 100:.0f}%", "", each.count),
            "" if each.drawn is None or each.few else _percent(each.drawn),
            each.few,
            pictures.interval(each.seen, each.low, each.high, aim=found.mean),
        )
        for each in found.groups
    ]
    if key == "hours":
        lines.sort(key=lambda line: line.name)
    return Group(key, title, said_of(found), lines, found.differ)


def said_of(found: Spread[Any]) -> str:
    """How far groups differ, in a sentence with its range."""
    if found.between is None:
        return _("Too few observations to tell whether they differ.")
    points = {
        "points": f"{found.between * 100:.0f}", "low": f"{found.between_low * 100:.0f}", "high": f"{found.between_high * 100:.0f}",
    }  # fmt: skip
    if not found.differ and found.between_high >= WIDE:
        return (
            _("Too few observations to tell: they may differ by nothing, or by up to %(high)s points.")
            % points
        )
    if not found.differ:
        return _("No more than chance explains; the true spread is at most %(high)s points.") % points
    return (
        _("They differ: about %(points)s points to either side of the mean (%(low)s to %(high)s).") % points
    )


def _percent(share: float) -> str:
    return f"{share * 100:.0f}%"


def _tabs(request: HouseRequest) -> dict[str, bool]:
    place = current_place(request)
    return {"leads": request.actor.leads(place.id), "serves": request.actor.serves(place.id)}
