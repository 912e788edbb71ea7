"""What was heard of messages, over the API: read, listed by what they do, set right, and what the house listens for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from operator import attrgetter
from typing import Any, Literal

from ninja import Field, Query, Schema, Status

from ...core.errors import InputError, NotFound
from ...core.ids import UnknownId, public_id, row_id
from ...engines.hearing import ELEMENTS
from ...house.apikit import (
    ApiRequest,
    Input,
    OfCustomer,
    Page,
    PublicId,
    Short,
    page,
    places_seen,
    reference,
    room_router,
    row,
)
from ...serve import access as serve_access
from ...serve.models import Touch
from . import access, actions, queries
from .listening import TELLING, topic_id, topic_key
from .models import HeardMessage, HearingCorrection, HouseTopic
from .words import MOODS, URGENCIES

heard = room_router("touches")

Act = Literal[TELLING]  # type: ignore[valid-type]
Element = Literal[ELEMENTS]  # type: ignore[valid-type]
Mood = Literal[tuple(MOODS)]  # type: ignore[valid-type]
Urgency = Literal[tuple(URGENCIES)]  # type: ignore[valid-type]


class ChanceOut(Schema):
    label: str = Field(description="What was heard; of a topic its id.")
    chance: float = Field(description="How sure the ear was, from 0 to 1; 1 where a person has said so.")


class MentionOut(Schema):
    kind: str = Field(description="`day`, `moment`, `amount`, `person`, `colleague` or `place`.")
    words: str
    value: str


class HeardOut(Schema):
    """Only what the ear was sure enough of; what is missing was not heard, and may still be so."""

    touch: PublicId
    customer: PublicId
    language: str
    acts: list[ChanceOut]
    elements: list[ChanceOut]
    topics: list[ChanceOut]
    mood: ChanceOut | None
    urgency: ChanceOut | None
    found: list[MentionOut]
    waiting: bool
    ear: str = Field(
        description="Whose ear: the program's version, and which corrections and topics of the house."
    )
    heard_at: datetime


class HeardQuery(OfCustomer):
    act: Act | None = None
    element: Element | None = None
    topic: PublicId | None = None
    mood: Mood | None = None  # type: ignore[valid-type]
    urgency: Urgency | None = None  # type: ignore[valid-type]
    waiting: bool | None = None


class CorrectionIn(Input):
    what: Short = Field(
        description="`complaint`, `request`, `praise`, `question`, an element, a topic's id, `mood` or `urgency`."
    )
    answer: Short = Field(description="`yes` or `no`; of mood and urgency which.")


class CorrectionOut(Schema):
    id: PublicId
    touch: PublicId
    what: str
    answer: str
    made_at: datetime


class TopicIn(Input):
    name: Short
    words: list[Short] = Field([], max_length=actions.MOST_WORDS)


class TopicOut(Schema):
    id: PublicId
    name: str
    words: list[str]


@heard.get("", response=Page[HeardOut], summary="What was heard of messages, newest first")
def list_heard(request: ApiRequest, query: Query[HeardQuery]) -> dict[str, Any]:
    rows = places_seen(request.actor, Touch.objects.filter(heard__isnull=False).select_related("heard"))
    if query.customer is not None:
        rows = rows.filter(customer_id=reference("customer", "customer", query.customer))
    for field, value in (("acts", query.act), ("elements", query.element)):
        if value is not None:
            rows = rows.filter(**{f"heard__{field}__contains": [value]})
    if query.topic is not None:
        rows = rows.filter(heard__topics__contains=[reference("housetopic", "topic", query.topic)])
    named = {"heard__mood": query.mood, "heard__urgency": query.urgency, "waiting": query.waiting}
    rows = rows.filter(**{field: value for field, value in named.items() if value is not None})
    found, following = page(rows, query)
    return {"items": [heard_json(_heard_of(each), each) for each in found], "next": following}


# What was read with it: the other end of HeardMessage.touch, which the type checker sees only sometimes.
_heard_of: Callable[[Touch], HeardMessage] = attrgetter("heard")


@heard.get("/topics", response=list[TopicOut], summary="What the house listens for besides")
def list_topics(request: ApiRequest) -> list[dict[str, Any]]:
    return [topic_json(each) for each in queries.topics()]


@heard.post("/topics", response={201: TopicOut}, summary="Listen for something of the house's own")
def add_topic(request: ApiRequest, given: TopicIn) -> Status[dict[str, Any]]:
    made = actions.add_topic(request.actor, name=given.name, words=given.words, now=request.now)
    return Status(201, topic_json(made))


@heard.delete("/topics/{housetopic_id}", response={204: None}, summary="Listen for it no longer")
def end_topic(request: ApiRequest, housetopic_id: PublicId) -> Status[None]:
    topic = access.topic(request.actor, row("housetopic", housetopic_id))
    actions.end_topic(request.actor, topic, now=request.now)
    return Status(204, None)


@heard.delete("/corrections/{hearingcorrection_id}", response={204: None}, summary="Take a correction back")
def withdraw_correction(request: ApiRequest, hearingcorrection_id: PublicId) -> Status[None]:
    correction = access.correction(request.actor, row("hearingcorrection", hearingcorrection_id))
    actions.withdraw(request.actor, correction, now=request.now)
    return Status(204, None)


@heard.get("/{touch_id}", response=HeardOut, summary="What was heard of one message")
def get_heard(request: ApiRequest, touch_id: PublicId) -> dict[str, Any]:
    touch = serve_access.touch(request.actor, row("touch", touch_id))
    found = HeardMessage.objects.filter(touch_id=touch.id).first()
    if found is None:
        raise NotFound
    return heard_json(found, touch)


@heard.get(
    "/{touch_id}/corrections", response=list[CorrectionOut], summary="What people have set right about it"
)
def list_corrections(request: ApiRequest, touch_id: PublicId) -> list[dict[str, Any]]:
    touch = serve_access.touch(request.actor, row("touch", touch_id))
    return [correction_json(each) for each in queries.corrections_of(touch.id).order_by("id")]


@heard.post("/{touch_id}/corrections", response={201: CorrectionOut}, summary="Set right what was heard")
def correct_heard(request: ApiRequest, touch_id: PublicId, given: CorrectionIn) -> Status[dict[str, Any]]:
    touch = serve_access.touch(request.actor, row("touch", touch_id))
    made = actions.correct(
        request.actor, touch, what=_question(given.what), answer=given.answer, now=request.now
    )
    return Status(201, correction_json(made))


def _question(what: str) -> str:
    """A topic is named by its public id."""
    if what in actions.ANSWERS:
        return what
    try:
        return topic_key(row_id("housetopic", what))
    except UnknownId as error:
        raise InputError({"what": actions.not_asked()}) from error


def heard_json(found: HeardMessage, touch: Touch) -> dict[str, Any]:
    def said(what: str, label: str) -> dict[str, Any]:
        return {"label": label, "chance": found.chances.get(what, 1)}

    return {
        "touch": public_id("touch", found.touch_id),
        "customer": public_id("customer", touch.customer_id),
        "language": found.language,
        "acts": [said(each, each) for each in found.acts],
        "elements": [said(each, each) for each in found.elements],
        "topics": [said(topic_key(each), public_id("housetopic", each)) for each in found.topics],
        "mood": said("mood", found.mood) if found.mood else None,
        "urgency": said("urgency", found.urgency) if found.urgency else None,
        "found": found.found,
        "waiting": touch.waiting,
        "ear": found.ear,
        "heard_at": found.at,
    }


def correction_json(found: HearingCorrection) -> dict[str, Any]:
    number = topic_id(found.what)
    return {
        "id": found.public_id,
        "touch": public_id("touch", found.touch_id),
        "what": found.what if number is None else public_id("housetopic", number),
        "answer": found.answer,
        "made_at": found.made_at,
    }


def topic_json(found: HouseTopic) -> dict[str, Any]:
    return {"id": found.public_id, "name": found.name, "words": found.words}
