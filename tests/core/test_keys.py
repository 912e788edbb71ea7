"""Secrets that open something: known to their holder only, until they expire or are revoked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from rugui.core import keys, tenancy
from rugui.core.models import Key
from rugui.core.tenancy import within
from rugui.know.models import Customer

from .. import factories
from ..factories import NOON, House

pytestmark = pytest.mark.django_db


def _issue(house: House, **options: object) -> str:
    with within(house.id):
        return keys.issue(house.id, Key.Kind.CASE, 7, now=NOON, **options)  # type: ignore[arg-type]


def test_a_secret_finds_its_key_before_any_organization_is_named(lake_house: House) -> None:
    secret = _issue(lake_house)
    found = keys.find(secret, Key.Kind.CASE, now=NOON)
    assert found is not None
    assert (found.organization_id, found.subject_id) == (lake_house.id, 7)


def test_a_secret_of_another_kind_finds_nothing(lake_house: House) -> None:
    assert keys.find(_issue(lake_house), Key.Kind.API, now=NOON) is None
    assert keys.find("made up", Key.Kind.CASE, now=NOON) is None


def test_an_expired_secret_finds_nothing(lake_house: House) -> None:
    secret = _issue(lake_house, expires_at=NOON + timedelta(hours=1))
    assert keys.find(secret, Key.Kind.CASE, now=NOON + timedelta(minutes=59)) is not None
    assert keys.find(secret, Key.Kind.CASE, now=NOON + timedelta(hours=1)) is None


def test_a_revoked_secret_finds_nothing(lake_house: House) -> None:
    secret = _issue(lake_house)
    with within(lake_house.id):
        assert keys.revoke(lake_house.id, Key.Kind.CASE, 7, now=NOON) == 1
        assert keys.revoke(lake_house.id, Key.Kind.CASE, 7, now=NOON) == 0
    assert keys.find(secret, Key.Kind.CASE, now=NOON) is None


def test_the_database_keeps_no_secret(lake_house: House) -> None:
    secret = _issue(lake_house)
    with within(lake_house.id), connection.cursor() as cursor:
        cursor.execute("SELECT k::text FROM rugui_key k")
        assert all(secret not in row[0] for row in cursor.fetchall())


def test_a_secret_opens_its_own_organization_only(lake_house: House, other_house: House) -> None:
    mine, theirs = factories.customer(lake_house, "Ms Chen"), factories.customer(other_house, "Mr Poe")
    with keys.within_by(_issue(lake_house), Key.Kind.CASE, now=NOON) as key:
        assert key is not None
        assert tenancy.current() == lake_house.id
        assert list(Customer.objects.values_list("id", flat=True)) == [mine.id]
        assert not Customer.objects.filter(id=theirs.id).exists()
    with keys.within_by("made up", Key.Kind.CASE, now=NOON) as key:
        assert key is None
        assert tenancy.current() is None
        assert Customer.objects.count() == 0
