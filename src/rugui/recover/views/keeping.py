"""Whose case it is, who may read it, and its end: taking it over, the customer's link, closing and reopening."""

from __future__ import annotations

import segno
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ...config import config
from ...core.errors import ChangedMeanwhile
from ...core.time import now
from ...house.requests import HouseRequest
from .. import access, actions
from .page import RENEW, after_change, attempt


@require_POST
def take(request: HouseRequest, case_id: int) -> HttpResponse:
    """Makes the case the taker's own, from whoever the page said it was."""
    found = access.case(request.actor, case_id)
    request.actor.must_serve(found.place_id)
    if request.POST.get("from", "") != (found.owner.public_id if found.owner else ""):
        raise ChangedMeanwhile
    actions.take_case(request.actor, found, owner=request.staff, now=now())
    return after_change(request, found, _("Yours until somebody else takes it."))


@require_POST
def link(request: HouseRequest, case_id: int) -> HttpResponse:
    """A new link to the customer's own page. Its secret is shown now, and never again."""
    found = access.case(request.actor, case_id)
    secret = actions.share_link(request.actor, found, now=now())
    address = config().url + reverse("guest-case", args=[secret])
    drawing = segno.make(address, error="m").svg_inline(scale=4, border=2, light="#ffffff", omitsize=True)
    code = mark_safe(drawing)  # noqa: S308  drawn by segno from our own address
    context = {"case": found, "address": address, "code": code, "lives": actions.LINK_LIVES.days}
    if not request.headers.get("HX-Request"):
        return render(request, "recover/link_page.html", context)
    response = render(request, "recover/link.html", context)
    response["HX-Trigger"] = RENEW
    return response


@require_POST
def end_link(request: HouseRequest, case_id: int) -> HttpResponse:
    """The link that was given no longer opens anything."""
    found = access.case(request.actor, case_id)
    actions.revoke_link(request.actor, found, now=now())
    return after_change(request, found, _("The link no longer opens their page."))


@require_POST
def close(request: HouseRequest, case_id: int) -> HttpResponse:
    """Everything was done."""
    found = access.case(request.actor, case_id)
    undo = reverse("case-close-undo", args=[found.id])
    return attempt(
        request, found, lambda: actions.close(request.actor, found, now=now()), toast=_("Closed."), undo=undo
    )


@require_POST
def undo_close(request: HouseRequest, case_id: int) -> HttpResponse:
    found = access.case(request.actor, case_id)
    actions.undo_close(request.actor, found, now=now())
    return after_change(request, found, _("Not closed."))


@require_POST
def reopen(request: HouseRequest, case_id: int) -> HttpResponse:
    """It was not right after all."""
    found = access.case(request.actor, case_id)
    actions.reopen(request.actor, found, now=now())
    return after_change(request, found, _("Open again. Twenty minutes run."))
