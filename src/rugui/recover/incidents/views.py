"""The pages of an incident: what happened and whom it hit, what is said to all of them, and how far it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ...core.errors import InputError, NotFound
from ...core.money import Money
from ...core.time import now
from ...house.requests import HouseRequest, current_place
from .. import access as case_access
from .. import apology
from ..remedies import catalogue, giving
from . import access, actions, queries, words
from .forms import STEPS, IncidentForm, OrderForm, StatementForm
from .models import Hit, Incident, IncidentTask

Kind = IncidentTask.Kind
PAGE = 50


@require_http_methods(["GET", "POST"])
def new(request: HouseRequest) -> HttpResponse:
    """One cause, and how to find those whom it hit."""
    place, moment = current_place(request), now()
    request.actor.must_serve(place.id)
    hour = moment.astimezone(place.zone).replace(minute=0, second=0, microsecond=0)
    initial = {"began_at": hour, "until_at": hour + timedelta(hours=3)}
    form = IncidentForm(
        request.POST or None, zone=place.zone, language=request.staff.organization.language, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_incident(request.actor, place, form.plan, now=moment)
        except InputError as error:
            form.refuse(error)
        else:
            return redirect("incident", made.id)
    context = {"form": form, "place": place, "incident": None}
    return render(request, "recover/incidents/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def change(request: HouseRequest, incident_id: int) -> HttpResponse:
    """It was longer, or elsewhere: those hit are found anew."""
    incident = access.incident(request.actor, incident_id)
    request.actor.must_serve(incident.place_id)
    form = IncidentForm(
        request.POST or None, zone=incident.place.zone, language=request.staff.organization.language,
        initial=IncidentForm.initial_of(incident),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(request.actor, incident, form.plan, now=now())
        except InputError as error:
            form.refuse(error)
        else:
            return redirect("incident", incident.id)
    context = {"form": form, "place": incident.place, "incident": incident}
    return render(request, "recover/incidents/form.html", context, status=422 if form.errors else 200)


@require_GET
def incident(request: HouseRequest, incident_id: int) -> HttpResponse:
    """How far it is, what comes next, and who is on the list."""
    found = access.incident(request.actor, incident_id)
    show = request.GET.get("show", "")
    show = show if show in {*Hit.State.values, "own"} else ""
    try:
        after = max(0, min(100_000, int(request.GET.get("after", "0"))))
    except ValueError:
        after = 0
    hits = queries.people(found, show=show, after=after, limit=PAGE + 1)
    state = _state(request, found)
    context = state | {
        "hits": hits[:PAGE],
        "show": show,
        "next": after + PAGE if len(hits) > PAGE else None,
        "shows": [("", _("all")), *Hit.State.choices, ("own", _("need somebody themselves"))],
        "new": queries.newcomers(found) if state["going"] is None else [],
        "statements": list(found.statements.select_related("by").order_by("-version")[:10]),
        "may_serve": request.actor.serves(found.place_id),
    }
    return render(request, "recover/incidents/incident.html", context)


def _state(request: HouseRequest, found: Incident) -> dict[str, Any]:
    tasks = queries.tasks(found)
    counts = queries.counts(found)
    going = next((task for task in tasks if task.state != IncidentTask.State.DONE), None)
    return {
        "incident": found,
        "place": found.place,
        "zone": found.place.zone,
        "counts": counts,
        "tasks": tasks,
        "going": going,
        "steps": _steps(found, counts) if going is None else [],
        "may_lead": request.actor.leads(found.place_id),
    }


def _steps(found: Incident, counts: queries.Counts) -> list[dict[str, Any]]:
    """What can be done to all now; the first is what the page leads to."""
    if found.state == Incident.State.CLOSED:
        return []
    possible = {
        Kind.TELL: counts.listed,
        Kind.REPORT: counts.open,
        Kind.GIVE: counts.open + counts.solved,
        Kind.SOLVE: counts.open,
        Kind.CLOSE: counts.solved,
    }
    rows = [(kind, people) for kind, people in possible.items() if people]
    return [{"kind": kind.value, "label": STEPS[kind][0], "people": people} for kind, people in rows]


@require_GET
def progress(request: HouseRequest, incident_id: int) -> HttpResponse:
    """The part that moves while something is done to all; when it has come to rest, the page is asked for again."""
    context = _state(request, access.incident(request.actor, incident_id))
    response = render(request, "recover/incidents/progress.html", context)
    if context["going"] is None or context["going"].state != IncidentTask.State.RUNNING:
        response["HX-Refresh"] = "true"
    return response


@require_http_methods(["GET", "POST"])
def order(request: HouseRequest, incident_id: int, kind: str) -> HttpResponse:
    """What each of them reads, before anything goes out; then it does."""
    found = access.incident(request.actor, incident_id)
    if kind not in STEPS:
        raise NotFound
    request.actor.must_lead(found.place_id)
    moment = now()
    form = _order_form(request, found, kind, moment)
    if request.method == "POST" and form.is_valid():
        if request.POST.get("do") == "look":
            return _order_page(request, found, kind, form, moment, looked=True)
        try:
            actions.begin(request.actor, found, kind, form.order(request.actor), now=moment)
        except InputError as error:
            form.refuse(error)
        else:
            messages.success(request, _("It has begun. You can stop it at any time."))
            return redirect("incident", found.id)
    return _order_page(request, found, kind, form, moment)


def _order_form(request: HouseRequest, found: Incident, kind: str, moment: datetime) -> OrderForm:
    place = found.place
    remedies = []
    if kind == Kind.GIVE:
        every = catalogue.standing(place.id)
        remedies = [row for row in every if giving.may_give(request.actor, place.id, row)]
    soon = (moment + timedelta(hours=1)).astimezone(place.zone).replace(second=0, microsecond=0)
    return OrderForm(
        request.POST or None, incident=found, kind=kind, languages=actions.languages_of(found, kind),
        texts=words.proposed(found, kind), remedies=remedies, initial={"next_at": soon},
    )  # fmt: skip


def _order_page(
    request: HouseRequest,
    found: Incident,
    kind: str,
    form: OrderForm,
    moment: datetime,
    *,
    looked: bool = False,
) -> HttpResponse:
    label, about = STEPS[Kind(kind)]
    languages = actions.languages_of(found, kind)
    context = {
        "incident": found, "kind": kind, "label": label, "about": about, "form": form, "languages": languages,
        "people": sum(languages.values()), "cost": None, "copies": [],
    }  # fmt: skip
    if looked:
        wanted = form.order(request.actor)
        if wanted.remedy is not None:
            cost = actions.cost_for_all(request.actor, found, wanted.remedy, now=moment)
            context["cost"] = {
                "row": cost, "each": Money(cost.each, cost.currency), "total": Money(cost.total, cost.currency),
                "left": None if cost.left is None else Money(cost.left, cost.currency),
            }  # fmt: skip
        context["copies"] = _copies(found, kind, wanted, moment)
    context["looked"] = looked
    return render(request, "recover/incidents/order.html", context, status=422 if form.errors else 200)


def _copies(found: Incident, kind: str, wanted: actions.Order, moment: datetime) -> list[dict[str, Any]]:
    """The first person's copy in each language, and what an apology in it lacks."""
    first: dict[str, str] = {}
    for hit in actions.waiting_for(found, kind).select_related("customer")[:200]:
        first.setdefault(hit.customer.language or found.place.organization.language, hit.customer.called)
    copies = []
    for code, text in wanted.texts.items():
        said = words.filled(text, first.get(code, "…"), wanted.next_at, found.place.zone, code)
        look = apology.look(said, moment.astimezone(found.place.zone)) if kind == Kind.TELL else None
        copies.append({"language": code, "text": said, "look": look})
    return copies


