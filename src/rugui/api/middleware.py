"""Leads every call of the API through its door."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse

from ..core.phrases import NOT_FOUND
from .door import enter
from .problems import CONTENT_TYPE, problem

DOCUMENT = "openapi-json"
"""The one address of the API that needs no token: its description."""


class ApiDoor:
    """Calls the API's views with the token's actor, inside the token's organization."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code < 400 or not request.path_info.startswith("/api/"):
            return response
        return response if response["Content-Type"] == CONTENT_TYPE else _as_problem(response)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or not match.route.startswith("api/") or match.url_name == DOCUMENT:
            return None
        return enter(request, view, args, kwargs)


def _as_problem(response: HttpResponse) -> HttpResponse:
    """An error that did not come from a call (no such address, a method that it lacks, a failure of ours)."""
    status = HTTPStatus(response.status_code)
    made = problem(status, str(NOT_FOUND) if status == 404 else f"{status.description}.")
    if "Allow" in response:
        made["Allow"] = response["Allow"]
    return made
