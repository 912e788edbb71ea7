"""Leads every call of the API through its door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from .door import enter

DOCUMENT = "openapi-json"
"""The one address of the API that needs no token: its description."""


class ApiDoor:
    """Calls the API's views with the token's actor, inside the token's organization."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or not match.route.startswith("api/") or match.url_name == DOCUMENT:
            return None
        return enter(request, view, args, kwargs)
