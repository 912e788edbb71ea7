"""Two houses, committed once a module in a database of their own; every question asked of them is rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.utils import translation
from pytest_django import DjangoDbBlocker

from rugui.web.middleware import FirstRun

from .. import database
from .matrix import world as worlds


@pytest.fixture(scope="module")
def world(
    database_folder: Path,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[worlds.World]:
    connection = connections["default"].settings_dict
    name, shared, media = connection["NAME"] + "_access", connection["NAME"], settings.MEDIA_ROOT
    folder = tmp_path_factory.mktemp("access")
    with django_db_blocker.unblock():
        connections["default"].close()
        connection["NAME"] = database.copy_of_template(database_folder, name)
        settings.MEDIA_ROOT = folder
        FirstRun._done = False
        try:
            yield worlds.build(folder)
        finally:
            connections["default"].close()
            connection["NAME"], settings.MEDIA_ROOT = shared, media
            FirstRun._done = False
    with database.owner(database_folder, "postgres") as owner:
        owner.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """The language of a request stays active in its thread."""
    translation.activate("en")
    yield
    translation.activate("en")
