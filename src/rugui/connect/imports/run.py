"""From batch to batch: each is one transaction that also moves the run's position, so nothing is lost or doubled.

While the database works on one batch, the next is read (ahead.py). A run is held by a session lock in the
database, which ends with its process: whoever comes after a killed one goes on at the last whole batch.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from ...core import journal, tenancy
from ...core.errors import ChangedMeanwhile, InputError
from ...core.models import JournalEntry
from ...core.time import now
from ...house.access import Actor
from ...know.jobs import count_names_soon
from ...recover.worth import firstaid
from ..models import ImportRun, RejectedRow
from .ahead import Source, read_ahead
from .load import Context, Counts, load, newest
from .read import Batch, Rejection
from .settings import Reading

State = ImportRun.State
PATIENCE = 15.0
"""Seconds to wait for somebody who is just finishing their batch of the same run."""


@dataclass(frozen=True, slots=True)
class Progress:
    position: int = 0
    size: int = 0
    read: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    rejected: int = 0

    def after(self, batch: Batch, counts: Counts) -> Progress:
        return Progress(
            batch.position,
            self.size,
            self.read + batch.read,
            self.new + counts.new,
            self.changed + counts.changed,
            self.same + counts.same,
            self.rejected + len(batch.rejected),
        )

    @classmethod
    def of(cls, run: ImportRun) -> Progress:
        return cls(
            run.position,
            run.size,
            run.rows_read,
            run.rows_new,
            run.rows_changed,
            run.rows_same,
            run.rows_rejected,
        )


Listener = Callable[[Progress, Batch], None]
Halted = Callable[[], bool]


def _never() -> bool:
    return False


def _silent(_progress: Progress, _batch: Batch) -> None:
    return None


def carry_out(
    organization_id: int, run_id: int, *, listen: Listener = _silent, halted: Halted = _never
) -> ImportRun:
    """Imports what is left of a run's file, until the end or until `halted()`; returns the run as it then stands.

    Raises `ChangedMeanwhile` when another process is importing it.
    """
    with _held(run_id):
        run = _begin(organization_id, run_id)
        try:
            _all_batches(run, listen, halted)
        except _Overtaken:
            pass  # the run as it is now, returned below, says what became of it
        except (Exception, KeyboardInterrupt) as error:
            _fail(run, error)
            raise
        with tenancy.within(organization_id):
            return ImportRun.objects.get(id=run_id)


class _Overtaken(Exception):
    """The run is no longer ours to move: stopped by somebody, or taken over."""


@contextmanager
def _held(run_id: int) -> Iterator[None]:
    key = f"rugui.import.{run_id}"
    until = time.monotonic() + PATIENCE
    while not _ask("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", key):
        if time.monotonic() > until:
            raise ChangedMeanwhile(_("This file is being imported right now. Wait for it, or stop it first."))
        time.sleep(0.2)
    try:
        yield
    finally:
        if not connection.needs_rollback:
            _ask("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", key)


def _ask(statement: str, *values: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


def author(run: ImportRun) -> Actor:
    """The import's own hand, on behalf of whoever asked for it."""
    return Actor(run.organization_id, JournalEntry.Who.IMPORT, run.staff_id)


def _begin(organization_id: int, run_id: int) -> ImportRun:
    with tenancy.within(organization_id):
        run = ImportRun.objects.select_for_update().get(id=run_id)
        if run.state == State.DONE:
            raise InputError({"file": _("This file has been imported already.")})
        if run.position == 0:
            run.newest_before = newest(run.subject)
        run.state, run.beat_at, run.error, run.finished_at = State.RUNNING, now(), "", None
        run.save(update_fields=["state", "beat_at", "error", "finished_at", "newest_before"])
        event = journal.Event(
            "import.started", run.place_id, subject_id=run.id, payload={"position": run.position}
        )
        journal.record(author(run), now(), event)
        return run


def _all_batches(run: ImportRun, listen: Listener, halted: Halted) -> None:
    reading = Reading.of_json(run.settings["reading"])
    context = context_of(run, reading)
    progress = Progress.of(run)
    source = Source(run.file_path, run.subject, reading, run.file_hash, position=run.position, line=run.line)
    with read_ahead(source) as ahead:
        for batch in ahead:
            progress, loaded = _commit(run, batch, context, progress)
            listen(progress, loaded)
            if halted():
                _end(run, State.STOPPED)
                return
    _end(run, State.DONE)


