"""Seeing how a moment was kept: of a colleague's act or one's own, in half a minute, and never behind anybody's back.

Whoever was seen reads it at once, with the name of who saw it; who leads the place reads it too; nobody else does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from ...core.errors import ChangedMeanwhile, InputError, NotAllowed, Text
from ...core.journal import Event, record
from ...core.phrases import choose_one, too_long
from ...house.access import Actor
from ...house.models import Place, Staff
from ...recover.people import who_serves
from . import queries
from .models import Moment, Observation, ObservedMark, StandardWording

Mark = ObservedMark.Mark
LONGEST_NOTE = 200
LONGEST_AGO = timedelta(days=7)
"""What was seen longer ago is no longer remembered as it was."""
UNDO_FOR = timedelta(days=1)


def colleagues(place: Place) -> list[Staff]:
    """Who serves at a place, those on duty first. Two queries."""
    return [each.staff for each in who_serves(place.id)]


def observe(
    actor: Actor,
    place: Place,
    staff: Staff,
    moment: str,
    marks: Mapping[int, str],
    *,
    now: datetime,
    at: datetime | None = None,
    note: str = "",
) -> Observation:
    """What was seen of `staff` at `place`: by standard id whether it was kept, not kept or not seen. `at`: when it happened."""
    actor.must_serve(place.id)
    observer = actor.must_be_staff()
    happened = at or now
    if moment not in Moment.values:
        raise InputError({"moment": choose_one(Moment.values)})
    held = {each.standard.id: each.standard.version for each in queries.holding(place.id, [moment])}
    problems: dict[str, Text] = {}
    if staff.id not in {each.id for each in colleagues(place)}:
        problems["who"] = _("Choose a colleague who serves at this place.")
    if not now - LONGEST_AGO <= happened <= now:
        problems["at"] = _("Say when it was: within the last week, not later than now.")
    if len(note.strip()) > LONGEST_NOTE:
        problems["note"] = too_long(LONGEST_NOTE)
    if any(mark not in Mark.values for mark in marks.values()):
        problems["marks"] = choose_one(Mark.values)
    elif set(marks) - set(held):
        problems["marks"] = _("One of these standards does not hold here. Look at the list again.")
    elif all(mark == Mark.UNSEEN for mark in marks.values()):
        problems["marks"] = _("Mark at least one thing that you saw kept or not kept.")
    if problems:
        raise InputError(problems)
    made = Observation.objects.create(
        organization_id=actor.organization_id, place=place, staff=staff, observer_id=observer, by_self=staff.id == observer,
        moment=moment, at=happened, made_at=now, note=note.strip(),
    )  # fmt: skip
    ObservedMark.objects.bulk_create(
        ObservedMark(
            organization_id=actor.organization_id, observation=made, standard_id=standard_id, number=number,
            mark=marks.get(standard_id, Mark.UNSEEN),
        )
        for standard_id, number in held.items()
    )  # fmt: skip
    record(actor, now, Event("observation.made", place.id, subject_id=made.id, payload={"moment": moment}))
    return made


def withdraw(actor: Actor, observation: Observation, *, now: datetime) -> None:
    """It is as if it had not been seen. By whoever wrote it within a day, and by who leads the place: what was unfair goes."""
    mine = actor.staff_id is not None and observation.observer_id == actor.staff_id
    if not actor.leads(observation.place_id) and not (mine and now - observation.made_at <= UNDO_FOR):
        raise NotAllowed(_("Ask whoever leads the place to take it back."))
    number, place_id = observation.id, observation.place_id
    if not Observation.objects.filter(id=number).delete()[0]:
        raise ChangedMeanwhile
    record(actor, now, Event("observation.withdrawn", place_id, subject_id=number))


@dataclass(frozen=True, slots=True)
class Seen:
    """An observation with its marks, in the words by which it was observed."""

    row: Observation
    marks: list[tuple[str, str, str]]
    """(statement, language, mark)."""

    @property
    def kept(self) -> int:
        return sum(mark == Mark.KEPT for _text, _language, mark in self.marks)

    @property
    def of(self) -> int:
        return sum(mark != Mark.UNSEEN for _text, _language, mark in self.marks)


def seen(rows: Iterable[Observation], language: str, house_language: str) -> list[Seen]:
    """Observations with their marks, what was not seen left out. Two queries."""
    found = list(rows)
    marks: dict[int, list[ObservedMark]] = {}
    for mark in ObservedMark.objects.filter(observation_id__in=[row.id for row in found]).order_by("id"):
        marks.setdefault(mark.observation_id, []).append(mark)
    wanted = {mark.standard_id for each in marks.values() for mark in each}
    words: dict[tuple[int, int], dict[str, str]] = {}
    for row in StandardWording.objects.filter(standard_id__in=wanted):
        words.setdefault((row.standard_id, row.number), {})[row.language] = row.text

    def told(mark: ObservedMark) -> tuple[str, str, str]:
        by = words[mark.standard_id, mark.number]
        code = next(each for each in (language, house_language, *by) if each in by)
        return by[code], code, mark.mark

    return [
        Seen(row, [told(mark) for mark in marks.get(row.id, []) if mark.mark != Mark.UNSEEN]) for row in found
    ]


def of_oneself(actor: Actor, *, limit: int = 30) -> list[Observation]:
    """What was seen of the actor's own work, the latest first."""
    rows = Observation.objects.filter(staff_id=actor.must_be_staff()).select_related("observer", "place")
    return list(rows.order_by("-at", "-id")[:limit])
