"""Statements made ready: what Django would have done, watched or not."""

from __future__ import annotations

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from rugui.core import ready
from rugui.core.tenancy import within
from rugui.know.models import Customer, Identity

from .. import factories
from ..factories import NOON, House

pytestmark = pytest.mark.django_db


def test_a_row_is_inserted_as_saving_would(lake_house: House) -> None:
    made = Customer(organization_id=lake_house.id, name="Ms Chen", language="en", created_at=NOON)
    with within(lake_house.id):
        ready.insert(made)
        found = Customer.objects.get(id=made.id)
    assert not made._state.adding
    for field in Customer._meta.concrete_fields:
        assert getattr(found, field.attname) == getattr(made, field.attname)


def test_what_the_database_refuses_is_an_error_of_django(lake_house: House) -> None:
    with within(lake_house.id), pytest.raises(IntegrityError), transaction.atomic():
        ready.insert(Customer(organization_id=lake_house.id, name="", created_at=NOON))
    with pytest.raises(DataError), transaction.atomic():
        ready.fetch("SELECT 1 / %s::bigint", [0])


def test_a_broken_transaction_takes_no_more_statements(lake_house: House) -> None:
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            ready.fetch("SELECT %s::bigint", [1])


def test_whoever_counts_statements_sees_them(lake_house: House) -> None:
    seen: list[str] = []

    def watch(execute: object, sql: str, params: object, many: bool, context: object) -> object:
        seen.append(sql)
        return execute(sql, params, many, context)  # type: ignore[operator]

    with connection.execute_wrapper(watch):
        assert ready.fetch("SELECT %s::bigint", [7]) == [(7,)]
        ready.run("SELECT %s::bigint", [8])
    assert seen == ["SELECT %s::bigint", "SELECT %s::bigint"]
    assert ready.fetch("SELECT %s::bigint", [9]) == [(9,)]
    assert len(seen) == 2


def test_a_row_of_another_house_is_refused(lake_house: House, other_house: House) -> None:
    theirs = factories.customer(other_house)
    identity = Identity(
        organization_id=other_house.id,
        customer=theirs,
        kind="email",
        value="a@b",
        normal="a@b",
        created_at=NOON,
    )
    with within(lake_house.id), pytest.raises(Exception, match="row-level security"), transaction.atomic():
        ready.insert(identity)
