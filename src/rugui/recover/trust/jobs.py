"""What becomes of a question that nobody answers."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from ...core import tenancy
from ...core.time import now

log = logging.getLogger("rugui.recover")


@app.task(name="recover.decide_leave")
def decide_leave(organization_id: int, leave_id: int) -> None:
    """Decides a question whose minutes are over. Run again, it finds it decided and does nothing."""
    from . import leave  # which defers this job

    with tenancy.within(organization_id):
        if leave.decide_by_rule(organization_id, leave_id, now=now()):
            log.info("leave.decided_by_rule", extra={"organization": organization_id, "leave": leave_id})
