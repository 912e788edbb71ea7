"""A telephone system tells what happens to a call, and hears who it likely is."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.utils.translation import gettext as _
from ninja import Field, Query, Schema
from pydantic import StringConstraints

from ..core.errors import InputError
from ..core.ids import public_id
from ..house.access import staff_actor
from ..house.apikit import (
    ApiRequest,
    ExternalId,
    Input,
    Moment,
    Page,
    PageQuery,
    PublicId,
    listed,
    place_of,
    reference,
    room_router,
    row,
)
from ..house.models import Staff
from ..know.api import CustomerOut, customer_json
from ..know.models import Customer
from . import calls
from .models import Call

router = room_router("calls")
Number = Annotated[str, StringConstraints(strict=True, max_length=40, pattern=r"^[^\u0000]*$")]


class CallIn(Input):
    """One event of a call. Of the same call, all events have the same `id`; the same event again changes nothing."""

    id: ExternalId = Field(description="What the telephone system calls this call.")
    event: Call.State
    number: Number = Field("", description="The caller's number in any style; empty when it is withheld.")
    place: PublicId | None = None
    at: Moment | None = None
    answered_by: PublicId | None = Field(
        None, description="The member of staff who picked up, where that is known."
    )


class LikelyOut(Schema):
    customer: CustomerOut
    probability: float


class CallOut(Schema):
    id: PublicId
    external_id: str
    place: PublicId
    number: str
    state: Call.State
    customer: CustomerOut | None = Field(description="Who it is, when that is as good as certain.")
    likely: list[LikelyOut] = Field(description="Else who it may be, the likeliest first.")
    rang_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    touch: PublicId | None = Field(description="What the call became on the card, once it is over.")


@router.post("", response=CallOut, summary="It rings, is answered, ends or is missed")
def hear_call(request: ApiRequest, given: CallIn) -> dict[str, Any]:
    place = place_of(request.actor, given.place)
    staff = _colleague(given.answered_by) if given.answered_by else None
    told = calls.Told(given.id, given.event, given.number, given.at, staff)
    return call_json(calls.hear(request.actor, place, told, now=request.now))


@router.get("", response=Page[CallOut], summary="List calls, newest first")
def list_calls(request: ApiRequest, query: Query[PageQuery]) -> dict[str, Any]:
    return listed(request, query, Call.objects.select_related("customer"), call_json)


@router.get("/{call_id}", response=CallOut, summary="One call")
def get_call(request: ApiRequest, call_id: PublicId) -> dict[str, Any]:
    return call_json(calls.call_of(request.actor, row("call", call_id)))


def _colleague(public: str) -> Staff:
    found = Staff.objects.filter(id=reference("staff", "answered_by", public), active=True).first()
    if found is None or staff_actor(staff_id=found.id) is None:
        raise InputError({"answered_by": _("There is no such colleague.")})
    return found


def call_json(call: Call) -> dict[str, Any]:
    people = Customer.objects.in_bulk([number for number, _chance in call.likely]) if call.likely else {}
    return {
        name: getattr(call, name)
        for name in ("external_id", "number", "state", "rang_at", "answered_at", "ended_at")
    } | {
        "id": call.public_id,
        "place": public_id("place", call.place_id),
        "customer": customer_json(call.customer) if call.customer else None,
        "likely": [
            {"customer": customer_json(people[number]), "probability": chance}
            for number, chance in call.likely
            if number in people
        ],
        "touch": public_id("touch", call.touch_id) if call.touch_id else None,
    }
