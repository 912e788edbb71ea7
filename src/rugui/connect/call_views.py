"""What people do about a call on their screens: pick it up, say whose it was, see to it."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ..core import replies
from ..core.time import now as this_moment
from ..house.requests import HouseRequest
from ..know import access as know
from . import calls


@require_POST
def call_take(request: HouseRequest, call_id: int) -> HttpResponse:
    """Picked up: the card of whoever it is opens, and the other screens stop ringing."""
    call = calls.call_of(request.actor, call_id)
    calls.take(request.actor, call, now=this_moment())
    to = reverse("customer", args=[call.customer_id]) if call.customer_id else reverse("today")
    if request.headers.get("HX-Request") and call.customer_id:
        return HttpResponse(status=204, headers={"HX-Redirect": to})
    return replies.changed(request, to, events=replies.live(call.place))


@require_POST
def call_is(request: HouseRequest, call_id: int, customer_id: int) -> HttpResponse:
    """It was they."""
    customer = know.customer(request.actor, customer_id)
    call = calls.call_of(request.actor, call_id)
    calls.say_who(request.actor, call, customer, now=this_moment())
    said = (
        _("Noted. An answer is owed to %(name)s.")
        if call.state == call.State.MISSED
        else _("Noted: %(name)s.")
    )
    return replies.changed(
        request,
        reverse("today"),
        toast=said % {"name": customer.called},
        events=replies.live(call.place, customer),
    )


@require_POST
def call_seen_to(request: HouseRequest, call_id: int) -> HttpResponse:
    """Nothing more to do about it."""
    call = calls.call_of(request.actor, call_id)
    calls.dismiss(request.actor, call, now=this_moment())
    return replies.changed(request, reverse("today"), toast=_("Seen to."), events=replies.live(call.place))
