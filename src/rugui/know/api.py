"""Customers, their identities and notes over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Field, Query, Schema, Status

from ..core.errors import InputError, NotFound
from ..core.ids import public_id
from ..house.access import Actor
from ..house.apikit import (
    ApiRequest,
    Brief,
    ExternalId,
    Input,
    LanguageCode,
    Page,
    PageQuery,
    PublicId,
    Speech,
    Words,
    page,
    place_of,
    reference,
    room_router,
    row,
)
from ..house.models import Place
from . import access, actions, queries
from .models import Customer, Identity, Note

customers = room_router("customers")
notes = room_router("notes")


class IdentityOut(Schema):
    id: PublicId
    kind: Identity.Kind
    value: str
    normal: str = Field(description="The comparable form: E.164 for phones, lower case for the rest.")


class CustomerOut(Schema):
    id: PublicId
    name: str
    address_as: str
    language: str
    external_id: str | None
    created_at: datetime


class CustomerDetail(CustomerOut):
    identities: list[IdentityOut]


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


class IdentityIn(Input):
    kind: Identity.Kind
    value: Words


class CustomerIn(Input):
    name: Words
    address_as: Brief = ""
    language: LanguageCode = ""
    external_id: ExternalId | None = None
    identities: list[IdentityIn] = Field([], max_length=20)
    region: str = Field(
        "",
        pattern="^([A-Z]{2}|)$",
        description="ISO country for local phone numbers; default: that of your place.",
    )


class CustomerPatch(Input):
    name: Words | None = None
    address_as: Brief | None = None
    language: LanguageCode | None = None


class CustomerQuery(PageQuery):
    external_id: ExternalId | None = None


class FindQuery(Schema):
    q: Words
    limit: int = Field(20, ge=1, le=50)


class FoundOut(Schema):
    customer: CustomerOut
    by: str = Field(description="What matched: phone, email, handle, card or name.")
    matched: str


class NoteIn(Input):
    text: Speech
    kind: Note.Kind = Note.Kind.FACT
    source: Note.Source = Note.Source.SAID
    place: PublicId | None = None
    external_id: ExternalId | None = None


class NotePatch(Input):
    text: Speech | None = None
    kind: Note.Kind | None = None


@customers.get("", response=Page[CustomerOut], summary="List customers, newest first")
def list_customers(request: ApiRequest, query: Query[CustomerQuery]) -> dict[str, Any]:
    rows = Customer.objects.all()
    if query.external_id is not None:
        rows = rows.filter(external_id=query.external_id)
    found, following = page(rows, query)
    return {"items": [customer_json(customer) for customer in found], "next": following}


@customers.get("/find", response=list[FoundOut], summary="Find customers by any identity or part of a name")
def find_customers(request: ApiRequest, query: Query[FindQuery]) -> list[dict[str, Any]]:
    found = queries.find(query.q.replace("\x00", ""), region=_region(request), limit=query.limit)
    return [{"customer": customer_json(hit.customer), "by": hit.by, "matched": hit.matched} for hit in found]


@customers.post("", response={201: CustomerDetail}, summary="Add a customer")
def add_customer(request: ApiRequest, given: CustomerIn) -> Status[dict[str, Any]]:
    customer = actions.add_customer(
        request.actor,
        name=given.name,
        identities=[actions.GivenIdentity(each.kind, each.value) for each in given.identities],
        address_as=given.address_as,
        language=given.language,
        external_id=given.external_id,
        region=given.region or _region(request),
        now=request.now,
    )
    return Status(201, _detail(customer))


@customers.get("/{customer_id}", response=CustomerDetail, summary="One customer")
def get_customer(request: ApiRequest, customer_id: PublicId) -> dict[str, Any]:
    customer = access.customer(request.actor, row("customer", customer_id))
    actions.note_view(request.actor, customer, now=request.now, why="api")
    return _detail(customer)


@customers.patch("/{customer_id}", response=CustomerDetail, summary="Change a customer")
def change_customer(request: ApiRequest, customer_id: PublicId, given: CustomerPatch) -> dict[str, Any]:
    customer = access.customer(request.actor, row("customer", customer_id))
    actions.edit_customer(request.actor, customer, now=request.now, **given.dict(exclude_unset=True))
    return _detail(customer)


@customers.post("/{customer_id}/identities", response={201: IdentityOut}, summary="Add an identity")
def add_identity(request: ApiRequest, customer_id: PublicId, given: IdentityIn) -> Status[dict[str, Any]]:
    customer = access.customer(request.actor, row("customer", customer_id))
    identity = actions.add_identity(
        request.actor,
        customer,
        actions.GivenIdentity(given.kind, given.value),
        region=_region(request),
        now=request.now,
    )
    return Status(201, _identity_json(identity))


@customers.delete(
    "/{customer_id}/identities/{identity_id}", response={204: None}, summary="Remove an identity"
)
def remove_identity(request: ApiRequest, customer_id: PublicId, identity_id: PublicId) -> Status[None]:
    customer = access.customer(request.actor, row("customer", customer_id))
    identity = access.identity(request.actor, row("identity", identity_id))
    if identity.customer_id != customer.id:
        raise NotFound
    actions.remove_identity(request.actor, identity, now=request.now)
    return Status(204, None)


@notes.get(
    "/customers/{customer_id}/notes", response=Page[NoteOut], summary="A customer's notes, newest first"
)
def list_notes(request: ApiRequest, customer_id: PublicId, query: Query[PageQuery]) -> dict[str, Any]:
    customer = access.customer(request.actor, row("customer", customer_id))
    rows = Note.objects.filter(customer=customer, withdrawn_at=None).select_related("author")
    found, following = page(rows, query)
    return {"items": [note_json(note) for note in found], "next": following}


@notes.post("/customers/{customer_id}/notes", response={201: NoteOut}, summary="Write a note")
def add_note(request: ApiRequest, customer_id: PublicId, given: NoteIn) -> Status[dict[str, Any]]:
    customer = access.customer(request.actor, row("customer", customer_id))
    note = actions.add_note(
        request.actor,
        customer,
        text=given.text,
        kind=given.kind,
        source=given.source,
        place=place_of(request.actor, given.place) if given.place else None,
        external_id=given.external_id,
        now=request.now,
    )
    return Status(201, note_json(note))


@notes.get("/notes/{note_id}", response=NoteOut, summary="One note")
def get_note(request: ApiRequest, note_id: PublicId) -> dict[str, Any]:
    return note_json(access.note(request.actor, row("note", note_id)))


@notes.patch("/notes/{note_id}", response=NoteOut, summary="Correct a note")
def correct_note(request: ApiRequest, note_id: PublicId, given: NotePatch) -> dict[str, Any]:
    note = access.note(request.actor, row("note", note_id))
    changes = given.dict(exclude_none=True)
    return note_json(
        actions.correct_note(request.actor, note, now=request.now, **changes) if changes else note
    )


@notes.delete("/notes/{note_id}", response={204: None}, summary="Withdraw a note")
def withdraw_note(request: ApiRequest, note_id: PublicId) -> Status[None]:
    actions.withdraw_note(request.actor, access.note(request.actor, row("note", note_id)), now=request.now)
    return Status(204, None)


def customer_json(customer: Customer) -> dict[str, Any]:
    return {
        "id": customer.public_id,
        "name": customer.name,
        "address_as": customer.address_as,
        "language": customer.language,
        "external_id": customer.external_id,
        "created_at": customer.created_at,
    }


def customer_of(actor: Actor, public: str) -> Customer:
    """The customer that a body names. Raises `InputError`."""
    try:
        return access.customer(actor, reference("customer", "customer", public))
    except NotFound as error:
        raise InputError({"customer": error.message}) from error


def note_json(note: Note) -> dict[str, Any]:
    return {
        "id": note.public_id,
        "customer": public_id("customer", note.customer_id),
        "place": public_id("place", note.place_id) if note.place_id else None,
        "kind": note.kind,
        "text": note.text,
        "source": note.source,
        "author": note.author.name if note.author else None,
        "learned_at": note.learned_at,
        "withdrawn_at": note.withdrawn_at,
        "external_id": note.external_id,
    }


def _detail(customer: Customer) -> dict[str, Any]:
    return customer_json(customer) | {
        "identities": [_identity_json(identity) for identity in queries.identities(customer.id)]
    }


def _identity_json(identity: Identity) -> dict[str, Any]:
    return {
        "id": identity.public_id,
        "kind": identity.kind,
        "value": identity.value,
        "normal": identity.normal,
    }


def _region(request: ApiRequest) -> str:
    """The region of the token's first place: local phone numbers are read as people there write them."""
    places = [place for place in Place.objects.order_by("id") if request.actor.sees(place.id)]
    return places[0].region if places else "US"
