"""Today: what a place needs to know now, and what has just arrived."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from ...connect import calls
from ...core import replies
from ...core.time import now as this_moment
from ...house.models import Place
from ...house.requests import HouseRequest, current_place
from ...language.ears import queries as ears
from ...promise.models import Promise
from ...serve.models import Touch, Visit
from ...serve.queries import running_late
from ...team.standards import greeting
from ...team.standards.models import Moment
from .. import queries, words

WORTH_TELLING = timedelta(minutes=10)
PARTS = ("shift", "now", "calls", "waiting", "promises", "cases", "surprises", "expected", "here", "learned")


@require_GET
def today(request: HouseRequest) -> HttpResponse:
    """The first line answers "what now?"; below it, everything that runs."""
    place = current_place(request)
    return render(request, "desk/today.html", {"parts": _parts(request, place), "place": place})


@require_GET
def today_parts(request: HouseRequest) -> HttpResponse:
    """What of an open Today page has changed."""
    return replies.changed_parts(request, _parts(request, current_place(request)))


@require_GET
def arrivals(request: HouseRequest) -> HttpResponse:
    """What rings, and who arrived or wrote in the last moments, for every open page of the place.

    Whoever has just picked up and looks at Today gets the card; on any other page they may be writing something.
    """
    now, place = this_moment(), current_place(request)
    found = queries.news(request.actor, place, after=_moment(request.GET.get("after", "")), now=now)
    ringing, mine = calls.at_hand(place, staff_id=request.actor.staff_id, now=now)
    here = urlsplit(request.headers.get("HX-Current-URL", "")).path
    if mine is not None and here == reverse("today"):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("customer", args=[mine])})
    found = [each for each in found if here not in _pages_of(each)]
    openings = greeting.to_say(place, Moment.OPENING, [each.customer for each in ringing], request.staff)
    context = {
        "news": found,
        "after": int(now.timestamp() * 1000),
        "ringing": list(zip(ringing, openings, strict=True)),
        "may_change": request.actor.serves(place.id),
    }
    return render(request, "desk/arrivals.html", context)


def _pages_of(news: queries.News) -> set[str]:
    """Where a piece of news leads: whoever is there already need not be told."""
    card = {reverse("customer", args=[news.customer.id])}
    if news.surprise_id is not None:
        return {reverse("surprise", args=[news.surprise_id])}
    return card if news.case_id is None else card | {reverse("case", args=[news.case_id])}


def _parts(request: HouseRequest, place: Place) -> dict[str, SafeString]:
    now = this_moment()
    seen = queries.today(request.actor, place, now=now)
    owed = words.owed(seen.promises, seen.told)
    first = owed[0] if owed else None
    leading = first.promise.case_id if first else None
    first_touch = _first_touch(seen, first)
    context = {
        "now": now,
        "place": place,
        "seen": seen,
        "first": first,
        "first_words": _words_of(first.promise, seen) if first else "",
        "first_message": seen.waiting[0] if seen.waiting else None,
        "first_touch": first_touch,
        "first_heard": seen.heard.get(first_touch.id) if first_touch else seen.said.get(leading or 0),
        "next_visit": _next(seen, now),
        "waiting": _with_answers(seen, first),
        "first_known": _first_known(seen, first),
        "owed": _elsewhere_unseen(owed, seen),
        "expected": _with_needs(seen.expected, seen),
        "here": [
            {**row, "ungreeted": row["visit"].id in seen.ungreeted} for row in _with_needs(seen.here, seen)
        ],
        "late_minutes": _late_minutes(seen, now),
        "cases": _cases(seen, leading),
        "may_change": request.actor.serves(place.id),
        "on_duty": " · ".join(each.name for each in seen.shift.on_duty),
        "may_lead": request.actor.leads(place.id),
        "renews_at": int(seen.renews_at.timestamp() * 1000),
    }
    return replies.parts(request, "desk/today", PARTS, context)


def _cases(seen: queries.Today, leading: int | None) -> list[dict[str, Any]]:
    """Those whose customer has just written something urgent first; not the one that leads the page already."""
    rows = [
        {"case": case, "clock": seen.clocks.get(case.id), "said": seen.said.get(case.id)}
        for case in seen.cases
        if case.id != leading
    ]
    return sorted(rows, key=lambda row: ears.rank(row["said"]))


def _words_of(promise: Promise, seen: queries.Today) -> str:
    """What the promise is about: its own words, the case's, or those of the message to answer."""
    if promise.text:
        return promise.text
    if promise.case is not None:
        return promise.case.title
    return next((touch.text for touch in seen.waiting if touch.id == promise.touch_id), "")


def _with_answers(seen: queries.Today, first: words.Owed | None) -> list[dict[str, Any]]:
    """The messages that wait, what is urgent first, each with the ring of its answer; not the one that leads the page already."""
    leading = first.promise.touch_id if first and first.is_answer else None
    answers = {
        each.touch_id: each for each in seen.promises if each.kind in Promise.ANSWERS and each.touch_id
    }
    rows = [
        {
            "touch": touch,
            "promise": answers.get(touch.id),
            "known": _known(touch.customer_id, seen),
            "heard": seen.heard.get(touch.id),
        }
        for touch in seen.waiting
        if touch.id != leading
    ]
    return sorted(rows, key=lambda row: ears.rank(row["heard"]))


def _first_touch(seen: queries.Today, first: words.Owed | None) -> Touch | None:
    """The message that leads the page, if it is one."""
    if first is None:
        return seen.waiting[0] if seen.waiting else None
    return next(
        (touch for touch in seen.waiting if first.is_answer and touch.id == first.promise.touch_id), None
    )


def _first_known(seen: queries.Today, first: words.Owed | None) -> dict[str, Any] | None:
    """Who the sender of what leads the page may be, when that is a message."""
    if first is not None:
        return _known(first.promise.customer_id, seen) if first.is_answer else None
    return _known(seen.waiting[0].customer_id, seen) if seen.waiting else None


def _known(customer_id: int, seen: queries.Today) -> dict[str, Any] | None:
    """Who a sender may be: the other card of the likeliest pair, and the question about it."""
    pair = seen.pairs.get(customer_id)
    if pair is None:
        return None
    return {"pair": pair, "customer": pair.high if pair.low_id == customer_id else pair.low}


def _elsewhere_unseen(owed: list[words.Owed], seen: queries.Today) -> list[words.Owed]:
    """Promises but the first that no case and no message on the page shows already."""
    shown = {clock.id for clock in seen.clocks.values()}
    touches = {touch.id for touch in seen.waiting}
    return [row for row in owed[1:] if row.promise.id not in shown and row.promise.touch_id not in touches]


def _late_minutes(seen: queries.Today, now: datetime) -> int:
    """By how many minutes appointments begin late, where it is worth telling."""
    late = running_late(seen.here, now=now)
    return int(late.total_seconds() // 60) if late >= WORTH_TELLING else 0


def _with_needs(visits: list[Visit], seen: queries.Today) -> list[dict[str, Any]]:
    return [{"visit": visit, "needs": seen.needs.get(visit.customer_id, [])} for visit in visits]


def _next(seen: queries.Today, now: datetime) -> dict[str, Any] | None:
    """Who is expected next; a visit long overdue is not what one waits for."""
    coming = [row for row in _with_needs(seen.expected, seen) if row["visit"].expected_at >= now]
    return coming[0] if coming else None


def _moment(milliseconds: str) -> datetime | None:
    return (
        datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
        if milliseconds.isdecimal() and len(milliseconds) < 15
        else None
    )
