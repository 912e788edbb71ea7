"""The customer's own page of one case: no log-in, no cookie, no script needed, in the language of the case.

The address holds 256 random bits and is itself the permission, so there is no CSRF token (and hence no cookie): whoever
could forge a form would have to know the address, and could then write openly. What a browser says about where a form
was sent from (`Sec-Fetch-Site`, `Origin`) is checked as well. `Origin: null` is what browsers send for a form of
a page with `Referrer-Policy: no-referrer`, which this one has, so that the address is told to nobody.

Everything is read by the database role `rugui_guest`, which has no right to anything internal.
"""

from __future__ import annotations

from functools import wraps
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from ..core import tenancy, tickets
from ..core.errors import InputError, NotFound
from ..core.ids import public_id
from ..core.replies import changed_parts, parts
from ..core.time import now
from ..core.web import open_to_all
from . import access, actions, queries, words
from .access import Guest
from .forms import WriteBackForm
from .models import Case

PARTS = ["state", "thread"]


class GuestView(Protocol):
    def __call__(self, request: HttpRequest, secret: str) -> HttpResponse: ...


def _private(view: GuestView) -> GuestView:
    """A kind "not found" for every link that does not open anything, and headers that keep the page to its reader."""

    @wraps(view)
    def kept_private(request: HttpRequest, secret: str) -> HttpResponse:
        try:
            response = view(request, secret)
        except NotFound:
            response = render(request, "recover/guest/gone.html", status=404)
        response._has_been_logged = True  # type: ignore[attr-defined]  # Django would log the address, which is the secret
        response["Cache-Control"] = "private, no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return kept_private


@open_to_all
@csrf_exempt
@require_http_methods(["GET", "POST"])
@_private
def page(request: HttpRequest, secret: str) -> HttpResponse:
    """How far it is, what was said, and a box to write back."""
    guest = access.guest(secret, now=now())
    with access.as_guest(guest):
        found = queries.guest_page(guest.case_id)
    language = _language(request, found.language)
    with translation.override(language):
        if request.method == "POST":
            response = _write(request, secret, guest, found, language)
        else:
            response = _show(request, secret, guest, found, language)
    response["Content-Language"] = language
    return response


@open_to_all
@require_GET
@_private
def ticket(request: HttpRequest, secret: str) -> HttpResponse:
    """`{"url": …}`: the live stream of this case, good for an hour."""
    guest = access.guest(secret, now=now())
    return JsonResponse({"url": _stream(request, guest)})


def _show(
    request: HttpRequest, secret: str, guest: Guest, found: queries.Page, language: str, **more: Any
) -> HttpResponse:
    address = reverse("guest-case", args=[secret])
    query = f"?{urlencode({'language': language})}" if language != found.language else ""
    context = {
        "page": found,
        "zone": found.zone,
        "rail": words.guest_rail(found.done),
        "here": address + query,
        "languages": [(code, name, f"{address}?language={code}") for code, name in settings.LANGUAGES],
        "language": language,
        "longest": actions.LONGEST_GUEST_TEXT,
    }
    made = parts(request, "recover/guest", PARTS, context)
    if request.headers.get("HX-Request") and "status" not in more:
        return changed_parts(request, made)
    context |= {
        "parts": made,
        "live_url": _stream(request, guest),
        "live_ticket_url": reverse("guest-ticket", args=[secret]),
        "live_event": f"live:case-{public_id('case', guest.case_id)}",
        "sent": "sent" in request.GET,
        **more,
    }
    return render(request, "recover/guest/page.html", context, status=more.get("status", 200))


def _write(
    request: HttpRequest, secret: str, guest: Guest, found: queries.Page, language: str
) -> HttpResponse:
    """The customer writes back. Sent twice it is one message; after it the page is fetched anew, not sent again."""
    if not _from_our_page(request):
        raise NotFound
    form = WriteBackForm(request.POST)
    problem = "" if form.is_valid() else " ".join(str(error) for error in form.errors["text"])
    if not problem:
        try:
            _take_in(guest, form.cleaned_data["text"])
        except InputError as error:
            problem = str(error)
    if problem:
        text = request.POST.get("text", "")[: actions.LONGEST_GUEST_TEXT]
        return _show(request, secret, guest, found, language, problem=problem, text=text, status=422)
    query = {"sent": "1"} | ({"language": language} if language != found.language else {})
    return redirect(f"{reverse('guest-case', args=[secret])}?{urlencode(query)}#thread-end")


def _take_in(guest: Guest, text: str) -> None:
    with tenancy.within(guest.organization_id):
        case = Case.objects.select_related("customer", "place").get(id=guest.case_id)
        actions.customer_writes(guest.actor, case, text=text, now=now())


def _language(request: HttpRequest, default: str) -> str:
    """The language chosen on this page, for this page; nothing is remembered."""
    chosen = request.GET.get("language", "")
    return chosen if chosen in dict(settings.LANGUAGES) else default


def _stream(request: HttpRequest, guest: Guest) -> str:
    made = tickets.for_guest(guest.organization_id, guest.case_id, now=now())
    return tickets.stream_url(made, request.get_host())


def _from_our_page(request: HttpRequest) -> bool:
    """What the browser says about where the form was; an old one, which says nothing, is believed."""
    site = request.headers.get("Sec-Fetch-Site", "")
    if site:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin", "null")
    return origin == "null" or urlsplit(origin).netloc == request.get_host()
