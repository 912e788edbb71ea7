"""The live process as browsers meet it: killed, refused, cut off from its database, and back."""

from __future__ import annotations

import os
import re
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from rugui.core import postgres, tickets

from .. import database
from .conftest import SECRET, Ground, Live, staff, wait_for, write

pytestmark = pytest.mark.slow


def test_a_change_is_on_the_screen_within_a_second(
    ground: Ground, live: Live, journal: psycopg.Connection[Any]
) -> None:
    screen = live.screen(staff())
    assert screen.until_hello() == []
    began = time.monotonic()
    write(journal, 1, customer=2, place=1)
    ids = ground.ids()
    assert screen.next() == (
        "change",
        {"kind": "note.made", "customer": ids.public("customer", 2), "place": ids.public("place", 1)},
    )
    assert time.monotonic() - began < 1


def test_each_screen_hears_what_is_its_own(live: Live, journal: psycopg.Connection[Any]) -> None:
    everywhere, here = live.screen(staff(1, 7)), live.screen(staff(1, 8, {1}))
    elsewhere, guest = live.screen(staff(2, 9)), live.screen(tickets.for_guest(1, 5, now=datetime.now(UTC)))
    screens = [everywhere, here, elsewhere, guest]
    assert [screen.until_hello() for screen in screens] == [[], [], [], []]
    write(journal, 1, "visit.expected", place=2)
    write(journal, 1, "case.taken", place=1, case=5)
    write(journal, 1, "case.reported", place=1, case=5)
    write(journal, 2, "house.changed")
    assert [everywhere.next()[1]["kind"] for _ in range(3)] == [
        "visit.expected",
        "case.taken",
        "case.reported",
    ]
    assert [here.next()[1]["kind"] for _ in range(2)] == ["case.taken", "case.reported"]
    assert elsewhere.next()[1]["kind"] == "house.changed"
    event, data = guest.next()
    assert (event, data["kind"], set(data)) == ("change", "case.reported", {"kind", "case"})


def test_whoever_is_disabled_is_cut_off_at_once_and_stays_out(
    live: Live, journal: psycopg.Connection[Any]
) -> None:
    ticket = staff(1, 70)
    screen, colleague = live.screen(ticket), live.screen(staff(1, 71))
    assert (screen.until_hello(), colleague.until_hello()) == ([], [])
    write(journal, 1, "staff.disabled", subject=70)
    assert screen.next() == ("end", {})
    assert colleague.next()[1] == {"kind": "staff.disabled"}
    assert live.screen(ticket).response.status == 401
    live.kill()
    live.start()
    assert live.screen(ticket).response.status == 401


def test_a_killed_process_comes_back_and_nothing_was_missed(
    ground: Ground, live: Live, journal: psycopg.Connection[Any]
) -> None:
    screen = live.screen(staff(1, 80, {1}))
    screen.until_hello()
    write(journal, 1, "visit.expected", place=1)
    assert screen.next()[1]["kind"] == "visit.expected"
    with psycopg.connect(journal.info.dsn) as slow:
        write(slow, 1, "visit.arrived", place=1)  # began before the kill, ends after it
        live.kill()
        write(journal, 1, "visit.left", place=1)
        write(journal, 1, "visit.left", place=2)
        slow.commit()
    live.start()
    again = live.screen(staff(1, 80, {1}), last=screen.last)
    missed = [data for _, data in again.until_hello()]
    # The last seconds before are told again: what another test wrote a moment ago may be among them.
    assert {"visit.arrived", "visit.left"} <= {data["kind"] for data in missed}
    assert {data.get("place") for data in missed} <= {ground.ids().public("place", 1), None}


def test_a_new_page_hears_what_changed_while_it_was_loading(
    ground: Ground, live: Live, journal: psycopg.Connection[Any]
) -> None:
    time.sleep(3)
    write(journal, 1, "note.made", customer=81)
    time.sleep(0.2)
    caught_up = live.screen(staff(), age=900).until_hello()
    assert {"kind": "note.made", "customer": ground.ids().public("customer", 81)} in [
        data for _, data in caught_up
    ]


def test_it_refuses_with_a_reason(live: Live) -> None:
    expired = tickets.Ticket(1, datetime.now(UTC) - timedelta(hours=2), staff_id=7)
    hint = "Fetch a new ticket from the page's data-live-ticket-url."
    assert live.get("/live")[:2] == (401, {"error": "ticket-unknown", "hint": hint})
    forged = tickets.seal(staff(), "another secret")
    assert live.get(f"/live?ticket={forged}")[:2] == (401, {"error": "ticket-unknown", "hint": hint})
    old = tickets.seal(expired, SECRET)
    assert live.get(f"/live?ticket={old}")[:2] == (401, {"error": "ticket-expired", "hint": hint})
    assert live.get("/elsewhere")[:2] == (404, {"error": "not-found"})


