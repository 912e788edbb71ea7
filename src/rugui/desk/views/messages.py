"""Messages and talks written down by hand: what came in, what we answered, what turned out to be a complaint."""

from __future__ import annotations

from django.contrib import messages as flash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ...connect.inbox import Message, Received, receive, receive_from
from ...core.time import now as this_moment
from ...house.models import Place
from ...house.requests import HouseRequest, current_place
from ...know import access as know_access
from ...know import actions as know
from ...know import queries as know_queries
from ...know.forms import given_row
from ...know.models import Customer
from ...language.ears import queries as ears
from ...promise import in_words
from ...serve import access as serve_access
from ...serve import actions as serve
from ...serve.models import Touch
from .. import actions, queries
from ..forms import AnswerForm, MessageForm, TouchForm, identity_of

SOMEBODY_NEW = "new"


@require_http_methods(["GET", "POST"])
def message_new(request: HouseRequest) -> HttpResponse:
    """Whoever took the call writes down who and what; the same walk begins as for a message from outside."""
    place = current_place(request)
    request.actor.must_serve(place.id)
    form = MessageForm(request.POST or None, initial={"who": request.GET.get("who", "")[:200]})
    candidates: list[Customer] = []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        message = Message(data["channel"], data["text"], (), complaint=data["complaint"])
        with form.refusals():
            received, candidates = _take(request, place, data["who"], data["customer"], message)
            if received is not None:
                return _received(request, received)
    status = 422 if form.errors or candidates else 200
    return render(request, "desk/message_new.html", {"form": form, "candidates": candidates}, status=status)


def _take(
    request: HouseRequest, place: Place, who: str, chosen: str, message: Message
) -> tuple[Received | None, list[Customer]]:
    """The message taken in, or the people of that name to choose from."""
    now = this_moment()
    if (customer_id := given_row("customer", chosen)) is not None:
        customer = know_access.customer(request.actor, customer_id)
        return receive_from(request.actor, place, customer, message, now=now), []
    if (identity := identity_of(who, place.region)) is not None:
        known = Message(message.channel, message.text, [identity], complaint=message.complaint)
        return receive(request.actor, place, known, now=now), []
    candidates = (
        []
        if chosen == SOMEBODY_NEW
        else [each.customer for each in know_queries.find(who, region=place.region)]
    )
    if candidates:
        return None, candidates
    customer = know.add_customer(request.actor, name=who, region=place.region, now=now)
    return receive_from(request.actor, place, customer, message, now=now), []


def _received(request: HouseRequest, received: Received) -> HttpResponse:
    if received.case is not None:
        return redirect("case", received.case.id)
    flash.success(request, _("Noted. An answer is owed to %(name)s.") % {"name": received.customer.called})
    return redirect("customer", received.customer.id)


@require_http_methods(["GET", "POST"])
def message_answer(request: HouseRequest, touch_id: int) -> HttpResponse:
    """Their words, who they are, and what we say back."""
    touch, place = serve_access.touch(request.actor, touch_id), current_place(request)
    request.actor.must_serve(touch.place_id or place.id)
    form = AnswerForm(request.POST or None, initial={"channel": touch.channel})
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.answer(
                request.actor, touch, touch.place or place, now=this_moment(), **form.cleaned_data,
                promised=request.POST.getlist(in_words.FIELD),
            )  # fmt: skip
            flash.success(request, _("%(name)s has an answer.") % {"name": touch.customer.called})
            return redirect("today")
    card = queries.card(request.actor, touch.customer, now=this_moment())
    context = {
        "form": form,
        "touch": touch,
        "card": card,
        "customer": touch.customer,
        "capture_customer": touch.customer,
        "heard": ears.seen([touch.id]).get(touch.id),
    }
    return render(request, "desk/message_answer.html", context, status=422 if form.errors else 200)


@require_POST
def message_complaint(request: HouseRequest, touch_id: int) -> HttpResponse:
    """One tap: it is a complaint. Its case opens, and the page goes there."""
    touch = serve_access.touch(request.actor, touch_id)
    case = actions.make_complaint(
        request.actor, touch, touch.place or current_place(request), now=this_moment()
    )
    to = reverse("case", args=[case.id])
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": to})
    return redirect(to)


@require_http_methods(["GET", "POST"])
def touch_new(request: HouseRequest, customer_id: int) -> HttpResponse:
    """A contact, theirs or ours. Theirs may wait for an answer, or be a complaint."""
    place = current_place(request)
    request.actor.must_serve(place.id)
    customer = know_access.customer(request.actor, customer_id)
    form = TouchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data, now = form.cleaned_data, this_moment()
        with form.refusals():
            if data["direction"] == Touch.Direction.IN and data["then"]:
                message = Message(data["channel"], data["text"], (), complaint=data["then"] == "complaint")
                return _received(request, receive_from(request.actor, place, customer, message, now=now))
            serve.record_touch(
                request.actor,
                customer,
                channel=data["channel"],
                direction=data["direction"],
                text=data["text"],
                place=place,
                now=now,
            )
            return redirect("customer", customer.id)
    context = {"form": form, "customer": customer, "capture_customer": customer}
    return render(request, "desk/touch_new.html", context, status=422 if form.errors else 200)
