"""Touches, visits, purchases and refunds over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Field, Query, Schema, Status

from ..core.errors import InputError, NotFound
from ..core.ids import public_id
from ..core.money import Money
from ..house.apikit import (
    ApiRequest,
    Currency,
    ExternalId,
    Input,
    Line,
    Minor,
    Moment,
    OfCustomer,
    Page,
    Prose,
    PublicId,
    StrictBool,
    listed,
    place_of,
    reference,
    room_router,
    row,
)
from ..know.api import customer_of
from . import access, actions
from .models import Purchase, Touch, Visit

touches = room_router("touches")
visits = room_router("visits")
purchases = room_router("purchases")


class ServeQuery(OfCustomer):
    external_id: ExternalId | None = None


class TouchOut(Schema):
    id: PublicId
    customer: PublicId
    place: PublicId | None
    channel: Touch.Channel
    direction: Touch.Direction
    text: str
    at: datetime
    waiting: bool
    external_id: str | None


class TouchIn(Input):
    customer: PublicId
    place: PublicId | None = None
    channel: Touch.Channel
    direction: Touch.Direction
    text: Prose = ""
    at: Moment | None = None
    waiting: StrictBool = False
    external_id: ExternalId | None = None


class VisitOut(Schema):
    id: PublicId
    customer: PublicId
    place: PublicId
    kind: Visit.Kind
    state: Visit.State
    about: str
    expected_at: datetime
    expected_until: datetime | None
    arrived_at: datetime | None
    begun_at: datetime | None = Field(description="Of an appointment: when it really began.")
    delay_told_at: datetime | None = Field(description="When they were told that it will begin later.")
    left_at: datetime | None
    external_id: str | None


class VisitIn(Input):
    customer: PublicId
    place: PublicId | None = None
    kind: Visit.Kind = Visit.Kind.BOOKING
    about: Line = ""
    expected_at: Moment
    expected_until: Moment | None = None
    external_id: ExternalId | None = None


class PurchaseOut(Schema):
    id: PublicId
    customer: PublicId | None = Field(description="Null once the person was erased.")
    place: PublicId | None
    kind: Purchase.Kind
    refund_of: PublicId | None
    amount: int = Field(description="Minor units (cents); positive also for refunds.")
    currency: str
    about: str
    at: datetime
    external_id: str | None


class PurchaseIn(Input):
    customer: PublicId
    place: PublicId | None = None
    amount: Minor
    currency: Currency
    about: Line = ""
    at: Moment | None = None
    external_id: ExternalId | None = None


class RefundIn(PurchaseIn):
    refund_of: PublicId | None = None


@touches.get("", response=Page[TouchOut], summary="List touches, newest first")
def list_touches(request: ApiRequest, query: Query[ServeQuery]) -> dict[str, Any]:
    return listed(request, query, Touch.objects.all(), touch_json)


@touches.post("", response={201: TouchOut}, summary="Record a touch")
def record_touch(request: ApiRequest, given: TouchIn) -> Status[dict[str, Any]]:
    touch = actions.record_touch(
        request.actor,
        customer_of(request.actor, given.customer),
        channel=given.channel,
        direction=given.direction,
        text=given.text,
        place=place_of(request.actor, given.place) if given.place else None,
        at=given.at,
        waiting=given.waiting,
        external_id=given.external_id,
        now=request.now,
    )
    return Status(201, touch_json(touch))


@touches.get("/{touch_id}", response=TouchOut, summary="One touch")
def get_touch(request: ApiRequest, touch_id: PublicId) -> dict[str, Any]:
    return touch_json(access.touch(request.actor, row("touch", touch_id)))


@touches.post("/{touch_id}/settle", response=TouchOut, summary="A message no longer waits")
def settle_touch(request: ApiRequest, touch_id: PublicId) -> dict[str, Any]:
    touch = access.touch(request.actor, row("touch", touch_id))
    actions.settle_touch(request.actor, touch, now=request.now)
    return touch_json(touch)


@visits.get("", response=Page[VisitOut], summary="List visits, newest first")
def list_visits(request: ApiRequest, query: Query[ServeQuery]) -> dict[str, Any]:
    return listed(request, query, Visit.objects.all(), visit_json)


@visits.post("", response={201: VisitOut}, summary="Expect a visit")
def expect_visit(request: ApiRequest, given: VisitIn) -> Status[dict[str, Any]]:
    visit = actions.expect_visit(
        request.actor,
        customer_of(request.actor, given.customer),
        place_of(request.actor, given.place),
        kind=given.kind,
        about=given.about,
        expected_at=given.expected_at,
        expected_until=given.expected_until,
        external_id=given.external_id,
        now=request.now,
    )
    return Status(201, visit_json(visit))


@visits.get("/{visit_id}", response=VisitOut, summary="One visit")
def get_visit(request: ApiRequest, visit_id: PublicId) -> dict[str, Any]:
    return visit_json(access.visit(request.actor, row("visit", visit_id)))


_MOVES = {
    "arrive": actions.arrive,
    "begin": actions.begin,
    "tell-delay": actions.tell_delay,
    "leave": actions.leave,
    "miss": actions.miss,
    "cancel": actions.cancel,
    "undo": actions.undo,
}


@visits.post(
    "/{visit_id}/{move}",
    response=VisitOut,
    summary="They arrive, begin, are told of a delay, leave, miss it or cancel; or undo that",
)
def move_visit(request: ApiRequest, visit_id: PublicId, move: str) -> dict[str, Any]:
    visit = access.visit(request.actor, row("visit", visit_id))
    if move not in _MOVES:
        raise NotFound
    _MOVES[move](request.actor, visit, now=request.now)
    return visit_json(visit)


@purchases.get("", response=Page[PurchaseOut], summary="List purchases and refunds, newest first")
def list_purchases(request: ApiRequest, query: Query[ServeQuery]) -> dict[str, Any]:
    return listed(request, query, Purchase.objects.all(), purchase_json)


@purchases.post("", response={201: PurchaseOut}, summary="Record a purchase")
def record_purchase(request: ApiRequest, given: PurchaseIn) -> Status[dict[str, Any]]:
    purchase = actions.record_purchase(
        request.actor,
        customer_of(request.actor, given.customer),
        amount=Money(given.amount, given.currency),
        place=place_of(request.actor, given.place) if given.place else None,
        about=given.about,
        at=given.at,
        external_id=given.external_id,
        now=request.now,
    )
    return Status(201, purchase_json(purchase))


@purchases.post("/refunds", response={201: PurchaseOut}, summary="Record a refund")
def record_refund(request: ApiRequest, given: RefundIn) -> Status[dict[str, Any]]:
    customer = customer_of(request.actor, given.customer)
    refund = actions.record_refund(
        request.actor,
        customer,
        amount=Money(given.amount, given.currency),
        refund_of=_refunded(request, given.refund_of) if given.refund_of else None,
        place=place_of(request.actor, given.place) if given.place else None,
        about=given.about,
        at=given.at,
        external_id=given.external_id,
        now=request.now,
    )
    return Status(201, purchase_json(refund))


@purchases.get("/{purchase_id}", response=PurchaseOut, summary="One purchase or refund")
def get_purchase(request: ApiRequest, purchase_id: PublicId) -> dict[str, Any]:
    return purchase_json(access.purchase(request.actor, row("purchase", purchase_id)))


def touch_json(touch: Touch) -> dict[str, Any]:
    return _common(touch) | {
        "channel": touch.channel,
        "direction": touch.direction,
        "text": touch.text,
        "at": touch.at,
        "waiting": touch.waiting,
    }


def visit_json(visit: Visit) -> dict[str, Any]:
    return _common(visit) | {
        "kind": visit.kind,
        "state": visit.state,
        "about": visit.about,
        "expected_at": visit.expected_at,
        "expected_until": visit.expected_until,
        "arrived_at": visit.arrived_at,
        "begun_at": visit.begun_at,
        "delay_told_at": visit.delay_told_at,
        "left_at": visit.left_at,
    }


def purchase_json(purchase: Purchase) -> dict[str, Any]:
    return _common(purchase) | {
        "kind": purchase.kind,
        "refund_of": public_id("purchase", purchase.refund_of_id) if purchase.refund_of_id else None,
        "amount": purchase.amount,
        "currency": purchase.currency,
        "about": purchase.about,
        "at": purchase.at,
    }


def _common(item: Touch | Visit | Purchase) -> dict[str, Any]:
    return {
        "id": item.public_id,
        "customer": public_id("customer", item.customer_id) if item.customer_id else None,
        "place": public_id("place", item.place_id) if item.place_id else None,
        "external_id": item.external_id,
    }


def _refunded(request: ApiRequest, public: str) -> Purchase:
    try:
        return access.purchase(request.actor, reference("purchase", "refund_of", public))
    except NotFound as error:
        raise InputError({"refund_of": error.message}) from error
