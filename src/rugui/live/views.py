"""The pages' side of the live stream: handing out tickets."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from ..core import tickets
from ..core.time import now


@require_GET
def ticket(request: HttpRequest) -> JsonResponse:
    """`{"url": …}`: the address of a live stream for the signed-in person, good for an hour."""
    made = tickets.for_staff(request.actor, now=now())  # type: ignore[attr-defined]  # set by web.middleware.House
    return JsonResponse({"url": tickets.stream_url(made, request.get_host())})
