"""What surrounds every request: log and metrics, language, the first run, and the house's transaction."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation

from ..core import metrics
from ..core.errors import HouseError
from ..core.web import open_to_all as open_to_all
from ..house import access

Handler = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("rugui.web")


class RequestLog:
    """One structured line and one metric per request; nothing signed-in is ever kept by a shared cache."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - started
        match = request.resolver_match
        route = match.route if match else "-"
        metrics.requests.labels(request.method, route, response.status_code).observe(seconds)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        if route not in {"health", "metrics"}:
            log.info(
                "request",
                extra={
                    "method": request.method,
                    "route": route,
                    "status": response.status_code,
                    "ms": round(seconds * 1000, 1),
                },
            )
        return response


class Language:
    """The signed-in person's language; for others what their browser asks for, or what they chose."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            language = request.user.language
        else:
            language = translation.get_language_from_request(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class FirstRun:
    """Until an owner exists there is one page only: the one that makes them."""

    OPEN = ("/welcome", "/static/", "/health", "/metrics", "/language")
    _done = False

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not FirstRun._done and not request.path.startswith(self.OPEN):
            FirstRun._done = access.anybody_can_sign_in()
            if not FirstRun._done:
                return redirect("welcome")
        return self.get_response(request)


class House:
    """Runs every page of a signed-in person in one transaction of their organization, as `request.actor`.

    The organization is the one chosen in the session. Views marked with `@open_to_all` stay outside.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        if match and match.route.startswith("accounts/"):
            return None  # allauth speaks by exceptions too, which only its own middleware understands
        outside = getattr(view, "open_to_all", False) or (match and match.route.startswith("api/"))
        if outside:
            try:
                return view(request, *args, **kwargs)
            except HouseError as error:
                return _refusal(request, error)
        if not request.user.is_authenticated:
            wanted = f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else ""
            return redirect(settings.LOGIN_PATH + wanted)
        organization_id = self._organization(request)
        if organization_id is None:
            return render(request, "house/no_house.html", status=403)
        try:
            with access.entered(organization_id, int(request.user.pk or 0)) as entry:
                if entry is not None:
                    request.actor, request.staff = entry.actor, entry.staff  # type: ignore[attr-defined]
                    return view(request, *args, **kwargs)
        except HouseError as error:
            return _refusal(request, error)
        del request.session["organization"]  # no longer staff there
        return redirect("today")

    @staticmethod
    def _organization(request: HttpRequest) -> int | None:
        if (chosen := request.session.get("organization")) is not None:
            return int(chosen)
        mine = access.organizations_of(int(request.user.pk or 0))
        if mine:
            request.session["organization"] = mine[0]
        return mine[0] if mine else None


def _refusal(request: HttpRequest, error: HouseError) -> HttpResponse:
    return render(request, "web/refusal.html", {"error": error}, status=error.status)
