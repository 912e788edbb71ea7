"""`rugui doctor` sees what is wrong and says what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest

from rugui.config import Config
from rugui.core import checkup
from rugui.core.checkup import Finding, Level
from rugui.core.database import connection_parameters

from .installations import installation


@pytest.fixture
def house(database_folder: Path, tmp_path: Path, worker_id: str) -> Config:
    config = installation(database_folder, f"doctor_{worker_id}", tmp_path / "data")
    assert config.secret
    return config


def run_sql(config: Config, text: str) -> None:
    with psycopg.connect(**connection_parameters(config, "owner"), autocommit=True) as connection:
        connection.execute(text)


def findings(config: Config, **changes: Any) -> dict[str, Finding]:
    return {finding.name: finding for finding in checkup.examine(config.model_copy(update=changes))}


def alive(config: Config) -> None:
    run_sql(
        config,
        "INSERT INTO rugui_heartbeat (name, kind, at) VALUES ('c', 'clock', now());"
        "INSERT INTO procrastinate_workers DEFAULT VALUES",
    )


def test_a_sound_installation_has_nothing_to_be_done(house: Config) -> None:
    alive(house)
    found = findings(house)
    assert set(found) == {
        "disk", "secret", "proxies", "translations", "database", "time", "migrations", "roles", "policies", "jobs", "clock", "worker",
    }  # fmt: skip
    assert [name for name, finding in found.items() if finding.level == Level.FAILURE] == []


def test_a_reverse_proxy_that_nobody_named_is_pointed_out(house: Config) -> None:
    assert findings(house)["proxies"] == Finding(
        "proxies", Level.OK, "No reverse proxy is trusted: X-Forwarded-For is not believed."
    )
    behind = findings(house, base_url="https://house.example")["proxies"]
    assert (behind.level, behind.remedy) == (
        Level.WARNING,
        "Name the proxy: RUGUI_TRUSTED_PROXIES=127.0.0.1",
    )
    named = findings(house, base_url="https://house.example", trusted_proxies="127.0.0.1, 10.1.0.0/16")
    assert named["proxies"] == Finding(
        "proxies", Level.OK, "X-Forwarded-For is believed from 127.0.0.1/32, 10.1.0.0/16 only."
    )


def test_a_silent_clock_and_worker_are_missed(house: Config) -> None:
    found = findings(house)
    assert found["clock"] == Finding(
        "clock",
        Level.FAILURE,
        "The clock has never been heard of: promises do not ring.",
        "Start it with: rugui clock (rugui up starts everything)",
    )
    assert found["worker"].level == Level.FAILURE


def test_a_clock_that_stopped_an_hour_ago_is_missed(house: Config) -> None:
    alive(house)
    run_sql(house, "UPDATE rugui_heartbeat SET at = '2026-01-02 03:04+00'")
    assert (
        findings(house)["clock"].text
        == "The clock has been silent since 2026-01-02 03:04 UTC: promises do not ring."
    )


def test_a_table_without_its_policy_is_named(house: Config) -> None:
    run_sql(
        house,
        "DROP POLICY own_organization ON rugui_note; ALTER TABLE rugui_touch DISABLE ROW LEVEL SECURITY",
    )
    assert findings(house)["policies"] == Finding(
        "policies",
        Level.FAILURE,
        "Tables that do not keep organizations apart: rugui_note, rugui_touch.",
        "Run: rugui migrate",
    )


def test_a_role_that_owns_a_table_is_not_bound_by_its_policies(house: Config) -> None:
    run_sql(house, "ALTER TABLE rugui_note OWNER TO rugui_app")
    assert findings(house)["roles"].level == Level.FAILURE


def test_another_shape_of_the_database_is_noticed(house: Config) -> None:
    run_sql(house, "COMMENT ON TABLE rugui_installation IS 'schema of yesterday'")
    assert findings(house)["migrations"] == Finding(
        "migrations",
        Level.FAILURE,
        "The database does not have the shape this version expects.",
        "Run: rugui migrate",
    )


def test_jobs_of_a_worker_that_has_gone_are_counted(house: Config) -> None:
    run_sql(
        house,
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('default', 'x', 'doing')",
    )
    assert findings(house)["jobs"].text == "1 jobs were begun by workers that have gone."


def test_jobs_that_failed_for_good_are_counted(house: Config) -> None:
    run_sql(
        house,
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('default', 'x', 'failed')",
    )
    assert findings(house)["jobs"].text == "1 jobs have failed for good."


def test_a_secret_that_others_can_read_is_noticed(house: Config) -> None:
    path = house.data_folder / "secret"
    path.chmod(0o644)
    assert findings(house)["secret"].remedy == f"chmod 600 {path}"


def test_little_room_is_a_warning_and_none_a_failure(house: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup, "LITTLE_SPACE", 2**60)
    assert findings(house)["disk"].level == Level.WARNING
    monkeypatch.setattr(checkup, "LEAST_SPACE", 2**60)
    assert findings(house)["disk"].level == Level.FAILURE


def test_clocks_that_disagree_are_noticed(house: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    really = checkup.time.time
    monkeypatch.setattr(checkup.time, "time", lambda: really() + 90)
    assert (
        findings(house)["time"].text
        == "The clocks of this computer and of the database's differ by 90 seconds."
    )


def test_a_database_that_is_not_running_is_said_to_be_so(house: Config) -> None:
    assert findings(house, database_url=None)["database"].remedy == "Start it with: rugui up"


def test_a_database_that_cannot_be_reached_is_said_to_be_so(house: Config) -> None:
    from pydantic import SecretStr

    found = findings(house, database_url=SecretStr("postgresql://somebody@127.0.0.1:1/nothing"))
    assert found["database"].level == Level.FAILURE
    assert found["database"].remedy == "Check DATABASE_URL."
