"""Fixtures that every test may use: the database, two organizations, and the people in them.

Alice owns the Lake House; Bob manages its main place, Carol serves there, Dan serves at the other
place, Erin is an analyst everywhere. Mallory owns another house and must never see anything of this one.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from rugui.core import postgres

from . import database, factories
from .groups import pytest_collection_finish as pytest_collection_finish


@pytest.hookimpl(tryfirst=True)  # before the folder for temporary files is chosen
def pytest_configure(config: pytest.Config) -> None:
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher"
    ]  # fast; nothing here is secret
    # The controlling process names the folder; its parallel workers inherit the name.
    if "RUGUI_TEST_FOLDER" not in os.environ:
        _clear_what_was_killed()
        os.environ["RUGUI_TEST_FOLDER"] = tempfile.mkdtemp(prefix=f"rugui-test-{os.getpid()}-")
        # Of our own, since every run of pytest by the same user closes the usual one to the database's user.
        config.option.basetemp = config.option.basetemp or f"{os.environ['RUGUI_TEST_FOLDER']}/tmp"
        config.add_cleanup(lambda: _stop_server(Path(os.environ["RUGUI_TEST_FOLDER"])))


HEAVY = (
    "browser",
    "live/test_process",
    "live/test_browser",
    "clock/test_hand_overs",
    "clock/test_processes",
    "platform/test_up",
    "platform/test_postgres",
)
"""Tests that start browsers or processes and wait for them: one at a time, or each would time the other.

They take less than half of the whole time, so that the other process has enough to do meanwhile."""

LONG = (
    *HEAVY,
    "access",
    "api/test_fuzz",
    "connect/test_r",
    "desk/test_offline",
    "docs",
    "example",
    "platform",
)
"""Tests that do a lot, and so need long on a slow machine."""
LIMIT = 1800
"""Seconds after which one of those hangs."""


@pytest.hookimpl(tryfirst=True)  # before the groups are read
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        # Schemathesis gives all its tests one id; of tests with one id, parallel workers would run the first only.
        if item.name not in item.nodeid:
            item._id = item.id.parse(f"{item.nodeid.rpartition('::')[0]}::{item.name}")
        if item.path.relative_to(here).as_posix().startswith(HEAVY):
            item.add_marker(pytest.mark.xdist_group("heavy"))
            item.add_marker(pytest.mark.slow)
        if item.path.relative_to(here).as_posix().startswith(LONG):
            item.add_marker(pytest.mark.timeout(LIMIT))
        if item.path.is_relative_to(here / "browser"):
            item.add_marker(pytest.mark.browser)


def _stop_server(folder: Path) -> None:
    postgres.stop(folder)
    shutil.rmtree(folder, ignore_errors=True)


def _clear_what_was_killed() -> None:
    """A run that was killed could not stop its server."""
    for folder in Path(tempfile.gettempdir()).glob("rugui-test-*-*"):
        run = folder.name.split("-")[2]
        with suppress(FileNotFoundError):  # another run has just cleared it
            if (
                run.isdecimal()
                and folder.owner() == Path.home().owner()
                and not Path(f"/proc/{run}").exists()
            ):
                _stop_server(folder)


@pytest.fixture(scope="session")
def database_folder() -> Path:
    """The folder of the run's own database server, started and migrated."""
    folder = Path(os.environ["RUGUI_TEST_FOLDER"])
    database.migrated_server(folder)
    return folder


@pytest.fixture(scope="session")
def django_db_setup(
    database_folder: Path, request: pytest.FixtureRequest, django_db_blocker: pytest.FixtureRequest
) -> Iterator[None]:
    from django.db import connections

    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    name = database.copy_of_template(database_folder, f"rugui_{worker}")
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        connections["default"].close()
        connections["default"].settings_dict.update(
            NAME=name,
            HOST=str(postgres.socket_folder(database_folder)),
            PORT=postgres.PORT,
            USER="rugui_app",
            PASSWORD="",
        )
        connections["default"].settings_dict["OPTIONS"].pop("options", None)
        yield
        connections["default"].close()


@pytest.fixture
def lake_house(db: None) -> factories.House:
    """A house with two places and its people, in a transaction that the test's end rolls back."""
    return factories.lake_house()


@pytest.fixture
def other_house(db: None) -> factories.House:
    """Somebody else's house."""
    return factories.other_house()


@pytest.fixture
def browse(client: Client) -> factories.Browse:
    """`browse(lake_house, "carol")` is a test client signed in as Carol."""
    return factories.Browse()


@pytest.fixture
def committed_house(
    database_folder: Path, django_db_setup: None, django_db_blocker: Any
) -> Iterator[factories.House]:
    """A house in a database of its own, because what one commits the other must see."""
    settings = connections["default"].settings_dict
    name = settings["NAME"]
    with django_db_blocker.unblock():
        connections["default"].close()
        settings["NAME"] = database.copy_of_template(database_folder, f"{name}_at_once")
        yield factories.lake_house()
        connections["default"].close()
        settings["NAME"] = name
