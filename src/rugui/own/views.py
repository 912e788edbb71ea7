"""Pages of the house about what belongs to the customer: the link to their own page, erasing, and the proofs."""

from __future__ import annotations

import segno
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ..config import config
from ..core.errors import NotAllowed
from ..core.replies import changed, live
from ..core.time import now
from ..house.requests import HouseRequest
from ..know import access as know
from ..know.models import Customer
from . import actions, queries
from .erase import erase, unbroken
from .looking import lately


@require_http_methods(["GET", "POST"])
def link(request: HouseRequest, customer_id: int) -> HttpResponse:
    """A link to all that is held of them. Its secret is shown now, and never again."""
    request.actor.must_serve(None)
    customer, moment = know.customer(request.actor, customer_id), now()
    context = {
        "customer": customer,
        "lives": actions.LINK_LIVES.days,
        "may_erase": request.actor.leads_somewhere,
        "may_export": request.actor.leads(None),
    }
    if request.method == "POST":
        address = config().url + reverse(
            "own", args=[actions.share_link(request.actor, customer, now=moment)]
        )
        drawing = segno.make(address, error="m").svg_inline(scale=4, border=2, light="#ffffff", omitsize=True)
        context |= {"address": address, "code": mark_safe(drawing)}  # noqa: S308  drawn by segno from our own address
    context["open"] = queries.has_link(customer.id, now=moment)
    return render(request, "own/link.html", context)


@require_POST
def export(request: HouseRequest, customer_id: int) -> HttpResponse:
    """All that is held of them, as a PDF to read or as JSON, for whoever leads the whole house."""
    from . import paper

    customer, moment = know.customer(request.actor, customer_id), now()
    found = actions.hand_out(request.actor, customer, now=moment)
    if request.POST.get("as") == "json":
        options = {"ensure_ascii": False, "indent": 2}
        response: HttpResponse = JsonResponse(queries.export(found, now=moment), json_dumps_params=options)
        name = "held.json"
    else:
        with translation.override(found.language):
            response = HttpResponse(paper.pdf(found, now=moment), content_type="application/pdf")
        name = "held.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
def end_link(request: HouseRequest, customer_id: int) -> HttpResponse:
    """The link that was given no longer opens anything."""
    customer = know.customer(request.actor, customer_id)
    actions.revoke_link(request.actor, customer, now=now())
    to = reverse("own-link", args=[customer.public_id])
    return changed(request, to, toast=_("The link no longer opens their page."), events=live(customer))


@require_http_methods(["GET", "POST"])
def erase_person(request: HouseRequest, customer_id: int) -> HttpResponse:
    """Asked before, because nothing brings them back."""
    customer = know.customer(request.actor, customer_id)
    request.actor.must_lead_somewhere()
    if request.method == "POST" and request.POST.get("sure") == "yes":
        erase(request.actor, customer, now=now())
        return redirect("erasures")
    context = {"customer": customer, "missing": request.method == "POST"}
    return render(request, "own/erase.html", context, status=422 if context["missing"] else 200)


@require_GET
def erasures(request: HouseRequest) -> HttpResponse:
    """Who asked to be erased and waits; what was erased, without saying who it was."""
    request.actor.must_lead_somewhere()
    rows = queries.erasures()
    waiting = Customer.objects.in_bulk([row.customer_id for row in rows if row.at is None])
    context = {"rows": [(row, waiting.get(row.customer_id)) for row in rows], "unbroken": unbroken()}
    return render(request, "own/erasures.html", context)


@require_GET
def looking(request: HouseRequest) -> HttpResponse:
    """Who opened cards lately, and with what occasion. For owners."""
    if not request.actor.owns:
        raise NotAllowed(_("This is for an owner of the house."))
    return render(request, "own/looking.html", {"rows": lately(request.actor, now=now())})
