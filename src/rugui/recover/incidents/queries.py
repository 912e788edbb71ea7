"""Reading incidents: those of a place, who is on a list and how far it is, and who has written in about it since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q

from ...engines import touched
from ..models import Case, CaseMessage
from .models import Hit, Incident, IncidentTask

BEFORE = timedelta(days=120)
MOST_LEARNED = 400
MOST_NEW = 200


@dataclass(frozen=True, slots=True)
class Counts:
    listed: int
    left_out: int
    told: int
    open: int
    solved: int
    closed: int
    failed: int
    """For whom the last thing could not be done."""


@dataclass(frozen=True, slots=True)
class New:
    """Somebody who wrote in since, and may be one of those hit."""

    case: Case
    said: str
    sure: touched.Sure


def of_place(place_id: int, *, closed: bool = False, limit: int = 20) -> list[Incident]:
    """The incidents of a place that are not closed (or those that are), newest first, with how many people each has."""
    rows = Incident.objects.filter(place_id=place_id)
    rows = rows.filter(state=Incident.State.CLOSED) if closed else rows.exclude(state=Incident.State.CLOSED)
    people = Count("hits", filter=~Q(hits__state=Hit.State.LEFT_OUT))
    return list(rows.annotate(people=people).order_by("-id")[:limit])


def counts(incident: Incident) -> Counts:
    """How many are where. One query."""
    state, case = Hit.State, Case.State
    told = Q(state=state.TOLD)
    return Counts(
        **Hit.objects.filter(incident=incident).aggregate(
            listed=Count("id", filter=Q(state=state.LISTED)),
            left_out=Count("id", filter=Q(state=state.LEFT_OUT)),
            told=Count("id", filter=told),
            open=Count("id", filter=told & Q(case__state=case.OPEN)),
            solved=Count("id", filter=told & Q(case__state=case.SOLVED)),
            closed=Count("id", filter=told & Q(case__state=case.CLOSED)),
            failed=Count("id", filter=~Q(problem="")),
        )
    )


def people(incident: Incident, *, show: str = "", after: int = 0, limit: int = 50) -> list[Hit]:
    """Those on the list, in the order in which they are told; `show` is a state, or `own` for who needs somebody themselves."""
    rows = Hit.objects.filter(incident=incident).select_related("customer", "case")
    if show == "own":
        rows = rows.exclude(problem="")
    elif show in Hit.State.values:
        rows = rows.filter(state=show)
    return list(rows.order_by("-hurt", "-loyal", "id")[after : after + limit])


def tasks(incident: Incident) -> list[IncidentTask]:
    return list(
        IncidentTask.objects.filter(incident=incident).select_related("by", "remedy").order_by("-id")[:20]
    )


def newcomers(incident: Incident) -> list[New]:
    """Cases opened at the place since it began that may be about it, the surest first. Four queries."""
    since = incident.began_at
    cases = Case.objects.filter(place_id=incident.place_id, incident=None, opened_at__gte=since)
    on_list = Hit.objects.filter(incident=incident)
    fresh = list(
        cases.exclude(state=Case.State.CLOSED)
        .exclude(customer_id__in=on_list.values("customer_id"))
        .select_related("customer")
        .order_by("-id")[:MOST_NEW]
    )
    if not fresh:
        return []
    said = _complaints(Q(case__in=fresh))
    before = _complaints(
        Q(case__place_id=incident.place_id, case__opened_at__lt=since, case__opened_at__gte=since - BEFORE)
    )
    joined = _complaints(Q(case__incident=incident))
    model = touched.learn(
        [*incident.titles.values(), incident.note, incident.words],
        list(joined.values()),
        list(before.values()),
    )
    found = [
        New(case, said.get(case.id, ""), touched.sure(model, f"{case.title}\n{said.get(case.id, '')}"))
        for case in fresh
    ]
    return sorted((each for each in found if each.sure.likely), key=lambda each: -each.sure.chance)


def _complaints(which: Q) -> dict[int, str]:
    """By case, the first words of the customer, of at most `MOST_LEARNED` cases, the latest first."""
    rows = CaseMessage.objects.filter(which, kind=CaseMessage.Kind.COMPLAINT).order_by("-id")
    return dict(rows.values_list("case_id", "text")[:MOST_LEARNED])
