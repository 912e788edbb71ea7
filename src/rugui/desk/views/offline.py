"""The phone while the network is gone: its page, what it carries, what it sends later, and the worker that stands in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_GET, require_POST

from ...core.errors import InputError
from ...core.phrases import REQUIRED
from ...core.time import now as this_moment
from ...core.web import open_to_all
from ...house.requests import HouseRequest, current_place, places_of
from ...know.forms import given_row
from ...know.models import Note
from .. import offline as reading
from .. import taking
from .capture import kind_and_words

MOST_LINES = 50
_FOLDERS = ("css", "img", "js", "vendor")
_KINDS = {".css", ".js", ".svg", ".png"}


@open_to_all
@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """The page of a phone without a network. It holds nothing of the house; what it shows, the phone deciphers itself."""
    language = request.GET.get("language", "")
    if language not in dict(settings.LANGUAGES):
        language = translation.get_language() or settings.LANGUAGE_CODE
    with translation.override(language):
        response = render(request, "desk/offline.html")
    response["Content-Language"] = language
    return response


@require_GET
def day(request: HouseRequest) -> HttpResponse:
    """Today's arrivals and their cards, unless the phone says that it has them already (`known`)."""
    now, place = this_moment(), current_place(request)
    found = reading.day(request.actor, place, now=now)
    found["language"] = request.LANGUAGE_CODE
    digest = blake2b(json.dumps(found, sort_keys=True).encode(), digest_size=8).hexdigest()
    answer: dict[str, Any] = {
        "who": request.staff.public_id,
        "token": get_token(request),
        "now": int(now.timestamp() * 1000),
        "hours": reading.HOURS,
        "seconds": reading.SECONDS_BETWEEN,
        "language": request.LANGUAGE_CODE,
        "digest": digest,
    }
    if request.GET.get("known") != digest:
        answer["day"] = found
        reading.note_carried(request.actor, place, found["cards"], now=now)
    return JsonResponse(answer)


@require_POST
def lines(request: HouseRequest) -> HttpResponse:
    """Takes what was written without a network and says what became of each line, in the order in which it is sent.

    They are taken in the order in which they were written: two requests with the same lines, the one overtaking the
    other, then wait for one another's keys in one order and never in a circle.
    """
    request.actor.must_serve(None)
    now = this_moment()
    places = {each.public_id: each for each in places_of(request)}
    here = current_place(request)
    given = [(_line(sent), places.get(str(sent.get("place", "")), here)) for sent in _sent(request)]
    taking.hold([line for line, _place in given])
    answers: dict[int, dict[str, Any]] = {}
    for at, (line, place) in sorted(enumerate(given), key=lambda each: _written(each[1][0])):
        found = taking.take(request.actor, line, place=place, language=request.LANGUAGE_CODE, now=now)
        answers[at] = {"key": str(line.key), **_answer(found)}
    return JsonResponse({"lines": [answers[at] for at in range(len(given))]})


def _written(line: taking.Line) -> tuple[UUID, int]:
    return line.phone, line.sequence


def _sent(request: HttpRequest) -> list[Mapping[str, Any]]:
    try:
        found = json.loads(request.body).get("lines")
    except (ValueError, AttributeError) as error:
        raise InputError({"lines": REQUIRED}) from error
    if not isinstance(found, list) or not 1 <= len(found) <= MOST_LINES:
        raise InputError({"lines": REQUIRED})
    if not all(isinstance(each, dict) for each in found):
        raise InputError({"lines": REQUIRED})
    return found


def _line(sent: Mapping[str, Any]) -> taking.Line:
    try:
        part = sent.get("part")
        kind, text = kind_and_words(str(sent["text"]).replace("\x00", "").strip())
        return taking.Line(
            key=UUID(str(sent["key"])),
            phone=UUID(str(sent["phone"])),
            sequence=min(abs(int(sent["sequence"])), 2**31 - 1),
            said_at=datetime.fromtimestamp(int(sent["said_at"]) / 1000, UTC),
            text=text,
            kind=kind,
            customer_id=given_row("customer", str(sent.get("customer") or "")),
            part=None if part is None else abs(int(part)),
            given_by=str(sent.get("given_by", ""))[:120],
        )
    except (KeyError, TypeError, ValueError, OverflowError, OSError) as error:
        raise InputError({"lines": REQUIRED}) from error


def _answer(found: taking.Taken) -> dict[str, Any]:
    kinds = {str(kind.value): str(kind.label) for kind in Note.Kind}
    answer: dict[str, Any] = {"outcome": found.outcome, "why": str(found.why), "asks": found.asks}
    if found.customer is not None:
        answer |= {
            "customer": found.customer.public_id,
            "called": found.customer.called,
            "moved": found.moved,
            "unsure": found.unsure,
            "notes": [{"kind": kinds[note.kind], "text": note.text} for note in found.notes],
        }
    return answer


@open_to_all
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. It names every file of the program and their fingerprint: another version is another worker."""
    response = HttpResponse(_worker(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


def _worker() -> str:
    files, fingerprint = _files()
    known = {
        "version": fingerprint,
        "files": [static(name) for name in files],
        "store": static("js/offline-store.js"),
        "page": reverse("offline"),
        "languages": [code for code, _name in settings.LANGUAGES],
    }
    return f"const RUGUI = {json.dumps(known)};\n{_source('js/sw.js')}"


def _root() -> Path:
    return Path(settings.STATICFILES_DIRS[0])


def _source(name: str) -> str:
    return (_root() / name).read_text()


@cache
def _files() -> tuple[list[str], str]:
    """Every static file of the program, and a fingerprint of them all. They change only with the program."""
    root, digest, names = _root(), blake2b(digest_size=8), []
    for path in sorted(each for folder in _FOLDERS for each in (root / folder).rglob("*")):
        if path.suffix not in _KINDS:
            continue
        name = path.relative_to(root).as_posix()
        digest.update(name.encode() + b"\n" + path.read_bytes())
        if name != "js/sw.js":
            names.append(name)
    return names, digest.hexdigest()
