"""The end of a case: closed when everything was done, and open again when it was not right after all."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from ...core.errors import ChangedMeanwhile, InputError
from ...core.journal import record
from ...core.phrases import listed
from ...house.access import Actor
from ..models import Case, CaseStep
from . import following
from .common import case_event, hold, renew
from .owning import end_waiting

Step = CaseStep.Step


def close(actor: Actor, case: Case, *, now: datetime) -> None:
    """Everything was done. Refused, naming what is missing, while a step was neither walked nor left out with a reason.

    The follow-ups that were promised go on. The database itself refuses it too (`core/cases.sql`).
    """
    hold(actor, case)
    done = set(CaseStep.objects.filter(case=case).values_list("step", flat=True))
    missing = [str(Step(step).label) for step in Step.values if step not in done]
    if missing:
        raise InputError({"state": _("Still to do: %(steps)s.") % {"steps": listed(missing)}})
    if case.state != Case.State.SOLVED:
        raise ChangedMeanwhile
    end_waiting(actor, case, now)
    Case.objects.filter(id=case.id).update(state=Case.State.CLOSED, closed_at=now)
    case.state, case.closed_at = Case.State.CLOSED, now
    record(actor, now, case_event("case.closed", case))


def undo_close(actor: Actor, case: Case, *, now: datetime) -> None:
    """Closed too early: it is solved, and can still be added to. The clock stands still."""
    hold(actor, case)
    if case.state != Case.State.CLOSED:
        raise ChangedMeanwhile
    Case.objects.filter(id=case.id).update(state=Case.State.SOLVED, closed_at=None)
    case.state, case.closed_at = Case.State.SOLVED, None
    record(actor, now, case_event("case.close_undone", case))


def reopen(actor: Actor, case: Case, *, now: datetime) -> None:
    """It was not right after all: the clock starts again."""
    hold(actor, case)
    if case.state == Case.State.OPEN:
        raise ChangedMeanwhile
    begin_again(actor, case, now)


def begin_again(actor: Actor, case: Case, now: datetime) -> None:
    """`reopen`, also for the customer. The caller holds the row of a case that is not open."""
    Case.objects.filter(id=case.id).update(state=Case.State.OPEN, solved_at=None, closed_at=None)
    case.state, case.solved_at, case.closed_at = Case.State.OPEN, None, None
    following.end(actor, case, now)
    CaseStep.objects.filter(case=case, step__in=[Step.FIX, Step.FOLLOW_UP]).delete()
    record(actor, now, case_event("case.reopened", case))
    renew(actor, case, now)
