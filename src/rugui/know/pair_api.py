"""Merging cards, undoing it, and likely pairs over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from ninja import Query, Schema, Status

from ..core.errors import InputError, NotFound
from ..core.ids import public_id
from ..house.access import Actor
from ..house.apikit import ApiRequest, Input, Page, PageQuery, PublicId, page, reference, room_router, row
from . import access
from . import merge as merging
from .models import Customer
from .pairs import CardPair, Merge

merges = room_router("customers")
pairs = room_router("customers")


class MergeIn(Input):
    source: PublicId
    survivor: PublicId
    reason: Literal["looked", "told"] = "looked"


class MergeOut(Schema):
    id: PublicId
    source: PublicId
    survivor: PublicId
    at: datetime
    reason: Merge.Reason
    undone_at: datetime | None


class MergeQuery(PageQuery):
    survivor: PublicId | None = None


class PairOut(Schema):
    id: PublicId
    customers: list[PublicId]
    state: CardPair.State
    probability: float | None
    reasons: list[list[str]]


class PairQuery(PageQuery):
    state: CardPair.State = CardPair.State.SUGGESTED


@merges.get("", response=Page[MergeOut], summary="Merges, newest first")
def list_merges(request: ApiRequest, query: Query[MergeQuery]) -> dict[str, Any]:
    rows = Merge.objects.all()
    if query.survivor is not None:
        rows = rows.filter(survivor_id=reference("customer", "survivor", query.survivor))
    found, following = page(rows, query)
    return {"items": [_merge_json(each) for each in found], "next": following}


@merges.post("", response={201: MergeOut}, summary="Make two cards of one person one")
def merge_customers(request: ApiRequest, given: MergeIn) -> Status[dict[str, Any]]:
    source = _card(request.actor, "source", given.source)
    survivor = _card(request.actor, "survivor", given.survivor)
    return Status(
        201, _merge_json(merging.merge(request.actor, source, survivor, reason=given.reason, now=request.now))
    )


@merges.post("/{merge_id}/undo", response=MergeOut, summary="Give both cards back")
def undo_merge(request: ApiRequest, merge_id: PublicId) -> dict[str, Any]:
    found = access.merge(request.actor, row("merge", merge_id))
    return _merge_json(merging.undo(request.actor, found, now=request.now))


@pairs.get("", response=Page[PairOut], summary="Pairs of cards that may be one person's")
def list_pairs(request: ApiRequest, query: Query[PairQuery]) -> dict[str, Any]:
    found, following = page(CardPair.objects.filter(state=query.state), query)
    return {"items": [_pair_json(each) for each in found], "next": following}


@pairs.post("/{cardpair_id}/{decision}", response=PairOut, summary="Not the same, later, or open again")
def decide_pair(
    request: ApiRequest, cardpair_id: PublicId, decision: Literal["distinct", "later", "again"]
) -> dict[str, Any]:
    pair = access.pair(request.actor, row("cardpair", cardpair_id))
    if decision == "again":
        merging.ask_again(request.actor, pair, now=request.now)
        pair.refresh_from_db()
        return _pair_json(pair)
    decide = merging.not_the_same if decision == "distinct" else merging.ask_later
    return _pair_json(decide(request.actor, pair.low, pair.high, now=request.now))


def _card(actor: Actor, field: str, public: str) -> Customer:
    """The very card that a body names; one that is part of another already is none to merge."""
    try:
        found = access.customer(actor, reference("customer", field, public))
    except NotFound as error:
        raise InputError({field: error.message}) from error
    return found


def _merge_json(merge: Merge) -> dict[str, Any]:
    return {
        "id": merge.public_id,
        "source": public_id("customer", merge.source_id),
        "survivor": public_id("customer", merge.survivor_id),
        "at": merge.at,
        "reason": merge.reason,
        "undone_at": merge.undone_at,
    }


def _pair_json(pair: CardPair) -> dict[str, Any]:
    return {
        "id": pair.public_id,
        "customers": [public_id("customer", pair.low_id), public_id("customer", pair.high_id)],
        "state": pair.state,
        "probability": pair.probability,
        "reasons": pair.reasons,
    }
