"""Beside every composer: what the coach marks in a draft, what came of it, and what somebody does not want to hear."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ..core.time import now
from ..engines.coach import Context
from ..engines.coach.rules import CHANNELS, MOODS, OCCASIONS
from ..house.requests import HouseRequest
from ..know import access as know
from ..know.forms import given_row
from ..know.mood import mood_of
from . import actions, checking, packs, queries, silencing, telling
from .models import CoachTally
from .views import explained_in, title
from .words import sure

LONGEST_NAME = 120


@require_POST
def check(request: HouseRequest) -> HttpResponse:
    """Marks on the draft. With `customer` (sent once, when somebody begins to write) also whether to write at all, and the mood of the
    reader, which comes back with what is typed next: some rules are for some moods only."""
    moment, mood = now(), request.POST.get("mood", "")
    answer: dict[str, object] = {}
    if (customer_id := given_row("customer", request.POST.get("customer", ""))) is not None:
        customer = know.customer(request.actor, customer_id)
        seen = mood_of(request.actor, customer.id, now=moment)
        found = silencing.advice(request.actor, customer, now=moment, mood=seen)
        mood = silencing.in_a_word(seen)
        answer = {"silence": [silencing.in_words(each) for each in found], "mood": mood}
    text = request.POST.get("text", "").replace("\x00", " ")[: checking.LONGEST]
    read = checking.check(request.actor, text, _context(request, mood), today=moment.date())
    marks = [telling.mark(each, text) for each in read.marks]
    for told, each in zip(marks, read.marks, strict=True):
        told["told"] = _("%(kind)s, %(sure)s") % {"kind": told["kind"], "sure": sure(each.certainty)}
    return JsonResponse({"marks": marks, "version": read.version} | answer)


def _context(request: HouseRequest, mood: str) -> Context:
    asked = request.POST.get("occasion", "").split(",")
    channel = request.POST.get("channel", "")
    known = [("writer", request.staff.name)]
    if name := request.POST.get("name", "").replace("\x00", "")[:LONGEST_NAME].strip():
        known.append(("name", name))
    return Context(
        occasions=frozenset(each for each in asked if each in OCCASIONS),
        channel=channel if channel in CHANNELS else "",
        mood=mood if mood in MOODS else "",
        explain_in=explained_in(),
        known=tuple(known),
        certain=checking.CERTAIN,
    )


@require_POST
def answered(request: HouseRequest) -> HttpResponse:
    """What came of marks: `taken`, `dismissed`, a reason why it is wrong; `shown` and `left` when the draft was sent."""
    moment, actor = now(), request.actor
    actor.must_serve(None)
    given = [
        (rule, CoachTally.Kind(kind))
        for kind in CoachTally.Kind.values
        for rule in request.POST.getlist(kind)[: actions.MOST_COUNTED]
    ]
    if given:
        number = checking.standing(request.staff.id)
        theirs = checking.known_rules(
            actor.organization_id, number, moment.date(), (rule for rule, _kind in given)
        )
        actions.count(actor, [each for each in given if each[0] in theirs], today=moment.date())
    return HttpResponse(status=204)


@require_POST
def silence(request: HouseRequest) -> HttpResponse:
    """A rule that one does not want to hear from; `again` hears it once more."""
    request.actor.must_serve(None)
    rule, number = request.POST.get("rule", ""), checking.standing(request.staff.id)
    if request.POST.get("again"):
        actions.hear_again(request.actor, rule)
        return redirect("my-words")
    if checking.known_rules(request.actor.organization_id, number, now().date(), [rule]):
        actions.silence(request.actor, rule, now=now())
    return HttpResponse(status=204)


@require_GET
def mine(request: HouseRequest) -> HttpResponse:
    """What one has silenced for oneself, to hear again."""
    known = packs.known(queries.own(queries.current()))
    rows = [
        {"key": each.rule, "title": title(found.shown) if (found := known.get(each.rule)) and found.shown else each.rule}
        for each in queries.silenced(request.actor.must_be_staff())
    ]  # fmt: skip
    return render(request, "language/mine.html", {"rows": rows})
