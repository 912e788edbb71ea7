"""What every page knows about the house around it, as `house` in templates. Costs at most one query, when first asked."""

from __future__ import annotations

from functools import cached_property, partial
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from ..core import tickets
from ..core.errors import Text
from ..core.phrases import LANGUAGES
from ..house import access, requests
from ..house.models import Organization, Place, Staff
from ..house.words import CUSTOMER_WORDS


class House:
    """The house as the person acting sees it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.actor: access.Actor = request.actor  # type: ignore[attr-defined]
        self.staff: Staff = request.staff  # type: ignore[attr-defined]

    @property
    def organization(self) -> Organization:
        return self.staff.organization

    @cached_property
    def places(self) -> list[Place]:
        """The places this person sees. One query, shared with the view."""
        return requests.places_of(self._request)

    @cached_property
    def place(self) -> Place | None:
        """The place chosen in the session, or the first."""
        return requests.place_chosen(self._request)

    @property
    def word(self) -> Text:
        """What this house calls a customer: "guest"."""
        return CUSTOMER_WORDS[self.organization.customer_word][0]

    @property
    def words(self) -> Text:
        """The same for many: "guests"."""
        return CUSTOMER_WORDS[self.organization.customer_word][1]


def house(request: HttpRequest) -> House | None:
    """The house of a signed-in request, the same object for views and templates; None outside any house."""
    if getattr(request, "actor", None) is None:
        return None
    if not hasattr(request, "house"):
        request.house = House(request)  # type: ignore[attr-defined]
    return request.house  # type: ignore[no-any-return, attr-defined]


def current_place(request: HttpRequest) -> Place:
    """The place this person works at now. Raises `NotFound` when they see none."""
    return requests.current_place(request)


def live_url(request: HttpRequest) -> str:
    """Where this page hears of changes, ticket included; empty outside any house. Asks no database."""
    actor: access.Actor | None = getattr(request, "actor", None)
    if actor is None:
        return ""
    return tickets.stream_url(tickets.for_staff(actor, now=timezone.now()), request.get_host())


def page(request: HttpRequest) -> dict[str, Any]:
    """The context processor."""
    return {
        "house": house(request),
        "live_url": partial(live_url, request),
        "languages": LANGUAGES,
        "moment_now": timezone.now(),
    }
