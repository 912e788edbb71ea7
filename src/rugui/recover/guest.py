"""The customer's own page of one case: no log-in, no cookie, no script needed, in the language of the case.

The address is itself the permission, so there is no CSRF token, and hence no cookie (core/guests.py).
Everything is read by the database role `rugui_guest`, which has no right to anything internal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from ..core import tenancy, tickets
from ..core.errors import ChangedMeanwhile, InputError, NotFound
from ..core.guests import from_our_page, private
from ..core.ids import UnknownId, public_id, row_id
from ..core.replies import changed_parts, parts
from ..core.time import now
from ..core.web import open_to_all
from ..house.access import Actor
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
        found = queries.guest_page(guest.case_id, now=now())
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
        "said": words.guest_promises(found, now=now()),
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
        "sent": request.GET.get("sent", ""),
        **more,
    }
    return render(request, "recover/guest/page.html", context, status=more.get("status", 200))


def _write(
    request: HttpRequest, secret: str, guest: Guest, found: queries.Page, language: str
) -> HttpResponse:
    """The customer writes, chooses, says that it is not solved, or wants a person. Sent twice it is one; after it the page is
    fetched anew, not sent again."""
    if not from_our_page(request):
        raise NotFound
    do = request.POST.get("do", "write")
    problem, status = "", 422
    try:
        if do == "write":
            form = WriteBackForm(request.POST)
            problem = "" if form.is_valid() else " ".join(str(error) for error in form.errors["text"])
            if not problem:
                _act(guest, lambda actor, case: _write_back(actor, case, form.cleaned_data["text"]))
        else:
            _act(guest, _tapped(do, request))
    except ChangedMeanwhile as error:
        problem, status = str(error), 409
    except InputError as error:
        problem = str(error)
    if problem:
        text = request.POST.get("text", "")[: actions.LONGEST_GUEST_TEXT]
        if status == 409:
            with access.as_guest(guest):
                found = queries.guest_page(guest.case_id, now=now())
        return _show(request, secret, guest, found, language, problem=problem, text=text, status=status)
    query = {"sent": do} | ({"language": language} if language != found.language else {})
    end = "#thread-end" if do == "write" else ""
    return redirect(f"{reverse('guest-case', args=[secret])}?{urlencode(query)}{end}")


def _tapped(do: str, request: HttpRequest) -> Callable[[Actor, Case], object]:
    """What a button of the page does. Raises `NotFound` for one that it does not have."""
    if do == "choose":
        try:
            chosen = row_id("casechoice", request.POST.get("choice", ""))
        except UnknownId as error:
            raise NotFound from error
        return lambda actor, case: actions.choose(actor, case, chosen, now=now())
    if do == "not-solved":
        text = _("It is not solved.")
        return lambda actor, case: actions.not_solved(actor, case, text=text, now=now())
    if do == "person":
        text = _("I would like to speak to a person.")
        return lambda actor, case: actions.ask_for_a_person(actor, case, text=text, now=now())
    raise NotFound


def _write_back(actor: Actor, case: Case, text: str) -> object:
    return actions.customer_writes(actor, case, text=text, now=now())


def _act(guest: Guest, act: Callable[[Actor, Case], object]) -> None:
    with tenancy.within(guest.organization_id):
        case = Case.objects.select_related("customer", "place").get(id=guest.case_id)
        act(guest.actor, case)


def _language(request: HttpRequest, default: str) -> str:
    """The language chosen on this page, for this page; nothing is remembered."""
    chosen = request.GET.get("language", "")
    return chosen if chosen in dict(settings.LANGUAGES) else default


def _stream(request: HttpRequest, guest: Guest) -> str:
    made = tickets.for_guest(guest.organization_id, guest.case_id, now=now())
    return tickets.stream_url(made, request.get_host())
