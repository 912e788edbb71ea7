"""A connection is asked whether it is still there only when nothing else tells; a lost one is noticed before it is used."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.backends.postgresql import base as django_base

from rugui.core.engine import base
from rugui.core.engine.base import DatabaseWrapper

pytestmark = pytest.mark.django_db


@pytest.fixture
def fresh() -> Iterator[DatabaseWrapper]:
    """A connection of its own, outside the test's transaction."""
    made = connection.copy()
    assert isinstance(made, DatabaseWrapper)
    made.inc_thread_sharing()
    made.ensure_connection()
    yield made
    made.close()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One word for each time that the server is asked."""
    times: list[str] = []
    ask = django_base.DatabaseWrapper.is_usable

    def is_usable(self: django_base.DatabaseWrapper) -> bool:
        times.append("asked")
        return bool(ask(self))

    monkeypatch.setattr(django_base.DatabaseWrapper, "is_usable", is_usable)
    return times


def _end(wrapper: DatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [wrapper.connection.info.backend_pid])
        assert cursor.fetchone() == (True,)


def test_in_steady_use_the_server_is_asked_once(fresh: DatabaseWrapper, asked: list[str]) -> None:
    assert [fresh.is_usable() for _request in range(3)] == [True, True, True]
    assert asked == ["asked"]


def test_after_a_silence_it_is_asked_again(
    fresh: DatabaseWrapper, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fresh.is_usable()
    monkeypatch.setattr(base, "SILENCE", 0.0)
    assert fresh.is_usable()
    assert asked == ["asked", "asked"]


def test_a_connection_that_the_server_ended_is_noticed_at_once(fresh: DatabaseWrapper) -> None:
    assert fresh.is_usable()
    _end(fresh)
    assert not fresh.is_usable()


def test_the_next_request_connects_anew(fresh: DatabaseWrapper) -> None:
    assert fresh.is_usable()
    before = fresh.connection.info.backend_pid
    _end(fresh)
    fresh.close_if_unusable_or_obsolete()  # as every request begins
    with fresh.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (after,) = cursor.fetchone()
    assert after != before


def test_a_failed_transaction_is_not_taken_for_well(fresh: DatabaseWrapper) -> None:
    assert fresh.is_usable()
    fresh.connection.autocommit = False
    with pytest.raises(Exception, match="division by zero"):
        fresh.connection.execute("SELECT 1 / 0")
    assert not fresh.is_usable()
