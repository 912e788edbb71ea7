"""The further steps and tools of a case: the extra, sharing, leaving a step out, offering a choice, and the check of an apology."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ...core.time import now
from ...house.forms import HouseForm
from ...house.requests import HouseRequest
from .. import access, actions, people, queries
from ..apology import look
from ..forms import AlarmForm, ChoicesForm, DelightForm, HandOverForm, ShareForm, SkipForm
from ..models import Case
from .page import after_change, page_or_form, stepped, typed_text, whole_page


@require_http_methods(["GET", "POST"])
def delight(request: HouseRequest, case_id: int) -> HttpResponse:
    """The extra: something beyond what was due."""
    found, moment = access.case(request.actor, case_id), now()
    if request.method == "GET":
        step = queries.steps(found.id).get("delight")
        initial = {"text": step.text if step and not step.skipped else "", "seen": actions.step_mark(step)}
        return page_or_form(request, found, "delight", DelightForm(initial=initial, prefix="delight"))
    form = DelightForm(request.POST, prefix="delight")
    if form.is_valid():
        with form.refusals():
            data = form.cleaned_data
            actions.delight(request.actor, found, text=data["text"], seen=data["seen"], now=moment)
            return stepped(request, found, "delight", moment, _("Noted. Now write down what failed."))
    return page_or_form(request, found, "delight", form)


@require_http_methods(["GET", "POST"])
def share(request: HouseRequest, case_id: int) -> HttpResponse:
    """The lesson goes into the line-up of every place."""
    found = access.case(request.actor, case_id)
    if request.method == "GET":
        form = ShareForm(initial={"lesson": found.lesson}, prefix="share")
        return page_or_form(request, found, "share", form)
    form = ShareForm(request.POST, prefix="share")
    if form.is_valid():
        with form.refusals():
            actions.share(request.actor, found, lesson=form.cleaned_data["lesson"], now=now())
            return after_change(request, found, _("Shared: every line-up tells it until all have heard it."))
    return page_or_form(request, found, "share", form)


@require_GET
def more(request: HouseRequest, case_id: int) -> HttpResponse:
    """What is rarely needed: handing over, calling somebody senior, a choice for the customer, leaving a step out."""
    found = access.case(request.actor, case_id)
    request.actor.must_serve(found.place_id)
    context = more_context(request, found)
    if request.headers.get("HX-Request"):
        return render(request, "recover/case/more.html", context)
    return _with_more(request, found, context)


@require_POST
def skip(request: HouseRequest, case_id: int) -> HttpResponse:
    """A step is left out, with the reason."""
    found = access.case(request.actor, case_id)
    form = SkipForm(request.POST, prefix="skip")

    def act(data: dict[str, Any]) -> None:
        actions.skip(request.actor, found, step=data["step"], why=data["why"], now=now())

    return more_form(request, found, "skip", form, act, _("Left out, with your reason."))


@require_POST
def choices(request: HouseRequest, case_id: int) -> HttpResponse:
    """Offers the customer two or three things to choose from on their page."""
    found = access.case(request.actor, case_id)
    form = ChoicesForm(request.POST, prefix="choices")

    def act(data: dict[str, Any]) -> None:
        offered = [data[name] for name in ("first", "second", "third")]
        actions.offer_choices(request.actor, found, offered, now=now())

    return more_form(request, found, "choices", form, act, _("On their page, to choose with one tap."))


@require_POST
def end_choices(request: HouseRequest, case_id: int) -> HttpResponse:
    found = access.case(request.actor, case_id)
    actions.withdraw_choices(request.actor, found, now=now())
    return after_change(request, found, _("No longer on offer."))


@require_POST
def apology(request: HouseRequest, case_id: int) -> HttpResponse:
    """What the words typed so far have of a real apology. Nothing is kept."""
    found = access.case(request.actor, case_id)
    request.actor.must_serve(found.place_id)
    text = typed_text(request)[: actions.LONGEST_TEXT]
    seen = look(text, now().astimezone(found.place.zone).replace(tzinfo=None))
    marked = [text[begin:end] for begin, end in seen.conditions]
    return render(
        request, "recover/case/apology.html", {"look": seen, "marked": marked, "typed": bool(text.strip())}
    )


def more_context(request: HouseRequest, case: Case) -> dict[str, Any]:
    serving = [one for one in people.who_serves(case.place_id) if one.staff.id != case.owner_id]
    return {
        "case": case,
        "may_hand": case.owner_id == request.staff.id or request.actor.leads(case.place_id),
        "hand_form": HandOverForm(prefix="hand", serving=serving),
        "alarm_form": AlarmForm(prefix="alarm"),
        "choices_form": ChoicesForm(prefix="choices"),
        "skip_form": SkipForm(prefix="skip"),
        "offered": any(each.chosen_at is None for each in queries.choices(case.id)),
    }


def more_form(
    request: HouseRequest,
    case: Case,
    name: str,
    form: HouseForm,
    act: Callable[[dict[str, Any]], None],
    toast: str,
) -> HttpResponse:
    """A small form among the rarely used: acted on, or shown again with what was wrong."""
    request.actor.must_serve(case.place_id)
    if form.is_valid():
        with form.refusals():
            act(form.cleaned_data)
            return after_change(request, case, toast)
    context = {**more_context(request, case), f"{name}_form": form}
    if request.headers.get("HX-Request"):
        return render(request, "recover/case/more.html", context, status=422)
    return _with_more(request, case, context, status=422)


def _with_more(request: HouseRequest, case: Case, context: dict[str, Any], **more: Any) -> HttpResponse:
    """The whole page with the rarely used unfolded."""
    beside = {name: value for name, value in context.items() if name != "case"}
    return whole_page(request, case, **beside, open_form="more", more_open=True, **more)
