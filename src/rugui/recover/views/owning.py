"""Whose a case is: handing it over, answering when asked, and what goes up to somebody senior."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ...core.errors import InputError, NotFound
from ...core.time import now
from ...house.actions.places import must_own
from ...house.models import Staff
from ...house.requests import HouseRequest
from .. import access, actions, people
from ..forms import AlarmForm, DeclineForm, HandOverForm, RuleForm
from ..models import CaseAlarm
from .page import after_change
from .steps import more_form


@require_POST
def hand_over(request: HouseRequest, case_id: int) -> HttpResponse:
    """Asks a colleague to take it over."""
    found = access.case(request.actor, case_id)
    request.actor.must_serve(found.place_id)
    serving = people.who_serves(found.place_id)
    form = HandOverForm(request.POST, serving=serving, prefix="hand")

    def act(data: dict[str, Any]) -> None:
        to = _colleague(data["to"], [one.staff for one in serving])
        actions.hand_over(request.actor, found, to=to, note=data["note"], now=now())

    return more_form(request, found, "hand", form, act, _("Asked. It stays yours until they accept."))


def _colleague(public: str, serving: list[Staff]) -> Staff:
    found = next((staff for staff in serving if staff.public_id == public), None)
    if found is None:
        raise InputError({"to": _("They do not serve at this place. Choose somebody who does.")})
    return found


@require_POST
def accept(request: HouseRequest, hand_over_id: int) -> HttpResponse:
    handing = access.hand_over(request.actor, hand_over_id)
    actions.accept(request.actor, handing, now=now())
    return after_change(request, handing.case, _("Yours now. The story so far stands at the top."))


@require_POST
def decline(request: HouseRequest, hand_over_id: int) -> HttpResponse:
    handing = access.hand_over(request.actor, hand_over_id)
    form = DeclineForm(request.POST)
    answer = form.cleaned_data["answer"] if form.is_valid() else ""
    actions.decline(request.actor, handing, answer=answer, now=now())
    return after_change(request, handing.case, _("They know that you cannot take it."))


@require_POST
def withdraw(request: HouseRequest, hand_over_id: int) -> HttpResponse:
    handing = access.hand_over(request.actor, hand_over_id)
    actions.withdraw_hand_over(request.actor, handing, now=now())
    return after_change(request, handing.case, _("Taken back. It stays yours."))


@require_POST
def alarm(request: HouseRequest, case_id: int) -> HttpResponse:
    """A colleague says that it is grave."""
    found = access.case(request.actor, case_id)
    request.actor.must_serve(found.place_id)
    form = AlarmForm(request.POST, prefix="alarm")

    def act(data: dict[str, Any]) -> None:
        actions.raise_alarm(request.actor, found, kind=data["kind"], now=now())

    return more_form(request, found, "alarm", form, act, _("Those who must know of it are called."))


@require_POST
def confirm(request: HouseRequest, alarm_id: int) -> HttpResponse:
    return _decide(request, alarm_id, actions.confirm_alarm, _("Those who must know of it are called."))


@require_POST
def dismiss(request: HouseRequest, alarm_id: int) -> HttpResponse:
    return _decide(request, alarm_id, actions.dismiss_alarm, _("Noted: it was not meant so."))


def _decide(request: HouseRequest, alarm_id: int, act: Callable[..., None], toast: str) -> HttpResponse:
    found = access.alarm(request.actor, alarm_id)
    act(request.actor, found.case, found, now=now())
    return after_change(request, found.case, toast)


@require_http_methods(["GET", "POST"])
def rules(request: HouseRequest) -> HttpResponse:
    """Who hears of what at once: for the owner to decide. One form a kind of matter."""
    must_own(request.actor)
    organization = request.staff.organization
    kind = request.POST.get("kind", "")
    if request.method == "POST" and kind not in CaseAlarm.Kind.values:
        raise NotFound
    rows, status = [], 200
    for rule in actions.rules(organization):
        mine = request.method == "POST" and rule.kind == kind
        form = RuleForm(
            request.POST if mine else None,
            currency=organization.currency,
            sums=rule.over is not None,
            prefix=rule.kind,
            initial={"level": rule.level, "over": rule.over.major if rule.over else ""},
        )
        if mine and form.is_valid():
            with form.refusals():
                over = form.cleaned_data.get("over")
                actions.set_rule(
                    request.actor,
                    kind=kind,
                    level=form.cleaned_data["level"],
                    over=over.amount if over else None,
                    now=now(),
                )
                return redirect(f"{reverse('case-rules')}?saved={kind}")
        status = 422 if form.errors else status
        rows.append({"rule": rule, "label": CaseAlarm.Kind(rule.kind).label, "form": form})
    context = {"rows": rows, "saved": request.GET.get("saved", "")}
    return render(request, "recover/rules.html", context, status=status)
