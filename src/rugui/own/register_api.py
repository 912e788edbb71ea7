"""What is held, what for and how long, over the API: for whoever leads to read, for owners to decide."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

from ninja import Field, Query, Schema, Status

from ..core.errors import NotFound
from ..house.actions.places import must_own
from ..house.apikit import ApiRequest, Input, Moment, Prose, room_router
from . import jobs, keeping
from .models import Clearing, Keeping
from .register import BY_CODE, KINDS, LONGEST_MONTHS, Kind, decided

register = room_router("register")
Basis = Literal["contract", "consent", "legal", "interest"]


class KindOut(Schema):
    kind: str = Field(description="Its name for programs: card, need, note, message, …")
    name: str
    what: str
    purpose: str = Field(description="What it is for: in the house's own words where it has any.")
    seen_by: str
    basis: Basis
    since: str = Field(description="From when its months count, in words.")
    months: int | None = Field(
        description="How long it is kept; null as long as the card. Not decided: what is proposed."
    )
    decided_at: str | None = Field(
        description="To the microsecond, for `seen`. null: nobody has decided, so nothing goes by itself.",
        json_schema_extra={"format": "date-time"},
    )
    begins_at: datetime | None = Field(description="Nothing goes before this.")
    held: int | None = Field(description="How much of it there was when it was last counted.")
    unused: int | None = Field(description="Of that, what nobody has needed for a year.")
    droppable: bool = Field(description="Whether what is unused can be dropped.")


class RegisterOut(Schema):
    counted_at: datetime | None
    kinds: list[KindOut]


class TriedOut(KindOut):
    would_go: int = Field(description="How much would go today with the months that hold, or were asked for.")


class TryQuery(Schema):
    months: int | None = Field(None, ge=1, le=LONGEST_MONTHS, description="A period to try.")


class KeepingIn(Input):
    months: int | None = Field(description="1 to 240; null as long as the card.")
    basis: str = Field(description="contract, consent, legal or interest.")
    why: Prose = Field("", description="What it is for, in your words: customers read it on their own page.")
    seen: Moment | None = Field(
        None, description="`decided_at` as you read it; leave out where nothing was decided."
    )


class DecidedOut(Schema):
    decided: int = Field(description="Of how many kinds.")


@register.get("/register", response=RegisterOut, summary="What is held, what for and how long; for who leads")
def get_register(request: ApiRequest) -> dict[str, Any]:
    request.actor.must_lead_somewhere()
    return _register()


@register.post(
    "/register/begin",
    response=DecidedOut,
    summary="Decide all that is not yet decided as proposed; for owners",
)
def begin_register(request: ApiRequest) -> dict[str, Any]:
    return {"decided": keeping.begin(request.actor, now=request.now)}


@register.post("/register/count", response=RegisterOut, summary="Count what is held now; for owners")
def count_register(request: ApiRequest) -> dict[str, Any]:
    must_own(request.actor)
    keeping.count(request.actor, now=request.now)
    return _register()


@register.get(
    "/register/{kind}",
    response=TriedOut,
    summary="One kind, and how much would go with a period; for owners",
)
def get_register_kind(request: ApiRequest, kind: str, query: Query[TryQuery]) -> dict[str, Any]:
    must_own(request.actor)
    found = BY_CODE.get(kind)
    if found is None:
        raise NotFound
    answer = _kind(found, decided().get(kind), _counted())
    months = query.months or answer["months"]
    number = keeping.going(found, months, now=request.now, most=0)[0] if months else 0
    return {**answer, "would_go": number}


@register.put(
    "/register/{kind}", response=KindOut, summary="Say how long one kind is kept, and why; for owners"
)
def decide_register_kind(request: ApiRequest, kind: str, given: KeepingIn) -> dict[str, Any]:
    row = keeping.decide(
        request.actor,
        kind,
        months=given.months,
        basis=given.basis,
        why=given.why,
        seen=given.seen,
        now=request.now,
    )
    return _kind(BY_CODE[kind], row, _counted())


@register.post(
    "/register/{kind}/drop",
    response={202: None},
    summary="Drop what nobody has needed for a year; for owners",
)
def drop_register_kind(request: ApiRequest, kind: str) -> Status[None]:
    found = keeping.must_be_droppable(request.actor, kind)
    jobs.drop_soon(request.actor.organization_id, found.code)
    return Status(202, None)


def _counted() -> Clearing | None:
    return Clearing.objects.order_by("-at").first()


def _register() -> dict[str, Any]:
    rules, counted = decided(), _counted()
    return {
        "counted_at": counted.at if counted else None,
        "kinds": [_kind(kind, rules.get(kind.code), counted) for kind in KINDS],
    }


def _kind(kind: Kind, rule: Keeping | None, counted: Clearing | None) -> dict[str, Any]:
    return {
        "kind": kind.code,
        "name": str(kind.name),
        "what": str(kind.what),
        "purpose": (rule.why if rule else "") or str(kind.purpose),
        "seen_by": str(kind.seen_by),
        "basis": rule.basis if rule else kind.basis,
        "since": str(kind.since),
        "months": rule.months if rule else kind.proposed,
        "decided_at": rule.decided_at.astimezone(UTC).isoformat() if rule else None,
        "begins_at": rule.begins_at if rule else None,
        "held": counted.held.get(kind.code) if counted else None,
        "unused": counted.unused.get(kind.code) if counted else None,
        "droppable": keeping.droppable(kind),
    }
