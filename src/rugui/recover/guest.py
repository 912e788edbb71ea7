"""The customer's own page of one case: no log-in, no cookie, no script needed, in the language of the case.

The address is itself the permission, so there is no CSRF token, and hence no cookie (core/guests.py).
Everything is read by the database role `rugui_guest`, which has no right to anything internal.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from ..core import tenancy, tickets
from ..core.errors import InputError, NotFound
from ..core.guests import from_our_page, private
from ..core.ids import public_id
from ..core.replies import changed_parts, parts
from ..core.time import now
from ..core.web import open_to_all
from . import access, actions, queries, words
from .access import Guest
from .forms import WriteBackForm
from .models import Case

PARTS = ["state", "thread"]


@open_to_all
@csrf_exempt
@require_http_methods(["GET", "POST"])
@private
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
@private
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
    if not from_our_page(request):
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
