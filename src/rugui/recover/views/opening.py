"""Opening a case: from a card, by hand, or from a message that waits."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods

from ...core.time import now
from ...house.models import Place
from ...house.requests import HouseRequest, current_place
from ...know import access as know
from ...know.models import Customer
from ...serve import access as serve
from ...serve.models import Touch
from .. import actions, queries, words
from ..forms import OpenForm
from ..models import Case

SAME_FORM = timedelta(seconds=30)


@require_http_methods(["GET", "POST"])
def open_for_customer(request: HouseRequest, customer_id: int) -> HttpResponse:
    """From a card, or by hand."""
    return _open(request, know.customer(request.actor, customer_id), current_place(request), None)


@require_http_methods(["GET", "POST"])
def open_for_touch(request: HouseRequest, touch_id: int) -> HttpResponse:
    """From a message that waits for an answer."""
    touch = serve.touch(request.actor, touch_id)
    return _open(request, touch.customer, touch.place or current_place(request), touch)


def _open(request: HouseRequest, customer: Customer, place: Place, touch: Touch | None) -> HttpResponse:
    request.actor.must_serve(place.id)
    initial = {"language": customer.language or request.staff.organization.language}
    if touch is not None:
        initial |= {"complaint": touch.text, "title": words.first_words(touch.text)}
    form = OpenForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            return redirect("case", _open_once(request, customer, place, touch, form).id)
    context = {"form": form, "customer": customer, "place": place, "back": _card_or_list(customer)}
    return render(request, "recover/open.html", context, status=422 if form.errors else 200)


def _open_once(
    request: HouseRequest, customer: Customer, place: Place, touch: Touch | None, form: OpenForm
) -> Case:
    moment, title = now(), form.cleaned_data["title"]
    # Held so that a form that is sent twice finds what the first one has opened.
    Customer.objects.select_for_update(no_key=True).get(id=customer.id)
    if already := queries.just_opened(request.actor.staff_id, customer.id, title, since=moment - SAME_FORM):
        return already
    return actions.open_case(
        request.actor,
        customer,
        place,
        title=title,
        complaint=form.cleaned_data["complaint"],
        language=form.cleaned_data["language"],
        touch=touch,
        now=moment,
    )


def _card_or_list(customer: Customer) -> str:
    """Where one came from: the customer's card (a room above this one), or the list."""
    try:
        return reverse("customer", args=[customer.id])
    except NoReverseMatch:
        return reverse("cases")
