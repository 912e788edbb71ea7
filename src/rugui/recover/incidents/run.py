"""Doing one thing to everybody on a list, in chunks: each is one transaction with the marks of whom it has reached.

The words that somebody reads and the mark that they were reached are committed together, and the task's row is held
meanwhile. So a worker may be killed at any moment, and any number may run: whoever comes next finds exactly those left.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils import translation

from ...core import tenancy
from ...core.errors import ChangedMeanwhile, InputError, NotAllowed, NotFound
from ...core.journal import Event, record
from ...core.time import now
from ...house.access import Actor, house_actor, staff_actor
from ...know.models import Customer
from .. import actions as cases
from ..models import Case, CaseMessage, CaseStep
from ..remedies import giving
from ..remedies.models import Given
from . import words
from .actions import waiting_for
from .models import Hit, Incident, IncidentTask

CHUNK = 20
Kind = IncidentTask.Kind
Step = CaseStep.Step


def carry_out(organization_id: int, task_id: int, *, halted: Callable[[], bool] = lambda: False) -> bool:
    """Goes on with a task until nobody is left, it is stopped, or `halted()`. Whether somebody is left."""
    while True:
        with tenancy.within(organization_id):
            going_on = _chunk(organization_id, task_id, now())
        if not going_on:
            return False
        if halted():
            return True


def _chunk(organization_id: int, task_id: int, moment: datetime) -> bool:
    rows = IncidentTask.objects.select_for_update(skip_locked=True, of=("self",))
    task = rows.select_related("incident__place__organization", "remedy").filter(
        id=task_id, state=IncidentTask.State.RUNNING
    ).first()  # fmt: skip
    if task is None:  # stopped, done, or another worker is at it
        return False
    actor = _actor(organization_id, task.by_id)
    left = waiting_for(task.incident, task.kind).exclude(task_id=task.id)
    hits = list(left.select_related("customer", "case__customer", "case__place__organization")[:CHUNK])
    _hold_customers(hits)
    # What goes wrong is read by colleagues, in their house's language.
    with translation.override(task.incident.place.organization.language):
        done = sum(_reach(actor, task, hit, moment) for hit in hits)
    IncidentTask.objects.filter(id=task.id).update(
        done=F("done") + done, failed=F("failed") + len(hits) - done, beat_at=moment
    )
    if len(hits) < CHUNK:
        _end(actor, task, moment)
        return False
    return True


def _hold_customers(hits: list[Hit]) -> None:
    """So that nobody who writes in this very moment gets a second case. In one order, so that no two wait for each other."""
    ids = [hit.customer_id for hit in hits]
    list(Customer.objects.select_for_update(no_key=True).filter(id__in=ids).order_by("id").values_list("id"))


def _actor(organization_id: int, staff_id: int) -> Actor:
    """Whoever decided it; once they have left, the house itself."""
    found = staff_actor(staff_id=staff_id)
    return found[0] if found else house_actor(organization_id)


def _reach(actor: Actor, task: IncidentTask, hit: Hit, moment: datetime) -> bool:
    """Does it for one of them. What cannot be done for somebody is noted, and the others are reached all the same."""
    problem = ""
    try:
        with transaction.atomic():
            _DO[task.kind](actor, task, hit, moment)
    except InputError as error:
        problem = " ".join(str(each) for each in error.fields.values())
    except (ChangedMeanwhile, NotAllowed, NotFound) as error:
        problem = str(error)
    Hit.objects.filter(id=hit.id).update(task=task, problem=problem[:200])
    return not problem


def _tell(actor: Actor, task: IncidentTask, hit: Hit, moment: datetime) -> None:
    """Their own case, and in it, first of all, our apology. Whoever has a case already hears it there."""
    assert task.next_at is not None
    incident = task.incident
    running = Case.objects.filter(customer_id=hit.customer_id, place_id=incident.place_id)
    case = (
        running.exclude(state=Case.State.CLOSED)
        .select_related("customer", "place__organization")
        .order_by("-opened_at")
        .first()
    )
    language = case.language if case else _language(hit, incident)
    if case is None:
        case = cases.open_whole(
            actor, hit.customer, incident.place, title=incident.called(language), language=language,
            incident_id=incident.id, due_at=task.next_at, now=moment,
        ).case  # fmt: skip
    elif case.incident_id is None:
        Case.objects.filter(id=case.id).update(incident=incident)
    cases.apologise(actor, case, text=_words(task, hit, language), now=moment)
    Hit.objects.filter(id=hit.id).update(case=case, state=Hit.State.TOLD, told_at=moment)


def _give(actor: Actor, task: IncidentTask, hit: Hit, moment: datetime) -> None:
    case, remedy = _case(hit), task.remedy
    if remedy is None:
        raise NotFound
    if Given.objects.filter(case=case, remedy=remedy, undone_at=None).exists():
        raise InputError({"remedy": words.has_it()})
    gift = giving.of_remedy(remedy, language=case.language)
    giving.give(actor, case, gift, now=moment, story=False)  # one decision, not so many stories
    if text := _words(task, hit, case.language):
        cases.write_to_customer(actor, case, text=text, now=moment)


def _report(actor: Actor, task: IncidentTask, hit: Hit, moment: datetime) -> None:
    case = _case(hit)
    cases.report_progress(actor, case, text=_words(task, hit, case.language), due_at=task.next_at, now=moment)


def _solve(actor: Actor, task: IncidentTask, hit: Hit, moment: datetime) -> None:
    case = _case(hit)
    cases.solve(actor, case, text=_words(task, hit, case.language), now=moment)


def _close(actor: Actor, task: IncidentTask, hit: Hit, moment: datetime) -> None:
    """Whoever wrote back is not closed with the others: they have a trouble of their own by now, and an answer to come."""
    case = _case(hit)
    if _is_personal(case):
        raise InputError({"case": words.wrote_back()})
    if case.documented_at is None:
        shared = Case.objects.filter(incident=task.incident, shared_at__isnull=False).exists()
        findings = {**task.findings, **({"lesson": ""} if shared else {})}  # told in the line-up once
        cases.document(actor, case, cases.Findings(**findings), now=moment)
    done = set(CaseStep.objects.filter(case=case).values_list("step", flat=True))
    reasons = words.reasons()
    for step in (Step.REVIEW, Step.DELIGHT, Step.SHARE):
        if step not in done:
            cases.skip(actor, case, step=step, why=reasons[step], now=moment)
    cases.close(actor, case, now=moment)


def _is_personal(case: Case) -> bool:
    """Whether the customer has spoken since we last told them something."""
    last = (
        CaseMessage.objects.filter(case=case)
        .order_by("-at", "-id")
        .values_list("direction", flat=True)
        .first()
    )
    owed = case.promises.filter(settled_at=None).exclude(kind__in=["follow_up", "story"])
    return last == CaseMessage.Direction.IN or owed.exists()


def _case(hit: Hit) -> Case:
    if hit.case is None:
        raise NotFound
    return hit.case


def _language(hit: Hit, incident: Incident) -> str:
    return hit.customer.language or incident.place.organization.language


def _words(task: IncidentTask, hit: Hit, language: str) -> str:
    """What this one reads, in their language or, where nobody wrote it, in the house's."""
    house = task.incident.place.organization.language
    text = task.texts.get(language) or task.texts.get(house) or next(iter(task.texts.values()), "")
    return words.filled(text, hit.customer.called, task.next_at, task.incident.place.zone, language)


def _end(actor: Actor, task: IncidentTask, moment: datetime) -> None:
    IncidentTask.objects.filter(id=task.id).update(state=IncidentTask.State.DONE, ended_at=moment)
    incident = task.incident
    open_still = Hit.objects.filter(Q(incident=incident), ~Q(case=None), ~Q(case__state=Case.State.CLOSED))
    if task.kind == Kind.CLOSE and not open_still.exists():
        Incident.objects.filter(id=incident.id, state=Incident.State.SOLVED).update(
            state=Incident.State.CLOSED, closed_at=moment
        )
        record(actor, moment, Event("incident.closed", incident.place_id, subject_id=incident.id))
    event = Event(f"incident.{task.kind}.done", incident.place_id, subject_id=incident.id)
    record(actor, moment, event)


_DO: dict[str, Callable[[Actor, IncidentTask, Hit, datetime], None]] = {
    Kind.TELL: _tell,
    Kind.GIVE: _give,
    Kind.REPORT: _report,
    Kind.SOLVE: _solve,
    Kind.CLOSE: _close,
}
