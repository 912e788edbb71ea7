"""What pages have in common that a customer opens by an unguessable address: no log-in, no cookie, no CSRF token.

Whoever could forge a form would have to know the address, and could then write openly. What a browser says about where
a form was sent from (`Sec-Fetch-Site`, `Origin`) is checked as well. `Origin: null` is what browsers send for a form of
a page with `Referrer-Policy: no-referrer`, which these have, so that the address is told to nobody.
"""

from __future__ import annotations

from functools import wraps
from typing import Protocol
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .errors import NotFound


class GuestView(Protocol):
    def __call__(self, request: HttpRequest, secret: str) -> HttpResponse: ...


def private(view: GuestView) -> GuestView:
    """A kind "not found" for every link that does not open anything, and headers that keep the page to its reader."""

    @wraps(view)
    def kept_private(request: HttpRequest, secret: str) -> HttpResponse:
        try:
            response = view(request, secret)
        except NotFound:
            response = render(request, "web/guest/gone.html", status=404)
        response._has_been_logged = True  # type: ignore[attr-defined]  # Django would log the address, which is the secret
        response["Cache-Control"] = "private, no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return kept_private


def from_our_page(request: HttpRequest) -> bool:
    """What the browser says about where the form was; an old one, which says nothing, is believed."""
    site = request.headers.get("Sec-Fetch-Site", "")
    if site:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin", "null")
    return origin == "null" or urlsplit(origin).netloc == request.get_host()