@require_POST
def turn(request: HouseRequest, task_id: int) -> HttpResponse:
    """Stops what is being done to all, goes on with it, or gives it up."""
    task = access.task(request.actor, task_id)
    do = {"stop": actions.stop, "go-on": actions.go_on, "give-up": actions.give_up}.get(
        request.POST.get("do", "")
    )
    if do is None:
        raise NotFound
    do(request.actor, task, now=now())
    return redirect("incident", task.incident_id)


@require_POST
def hit(request: HouseRequest, hit_id: int) -> HttpResponse:
    """Somebody on the list: left out, taken in again, or hit harder than it seemed."""
    found, moment = access.hit(request.actor, hit_id), now()
    do = request.POST.get("do", "")
    if do == "leave-out":
        actions.leave_out(request.actor, found, now=moment)
    elif do == "take-in":
        actions.take_in(request.actor, found, now=moment)
    elif do == "hardest":
        actions.set_hurt(request.actor, found, 3, now=moment)
    else:
        raise NotFound
    return redirect("incident", found.incident_id)


@require_POST
def join(request: HouseRequest, incident_id: int, case_id: int) -> HttpResponse:
    """Somebody who wrote in is one of them."""
    found, case = access.incident(request.actor, incident_id), case_access.case(request.actor, case_id)
    actions.add(request.actor, found, case.customer, case=case, now=now())
    messages.success(request, _("On the list now. Tell whoever was not told yet."))
    return redirect("incident", found.id)


@require_http_methods(["GET", "POST"])
def statement(request: HouseRequest, incident_id: int) -> HttpResponse:
    """What the house says of it in public."""
    found = access.incident(request.actor, incident_id)
    request.actor.must_lead(found.place_id)
    last = found.statements.order_by("-version").first()
    form = StatementForm(request.POST or None, language=request.staff.organization.language)
    form.initial_texts(last.texts if last else {})
    if request.method == "POST" and form.is_valid():
        try:
            actions.state_publicly(request.actor, found, form.texts, now=now())
        except InputError as error:
            form.refuse(error)
        else:
            return redirect("incident", found.id)
    context = {"incident": found, "form": form, "version": (last.version if last else 0) + 1}
    return render(request, "recover/incidents/statement.html", context, status=422 if form.errors else 200)
