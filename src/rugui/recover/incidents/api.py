"""One cause that hit many, over the API: the same as on its page."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.utils.translation import gettext as _
from ninja import Field, Query, Schema, Status

from ...core.errors import InputError, NotFound
from ...core.ids import public_id
from ...house.apikit import (
    ApiRequest,
    Brief,
    Input,
    Line,
    Moment,
    Page,
    PageQuery,
    Prose,
    PublicId,
    Speech,
    Term,
    Words,
    listed,
    page,
    place_of,
    reference,
    room_router,
    row,
)
from ...know.api import customer_of
from .. import access as case_access
from ..actions import Findings
from ..models import Case
from ..remedies import catalogue
from ..remedies.models import Remedy
from . import access, actions, queries
from .models import Found, Hit, Incident, IncidentTask

incidents = room_router("cases")
Kind = IncidentTask.Kind
_LANGUAGES = "By language: en, zh-hant, zh-hans."


class IncidentOut(Schema):
    id: PublicId
    place: PublicId
    titles: dict[str, str]
    state: Incident.State
    began_at: datetime
    until_at: datetime
    who: list[Found]
    words: str
    next_at: datetime | None = Field(description="By when all of them hear again.")


class TaskOut(Schema):
    id: PublicId
    kind: IncidentTask.Kind
    state: IncidentTask.State
    of: int
    done: int
    failed: int


class IncidentDetail(IncidentOut):
    note: str
    listed: int
    told: int
    solved: int
    closed: int
    need_somebody: int = Field(description="For whom the last thing could not be done.")
    task: TaskOut | None = Field(description="What is being done to all of them now.")
    statement: dict[str, str] | None = Field(description="The last version of what is said in public.")


class HitOut(Schema):
    id: PublicId
    customer: PublicId
    case: PublicId | None
    state: Hit.State
    found: list[Found]
    about: str
    hurt: int
    loyal: int
    problem: str


class NewcomerOut(Schema):
    case: PublicId
    customer: PublicId
    chance: float = Field(description="How likely it is about this, from the words alone.")
    terms: list[str]


class IncidentIn(Input):
    titles: dict[str, Words] = Field(description=_LANGUAGES + " The customers read it.")
    began_at: Moment
    until_at: Moment
    who: list[Literal["here", "expected", "bought"]] = Field(["here", "expected"], max_length=3)
    words: Line = Field(
        "", description="Only where room, table or product says one of these, with commas between."
    )
    note: Prose = ""
    place: PublicId | None = None


class JoinIn(Input):
    customer: PublicId | None = None
    case: PublicId | None = Field(None, description="The case of somebody who wrote about it.")


class IncidentFindingsIn(Input):
    element: Case.Element
    failure: Term
    cause: Prose = ""
    lesson: Brief = ""


class OrderIn(Input):
    texts: dict[str, Speech] = Field({}, description=_LANGUAGES + " {name} and {time} become each one's own.")
    next_at: Moment | None = None
    remedy: PublicId | None = None
    findings: IncidentFindingsIn | None = None


class StatementIn(Input):
    texts: dict[str, Speech] = Field(description=_LANGUAGES)


@incidents.get("/incidents", response=Page[IncidentOut], summary="List what hit many, newest first")
def list_incidents(request: ApiRequest, query: Query[PageQuery]) -> dict[str, Any]:
    return listed(request, query, Incident.objects.all(), incident_json)


@incidents.post("/incidents", response={201: IncidentDetail}, summary="One cause hit many: find whom")
def open_incident(request: ApiRequest, given: IncidentIn) -> Status[dict[str, Any]]:
    plan = actions.Plan(given.titles, given.began_at, given.until_at, given.who, given.words, given.note)
    made = actions.open_incident(request.actor, place_of(request.actor, given.place), plan, now=request.now)
    return Status(201, _detail(made))


@incidents.get("/incidents/{incident_id}", response=IncidentDetail, summary="How far it is")
def get_incident(request: ApiRequest, incident_id: PublicId) -> dict[str, Any]:
    return _detail(_incident(request, incident_id))


@incidents.get("/incidents/{incident_id}/hits", response=Page[HitOut], summary="Whom it hit")
def list_hits(request: ApiRequest, incident_id: PublicId, query: Query[PageQuery]) -> dict[str, Any]:
    found, following = page(Hit.objects.filter(incident=_incident(request, incident_id)), query)
    return {"items": [_hit_json(each) for each in found], "next": following}


@incidents.post(
    "/incidents/{incident_id}/hits", response={201: HitOut}, summary="Somebody else is one of them"
)
def join_incident(request: ApiRequest, incident_id: PublicId, given: JoinIn) -> Status[dict[str, Any]]:
    found = _incident(request, incident_id)
    request.actor.must_serve(found.place_id)
    case = None
    if given.case is not None:
        try:
            case = case_access.case(request.actor, reference("case", "case", given.case))
        except NotFound as error:
            raise InputError({"case": _("There is no such %(kind)s.") % {"kind": "case"}}) from error
    if case is None and given.customer is None:
        raise InputError({"customer": _("Name a customer or a case.")})
    customer = case.customer if case else customer_of(request.actor, given.customer or "")
    hit = actions.add(request.actor, found, customer, case=case, now=request.now)
    return Status(201, _hit_json(hit))


@incidents.post(
    "/hits/{hit_id}/{decision}", response=HitOut, summary="Leave somebody out, or take them in again"
)
def decide_hit(
    request: ApiRequest, hit_id: PublicId, decision: Literal["leave-out", "take-in"]
) -> dict[str, Any]:
    hit = access.hit(request.actor, row("hit", hit_id))
    do = {"leave-out": actions.leave_out, "take-in": actions.take_in}[decision]
    do(request.actor, hit, now=request.now)
    return _hit_json(hit)


@incidents.get(
    "/incidents/{incident_id}/newcomers",
    response=list[NewcomerOut],
    summary="Who wrote since, and may be one of them",
)
def list_newcomers(request: ApiRequest, incident_id: PublicId) -> list[dict[str, Any]]:
    return [
        {
            "case": each.case.public_id,
            "customer": public_id("customer", each.case.customer_id),
            "chance": round(each.sure.chance, 2),
            "terms": list(each.sure.terms),
        }
        for each in queries.newcomers(_incident(request, incident_id))
    ]


@incidents.post(
    "/incidents/{incident_id}/all/{kind}",
    response={202: TaskOut},
    summary="Begin to do one thing to all of them",
)
def order_for_all(
    request: ApiRequest, incident_id: PublicId, kind: IncidentTask.Kind, given: OrderIn
) -> Status[dict[str, Any]]:
    found = _incident(request, incident_id)
    findings = Findings(**given.findings.dict()) if given.findings else None
    order = actions.Order(given.texts, given.next_at, _remedy(request, given.remedy), findings)
    return Status(202, _task_json(actions.begin(request.actor, found, kind, order, now=request.now)))


@incidents.post(
    "/incident-tasks/{incidenttask_id}/{turn}", response=TaskOut, summary="Stop it, or go on with it"
)
def turn_task(
    request: ApiRequest, incidenttask_id: PublicId, turn: Literal["stop", "go-on", "give-up"]
) -> dict[str, Any]:
    task = access.task(request.actor, row("incidenttask", incidenttask_id))
    do = {"stop": actions.stop, "go-on": actions.go_on, "give-up": actions.give_up}[turn]
    do(request.actor, task, now=request.now)
    return _task_json(task)


@incidents.post(
    "/incidents/{incident_id}/statements",
    response={201: IncidentDetail},
    summary="A new version of what is said in public",
)
def state_publicly(request: ApiRequest, incident_id: PublicId, given: StatementIn) -> Status[dict[str, Any]]:
    found = _incident(request, incident_id)
    actions.state_publicly(request.actor, found, given.texts, now=request.now)
    return Status(201, _detail(found))


def incident_json(found: Incident) -> dict[str, Any]:
    return {
        "id": found.public_id,
        "place": public_id("place", found.place_id),
        "titles": found.titles,
        "state": found.state,
        "began_at": found.began_at,
        "until_at": found.until_at,
        "who": found.who,
        "words": found.words,
        "next_at": found.next_at,
    }


def _detail(found: Incident) -> dict[str, Any]:
    counts = queries.counts(found)
    task = found.tasks.exclude(state=IncidentTask.State.DONE).first()
    statement = found.statements.order_by("-version").first()
    return incident_json(found) | {
        "note": found.note,
        "listed": counts.listed,
        "told": counts.told,
        "solved": counts.solved,
        "closed": counts.closed,
        "need_somebody": counts.failed,
        "task": _task_json(task) if task else None,
        "statement": statement.texts if statement else None,
    }


def _hit_json(hit: Hit) -> dict[str, Any]:
    return {
        "id": hit.public_id,
        "customer": public_id("customer", hit.customer_id),
        "case": public_id("case", hit.case_id) if hit.case_id else None,
        "state": hit.state,
        "found": hit.found,
        "about": hit.about,
        "hurt": hit.hurt,
        "loyal": hit.loyal,
        "problem": hit.problem,
    }


def _task_json(task: IncidentTask) -> dict[str, Any]:
    names = ("kind", "state", "of", "done", "failed")
    return {"id": task.public_id} | {name: getattr(task, name) for name in names}


def _remedy(request: ApiRequest, public: str | None) -> Remedy | None:
    if public is None:
        return None
    try:
        return catalogue.remedy(request.actor, reference("remedy", "remedy", public))
    except NotFound as error:
        raise InputError({"remedy": _("There is no such %(kind)s.") % {"kind": "remedy"}}) from error


def _incident(request: ApiRequest, public: str) -> Incident:
    return access.incident(request.actor, row("incident", public))
