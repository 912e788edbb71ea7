"""A database of one's own, for tests whose transactions really commit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from .. import database


@pytest.fixture
def own_database(
    database_folder: Path, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Points the default connection, of every thread, at a fresh copy that is thrown away afterwards."""
    settings = connections["default"].settings_dict
    name, shared = settings["NAME"] + "_own", settings["NAME"]
    with django_db_blocker.unblock():
        connections["default"].close()
        settings["NAME"] = database.copy_of_template(database_folder, name)
        yield
        connections["default"].close()
        settings["NAME"] = shared
    with database.owner(database_folder, "postgres") as owner:
        owner.execute(f"DROP DATABASE {name} WITH (FORCE)")
