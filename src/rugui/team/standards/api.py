"""Standards over the API: what holds, deciding it, what the coach says of words to say."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from ninja import Field, Query, Schema, Status
from pydantic import BeforeValidator

from ...core.errors import InputError
from ...core.ids import public_id
from ...core.phrases import LANGUAGES, choose_one
from ...engines.shares import Share
from ...engines.spread import Spread
from ...house import access as house
from ...house.apikit import (
    ApiRequest,
    Input,
    Line,
    Page,
    PageQuery,
    PublicId,
    Version,
    Words,
    page,
    place_of,
    reference,
    room_router,
    row,
)
from ...house.apikit import (
    Moment as When,
)
from ...house.models import Place, Staff
from . import access, actions, evenly, observing, queries, saying
from .actions import Said
from .models import Moment, Observation, ObservedMark
from .queries import Held

standards = room_router("standards")


class SaidIn(Input):
    text: Words = Field(description="One thing that a colleague can see done or not done.")
    say: str = Field(
        "", max_length=actions.LONGEST_SAY, pattern=r"^[^\u0000\n]*$",
        description="Words one may say; {name}, {place} and {me} are filled in.",
    )  # fmt: skip


class WordingOut(Schema):
    text: str
    say: str


class RemarkOut(Schema):
    language: str
    words: str
    message: str
    better: str = Field(description="What to say instead; empty where there is only advice.")


class StandardOut(Schema):
    id: PublicId
    moment: Moment
    place: PublicId | None = Field(description="Where it holds; null for everywhere.")
    instead_of: PublicId | None = Field(description="The one for everywhere that it replaces at its place.")
    version: int
    words: dict[str, WordingOut] = Field(description="By language: en, zh-hant, zh-hans.")


class StandardDetail(StandardOut):
    holds: bool
    coach: list[RemarkOut] = Field(description="What the house's rules mark in the words to say.")


class StandardIn(Input):
    moment: Moment
    words: dict[str, SaidIn] = Field(description="By language: en, zh-hant, zh-hans.")
    place: PublicId | None = Field(None, description="Null: everywhere.")
    instead_of: PublicId | None = None


class StandardChangeIn(Input):
    words: dict[str, SaidIn] = Field(description="All languages; one that is left out is dropped.")
    version: Version = Field(description="The version that was read.")


class AtPlace(Schema):
    place: str | None = Field(
        None, max_length=40, description="What holds there; needed where there are several."
    )


@standards.get("/standards", response=list[StandardOut], summary="What holds, everywhere or at a place")
def list_standards(request: ApiRequest, query: Query[AtPlace]) -> list[dict[str, Any]]:
    if query.place is None:
        seen = [place.id for place in house.places(request.actor)]
        return [standard_json(each) for each in queries.everywhere(seen)]
    place = place_of(request.actor, query.place)
    return [standard_json(each) for each in queries.holding(place.id)]


@standards.post("/standards", response={201: StandardDetail}, summary="A new standard")
def add_standard(request: ApiRequest, given: StandardIn) -> Status[dict[str, Any]]:
    instead = None
    if given.instead_of is not None:
        number = reference("standard", "instead_of", given.instead_of)
        instead = access.standard(request.actor, number)
    made = actions.add(
        request.actor, given.moment, _words(given.words), place=_place(request, given.place), instead_of=instead, now=request.now
    )  # fmt: skip
    return Status(201, _detail(request, queries.held(made)))


@standards.post(
    "/standards/begin", response=list[StandardOut], summary="Take the starter standards, for everywhere"
)
def begin_standards(request: ApiRequest) -> list[dict[str, Any]]:
    actions.begin(request.actor, now=request.now)
    return [standard_json(each) for each in queries.everywhere([])]


@standards.get("/standards/{standard_id}", response=StandardDetail, summary="One standard")
def get_standard(request: ApiRequest, standard_id: PublicId) -> dict[str, Any]:
    return _detail(request, queries.held(access.standard(request.actor, row("standard", standard_id))))


@standards.patch(
    "/standards/{standard_id}", response=StandardDetail, summary="Say it otherwise: the next version"
)
def change_standard(request: ApiRequest, standard_id: PublicId, given: StandardChangeIn) -> dict[str, Any]:
    found = access.standard(request.actor, row("standard", standard_id))
    actions.change(request.actor, found, _words(given.words), seen=given.version, now=request.now)
    return _detail(request, queries.held(found))


@standards.post("/standards/{standard_id}/retire", response=StandardDetail, summary="It holds no longer")
def retire_standard(request: ApiRequest, standard_id: PublicId) -> dict[str, Any]:
    found = access.standard(request.actor, row("standard", standard_id))
    actions.retire(request.actor, found, now=request.now)
    return _detail(request, queries.held(found))


@standards.post("/standards/{standard_id}/restore", response=StandardDetail, summary="It holds again")
def restore_standard(request: ApiRequest, standard_id: PublicId) -> dict[str, Any]:
    found = access.standard(request.actor, row("standard", standard_id))
    actions.restore(request.actor, found, now=request.now)
    return _detail(request, queries.held(found))


def _place(request: ApiRequest, public: str | None) -> Place | None:
    if public is None:
        return None
    return place_of(request.actor, public)


def _words(given: dict[str, SaidIn]) -> dict[str, Said]:
    for code in given:
        if code not in dict(LANGUAGES):
            raise InputError({"words": choose_one(dict(LANGUAGES))})
    return {code: Said(each.text, each.say) for code, each in given.items()}


def standard_json(held: Held) -> dict[str, Any]:
    standard = held.standard
    return {
        "id": standard.public_id,
        "moment": standard.moment,
        "place": public_id("place", standard.place_id) if standard.place_id else None,
        "instead_of": public_id("standard", standard.instead_of_id) if standard.instead_of_id else None,
        "version": standard.version,
        "words": {code: {"text": each.text, "say": each.say} for code, each in held.words.items()},
    }


def _detail(request: ApiRequest, held: Held) -> dict[str, Any]:
    reader = saying.reader(request.actor, today=request.now.date())
    coach = [
        {"language": code, "words": each.words, "message": each.message, "better": each.better}
        for code, said in held.words.items()
        for each in saying.remarks(reader, held.standard.moment, said.say, code)
    ]
    return {**standard_json(held), "holds": held.standard.retired_at is None, "coach": coach}


class MarkIn(Input):
    standard: PublicId
    mark: ObservedMark.Mark


class ObservationIn(Input):
    staff: PublicId = Field(description="Whose work it was; they read it at once.")
    moment: Moment
    marks: list[MarkIn] = Field(min_length=1, max_length=40, description="What is left out was not seen.")
    at: When | None = Field(None, description="When it was, within the last week; now when left out.")
    note: Line = ""
    place: PublicId | None = None


class ObservedMarkOut(Schema):
    standard: PublicId
    version: int
    mark: ObservedMark.Mark


class ObservationOut(Schema):
    id: PublicId
    place: PublicId
    staff: PublicId
    observer: PublicId | None
    by_self: bool
    moment: Moment
    at: datetime
    note: str
    marks: list[ObservedMarkOut]


class KeptShareOut(Schema):
    kept: int
    seen: int
    low: float
    high: float


class StandardShare(KeptShareOut):
    standard: PublicId


class GroupOut(Schema):
    key: str = Field(
        description="A staff or place id, the hour at which a stretch of four begins, or a moment."
    )
    observations: int
    share: float
    low: float
    high: float
    drawn: float | None = Field(
        description="Drawn towards the mean as far as it rests on luck; null where too little is known."
    )
    few: bool


class SpreadOut(Schema):
    between: float | None = Field(
        description="Standard deviation between groups, as a share; null: too few to tell."
    )
    low: float
    high: float
    differ: bool = Field(description="Whether they differ more than luck explains.")
    groups: list[GroupOut]


class EvenlyOut(Schema):
    observations: int
    share: KeptShareOut
    by_self: KeptShareOut
    standards: list[StandardShare]
    people: SpreadOut
    places: SpreadOut
    hours: SpreadOut
    moments: SpreadOut


def _as_number(value: object) -> object:
    """An address holds text."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdecimal() else value


