"""A customer's card, and finding one."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.functional import Promise as LazyText
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from ...core import replies
from ...core.errors import NotFound
from ...core.phrases import LANGUAGES
from ...core.time import now as this_moment
from ...house.requests import HouseRequest, current_place, places_of
from ...know import access as know_access
from ...know import actions as know
from ...know import linking
from ...know import queries as know_queries
from ...know import words as know_words
from ...know.models import Customer, Note
from ...know.reasons import pair_reasons
from ...own.queries import erased
from ...serve.models import Visit
from ...team.standards import greeting
from ...team.standards.models import Moment
from .. import queries, words

PARTS = ("person", "visit", "owed", "notes", "reach", "timeline")
FOUND = 8
_PAGES: list[tuple[str, str | LazyText, str]] = [
    ("today", _("Today"), "today"),
    ("message-new", _("A message came in"), "chat"),
    ("customer-new", _("New card"), "plus"),
    ("promises", _("Promises"), "promises"),
    ("cases", _("Cases"), "cases"),
    ("lineup", _("Line-up"), "lineup"),
    ("imports", _("Import"), "import"),
    ("help", _("Help"), "help"),
]


@require_GET
def card(request: HouseRequest, customer_id: int) -> HttpResponse:
    """How to address them, what must not go wrong, how they are now. Looking is journalled."""
    customer = know_access.customer(request.actor, customer_id)
    if customer.came_as is not None:
        return redirect("customer", customer.id)
    know.note_view(request.actor, customer, now=this_moment(), why=_why(request))
    context = {"customer": customer, "capture_customer": customer, "parts": _parts(request, customer)}
    return render(request, "desk/card.html", {**context, "may_change": request.actor.serves(None)})


_FROM = {
    "today": "arrival", "lineup": "arrival", "find": "search", "customers": "search", "case": "case", "cases": "case",
    "message-new": "message", "message-answer": "message", "promises": "promise",
}  # fmt: skip
"""Pages that one comes from, and what that says about the occasion."""


def _why(request: HouseRequest) -> str:
    """On what occasion a card is opened: what its link says, else the page that it stood on, else "browsing"."""
    if request.GET.get("by") == "search":
        return "search"
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc != request.get_host():
        return "browsing"
    try:
        name = resolve(came_from.path).url_name or ""
    except Resolver404:
        return "browsing"
    if name == "customers" and "q=" not in came_from.query:
        return "browsing"
    return _FROM.get(name, "browsing")


@require_GET
def card_parts(request: HouseRequest, customer_id: int) -> HttpResponse:
    """What of an open card has changed. A card whose person was erased closes."""
    try:
        customer = know_access.customer(request.actor, customer_id)
    except NotFound:
        if not request.actor.sees(None) or not erased(customer_id):
            raise
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("customers")})
    if customer.came_as is not None:  # merged while the page was open
        return HttpResponse(headers={"HX-Redirect": reverse("customer", args=[customer.id])})
    return replies.changed_parts(request, _parts(request, customer))


def _parts(request: HouseRequest, customer: Customer) -> dict[str, SafeString]:
    now = this_moment()
    seen = queries.card(request.actor, customer, now=now)
    clocks = {clock.id for clock in seen.clocks.values()}
    context = {
        "now": now,
        "place": current_place(request),
        "customer": customer,
        "card": seen,
        "language": dict(LANGUAGES).get(customer.language, ""),
        "cases": [{"case": case, "clock": seen.clocks.get(case.id)} for case in seen.cases],
        "owed": words.owed(each for each in seen.promises if each.id not in clocks),
        "reach": [(each, words.REACH_ICONS[each.kind]) for each in seen.identities],
        "questions": [
            {
                "pair": pair,
                "other": pair.low if pair.high_id == customer.id else pair.high,
                "why": pair_reasons(pair),
            }
            for pair in (linking.questions(customer) if request.actor.serves(None) else ())
        ],
        "greeting": _greeting(request, customer, seen, now),
        "mood": seen.known.mood,
        "quiet": know_words.quiet(customer, now.astimezone(current_place(request).zone).date()),
        "ask": seen.known.ask,
        "needs": words.notes(each for each in seen.known.leading if each.note.kind == Note.Kind.NEED),
        "notes": words.notes(each for each in seen.known.leading if each.note.kind != Note.Kind.NEED),
        "folded": words.notes(seen.known.folded),
        "lines": words.history(seen.timeline, seen.heard, request.actor.serves),
        "may_change": request.actor.serves(None),
    }
    return replies.parts(request, "desk/card", PARTS, context)


def _greeting(
    request: HouseRequest, customer: Customer, seen: queries.Card, now: datetime
) -> list[greeting.Line]:
    """What one may say to them now: while they are about to come, a greeting. One query then, else none."""
    visit = seen.visit
    if visit is None or visit.state == Visit.State.ARRIVED or abs(visit.at - now) > queries.SOON:
        return []
    place = next((each for each in places_of(request) if each.id == visit.place_id), current_place(request))
    return greeting.to_say(place, Moment.ARRIVAL, [customer], request.staff)[0]


@require_GET
def find(request: HouseRequest) -> HttpResponse:
    """Options for "find anything": people with the reason, then pages. Journals how many were found, never the words."""
    place, text = current_place(request), request.GET.get("q", "").strip()
    found = know_queries.find(text, region=place.region, limit=FOUND)
    if text:
        know.note_search(request.actor, found=len(found), now=this_moment())
    context = {"found": found, "pages": _pages(text), "text": text, "may_change": request.actor.serves(None)}
    return render(request, "desk/found.html", context)


def _pages(text: str) -> list[dict[str, str | LazyText]]:
    wanted, found = text.casefold(), []
    for name, label, icon in _PAGES:
        if wanted and wanted in str(label).casefold():
            try:
                found.append({"href": reverse(name), "label": label, "icon": icon})
            except NoReverseMatch:
                continue
    return found
