"""Tickets for the live stream: what a screen may be told, sealed, so that connecting asks no database.

The web process, which knows who is looking, makes a ticket; the live process, which has the same secret, opens
it. It is encrypted as well as signed, because row numbers never leave the house. It is good for an hour; the page
then fetches another. Losing a right closes the streams at once (see live/hub.py), whatever their tickets say.
"""

from __future__ import annotations

import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import blake2b
from typing import Protocol
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ..config import Config, config

LIFETIME = timedelta(hours=1)
RIGHTS_CHANGED = (
    "link.made",  # a new link ends the one before
    "link.revoked",
    "staff.disabled",
    "staff.places_changed",
    "staff.removed",
    "staff.role_changed",
    "staff.second_step_reset",
)
"""Journal kinds that void the tickets of a member of staff (`subject_id`) or of a case's link (`case_id`)."""

_AHEAD = timedelta(seconds=60)
"""How far two machines' clocks may differ."""


class BadTicket(ValueError):
    """Not a ticket of this installation."""


class ExpiredTicket(BadTicket):
    """Was a ticket once; a new one must be fetched."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What one screen may be told: a member of staff's (`staff_id`, `places`) or a customer's (`case_id`)."""

    organization_id: int
    issued: datetime
    staff_id: int | None = None
    places: frozenset[int] | None = None
    """The places that the member of staff sees; None for all."""
    case_id: int | None = None

    @property
    def expires(self) -> datetime:
        return self.issued + LIFETIME


class Viewer(Protocol):
    """A member of staff looking at a page: house.access.Actor."""

    @property
    def organization_id(self) -> int: ...
    @property
    def staff_id(self) -> int | None: ...
    @property
    def roles(self) -> Mapping[int | None, str]: ...


def for_staff(viewer: Viewer, *, now: datetime) -> Ticket:
    """For every page of a member of staff: what happens at their places, and what concerns the whole house."""
    places = None if None in viewer.roles else frozenset(place for place in viewer.roles if place is not None)
    return Ticket(viewer.organization_id, now, staff_id=viewer.staff_id, places=places)


def for_guest(organization_id: int, case_id: int, *, now: datetime) -> Ticket:
    """For the customer's page of one case."""
    return Ticket(organization_id, now, case_id=case_id)


def seal(ticket: Ticket, secret: str) -> str:
    content = {
        "o": ticket.organization_id,
        "t": round(ticket.issued.timestamp() * 1000),
        "s": ticket.staff_id,
        "p": None if ticket.places is None else sorted(ticket.places),
        "c": ticket.case_id,
    }
    nonce = os.urandom(12)
    sealed = _cipher(secret).encrypt(nonce, json.dumps(content, separators=(",", ":")).encode(), None)
    return urlsafe_b64encode(nonce + sealed).decode().rstrip("=")


def unseal(text: str, secret: str, *, now: datetime) -> Ticket:
    """The ticket behind `text`. Raises `ExpiredTicket`, or `BadTicket` for anything this house did not seal."""
    try:
        raw = urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
        if urlsafe_b64encode(raw).decode().rstrip("=") != text:
            raise ValueError("another spelling of the same bytes")
        content = json.loads(_cipher(secret).decrypt(raw[:12], raw[12:], None))
    except (InvalidTag, ValueError) as error:
        raise BadTicket("not a ticket of this house") from error
    ticket = Ticket(
        content["o"],
        datetime.fromtimestamp(content["t"] / 1000, UTC),
        content["s"],
        None if content["p"] is None else frozenset(content["p"]),
        content["c"],
    )
    if not ticket.issued - _AHEAD <= now < ticket.expires:
        raise ExpiredTicket("this ticket is no longer good")
    return ticket


def stream_address(settings: Config, host: str) -> str:
    """Where a browser that reached the pages at `host` (the request's Host header) finds the live stream."""
    if settings.live_url:
        return settings.live_url.rstrip("/").removesuffix("/live") + "/live"
    if settings.url.startswith("https:"):
        return "/live"  # whatever ends TLS for the pages carries the stream as well
    name = urlsplit(f"//{host}").hostname or "localhost"
    return f"http://{f'[{name}]' if ':' in name else name}:{settings.live_port}/live"


def stream_sources(settings: Config) -> list[str]:
    """The same for a content security policy: from where pages may open a stream, besides their own origin."""
    if settings.live_url:
        url = urlsplit(settings.live_url)
        return [f"{url.scheme}://{url.netloc}"]
    if settings.url.startswith("https:"):
        return []
    if settings.host in {"0.0.0.0", "::"}:  # noqa: S104  a comparison; the house goes by any name then
        return [f"http://*:{settings.live_port}"]
    return [f"http://{name}:{settings.live_port}" for name in ("localhost", "127.0.0.1", settings.host)]


def stream_url(ticket: Ticket, host: str) -> str:
    """The address to open, ticket included: for `data-live-url` and for the answer of a ticket address."""
    return f"{stream_address(config(), host)}?ticket={seal(ticket, config().secret)}"


@cache
def _cipher(secret: str) -> AESGCM:
    return AESGCM(blake2b(secret.encode(), key=b"rugui live ticket", digest_size=32).digest())
