"""Keeping and ringing at the same moment: a promise is kept or broken, never both, never neither."""

from __future__ import annotations

import random
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rugui.promise.clock.ringing import LeftAlone, ring_due

from .conftest import NOON, World, minutes

# What promise/actions.py does, as SQL: conditional on the state that it expects to find.
KEEP = """
UPDATE rugui_promise SET state = 'kept', settled_at = %s, ring_at = NULL
WHERE id = %s AND state = 'open' AND settled_at IS NULL
"""
STEPS = st.lists(st.sampled_from(["look", "wait", "keep", "commit", "roll back"]), max_size=14)


class Story:
    """One promise, a clock and somebody who keeps it, in the database; and next to it what must come of it."""

    def __init__(self, world: World, clock: psycopg.Connection[Any], keeper: psycopg.Connection[Any]) -> None:
        self.world, self.clock, self.keeper = world, clock, keeper
        self.now = NOON
        self.warn_at, self.due_at = NOON + minutes(2), NOON + minutes(4)
        self.promise = world.promise(self.due_at, warn_at=self.warn_at)
        self.state, self.rings, self.holding = "open", list[str](), False

    def step(self, name: str) -> None:
        if name == "wait":
            self.now += minutes(1)
        elif name == "look":
            ring_due(self.clock, self.now, LeftAlone())
            self._expect_look()
        elif name == "keep" and not self.holding:
            self.keeper.execute("BEGIN")
            changed = self.keeper.execute(KEEP, [self.now, self.promise]).rowcount
            assert changed == (1 if self.state == "open" else 0)
            self.holding = changed == 1
            if not self.holding:
                self.keeper.execute("ROLLBACK")
        elif name in {"commit", "roll back"} and self.holding:
            self.keeper.execute("COMMIT" if name == "commit" else "ROLLBACK")
            self.state = "kept" if name == "commit" else self.state
            self.holding = False

    def _expect_look(self) -> None:
        if self.holding or self.state != "open":
            return
        if self.now >= self.due_at:
            self.state = "broken"
            self.rings.append("due")
        elif self.now >= self.warn_at and not self.rings:
            self.rings.append("warn")

    def end(self) -> None:
        self.step("roll back")
        assert self.world.state(self.promise)[0] == self.state
        assert [kind for kind, _, _ in self.world.rings(self.promise)] == self.rings
        words = {"warn": "promise.warned", "due": "promise.broken"}
        assert self.world.journal(self.promise) == [words[ring] for ring in self.rings]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_order_of_keeping_and_ringing_ends_as_it_must(
    world: World, clock: psycopg.Connection[Any], steps: list[str]
) -> None:
    world.owner.execute(
        "UPDATE rugui_promise SET ring_at = NULL, settled_at = now(), state = 'withdrawn' WHERE state = 'open'"
    )
    with world.as_role("rugui_owner") as keeper:
        story = Story(world, clock, keeper)
        for step in steps:
            story.step(step)
        story.end()


@pytest.mark.parametrize("seed", [1, 2])
def test_promises_kept_around_their_moment_are_kept_or_broken_and_never_both(world: World, seed: int) -> None:
    count, pick = 300, random.Random(seed)
    due = datetime.now(UTC) + timedelta(seconds=0.8)
    last = world.promise(due, count=count)
    promises = list(range(last - count + 1, last + 1))
    pick.shuffle(promises)
    kept: dict[int, int] = {}
    over = threading.Event()

    def keep(mine: list[int]) -> None:
        with world.as_role("rugui_owner") as connection:
            time.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds() - 0.02))
            for promise in mine:
                kept[promise] = connection.execute(KEEP, [datetime.now(UTC), promise]).rowcount

    def ring() -> None:
        with world.as_role("rugui_clock") as connection:
            while not over.is_set():
                ring_due(connection, datetime.now(UTC), LeftAlone())

    keepers = [threading.Thread(target=keep, args=[promises[n::3]]) for n in range(3)]
    clocks = [threading.Thread(target=ring) for _ in range(2)]
    for thread in [*clocks, *keepers]:
        thread.start()
    for thread in keepers:
        thread.join()
    over.set()
    for thread in clocks:
        thread.join()
    rows = world.rows(
        "SELECT p.id, p.state, count(r.id) FROM rugui_promise p LEFT JOIN rugui_ring r ON r.promise_id = p.id GROUP BY p.id"
    )
    expected = {promise: ("kept", 0) if changed else ("broken", 1) for promise, changed in kept.items()}
    assert {promise: (state, rings) for promise, state, rings in rows} == expected
    assert len(expected) == count
