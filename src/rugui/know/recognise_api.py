"""Who is it? Over the API: for a telephone system, a till, a chat."""

from __future__ import annotations

from typing import Any

from ninja import Field, Query, Schema

from ..core.errors import InputError
from ..house.apikit import ApiRequest, Input, Line, room_router
from . import actions, certainty, recognise
from .api import CustomerOut, _region, customer_json

recogniser = room_router("customers")


class RecogniseQuery(Schema):
    q: Line | None = Field(None, description="Any mixture of number, address, handle and name, as typed.")
    phone: Line | None = None
    email: Line | None = None
    handle: Line | None = None
    card: Line | None = None
    name: Line | None = None
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
        (kind, value)
        for kind in ("phone", "email", "handle", "card")
        if (value := (getattr(query, kind) or "").strip())
    ]
    name, text = (query.name or "").strip(), (query.q or "").strip()
    if not (text or identities or name):
        raise InputError({"q": recognise.NOTHING_ASKED})
    if identities or name:
        found = recognise.recognise_fields(
            organization_id, identities, f"{name} {text}".strip(), regions=regions, limit=query.limit
        )
    else:
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


class RecognitionIn(Input):
    false_link_rate: float = Field(
        description="Of the messages put on a card without asking, the share that may be somebody else's: 0.001 is one in a thousand."
    )


class MeasuredOut(Schema):
    links: int = Field(description="Decided pairs that today's rule would link.")
    false: int = Field(description="Those of them that were two people.")
    low: float = Field(description="Between this and `high` lies the true share, 95 of 100 times.")
    high: float


class RecognitionOut(RecognitionIn):
    link: float = Field(description="From this probability on a message goes on a card by itself.")
    suggest: float = Field(description="From this probability on somebody is asked.")
    decisions: int = Field(description="Pairs that people have decided about, which this rests on.")
    confirmed: int = Field(description="Those of them that were one person.")
    measured: MeasuredOut


@recogniser.get("/recognition", response=RecognitionOut, summary="How sure links are; for owners")
def get_recognition(request: ApiRequest) -> dict[str, Any]:
    return _recognition(request)


@recogniser.put(
    "/recognition", response=RecognitionOut, summary="Say how many links may be false; for owners"
)
def set_recognition(request: ApiRequest, given: RecognitionIn) -> dict[str, Any]:
    certainty.set_rate(request.actor, given.false_link_rate, now=request.now)
    return _recognition(request)


def _recognition(request: ApiRequest) -> dict[str, Any]:
    standing = certainty.standing(request.actor)
    held = standing.now
    low, high = held.measured.interval
    return {
        "false_link_rate": held.rate,
        "link": held.limits.link,
        "suggest": held.limits.suggest,
        "decisions": standing.decided,
        "confirmed": standing.same,
        "measured": {"links": held.measured.links, "false": held.measured.false, "low": low, "high": high},
    }
