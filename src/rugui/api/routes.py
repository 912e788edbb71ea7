"""One API, one OpenAPI document, assembled from the rooms."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from .. import __version__
from ..connect.api import messages
from ..connect.calls_api import router as calls
from ..core.errors import HouseError
from ..house.api import house
from ..know.api import customers
from ..know.pair_api import merges, pairs
from ..know.recognise_api import recogniser
from ..know.surprise_api import surprises
from ..know.understand_api import notes
from ..language.api import language
from ..language.ears.api import heard
from ..own.register_api import register
from ..promise.api import promises
from ..recover.api import cases
from ..recover.incidents.api import incidents
from ..recover.remedies.api import remedies
from ..serve.api import purchases, touches, visits
from ..team.standards.api import standards
from ..team.standards.courtesy_api import courtesies
from . import problems
from .description import Description

DESCRIPTION = """
Everything that staff do at the desk, for programs. Send `Authorization: Bearer rugui_…` with a token made under
*My account*; a token can do what its owner may do, narrowed by its scopes.

Lists are newest first; pass `next` on as `cursor`. Times are ISO 8601 with a zone; money is integer minor units.
Send an `Idempotency-Key` with a POST and repeat it freely: it is carried out once. Errors are problem documents
(`application/problem+json`) that name each field, what was wrong and what would be right.
"""


class Api(NinjaAPI):
    """Ninja with problem documents as every call's errors."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> OpenAPISchema:
        return Description(
            self, self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        )


api = Api(
    title="Rugui",
    version=__version__,
    description=DESCRIPTION,
    urls_namespace="api",
    docs_url=None,
)
for prefix, router in {
    "": house,
    "/customers": customers,
    "/": notes,
    "/merges": merges,
    "/pairs": pairs,
    "/touches": touches,
    "/visits": visits,
    "/purchases": purchases,
    "/promises": promises,
    "/cases": cases,
    "/messages": messages,
    "/language": language,
    "/heard": heard,
    "/calls": calls,
}.items():
    api.add_router(prefix, router)
api.add_router("/", surprises)
api.add_router("/", recogniser)
api.add_router("/", remedies)
api.add_router("/", incidents)
api.add_router("/", register)
api.add_router("/", standards)
api.add_router("/", courtesies)


@api.exception_handler(HouseError)
def _refused(request: HttpRequest, error: HouseError) -> HttpResponse:
    return problems.of_house_error(error)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problems.of_validation(error.errors)


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problems.problem(401, str(error))


@api.exception_handler(HttpError)
def _malformed(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problems.problem(error.status_code, str(error))
