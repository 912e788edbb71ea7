"""Schemathesis, all checks, against the API's own description, with real rows behind the ids.

No answer may be a server error or other than described; bad data must be refused, good data not.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, assume, settings
from schemathesis import Case, GenerationMode
from schemathesis.core.parameters import ParameterLocation

from rugui.api.routes import api
from rugui.core.ids import public_id
from rugui.core.money import Money
from rugui.core.tenancy import within
from rugui.core.time import now
from rugui.know import actions as know
from rugui.promise import actions as promises
from rugui.recover import actions as recover
from rugui.serve import actions as serve
from rugui.wsgi import application

from .. import factories
from .conftest import Caller

pytestmark = pytest.mark.slow

BAD_SHAPE = "Some fields cannot be taken as they are."
"""What a request is told that does not fit the description; one that fits must never be told so."""

FAR_AWAY = "Value error, must lie between the years 1900 and 2200"
"""The one rule about shapes that the description can only say in words."""

EXAMPLES = 60
"""At most so many random requests a call, beside the systematic ones. Calls without parameters run out of ideas sooner."""

REQUESTS = 5_000
"""At least so many are made in all."""

made: Counter[str] = Counter()
"""Requests that reached the program, by call."""


def _counting(environ: dict[str, Any], start_response: Any) -> Any:
    made[tried[-1]] += 1
    return application(environ, start_response)


tried: list[str] = []
"""The calls tried so far."""


def _described() -> Any:
    # A reference to nobody, a number nobody can be called at, a refund above its purchase: well-formed, and refused.
    accepted = {"expected-statuses": ["2xx", "401", "403", "404", "409", "422"]}
    config = schemathesis.Config.from_dict(
        {
            "checks": {"positive_data_acceptance": accepted},
            "generation": {"with-security-parameters": False},  # every request has a living token
        }
    )
    return schemathesis.openapi.from_dict(_document(), config=config)


def _document() -> dict[str, Any]:
    return json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str))


schema = _described()
schema.app = _counting


class Known:
    """A house with rows, the public ids of them by the name that paths give them, and a token for everything."""

    def __init__(self) -> None:
        house = factories.lake_house()
        self.ids: dict[str, list[str]] = {"place_id": [public_id("place", house.place.id)]}
        with within(house.id):
            for number in range(3):
                self._guest(house, f"Guest {number}")
        self.token = f"rugui_{Caller(house, 'alice').secret}"

    def _guest(self, house: factories.House, name: str) -> None:
        alice, place, moment = house.actor("alice"), house.place, now()
        email = know.GivenIdentity("email", f"{name.replace(' ', '.')}@example.com")
        customer = know.add_customer(alice, name=name, identities=[email], region="TW", now=moment)
        soon = moment + timedelta(hours=1)
        rows = [
            customer,
            customer.identities.get(),
            know.add_note(alice, customer, text="likes tea", now=moment),
            serve.record_touch(alice, customer, channel="chat", direction="in", waiting=True, now=moment),
            serve.expect_visit(alice, customer, place, expected_at=moment, now=moment),
            serve.record_purchase(alice, customer, amount=Money(5000, "EUR"), place=place, now=moment),
            promises.give(alice, customer, place, kind="call_back", due_at=soon, now=moment),
            recover.open_case(alice, customer, place, title="Cold", now=moment),
        ]
        for row in rows:
            self.ids.setdefault(f"{row._meta.model_name}_id", []).append(row.public_id)

    def meet(self, case: Case) -> None:
        """Points most requests at rows that are there; invented ids would all be answered alike."""
        chance = random.Random(repr((case.path_parameters, case.body)))
        if chance.random() < 0.3:
            return
        if _is_good(case, ParameterLocation.PATH):
            for name in case.path_parameters.keys() & self.ids.keys():
                case.path_parameters[name] = chance.choice(self.ids[name])
        if _is_good(case, ParameterLocation.BODY) and isinstance(case.body, dict):
            for name in case.body.keys() & {"customer", "place"}:
                case.body[name] = self.ids[f"{name}_id"][0]


def _is_good(case: Case, part: ParameterLocation) -> bool:
    """Whether this part of the request fits the description, so that it may be changed for another that does."""
    component = case.meta.components.get(part) if case.meta else None
    return component is not None and component.mode is GenerationMode.POSITIVE


@pytest.fixture(scope="module")
def known(django_db_setup: None, django_db_blocker: Any) -> Iterator[Known]:
    """One house for all calls; each request's work is undone after it."""
    # A WSGI server drops connections in mid-transaction when a request ends; here that is the tests' own.
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    with django_db_blocker.unblock(), transaction.atomic():
        yield Known()
        transaction.set_rollback(True)
    for signal in signals:
        signal.connect(close_old_connections)
    share = len(set(tried)) / len(list(schema.get_all_operations()))
    if share > 0.2:  # workers share the calls among them
        assert sum(made.values()) >= REQUESTS * share, made


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_call_answers_as_described(case: Case, known: Known) -> None:
    tried.append(case.operation.label)
    # An object or a list of nothing is written into an address as nothing at all, and then nothing is wrong with it.
    assume(all(value not in ({}, []) for value in (case.query or {}).values()))
    known.meet(case)
    with transaction.atomic():
        response = case.call_and_validate(headers={"Authorization": f"Bearer {known.token}"})
        transaction.set_rollback(True)
    refused = response.status_code == 422 and response.json()["detail"] == BAD_SHAPE
    if refused and case.meta and case.meta.generation.mode is GenerationMode.POSITIVE:
        assert {error["message"] for error in response.json()["errors"]} == {FAR_AWAY}, response.text
