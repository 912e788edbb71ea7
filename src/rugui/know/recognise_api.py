"""Who is it? Over the API: for a telephone system, a till, a chat."""

from __future__ import annotations

from typing import Any

from ninja import Field, Query, Schema

from ..core.errors import InputError
from ..house.apikit import ApiRequest, Words, room_router
from . import actions, recognise
from .api import CustomerOut, _region, customer_json

recogniser = room_router("customers")


class RecogniseQuery(Schema):
    q: Words | None = Field(None, description="Any mixture of number, address, handle and name, as typed.")
    phone: Words | None = None
    email: Words | None = None
    handle: Words | None = None
    card: Words | None = None
    name: Words | None = None
    limit: int = Field(5, ge=1, le=50)


class ReasonOut(Schema):
    field: str = Field(description="phone, email, handle, card or name.")
    level: str = Field(description="How it agrees: same, digit, slip, script, nickname, sound, part …")
    value: str = Field(description="What on the card it is about.")


class RecognisedOut(Schema):
    customer: CustomerOut
    probability: float = Field(
        description="That it is they. All candidates and nobody known share one: two who fit equally have half each."
    )
    reasons: list[ReasonOut]


@recogniser.get(
    "/recognise", response=list[RecognisedOut], summary="Recognise a customer, with probability and reasons"
)
def recognise_customer(request: ApiRequest, query: Query[RecogniseQuery]) -> list[dict[str, Any]]:
    organization_id, regions = request.actor.organization_id, [_region(request)]
    identities = [
        (kind, value.replace("\x00", ""))
        for kind in ("phone", "email", "handle", "card")
        if (value := getattr(query, kind))
    ]
    name = (query.name or "").replace("\x00", "")
    if not (query.q or identities or name):
        raise InputError({"q": recognise.NOTHING_ASKED})
    if identities or name:
        found = recognise.recognise_fields(
            organization_id, identities, f"{name} {query.q or ''}".strip(), regions=regions, limit=query.limit
        )
    else:
        text = (query.q or "").replace("\x00", "")
        found = recognise.recognise(organization_id, text, regions=regions, limit=query.limit)
    actions.note_search(request.actor, found=len(found), now=request.now)
    return [
        {
            "customer": customer_json(each.customer),
            "probability": round(each.probability, 6),
            "reasons": [{"field": one.field, "level": one.level, "value": one.value} for one in each.reasons],
        }
        for each in found
    ]
