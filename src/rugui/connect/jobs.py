"""Imports that somebody started from a page, and calls of which no end is told. A job killed in the middle is given to another worker and goes on."""

from __future__ import annotations

import logging

from procrastinate import JobContext
from procrastinate.contrib.django import app

from ..core import tenancy
from ..core.errors import ChangedMeanwhile
from ..core.time import now
from .imports import files, run
from .imports.read import Batch
from .imports.settings import Reading
from .models import ImportRun

log = logging.getLogger("rugui.connect")
State = ImportRun.State
SHOWN = 50
"""Problems that a dry run keeps."""


@app.task(name="connect.end_call")
def end_call(organization_id: int, call_id: int) -> None:
    """A call of which nothing more was heard is over. Run again, it finds it over and does nothing."""
    from . import calls  # which defers this job

    with tenancy.within(organization_id):
        if calls.end_silent(organization_id, call_id, now=now()):
            log.info("call.ended_by_itself", extra={"organization": organization_id, "call": call_id})


@app.task(name="connect.import_file", pass_context=True)
def import_file(context: JobContext, organization_id: int, run_id: int) -> None:
    """Imports what is left of the file, unless somebody has stopped it before a worker came to it."""
    with tenancy.within(organization_id):
        found = ImportRun.objects.filter(id=run_id, state=State.RUNNING).first()
    if found is None:
        return
    try:
        ended = run.carry_out(organization_id, run_id, halted=context.should_abort)
    except ChangedMeanwhile:
        log.info("import.held", extra={"run": run_id})  # another worker has it: it needs no second one
        return
    if ended.state == State.DONE:
        files.discard(ended)
    elif ended.state == State.STOPPED and context.should_abort():
        _hand_on(ended)


def _hand_on(ended: ImportRun) -> None:
    """The worker is shutting down, which is not the wish of whoever imports: the next worker goes on."""
    with tenancy.within(ended.organization_id):
        ImportRun.objects.filter(id=ended.id, state=State.STOPPED).update(
            state=State.RUNNING, finished_at=None
        )
        import_file.defer(organization_id=ended.organization_id, run_id=ended.id)


@app.task(name="connect.try_file", pass_context=True)
def try_file(context: JobContext, organization_id: int, run_id: int) -> None:
    """The dry run: keeps the counts and the first problems with the run, and writes nothing else."""
    with tenancy.within(organization_id):
        found = ImportRun.objects.filter(id=run_id, state=State.TRYING).first()
    if found is None:
        return
    reading = Reading.of_json(found.settings["reading"])
    problems: list[dict[str, object]] = []
    stopped = False

    def note(progress: run.Progress, batch: Batch) -> None:
        nonlocal stopped
        for one in batch.rejected[: SHOWN - len(problems)]:
            problem = one.problem
            problems.append(
                {
                    "line": one.record.line,
                    "field": problem.field,
                    "code": problem.code,
                    "values": problem.values,
                }
            )
        stopped = not _keep_trial(found, progress, problems, ended=False)

    progress = run.rehearse(
        run.context_of(found, reading, newest_before=2**62),
        found.file_path,
        reading,
        found.file_hash,
        listen=note,
        halted=lambda: stopped or context.should_abort(),
    )
    _keep_trial(found, progress, problems, ended=True)


def _keep_trial(
    found: ImportRun, progress: run.Progress, problems: list[dict[str, object]], *, ended: bool
) -> bool:
    """Whether the trial is still wanted."""
    trial = {
        "position": progress.position,
        "read": progress.read,
        "new": progress.new,
        "changed": progress.changed,
        "same": progress.same,
        "rejected": progress.rejected,
        "problems": problems,
        "ended": ended,
    }
    with tenancy.within(found.organization_id):
        trying = ImportRun.objects.filter(id=found.id, state=State.TRYING)
        return trying.update(trial=trial, beat_at=now(), state=State.READY if ended else State.TRYING) == 1