def context_of(run: ImportRun, reading: Reading, *, newest_before: int | None = None) -> Context:
    before = run.newest_before if newest_before is None else newest_before
    return Context(run.organization_id, run.subject, run.created_at, reading.timezone, before)


def _commit(run: ImportRun, batch: Batch, context: Context, progress: Progress) -> tuple[Progress, Batch]:
    """One batch, its rejected rows, its journal row and the run's new position: all or nothing."""
    for last in (False, True):
        attempt = replace(batch, rejected=list(batch.rejected))
        try:
            with tenancy.within(run.organization_id):
                _let_the_log_wait()
                counts = load(attempt, context)
                after = progress.after(attempt, counts)
                _write_rejected(run, attempt.rejected)
                _advance(run, attempt, progress, after)
            return after, attempt
        except IntegrityError:
            # Somebody wrote one of these ids in the same moment; on the second try it is found.
            if last:
                raise
    raise AssertionError("unreachable")


def _let_the_log_wait() -> None:
    """The commit of a batch need not wait for the disk: rows and position are lost together, or neither.

    What the run says of itself at its end is committed as ever, and with it everything before.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")


def _advance(run: ImportRun, batch: Batch, before: Progress, after: Progress) -> None:
    moment = now()
    moved = ImportRun.objects.filter(id=run.id, state=State.RUNNING, position=before.position).update(
        position=after.position,
        line=batch.line,
        rows_read=after.read,
        rows_new=after.new,
        rows_changed=after.changed,
        rows_same=after.same,
        rows_rejected=after.rejected,
        beat_at=moment,
    )
    if moved == 0:
        raise _Overtaken
    payload = {
        "subject": run.subject,
        "read": batch.read,
        "new": after.new - before.new,
        "changed": after.changed - before.changed,
        "rejected": len(batch.rejected),
    }
    journal.record(
        author(run), moment, journal.Event("import.batch", run.place_id, subject_id=run.id, payload=payload)
    )


def _write_rejected(run: ImportRun, rejected: list[Rejection]) -> None:
    RejectedRow.objects.bulk_create(
        (
            RejectedRow(
                organization_id=run.organization_id,
                run_id=run.id,
                line=one.record.line,
                cells=one.record.cells,
                field=one.problem.field,
                code=one.problem.code,
                values=one.problem.values,
            )
            for one in rejected
        ),
        batch_size=5_000,
    )


def _end(run: ImportRun, state: str) -> None:
    moment = now()
    with tenancy.within(run.organization_id):
        ended = ImportRun.objects.filter(id=run.id, state=State.RUNNING).update(
            state=state, beat_at=moment, finished_at=moment
        )
        if ended:
            verb = "finished" if state == State.DONE else "stopped"
            counts = ImportRun.objects.values("rows_read", "rows_new", "rows_changed", "rows_rejected").get(
                id=run.id
            )
            event = journal.Event(f"import.{verb}", run.place_id, subject_id=run.id, payload=dict(counts))
            journal.record(author(run), moment, event)
            if run.subject == ImportRun.Subject.CUSTOMERS:
                count_names_soon(run.organization_id)
            if run.subject == ImportRun.Subject.PURCHASES:
                firstaid.hold_imported(author(run), run.newest_before, now=moment)


def _fail(run: ImportRun, error: BaseException) -> None:
    """Keeps why it ended. When the database itself is gone this cannot be written, and the run can be resumed all the same."""
    state = State.STOPPED if isinstance(error, KeyboardInterrupt) else State.FAILED
    if connection.in_atomic_block and connection.needs_rollback:
        return
    connection.close_if_unusable_or_obsolete()
    with tenancy.within(run.organization_id):
        ImportRun.objects.filter(id=run.id, state=State.RUNNING).update(
            state=state, error="" if state == State.STOPPED else type(error).__name__, finished_at=now()
        )


def rehearse(
    context: Context,
    path: str,
    reading: Reading,
    file_hash: str,
    *,
    listen: Listener = _silent,
    halted: Halted = _never,
) -> Progress:
    """The whole import with every batch taken back again: what would happen, with nothing written."""
    progress = Progress()
    with read_ahead(Source(path, context.subject, reading, file_hash)) as ahead:
        for batch in ahead:
            with tenancy.within(context.organization_id):
                counts = load(batch, context)
                transaction.set_rollback(True)
            progress = progress.after(batch, counts)
            listen(progress, batch)
            if halted():
                break
    return progress
