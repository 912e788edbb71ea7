"""Statements made ready: what Django would have done, watched or not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.db import DataError, IntegrityError, connection, transaction
from psycopg import Cursor

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


def test_what_is_asked_often_goes_to_the_server_directly_and_answers_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    statement = "SELECT %s::bigint, %s::text, %s::timestamptz, %s::bigint[], %s::boolean, ARRAY['a', NULL], 1.50, '%%'"
    told: list[Any] = [7, "naïve", NOON, [1, 2], True]
    nothing: list[Any] = [None, "", None, [], False]
    with transaction.atomic():
        for values in (told, nothing) * 4:
            assert ready.fetch(statement, values) == [(*values, ["a", None], Decimal("1.50"), "%")]
        with monkeypatch.context() as patch:
            patch.setattr(Cursor, "execute", None)
            assert ready.fetch(statement, told)[0][:5] == tuple(told)


def test_what_goes_to_the_server_directly_fails_as_elsewhere_and_works_again_after() -> None:
    divided = "SELECT 8 / %s::bigint"
    for _turn in range(3):
        with transaction.atomic():
            for _time in range(5):
                assert ready.fetch(divided, [2]) == [(4,)]
            with pytest.raises(DataError), transaction.atomic():
                ready.fetch(divided, [0])
            assert ready.fetch(divided, [4]) == [(2,)]
            transaction.set_rollback(True)  # psycopg then forgets what it has prepared


def test_the_first_statement_of_a_transaction_begins_it(lake_house: House) -> None:
    for _time in range(5):
        ready.fetch("SELECT %s::bigint", [1])
    with within(lake_house.id):
        before = ready.fetch("SELECT now()::text, %s::bigint", [1])
        assert [ready.fetch("SELECT now()::text, %s::bigint", [1]) for _time in range(5)] == [before] * 5


def test_a_server_that_has_gone_is_an_operational_error() -> None:
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
        direct = ready.Direct(other)
        assert [direct.rows("SELECT %s::bigint", [4]) for _time in range(12)] == [[(4,)]] * 12
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [other.info.backend_pid])
        with pytest.raises(psycopg.OperationalError):
            direct.rows("SELECT %s::bigint", [4])
