"""The register of what is held: what for, who sees it, how long; what goes soon, and what nobody has needed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ..core.errors import NotFound
from ..core.time import now
from ..house.actions.places import must_own
from ..house.requests import HouseRequest
from . import jobs, keeping
from .forms import KeepingForm
from .models import Clearing, Keeping
from .register import BY_CODE, KINDS, LONGEST_MONTHS, Kind, decided

NIGHTS = 14


@require_GET
def register(request: HouseRequest) -> HttpResponse:
    """Every kind, with what was decided about it. For leaders; owners decide."""
    request.actor.must_lead_somewhere()
    rules, nights = decided(), list(Clearing.objects.order_by("-at")[:NIGHTS])
    counted = nights[0] if nights else None
    context = {
        "rows": [_row(kind, rules.get(kind.code), counted) for kind in KINDS],
        "undecided": [kind for kind in KINDS if kind.code not in rules],
        "counted": counted,
        "idle": _idle(counted),
        "nights": [(night, _by_name(night.gone)) for night in nights if night.gone],
    }
    return render(request, "own/register.html", context)


def _row(kind: Kind, rule: Keeping | None, counted: Clearing | None) -> dict[str, Any]:
    return {
        "kind": kind,
        "rule": rule,
        "purpose": (rule.why if rule else "") or kind.purpose,
        "basis": rule.get_basis_display() if rule else Keeping.Basis(kind.basis).label,
        "held": counted.held.get(kind.code) if counted else None,
        "waits": rule is not None and rule.months is not None and rule.begins_at > now(),
    }


def _idle(counted: Clearing | None) -> list[tuple[Kind, int]]:
    """What nobody has needed for a year and can be dropped."""
    if counted is None:
        return []
    return [
        (kind, number)
        for kind in KINDS
        if (number := counted.unused.get(kind.code, 0)) and keeping.droppable(kind)
    ]


def _by_name(gone: dict[str, int]) -> list[tuple[object, int]]:
    return [(BY_CODE[code].name, number) for code, number in gone.items() if code in BY_CODE]


@require_POST
def begin(request: HouseRequest) -> HttpResponse:
    """Everything not yet decided, as proposed."""
    made = keeping.begin(request.actor, now=now())
    messages.success(
        request, _("Decided for %(count)s kinds. Nothing goes in the first week.") % {"count": made}
    )
    return redirect("register")


@require_POST
def count(request: HouseRequest) -> HttpResponse:
    """Counts what is held now."""
    must_own(request.actor)
    keeping.count(request.actor, now=now())
    return redirect("register")


@require_POST
def drop(request: HouseRequest, kind: str) -> HttpResponse:
    """Has dropped what nobody has needed for a year of one kind."""
    found = keeping.must_be_droppable(request.actor, kind)
    jobs.drop_soon(request.actor.organization_id, found.code)
    messages.success(request, _("It goes now. What has gone stands here in a minute."))
    return redirect("register")


@require_http_methods(["GET", "POST"])
def one(request: HouseRequest, kind: str) -> HttpResponse:
    """One kind: what would go with a period, before it is decided."""
    must_own(request.actor)
    found, moment = BY_CODE.get(kind), now()
    if found is None:
        raise NotFound
    rule = Keeping.objects.filter(kind=kind).first()
    months = _tried(request, rule.months if rule else found.proposed)
    form = KeepingForm(request.POST or None, initial=_initial(found, rule, months))
    if request.method == "POST" and form.is_valid() and not request.POST.get("look"):
        with form.refusals():
            data = form.cleaned_data
            keeping.decide(
                request.actor,
                kind,
                months=data["months"],
                basis=data["basis"],
                why=data["why"],
                seen=form.seen_at,
                now=moment,
            )
            messages.success(
                request, _("Saved. Nothing goes in the first week; until then it can be changed.")
            )
            return redirect("register")
    number, first = keeping.going(found, months, now=moment) if months else (0, [])
    context = {"kind": found, "form": form, "rule": rule, "months": months, "number": number, "first": first, "rest": number - len(first),
               "waits": bool(rule and rule.months and rule.begins_at > moment)}  # fmt: skip
    return render(request, "own/register_kind.html", context, status=422 if form.errors else 200)


def _tried(request: HouseRequest, standing: int | None) -> int | None:
    """The period that is looked at: the one asked for, else the one that holds or is proposed."""
    if "months" not in request.POST:
        return standing
    text = request.POST["months"].strip()
    if not text:
        return None
    return int(text) if text.isdecimal() and len(text) < 4 and 1 <= int(text) <= LONGEST_MONTHS else standing


def _initial(kind: Kind, rule: Keeping | None, months: int | None) -> dict[str, object]:
    seen: datetime | None = rule.decided_at if rule else None
    return {
        "seen": seen.astimezone(UTC).isoformat() if seen else "",
        "months": months,
        "basis": rule.basis if rule else kind.basis,
        "why": rule.why if rule else "",
    }
