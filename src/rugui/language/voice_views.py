"""The pages of voices: the house's for who leads, one's own for oneself; and what came of the coach's marks."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from ..core.time import now
from ..house.requests import HouseRequest
from . import packs, queries, voices
from .models import CoachTally
from .views import title

SHOWN = 10


@require_GET
def house(request: HouseRequest) -> HttpResponse:
    """How we write as a whole, and what came of the coach's marks."""
    found = voices.of_house(request.actor)
    counts = queries.tallies(now().date())
    kind = CoachTally.Kind
    totals = {each: sum(said.get(each, 0) for said in counts.values()) for each in kind}
    known = packs.known(queries.own(queries.current())) if counts else {}
    busiest = sorted(counts.items(), key=lambda each: -each[1].get(kind.SHOWN, 0))[:SHOWN]
    rows = [
        {
            "key": key, "title": title(rule.shown), "shown": said.get(kind.SHOWN, 0), "taken": said.get(kind.TAKEN, 0),
            "left": said.get(kind.LEFT, 0), "wrong": said.get(kind.DISMISSED, 0) + queries.wrong(said),
        }
        for key, said in busiest
        if (rule := known.get(key)) and rule.shown
    ]  # fmt: skip
    context = {
        "voices": found, "rows": rows, "days": queries.DAYS, "least": voices.LEAST,
        "shown": totals[kind.SHOWN], "taken": totals[kind.TAKEN], "left": totals[kind.LEFT],
    }  # fmt: skip
    return render(request, "language/voice.html", context)


@require_GET
def mine(request: HouseRequest) -> HttpResponse:
    """How one writes oneself. Nobody else can open this."""
    context = {"voices": voices.of_oneself(request.actor), "least": voices.LEAST}
    return render(request, "language/my_voice.html", context)
