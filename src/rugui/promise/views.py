"""Giving a promise, and what one does about each. The board itself is in `board_views`."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ..core.errors import ChangedMeanwhile
from ..core.replies import changed, live
from ..core.time import now
from ..house.models import Staff
from ..house.requests import HouseRequest, current_place
from ..know import access as know
from ..know.forms import given_row
from ..serve import access as serve_access
from ..serve.models import Touch
from . import access, actions, in_words, waiting
from .forms import DueForm, GiveForm, WaitForm
from .models import Promise
from .picking import pick_customer

LONGEST_READ = 4000
WORDS_OF_THEIRS = 120
"""So much of a message begins the promise made of it; whoever promises says it in their own words."""
RENEW = "promises-changed"
"""Said by a reply to this page's own changes, so that it need not wait for the stream."""


@require_GET
def new(request: HouseRequest) -> HttpResponse:
    """A promise begins with whom it is made to."""
    return pick_customer(request, title=_("Whom do you promise it to?"), then="promise-give")


@require_http_methods(["GET", "POST"])
def give(request: HouseRequest, customer_id: int) -> HttpResponse:
    """A promise to one customer."""
    moment, place = now(), current_place(request)
    customer = know.customer(request.actor, customer_id)
    request.actor.must_serve(place.id)
    touch = _asked_in(request, customer_id)
    start = {"text": touch.text[:WORDS_OF_THEIRS], "kind": Promise.Kind.SOLUTION} if touch else {}
    form = GiveForm(request.POST or None, initial=start, zone=place.zone, now=moment)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.give(
                request.actor,
                customer,
                place,
                kind=form.cleaned_data["kind"],
                text=form.cleaned_data["text"],
                due_at=form.due_at,
                owner_id=request.staff.id if form.cleaned_data["mine"] else None,
                now=moment,
            )
            return changed(
                request, _card_or_board(customer.public_id), toast=_("Promised. The ring is running.")
            )
    context = {
        "form": form,
        "customer": customer,
        "place": place,
        "back": _card_or_board(customer.public_id),
        "touch": touch,
    }
    return render(request, "promise/give.html", context, status=422 if form.errors else 200)


def _asked_in(request: HouseRequest, customer_id: int) -> Touch | None:
    """The message that asks for what shall be promised, when one tap made a promise of it."""
    number = given_row("touch", request.GET.get("touch", ""))
    touch = serve_access.touch(request.actor, number) if number is not None else None
    return touch if touch and touch.customer_id == customer_id else None


@require_POST
def keep(request: HouseRequest, promise_id: int) -> HttpResponse:
    """It was done."""
    promise = access.promise(request.actor, promise_id)
    actions.keep(request.actor, promise, now=now())
    toast = (
        _("Done, late. They know that you told them.")
        if promise.state == Promise.State.BROKEN
        else _("Kept.")
    )
    return _changed(request, promise, toast, undo=True)


@require_http_methods(["GET", "POST"])
def renegotiate(request: HouseRequest, promise_id: int) -> HttpResponse:
    """The customer agrees to another time, or no longer wants it."""
    moment = now()
    promise = access.promise(request.actor, promise_id)
    request.actor.must_serve(promise.place_id)
    if promise.settled_at is not None:
        raise ChangedMeanwhile
    form = DueForm(request.POST or None, zone=promise.place.zone, now=moment)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.renegotiate(request.actor, promise, due_at=form.due_at, now=moment)
            return _changed(request, promise, _("Agreed. The ring runs to the new time."))
    context = {"form": form, "promise": promise, "zone": promise.place.zone}
    return render(request, "promise/renegotiate.html", context, status=422 if form.errors else 200)


@require_POST
def withdraw(request: HouseRequest, promise_id: int) -> HttpResponse:
    """The customer no longer wants it."""
    promise = access.promise(request.actor, promise_id)
    actions.withdraw(request.actor, promise, now=now())
    return _changed(request, promise, _("Withdrawn: no longer wanted."), undo=True)


@require_http_methods(["GET", "POST"])
def pause(request: HouseRequest, promise_id: int) -> HttpResponse:
    """It waits for the customer: for what, and what becomes of its time."""
    moment = now()
    promise = access.promise(request.actor, promise_id)
    request.actor.must_serve(promise.place_id)
    running = promise.settled_at is None and promise.paused_at is None and promise.due_at > moment
    if not running or not promise.may_pause:
        raise ChangedMeanwhile(_("This promise does not wait now. Look at it again before you go on."))
    form = WaitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            waiting.pause(request.actor, promise, waits_for=form.cleaned_data["waits_for"], now=moment)
            return _changed(request, promise, _("It waits for them. Nothing rings until it goes on."))
    tomorrow = moment + timedelta(days=1)
    context = {
        "form": form, "promise": promise, "zone": promise.place.zone, "tomorrow": tomorrow,
        "then_due": waiting.would_be_due(promise, tomorrow, now=moment),
    }  # fmt: skip
    return render(request, "promise/pause.html", context, status=422 if form.errors else 200)


@require_POST
def resume(request: HouseRequest, promise_id: int) -> HttpResponse:
    """They have done their part, or we need not wait: what was left of its time runs on."""
    promise = access.promise(request.actor, promise_id)
    waiting.resume(request.actor, promise, now=now())
    return _changed(request, promise, _("It goes on, with what was left of its time."))


@require_POST
def take(request: HouseRequest, promise_id: int) -> HttpResponse:
    """Makes it the taker's own, from whoever the page said it was; `leave` gives it back to whoever is on duty."""
    promise = access.promise(request.actor, promise_id)
    request.actor.must_serve(promise.place_id)
    if request.POST.get("from", "") != (promise.owner.public_id if promise.owner else ""):
        raise ChangedMeanwhile
    owner: Staff | None = None if "leave" in request.POST else request.staff
    actions.take(request.actor, promise, owner=owner, now=now())
    return _changed(request, promise, _("Yours now.") if owner else _("Left to whoever is on duty."))


@require_POST
def said(request: HouseRequest) -> HttpResponse:
    """Times promised in a text that is being written, to be ticked. Nothing is kept."""
    place = current_place(request)
    request.actor.must_serve(place.id)
    text = request.POST.get(request.GET.get("field", "text"), "")[:LONGEST_READ]
    found = in_words.offers(text, place, now=now(), chosen=request.POST.getlist(in_words.FIELD))
    return render(request, "promise/in_words_found.html", {"offers": found, "zone": place.zone})


@require_POST
def undo(request: HouseRequest, promise_id: int) -> HttpResponse:
    """Settled by mistake: it runs on."""
    promise = access.promise(request.actor, promise_id)
    actions.undo(request.actor, promise, now=now())
    return _changed(request, promise, _("Undone. The ring runs on."))


def _changed(request: HouseRequest, promise: Promise, toast: str, *, undo: bool = False) -> HttpResponse:
    address = reverse("promise-undo", args=[promise.id]) if undo else ""
    return changed(
        request,
        reverse("promises"),
        toast=toast,
        undo=address,
        events=[RENEW, *live(promise.place, promise.customer)],
    )


def _card_or_board(customer: str) -> str:
    """Where one came from: the customer's card (a room above this one), or the board."""
    try:
        return reverse("customer", args=[customer])
    except NoReverseMatch:
        return reverse("promises")
