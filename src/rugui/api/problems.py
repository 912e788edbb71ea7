"""Errors as problem documents (RFC 9457): `{"type", "title", "status", "detail", "errors": [{field, message}]}`."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.http import JsonResponse
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

from ..core.errors import HouseError, InputError

CONTENT_TYPE = "application/problem+json"


class FieldProblem(Schema):
    field: str = Field(description="Path of the field, as in `identities.0.value`.")
    message: str = Field(description="What was wrong with it and what would be right.")


class Problem(Schema):
    """Why a request was not carried out. Nothing of it was."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] = []


def problem(status: int, detail: str, errors: Sequence[dict[str, str]] = ()) -> JsonResponse:
    """A problem document as a response."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "errors": list(errors),
    }
    return JsonResponse(
        body, status=status, content_type=CONTENT_TYPE, json_dumps_params={"ensure_ascii": False}
    )


def of_house_error(error: HouseError) -> JsonResponse:
    """A refused action, naming the fields where it can."""
    fields = error.fields if isinstance(error, InputError) else {}
    errors = [{"field": name, "message": str(message)} for name, message in fields.items()]
    return problem(error.status, str(error.message), errors)


def of_validation(errors: Sequence[dict[str, Any]]) -> JsonResponse:
    """What the schema refused, in words for people."""
    fields = [{"field": _path(error["loc"]), "message": _message(error)} for error in errors]
    return problem(422, _("Some fields cannot be taken as they are."), fields)


def _path(loc: Sequence[str | int]) -> str:
    """("body", "given", "name") → "name": without where it stood and the name of our own variable."""
    parts = [str(part) for part in loc[1:]]
    if loc and loc[0] in {"body", "query"} and len(parts) > 1:
        parts = parts[1:]
    return ".".join(parts) or str(loc[0])


def _message(error: dict[str, Any]) -> str:
    limits = error.get("ctx", {})
    messages = {
        "missing": _("Please fill this in."),
        "extra_forbidden": _("There is no such field."),
        "string_type": _("This must be text."),
        "int_type": _("This must be a whole number, without quotes."),
        "int_parsing": _("This must be a whole number."),
        "bool_type": _("This must be true or false."),
        "string_too_long": _("At most %(max)s characters.") % {"max": limits.get("max_length")},
        "string_too_short": _("Please fill this in."),
        "greater_than_equal": _("At least %(min)s.") % {"min": limits.get("ge")},
        "less_than_equal": _("At most %(max)s.") % {"max": limits.get("le")},
        "timezone_aware": _("Say the time zone too, as in 2026-09-03T14:00:00+08:00."),
        "datetime_parsing": _("Not a date and time: write 2026-09-03T14:00:00+08:00."),
        "datetime_from_date_parsing": _("Not a date and time: write 2026-09-03T14:00:00+08:00."),
        "enum": _("Choose one of: %(choices)s.") % {"choices": limits.get("expected")},
        "literal_error": _("Choose one of: %(choices)s.") % {"choices": limits.get("expected")},
    }
    return messages.get(error["type"], str(error["msg"]))
