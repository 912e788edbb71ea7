"""What every room's api.py is made of: strict types, pages with cursors, scopes, and the request's actor.

A room's call parses, fetches through `access.py`, calls one action, and answers. The door (`rugui.api`) has
already found the token, opened the organization's transaction and will turn errors into problem documents.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from ninja.security import HttpBearer
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from ..core.errors import InputError, NotAllowed, NotFound
from ..core.ids import UnknownId, public_id, row_id
from . import access
from .access import Actor
from .models import Place, Staff

__all__ = ["Query", "Router", "StrictBool"]


class ApiRequest(HttpRequest):
    """A request that came through the door."""

    actor: Actor
    staff: Staff
    now: datetime


def _writable(value: str) -> str:
    """What PostgreSQL can store: no NUL, no half of a surrogate pair."""
    if "\x00" in value:
        raise ValueError("must not contain NUL characters")
    value.encode()  # a lone surrogate raises UnicodeEncodeError, a ValueError
    return value


def _written_in_full(value: object) -> object:
    """Only RFC 3339: a bare number could be seconds or milliseconds, and a date alone some midnight."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise PydanticCustomError("datetime_parsing", "Not a date and time.")
    return value


_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)


def _day_written_in_full(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise PydanticCustomError("date_parsing", "Not a date.")
    return value


def _in_living_memory(value: datetime) -> datetime:
    if not 1900 <= value.year <= 2200:
        raise ValueError("must lie between the years 1900 and 2200")
    return value.astimezone(UTC)


def _whole(value: object) -> object:
    """1.0 is a whole number in JSON, which knows but one kind of number; "1" and true are none."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _number(least: int, most: int) -> Any:
    """A whole number. Its bounds stand before the validator, or the description would not know them."""
    return Annotated[StrictInt, Field(ge=least, le=most), BeforeValidator(_whole)]


Lean = _number(-1, 1)
"""Against (-1), neither (0), for (1)."""
Stars = _number(1, 5)


def _text(longest: int, shortest: int = 0) -> Any:
    pattern = r"^[^\u0000]*$" if not shortest else r"^[^\u0000]*[^\s\u0000][^\u0000]*$"
    return Annotated[
        str,
        StringConstraints(strict=True, max_length=longest, min_length=shortest),
        AfterValidator(_writable),
        Field(json_schema_extra={"pattern": pattern}),
    ]


Short = _text(40)
Line = _text(200)
"""Up to 200 characters; may be empty."""
Words = _text(200, 1)
"""Up to 200 characters, at least one."""
Brief = _text(120)
Term = _text(120, 1)
Prose = _text(20_000)
Speech = _text(20_000, 1)
ExternalId = _text(120, 1)
Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_written_in_full),
    AfterValidator(_in_living_memory),
    Field(description="RFC 3339 with a zone, between the years 1900 and 2200."),
]
Day = Annotated[date, BeforeValidator(_day_written_in_full), Field(description="Like 2026-03-08.")]
Minor = _number(0, 10**15)
Version = _number(1, 2**31 - 1)
Currency = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Z]{3}$")]
LanguageCode = Annotated[str, StringConstraints(strict=True, pattern=r"^(en|zh-hant|zh-hans|)$")]
PublicId = Annotated[
    str, Field(min_length=1, json_schema_extra={"pattern": "^[a-z2-7]{26}$", "example": "x" * 26})
]


class Input(Schema):
    """A request body: unknown fields are refused rather than ignored."""

    model_config = ConfigDict(extra="forbid")


Item = TypeVar("Item")


class Page(Schema, Generic[Item]):
    """One page of a list, newest first. `next` is the cursor of the page after, or null."""

    items: list[Item]
    next: str | None


class PageQuery(Schema):
    """`limit` rows of a list, after `cursor` (the `next` of the page before)."""

    model_config = ConfigDict(extra="forbid")
    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = Field(None, max_length=40)


class OfCustomer(PageQuery):
    """A list that can be narrowed to one customer."""

    customer: str | None = Field(None, max_length=40, description="Only those of this customer.")


Row = TypeVar("Row", bound=Model)


def listed(
    request: ApiRequest, query: PageQuery, rows: QuerySet[Row], show: Callable[[Row], dict[str, Any]]
) -> dict[str, Any]:
    """The answer of a list call: `rows` of the places that the actor sees, narrowed by what the query names.

    Every field of the query but those of a page is a field of the rows; `customer` is a public id.
    """
    rows = places_seen(request.actor, rows)
    named = query.model_dump(exclude=set(PageQuery.model_fields), exclude_none=True)
    if (customer := named.pop("customer", None)) is not None:
        named["customer_id"] = reference("customer", "customer", customer)
    found, following = page(rows.filter(**named), query)
    return {"items": [show(each) for each in found], "next": following}


def page(rows: QuerySet[Row], query: PageQuery) -> tuple[list[Row], str | None]:
    """The page of `rows` that `query` asks for, newest (highest id) first, and the next cursor."""
    kind = f"cursor-{rows.model._meta.model_name}"
    if query.cursor is not None:
        try:
            rows = rows.filter(pk__lt=row_id(kind, query.cursor))
        except UnknownId as error:
            raise InputError(
                {"cursor": _("Not a cursor of this list: pass on `next` as it came.")}
            ) from error
    found = list(rows.order_by("-pk")[: query.limit + 1])
    if len(found) <= query.limit:
        return found, None
    found.pop()
    return found, public_id(kind, found[-1].pk)


def row(kind: str, public: str) -> int:
    """The row number behind a public id in a path or body. Raises `NotFound`."""
    try:
        return row_id(kind, public)
    except UnknownId as error:
        raise NotFound from error


def reference(kind: str, field: str, public: str) -> int:
    """The row number behind a public id that a body refers to. Raises `InputError` naming the field."""
    try:
        return row_id(kind, public)
    except UnknownId as error:
        raise InputError({field: _("There is no such %(kind)s.") % {"kind": kind}}) from error


def place_of(actor: Actor, public: str | None) -> Place:
    """The place that a body names, or the only one that the actor sees. Raises `InputError`."""
    if public is not None:
        try:
            return access.place(actor, reference("place", "place", public))
        except NotFound as error:
            raise InputError({"place": _("There is no such place.")}) from error
    seen = access.places(actor)
    if len(seen) != 1:
        raise InputError({"place": _("Say which place: there is more than one.")})
    return seen[0]


def places_seen(actor: Actor, rows: QuerySet[Row], field: str = "place_id") -> QuerySet[Row]:
    """Only the rows of places that the actor sees (and of no place, where that can be)."""
    if None in actor.roles or actor.is_house:
        return rows
    return rows.filter(Q(**{f"{field}__in": list(actor.roles)}) | Q(**{field: None}))


class Scope(HttpBearer):
    """`auth=Scope("customers")`: reading needs `customers:read`, writing `customers:write`."""

    def __init__(self, subject: str | None, *, verb: str = "") -> None:
        """`verb`: of a call that is sent like a change and is none."""
        super().__init__()
        self.subject, self.verb = subject, verb

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        actor: Actor | None = getattr(request, "actor", None)  # set by the door, which knows the token
        if actor is None:
            return None
        verb = self.verb or ("read" if request.method in {"GET", "HEAD"} else "write")
        if self.subject and actor.scopes is not None and f"{self.subject}:{verb}" not in actor.scopes:
            raise NotAllowed(
                _("This token may not do that: it lacks %(scope)s.") % {"scope": f"{self.subject}:{verb}"}
            )
        return actor


def room_router(subject: str) -> Router:
    """A router whose calls need the scopes of `subject` and appear under that name in the documentation."""
    return Router(auth=Scope(subject), tags=[subject])
