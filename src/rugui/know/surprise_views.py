"""Planning a surprise: what speaks against it, and the second person's word."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ..core.ids import public_id
from ..core.time import now as this_moment
from ..house.requests import HouseRequest, current_place
from . import access, surprise
from .forms import SurpriseForm
from .models import Customer, Surprise
from .notes_views import status


@require_http_methods(["GET", "POST"])
def surprise_new(request: HouseRequest, customer_id: int) -> HttpResponse:
    """A gesture, who will be there and when; the first answer is what speaks against it, the second keeps it."""
    request.actor.must_serve(None)
    customer, place, now = access.customer(request.actor, customer_id), current_place(request), this_moment()
    today = now.astimezone(place.zone).date()
    form = SurpriseForm(
        request.POST or None, around=_around(request, customer), initial={"planned_on": today}
    )
    checked = None
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            plan = form.plan()
            if request.POST.get("keep"):
                made = surprise.propose(request.actor, customer, place, plan, now=now)
                return redirect("surprise", public_id("surprise", made.id))
            checked = surprise.check(request.actor, customer, plan, now=now)
    planned = access.surprises(request.actor, customer)
    context = {"form": form, "customer": customer, "checked": checked, "planned": planned}
    return render(request, "know/surprise_new.html", context, status=status(form))


def _around(request: HouseRequest, customer: Customer) -> list[Customer]:
    """Whom they came with may be found by name; offered are the newest cards."""
    return [each for each in Customer.objects.order_by("-id")[:20] if each.id != customer.id]


@require_GET
def surprise_page(request: HouseRequest, surprise_id: int) -> HttpResponse:
    """What is planned, what speaks against it now, and whose word it waits for."""
    found = access.surprise(request.actor, surprise_id)
    context = {
        "surprise": found,
        "customer": found.customer,
        "checked": surprise.check(request.actor, found.customer, surprise.plan_of(found), now=this_moment()),
        "own": found.proposed_by_id == request.actor.staff_id,
        "waiting": found.state == Surprise.State.WAITING,
        "lapsed": found.state == Surprise.State.LAPSED,
        "may_end": found.state in {Surprise.State.CLEAR, Surprise.State.APPROVED} and not found.outcome,
        "outcomes": Surprise.Outcome.choices,
    }
    return render(request, "know/surprise.html", context)


@require_POST
def surprise_decide(request: HouseRequest, surprise_id: int) -> HttpResponse:
    """Approved or declined by a second person, who has seen the reasons."""
    found = access.surprise(request.actor, surprise_id)
    approve = request.POST.get("decision") == "approve"
    surprise.decide(
        request.actor, found, approve=approve, seen=request.POST.get("seen", ""), now=this_moment()
    )
    return redirect("surprise", found.public_id)


@require_POST
def surprise_drop(request: HouseRequest, surprise_id: int) -> HttpResponse:
    found = access.surprise(request.actor, surprise_id)
    surprise.drop(request.actor, found, now=this_moment())
    return redirect("surprise", found.public_id)


@require_POST
def surprise_again(request: HouseRequest, surprise_id: int) -> HttpResponse:
    """Nobody had looked in time: asks once more."""
    found = access.surprise(request.actor, surprise_id)
    surprise.ask_again(request.actor, found, now=this_moment())
    return redirect("surprise", found.public_id)


@require_POST
def surprise_outcome(request: HouseRequest, surprise_id: int) -> HttpResponse:
    """How they took it."""
    found = access.surprise(request.actor, surprise_id)
    surprise.note_outcome(request.actor, found, request.POST.get("outcome", ""), now=this_moment())
    return redirect("surprise", found.public_id)
