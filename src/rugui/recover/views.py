"""The house's side of recovery: the list of cases, opening one, and the page on which it is put right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import segno
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ..config import config
from ..core.errors import ChangedMeanwhile, InputError
from ..core.ids import UnknownId, row_id
from ..core.replies import changed, changed_parts, live, parts
from ..core.time import now
from ..core.web import address
from ..house.models import Place
from ..house.requests import HouseRequest, current_place
from ..know import access as know
from ..know import actions as know_actions
from ..know.models import Customer
from ..promise import words as promise_words
from ..promise.models import Promise
from ..promise.picking import pick_customer
from ..serve import access as serve
from ..serve.models import Touch
from . import access, actions, queries, words
from .forms import DocumentForm, OpenForm, ReviewForm
from .models import Case, CaseStep

PAGE = 50
RENEW = "case-changed"
"""Said by a reply to this page's own changes, so that it need not wait for the stream."""
PARTS = ["head", "now", "thread", "say", "talk", "end"]
SAME_FORM = timedelta(seconds=30)


@require_GET
def case_list(request: HouseRequest) -> HttpResponse:
    """Cases of the place, newest first."""
    place = current_place(request)
    state = request.GET.get("state", Case.State.OPEN)
    state = state if state in Case.State.values else ""
    before = _before(request)
    found = queries.case_list(place.id, state=state, before=before, limit=PAGE + 1)
    cases = found[:PAGE]
    clocks = queries.clocks(cases)
    told = {row.promise.case_id: row.told for row in promise_words.rows(list(clocks.values()))}
    context = {
        "place": place,
        "zone": place.zone,
        "state": state,
        "rows": _rows(cases, clocks, told),
        "next": cases[-1].public_id if len(found) > PAGE else "",
        "before": before,
        "may_serve": request.actor.serves(place.id),
        "renew_on": ", ".join(f"{event} from:body" for event in [RENEW, "live:reload", *live(place)]),
    }
    made = parts(request, "recover", ["rows"], context)
    if request.headers.get("HX-Request"):
        return changed_parts(request, made)
    states = [*Case.State.choices, ("all", _("all"))]
    return render(request, "recover/cases.html", {**context, "parts": made, "states": states})


def _rows(cases: list[Case], clocks: dict[int, Promise], told: dict[int | None, str]) -> list[dict[str, Any]]:
    """What the list shows of each case, ready: the words that repeat are looked up once."""
    states = {value: str(label) for value, label in Case.State.choices}
    nobody = _("nobody's yet")
    return [
        {
            "href": address("case", case.public_id),
            "title": case.title,
            "who": case.customer.called,
            "owner": case.owner.name if case.owner else nobody,
            "state": case.state,
            "words": states[case.state],
            "opened_at": case.opened_at,
            "clock": clocks.get(case.id),
            "told": told.get(case.id, ""),
        }
        for case in cases
    ]


def _before(request: HouseRequest) -> int | None:
    try:
        return row_id("case", request.GET["before"]) if "before" in request.GET else None
    except UnknownId:
        return None


@require_GET
def new(request: HouseRequest) -> HttpResponse:
    """A case begins with whom it happened to."""
    return pick_customer(request, title=_("Whom did it happen to?"), then="case-open")


@require_http_methods(["GET", "POST"])
def open_for_customer(request: HouseRequest, customer_id: int) -> HttpResponse:
    """From a card, or by hand."""
    return _open(request, know.customer(request.actor, customer_id), current_place(request), None)


@require_http_methods(["GET", "POST"])
def open_for_touch(request: HouseRequest, touch_id: int) -> HttpResponse:
    """From a message that waits for an answer."""
    touch = serve.touch(request.actor, touch_id)
    return _open(request, touch.customer, touch.place or current_place(request), touch)


def _open(request: HouseRequest, customer: Customer, place: Place, touch: Touch | None) -> HttpResponse:
    request.actor.must_serve(place.id)
    initial = {"language": customer.language or request.staff.organization.language}
    if touch is not None:
        initial |= {"complaint": touch.text, "title": _first_words(touch.text)}
    form = OpenForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            return redirect("case", _open_once(request, customer, place, touch, form).id)
    context = {"form": form, "customer": customer, "place": place, "back": _card_or_list(customer)}
    return render(request, "recover/open.html", context, status=422 if form.errors else 200)


def _open_once(
    request: HouseRequest, customer: Customer, place: Place, touch: Touch | None, form: OpenForm
) -> Case:
    moment, title = now(), form.cleaned_data["title"]
    # Held so that a form that is sent twice finds what the first one has opened.
    Customer.objects.select_for_update(no_key=True).get(id=customer.id)
    if already := queries.just_opened(request.actor.staff_id, customer.id, title, since=moment - SAME_FORM):
        return already
    return actions.open_case(
        request.actor,
        customer,
        place,
        title=title,
        complaint=form.cleaned_data["complaint"],
        language=form.cleaned_data["language"],
        touch=touch,
        now=moment,
    )


