"""A hand-over that nobody accepts comes back and rings: exactly once, however often the clock is killed."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from rugui.promise.clock.ringing import return_hand_overs

from .conftest import NOON, World, eventually, minutes

CAROL, BOB, ALICE = 31, 32, 33


@pytest.fixture
def staffed(world: World) -> World:
    """Carol owns what is handed over, Bob is asked, Alice leads and is on duty."""
    world.staff(CAROL, (11, "staff"))
    world.staff(BOB, (11, "staff"))
    world.staff(ALICE, (None, "owner"))
    world.duty(ALICE, 11)
    return world


def handed(world: World, due_at: datetime, *, state: str = "waiting", count: int = 1) -> list[int]:
    """So many cases, each being handed over from Carol to Bob."""
    rows = world.rows(
        """
        WITH cases AS (
            INSERT INTO rugui_case (organization_id, place_id, customer_id, owner_id, title, language, state,
                opened_at, element, failure, "where", cause, lesson)
            SELECT 1, 11, 101, %s, 'Cold', 'en', 'open', now(), '', '', '', '', '' FROM generate_series(1, %s)
            RETURNING id
        )
        INSERT INTO rugui_handover (organization_id, place_id, case_id, asked, asked_by_id, by_rule, note, asked_at,
            due_at, state, ended_at, answer)
        SELECT 1, 11, id, ARRAY[%s]::bigint[], %s, false, 'Going home.', %s, %s, %s, %s, '' FROM cases RETURNING id
        """,
        CAROL, count, BOB, CAROL, due_at - minutes(3), due_at, state, None if state == "waiting" else due_at,
    )  # fmt: skip
    return [row[0] for row in rows]


def returned(world: World) -> list[tuple[int, Any]]:
    return world.rows(
        "SELECT subject_id, payload -> 'told' FROM rugui_journalentry WHERE kind = 'hand_over.returned' ORDER BY 1"
    )


def test_it_comes_back_when_its_time_is_over_and_tells_whom_it_concerns(
    staffed: World, clock: psycopg.Connection[Any]
) -> None:
    [late], [_early] = handed(staffed, NOON), handed(staffed, NOON + minutes(1))
    handed(staffed, NOON, state="accepted")
    assert return_hand_overs(clock, NOON - timedelta(seconds=1)) == 0
    assert [return_hand_overs(clock, NOON) for _again in range(2)] == [1, 0]
    assert returned(staffed) == [(late, [CAROL, BOB, ALICE])]
    assert staffed.rows("SELECT state, ended_at FROM rugui_handover WHERE id = %s", late) == [
        ("returned", NOON)
    ]
    assert staffed.rows("SELECT DISTINCT owner_id FROM rugui_case") == [(CAROL,)]


def test_one_that_is_just_being_accepted_is_left_to_whoever_accepts(
    staffed: World, clock: psycopg.Connection[Any]
) -> None:
    [handing] = handed(staffed, NOON)
    with staffed.as_role("rugui_clock") as other, other.transaction():
        other.execute("SELECT 1 FROM rugui_handover WHERE id = %s FOR UPDATE", [handing])
        assert return_hand_overs(clock, NOON) == 0
    assert return_hand_overs(clock, NOON) == 1


def test_what_has_ended_cannot_begin_again(staffed: World) -> None:
    [handing] = handed(staffed, NOON, state="accepted")
    with pytest.raises(psycopg.errors.CheckViolation, match="decided"):
        staffed.owner.execute(
            "UPDATE rugui_handover SET state = 'waiting', ended_at = NULL WHERE id = %s", [handing]
        )


@pytest.mark.slow
def test_clocks_that_are_killed_let_each_come_back_exactly_once(staffed: World) -> None:
    count, start = 600, datetime.now(UTC)
    for second in range(6):
        handed(staffed, start + timedelta(seconds=second), count=count // 6)
    end = time.monotonic() + 8
    while time.monotonic() < end:
        clocks = [staffed.start_clock() for _each in range(2)]
        time.sleep(1.3)
        for process in clocks:
            process.kill()
            process.wait(90)
    last = staffed.start_clock()
    try:
        eventually(lambda: len(returned(staffed)) >= count)
    finally:
        last.terminate()
        last.wait(90)
    assert len(returned(staffed)) == len(dict(returned(staffed))) == count
    assert staffed.rows("SELECT DISTINCT state FROM rugui_handover") == [("returned",)]
