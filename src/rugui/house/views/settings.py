"""The settings of the house: organization, places, opening calendar."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ...core.errors import NotFound
from ...core.time import now
from .. import actions, forms, hours, queries, words
from ..actions.places import must_own
from ..models import Place
from ..requests import HouseRequest, places_of


def led_place(request: HouseRequest, place_id: int) -> Place:
    """The place of this page, which its reader must lead."""
    place = next((place for place in places_of(request) if place.id == place_id), None)
    if place is None:
        raise NotFound
    request.actor.must_lead(place.id)
    return place


def led_places(request: HouseRequest) -> list[Place]:
    """The places that the reader leads, from those that the page has read anyway."""
    return [place for place in places_of(request) if request.actor.leads(place.id)]


@require_GET
def house(request: HouseRequest) -> HttpResponse:
    """What there is to set, for those who may."""
    request.actor.must_lead_somewhere()
    context = {"organization": request.staff.organization, "places": led_places(request)}
    return render(request, "house/house.html", context)


@require_http_methods(["GET", "POST"])
def organization(request: HouseRequest) -> HttpResponse:
    must_own(request.actor)
    standing = request.staff.organization
    initial = {name: getattr(standing, name) for name in forms.OrganizationForm.base_fields}
    form = forms.OrganizationForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.change_organization(request.actor, **form.cleaned_data, now=now())
            messages.success(request, _("Saved."))
            return redirect("house_settings")
    return _page(request, "house/organization.html", {"form": form})


@require_http_methods(["GET", "POST"])
def new_place(request: HouseRequest) -> HttpResponse:
    must_own(request.actor)
    organization = request.staff.organization
    initial = {
        "timezone": forms.ZONES.get(organization.language, "UTC"),
        "region": forms.REGIONS.get(organization.language, "US"),
    }
    form = forms.PlaceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            made = actions.add_place(request.actor, actions.NewPlace(**form.cleaned_data), now=now())
            messages.success(request, _("Saved. When is this place open?"))
            return redirect("place_calendar", made.id)
    return _page(request, "house/place.html", {"form": form, "place": None})


@require_http_methods(["GET", "POST"])
def place(request: HouseRequest, place_id: int) -> HttpResponse:
    standing = led_place(request, place_id)
    initial = {"name": standing.name, "timezone": standing.timezone, "region": standing.region}
    form = forms.PlaceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.change_place(request.actor, standing, actions.NewPlace(**form.cleaned_data), now=now())
            messages.success(request, _("Saved."))
            return redirect("place_settings", standing.id)
    return _page(request, "house/place.html", {"form": form, "place": standing})


@require_http_methods(["GET", "POST"])
def calendar(request: HouseRequest, place_id: int) -> HttpResponse:
    """The week of a place: one line of shifts a day. Special days have their own form on the same page."""
    standing, moment = led_place(request, place_id), now()
    week = queries.week(standing, since=_today(standing, moment))
    form = forms.WeekForm(request.POST or None, week=week)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.set_week(
                request.actor, standing, form.shifts(), seen=form.cleaned_data["seen"], now=moment
            )
            messages.success(request, _("Saved."))
            return redirect("place_calendar", standing.id)
    return _calendar(request, standing, week, form, forms.SpecialDayForm())


@require_POST
def add_special_day(request: HouseRequest, place_id: int) -> HttpResponse:
    standing, moment = led_place(request, place_id), now()
    form = forms.SpecialDayForm(request.POST)
    if form.is_valid():
        with form.refusals():
            data = form.cleaned_data
            actions.set_special_day(
                request.actor, standing, data["date"], data["name"], data["hours"], now=moment
            )
            messages.success(request, _("Saved."))
            return redirect("place_calendar", standing.id)
    week = queries.week(standing, since=_today(standing, moment))
    return _calendar(request, standing, week, forms.WeekForm(week=week), form)


@require_POST
def remove_special_day(request: HouseRequest, place_id: int, day: str) -> HttpResponse:
    standing = led_place(request, place_id)
    try:
        actions.remove_special_day(request.actor, standing, date.fromisoformat(day), now=now())
    except ValueError as error:
        raise NotFound from error
    return redirect("place_calendar", standing.id)


def _today(place: Place, moment: datetime) -> date:
    return moment.astimezone(place.zone).date()


def _calendar(
    request: HttpRequest,
    place: Place,
    week: queries.Week,
    form: forms.WeekForm,
    special: forms.SpecialDayForm,
) -> HttpResponse:
    days = [
        {"field": form[f"day_{number}"], "name": words.WEEKDAYS[number], "bars": form.drawn(number, shifts)}
        for number, shifts in enumerate(week.days)
    ]
    special_days = [{"day": day, "hours": hours.written(day.shifts)} for day in week.special]
    context = {
        "place": place,
        "form": form,
        "days": days,
        "special_days": special_days,
        "special_form": special,
        "grid": range(0, 1441, 360),
        "opening": queries.opening(place, now=now()),
    }
    return _page(request, "house/calendar.html", context, refused=bool(form.errors or special.errors))


def _page(
    request: HttpRequest, template: str, context: dict[str, Any], *, refused: bool | None = None
) -> HttpResponse:
    """A page with a form: 422 when it was not taken as it is."""
    wrong = bool(context["form"].errors) if refused is None else refused
    return render(request, template, context, status=422 if wrong else 200)