def _first_words(text: str, limit: int = 60) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


@require_GET
def case(request: HouseRequest, case_id: int) -> HttpResponse:
    """One case, to be put right."""
    found = access.case(request.actor, case_id)
    if request.headers.get("HX-Request"):
        made = parts(request, "recover/case", PARTS, _context(request, found))
        return changed_parts(request, made)
    know_actions.note_view(request.actor, found.customer, now=now(), why="case")
    return _page(request, found)


def _page(request: HouseRequest, case: Case, **more: Any) -> HttpResponse:
    """The whole page; `more` are forms with errors, the words of a composer, a status."""
    status = more.pop("status", 200)
    context = _context(request, case)
    made = parts(request, "recover/case", PARTS, context)
    return render(request, "recover/case.html", {**context, "parts": made, **more}, status=status)


def _written(case: Case, name: str) -> ReviewForm | DocumentForm:
    """The form of a step, with what was written in it before."""
    step = queries.steps(case.id).get(name)
    seen = actions.step_mark(step)
    if name == CaseStep.Step.REVIEW:
        return ReviewForm(initial={"text": step.text if step else "", "seen": seen}, prefix=name)
    fields = {field: getattr(case, field) for field in ("element", "failure", "where", "cause", "lesson")}
    return DocumentForm(initial={**fields, "seen": seen}, prefix=name)


def _context(request: HouseRequest, case: Case) -> dict[str, Any]:
    steps, owed = queries.steps(case.id), promise_words.rows(queries.owed(case.id))
    clock = next((row for row in owed if row.promise.kind == Promise.Kind.PROGRESS), None)
    return {
        "case": case,
        "place": case.place,
        "zone": case.place.zone,
        "steps": steps,
        "rail": words.rail(steps),
        "missing": words.missing(steps),
        "clock": clock.promise if clock else None,
        "told": clock.told if clock else "",
        "owed": [row for row in owed if row is not clock],
        "messages_said": queries.messages(case.id),
        "talk": queries.talk(case.id),
        "has_link": queries.has_link(case.id, now=now()),
        "may_serve": request.actor.serves(case.place_id),
        "mine": case.owner_id == request.staff.id,
        "renew_on": ", ".join(f"{event} from:body" for event in [RENEW, "live:reload", *live(case)]),
        "capture_customer": case.customer,
    }


