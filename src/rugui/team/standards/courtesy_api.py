"""Greetings and good-byes over the API: noting them, and, for who leads, where nobody has."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from ninja import Field, Query, Schema, Status

from ...core.errors import InputError, NotFound
from ...core.ids import public_id
from ...house.apikit import ApiRequest, Input, PublicId, reference, room_router, row
from ...promise.api import PromiseOut, promise_json
from ...serve import access as serve
from ...serve.models import Visit
from . import access, courtesy
from .api import led_or_named
from .models import Courtesy, Moment

courtesies = room_router("standards")
Due = Literal["arrival", "farewell"]


class CourtesyIn(Input):
    visit: PublicId
    moment: Due = Field(
        description="`arrival`: they were greeted, and are here. `farewell`: good-bye was said, and they have left."
    )


class VisitNamed(Input):
    visit: PublicId


class CourtesyOut(Schema):
    id: PublicId
    visit: PublicId
    customer: PublicId
    place: PublicId
    moment: Due
    due_at: datetime
    said_at: datetime | None = Field(description="Null: nobody has noted it.")


class SaidShare(Schema):
    moment: Due
    said: int
    due: int
    low: float
    high: float


class CourtesiesOut(Schema):
    shares: list[SaidShare] = Field(description="How often it was said in the last week, with its interval.")
    missed: list[CourtesyOut] = Field(
        description="Of which nobody has noted it, the latest first; 50 at most."
    )


class CourtesiesQuery(Schema):
    place: str | None = Field(None, max_length=40, description="Else all places that you lead.")


@courtesies.get(
    "/courtesies", response=CourtesiesOut, summary="Where no greeting or good-bye was noted, for who leads"
)
def list_courtesies(request: ApiRequest, query: Query[CourtesiesQuery]) -> dict[str, Any]:
    places = led_or_named(request, query.place)
    shares = courtesy.shares(places, now=request.now)
    return {
        "shares": [
            {
                "moment": each.moment, "said": each.share.hits, "due": each.share.of, "low": each.share.low, "high": each.share.high,
            }
            for each in shares
        ],
        "missed": [courtesy_json(each, each.visit) for each in courtesy.missed(places, now=request.now)],
    }  # fmt: skip


@courtesies.post(
    "/courtesies", response={201: CourtesyOut}, summary="They were greeted, or good-bye was said"
)
def note_courtesy(request: ApiRequest, given: CourtesyIn) -> Status[dict[str, Any]]:
    visit = _visit(request, given.visit)
    note = courtesy.greet if given.moment == Moment.ARRIVAL.value else courtesy.say_goodbye
    note(request.actor, visit, now=request.now)
    noted = next(each for each in courtesy.of_visits([visit.id])[visit.id] if each.moment == given.moment)
    return Status(201, courtesy_json(noted, visit))


@courtesies.post(
    "/courtesies/ask-again", response={201: PromiseOut}, summary="Promise to ask them how the visit was"
)
def ask_again(request: ApiRequest, given: VisitNamed) -> Status[dict[str, Any]]:
    promise = courtesy.ask_again(request.actor, _visit(request, given.visit), now=request.now)
    return Status(201, promise_json(promise, request.actor))


@courtesies.post(
    "/courtesies/{courtesy_id}/said", response=CourtesyOut, summary="It was said, only not noted then"
)
def note_courtesy_later(request: ApiRequest, courtesy_id: PublicId) -> dict[str, Any]:
    found = access.courtesy(request.actor, row("courtesy", courtesy_id))
    courtesy.note_later(request.actor, found, now=request.now)
    found.said_at = request.now
    return courtesy_json(found, found.visit)


def _visit(request: ApiRequest, public: str) -> Visit:
    try:
        return serve.visit(request.actor, reference("visit", "visit", public))
    except NotFound as error:
        raise InputError({"visit": error.message}) from error


def courtesy_json(found: Courtesy, visit: Visit) -> dict[str, Any]:
    """Who said it is left out: this is about customers who were not greeted, not about colleagues."""
    return {
        "id": found.public_id,
        "visit": public_id("visit", found.visit_id),
        "customer": public_id("customer", visit.customer_id),
        "place": public_id("place", found.place_id),
        "moment": found.moment,
        "due_at": found.due_at,
        "said_at": found.said_at,
    }
