"""Recovery cases over the API: the same steps as at the desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from ninja import Field, Query, Schema, Status

from ..core.ids import public_id
from ..house.apikit import (
    ApiRequest,
    Brief,
    Input,
    LanguageCode,
    OfCustomer,
    Page,
    Prose,
    PublicId,
    Speech,
    Term,
    Words,
    listed,
    place_of,
    room_router,
    row,
)
from ..know.api import customer_of
from ..know.models import Note
from ..promise.api import PromiseOut, promise_json
from ..promise.models import Promise
from . import access, actions, queries
from .models import Case, CaseMessage, CaseStep

cases = room_router("cases")


class CaseOut(Schema):
    id: PublicId
    customer: PublicId
    place: PublicId
    title: str
    owner: str | None
    state: Case.State
    language: str
    opened_at: datetime
    solved_at: datetime | None
    closed_at: datetime | None


class MessageOut(Schema):
    kind: CaseMessage.Kind
    direction: CaseMessage.Direction
    text: str
    at: datetime
    signed: str


class CaseDetail(CaseOut):
    element: str
    failure: str
    where: str
    cause: str
    lesson: str
    documented_at: datetime | None
    steps: list[CaseStep.Step] = Field(description="The steps done so far.")
    messages: list[MessageOut]
    clock: PromiseOut | None = Field(description="The progress promise now owed.")


class CaseIn(Input):
    customer: PublicId
    place: PublicId | None = None
    title: Words
    complaint: Prose = Field(
        "", description="What happened, in the customer's words; they see it on their page."
    )
    language: LanguageCode = ""


class CaseQuery(OfCustomer):
    state: Case.State | None = None


class SayIn(Input):
    text: Speech


class FindingsIn(Input):
    element: Case.Element
    failure: Term
    where: Brief = ""
    cause: Prose = ""
    lesson: Prose = ""
    about_customer: Prose = ""
    about_customer_kind: Note.Kind = Note.Kind.PREFERENCE


class LinkOut(Schema):
    url: str = Field(description="The customer's page. Shown once; a new link ends the one before.")


class TalkOut(Schema):
    by: str
    text: str
    at: datetime


@cases.get("", response=Page[CaseOut], summary="List cases, newest first")
def list_cases(request: ApiRequest, query: Query[CaseQuery]) -> dict[str, Any]:
    return listed(request, query, Case.objects.select_related("owner"), case_json)


@cases.post("", response={201: CaseDetail}, summary="Open a case")
def open_case(request: ApiRequest, given: CaseIn) -> Status[dict[str, Any]]:
    opened = actions.open_whole(
        request.actor,
        customer_of(request.actor, given.customer),
        place_of(request.actor, given.place),
        title=given.title,
        complaint=given.complaint,
        language=given.language,
        now=request.now,
    )
    opened.case.owner = opened.clock.owner = request.staff
    return Status(201, _detail(opened.case, opened.clock, set(), opened.messages))


@cases.get("/{case_id}", response=CaseDetail, summary="One case, with its thread, steps and clock")
def get_case(request: ApiRequest, case_id: PublicId) -> dict[str, Any]:
    return detail(_case(request, case_id))


@cases.post("/{case_id}/apologise", response=CaseDetail, summary="Step one: apologise; the customer reads it")
def apologise(request: ApiRequest, case_id: PublicId, given: SayIn) -> dict[str, Any]:
    return _done(request, case_id, actions.apologise, text=given.text)


@cases.post(
    "/{case_id}/review", response=CaseDetail, summary="Step two: what happened, and what would make it right"
)
def review(request: ApiRequest, case_id: PublicId, given: SayIn) -> dict[str, Any]:
    return _done(request, case_id, actions.review_together, text=given.text)


@cases.post(
    "/{case_id}/report", response=CaseDetail, summary="Report progress; the twenty minutes begin anew"
)
def report(request: ApiRequest, case_id: PublicId, given: SayIn) -> dict[str, Any]:
    return _done(request, case_id, actions.report_progress, text=given.text)


@cases.post("/{case_id}/solve", response=CaseDetail, summary="Step three: it is right again; the clock stops")
def solve(request: ApiRequest, case_id: PublicId, given: SayIn) -> dict[str, Any]:
    return _done(request, case_id, actions.solve, text=given.text)


@cases.post("/{case_id}/messages", response=CaseDetail, summary="Write to the customer")
def write(request: ApiRequest, case_id: PublicId, given: SayIn) -> dict[str, Any]:
    return _done(request, case_id, actions.write_to_customer, text=given.text)


@cases.post(
    "/{case_id}/document", response=CaseDetail, summary="Step four: what failed, why, and what we learned"
)
def document(request: ApiRequest, case_id: PublicId, given: FindingsIn) -> dict[str, Any]:
    return _done(request, case_id, actions.document, findings=actions.Findings(**given.dict()))


@cases.post("/{case_id}/close", response=CaseDetail, summary="Close, once all four steps were done")
def close(request: ApiRequest, case_id: PublicId) -> dict[str, Any]:
    return _done(request, case_id, actions.close)


@cases.post("/{case_id}/reopen", response=CaseDetail, summary="It was not right after all")
def reopen(request: ApiRequest, case_id: PublicId) -> dict[str, Any]:
    return _done(request, case_id, actions.reopen)


@cases.post("/{case_id}/take", response=CaseDetail, summary="Take a case over")
def take(request: ApiRequest, case_id: PublicId) -> dict[str, Any]:
    return _done(request, case_id, actions.take_case, owner=request.staff)


@cases.get("/{case_id}/talk", response=list[TalkOut], summary="Talk among colleagues; customers never see it")
def list_talk(request: ApiRequest, case_id: PublicId) -> list[dict[str, Any]]:
    case = _case(request, case_id)
    return [{"by": said.staff.name, "text": said.text, "at": said.at} for said in queries.talk(case.id)]


@cases.post("/{case_id}/talk", response={201: TalkOut}, summary="Say something among colleagues")
def talk(request: ApiRequest, case_id: PublicId, given: SayIn) -> Status[dict[str, Any]]:
    case = _case(request, case_id)
    said = actions.talk(request.actor, case, text=given.text, now=request.now)
    return Status(201, {"by": request.staff.name, "text": said.text, "at": said.at})


@cases.post("/{case_id}/link", response={201: LinkOut}, summary="A new link to the customer's page")
def share_link(request: ApiRequest, case_id: PublicId) -> Status[dict[str, Any]]:
    secret = actions.share_link(request.actor, _case(request, case_id), now=request.now)
    return Status(201, {"url": f"{settings.CONFIG.url}/c/{secret}"})


@cases.delete("/{case_id}/link", response={204: None}, summary="Close the customer's page")
def revoke_link(request: ApiRequest, case_id: PublicId) -> Status[None]:
    actions.revoke_link(request.actor, _case(request, case_id), now=request.now)
    return Status(204, None)


def case_json(case: Case) -> dict[str, Any]:
    return {
        "id": case.public_id,
        "customer": public_id("customer", case.customer_id),
        "place": public_id("place", case.place_id),
        "title": case.title,
        "owner": case.owner.name if case.owner else None,
        "state": case.state,
        "language": case.language,
        "opened_at": case.opened_at,
        "solved_at": case.solved_at,
        "closed_at": case.closed_at,
    }


def detail(case: Case) -> dict[str, Any]:
    clock = queries.clocks([case]).get(case.id)
    return _detail(case, clock, set(queries.steps(case.id)), queries.messages(case.id))


def _detail(case: Case, clock: Promise | None, done: set[str], messages: list[CaseMessage]) -> dict[str, Any]:
    return case_json(case) | {
        "element": case.element,
        "failure": case.failure,
        "where": case.where,
        "cause": case.cause,
        "lesson": case.lesson,
        "documented_at": case.documented_at,
        "steps": [step for step in CaseStep.Step.values if step in done],
        "messages": [
            {
                "kind": message.kind,
                "direction": message.direction,
                "text": message.text,
                "at": message.at,
                "signed": message.signed,
            }
            for message in messages
        ],
        "clock": promise_json(clock) if clock else None,
    }


def _case(request: ApiRequest, public: str) -> Case:
    return access.case(request.actor, row("case", public))


def _done(request: ApiRequest, case_id: str, act: Callable[..., object], **given: Any) -> dict[str, Any]:
    """The case after an action on it."""
    case = _case(request, case_id)
    act(request.actor, case, now=request.now, **given)
    return detail(case)