@require_POST
def say(request: HouseRequest, case_id: int) -> HttpResponse:
    """Words that the customer reads: an apology, a report, the solution, or simply a message."""
    found, moment = access.case(request.actor, case_id), now()
    text, kind = _text(request), request.POST.get("kind", "message")
    doing: dict[str, tuple[Callable[..., object], str]] = {
        "apology": (actions.apologise, _("Sent. Now listen, and go over it with them.")),
        "report": (actions.report_progress, _("Reported. Twenty minutes begin again.")),
        "solution": (actions.solve, _("Sent. The clock has stopped.")),
        "message": (actions.write_to_customer, _("Sent.")),
    }
    do, toast = doing.get(kind, doing["message"])
    more = {"clock": _seen_clock(request)} if do is actions.report_progress else {}
    return _attempt(
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
    found, text = access.case(request.actor, case_id), _text(request)
    return _attempt(
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
        return _page_or_form(request, found, "review", _written(found, "review"))
    form = ReviewForm(request.POST, prefix="review")
    if form.is_valid():
        with form.refusals():
            data = form.cleaned_data
            actions.review_together(request.actor, found, text=data["text"], seen=data["seen"], now=moment)
            return _stepped(request, found, "review", moment, _("Written down. Now put it right."))
    return _page_or_form(request, found, "review", form)


@require_http_methods(["GET", "POST"])
def document(request: HouseRequest, case_id: int) -> HttpResponse:
    """Step four."""
    found, moment = access.case(request.actor, case_id), now()
    if request.method == "GET":
        return _page_or_form(request, found, "document", _written(found, "document"))
    form = DocumentForm(request.POST, prefix="document")
    if form.is_valid():
        with form.refusals():
            data = dict(form.cleaned_data)
            seen = data.pop("seen")
            actions.document(request.actor, found, actions.Findings(**data), seen=seen, now=moment)
            return _stepped(
                request, found, "document", moment, _("Documented: tomorrow's line-up tells the team.")
            )
    return _page_or_form(request, found, "document", form)


def _stepped(request: HouseRequest, case: Case, name: str, moment: datetime, toast: str) -> HttpResponse:
    """The form stays on the page; its mark moves on to what it has just written."""
    response = _changed(request, case, toast)
    if response.status_code == 204:
        response.status_code = 200
        response.content = format_html(
            '<input type="hidden" name="{}-seen" value="{}" id="id_{}-seen" hx-swap-oob="true">',
            name, moment.isoformat(), name,
        ).encode()  # fmt: skip
        response["HX-Reswap"] = "none"
    return response


def _page_or_form(
    request: HouseRequest, case: Case, name: str, form: ReviewForm | DocumentForm
) -> HttpResponse:
    """The form of a step: alone for a page with scripts, which fetches it when it is unfolded; else the page with it."""
    request.actor.must_serve(case.place_id)
    status = 422 if form.errors else 200
    if request.headers.get("HX-Request"):
        return render(request, f"recover/case/{name}.html", {"case": case, "form": form}, status=status)
    return _page(request, case, **{f"{name}_form": form, "open_form": name}, status=status)


@require_POST
def take(request: HouseRequest, case_id: int) -> HttpResponse:
    """Makes the case the taker's own, from whoever the page said it was."""
    found = access.case(request.actor, case_id)
    request.actor.must_serve(found.place_id)
    if request.POST.get("from", "") != (found.owner.public_id if found.owner else ""):
        raise ChangedMeanwhile
    actions.take_case(request.actor, found, owner=request.staff, now=now())
    return _changed(request, found, _("Yours until somebody else takes it."))


@require_POST
def link(request: HouseRequest, case_id: int) -> HttpResponse:
    """A new link to the customer's own page. Its secret is shown now, and never again."""
    found = access.case(request.actor, case_id)
    secret = actions.share_link(request.actor, found, now=now())
    address = config().url + reverse("guest-case", args=[secret])
    drawing = segno.make(address, error="m").svg_inline(scale=4, border=2, light="#ffffff", omitsize=True)
    code = mark_safe(drawing)  # noqa: S308  drawn by segno from our own address
    context = {"case": found, "address": address, "code": code, "lives": actions.LINK_LIVES.days}
    if not request.headers.get("HX-Request"):
        return render(request, "recover/link_page.html", context)
    response = render(request, "recover/link.html", context)
    response["HX-Trigger"] = RENEW
    return response


@require_POST
def end_link(request: HouseRequest, case_id: int) -> HttpResponse:
    """The link that was given no longer opens anything."""
    found = access.case(request.actor, case_id)
    actions.revoke_link(request.actor, found, now=now())
    return _changed(request, found, _("The link no longer opens their page."))


@require_POST
def close(request: HouseRequest, case_id: int) -> HttpResponse:
    """Everything was done."""
    found = access.case(request.actor, case_id)
    undo = reverse("case-close-undo", args=[found.id])
    return _attempt(
        request, found, lambda: actions.close(request.actor, found, now=now()), toast=_("Closed."), undo=undo
    )


@require_POST
def undo_close(request: HouseRequest, case_id: int) -> HttpResponse:
    found = access.case(request.actor, case_id)
    actions.undo_close(request.actor, found, now=now())
    return _changed(request, found, _("Not closed."))


@require_POST
def reopen(request: HouseRequest, case_id: int) -> HttpResponse:
    """It was not right after all."""
    found = access.case(request.actor, case_id)
    actions.reopen(request.actor, found, now=now())
    return _changed(request, found, _("Open again. Twenty minutes run."))


def _text(request: HouseRequest) -> str:
    """What was typed, as PostgreSQL can keep it."""
    return request.POST.get("text", "").replace("\x00", "").replace("\r\n", "\n")


def _attempt(
    request: HouseRequest, case: Case, act: Callable[[], object], *, toast: str, undo: str = "", **typed: str
) -> HttpResponse:
    """Acts; a refusal of what was typed is shown where it was typed, and what was typed stays."""
    try:
        with transaction.atomic():
            act()
    except InputError as error:
        context = {"refused": list(error.fields.values())}
        if request.headers.get("HX-Request"):
            return render(request, "recover/refused.html", context, status=422)
        return _page(request, case, **context, **typed, status=422)
    return _changed(request, case, toast, undo)


def _changed(request: HouseRequest, case: Case, toast: str, undo: str = "") -> HttpResponse:
    return changed(request, reverse("case", args=[case.id]), toast=toast, undo=undo, events=[RENEW])


def _card_or_list(customer: Customer) -> str:
    """Where one came from: the customer's card (a room above this one), or the list."""
    try:
        return reverse("customer", args=[customer.id])
    except NoReverseMatch:
        return reverse("cases")
