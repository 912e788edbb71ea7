"""Who this token is, and the places it sees."""

from __future__ import annotations

from typing import Any

from ninja import Router, Schema

from ..core.ids import public_id
from . import access
from .apikit import ApiRequest, PublicId, Scope

house = Router(auth=Scope(None), tags=["house"])


class PlaceOut(Schema):
    id: PublicId
    name: str
    timezone: str
    region: str
    role: str


class MeOut(Schema):
    name: str
    organization: str
    scopes: list[str]
    places: list[PlaceOut]


@house.get("/me", response=MeOut, summary="Whose token this is, and what it may do")
def me(request: ApiRequest) -> dict[str, Any]:
    places = [
        {
            "id": public_id("place", place.id),
            "name": place.name,
            "timezone": place.timezone,
            "region": place.region,
            "role": str(request.actor.role_at(place.id)),
        }
        for place in access.places(request.actor)
    ]
    return {
        "name": request.staff.name,
        "organization": request.staff.organization.name,
        "scopes": sorted(request.actor.scopes or ()),
        "places": places,
    }
