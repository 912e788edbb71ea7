"""What the tests of the front desk share."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rugui.core.models import JournalEntry
from rugui.core.tenancy import within
from rugui.house.access import Actor

from .. import factories

_BOUNDARIES = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
HTMX = {"HX-Request": "true"}


@contextmanager
def acting(house: factories.House, name: str) -> Iterator[tuple[Actor, datetime]]:
    """As somebody of the house, now, inside its transaction."""
    actor = house.actor(name)
    with within(house.id):
        yield actor, datetime.now(UTC)


def queries(client: Client, url: str) -> int:
    """How many queries a page needs. The marks of transactions are not counted, nor that of the tests' own around it."""
    client.get(url)  # what is read once a process has been read
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    asked = [query["sql"] for query in captured if not query["sql"].startswith(_BOUNDARIES)]
    closing = sum("set_config('rugui.organization', ''" in sql for sql in asked)
    return len(asked) - closing


def journal(house: factories.House) -> list[str]:
    """The kinds of every entry of the house, in order."""
    with within(house.id):
        return list(JournalEntry.objects.order_by("id").values_list("kind", flat=True))


def tapped(client: Client, url: str, data: dict[str, str] | None = None, **headers: str) -> HttpResponse:
    """A POST as a button on a page sends it."""
    return client.post(url, data or {}, headers={**HTMX, **headers})


def told(response: HttpResponse) -> dict[str, Any]:
    """The events that an answer fires on the page."""
    return json.loads(response["HX-Trigger"])
