"""Making it right on the page of a case: what fits, giving it with one tap, asking for leave, telling the story."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ...core.errors import ChangedMeanwhile, InputError, NotFound
from ...core.ids import UnknownId, row_id
from ...core.replies import live
from ...core.time import now
from ...house.access import Actor
from ...house.requests import HouseRequest
from .. import access
from ..models import Case
from ..trust import books, leave
from ..views.page import RENEW, after_change, attempt
from ..worth import firstaid
from ..worth.models import HeldCharge
from . import catalogue, choosing, giving
from .forms import SomethingForm, StoryForm
from .giving import Gift
from .models import Given
from .panel import panel


@require_GET
def remedies(request: HouseRequest, case_id: int) -> HttpResponse:
    """The panel: alone for the page of the case, which fetches it; else a page of its own."""
    found, moment = access.case(request.actor, case_id), now()
    context = panel(request.actor, found, now=moment)
    if request.headers.get("HX-Request"):
        return render(request, "recover/remedies/panel.html", context)
    return render(request, "recover/remedies/page.html", context | _slot(found))


def _slot(case: Case) -> dict[str, Any]:
    return {"renew_on": ", ".join(f"{event} from:body" for event in [RENEW, "live:reload", *live(case)])}


@require_POST
def give(request: HouseRequest, case_id: int) -> HttpResponse:
    """One tap: a remedy of the catalogue is given, or (`do=ask`) a leader is asked."""
    found = access.case(request.actor, case_id)
    try:
        remedy = catalogue.remedy(request.actor, row_id("remedy", request.POST.get("remedy", "")))
    except UnknownId as error:
        raise NotFound from error
    gift = giving.of_remedy(remedy)
    return _give_or_ask(request, found, gift, ask=request.POST.get("do") == "ask")


def _give_or_ask(request: HouseRequest, case: Case, gift: Gift, *, ask: bool) -> HttpResponse:
    moment = now()
    if ask:
        return attempt(
            request,
            case,
            lambda: leave.ask(request.actor, case, gift, now=moment),
            toast=_("Asked. A leader's screen rings."),
        )
    given: list[Given] = []

    def act() -> None:
        given.append(giving.give(request.actor, case, gift, now=moment))

    return attempt(request, case, act, toast=_("Given: %(name)s.") % {"name": gift.name})


@require_POST
def offer(request: HouseRequest, case_id: int) -> HttpResponse:
    """The remedies that were named, two or three, for the customer to choose from on their page."""
    found = access.case(request.actor, case_id)
    request.actor.must_serve(found.place_id)
    try:
        rows = [
            catalogue.remedy(request.actor, row_id("remedy", each))
            for each in dict.fromkeys(request.POST.getlist("remedy"))
        ]
    except UnknownId as error:
        raise NotFound from error
    return attempt(
        request, found, lambda: choosing.offer(request.actor, found, rows, now=now()),
        toast=_("On their page, to choose with one tap."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def something(request: HouseRequest, case_id: int) -> HttpResponse:
    """Something that is not in the catalogue."""
    found = access.case(request.actor, case_id)
    request.actor.must_serve(found.place_id)
    currency = request.staff.organization.currency
    form = SomethingForm(request.POST or None, currency=currency)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            moment = now()
            if request.POST.get("do") == "ask":
                leave.ask(request.actor, found, form.gift, now=moment)
                return after_change(request, found, _("Asked. A leader's screen rings."))
            giving.give(request.actor, found, form.gift, now=moment)
            return after_change(request, found, _("Given: %(name)s.") % {"name": form.gift.name})
    context = {"case": found, "form": form}
    return render(request, "recover/remedies/something.html", context, status=422 if form.errors else 200)


@require_POST
def take_back(request: HouseRequest, given_id: int) -> HttpResponse:
    row = given(request.actor, given_id)
    return attempt(
        request,
        row.case,
        lambda: giving.take_back(request.actor, row, now=now()),
        toast=_("Taken back, in the books too."),
    )


def given(actor: Actor, given_id: int) -> Given:
    """One thing that was given at a place that the actor sees. Raises `NotFound`."""
    rows = Given.objects.select_related("case__customer", "case__place", "entry", "promise", "by")
    found = rows.filter(id=given_id).first()
    if found is None or not actor.sees(found.case.place_id):
        raise NotFound
    return found


@require_http_methods(["GET", "POST"])
def story(request: HouseRequest, given_id: int) -> HttpResponse:
    """The one thing owed for being trusted."""
    row = given(request.actor, given_id)
    request.actor.must_serve(row.case.place_id)
    form = StoryForm(request.POST or None, initial={"story": row.story, "outcome": row.outcome})
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            giving.tell(request.actor, row, now=now(), **form.cleaned_data)
            return after_change(request, row.case, _("Thank you. The line-up will hear it."))
    context = {"case": row.case, "given": row, "form": form}
    return render(request, "recover/remedies/story.html", context, status=422 if form.errors else 200)


@require_POST
def weigh(request: HouseRequest, case_id: int) -> HttpResponse:
    """What they felt, as it was heard."""
    found = access.case(request.actor, case_id)
    severity = request.POST.get("severity")
    if severity is not None and not severity.isdecimal():
        severity = "9"  # refused with the choices
    return attempt(
        request,
        found,
        lambda: giving.weigh(
            request.actor, found, injustice=request.POST.get("injustice"),
            severity=None if severity is None else int(severity[:2]), now=now(),
        ),
        toast=_("Noted."),
    )  # fmt: skip


@require_POST
def decide(request: HouseRequest, leave_id: int) -> HttpResponse:
    """A leader's answer (`grant`, `refuse`), or the asker's own `withdraw`."""
    row = leave.leave(request.actor, leave_id)
    request.actor.must_serve(row.place_id)
    doing: dict[str, tuple[Callable[..., object], str]] = {
        "grant": (leave.grant, _("Granted, and given.")),
        "refuse": (leave.refuse, _("Not this time. Tell them yourself, and why.")),
        "withdraw": (leave.withdraw, _("No longer asked.")),
    }
    do, toast = doing.get(request.POST.get("decision", ""), (None, ""))
    if do is None:
        raise ChangedMeanwhile
    return attempt(request, row.case, lambda: do(request.actor, row, now=now()), toast=toast)


@require_POST
def charge(request: HouseRequest, charge_id: int) -> HttpResponse:
    """A held charge: `waive` it, let it `stand`, `undo` that, or `ask` a leader to waive it."""
    row, moment = firstaid.charge(request.actor, charge_id), now()
    request.actor.must_serve(row.case.place_id)
    do = request.POST.get("do", "")

    def act() -> None:
        _decide_charge(request, row, do, moment)

    toasts = {
        "waive": _("Waived: first aid is free."), "stand": _("It stands."), "undo": _("Held again."),
        "ask": _("Asked. A leader's screen rings."),
    }  # fmt: skip
    if do not in toasts:
        raise ChangedMeanwhile
    return attempt(request, row.case, act, toast=toasts[do])


def _decide_charge(request: HouseRequest, row: HeldCharge, do: str, moment: datetime) -> None:
    actor = request.actor
    if do == "stand":
        firstaid.let_stand(actor, row, now=moment)
    elif do == "undo":
        firstaid.undo_let_stand(actor, row, now=moment)
    elif do == "ask":
        leave.ask(actor, row.case, firstaid.gift_of(row, rate=_rate(request)), charge=row, now=moment)
    else:
        try:
            firstaid.waive(actor, row, rate=_rate(request), now=moment)
        except books.OverLimitError as error:
            raise InputError({"amount": f"{error} {_('“Ask” puts it before one.')}"}) from error


def _rate(request: HouseRequest) -> Decimal | None:
    typed = request.POST.get("rate", "").strip()
    if not typed:
        return None
    try:
        rate = Decimal(typed)
    except InvalidOperation:
        rate = Decimal(-1)
    if not (rate.is_finite() and 0 < rate < Decimal(10) ** 9):
        raise InputError({"rate": _("Write the rate in figures, like 1.08.")})
    return rate
