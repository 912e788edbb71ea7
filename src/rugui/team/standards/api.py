"""Standards over the API: what holds, deciding it, what the coach says of words to say."""

from __future__ import annotations

from typing import Annotated, Any

from django.utils.translation import gettext as _
from ninja import Field, Query, Schema, Status

from ...core.errors import InputError
from ...core.ids import public_id
from ...core.phrases import LANGUAGES
from ...house import access as house
from ...house.apikit import (
    ApiRequest,
    Input,
    Minor,
    PublicId,
    Words,
    place_of,
    reference,
    room_router,
    row,
)
from ...house.models import Place
from . import access, actions, queries, saying
from .actions import Said
from .models import Moment
from .queries import Held

standards = room_router("standards")
Version = Annotated[Minor, Field(ge=1, le=2**31 - 1)]


class SaidIn(Input):
    text: Words = Field(description="One thing that a colleague can see done or not done.")
    say: str = Field(
        "", max_length=actions.LONGEST_SAY, pattern=r"^[^\u0000\n]*$",
        description="Words one may say; {name}, {place} and {me} are filled in.",
    )  # fmt: skip


class SaidOut(Schema):
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
    words: dict[str, SaidOut] = Field(description="By language: en, zh-hant, zh-hans.")


class StandardDetail(StandardOut):
    holds: bool
    coach: list[RemarkOut] = Field(description="What the house's rules mark in the words to say.")


class StandardIn(Input):
    moment: Moment
    words: dict[str, SaidIn] = Field(description="By language: en, zh-hant, zh-hans.")
    place: PublicId | None = Field(None, description="Null: everywhere.")
    instead_of: PublicId | None = None


class ChangeIn(Input):
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
def change_standard(request: ApiRequest, standard_id: PublicId, given: ChangeIn) -> dict[str, Any]:
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
    number = reference("place", "place", public)
    if not request.actor.sees(number):
        raise InputError({"place": _("There is no such place.")})
    return house.place(request.actor, number)


def _words(given: dict[str, SaidIn]) -> dict[str, Said]:
    for code in given:
        if code not in dict(LANGUAGES):
            raise InputError(
                {"words": _("Choose one of: %(choices)s.") % {"choices": ", ".join(dict(LANGUAGES))}}
            )
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
    coach = [
        {"language": code, "words": each.words, "message": each.message, "better": each.better}
        for code, said in held.words.items()
        for each in saying.remarks(
            request.actor, held.standard.moment, said.say, code, today=request.now.date()
        )
    ]
    return {**standard_json(held), "holds": held.standard.retired_at is None, "coach": coach}
