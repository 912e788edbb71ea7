"""What the tests of promises, cases, the line-up and the customer's page share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rugui.core.models import JournalEntry
from rugui.core.tenancy import within
from rugui.core.time import now
from rugui.house.access import Actor
from rugui.know.models import Customer
from rugui.promise import actions as promises
from rugui.promise.models import Promise
from rugui.recover import actions
from rugui.recover.models import Case

from .. import factories

HX = {"HX-Request": "true"}
_BOUNDARIES = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@contextmanager
def acting(house: factories.House, name: str) -> Iterator[tuple[Actor, datetime]]:
    """As somebody of the house, now, inside its transaction."""
    actor = house.actor(name)
    with within(house.id):
        yield actor, now()


def opened(
    house: factories.House,
    customer: Customer | None = None,
    *,
    by: str = "carol",
    title: str = "Room cold",
    place: int = 0,
) -> Case:
    """A case opened a moment ago."""
    customer = customer or factories.customer(house)
    with acting(house, by) as (actor, moment):
        return actions.open_case(
            actor, customer, house.places[place], title=title, complaint="I am cold.", now=moment
        )


def walked(house: factories.House, case: Case, *, by: str = "carol", now: datetime | None = None) -> None:
    """All the steps of a case, so that it can be closed."""
    with acting(house, by) as (actor, moment):
        at = now or moment
        actions.apologise(actor, case, text="Sorry.", now=at)
        actions.review_together(actor, case, text="Heard.", now=at)
        actions.solve(actor, case, text="Warm.", now=at)
        actions.delight(actor, case, text="Tea and a blanket.", now=at)
        findings = actions.Findings("product", "heating", lesson="Check the valve.")
        actions.document(actor, case, findings, now=at)


def given(
    house: factories.House, customer: Customer | None = None, *, by: str = "carol", **fields: Any
) -> Promise:
    """A promise given a moment ago, for in an hour."""
    customer = customer or factories.customer(house)
    with acting(house, by) as (actor, moment):
        due_at = moment.replace(microsecond=0) + promises.UNDO_FOR * 4
        owner = house.people[by].id
        values = {"kind": "call_back", "due_at": due_at, "owner_id": owner, **fields}
        return promises.give(actor, customer, house.place, now=moment, **values)


def again(house: factories.House, row: Any) -> Any:
    """The row as it is in the database now."""
    with within(house.id):
        return type(row).objects.get(pk=row.pk)


def journal(house: factories.House) -> list[str]:
    """The kinds of every entry of the house, in order."""
    with within(house.id):
        return list(JournalEntry.objects.order_by("id").values_list("kind", flat=True))


def queries(client: Client, url: str) -> int:
    """How many queries a page needs, without the marks of transactions and those of the tests' own one around it."""
    client.get(url)  # what is read once a process has been read
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    asked = [query["sql"] for query in captured if not query["sql"].startswith(_BOUNDARIES)]
    return len(asked) - sum("set_config('rugui.organization', ''" in sql for sql in asked)


def text(response: Any) -> str:
    """What a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())
