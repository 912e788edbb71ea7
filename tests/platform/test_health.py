"""What machines may ask: health and metrics."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection
from django.test import Client
from pydantic import SecretStr
from pytest_django import DjangoAssertNumQueries

from rugui.config import config
from rugui.core import health

pytestmark = pytest.mark.django_db


def beat(kind: str, ago: str = "0 seconds") -> None:
    with connection.cursor() as cursor:
        if kind == "worker":
            cursor.execute(
                f"INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '{ago}')"
            )
        else:
            cursor.execute(
                f"INSERT INTO rugui_heartbeat (name, kind, at) VALUES ('{kind}', '{kind}', now() - interval '{ago}')"
            )


def test_it_is_well_when_clock_and_worker_are_heard(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    beat("clock")
    beat("worker")
    with django_assert_num_queries(1):
        response = client.get("/health")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "clock": "ok", "worker": "ok"}
    assert response["Cache-Control"] == "no-store"


def test_it_is_impaired_when_the_clock_is_silent(client: Client) -> None:
    beat("clock", "2 minutes")
    beat("worker")
    response = client.get("/health")
    assert response.status_code == 503
    assert response.json() == {"status": "impaired", "database": "ok", "clock": "silent", "worker": "ok"}


def test_it_is_down_when_the_database_is(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "HEARTBEATS", "SELECT 1 / 0")
    monkeypatch.setattr(connection, "close", lambda: None)
    response = client.get("/health")
    assert response.status_code == 503
    assert response.json() == {"status": "down", "database": "unreachable"}


@pytest.mark.parametrize("path", ["/health", "/metrics"])
def test_machines_only_ask(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


def test_metrics_count_heartbeats_and_jobs(client: Client) -> None:
    beat("worker", "-1 hour")  # a moment ahead counts as now
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('default', 'x', 'todo')"
        )
    response = client.get("/metrics")
    assert response.status_code == 200
    lines = response.content.decode().splitlines()
    assert "rugui_database_up 1.0" in lines
    assert 'rugui_heard_seconds_ago{kind="worker"} 0.0' in lines
    assert 'rugui_jobs{state="todo"} 1.0' in lines


def test_metrics_are_not_for_other_computers(client: Client) -> None:
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 403


def test_metrics_are_not_for_everybody_behind_a_proxy_on_this_computer(client: Client) -> None:
    assert client.get("/metrics", headers={"x-forwarded-for": "192.0.2.7"}).status_code == 403


def test_a_token_opens_the_metrics_to_who_has_it_and_nobody_else(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config(), "metrics_token", SecretStr("open sesame"))
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"authorization": "Bearer open barley"}).status_code == 403
    far = client.get("/metrics", headers={"authorization": "Bearer open sesame"}, REMOTE_ADDR="192.0.2.7")
    assert far.status_code == 200


def test_an_unreachable_database_is_a_metric_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError

    monkeypatch.setattr(health.connection, "cursor", refuse)
    monkeypatch.setattr(connection, "close", lambda: None)
    assert "rugui_database_up 0.0" in client.get("/metrics").content.decode().splitlines()
