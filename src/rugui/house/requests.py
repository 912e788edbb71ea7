"""The request as a signed-in page sees it, after `web.middleware.House`."""

from __future__ import annotations

from django.http import HttpRequest

from ..core import tenancy
from ..core.errors import NotFound
from . import access
from .access import Actor
from .models import Place, Staff, User


class HouseRequest(HttpRequest):
    actor: Actor
    staff: Staff
    user: User


def places_of(request: HttpRequest) -> list[Place]:
    """The places that this person sees, read once a request.

    A refusal is told after the transaction has ended: then there are none.
    """
    if not hasattr(request, "_places"):
        actor: Actor = request.actor  # type: ignore[attr-defined]
        request._places = access.places(actor) if tenancy.current() is not None else []  # type: ignore[attr-defined]
    return request._places  # type: ignore[attr-defined, no-any-return]


def place_chosen(request: HttpRequest) -> Place | None:
    """The place chosen in the session, or the first; None for somebody who sees no place."""
    seen, chosen = places_of(request), request.session.get("place")
    return next((place for place in seen if place.id == chosen), seen[0] if seen else None)


def current_place(request: HttpRequest) -> Place:
    """The place this person works at now. Raises `NotFound` when they see none."""
    if (place := place_chosen(request)) is None:
        raise NotFound
    return place
