"""Jobs that keep the house's jobs in order. A job runs at least once, so each must bear being run again."""

from __future__ import annotations

import logging

from django.db import transaction
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import JobDeferrer

log = logging.getLogger("rugui.jobs")

KEPT_HOURS = 7 * 24


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Gives back the jobs of workers that died in the middle of them."""
    manager = context.app.job_manager
    stalled = list(await manager.get_stalled_jobs())
    for job in stalled:
        await manager.retry_job(job)
    if stalled:
        log.warning("jobs.retried", extra={"jobs": len(stalled)})


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="remove_old_jobs", pass_context=True)
async def remove_old_jobs(context: JobContext, timestamp: int) -> None:
    """Forgets the jobs that were finished a week ago."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS)


def ask_once(job: JobDeferrer, **arguments: int | str) -> bool:
    """Asks for a job with a queueing lock; False when it is asked for already and has not begun. Part of the transaction around it."""
    try:
        with transaction.atomic():
            job.defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True
