"""Promises over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Field, Query, Schema, Status

from ..core.errors import NotFound
from ..core.ids import public_id
from ..house.apikit import (
    ApiRequest,
    Input,
    Line,
    Moment,
    OfCustomer,
    Page,
    PublicId,
    listed,
    place_of,
    room_router,
    row,
)
from ..know.api import customer_of
from . import access, actions
from .models import Promise

promises = room_router("promises")


class PromiseOut(Schema):
    id: PublicId
    customer: PublicId
    place: PublicId
    case: PublicId | None
    kind: Promise.Kind
    text: str
    owner: str | None = Field(description="Name of the colleague who sees to it.")
    state: Promise.State
    made_at: datetime
    warn_at: datetime | None
    due_at: datetime
    settled_at: datetime | None


class PromiseIn(Input):
    customer: PublicId
    place: PublicId | None = None
    kind: Promise.Kind = Promise.Kind.OTHER
    text: Line = ""
    due_at: Moment


class NewTime(Input):
    due_at: Moment


class PromiseQuery(OfCustomer):
    state: Promise.State | None = None


@promises.get("", response=Page[PromiseOut], summary="List promises, newest first")
def list_promises(request: ApiRequest, query: Query[PromiseQuery]) -> dict[str, Any]:
    return listed(request, query, Promise.objects.select_related("owner"), promise_json)


@promises.post("", response={201: PromiseOut}, summary="Give a promise")
def give_promise(request: ApiRequest, given: PromiseIn) -> Status[dict[str, Any]]:
    promise = actions.give(
        request.actor,
        customer_of(request.actor, given.customer),
        place_of(request.actor, given.place),
        kind=given.kind,
        text=given.text,
        due_at=given.due_at,
        owner_id=request.actor.staff_id,
        now=request.now,
    )
    return Status(201, promise_json(promise))


@promises.get("/{promise_id}", response=PromiseOut, summary="One promise")
def get_promise(request: ApiRequest, promise_id: PublicId) -> dict[str, Any]:
    return promise_json(access.promise(request.actor, row("promise", promise_id)))


@promises.post(
    "/{promise_id}/renegotiate", response={201: PromiseOut}, summary="The customer agreed to another time"
)
def renegotiate(request: ApiRequest, promise_id: PublicId, given: NewTime) -> Status[dict[str, Any]]:
    promise = access.promise(request.actor, row("promise", promise_id))
    renewed = actions.renegotiate(request.actor, promise, due_at=given.due_at, now=request.now)
    return Status(201, promise_json(renewed))


_ENDS = {"keep": actions.keep, "withdraw": actions.withdraw}


@promises.post("/{promise_id}/{end}", response=PromiseOut, summary="Keep a promise, or withdraw it")
def end_promise(request: ApiRequest, promise_id: PublicId, end: str) -> dict[str, Any]:
    promise = access.promise(request.actor, row("promise", promise_id))
    if end not in _ENDS:
        raise NotFound
    _ENDS[end](request.actor, promise, now=request.now)
    return promise_json(promise)


def promise_json(promise: Promise) -> dict[str, Any]:
    return {
        "id": promise.public_id,
        "customer": public_id("customer", promise.customer_id),
        "place": public_id("place", promise.place_id),
        "case": public_id("case", promise.case_id) if promise.case_id else None,
        "kind": promise.kind,
        "text": promise.text,
        "owner": promise.owner.name if promise.owner else None,
        "state": promise.state,
        "made_at": promise.made_at,
        "warn_at": promise.warn_at,
        "due_at": promise.due_at,
        "settled_at": promise.settled_at,
    }
