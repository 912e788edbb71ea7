"""The journal's tail: every committed entry once, in whatever order transactions end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rugui.core.database import connection_parameters
from rugui.live import tail
from rugui.live.hub import Hub

from .conftest import Ground, write


class Reader:
    """Reads the tail as the live process does, with its own role."""

    def __init__(self, ground: Ground) -> None:
        self.runner = asyncio.Runner()
        parameters = {**connection_parameters(ground.config, "live"), "autocommit": True}
        self.connection = self.run(psycopg.AsyncConnection.connect(**parameters))
        self.last = self.run(tail.newest(self.connection)).snapshot

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(work)

    def read(self) -> tail.Batch:
        batch: tail.Batch = self.run(tail.new_since(self.connection, self.last))
        self.last = batch.snapshot
        return batch

    def ids(self) -> list[int]:
        return [entry.id for entry in self.read().entries]

    def close(self) -> None:
        self.run(self.connection.close())
        self.runner.close()


@pytest.fixture
def reader(ground: Ground) -> Any:
    made = Reader(ground)
    yield made
    made.close()


def test_a_transaction_that_commits_after_a_later_one_is_not_missed(ground: Ground, reader: Reader) -> None:
    with ground.connect() as slow, ground.connect() as quick:
        with slow.transaction():
            first = write(slow, 1)
            with quick.transaction():
                second = write(quick, 1)
            assert reader.ids() == [second]
        assert reader.ids() == [first]
        assert reader.ids() == []
    assert first < second


def test_a_transaction_that_runs_for_long_costs_no_repeats(ground: Ground, reader: Reader) -> None:
    with ground.connect() as slow, ground.connect() as quick:
        with slow.transaction():
            late = write(slow, 1)
            for _ in range(3):
                made = write(quick, 1)
                assert reader.ids() == [made]
                assert reader.ids() == []
        assert reader.ids() == [late]


def test_what_was_rolled_back_is_never_told(ground: Ground, reader: Reader) -> None:
    with ground.connect() as connection:
        with connection.transaction(force_rollback=True):
            write(connection, 1)
            assert reader.ids() == []
        assert reader.ids() == []


def test_entries_of_a_restored_backup_with_numbers_still_to_come_are_not_told(
    ground: Ground, reader: Reader
) -> None:
    with ground.connect() as connection:
        connection.execute(
            "INSERT INTO rugui_journalentry (organization_id, at, kind, who, payload, version, transaction)"
            " VALUES (1, now(), 'note.made', 'system', '{}', 1, 9000000000000)"
        )
        assert reader.ids() == []
        made = write(connection, 1)
        assert reader.ids() == [made]


def test_after_a_break_it_repeats_rather_than_misses(ground: Ground, reader: Reader) -> None:
    with ground.connect() as connection:
        before = write(connection, 1)
        assert reader.ids() == [before]
        away = write(connection, 1)
        again = reader.run(tail.after_a_break(reader.connection, reader.last))
        assert {before, away} <= {entry.id for entry in again.entries}


def test_a_flood_names_the_organizations_and_keeps_what_takes_rights_away(
    ground: Ground, reader: Reader
) -> None:
    with ground.connect() as connection, connection.transaction():
        connection.execute(
            "INSERT INTO rugui_journalentry (organization_id, at, kind, who, payload, version)"
            " SELECT 1, now(), 'note.made', 'import', '{}', 1 FROM generate_series(1, %s)",
            [tail.LIMIT],
        )
        disabled = write(connection, 2, "staff.disabled", subject=7)
    batch = reader.read()
    assert batch.flooded == {1, 2}
    assert [entry.id for entry in batch.entries] == [disabled]
    with ground.connect() as connection:  # or the tests after this one would read the flood again
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM rugui_journalentry")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT payload FROM rugui_journalentry",
        "SELECT * FROM rugui_journalentry",
        "SELECT name FROM rugui_customer",
    ],
)
def test_its_role_reads_references_only(reader: Reader, query: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        reader.run(reader.connection.execute(query))


def test_the_tail_is_read_by_its_index_under_row_level_security(reader: Reader) -> None:
    reader.run(reader.connection.execute("SET enable_seqscan = off"))
    cursor = reader.run(
        reader.connection.execute(f"EXPLAIN {tail.READ}", {"since": reader.last.xmax, "running": [1, 2]})
    )
    plan = "\n".join(row[0] for row in reader.run(cursor.fetchall()))
    assert plan.count("journal_tail") == 2
    assert "Seq Scan" not in plan


STEPS = st.lists(
    st.tuples(st.sampled_from(["write", "commit", "roll back", "read"]), st.integers(0, 3)),
    min_size=1,
    max_size=30,
)


@given(steps=STEPS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_interleaving_tells_each_entry_once_and_any_mark_resumes_without_a_gap(  # noqa: C901
    ground: Ground, reader: Reader, steps: list[tuple[str, int]]
) -> None:
    writers = [ground.connect() for _ in range(4)]
    hub = Hub(limit=10)
    newest = reader.run(tail.newest(reader.connection))
    reader.last = newest.snapshot
    hub.start(tail.Batch(newest.snapshot, []), [], ground.ids())
    pending: dict[int, set[int]] = {number: set() for number in range(4)}
    committed: set[int] = set()
    told: list[int] = []
    marks: list[tuple[int, set[int]]] = [(hub.mark, set())]

    async def deliver() -> None:
        batch = await tail.new_since(reader.connection, reader.last)
        reader.last = batch.snapshot
        hub.deliver(batch)
        told.extend(entry.id for entry in batch.entries)

    def read() -> None:
        reader.run(deliver())
        marks.append((hub.mark, set(told)))

    def end(number: int, how: Callable[[], None], kept: set[int]) -> None:
        how()
        kept.update(pending[number])
        pending[number] = set()

    try:
        for writer in writers:
            writer.autocommit = False
        for step, number in [*steps, *(("commit", number) for number in range(4)), ("read", 0)]:
            if step == "write":
                pending[number].add(write(writers[number], 1))
            elif step == "commit":
                end(number, writers[number].commit, committed)
            elif step == "roll back":
                end(number, writers[number].rollback, set())
            else:
                read()
    finally:
        for writer in writers:
            writer.close()
    assert sorted(told) == sorted(committed)
    for mark, before in marks:
        missed = hub._memory.since(1, mark)
        assert missed is not None
        assert before | {entry.id for entry in missed} == committed
