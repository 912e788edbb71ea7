"""What leaders set: the catalogue of remedies, and how much each role is trusted with."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ...core.errors import NotFound
from ...core.ids import UnknownId
from ...core.money import Money
from ...core.time import now
from ...house.actions.places import must_own
from ...house.requests import HouseRequest, current_place, places_of
from ..trust import limits, patterns
from ..trust.models import LedgerLine
from ..worth import value
from ..worth.models import MarginRate
from . import catalogue
from .forms import RemedyForm, TrustForm
from .models import Given, Remedy

LATEST = 50


@require_GET
def remedies(request: HouseRequest) -> HttpResponse:
    """The catalogue; for leaders, who keep it."""
    request.actor.must_lead_somewhere()
    seen = {place.id for place in places_of(request)}
    rows = [
        row
        for row in Remedy.objects.select_related("place").order_by("part", "id")
        if row.place_id in {None, *seen}
    ]
    context = {
        "rows": [
            {"row": row, "cost": Money(row.cost, row.currency), "value": Money(row.value, row.currency),
             "may": request.actor.leads(row.place_id)}
            for row in rows
        ],
        "empty": not Remedy.objects.exists(),
        "may_begin": request.actor.leads(None),
        "trade": request.staff.organization.get_trade_display(),
    }  # fmt: skip
    return render(request, "recover/remedies/catalogue.html", context)


@require_POST
def begin(request: HouseRequest) -> HttpResponse:
    made = catalogue.begin(request.actor, now=now())
    messages.success(
        request, _("%(count)s remedies to begin with. Change what they cost.") % {"count": len(made)}
    )
    return redirect("remedies")


@require_http_methods(["GET", "POST"])
def new(request: HouseRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
def edit(request: HouseRequest, remedy_id: int) -> HttpResponse:
    return _edit(request, catalogue.remedy(request.actor, remedy_id))


def _edit(request: HouseRequest, row: Remedy | None) -> HttpResponse:
    request.actor.must_lead_somewhere()
    if row is not None:
        request.actor.must_lead(row.place_id)
    places = [place for place in places_of(request) if request.actor.leads(place.id)]
    form = RemedyForm(
        request.POST or None,
        currency=request.staff.organization.currency,
        places=places,
        everywhere=request.actor.leads(None),
        initial=RemedyForm.initial_of(row) if row else {},
    )
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            try:
                given = form.given
            except UnknownId as error:
                raise NotFound from error
            if row is None:
                catalogue.add(request.actor, given, now=now())
            else:
                catalogue.change(request.actor, row, given, now=now())
            messages.success(request, _("Saved."))
            return redirect("remedies")
    context = {"form": form, "row": row}
    return render(request, "recover/remedies/remedy.html", context, status=422 if form.errors else 200)


@require_POST
def withdraw(request: HouseRequest, remedy_id: int) -> HttpResponse:
    catalogue.withdraw(request.actor, catalogue.remedy(request.actor, remedy_id), now=now())
    return redirect("remedies")


@require_POST
def restore(request: HouseRequest, remedy_id: int) -> HttpResponse:
    catalogue.restore(request.actor, catalogue.remedy(request.actor, remedy_id), now=now())
    return redirect("remedies")


@require_http_methods(["GET", "POST"])
def trust(request: HouseRequest) -> HttpResponse:
    """How much each role is trusted with. The owner's."""
    must_own(request.actor)
    currency = request.staff.organization.currency
    standing, rule = limits.limits(), limits.rule()
    margins: dict[int | None, Decimal] = dict(MarginRate.objects.values_list("place_id", "percent"))
    initial = TrustForm.initial_of(standing or limits.proposed(currency), rule, margins, currency)
    form = TrustForm(request.POST or None, currency=currency, places=places_of(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            _save(request, form, margins)
            messages.success(request, _("Saved. It holds from now on."))
            return redirect("trust")
    context = {"form": form, "new": not standing, "currency": currency}
    return render(request, "recover/remedies/trust.html", context, status=422 if form.errors else 200)


def _save(request: HouseRequest, form: TrustForm, before: Mapping[int | None, Decimal]) -> None:
    moment, data = now(), form.cleaned_data
    limits.set_limits(request.actor, form.wanted, now=moment)
    ceiling = None if data["ceiling"] is None else data["ceiling"].amount
    limits.set_rule(request.actor, ask_minutes=data["ask_minutes"], ceiling=ceiling, now=moment)
    for place_id, percent in form.margins.items():
        if percent != before.get(place_id):
            value.set_margin(request.actor, place_id, percent, now=moment)


@require_GET
def unusual(request: HouseRequest) -> HttpResponse:
    """How trust is used, and what stands out. The owner's, and quiet: nobody else hears of it."""
    must_own(request.actor)
    moment = now()
    found = patterns.of_staff(request.actor, now=moment)
    context = {
        "shown": [each for each in found if each.unusual],
        "rest": [each for each in found if not each.unusual],
        "claims": patterns.of_customers(request.actor, now=moment),
        "days": patterns.DAYS,
    }
    return render(request, "recover/remedies/unusual.html", context)


@require_GET
def mine(request: HouseRequest) -> HttpResponse:
    """One's own trust: what is left this month, and what it went into. Nobody else's."""
    place = current_place(request)
    standing = limits.balance(request.actor, place, now=now())
    rows = LedgerLine.objects.filter(account=LedgerLine.Account.ALLOWANCE, staff=request.actor.staff_id)
    lines = list(rows.select_related("entry", "entry__reverses").order_by("-id")[:LATEST])
    names = _names([line.entry.reverses_id or line.entry_id for line in lines])
    context: dict[str, Any] = {
        "place": place,
        "standing": standing,
        "left": None if standing.left_in_month is None else Money(standing.left_in_month, standing.currency),
        "spent": Money(standing.in_month, standing.currency),
        "per_case": None
        if standing.limit.per_case is None
        else Money(standing.limit.per_case, standing.currency),
        "lines": [
            {
                "at": line.entry.at,
                "money": Money(-line.amount, line.entry.currency),
                "given": names.get(line.entry.reverses_id or line.entry_id),
                "back": line.entry.reverses_id is not None,
            }
            for line in lines
        ],
    }
    return render(request, "recover/remedies/mine.html", context)


def _names(entries: list[int]) -> dict[int, Given]:
    """By entry what was given; of a person who was erased nothing is left but the amount."""
    rows = Given.objects.filter(entry_id__in=entries)
    return {row.entry_id: row for row in rows if row.entry_id is not None}
