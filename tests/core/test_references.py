"""What an import fills by the million still points at something, proved by the statement."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection

from rugui.core import references
from rugui.core.tenancy import within
from rugui.know.models import Customer, Identity, NameKey
from rugui.serve.models import Purchase, Touch

from .. import database, factories
from ..factories import NOON, House

NOBODY = 2**40


def pointing(house: House, customer_id: int, place_id: int | None) -> list[Any]:
    """A row of each table that points by the statement."""
    own: dict[str, Any] = {"organization_id": house.id, "customer_id": customer_id}
    return [
        Identity(**own, kind="phone", value="1", normal="+8861", created_at=NOON),
        NameKey(**own, h=1),
        Touch(**own, place_id=place_id, channel="phone", direction="in", at=NOON),
        Purchase(**own, place_id=place_id, amount=1, currency="EUR", at=NOON),
    ]


def test_the_tables_tested_here_are_those_that_point() -> None:
    assert [model._meta.db_table for model in (Identity, NameKey, Touch, Purchase)] == [*references.CUSTOMERS]
    assert [model._meta.db_table for model in (Touch, Purchase)] == [*references.PLACES]


@pytest.mark.django_db
@pytest.mark.parametrize("at", range(4))
def test_a_row_cannot_point_at_nobody_or_at_another_houses_customer(
    lake_house: House, other_house: House, at: int
) -> None:
    theirs = factories.customer(other_house)
    for customer_id in (NOBODY, theirs.id):
        with (
            pytest.raises(IntegrityError, match=f"There is no customer {customer_id}"),
            within(lake_house.id),
        ):
            pointing(lake_house, customer_id, None)[at].save(force_insert=True)
    mine = factories.customer(lake_house)
    with within(lake_house.id):
        pointing(lake_house, mine.id, lake_house.place.id)[at].save(force_insert=True)


@pytest.mark.django_db
@pytest.mark.parametrize("at", [2, 3])
def test_a_row_cannot_point_at_no_place_or_at_another_houses(
    lake_house: House, other_house: House, at: int
) -> None:
    mine = factories.customer(lake_house)
    for place_id in (NOBODY, other_house.place.id):
        with pytest.raises(IntegrityError, match=f"There is no place {place_id}"), within(lake_house.id):
            pointing(lake_house, mine.id, place_id)[at].save(force_insert=True)
    with within(lake_house.id):
        pointing(lake_house, mine.id, None)[at].save(force_insert=True)


@pytest.mark.django_db
@pytest.mark.parametrize("at", range(4))
def test_a_row_can_move_to_another_customer_and_to_nobody_else(lake_house: House, at: int) -> None:
    one, other = factories.customer(lake_house), factories.customer(lake_house, "Ben")
    with within(lake_house.id):
        row = pointing(lake_house, one.id, None)[at]
        row.save(force_insert=True)
        assert type(row).objects.filter(customer_id=one.id).update(customer_id=other.id) == 1
    with pytest.raises(IntegrityError, match="There is no customer"), within(lake_house.id):
        type(row).objects.filter(customer_id=other.id).update(customer_id=NOBODY)


@pytest.mark.django_db
@pytest.mark.parametrize("at", range(4))
def test_who_is_pointed_at_stays_until_the_rows_are_gone(lake_house: House, at: int) -> None:
    one = factories.customer(lake_house)
    with within(lake_house.id):
        pointing(lake_house, one.id, None)[at].save(force_insert=True)
    with pytest.raises(IntegrityError, match="still point at it"), within(lake_house.id):
        Customer.objects.filter(id=one.id)._raw_delete("default")  # type: ignore[attr-defined]
    with within(lake_house.id):
        one.delete()
        assert Customer.objects.count() == 0


@pytest.mark.django_db
def test_a_place_that_is_pointed_at_stays(lake_house: House) -> None:
    one, place = factories.customer(lake_house), lake_house.places[1]
    with within(lake_house.id):
        touch = pointing(lake_house, one.id, place.id)[2]
        touch.save(force_insert=True)
    with pytest.raises(IntegrityError), within(lake_house.id), connection.cursor() as cursor:
        cursor.execute("DELETE FROM rugui_place WHERE id = %s", [place.id])


@pytest.mark.django_db
def test_a_number_never_changes(lake_house: House) -> None:
    one = factories.customer(lake_house)
    with pytest.raises(IntegrityError, match="never changes"), within(lake_house.id):
        Customer.objects.filter(id=one.id).update(id=NOBODY)


TOUCH = (
    "INSERT INTO rugui_touch (organization_id, customer_id, channel, direction, text, at, waiting)"
    " VALUES (1, 7, 'phone', 'in', '', now(), false)"
)


@pytest.fixture
def seven(database_folder: Path) -> Iterator[str]:
    """A database with customer 7 in it; several connections at once may work there."""
    name = database.copy_of_template(database_folder, f"rugui_references_{os.getpid()}")
    with database.owner(database_folder, name) as owner:
        owner.execute(
            "INSERT INTO rugui_organization (id, name, trade, customer_word, currency, language)"
            " VALUES (1, 'Lake House', 'hotel', 'guest', 'EUR', 'en')"
        )
        owner.execute(
            "INSERT INTO rugui_customer (id, organization_id, name, address_as, language, created_at)"
            " VALUES (7, 1, 'Ana', '', '', now())"
        )
    yield name
    with database.owner(database_folder, "postgres") as owner:
        owner.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]


def in_turn(folder: Path, name: str, first: str, second: str) -> str:
    """What becomes of `second` when it starts while the transaction of `first` is still open, which then commits."""
    told: list[str] = []

    def go() -> None:
        with database.owner(folder, name) as other:
            try:
                other.execute(second)  # type: ignore[arg-type]
                told.append("done")
            except psycopg.errors.ForeignKeyViolation:
                told.append("refused")

    with database.owner(folder, name) as one, database.owner(folder, name) as watch:
        with one.transaction():
            one.execute(first)  # type: ignore[arg-type]
            thread = threading.Thread(target=go)
            thread.start()
            waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'relation'"
            while watch.execute(waiting).fetchone() == (0,):
                assert thread.is_alive(), told
        thread.join()
    return told[0]


def test_who_deletes_waits_for_who_is_pointing_at_it(database_folder: Path, seven: str) -> None:
    assert in_turn(database_folder, seven, TOUCH, "DELETE FROM rugui_customer WHERE id = 7") == "refused"


def test_who_points_waits_for_who_is_deleting_it(database_folder: Path, seven: str) -> None:
    assert in_turn(database_folder, seven, "DELETE FROM rugui_customer WHERE id = 7", TOUCH) == "refused"