class EvenlyQuery(Schema):
    place: str | None = Field(None, max_length=40, description="Else all places that you lead.")
    days: Annotated[Literal[28, 91, 364], BeforeValidator(_as_number)] = 91


@standards.get(
    "/observations", response=Page[ObservationOut], summary="What you may read of what was seen, newest first"
)
def list_observations(request: ApiRequest, query: Query[PageQuery]) -> dict[str, Any]:
    found, following = page(access.observations(request.actor), query)
    return {"items": _observations(found), "next": following}


@standards.post("/observations", response={201: ObservationOut}, summary="What was seen of somebody's work")
def make_observation(request: ApiRequest, given: ObservationIn) -> Status[dict[str, Any]]:
    place = place_of(request.actor, given.place)
    staff = Staff.objects.filter(id=reference("staff", "staff", given.staff)).first()
    if staff is None:
        raise InputError({"staff": _("Choose a colleague who serves at this place.")})
    marks = {reference("standard", "marks", each.standard): each.mark.value for each in given.marks}
    made = observing.observe(
        request.actor, place, staff, given.moment, marks, at=given.at, note=given.note, now=request.now
    )
    return Status(201, _observations([made])[0])


@standards.get(
    "/observations/evenly", response=EvenlyOut, summary="How well and how evenly the standards are kept"
)
def evenly_kept(request: ApiRequest, query: Query[EvenlyQuery]) -> dict[str, Any]:
    places = led_or_named(request, query.place)
    found = evenly.whole(request.actor, places, days=query.days, now=request.now)
    return {
        "observations": found.observations,
        "share": _share(found.share),
        "by_self": _share(found.by_self),
        "standards": [
            {"standard": public_id("standard", each.standard_id), **_share(each.share)}
            for each in found.standards
        ],
        "people": _spread(found.people, "staff"),
        "places": _spread(found.places, "place"),
        "hours": _spread(found.hours, ""),
        "moments": _spread(found.moments, ""),
    }


