"""Practising: choosing somebody who does not exist, answering them, and what is said about it afterwards."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from ...core.errors import InputError, NotFound
from ...core.phrases import LANGUAGES
from ...core.time import now
from ...engines import practise as engine
from ...house.requests import HouseRequest
from . import actions, words
from .models import Practice


@require_http_methods(["GET", "POST"])
def practise(request: HouseRequest) -> HttpResponse:
    """Somebody to practise with, what one has practised, and what colleagues have shared."""
    language = request.POST.get("language") or request.GET.get("language") or get_language() or "en"
    if request.method == "POST":
        try:
            made = actions.begin(
                request.actor, scenario=request.POST.get("scenario", ""), language=language, now=now()
            )
        except InputError as error:
            raise NotFound from error
        return redirect("practice", made.public_id)
    language = language if language in dict(LANGUAGES) else "en"
    context = {
        "offered": words.offered(request.staff.organization.trade, language),
        "languages": LANGUAGES,
        "language": language,
        "mine": [_titled(row) for row in actions.mine(request.actor)],
        "shared": [_titled(row) for row in actions.shared(request.actor)],
    }
    return render(request, "recover/practise/all.html", context)


def _titled(row: Practice) -> dict[str, object]:
    return {"row": row, "title": engine.scenarios()[row.scenario].told[row.language].title}


@require_http_methods(["GET", "POST"])
def practice(request: HouseRequest, practice_id: int) -> HttpResponse:
    """The talk; once it is over, the two things to write down; and then how it went."""
    row = actions.practice(request.actor, practice_id)
    problems: list[str] = []
    if request.method == "POST":
        try:
            _act(request, row)
        except InputError as error:
            problems = [str(each) for each in error.fields.values()]
        else:
            return redirect("practice", row.public_id)
    told = engine.scenarios()[row.scenario].told[row.language]
    context = {
        "row": row,
        "told": told,
        "theirs": row.staff_id != request.actor.staff_id,
        "problems": problems,
        "text": request.POST.get("text", ""),
        "debrief": words.debrief(row, today=now().date()) if row.state == Practice.State.ENDED else None,
        "longest": actions.LONGEST,
    }
    return render(request, "recover/practise/one.html", context, status=422 if problems else 200)


def _act(request: HouseRequest, row: Practice) -> None:
    do, moment = request.POST.get("do", "answer"), now()
    if do == "answer":
        count = request.POST.get("count", "")
        actions.answer(
            request.actor,
            row,
            text=_typed(request, "text"),
            count=int(count) if count.isdecimal() else -1,
            now=moment,
        )
    elif do == "end":
        actions.end_talk(request.actor, row, now=moment)
    elif do == "write":
        failure, lesson = _typed(request, "failure"), _typed(request, "lesson")
        actions.write_down(request.actor, row, failure=failure, lesson=lesson, now=moment)
    else:
        raise NotFound


def _typed(request: HouseRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\x00", "").replace("\r\n", "\n")


@require_POST
def share(request: HouseRequest, practice_id: int) -> HttpResponse:
    """Shows it to who leads, or no longer; or forgets it."""
    row, do = actions.practice(request.actor, practice_id), request.POST.get("do", "")
    if do == "share":
        actions.share(request.actor, row, now=now())
    elif do == "keep":
        actions.keep_to_oneself(request.actor, row, now=now())
    elif do == "forget":
        actions.forget(request.actor, row)
        return redirect("practise")
    else:
        raise NotFound
    return redirect("practice", row.public_id)
