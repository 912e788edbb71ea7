"""What holds for new promises: the rules by kind, one rule, and what it would mean, said while it is typed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ..core.time import now
from ..house import access as house
from ..house.models import Place
from ..house.requests import HouseRequest, current_place, places_of
from ..serve.models import Touch
from . import policies, policy_words
from .models import Priority, Promise
from .policies import Scope
from .policy_forms import KINDS, PolicyForm, initial
from .terms import DEFAULTS, Standing, Terms

ROOM = "promise/policy"


@require_GET
def every(request: HouseRequest) -> HttpResponse:
    """All rules, by kind; under each kind what holds where there is none."""
    request.actor.must_lead_somewhere()
    rows = policies.those(request.actor)
    channels, priorities = dict(Touch.Channel.choices), dict(Priority.choices)
    kinds = [
        {
            "value": kind,
            "label": Promise.Kind(kind).label,
            "default": policy_words.brief(DEFAULTS[Promise.Kind(kind)]),
            "rows": [
                {
                    "row": row,
                    "brief": policy_words.brief(policies.of_row(row)),
                    "mine": request.actor.leads(row.place_id),
                    "channel": channels.get(row.channel, ""),
                    "priority": priorities.get(row.priority, ""),
                }
                for row in rows
                if row.kind == kind
            ],
        }
        for kind, _label in KINDS
    ]
    return render(request, f"{ROOM}/all.html", {"kinds": kinds})


@require_http_methods(["GET", "POST"])
def new(request: HouseRequest) -> HttpResponse:
    """A rule of one's own, beginning from what holds now."""
    request.actor.must_lead_somewhere()
    kind = request.GET.get("kind", "")
    kind = kind if kind in dict(KINDS) else Promise.Kind.ANSWER.value
    place_id = None if request.actor.leads(None) else _led(request)[0].id
    form = _form(request, Scope(kind, place_id), DEFAULTS[Promise.Kind(kind)])
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            policies.decide(request.actor, form.scope, form.terms, now=now())
            return _saved(request)
    return _page(request, form, None)


@require_http_methods(["GET", "POST"])
def change(request: HouseRequest, policy_id: int) -> HttpResponse:
    """One rule."""
    row = policies.policy(request.actor, policy_id)
    scope = Scope(row.kind, row.place_id, row.channel, row.priority)
    form = _form(request, scope, policies.of_row(row))
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            policies.decide(request.actor, form.scope, form.terms, now=now(), row=row)
            return _saved(request)
    return _page(request, form, row.public_id)


@require_POST
def drop(request: HouseRequest, policy_id: int) -> HttpResponse:
    """Back to the more general rule."""
    policies.drop(request.actor, policies.policy(request.actor, policy_id), now=now())
    messages.success(request, _("Gone. New promises follow the more general rule; those given keep theirs."))
    return redirect("promise-policies")


@require_POST
def preview(request: HouseRequest) -> HttpResponse:
    """What the rule as typed would mean; nothing is saved."""
    request.actor.must_lead_somewhere()
    form = PolicyForm(request.POST, actor=request.actor, places=_led(request))
    said = _said(request, form.scope, form.terms) if form.is_valid() else None
    return render(request, f"{ROOM}/preview.html", {"said": said})


def _led(request: HouseRequest) -> list[Place]:
    return [place for place in places_of(request) if request.actor.leads(place.id)]


def _form(request: HouseRequest, scope: Scope, terms: Terms) -> PolicyForm:
    return PolicyForm(
        request.POST or None, actor=request.actor, places=_led(request), initial=initial(scope, terms)
    )


def _said(request: HouseRequest, scope: Scope, terms: Terms) -> list[str]:
    place = current_place(request) if scope.place_id is None else house.place(request.actor, scope.place_id)
    calendar = policies.calendar_of(place) if terms.counts == "working" else None
    at = policy_words.example(place, now())
    return policy_words.preview(scope.kind, scope.channel, Standing(terms, calendar), at, place)


def _saved(request: HouseRequest) -> HttpResponse:
    messages.success(
        request, _("Saved. It holds for new promises; those given keep what they were given with.")
    )
    return redirect("promise-policies")


def _page(request: HouseRequest, form: PolicyForm, policy: str | None) -> HttpResponse:
    said: list[str] | None = None
    if not form.is_bound:
        shown = PolicyForm(
            {name: value for name, value in form.initial.items() if value not in (None, False)},
            actor=request.actor, places=_led(request),
        )  # fmt: skip
        said = _said(request, shown.scope, shown.terms) if shown.is_valid() else None
    steps = [(form[f"after_{step}"], form[f"who_{step}"]) for step in (1, 2, 3)]
    context: dict[str, Any] = {"form": form, "policy": policy, "said": said, "steps": steps}
    return render(request, f"{ROOM}/one.html", context, status=422 if form.errors else 200)
