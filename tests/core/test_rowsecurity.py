"""The database itself keeps organizations, clocks and guests apart."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, connection

from rugui.core import journal, rowsecurity
from rugui.core.models import JournalEntry
from rugui.core.tenancy import within
from rugui.know.models import Customer

from .. import factories
from ..database import owner

pytestmark = pytest.mark.django_db


def test_the_program_cannot_bypass_row_security() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("rugui_app",)


def test_every_table_of_an_organization_has_its_policy() -> None:
    with connection.cursor() as cursor:
        tables = rowsecurity.tables_of_organizations(cursor)
        cursor.execute(
            """
            SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid
            WHERE c.relrowsecurity AND p.polname = 'own_organization' AND c.relname <> 'rugui_organization'
            ORDER BY 1
            """
        )
        assert [row[0] for row in cursor.fetchall()] == tables
    assert "rugui_customer" in tables
    assert len(tables) >= 20


def test_outside_of_an_organization_every_table_is_empty(lake_house: factories.House) -> None:
    factories.customer(lake_house)
    assert Customer.objects.count() == 0
    with within(lake_house.id):
        assert Customer.objects.count() == 1


def test_one_organization_cannot_see_or_touch_another(
    lake_house: factories.House, other_house: factories.House
) -> None:
    mine = factories.customer(lake_house)
    with within(other_house.id):
        assert not Customer.objects.filter(id=mine.id).exists()
        assert Customer.objects.filter(id=mine.id).update(name="taken") == 0


def test_a_row_cannot_be_written_into_another_organization(
    lake_house: factories.House, other_house: factories.House
) -> None:
    with pytest.raises(DatabaseError, match="row-level security"), within(lake_house.id):
        Customer.objects.create(organization=other_house.organization, name="X", created_at=factories.NOON)


def test_a_transaction_cannot_turn_to_another_organization(
    lake_house: factories.House, other_house: factories.House
) -> None:
    with within(lake_house.id), pytest.raises(RuntimeError), within(other_house.id):
        pass


@pytest.mark.parametrize(
    "change", ["UPDATE rugui_journalentry SET kind = 'x'", "DELETE FROM rugui_journalentry"]
)
def test_the_program_cannot_change_the_journal(lake_house: factories.House, change: str) -> None:
    with within(lake_house.id):
        journal.record(lake_house.actor("alice"), factories.NOON, journal.Event("test.happened"))
        assert JournalEntry.objects.count() == 1
    with pytest.raises(DatabaseError, match="permission denied"), within(lake_house.id):
        connection.cursor().execute(change)


@pytest.mark.parametrize("change", ["UPDATE {} SET kind = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_not_even_the_owner_can_change_the_journal(database_folder: Path, change: str) -> None:
    with (
        owner(database_folder, connection.settings_dict["NAME"]) as other,
        other.transaction(force_rollback=True),
    ):
        other.execute(
            "INSERT INTO rugui_organization (id, name, trade, customer_word, currency, language) VALUES (0, 'X', 'hotel', 'guest', 'EUR', 'en')"
        )
        other.execute(
            "INSERT INTO rugui_journalentry (organization_id, at, kind, who, payload, version)"
            " VALUES (0, now(), 'test.happened', 'system', '{}', 1)"
        )
        other.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(psycopg.DatabaseError, match="append-only"):
            other.execute(change.format("rugui_journalentry"))
