"""The pages' side of the live stream: handing out tickets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from ..core import tickets
from ..core.time import now

if TYPE_CHECKING:
    from ..house.access import Actor


def places_of(actor: Actor) -> frozenset[int] | None:
    """The places whose changes this member of staff may hear of; None for all."""
    return None if None in actor.roles else frozenset(place for place in actor.roles if place is not None)


@require_GET
def ticket(request: HttpRequest) -> JsonResponse:
    """`{"url": …}`: the address of a live stream for the signed-in person, good for an hour."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by web.middleware.House
    assert actor.staff_id is not None  # a signed-in person is staff
    made = tickets.for_staff(actor.organization_id, actor.staff_id, places_of(actor), now=now())
    return JsonResponse({"url": tickets.stream_url(made, request.get_host())})
