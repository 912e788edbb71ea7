"""What was heard of one message, set right with a tap; and everything that the house has set right."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ...core import replies
from ...core.time import now
from ...house.requests import HouseRequest
from ...serve import access as serve_access
from ...serve.models import Touch
from . import access, actions, queries, words
from .forms import TopicForm
from .listening import topic_id
from .models import HearingCorrection
from .queries import topic_names


@require_http_methods(["GET", "POST"])
def heard(request: HouseRequest, touch_id: int) -> HttpResponse:
    """Every question about a message, each answered with one tap."""
    touch = serve_access.touch(request.actor, touch_id)
    request.actor.must_serve(touch.place_id)
    if request.method == "POST":
        what, answer = request.POST.get("what", ""), request.POST.get("answer", "")
        made = actions.correct(request.actor, touch, what=what, answer=answer, now=now())
        return _answered(request, made, _said(made), undo=True)
    return render(request, "language/ears/heard.html", about(request, touch))


def about(request: HouseRequest, touch: Touch) -> dict[str, Any]:
    """What the panel of a message shows: chips, what is named, and every question. Three queries; one more for topics."""
    seen = queries.seen([touch.id]).get(touch.id)
    return {
        "touch": touch,
        "heard": seen,
        "questions": queries.questions(touch, seen.heard if seen else None),
    }


@require_POST
def withdraw(request: HouseRequest, correction_id: int) -> HttpResponse:
    """A correction holds no longer."""
    correction = access.correction(request.actor, correction_id)
    actions.withdraw(request.actor, correction, now=now())
    return _answered(request, correction, _("Taken back. It is heard again as before."))


def _said(correction: HearingCorrection) -> str:
    number = topic_id(correction.what)
    return words.told(correction.what, correction.answer, topic_names([number] if number else []))


def _answered(
    request: HouseRequest, correction: HearingCorrection, said: str, *, undo: bool = False
) -> HttpResponse:
    touch = correction.touch
    events = replies.live(touch.customer, *([touch.place] if touch.place else []))
    back = reverse("heard-withdraw", args=[correction.id]) if undo else ""
    to = reverse("ears") if request.POST.get("from") == "ears" else reverse("heard", args=[touch.id])
    return replies.changed(request, to, toast=said, undo=back, events=events)


@require_http_methods(["GET", "POST"])
def ears(request: HouseRequest) -> HttpResponse:
    """What the house listens for besides, and what its people have set right."""
    request.actor.must_lead_somewhere()
    form = TopicForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.add_topic(request.actor, **form.cleaned_data, now=now())
            return replies.changed(request, reverse("ears"), toast=_("The house listens for it from now on."))
    rows = queries.corrections(request.actor)
    names = topic_names({number for row in rows if (number := topic_id(row.what)) is not None})
    context = {
        "form": form,
        "topics": queries.topics(),
        "rows": [
            {"row": row, "said": words.told(row.what, row.answer, names), "may": request.actor.serves(row.touch.place_id)}
            for row in rows
        ],
    }  # fmt: skip
    return render(request, "language/ears/ears.html", context, status=422 if form.errors else 200)


@require_POST
def topic_end(request: HouseRequest, topic_id: int) -> HttpResponse:
    """The house no longer listens for a topic."""
    actions.end_topic(request.actor, access.topic(request.actor, topic_id), now=now())
    return redirect("ears")
