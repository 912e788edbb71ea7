"""Pages about what happens: somebody is expected, comes and goes, pays and is paid back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from ..core import replies
from ..core.errors import ChangedMeanwhile
from ..core.time import now as this_moment
from ..house.access import Actor
from ..house.requests import HouseRequest, current_place
from ..know.access import customer as know_customer
from . import access, actions, queries
from .forms import PurchaseForm, RefundForm, VisitForm
from .models import Visit


@require_http_methods(["GET", "POST"])
def visit_new(request: HouseRequest, customer_id: int) -> HttpResponse:
    """Somebody is coming. Times are the place's own."""
    place = current_place(request)
    request.actor.must_serve(place.id)
    customer = know_customer(request.actor, customer_id)
    with timezone.override(place.zone):
        form = VisitForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            with form.refusals():
                actions.expect_visit(request.actor, customer, place, now=this_moment(), **form.cleaned_data)
                return redirect("customer", customer.id)
        context = {"form": form, "customer": customer, "place": place}
        return render(request, "serve/visit_new.html", context, status=422 if form.errors else 200)


def _move(
    request: HouseRequest, visit_id: int, move: Callable[[Actor, Visit, datetime], None], said: LazyText
) -> HttpResponse:
    visit = access.visit(request.actor, visit_id)
    move(request.actor, visit, this_moment())
    undo = f"{reverse('visit-undo', args=[visit.id])}?from={visit.state}"
    return _changed(request, visit, str(said) % {"name": visit.customer.called}, undo=undo)


@require_POST
def visit_arrive(request: HouseRequest, visit_id: int) -> HttpResponse:
    return _move(
        request, visit_id, lambda who, visit, at: actions.arrive(who, visit, now=at), _("%(name)s is here.")
    )


@require_POST
def visit_begin(request: HouseRequest, visit_id: int) -> HttpResponse:
    """Their appointment begins. It is measured, so there is no undo; undoing their arrival takes it back."""
    visit = access.visit(request.actor, visit_id)
    actions.begin(request.actor, visit, now=this_moment())
    return _changed(request, visit, _("%(name)s: begun.") % {"name": visit.customer.called})


@require_POST
def visit_delay_told(request: HouseRequest, visit_id: int) -> HttpResponse:
    """They know that it will begin later."""
    visit = access.visit(request.actor, visit_id)
    actions.tell_delay(request.actor, visit, now=this_moment())
    return _changed(
        request, visit, _("%(name)s knows that it begins later.") % {"name": visit.customer.called}
    )


@require_POST
def visit_leave(request: HouseRequest, visit_id: int) -> HttpResponse:
    return _move(
        request, visit_id, lambda who, visit, at: actions.leave(who, visit, now=at), _("%(name)s has left.")
    )


@require_POST
def visit_miss(request: HouseRequest, visit_id: int) -> HttpResponse:
    said = _("%(name)s did not come.")
    return _move(request, visit_id, lambda who, visit, at: actions.miss(who, visit, now=at), said)


@require_POST
def visit_cancel(request: HouseRequest, visit_id: int) -> HttpResponse:
    said = _("%(name)s will not come.")
    return _move(request, visit_id, lambda who, visit, at: actions.cancel(who, visit, now=at), said)


@require_POST
def visit_undo(request: HouseRequest, visit_id: int) -> HttpResponse:
    """One step back, from the state that the reader saw (`from`): what a colleague did since is not undone."""
    visit = access.visit(request.actor, visit_id)
    if visit.state != request.GET.get("from", visit.state):
        raise ChangedMeanwhile
    actions.undo(request.actor, visit, now=this_moment())
    said = (
        _("Undone: %(name)s is expected again.")
        if visit.state == Visit.State.EXPECTED
        else _("Undone: %(name)s is here.")
    )
    return _changed(request, visit, str(said) % {"name": visit.customer.called})


@require_http_methods(["GET", "POST"])
def purchase_new(request: HouseRequest, customer_id: int) -> HttpResponse:
    """They bought something, in the currency of the house."""
    place = current_place(request)
    request.actor.must_serve(place.id)
    customer = know_customer(request.actor, customer_id)
    form = PurchaseForm(request.POST or None, currency=request.staff.organization.currency)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.record_purchase(
                request.actor, customer, place=place, now=this_moment(), **form.cleaned_data
            )
            return redirect("customer", customer.id)
    context = {"form": form, "customer": customer}
    return render(request, "serve/purchase_new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def refund_new(request: HouseRequest, customer_id: int) -> HttpResponse:
    """Money goes back, at most what was paid."""
    place = current_place(request)
    request.actor.must_serve(place.id)
    customer = know_customer(request.actor, customer_id)
    bought = [row for row in queries.purchases(customer.id) if request.actor.serves(row.place_id)]
    form = RefundForm(request.POST or None, currency=request.staff.organization.currency, purchases=bought)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.record_refund(
                request.actor,
                customer,
                amount=form.cleaned_data["amount"],
                about=form.cleaned_data["about"],
                refund_of=form.purchases.get(form.cleaned_data["refund_of"]),
                place=place,
                now=this_moment(),
            )
            return redirect("customer", customer.id)
    context = {"form": form, "customer": customer}
    return render(request, "serve/refund_new.html", context, status=422 if form.errors else 200)


def _changed(request: HouseRequest, visit: Visit, said: str, *, undo: str = "") -> HttpResponse:
    events = replies.live(visit.place, visit.customer)
    return replies.changed(request, reverse("today"), toast=said, undo=undo, events=events)
