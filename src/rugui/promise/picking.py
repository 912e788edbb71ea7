"""Choosing the customer that something is about, before the page that asks what."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from ..core.errors import Text
from ..house.requests import current_place
from ..know.queries import find


def pick_customer(request: HttpRequest, *, title: Text, then: str) -> HttpResponse:
    """A search whose results lead to the address named `then` of the customer found."""
    place = current_place(request)
    request.actor.must_serve(place.id)  # type: ignore[attr-defined]
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    rows = [
        {"found": found, "url": reverse(then, args=[found.customer.id])}
        for found in (find(text, region=place.region) if text else [])
    ]
    context = {"title": title, "text": text, "rows": rows}
    template = "promise/picked.html" if request.headers.get("HX-Request") else "promise/pick.html"
    return render(request, template, context)
