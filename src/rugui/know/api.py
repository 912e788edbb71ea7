"""Customers and their identities over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Field, Query, Schema, Status
from pydantic import StringConstraints

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
    Words,
    page,
    reference,
    room_router,
    row,
)
from ..house.models import Place
from . import access, actions, queries
from .models import Customer, Identity

customers = room_router("customers")


Languages = Annotated[
    str,
    StringConstraints(
        strict=True,
        max_length=120,
        pattern=r"^([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*( [A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)*|)$",
    ),
]


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
    pronunciation: str = Field(description="How their name sounds.")
    languages: str = Field(description="What they speak, best first: language tags with spaces between.")
    quiet: str = Field(
        description="The last day on which they wish not to be disturbed (2026-12-24), always, or empty."
    )
    contact_person: PublicId | None
    deputy: PublicId | None = Field(description="Who stands in for the contact person.")
    external_id: str | None
    created_at: datetime


class CustomerDetail(CustomerOut):
    identities: list[IdentityOut]


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
    pronunciation: Brief | None = None
    languages: Languages | None = None
    quiet: str | None = Field(None, max_length=10)


class CustomerQuery(PageQuery):
    external_id: ExternalId | None = None


class FindQuery(Schema):
    q: Words
    limit: int = Field(20, ge=1, le=50)


class FoundOut(Schema):
    customer: CustomerOut
    by: str = Field(description="What matched: phone, email, handle, card or name.")
    matched: str


@customers.get("", response=Page[CustomerOut], summary="List customers, newest first")
def list_customers(request: ApiRequest, query: Query[CustomerQuery]) -> dict[str, Any]:
    rows = Customer.objects.filter(merged_into=None)
    if query.external_id is not None:
        rows = rows.filter(id__in=queries.by_external_id(query.external_id))
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


def customer_json(customer: Customer) -> dict[str, Any]:
    return {
        "id": customer.public_id,
        "name": customer.name,
        "address_as": customer.address_as,
        "language": customer.language,
        "pronunciation": customer.pronunciation,
        "languages": customer.languages,
        "quiet": customer.quiet,
        "contact_person": public_id("staff", customer.contact_person_id)
        if customer.contact_person_id
        else None,
        "deputy": public_id("staff", customer.deputy_id) if customer.deputy_id else None,
        "external_id": customer.external_id,
        "created_at": customer.created_at,
    }


def customer_of(actor: Actor, public: str) -> Customer:
    """The customer that a body names. Raises `InputError`."""
    try:
        return access.customer(actor, reference("customer", "customer", public))
    except NotFound as error:
        raise InputError({"customer": error.message}) from error


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
