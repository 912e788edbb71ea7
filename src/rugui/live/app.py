"""The live process's HTTP: the stream, its health and its metrics. Raw ASGI, for the sake of memory per screen."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from prometheus_client import generate_latest

from ..config import Config
from ..core.tickets import BadTicket, ExpiredTicket, Ticket, unseal
from .hub import Hub, Revoked, Stream, TooMany

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

log = logging.getLogger("rugui.live")

LINE = "rugui.line"
"""Where the server leaves the connection's transport in the ASGI scope."""

STREAM: Headers = [
    (b"content-type", b"text/event-stream"),
    (b"transfer-encoding", b"chunked"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # a reverse proxy must pass each event on at once
]
REFUSALS: dict[type[Exception], tuple[int, str]] = {
    ExpiredTicket: (401, "ticket-expired"),
    Revoked: (401, "ticket-expired"),
    BadTicket: (401, "ticket-unknown"),
}


class App:
    """The ASGI application. `healthy` says whether the database has been heard lately."""

    def __init__(self, hub: Hub, config: Config, healthy: Callable[[], bool]) -> None:
        self.hub = hub
        self._secret = config.secret
        self._healthy = healthy
        self._port = config.port
        url = urlsplit(config.url)
        self._origins = {f"{url.scheme}://{url.netloc}"} | {
            f"http://{name}:{config.port}" for name in ("localhost", "127.0.0.1", "[::1]")
        }
        self._any_host = config.host in {"0.0.0.0", "::"}  # noqa: S104  a comparison

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError(f"not spoken here: {scope['type']}")
        path, method = scope["path"].rstrip("/"), scope["method"]
        if path not in {"/live", "/live/health", "/live/metrics"}:
            await _answer(send, 404, {"error": "not-found"})
        elif method != "GET":
            await _answer(send, 405, {"error": "method-not-allowed"}, [(b"allow", b"GET")])
        elif path == "/live":
            await self._live(scope, receive, send)
        elif path == "/live/health":
            await self._health(send)
        else:
            await self._metrics(scope, send)

    async def _live(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        origin = headers.get(b"origin", b"").decode("latin-1")
        if origin and not self._allowed(origin, headers.get(b"host", b"").decode("latin-1")):
            await _answer(send, 403, {"error": "origin-not-allowed"})
            return
        shared: Headers = [(b"vary", b"origin")]
        if origin:
            shared.append((b"access-control-allow-origin", origin.encode("latin-1")))
        if not self.hub.ready:
            await _answer(send, 503, {"error": "starting"}, [*shared, (b"retry-after", b"1")])
            return
        query = parse_qs(scope["query_string"].decode("latin-1"))
        try:
            ticket = unseal(_first(query, "ticket"), self._secret, now=datetime.now(UTC))
            stream = self._open(ticket, query, headers)
        except (BadTicket, Revoked) as error:
            status, word = REFUSALS[type(error)]
            hint = "Fetch a new ticket from the page's data-live-ticket-url."
            await _answer(send, status, {"error": word, "hint": hint}, shared)
        except TooMany as error:
            refusal = {"error": "too-many-screens", "hint": str(error)}
            await _answer(send, 503 if error.everybody else 429, refusal, [*shared, (b"retry-after", b"15")])
        else:
            await self._run(stream, shared, scope, receive, send)

    def _open(self, ticket: Ticket, query: dict[str, list[str]], headers: dict[bytes, bytes]) -> Stream:
        last = headers.get(b"last-event-id", b"").decode("latin-1") or _first(query, "last")
        age = _first(query, "age")
        return self.hub.open(
            ticket,
            # What is not a mark of ours counts as one from the future: start over.
            last=(int(last) if last.isascii() and last.isdigit() and len(last) < 20 else 2**63)
            if last
            else None,
            age=int(age) / 1000 if age.isascii() and age.isdigit() and len(age) < 12 else None,
        )

    async def _run(
        self, stream: Stream, headers: Headers, scope: MutableMapping[str, Any], receive: Receive, send: Send
    ) -> None:
        """Holds one screen until it goes away, or the hub hangs up. The hub writes to it directly: waking a task
        for each of thousands of screens would cost more than the writing."""
        try:
            await send({"type": "http.response.start", "status": 200, "headers": STREAM + headers})
            stream.begin(scope[LINE])
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            self.hub.close(stream)

    def _allowed(self, origin: str, host: str) -> bool:
        """The pages' own origins; and, when every interface is open, the pages' port of whatever name we go by."""
        if origin in self._origins:
            return True
        name = urlsplit(f"//{host}").netloc.rpartition(":")[0] or host
        return self._any_host and origin == f"http://{name}:{self._port}"

    async def _health(self, send: Send) -> None:
        good = self._healthy()
        await _answer(
            send, 200 if good else 503, {"status": "ok" if good else "no database", "screens": self.hub.count}
        )

    async def _metrics(self, scope: MutableMapping[str, Any], send: Send) -> None:
        """For a collector on this machine; not for whoever a reverse proxy lets in."""
        client, names = scope.get("client"), {name for name, _ in scope["headers"]}
        if client and client[0] in {"127.0.0.1", "::1"} and not names & {b"x-forwarded-for", b"forwarded"}:
            await _respond(send, 200, generate_latest(), [(b"content-type", b"text/plain; version=0.0.4")])
        else:
            await _answer(send, 404, {"error": "not-found"})


def _first(query: dict[str, list[str]], name: str) -> str:
    return query.get(name, [""])[0]


async def _answer(send: Send, status: int, content: dict[str, Any], headers: Headers | None = None) -> None:
    body = json.dumps(content).encode()
    await _respond(send, status, body, [(b"content-type", b"application/json"), *(headers or [])])


async def _respond(send: Send, status: int, body: bytes, headers: Headers) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [*headers, length, (b"cache-control", b"no-store")],
        }
    )
    await send({"type": "http.response.body", "body": body})
