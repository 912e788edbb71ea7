"""The lesson of a case reaches every colleague (method line I7): told in the line-ups, and who has read it is known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from ...core.errors import ChangedMeanwhile, InputError
from ...core.journal import record
from ...house.access import Actor
from ..models import Case, CaseStep, LessonRead
from .common import LONGEST_TEXT, case_event, must_not_be_closed, must_not_be_longer, step_done


def share(actor: Actor, case: Case, *, lesson: str = "", now: datetime) -> None:
    """The lesson (as written here, or in the document step) stands in the line-up of every place until all have read it."""
    must_not_be_longer("lesson", lesson, LONGEST_TEXT)
    must_not_be_closed(actor, case)
    kept = Case.objects.values_list("lesson", flat=True).get(id=case.id)
    words = lesson.strip() or kept
    if not words:
        raise InputError({"lesson": _("Write the lesson in one sentence that a colleague can act on.")})
    put_in_line_up(actor, case, words, now)


def put_in_line_up(actor: Actor, case: Case, lesson: str, now: datetime) -> None:
    """`share`, for a caller who holds the case's row. A lesson that was changed is unread again."""
    before = Case.objects.values_list("lesson", "shared_at").get(id=case.id)
    Case.objects.filter(id=case.id).update(lesson=lesson, shared_at=now)
    if before[1] is not None and before[0] != lesson:
        LessonRead.objects.filter(case=case).delete()
    case.lesson, case.shared_at = lesson, now
    step_done(actor, case, CaseStep.Step.SHARE, "", now)


def read_lesson(actor: Actor, case: Case, *, now: datetime) -> None:
    """The actor has read the lesson. Said twice it is once."""
    staff_id = actor.must_be_staff()
    actor.must_serve(None)
    shared = Case.objects.select_for_update(no_key=True).filter(id=case.id, shared_at__isnull=False)
    if not shared.exists():
        raise ChangedMeanwhile
    if _heard(case.organization_id, [case.id], [staff_id], now, heard=False):
        record(actor, now, case_event("lesson.read", case))


def hear_lessons(actor: Actor, cases: Iterable[Case], staff_ids: Iterable[int], *, now: datetime) -> None:
    """Lessons were read out at a line-up to these colleagues."""
    _heard(actor.organization_id, [case.id for case in cases], list(staff_ids), now, heard=True)


def _heard(organization_id: int, cases: list[int], staff: list[int], now: datetime, *, heard: bool) -> int:
    """How many had not read or heard of it before."""
    of = {"organization_id": organization_id, "at": now, "heard": heard}
    known = set(LessonRead.objects.filter(case_id__in=cases).values_list("case_id", "staff_id"))
    rows = [
        LessonRead(case_id=case_id, staff_id=staff_id, **of)
        for case_id in cases
        for staff_id in staff
        if (case_id, staff_id) not in known
    ]
    LessonRead.objects.bulk_create(rows, ignore_conflicts=True)  # read in the same moment elsewhere
    return len(rows)