def led_or_named(request: ApiRequest, public: str | None) -> list[Place]:
    """The place named, or all that the actor leads; they must lead each."""
    if public is None:
        request.actor.must_lead_somewhere()
        return [place for place in house.places(request.actor) if request.actor.leads(place.id)]
    place = place_of(request.actor, public)
    request.actor.must_lead(place.id)
    return [place]


@standards.get("/observations/{observation_id}", response=ObservationOut, summary="One observation")
def get_observation(request: ApiRequest, observation_id: PublicId) -> dict[str, Any]:
    return _observations([access.observation(request.actor, row("observation", observation_id))])[0]


@standards.delete(
    "/observations/{observation_id}",
    response={204: None},
    summary="Take back what you wrote a moment ago, or as who leads the place",
)
def withdraw_observation(request: ApiRequest, observation_id: PublicId) -> Status[None]:
    found = access.observation(request.actor, row("observation", observation_id))
    observing.withdraw(request.actor, found, now=request.now)
    return Status(204, None)


def _share(share: Share) -> dict[str, Any]:
    return {"kept": share.hits, "seen": share.of, "low": share.low, "high": share.high}


def _spread(found: Spread[Any], kind: str) -> dict[str, Any]:
    return {
        "between": found.between,
        "low": found.between_low,
        "high": found.between_high,
        "differ": found.differ,
        "groups": [
            {
                "key": public_id(kind, each.key) if kind else str(each.key), "observations": each.count, "share": each.seen,
                "low": each.low, "high": each.high, "drawn": each.drawn, "few": each.few,
            }
            for each in found.groups
        ],
    }  # fmt: skip


def _observations(rows: list[Observation]) -> list[dict[str, Any]]:
    """With their marks, in one query."""
    marks: dict[int, list[dict[str, Any]]] = {}
    for each in ObservedMark.objects.filter(observation_id__in=[each.id for each in rows]).order_by("id"):
        told = {
            "standard": public_id("standard", each.standard_id),
            "version": each.number,
            "mark": each.mark,
        }
        marks.setdefault(each.observation_id, []).append(told)
    return [
        {
            "id": each.public_id,
            "place": public_id("place", each.place_id),
            "staff": public_id("staff", each.staff_id),
            "observer": public_id("staff", each.observer_id) if each.observer_id else None,
            "by_self": each.by_self,
            "moment": each.moment,
            "at": each.at,
            "note": each.note,
            "marks": marks.get(each.id, []),
        }
        for each in rows
    ]
