"""Planned surprises over the API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.utils.translation import gettext as _
from ninja import Field, Schema, Status
from pydantic import StringConstraints

from ..core.errors import InputError
from ..core.ids import public_id
from ..house.access import places
from ..house.apikit import ApiRequest, Day, Input, PublicId, place_of, reference, room_router, row
from ..house.models import Place
from . import access, surprise
from .models import Surprise

surprises = room_router("notes")

Gesture = Annotated[
    str, StringConstraints(strict=True, max_length=500, pattern=r"^[^\u0000]*[^\s\u0000][^\u0000]*$")
]
TopicCode = Annotated[str, StringConstraints(strict=True, pattern=f"^({'|'.join(surprise.TOPIC_WORDS)})$")]


class PlanIn(Input):
    gesture: Gesture
    planned_on: Day
    audience: Surprise.Audience = Surprise.Audience.ALONE
    topics: list[TopicCode] = Field(
        [], max_length=30, description="What is in it, besides what the words say."
    )
    others: list[PublicId] = Field(
        [], max_length=surprise.MOST_OTHERS, description="Other customers who will be there."
    )


class SurpriseIn(PlanIn):
    place: PublicId | None = Field(None, description="Default: the first of the places that you serve.")


class DoubtOut(Schema):
    code: str
    weight: int = Field(description="1 worth a thought, 2 wants a second person, 3 may hurt somebody.")
    words: str
    about: str = Field(description="The word of the gesture that it is about.")
    note: PublicId | None
    source: str


class CheckedOut(Schema):
    risky: bool
    digest: str = Field(description="Of the reasons; send it back as `seen` when approving.")
    reasons: list[DoubtOut]


class SurpriseOut(Schema):
    id: PublicId
    customer: PublicId
    place: PublicId
    gesture: str
    planned_on: date
    audience: Surprise.Audience
    state: Surprise.State
    outcome: str
    proposed_at: datetime
    decided_at: datetime | None
    check: CheckedOut


class SurpriseDecisionIn(Input):
    approve: bool = Field(strict=True)
    seen: Annotated[str, StringConstraints(strict=True, max_length=32, pattern="^[0-9a-f]*$")] = ""


class OutcomeIn(Input):
    outcome: Surprise.Outcome


@surprises.post(
    "/customers/{customer_id}/surprises/check", response=CheckedOut, summary="Check a gesture, keep nothing"
)
def check_surprise(request: ApiRequest, customer_id: PublicId, given: PlanIn) -> dict[str, Any]:
    customer = access.customer(request.actor, row("customer", customer_id))
    request.actor.must_serve(None)
    return _checked_json(surprise.check(request.actor, customer, _plan(request, given), now=request.now))


@surprises.post(
    "/customers/{customer_id}/surprises", response={201: SurpriseOut}, summary="Propose a surprise"
)
def propose_surprise(request: ApiRequest, customer_id: PublicId, given: SurpriseIn) -> Status[dict[str, Any]]:
    """A risky one waits for a second person."""
    customer = access.customer(request.actor, row("customer", customer_id))
    place = place_of(request.actor, given.place) if given.place else _first_served(request)
    made = surprise.propose(request.actor, customer, place, _plan(request, given), now=request.now)
    return Status(201, _json(request, made))


@surprises.get(
    "/surprises/{surprise_id}", response=SurpriseOut, summary="One surprise and what speaks against it now"
)
def get_surprise(request: ApiRequest, surprise_id: PublicId) -> dict[str, Any]:
    found = access.surprise(request.actor, row("surprise", surprise_id))
    return _json(request, found)


@surprises.post("/surprises/{surprise_id}/decide", response=SurpriseOut, summary="The second person's word")
def decide_surprise(request: ApiRequest, surprise_id: PublicId, given: SurpriseDecisionIn) -> dict[str, Any]:
    """Refused to whoever proposed it, and when reasons have come up that `seen` does not know."""
    found = access.surprise(request.actor, row("surprise", surprise_id))
    surprise.decide(request.actor, found, approve=given.approve, seen=given.seen, now=request.now)
    return _json(request, found)


@surprises.post("/surprises/{surprise_id}/outcome", response=SurpriseOut, summary="How they took it")
def end_surprise(request: ApiRequest, surprise_id: PublicId, given: OutcomeIn) -> dict[str, Any]:
    found = access.surprise(request.actor, row("surprise", surprise_id))
    surprise.note_outcome(request.actor, found, given.outcome, now=request.now)
    return _json(request, found)


def _first_served(request: ApiRequest) -> Place:
    request.actor.must_serve(None)
    served = [place for place in places(request.actor) if request.actor.serves(place.id)]
    if not served:
        raise InputError({"place": _("There is no such place.")})
    return served[0]


def _plan(request: ApiRequest, given: PlanIn) -> surprise.Plan:
    others = tuple(
        access.customer(request.actor, reference("customer", "others", each)) for each in given.others
    )
    return surprise.Plan(given.gesture, given.planned_on, given.audience, tuple(given.topics), others)


def _checked_json(found: surprise.Checked) -> dict[str, Any]:
    reasons = [
        {
            "code": each.code,
            "weight": each.weight,
            "words": each.words,
            "about": each.about,
            "note": each.note.public_id if each.note else None,
            "source": each.source,
        }
        for each in found.reasons
    ]
    return {"risky": found.risky, "digest": found.digest, "reasons": reasons}


def _json(request: ApiRequest, found: Surprise) -> dict[str, Any]:
    checked = surprise.check(request.actor, found.customer, surprise.plan_of(found), now=request.now)
    return {
        name: getattr(found, name)
        for name in ("gesture", "planned_on", "audience", "state", "outcome", "proposed_at", "decided_at")
    } | {
        "id": found.public_id,
        "customer": public_id("customer", found.customer_id),
        "place": public_id("place", found.place_id),
        "check": _checked_json(checked),
    }
