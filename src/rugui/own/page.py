"""The customer's own page of all that is held of them: no log-in, no cookie, no script needed, to be printed as it is.

Everything is read by the database role `rugui_own`, which sees one customer's rows and nothing internal.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from ..core.errors import HouseError, NotFound
from ..core.guests import from_our_page, private
from ..core.ids import UnknownId, row_id
from ..core.time import now
from ..core.web import open_to_all
from . import access, actions, queries, words
from .access import Owner

DONE = {"correct", "object", "consent", "erase"}


@open_to_all
@csrf_exempt
@require_http_methods(["GET", "POST"])
@private
def page(request: HttpRequest, secret: str) -> HttpResponse:
    """Everything held that is theirs, and what they may do about it."""
    owner = access.owner(secret, now=now())
    with access.as_owner(owner):
        found = queries.held(owner.customer_id)
    language = _language(request, found)
    with translation.override(language):
        response = (
            _do(request, secret, owner, found) if request.method == "POST" else _show(request, secret, found)
        )
    response["Content-Language"] = language
    return response


@open_to_all
@require_GET
@private
def export(request: HttpRequest, secret: str) -> HttpResponse:
    """All of it as one JSON file."""
    owner = access.owner(secret, now=now())
    with access.as_owner(owner):
        found = queries.held(owner.customer_id)
    response = JsonResponse(
        queries.export(found, now=now()), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    response["Content-Disposition"] = 'attachment; filename="held-of-me.json"'
    return response


@open_to_all
@require_GET
@private
def export_pdf(request: HttpRequest, secret: str) -> HttpResponse:
    """All of it to be read: a PDF in the language of the page."""
    from . import paper

    owner, moment = access.owner(secret, now=now()), now()
    with access.as_owner(owner):
        found = queries.held(owner.customer_id)
    with translation.override(_language(request, found)):
        response = HttpResponse(paper.pdf(found, now=moment), content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="held-of-me.pdf"'
    return response


def _language(request: HttpRequest, found: queries.Held) -> str:
    """The one that was chosen, else the customer's."""
    chosen = request.GET.get("language", "")
    return chosen if chosen in dict(settings.LANGUAGES) else found.language


def _show(
    request: HttpRequest, secret: str, found: queries.Held, *, problem: str = "", status: int = 200
) -> HttpResponse:
    address = reverse("own", args=[secret])
    chosen = request.GET.get("language", "")
    done = request.GET.get("done", "")
    context = {
        "held": found,
        "zone": ZoneInfo(found.timezone),
        "sections": words.sections(found, now=now()),
        "here": f"{address}?language={chosen}" if chosen in dict(settings.LANGUAGES) else address,
        "export": reverse("own-export", args=[secret]),
        "export_pdf": f"{reverse('own-export-pdf', args=[secret])}?language={translation.get_language()}",
        "languages": [(code, name, f"{address}?language={code}") for code, name in settings.LANGUAGES],
        "language": translation.get_language(),
        "longest": actions.LONGEST_TEXT,
        "done": done if done in DONE else "",
        "problem": problem,
        "text": request.POST.get("text", "")[: actions.LONGEST_TEXT] if problem else "",
    }
    return render(request, "own/page.html", context, status=status)


def _do(request: HttpRequest, secret: str, owner: Owner, found: queries.Held) -> HttpResponse:
    if not from_our_page(request):
        raise NotFound
    wish = request.POST.get("do", "")
    if wish not in DONE:
        raise NotFound
    try:
        _carry_out(request, owner, wish)
    except NotFound:
        raise
    except HouseError as error:
        return _show(request, secret, found, problem=str(error), status=error.status)
    language = request.GET.get("language", "")
    chosen = f"&language={language}" if language in dict(settings.LANGUAGES) else ""
    return redirect(f"{reverse('own', args=[secret])}?done={wish}{chosen}")


def _carry_out(request: HttpRequest, owner: Owner, wish: str) -> None:
    moment, note, consent = now(), request.POST.get("note", ""), request.POST.get("consent", "")
    if wish == "correct":
        actions.correct(owner, _row("note", note) if note else None, request.POST.get("text", ""), now=moment)
    elif wish == "object":
        actions.object_to(owner, _row("note", note), now=moment)
    elif wish == "consent":
        actions.withdraw_consent(owner, _row("consent", consent), now=moment)
    else:
        actions.ask_erasure(owner, now=moment)


def _row(kind: str, public: str) -> int:
    try:
        return row_id(kind, public)
    except UnknownId as error:
        raise NotFound from error
