"""Promises over the API."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any, Literal
from zoneinfo import ZoneInfo

from ninja import Field, Query, Schema, Status
from pydantic import ConfigDict

from ..core.errors import NotFound
from ..core.ids import public_id
from ..engines.shares import Share
from ..house.access import Actor, places
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
from ..serve.models import Touch
from . import access, actions, kept, waiting
from .kept import Counts
from .models import Priority, Promise, WaitsFor
from .sought import Shows, Sought, period

promises = room_router("promises")


class PromiseOut(Schema):
    id: PublicId
    customer: PublicId
    place: PublicId
    case: PublicId | None
    kind: Promise.Kind
    text: str
    channel: str
    priority: Priority
    owner: str | None = Field(
        description="Name of the colleague who sees to it; of what has ended only for themselves and for who leads the place."
    )
    state: Promise.State
    made_at: datetime
    warn_at: datetime | None
    due_at: datetime
    told_at: datetime | None = Field(description="The time that the customer was told.")
    settled_at: datetime | None
    may_wait: bool
    waits_since: datetime | None = Field(
        description="Since when it waits for the customer; its time stands still."
    )
    waits_for: WaitsFor | Literal[""]


class PromiseIn(Input):
    customer: PublicId
    place: PublicId | None = None
    kind: Promise.Kind = Promise.Kind.OTHER
    text: Line = ""
    due_at: Moment


class NewTime(Input):
    due_at: Moment


class WaitIn(Input):
    waits_for: WaitsFor = WaitsFor.ANSWER


class PromiseQuery(OfCustomer):
    state: Promise.State | None = None
    kind: Promise.Kind | None = None
    channel: Touch.Channel | None = None
    priority: Priority | None = None
    place: str | None = Field(None, max_length=40, description="Only those of this place.")
    due_since: Moment | None = None
    due_until: Moment | None = Field(None, description="Due before this moment.")


class KeptQuery(Schema):
    """Which promises are counted: those that fell due in the last so many days."""

    model_config = ConfigDict(extra="forbid")
    place: str | None = Field(
        None, max_length=40, description="Only those of this place; otherwise of every place that you see."
    )
    kind: Promise.Kind | None = None
    channel: Touch.Channel | None = None
    priority: Priority | None = None
    days: int = Field(28, ge=1, le=364)


class ShareOut(Schema):
    count: int
    share: float | None = Field(description="Null of nothing.")
    low: float = Field(description="Where the true share lies, 19 times in 20 (Wilson): from here …")
    high: float = Field(description="… to here.")


class CountsOut(Schema):
    ended: int = Field(description="Fell due, and were kept, broken or renegotiated.")
    kept: ShareOut
    early: ShareOut = Field(description="Kept with at least a quarter of their time left.")
    renegotiated: ShareOut
    broken: ShareOut
    late: int = Field(description="Broken, and done later all the same.")
    told: int = Field(description="Kept or broken, and the customer was told a time.")
    beaten: ShareOut = Field(description="Done by the time told, of those told one.")


class OfOut(CountsOut):
    of: str = Field(
        description="A place's or person's public id, a kind, or a channel; empty for nobody or none."
    )


class FirstOut(Schema):
    channel: str | None = Field(description="Null: whatever the channel.")
    answers: int
    within_half_an_hour: ShareOut
    half_within_seconds: float | None = Field(description="Null: most were not given at all.")
    nine_in_ten_within_seconds: float | None


class BegunOut(Schema):
    appointments: int
    on_time: ShareOut
    half_within_seconds: float
    nine_in_ten_within_seconds: float
    told_before: ShareOut = Field(description="Of those that began late: told before they came.")


class KeptOut(Schema):
    since: datetime
    until: datetime
    every: CountsOut
    places: list[OfOut]
    kinds: list[OfOut]
    channels: list[OfOut]
    people: list[OfOut] = Field(description="Yourself, and everybody where you lead.")
    first_answers: list[FirstOut]
    appointments: BegunOut | None


@promises.get("", response=Page[PromiseOut], summary="List promises, newest first")
def list_promises(request: ApiRequest, query: Query[PromiseQuery]) -> dict[str, Any]:
    rows = Promise.objects.select_related("owner")
    if query.place is not None:
        rows = rows.filter(place=place_of(request.actor, query.place))
    if query.due_since is not None:
        rows = rows.filter(due_at__gte=query.due_since)
    if query.due_until is not None:
        rows = rows.filter(due_at__lt=query.due_until)
    narrowed = query.model_copy(update={"place": None, "due_since": None, "due_until": None})
    return listed(request, narrowed, rows, partial(promise_json, actor=request.actor))


@promises.get("/kept", response=KeptOut, summary="How promises were kept, with intervals")
def promises_kept(request: ApiRequest, query: Query[KeptQuery]) -> dict[str, Any]:
    seen = places(request.actor)
    within = seen if query.place is None else [place_of(request.actor, query.place)]
    since, until = period(query.days, within[0].zone if within else ZoneInfo("UTC"), request.now)
    wanted = Sought(
        tuple(place.id for place in within), Shows.ENDED, query.kind or "", query.channel or "", query.priority or "",
        since=since, until=until, me=request.actor.staff_id or 0,
        led=tuple(place.id for place in within if request.actor.leads(place.id)),
    )  # fmt: skip
    return kept_json(wanted, since)


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
    return Status(201, promise_json(promise, request.actor))


@promises.get("/{promise_id}", response=PromiseOut, summary="One promise")
def get_promise(request: ApiRequest, promise_id: PublicId) -> dict[str, Any]:
    return promise_json(access.promise(request.actor, row("promise", promise_id)), request.actor)


@promises.post(
    "/{promise_id}/renegotiate", response={201: PromiseOut}, summary="The customer agreed to another time"
)
def renegotiate(request: ApiRequest, promise_id: PublicId, given: NewTime) -> Status[dict[str, Any]]:
    promise = access.promise(request.actor, row("promise", promise_id))
    renewed = actions.renegotiate(request.actor, promise, due_at=given.due_at, now=request.now)
    return Status(201, promise_json(renewed, request.actor))


@promises.post("/{promise_id}/wait", response=PromiseOut, summary="Let a promise wait for the customer")
def let_wait(request: ApiRequest, promise_id: PublicId, given: WaitIn) -> dict[str, Any]:
    promise = access.promise(request.actor, row("promise", promise_id))
    waiting.pause(request.actor, promise, waits_for=given.waits_for, now=request.now)
    return promise_json(promise, request.actor)


_ENDS = {"keep": actions.keep, "withdraw": actions.withdraw, "go-on": waiting.resume}


@promises.post(
    "/{promise_id}/{end}",
    response=PromiseOut,
    summary="Keep a promise, withdraw it, or let it go on after waiting",
)
def end_promise(request: ApiRequest, promise_id: PublicId, end: str) -> dict[str, Any]:
    promise = access.promise(request.actor, row("promise", promise_id))
    if end not in _ENDS:
        raise NotFound
    _ENDS[end](request.actor, promise, now=request.now)
    return promise_json(promise, request.actor)


def promise_json(promise: Promise, actor: Actor | None = None) -> dict[str, Any]:
    # Of a case's clock, which still runs, everybody may know.
    may_know = promise.settled_at is None or (
        actor is not None and (promise.owner_id == actor.staff_id or actor.leads(promise.place_id))
    )
    return {
        "id": promise.public_id,
        "customer": public_id("customer", promise.customer_id),
        "place": public_id("place", promise.place_id),
        "case": public_id("case", promise.case_id) if promise.case_id else None,
        "kind": promise.kind,
        "text": promise.text,
        "channel": promise.channel,
        "priority": promise.priority,
        "owner": promise.owner.name if promise.owner and may_know else None,
        "state": promise.state,
        "made_at": promise.made_at,
        "warn_at": promise.warn_at,
        "due_at": promise.due_at,
        "told_at": promise.told_at,
        "settled_at": promise.settled_at,
        "may_wait": promise.may_pause,
        "waits_since": promise.paused_at,
        "waits_for": promise.waits_for,
    }


def kept_json(wanted: Sought, since: datetime) -> dict[str, Any]:
    """Two queries."""
    ended, begun = kept.ended(wanted), kept.begun(wanted)
    found, first = kept.kept(wanted, ended, [since]), kept.first_answers(ended)
    return {
        "since": since,
        "until": wanted.until,
        "every": _counts(found.every),
        "places": [{"of": public_id("place", key), **_counts(counts)} for key, counts in found.places.items()],
        "kinds": [{"of": key, **_counts(counts)} for key, counts in found.kinds.items()],
        "channels": [{"of": key, **_counts(counts)} for key, counts in found.channels.items()],
        "people": [
            {"of": public_id("staff", key) if key else "", **_counts(counts)}
            for key, counts in found.people.items()
            if key != kept.HIDDEN
        ],
        "first_answers": [
            {
                "channel": each.channel,
                "answers": each.answers,
                "within_half_an_hour": _share(each.soon),
                "half_within_seconds": _finite(each.half),
                "nine_in_ten_within_seconds": _finite(each.most),
            }
            for each in first
        ],
        "appointments": begun and {
            "appointments": begun.appointments,
            "on_time": _share(begun.punctual),
            "half_within_seconds": begun.half,
            "nine_in_ten_within_seconds": begun.most,
            "told_before": _share(begun.told),
        },
    }  # fmt: skip


def _counts(counts: Counts) -> dict[str, Any]:
    shares = {
        what: _share(counts.share(what)) for what in ("kept", "early", "renegotiated", "broken", "beaten")
    }
    return {"ended": counts.ended, "late": counts.late, "told": counts.told, **shares}


def _share(share: Share) -> dict[str, Any]:
    return {"count": share.hits, "share": share.share, "low": share.low, "high": share.high}


def _finite(seconds: float) -> float | None:
    return seconds if seconds < float("inf") else None
