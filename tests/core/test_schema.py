"""A new database gets all of the tables at once; one that stands goes by the steps. Both must end alike."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

AT_ONCE = ("rugui", "0001_all_until_0029")


@pytest.fixture
def loader() -> MigrationLoader:
    return MigrationLoader(None, replace_migrations=False)


def differences(one: ProjectState, other: ProjectState, loader: MigrationLoader) -> list[str]:
    found = MigrationAutodetector(one, other).changes(graph=loader.graph).get("rugui", [])
    return [operation.describe() for migration in found for operation in migration.operations]


def test_what_is_said_at_once_is_what_the_steps_come_to(loader: MigrationLoader) -> None:
    replaced = loader.disk_migrations[AT_ONCE].replaces
    by_steps, at_once = loader.project_state(replaced[-1]), loader.project_state(AT_ONCE)
    assert differences(by_steps, at_once, loader) == []
    assert differences(at_once, by_steps, loader) == []
    assert differences(by_steps, loader.project_state(replaced[-2]), loader) != []


def test_it_stands_for_every_step_until_its_last(loader: MigrationLoader) -> None:
    """A step left out would be taken again on a database that has all of the tables."""
    replaced = loader.disk_migrations[AT_ONCE].replaces
    numbers = sorted(name for app, name in loader.disk_migrations if app == "rugui" and name != AT_ONCE[1])
    assert [name for _app, name in replaced] == numbers[: len(replaced)]
    assert [name[:4] for name in numbers] == [f"{number:04d}" for number in range(1, len(numbers) + 1)]


@pytest.mark.django_db
def test_keys_of_names_have_no_key_of_their_own() -> None:
    """As the step that took it away left them: an index by the hash alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'p'"
            " AND conrelid IN ('rugui_namekey'::regclass, 'rugui_nameslip'::regclass)"
        )
        assert cursor.fetchall() == []
        cursor.execute("SELECT length(id_key) FROM rugui_installation")
        assert cursor.fetchall() == [(16,)]


@pytest.mark.django_db
@pytest.mark.parametrize("taken", [0, 1, 27, 29])
def test_a_database_that_stands_goes_on_by_the_steps(
    taken: int, loader: MigrationLoader, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced = loader.disk_migrations[AT_ONCE].replaces
    others = [key for key in loader.disk_migrations if key[0] != "rugui"]
    monkeypatch.setattr(
        MigrationRecorder, "applied_migrations", lambda _self: dict.fromkeys([*others, *replaced[:taken]])
    )
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes("rugui"))
    wanted = replaced[taken:] if taken else [AT_ONCE]
    assert [(each.app_label, each.name) for each, _backwards in plan][: len(wanted)] == wanted