def test_one_person_may_have_twenty_screens(live: Live) -> None:
    ticket = staff(1, 90)
    assert [live.screen(ticket).response.status for _ in range(20)] == [200] * 20
    refused = live.screen(ticket).response
    assert (refused.status, refused.headers["retry-after"]) == (429, "15")
    live.screens[-2].close()
    wait_for(lambda: live.screen(ticket).response.status == 200)


def test_a_full_process_says_so(ground: Ground) -> None:
    live = Live(ground, RUGUI_LIVE_SCREENS="2")
    try:
        statuses = [live.screen(staff(1, person)).response.status for person in (1, 2, 3)]
        assert statuses == [200, 200, 503]
        assert live.get("/live/health")[1] == b'{"status": "ok", "screens": 2}'
    finally:
        live.stop()


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://localhost:8000", 200),
        ("http://127.0.0.1:8000", 200),
        ("http://localhost:8002", 403),
        ("https://localhost:8000", 403),
        ("http://evil.example:8000", 403),
        ("null", 403),
    ],
)
def test_only_the_pages_of_the_house_may_listen(live: Live, origin: str, status: int) -> None:
    response = live.screen(staff(), Origin=origin).response
    assert response.status == status
    assert response.headers["access-control-allow-origin"] == (origin if status == 200 else None)
    assert "set-cookie" not in response.headers


def test_the_stream_is_not_kept_or_held_back_by_anyone(live: Live) -> None:
    headers = live.screen(staff()).response.headers
    assert headers["content-type"] == "text/event-stream"
    assert headers["cache-control"] == "no-store"
    assert headers["x-accel-buffering"] == "no"


def test_its_metrics_are_for_this_machine(live: Live) -> None:
    live.screen(staff()).until_hello()
    status, text, _ = live.get("/live/metrics")
    assert status == 200
    assert re.search(rb"^rugui_live_screens [1-9]", text, re.MULTILINE)
    assert b"rugui_live_lag_seconds_count" in text
    assert live.get("/live/metrics", **{"X-Forwarded-For": "192.0.2.1"})[0] == 404


def test_it_stops_quickly_and_signs_off(ground: Ground, journal: psycopg.Connection[Any]) -> None:
    live = Live(ground)

    def beats() -> bool:
        named = "SELECT 1 FROM rugui_heartbeat WHERE kind = 'live' AND name LIKE %s"
        return journal.execute(named, [f"%-{live.process.pid}"]).fetchone() is not None

    screen = live.screen(staff())
    screen.until_hello()
    wait_for(beats)
    began = time.monotonic()
    live.process.terminate()
    assert screen.next() == ("end", {})
    live.process.wait(5)
    live.stop()
    assert time.monotonic() - began < 3
    assert not beats()


@pytest.fixture(scope="module")
def ground_to_shake() -> Iterator[Ground]:
    """A database server that a test may kill."""
    folder = Path(tempfile.mkdtemp(prefix="rugui-test-"))
    try:
        database.migrated_server(folder)
        ground = Ground(folder, database.copy_of_template(folder, "rugui_live_shaken"))
        ground.furnish()
        # The tests' servers may lose their last commits when they crash, and then screens are rightly told to reload.
        with ground.connect() as connection:
            connection.execute(f"ALTER DATABASE {ground.name} SET synchronous_commit = on")
        yield ground
    finally:
        postgres.stop(folder)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("how", ["restart", "crash"])
def test_a_database_that_dies_and_comes_back_loses_no_event(ground_to_shake: Ground, how: str) -> None:
    ground = ground_to_shake
    live = Live(ground)
    try:
        screen = live.screen(staff())
        screen.until_hello()
        with ground.connect() as journal:
            write(journal, 1, "visit.expected")
        assert screen.next()[1]["kind"] == "visit.expected"
        if how == "restart":
            postgres.stop(ground.folder)
            postgres.start(ground.folder, extra=database.FAST)
        else:
            _crash(ground)
        with ground.connect() as journal:
            write(journal, 1, "visit.arrived")
        assert screen.next()[1]["kind"] == "visit.arrived"
        wait_for(live.healthy)
        with ground.connect() as journal:
            write(journal, 1, "visit.left")
        assert screen.next()[1]["kind"] == "visit.left"
    finally:
        live.stop()


def _crash(ground: Ground) -> None:
    """Kills one server process, upon which the server throws out everybody and recovers."""
    one, other = ground.connect(), ground.connect()
    try:
        os.kill(one.info.backend_pid, signal.SIGKILL)
        # Not before it has noticed: what is committed until then it may accept, and still be thrown out.
        with pytest.raises(psycopg.OperationalError):
            other.execute("SELECT pg_sleep(240)")
    finally:
        one.close()
        other.close()

    def answers() -> bool:
        try:
            ground.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    wait_for(answers)
