"""What is done to everybody on a list, by a worker. Killed in the middle, it goes on where it was; nobody is told twice."""

from __future__ import annotations

import logging

from procrastinate import JobContext
from procrastinate.contrib.django import app

log = logging.getLogger("rugui.recover")


@app.task(name="recover.carry_on", pass_context=True)
def carry_on(context: JobContext, organization_id: int, task_id: int) -> None:
    """One after the other, in small transactions, until all are reached or somebody stops it."""
    from . import run  # which needs what defers this job

    left = run.carry_out(organization_id, task_id, halted=context.should_abort)
    if left and context.should_abort():  # the worker is shutting down: the next one goes on
        carry_on.defer(organization_id=organization_id, task_id=task_id)
    log.info("incident.carried", extra={"organization": organization_id, "task": task_id, "left": left})
