"""Notes and consents over the API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from ninja import Field, Query, Schema, Status
from pydantic import StringConstraints

from ..core.ids import public_id
from ..engines import claims
from ..house.apikit import (
    ApiRequest,
    Brief,
    Day,
    ExternalId,
    Input,
    Lean,
    Page,
    PageQuery,
    PublicId,
    Speech,
    StrictBool,
    page,
    place_of,
    reference,
    room_router,
    row,
)
from . import access, actions, recall
from .claims import TOPIC, claim_of
from .models import Consent, Note, Sensitive
from .mood import mood_of

notes = room_router("notes")

Topic = Annotated[str, StringConstraints(strict=True, max_length=40, pattern=TOPIC)]
DayOfYear = Annotated[
    str,
    StringConstraints(strict=True, max_length=10, pattern=r"^(([0-9]{4}|-)-[0-9]{2}-[0-9]{2}|)$"),
    Field(description="A day with its year or without: 1985-03-08, --03-08; empty for none."),
]
SensitiveCode = Annotated[
    str,
    StringConstraints(strict=True, pattern=f"^({'|'.join(Sensitive.values)}|)$"),
    Field(description="Which sensitive kind it is, or empty. Needs a consent of the customer that stands."),
]
RelationCode = Annotated[
    str, StringConstraints(strict=True, pattern=f"^({'|'.join(Note.Relation.values)}|)$")
]
Value = Annotated[str, StringConstraints(strict=True, max_length=80, pattern=r"^[^\u0000]*$")]


class NoteOut(Schema):
    id: PublicId
    customer: PublicId
    place: PublicId | None
    kind: Note.Kind
    text: str
    source: Note.Source
    author: str | None = Field(description="Name of the colleague who wrote it.")
    learned_at: datetime
    withdrawn_at: datetime | None
    external_id: str | None
    topic: str
    value: str
    polarity: int
    standing: bool = Field(description="Holds until we learn otherwise; if not, it was so once.")
    visit: PublicId | None
    discretion: Note.Discretion
    sensitive: str
    purpose: Note.Purpose
    valid_from: date | None
    valid_until: date | None
    confirmed_at: datetime | None
    confirmations: int
    struck_by: PublicId | None = Field(description="The newer note that contradicts it.")
    happens_on: str
    happens_lunar: bool
    next_on: date | None = Field(description="When `happens_on` comes next, by the ordinary calendar.")
    person: str
    relation: str
    confidence: float = Field(description="How likely it holds now, from 0 to 1. Needs do not fade.")


class AboutIn(Input):
    topic: Topic = ""
    value: Value = ""
    polarity: Lean = 0
    standing: StrictBool | None = None
    discretion: Note.Discretion | None = None
    sensitive: SensitiveCode = ""
    purpose: Note.Purpose | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None
    happens_on: DayOfYear = ""
    happens_lunar: StrictBool = False
    person: Brief = ""
    relation: RelationCode = ""


class NoteIn(AboutIn):
    text: Speech
    kind: Note.Kind = Note.Kind.FACT
    source: Note.Source = Note.Source.SAID
    place: PublicId | None = None
    visit: PublicId | None = None
    external_id: ExternalId | None = None


class NotePatch(Input):
    """Only what is given changes; `null` empties the two dates and leaves everything else alone."""

    text: Speech | None = None
    kind: Note.Kind | None = None
    topic: Topic | None = None
    value: Value | None = None
    polarity: Lean | None = None
    standing: StrictBool | None = None
    discretion: Note.Discretion | None = None
    sensitive: SensitiveCode | None = None
    purpose: Note.Purpose | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None
    happens_on: DayOfYear | None = None
    happens_lunar: StrictBool | None = None
    person: Brief | None = None
    relation: RelationCode | None = None


class MoodOut(Schema):
    text: str
    learned_at: datetime
    strength: float = Field(description="From 1 (just now); it fades by half every three hours.")
    low: bool
    upset: bool


class ConsentIn(Input):
    sensitive: Sensitive
    wording: Annotated[
        str, StringConstraints(strict=True, max_length=2000, pattern=r"^[^\u0000]*[^\s\u0000][^\u0000]*$")
    ]
    language: Annotated[
        str, StringConstraints(strict=True, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)
    ]
    how: Consent.How
    given_by: Brief = ""


class ConsentOut(Schema):
    id: PublicId
    customer: PublicId
    sensitive: Sensitive
    wording: str
    language: str
    how: Consent.How
    given_by: str
    given_at: datetime
    withdrawn_at: datetime | None


@notes.get(
    "/customers/{customer_id}/notes", response=Page[NoteOut], summary="A customer's notes, newest first"
)
def list_notes(request: ApiRequest, customer_id: PublicId, query: Query[PageQuery]) -> dict[str, Any]:
    customer = access.customer(request.actor, row("customer", customer_id))
    found, following = page(access.notes(request.actor, customer).select_related("author"), query)
    learned = recall.half_lives()
    return {"items": [note_json(note, request.now, learned) for note in found], "next": following}


@notes.post("/customers/{customer_id}/notes", response={201: NoteOut}, summary="Write a note")
def add_note(request: ApiRequest, customer_id: PublicId, given: NoteIn) -> Status[dict[str, Any]]:
    """A sensitive one is refused (422, `sensitive`) while no consent of the customer stands."""
    customer = access.customer(request.actor, row("customer", customer_id))
    about = given.dict(include=set(AboutIn.model_fields))
    visit_id = reference("visit", "visit", given.visit) if given.visit else None
    note = actions.add_note(
        request.actor,
        customer,
        text=given.text,
        kind=given.kind,
        source=given.source,
        place=place_of(request.actor, given.place) if given.place else None,
        external_id=given.external_id,
        about=actions.About(**about, visit_id=visit_id),
        now=request.now,
    )
    return Status(201, _one(note, request))


@notes.get("/notes/{note_id}", response=NoteOut, summary="One note")
def get_note(request: ApiRequest, note_id: PublicId) -> dict[str, Any]:
    return _one(access.note(request.actor, row("note", note_id)), request)


@notes.patch("/notes/{note_id}", response=NoteOut, summary="Correct a note")
def correct_note(request: ApiRequest, note_id: PublicId, given: NotePatch) -> dict[str, Any]:
    note = access.note(request.actor, row("note", note_id))
    changes = {
        name: value
        for name, value in given.dict(exclude_unset=True).items()
        if value is not None or name in {"valid_from", "valid_until"}
    }
    kind, text = changes.pop("kind", None), changes.pop("text", None)
    if changes or kind is not None or text is not None:
        actions.correct_note(request.actor, note, now=request.now, kind=kind, text=text, about=changes)
    return _one(note, request)


@notes.delete("/notes/{note_id}", response={204: None}, summary="Withdraw a note")
def withdraw_note(request: ApiRequest, note_id: PublicId) -> Status[None]:
    actions.withdraw_note(request.actor, access.note(request.actor, row("note", note_id)), now=request.now)
    return Status(204, None)


@notes.post("/notes/{note_id}/confirm", response=NoteOut, summary="It still holds")
def confirm_note(request: ApiRequest, note_id: PublicId) -> dict[str, Any]:
    note = access.note(request.actor, row("note", note_id))
    actions.confirm_note(request.actor, note, now=request.now)
    return _one(note, request)


@notes.post("/notes/{note_id}/end", response=NoteOut, summary="It does not hold any more")
def end_note(request: ApiRequest, note_id: PublicId) -> dict[str, Any]:
    note = access.note(request.actor, row("note", note_id))
    actions.end_note(request.actor, note, now=request.now)
    return _one(note, request)


@notes.get("/customers/{customer_id}/mood", response=MoodOut | None, summary="How a customer is just now")
def get_mood(request: ApiRequest, customer_id: PublicId) -> dict[str, Any] | None:
    """Null when nobody has seen it lately."""
    customer = access.customer(request.actor, row("customer", customer_id))
    found = mood_of(request.actor, customer.id, now=request.now)
    if found is None:
        return None
    return {name: getattr(found, name) for name in MoodOut.model_fields}


@notes.get("/customers/{customer_id}/consents", response=Page[ConsentOut], summary="A customer's consents")
def list_consents(request: ApiRequest, customer_id: PublicId, query: Query[PageQuery]) -> dict[str, Any]:
    customer = access.customer(request.actor, row("customer", customer_id))
    found, following = page(access.consents(request.actor, customer), query)
    return {"items": [_consent_json(consent) for consent in found], "next": following}


@notes.post("/customers/{customer_id}/consents", response={201: ConsentOut}, summary="Record a consent")
def record_consent(request: ApiRequest, customer_id: PublicId, given: ConsentIn) -> Status[dict[str, Any]]:
    """In the exact words that the customer was asked with. For a child, `given_by` says which parent gave it."""
    customer = access.customer(request.actor, row("customer", customer_id))
    consent = actions.record_consent(request.actor, customer, now=request.now, **given.dict())
    return Status(201, _consent_json(consent))


@notes.delete("/consents/{consent_id}", response={204: None}, summary="Withdraw a consent")
def withdraw_consent(request: ApiRequest, consent_id: PublicId) -> Status[None]:
    """What rested on it leaves every card at once."""
    consent = access.consent(request.actor, row("consent", consent_id))
    actions.withdraw_consent(request.actor, consent, now=request.now)
    return Status(204, None)


def note_json(note: Note, now: datetime, learned: Mapping[str, float]) -> dict[str, Any]:
    day = claims.read_day(note.happens_on, lunar=note.happens_lunar) if note.happens_on else None
    plain = {
        name: getattr(note, name)
        for name in (
            "kind", "text", "source", "learned_at", "withdrawn_at", "external_id", "topic", "value", "polarity",
            "standing", "discretion", "sensitive", "purpose", "valid_from", "valid_until", "confirmed_at",
            "confirmations", "happens_on", "happens_lunar", "person", "relation",
        )
    }  # fmt: skip
    return plain | {
        "id": note.public_id,
        "customer": public_id("customer", note.customer_id),
        "place": public_id("place", note.place_id) if note.place_id else None,
        "visit": public_id("visit", note.visit_id) if note.visit_id else None,
        "struck_by": public_id("note", note.struck_by_id) if note.struck_by_id else None,
        "author": note.author.name if note.author else None,
        "next_on": claims.next_occurrence(day, now.date()) if day else None,
        "confidence": round(claims.confidence(claim_of(note), now, learned), 3),
    }


def _one(note: Note, request: ApiRequest) -> dict[str, Any]:
    return note_json(note, request.now, recall.half_lives() if note.topic else {})


def _consent_json(consent: Consent) -> dict[str, Any]:
    return {
        name: getattr(consent, name)
        for name in ("sensitive", "wording", "language", "how", "given_by", "given_at", "withdrawn_at")
    } | {"id": consent.public_id, "customer": public_id("customer", consent.customer_id)}
