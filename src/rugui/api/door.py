"""The API's front door: token, organization, one transaction, idempotency, problems.

Everything of one call commits together or not at all, the remembered reply of an `Idempotency-Key` included. So
a retry finds either nothing done, or the answer that the first attempt gave.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any, cast

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from ..core.errors import HouseError
from ..core.models import IdempotentReply
from ..core.time import now as read_clock
from ..house import access
from ..house.apikit import ApiRequest
from .problems import of_house_error, problem

View = Callable[..., HttpResponse]
MAX_KEY = 200


def enter(request: HttpRequest, view: View, args: list[Any], kwargs: dict[str, Any]) -> HttpResponse:
    """Runs an API view as the holder of the request's bearer token; 401 without a living one."""
    now = read_clock()
    token = _bearer(request)
    if token is None:
        return _unauthorised(_("Send your token: `Authorization: Bearer rugui_…`."))
    try:
        with access.entered_by_token(token, now=now) as entry:
            if entry is None:
                return _unauthorised(_("This token is unknown, expired or revoked."))
            known = cast("ApiRequest", request)
            known.actor, known.staff, known.now = entry.actor, entry.staff, now
            response = _once(known, entry, lambda: view(request, *args, **kwargs), now)
            if response.status_code >= 400:
                transaction.set_rollback(True)
            return response
    except HouseError as error:
        return of_house_error(error)


def _bearer(request: HttpRequest) -> str | None:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token.startswith(access.TOKEN_PREFIX) or not token.isascii():
        return None
    return token


def _unauthorised(detail: str) -> HttpResponse:
    response = problem(401, detail)
    response["WWW-Authenticate"] = 'Bearer realm="rugui"'
    return response


def _once(
    request: ApiRequest, entry: access.Entry, call: Callable[[], HttpResponse], now: datetime
) -> HttpResponse:
    """Carries out a POST with an `Idempotency-Key` once; later attempts get the first one's reply."""
    key = request.headers.get("Idempotency-Key")
    if request.method != "POST" or key is None:
        return call()
    if not 1 <= len(key) <= MAX_KEY or not (key.isascii() and key.isprintable() and " " not in key):
        return problem(400, _("An Idempotency-Key has 1 to 200 printable characters."))
    digest = sha256(f"{request.method} {request.get_full_path()}\n".encode() + request.body).digest()
    # A second attempt while the first still runs waits here for its commit.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO rugui_idempotentreply (organization_id, token_id, key, request_hash, body, created_at)"
            " VALUES (%s, %s, %s, %s, '', %s) ON CONFLICT (organization_id, token_id, key) DO NOTHING",
            [entry.actor.organization_id, entry.key_id, key, digest, now],
        )
        first = cursor.rowcount == 1
    if not first:
        return _replay(entry, key, digest)
    response = call()
    if response.status_code < 400:
        IdempotentReply.objects.filter(token_id=entry.key_id, key=key).update(
            status=response.status_code, body=response.content.decode()
        )
    return response


def _replay(entry: access.Entry, key: str, digest: bytes) -> HttpResponse:
    reply = IdempotentReply.objects.get(token_id=entry.key_id, key=key)
    if bytes(reply.request_hash) != digest:
        return problem(422, _("This Idempotency-Key was used for another request. Use a new one."))
    response = HttpResponse(reply.body, status=reply.status, content_type="application/json; charset=utf-8")
    response["Idempotent-Replayed"] = "true"
    return response
