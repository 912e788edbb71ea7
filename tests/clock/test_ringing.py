"""What rings when, and who is told, at moments that the test chooses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import psycopg
import pytest

from rugui.promise.clock.ringing import BATCH, CLAIM, MANY, NEXT, LeftAlone, next_ring, ring_due

from .conftest import NOON, World, minutes

Clock = psycopg.Connection[Any]


def look(clock: Clock, now: datetime) -> list[tuple[int, str | None]]:
    """What one look of a clock at `now` rings: (promise, ring)."""
    return [(one.promise_id, one.ring) for one in ring_due(clock, now, LeftAlone())]


def test_it_warns_first_and_breaks_when_due(world: World, clock: Clock) -> None:
    promise = world.promise(NOON + minutes(20), warn_at=NOON + minutes(15))
    assert look(clock, NOON + minutes(14.99)) == []
    assert next_ring(clock) == NOON + minutes(15)
    assert look(clock, NOON + minutes(15)) == [(promise, "warn")]
    assert world.state(promise) == ("open", NOON + minutes(20))
    assert next_ring(clock) == NOON + minutes(20)
    assert look(clock, NOON + minutes(19.99)) == []
    assert look(clock, NOON + minutes(20)) == [(promise, "due")]
    assert world.state(promise) == ("broken", None)
    assert next_ring(clock) is None
    assert world.rings(promise) == [("warn", NOON + minutes(15), []), ("due", NOON + minutes(20), [])]
    assert world.journal(promise) == ["promise.warned", "promise.broken"]


def test_it_only_breaks_what_was_due_while_no_clock_ran(world: World, clock: Clock) -> None:
    promise = world.promise(NOON + minutes(20), warn_at=NOON + minutes(15))
    assert look(clock, NOON + minutes(90)) == [(promise, "due")]
    assert world.rings(promise) == [("due", NOON + minutes(90), [])]
    assert world.journal(promise) == ["promise.broken"]


def test_a_second_look_rings_nothing_again(world: World, clock: Clock) -> None:
    promise = world.promise(NOON)
    assert look(clock, NOON) == [(promise, "due")]
    assert look(clock, NOON) == []
    assert world.rings(promise) == [("due", NOON, [])]


def test_a_ring_that_was_rung_before_is_not_repeated(world: World, clock: Clock) -> None:
    promise = world.promise(NOON + minutes(20), warn_at=NOON)
    assert look(clock, NOON) == [(promise, "warn")]
    world.owner.execute("UPDATE rugui_promise SET ring_at = warn_at WHERE id = %s", [promise])
    assert look(clock, NOON + minutes(1)) == [(promise, None)]
    assert world.state(promise) == ("open", NOON + minutes(20))
    assert world.rings(promise) == [("warn", NOON, [])]
    assert world.journal(promise) == ["promise.warned"]


def test_a_promise_that_rings_too_early_waits_for_its_warning(world: World, clock: Clock) -> None:
    promise = world.promise(NOON + minutes(20), warn_at=NOON + minutes(15), ring_at=NOON)
    assert look(clock, NOON) == [(promise, None)]
    assert world.state(promise) == ("open", NOON + minutes(15))
    assert world.journal(promise) == []


@pytest.mark.parametrize("state", ["kept", "renegotiated", "withdrawn", "broken"])
def test_what_is_settled_is_left_as_it_is(world: World, clock: Clock, state: str) -> None:
    promise = world.promise(NOON)
    world.owner.execute(
        "UPDATE rugui_promise SET state = %s, settled_at = %s WHERE id = %s", [state, NOON, promise]
    )
    assert look(clock, NOON) == [(promise, None)]
    assert world.state(promise) == (state, None)
    assert world.rings(promise) == []
    assert world.journal(promise) == []


def test_the_journal_names_what_broke_and_who_was_told(world: World, clock: Clock) -> None:
    owner = world.staff(1, (11, "staff"))
    promise = world.promise(NOON, owner=owner, place=12)
    look(clock, NOON + minutes(1))
    columns = "organization_id, at, kind, who, staff_id, place_id, customer_id, case_id, subject_id, payload, version"
    assert world.rows(f"SELECT {columns} FROM rugui_journalentry") == [
        (1, NOON + minutes(1), "promise.broken", "clock", None, 12, 101, None, promise,
         {"kind": "call_back", "told": [owner]}, 1),
    ]  # fmt: skip


def test_the_owner_is_told_and_when_it_breaks_the_managers_on_duty_there(world: World, clock: Clock) -> None:
    owner = world.staff(1, (11, "staff"))
    people: Sequence[tuple[int, list[tuple[int | None, str]], int]] = [
        (2, [(11, "manager")], 11),
        (3, [(None, "manager")], 11),
        (4, [(None, "owner")], 11),
        (5, [(None, "manager"), (11, "staff")], 11),  # a role at the place goes before one everywhere
        (6, [(11, "staff")], 11),
        (7, [(11, "manager")], 12),
    ]
    for number, roles, place in people:
        world.duty(world.staff(number, *roles), place)
    world.duty(world.staff(8, (11, "manager")), 11, ended_at=NOON - minutes(1))
    world.duty(world.staff(9, (11, "manager"), active=False), 11)
    promise = world.promise(NOON + minutes(20), warn_at=NOON, owner=owner)
    look(clock, NOON)
    look(clock, NOON + minutes(20))
    assert world.rings(promise) == [("warn", NOON, [1]), ("due", NOON + minutes(20), [1, 2, 3, 4])]


def test_a_manager_who_owns_the_promise_is_told_once(world: World, clock: Clock) -> None:
    manager = world.staff(1, (11, "manager"))
    world.duty(manager, 11)
    promise = world.promise(NOON, owner=manager)
    look(clock, NOON)
    assert world.rings(promise) == [("due", NOON, [manager])]


def test_each_organization_is_told_of_its_own(world: World, clock: Clock) -> None:
    world.duty(world.staff(1, (11, "manager")), 11)
    world.duty(world.staff(2, (21, "manager"), organization=2), 21, organization=2)
    mine, theirs = world.promise(NOON), world.promise(NOON, organization=2)
    later = world.promise(NOON + minutes(5), organization=2)
    assert look(clock, NOON) == [(mine, "due"), (theirs, "due")]
    assert world.rings(mine) == [("due", NOON, [1])]
    assert world.rings(theirs) == [("due", NOON, [2])]
    assert world.state(later) == ("open", NOON + minutes(5))
    assert world.rows("SELECT organization_id, subject_id FROM rugui_journalentry ORDER BY id") == [
        (1, mine), (2, theirs)
    ]  # fmt: skip


def test_more_than_a_batch_is_rung_in_several_looks_the_oldest_first(world: World, clock: Clock) -> None:
    world.promise(NOON, count=BATCH + 3)
    oldest = world.promise(NOON - minutes(1))
    first = look(clock, NOON)
    assert len(first) == MANY  # not urgent: by half batches
    assert (oldest, "due") in first
    assert len(look(clock, NOON)) == MANY
    assert len(look(clock, NOON)) == 4
    assert look(clock, NOON) == []
    assert world.rows("SELECT count(*), count(DISTINCT promise_id) FROM rugui_ring") == [
        (BATCH + 4, BATCH + 4)
    ]


def test_a_row_that_somebody_is_changing_is_skipped_and_rung_later(world: World, clock: Clock) -> None:
    held, free = world.promise(NOON), world.promise(NOON)
    with world.as_role("rugui_owner") as other, other.transaction():
        other.execute("UPDATE rugui_promise SET text = 'x' WHERE id = %s", [held])
        assert look(clock, NOON) == [(free, "due")]
    assert look(clock, NOON) == [(held, "due")]


def test_a_promise_being_renewed_still_rings(world: World, clock: Clock) -> None:
    promise = world.promise(NOON)
    with world.as_role("rugui_owner") as other, other.transaction():
        other.execute("SELECT 1 FROM rugui_promise WHERE id = %s FOR KEY SHARE", [promise])
        assert look(clock, NOON) == [(promise, "due")]


POISON = """
CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'No.' USING ERRCODE = '{code}'; END $$;
CREATE TRIGGER poison BEFORE {when} FOR EACH ROW WHEN (NEW.{column} = {promise}) EXECUTE FUNCTION poison();
"""


def test_one_failing_promise_is_put_off_and_the_others_ring(world: World, clock: Clock) -> None:
    before, bad, after = (world.promise(NOON + minutes(n)) for n in (0, 1, 2))
    world.owner.execute(
        POISON.format(code="23514", when="INSERT ON rugui_ring", column="promise_id", promise=bad)
    )
    now = NOON + minutes(3)
    assert look(clock, now) == [(before, "due"), (after, "due")]
    assert world.state(bad) == ("open", now + minutes(60))
    assert world.journal(bad) == ["promise.not_rung"]
    assert world.rows("SELECT payload FROM rugui_journalentry WHERE subject_id = %s", bad) == [
        ({"sqlstate": "23514"},)
    ]
    world.owner.execute("DROP TRIGGER poison ON rugui_ring")
    assert look(clock, now + minutes(59)) == []
    assert look(clock, now + minutes(60)) == [(bad, "due")]


def test_a_warning_that_fails_does_not_put_off_the_break(world: World, clock: Clock) -> None:
    bad = world.promise(NOON + minutes(5), warn_at=NOON)
    world.owner.execute(
        POISON.format(code="P0001", when="INSERT ON rugui_ring", column="promise_id", promise=bad)
    )
    assert look(clock, NOON) == []
    assert world.state(bad) == ("open", NOON + minutes(5))


def test_one_that_cannot_even_be_put_off_is_left_alone_for_a_while(world: World, clock: Clock) -> None:
    bad, good = world.promise(NOON), world.promise(NOON + minutes(1))
    world.owner.execute(POISON.format(code="P0001", when="UPDATE ON rugui_promise", column="id", promise=bad))
    left_alone = LeftAlone()
    now = NOON + minutes(1)
    assert [one.promise_id for one in ring_due(clock, now, left_alone)] == [good]
    assert left_alone.at(now) == [bad]
    assert next_ring(clock, left_alone.at(now)) is None
    assert ring_due(clock, now, left_alone) == []
    world.owner.execute("DROP TRIGGER poison ON rugui_promise")
    later = now + minutes(1)
    assert [one.promise_id for one in ring_due(clock, later, left_alone)] == [bad]


def test_a_passing_trouble_puts_nothing_off(world: World, clock: Clock) -> None:
    bad, good = world.promise(NOON), world.promise(NOON)
    world.owner.execute(
        POISON.format(code="55P03", when="INSERT ON rugui_ring", column="promise_id", promise=bad)
    )
    left_alone = LeftAlone()
    assert ring_due(clock, NOON, left_alone) == []
    assert ring_due(clock, NOON, left_alone) == []
    assert [one.promise_id for one in ring_due(clock, NOON, left_alone)] == [good]
    assert ring_due(clock, NOON, left_alone) == []
    assert world.state(bad) == ("open", NOON)
    assert world.journal(bad) == []


def test_a_missing_right_stops_the_clock_and_puts_nothing_off(world: World, clock: Clock) -> None:
    promise = world.promise(NOON)
    world.owner.execute("REVOKE INSERT ON rugui_ring FROM rugui_clock")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        look(clock, NOON)
    assert world.state(promise) == ("open", NOON)


def test_the_clock_may_do_no_more_than_it_must(world: World, clock: Clock) -> None:
    for statement in (
        "SELECT 1 FROM rugui_customer",
        "SELECT 1 FROM rugui_note",
        "UPDATE rugui_promise SET due_at = now()",
        "DELETE FROM rugui_promise",
        "DELETE FROM rugui_ring",
        "SELECT 1 FROM rugui_user",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            clock.execute(statement)


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
def test_a_look_reads_the_index_of_rings_and_never_the_whole_table(
    world: World, clock: Clock, mode: str
) -> None:
    world.owner.execute("SET session_replication_role = replica")
    for start, count in ((NOON + minutes(60), 100_000), (NOON, 2_000)):
        world.owner.execute(
            """
            INSERT INTO rugui_promise (organization_id, place_id, customer_id, kind, text, made_at, due_at, state, ring_at)
            SELECT 1, 11, 101, 'other', '', '2026-01-01Z', due, 'open', due
            FROM (SELECT %s::timestamptz + n * interval '1 millisecond' AS due FROM generate_series(1, %s) n) rows
            """,
            [start, count],
        )
    world.owner.execute("ANALYZE")
    clock.execute(f"SET plan_cache_mode = {mode}")
    claim = CLAIM.replace("%(now)s", "$1").replace("%(skip)s", "$2").replace("%(only)s", "$3")
    clock.execute(f"PREPARE claim (timestamptz, bigint[], bigint) AS {claim}")
    values = f"'{(NOON + minutes(1)).isoformat()}', '{{}}', NULL"
    plan = "\n".join(row[0] for row in clock.execute(f"EXPLAIN EXECUTE claim ({values})").fetchall())
    assert "Index Scan using promise_ring on rugui_promise" in plan
    assert "Index Scan using rugui_promise_pkey on rugui_promise" in plan
    assert "Seq Scan on rugui_promise" not in plan
    assert plan.count("using promise_ring on rugui_promise") == 3
    following = "\n".join(row[0] for row in clock.execute(f"EXPLAIN {NEXT}", {"skip": []}).fetchall())
    assert "using promise_ring on rugui_promise" in following
    assert "Seq Scan" not in following


def test_a_broken_promise_calls_others_step_by_step_and_no_step_twice(world: World, clock: Clock) -> None:
    owner, deputy = world.staff(1, (11, "staff")), world.staff(2, (11, "staff"))
    on_duty, boss = world.staff(3, (11, "staff")), world.staff(4, (None, "owner"))
    world.duty(on_duty, 11)
    promise = world.promise(NOON, owner=owner)
    world.owner.execute(
        "UPDATE rugui_promise SET deputy_id = %s, due_to = '{owner}', rise_at = %s,"
        " rise_to = '{stand_in,duty,all_leaders}' WHERE id = %s",
        [deputy, [NOON + minutes(5), NOON + minutes(10), NOON + minutes(20)], promise],
    )
    assert look(clock, NOON) == [(promise, "due")]
    assert world.state(promise) == ("broken", NOON + minutes(5))
    assert look(clock, NOON + minutes(4)) == []
    assert look(clock, NOON + minutes(5)) == [(promise, "rise")]
    world.owner.execute("UPDATE rugui_promise SET ring_at = %s WHERE id = %s", [NOON + minutes(5), promise])
    assert look(clock, NOON + minutes(6)) == [(promise, None)]
    assert look(clock, NOON + minutes(30)) == [(promise, "rise")]
    assert world.state(promise) == ("broken", None)
    assert world.rings(promise) == [
        ("due", NOON, [owner]), ("rise", NOON + minutes(5), [deputy]), ("rise", NOON + minutes(30), [on_duty, boss])
    ]  # fmt: skip
    assert world.journal(promise) == ["promise.broken", "promise.risen", "promise.risen"]


def test_steps_missed_while_no_clock_ran_are_told_with_the_break(world: World, clock: Clock) -> None:
    on_duty = world.staff(3, (11, "staff"))
    world.duty(on_duty, 11)
    promise = world.promise(NOON)
    world.owner.execute(
        "UPDATE rugui_promise SET rise_at = %s, rise_to = '{duty,all_leaders}' WHERE id = %s",
        [[NOON + minutes(5), NOON + minutes(60)], promise],
    )
    assert look(clock, NOON + minutes(7)) == [(promise, "due")]
    assert world.rings(promise) == [("due", NOON + minutes(7), [on_duty])]
    assert world.state(promise) == ("broken", NOON + minutes(60))


def test_once_it_is_settled_nobody_else_is_called(world: World, clock: Clock) -> None:
    promise = world.promise(NOON)
    world.owner.execute(
        "UPDATE rugui_promise SET rise_at = %s, rise_to = '{duty}' WHERE id = %s",
        [[NOON + minutes(5)], promise],
    )
    look(clock, NOON)
    world.owner.execute(
        "UPDATE rugui_promise SET settled_at = %s WHERE id = %s", [NOON + minutes(1), promise]
    )
    assert look(clock, NOON + minutes(5)) == [(promise, None)]
    assert [kind for kind, _, _ in world.rings(promise)] == ["due"]


def test_several_warnings_ring_one_by_one_and_of_missed_ones_only_the_last(
    world: World, clock: Clock
) -> None:
    promise = world.promise(NOON + minutes(60), warn_at=NOON + minutes(15))
    more = [NOON + minutes(30), NOON + minutes(45)]
    world.owner.execute("UPDATE rugui_promise SET warn_more = %s WHERE id = %s", [more, promise])
    assert look(clock, NOON + minutes(15)) == [(promise, "warn")]
    assert world.state(promise) == ("open", NOON + minutes(30))
    assert look(clock, NOON + minutes(50)) == [(promise, "warn")]
    assert world.state(promise) == ("open", NOON + minutes(60))
    assert world.rows("SELECT kind, step FROM rugui_ring ORDER BY id") == [("warn", 1), ("warn", 3)]


def test_of_many_that_ring_at_once_the_urgent_go_first(world: World, clock: Clock) -> None:
    warned = world.promise(NOON + minutes(600), warn_at=NOON - minutes(9), count=MANY)
    long = world.promise(NOON - minutes(5), count=MANY)
    short = world.promise(NOON - minutes(1), count=MANY)
    world.owner.execute(
        "UPDATE rugui_promise SET made_at = due_at - interval '20 minutes' WHERE id > %s", [short - MANY]
    )
    claimed = [{promise for promise, _ in look(clock, NOON)} for _ in range(3)]
    ranges = [set(range(last - MANY + 1, last + 1)) for last in (short, long, warned)]
    assert claimed == ranges


def test_what_waits_for_the_customer_does_not_ring(world: World, clock: Clock) -> None:
    promise = world.promise(NOON)
    world.owner.execute(
        "UPDATE rugui_promise SET may_pause = true, paused_at = %s, ring_at = NULL WHERE id = %s",
        [NOON, promise],
    )
    assert look(clock, NOON + minutes(60)) == []
    assert next_ring(clock) is None
