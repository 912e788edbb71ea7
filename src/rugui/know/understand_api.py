"""What one typed line means, over the API: read and given back, nothing is kept."""

from __future__ import annotations

from typing import Any

from ninja import Field, Schema

from ..engines.capture import Claim, Said
from ..house.access import places
from ..house.apikit import ApiRequest, Input, PublicId, Speech, place_of, row
from . import access
from .notes_api import notes
from .understanding import about_of, kind_of, understand


class Span(Schema):
    """Where in `text` it was said, in code points, and how sure we are."""

    start: int
    end: int
    confidence: float


class ReferenceOut(Schema):
    kind: str = Field(description="room, table, order, booking or flight.")
    number: str


class UnderstoodOut(Schema):
    """One note, with the names that `add_note` takes, so that it can be sent there as it is."""

    text: str
    said: str = Field(description="The kind as it was read: one of a note's, address_as or language.")
    kind: str
    topic: str
    value: str
    polarity: int
    standing: bool
    sensitive: str = Field(description="Kept only with the customer's consent.")
    happens_on: str
    happens_lunar: bool
    person: str
    relation: str
    day: str = Field(description="The day, month or week that was named: 2026-10-03, --03-08, 2026-W39.")
    impossible_days: list[str] = Field(
        description="Days that were named and that there are not, such as --02-31. They stand in the words only."
    )
    mood: str
    references: list[ReferenceOut]
    confidence: float
    spans: dict[str, Span]


class LineIn(Input):
    text: Speech
    customer: PublicId | None = Field(
        None, description="Whom it is about, if known: names of their people help."
    )
    place: PublicId | None = Field(None, description="Whose day it is; default: your first place.")


class ReadingOut(Schema):
    text: str
    notes: list[UnderstoodOut]


@notes.post("/understand", response=ReadingOut, summary="Read a line as notes")
def understand_line(request: ApiRequest, given: LineIn) -> dict[str, Any]:
    """Keeps nothing. The offsets count code points of `text`."""
    actor = request.actor
    actor.must_serve(None)
    customer = access.customer(actor, row("customer", given.customer)) if given.customer else None
    place = place_of(actor, given.place) if given.place else next(iter(places(actor)), None)
    reading = understand(actor, given.text, now=request.now, place=place, customer=customer)
    return {"text": reading.line, "notes": [_json(claim) for claim in reading.claims]}


def _json(claim: Claim) -> dict[str, Any]:
    about = about_of(claim)
    named = (
        "topic",
        "value",
        "polarity",
        "standing",
        "sensitive",
        "happens_on",
        "happens_lunar",
        "person",
        "relation",
    )
    return {name: getattr(about, name) for name in named} | {
        "text": claim.text,
        "said": claim.kind.value,
        "kind": kind_of(claim),
        "day": claim.date.value.text if claim.date else "",
        "impossible_days": [each.value.text for each in claim.impossible],
        "mood": claim.mood.value if claim.mood else "",
        "references": [{"kind": each.value.kind, "number": each.value.number} for each in claim.references],
        "confidence": round(claim.confidence, 3),
        "spans": {name: _span(said) for name, said in _said(claim).items()},
    }


def _said(claim: Claim) -> dict[str, Said[Any]]:
    names = ("kind", "topic", "polarity", "standing", "date", "person", "mood", "value", "sensitive")
    found = {name: said for name in names if (said := getattr(claim, name)) is not None}
    return found | {each.value.kind: each for each in claim.references}


def _span(said: Said[Any]) -> dict[str, Any]:
    return {"start": said.start, "end": said.end, "confidence": round(said.confidence, 3)}


__all__ = ["notes"]
