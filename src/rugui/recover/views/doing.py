"""What is said and done in a case: the words to the customer, the talk, the steps that are written down."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ...core.errors import ChangedMeanwhile
from ...core.ids import UnknownId, row_id
from ...core.time import now
from ...house.requests import HouseRequest
from .. import access, actions, queries
from ..forms import DocumentForm, ReviewForm
from ..models import Case, CaseStep
from .page import attempt, page_or_form, stepped, typed_text


@require_POST
def say(request: HouseRequest, case_id: int) -> HttpResponse:
    """Words that the customer reads: an apology, a report, the solution, or simply a message."""
    found, moment = access.case(request.actor, case_id), now()
    text, kind = typed_text(request), request.POST.get("kind", "message")
    doing: dict[str, tuple[Callable[..., object], str]] = {
        "apology": (actions.apologise, _("Sent. Now listen, and go over it with them.")),
        "report": (actions.report_progress, _("Reported. Twenty minutes begin again.")),
        "solution": (actions.solve, _("Sent. The clock has stopped.")),
        "message": (actions.write_to_customer, _("Sent.")),
    }
    do, toast = doing.get(kind, doing["message"])
    more = {"clock": _seen_clock(request)} if do is actions.report_progress else {}
    return attempt(
        request,
        found,
        lambda: do(request.actor, found, text=text, now=moment, **more),
        toast=toast,
        composer_text=text,
    )


def _seen_clock(request: HouseRequest) -> int | None:
    try:
        return row_id("promise", request.POST["clock"]) if request.POST.get("clock") else None
    except UnknownId as error:
        raise ChangedMeanwhile from error


@require_POST
def talk(request: HouseRequest, case_id: int) -> HttpResponse:
    """A word among colleagues."""
    found, text = access.case(request.actor, case_id), typed_text(request)
    return attempt(
        request,
        found,
        lambda: actions.talk(request.actor, found, text=text, now=now()),
        toast=_("Said among colleagues."),
        talk_text=text,
    )


@require_http_methods(["GET", "POST"])
def review(request: HouseRequest, case_id: int) -> HttpResponse:
    """Step two."""
    found, moment = access.case(request.actor, case_id), now()
    if request.method == "GET":
        return page_or_form(request, found, "review", _written(found, "review"))
    form = ReviewForm(request.POST, prefix="review")
    if form.is_valid():
        with form.refusals():
            actions.review_together(request.actor, found, **form.cleaned_data, now=moment)
            return stepped(request, found, "review", moment, _("Written down. Now put it right."))
    return page_or_form(request, found, "review", form)


@require_http_methods(["GET", "POST"])
def document(request: HouseRequest, case_id: int) -> HttpResponse:
    """Step four."""
    found, moment = access.case(request.actor, case_id), now()
    if request.method == "GET":
        return page_or_form(request, found, "document", _written(found, "document"))
    form = DocumentForm(request.POST, prefix="document")
    if form.is_valid():
        with form.refusals():
            data = dict(form.cleaned_data)
            seen = data.pop("seen")
            actions.document(request.actor, found, actions.Findings(**data), seen=seen, now=moment)
            return stepped(
                request, found, "document", moment, _("Documented: tomorrow's line-up tells the team.")
            )
    return page_or_form(request, found, "document", form)


def _written(case: Case, name: str) -> ReviewForm | DocumentForm:
    """The form of a step, with what was written in it before."""
    step = queries.steps(case.id).get(name)
    seen = actions.step_mark(step)
    if name == CaseStep.Step.REVIEW:
        said = step.text if step and not step.skipped else ""
        written = {"text": said, "wanted": case.wanted, "injustice": case.injustice, "seen": seen}
        return ReviewForm(initial=written, prefix=name)
    names = ("element", "failure", "where", "cause", "lesson", "stage", "kind")
    fields = {field: getattr(case, field) for field in names}
    if step is None:
        fields["failure"] = case.title[: actions.LONGEST_LINE]
    return DocumentForm(initial={**fields, "seen": seen}, prefix=name)
