"""Pages about people: the list, a new card, its facts, its ways to reach them, its notes."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ..core.errors import InputError
from ..core.time import now as this_moment
from ..house.requests import HouseRequest, current_place
from . import access, actions, queries, recall
from .forms import CustomerForm, IdentityForm, NewCustomerForm, given_row
from .models import Customer
from .notes_views import changed, status

PAGE = 30


@require_GET
def customers(request: HouseRequest) -> HttpResponse:
    """Everybody, the newest card first; or those whom a search finds, each with the reason."""
    place, text = current_place(request), request.GET.get("q", "").strip()
    more = ""
    rows: list[tuple[Customer, queries.Found | None]]
    if text:
        found = queries.find(text, region=place.region, limit=PAGE)
        actions.note_search(request.actor, found=len(found), now=this_moment())
        rows = [(each.customer, each) for each in found]
    else:
        page = queries.customer_page(given_row("customer", request.GET.get("before", "")), limit=PAGE + 1)
        rows = [(customer, None) for customer in page[:PAGE]]
        more = rows[-1][0].public_id if len(page) > PAGE else ""
    needs = recall.needs_of(request.actor, [customer.id for customer, _found in rows])
    context = {
        "rows": [
            {
                "customer": who,
                "by": hit.by if hit else "",
                "matched": hit.matched if hit else "",
                "why": hit.why if hit else [],
                "needs": needs.get(who.id, []),
            }
            for who, hit in rows
        ],
        "text": text,
        "more": more,
        "first": not request.GET.get("before"),
        "full": bool(text) and len(rows) == PAGE,
        "may_change": request.actor.serves(None),
    }
    fragment = request.headers.get("HX-Target") == "customer-list"
    return render(request, "know/customer_list.html" if fragment else "know/customers.html", context)


@require_http_methods(["GET", "POST"])
def customer_new(request: HouseRequest) -> HttpResponse:
    """A new card. Whoever has the same phone number or address already is shown first."""
    request.actor.must_serve(None)
    place = current_place(request)
    form = NewCustomerForm(request.POST or None, initial={"name": request.GET.get("name", "")})
    same: list[Customer] = []
    if request.method == "POST" and form.is_valid():
        given, data = form.identities(), form.cleaned_data
        same = queries.recognise([(each.kind, each.value) for each in given], region=place.region)
        offered = ",".join(customer.public_id for customer in same)
        if not same or data["seen"] == offered:
            with form.refusals():
                customer = actions.add_customer(
                    request.actor,
                    name=data["name"],
                    address_as=data["address_as"],
                    language=data["language"],
                    identities=given,
                    region=place.region,
                    now=this_moment(),
                )
                return redirect("customer", customer.id)
        again = request.POST.copy()
        again["seen"] = offered
        form.data = again
    return render(request, "know/customer_new.html", {"form": form, "same": same}, status=status(form, same))


@require_http_methods(["GET", "POST"])
def customer_edit(request: HouseRequest, customer_id: int) -> HttpResponse:
    """How to address them, their language, their contact person."""
    request.actor.must_serve(None)
    customer = access.customer(request.actor, customer_id)
    form = CustomerForm(request.POST or None, customer=customer)
    if request.method == "POST" and form.is_valid():
        contact = form.colleagues.get(form.cleaned_data["contact_person"])
        deputy = form.colleagues.get(form.cleaned_data["deputy"])
        with form.refusals():
            actions.edit_customer(
                request.actor,
                customer,
                name=form.cleaned_data["name"],
                address_as=form.cleaned_data["address_as"],
                language=form.cleaned_data["language"],
                pronunciation=form.cleaned_data["pronunciation"],
                languages=form.cleaned_data["languages"],
                quiet=form.quiet,
                contact_person=contact,
                no_contact_person=contact is None,
                deputy=deputy,
                no_deputy=deputy is None,
                now=this_moment(),
            )
            return redirect("customer", customer.id)
    return render(
        request, "know/customer_edit.html", {"form": form, "customer": customer}, status=status(form)
    )


@require_http_methods(["GET", "POST"])
def identity_new(request: HouseRequest, customer_id: int) -> HttpResponse:
    """One more way to reach them, by which they are recognised from now on."""
    request.actor.must_serve(None)
    customer, place = access.customer(request.actor, customer_id), current_place(request)
    form = IdentityForm(request.POST or None, initial={"kind": request.GET.get("kind")})
    if request.method == "POST" and form.is_valid():
        given = actions.GivenIdentity(form.cleaned_data["kind"], form.cleaned_data["value"])
        try:
            actions.add_identity(request.actor, customer, given, region=place.region, now=this_moment())
        except InputError as error:
            form.add_error("value", str(error))
        else:
            return redirect("customer", customer.id)
    return render(
        request, "know/identity_new.html", {"form": form, "customer": customer}, status=status(form)
    )


@require_POST
def identity_remove(request: HouseRequest, identity_id: int) -> HttpResponse:
    """Asked before, because the number itself is forgotten."""
    identity = access.identity(request.actor, identity_id)
    actions.remove_identity(request.actor, identity, now=this_moment())
    said = _("%(value)s is no longer on the card.") % {"value": identity.value}
    return changed(request, identity.customer, said)
