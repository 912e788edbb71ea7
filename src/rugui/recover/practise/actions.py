"""Beginning an exercise, answering the customer, writing it down, and showing it to others or not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from ...core.errors import ChangedMeanwhile, InputError, NotAllowed, NotFound, Text
from ...core.phrases import LANGUAGES, REQUIRED, choose_one, too_long
from ...engines import practise as engine
from ...house.access import Actor
from .models import Practice

State = Practice.State
LONGEST = 2000


def practice(actor: Actor, practice_id: int) -> Practice:
    """One's own exercise, or one that a colleague has shared with who leads. Raises `NotFound`."""
    found = Practice.objects.select_related("staff").filter(id=practice_id).first()
    if found is None:
        raise NotFound
    shared = found.shared_at is not None and actor.leads_somewhere
    if found.staff_id != actor.staff_id and not shared:
        raise NotFound
    return found


def mine(actor: Actor, *, limit: int = 20) -> list[Practice]:
    return list(Practice.objects.filter(staff_id=actor.staff_id or 0).order_by("-id")[:limit])


def shared(actor: Actor, *, limit: int = 50) -> list[Practice]:
    """What colleagues have shown to those who lead."""
    if not actor.leads_somewhere:
        return []
    rows = Practice.objects.filter(shared_at__isnull=False).exclude(staff_id=actor.staff_id or 0)
    return list(rows.select_related("staff").order_by("-shared_at")[:limit])


def begin(actor: Actor, *, scenario: str, language: str, now: datetime) -> Practice:
    """The customer says what is wrong."""
    staff_id = actor.must_be_staff()
    problems: dict[str, Text] = {}
    if scenario not in engine.scenarios():
        problems["scenario"] = choose_one(engine.scenarios())
    if language not in dict(LANGUAGES):
        problems["language"] = choose_one(dict(LANGUAGES))
    if problems:
        raise InputError(problems)
    story = engine.scenarios()[scenario]
    return Practice.objects.create(
        organization_id=actor.organization_id,
        staff_id=staff_id,
        scenario=scenario,
        language=language,
        started_at=now,
        turns=[_turn("customer", story.told[language].opening, now)],
        standing=_kept(engine.begin(story)),
    )


def answer(actor: Actor, row: Practice, *, text: str, count: int, now: datetime) -> None:
    """What the learner says, and what the customer answers. `count` is how many answers they had given: sent twice it is one."""
    _must_be_theirs(actor, row)
    if not text.strip():
        raise InputError({"text": REQUIRED})
    if len(text.strip()) > LONGEST:
        raise InputError({"text": too_long(LONGEST)})
    moves = engine.read(text)
    standing, said = engine.answer(engine.scenarios()[row.scenario], row.language, state_of(row), moves)
    turns = [
        *row.turns,
        _turn("learner", text.strip(), now, sorted(moves.found)),
        _turn("customer", said, now),
    ]
    fields = {
        "turns": turns,
        "count": count + 1,
        "standing": _kept(standing),
        "state": State.WRITING if standing.over else State.TALKING,
    }
    _change(row, fields, state=State.TALKING, count=count)


def end_talk(actor: Actor, row: Practice, *, now: datetime) -> None:
    """The learner stops talking; what was reached by then counts."""
    _must_be_theirs(actor, row)
    _change(row, {"state": State.WRITING}, state=State.TALKING, count=row.count)


def write_down(actor: Actor, row: Practice, *, failure: str, lesson: str, now: datetime) -> engine.Score:
    """The last two steps, and with them the score."""
    _must_be_theirs(actor, row)
    for name, text in (("failure", failure), ("lesson", lesson)):
        if len(text.strip()) > LONGEST:
            raise InputError({name: too_long(LONGEST)})
    found = engine.score(state_of(row), failure=failure, lesson=lesson)
    fields = {
        "failure": failure.strip(),
        "lesson": lesson.strip(),
        "points": found.points,
        "state": State.ENDED,
        "ended_at": now,
    }
    _change(row, fields, state=State.WRITING)
    return found


def share(actor: Actor, row: Practice, *, now: datetime) -> None:
    """Shows it to those who lead. Nobody is asked to."""
    _must_be_theirs(actor, row)
    _change(row, {"shared_at": now}, state=State.ENDED, shared_at=None)


def keep_to_oneself(actor: Actor, row: Practice, *, now: datetime) -> None:
    _must_be_theirs(actor, row)
    _change(row, {"shared_at": None}, shared_at__isnull=False)


def forget(actor: Actor, row: Practice) -> None:
    """It was only practice."""
    _must_be_theirs(actor, row)
    Practice.objects.filter(id=row.id).delete()


def state_of(row: Practice) -> engine.State:
    kept: dict[str, Any] = dict(row.standing)
    return engine.State(**{**kept, "done": frozenset(kept["done"])})


def _kept(state: engine.State) -> dict[str, Any]:
    return {
        "anger": state.anger, "turns": state.turns, "done": sorted(state.done), "faults": state.faults, "over": state.over,
    }  # fmt: skip


def _turn(who: str, text: str, now: datetime, moves: list[str] | None = None) -> dict[str, Any]:
    return {"who": who, "text": text, "at": now.isoformat(), "moves": moves or []}


def _must_be_theirs(actor: Actor, row: Practice) -> None:
    if row.staff_id != actor.must_be_staff():
        raise NotAllowed(_("This is a colleague's exercise."))


def _change(row: Practice, fields: dict[str, Any], **before: Any) -> None:
    if not Practice.objects.filter(id=row.id, **before).update(**fields):
        raise ChangedMeanwhile
    for name, value in fields.items():
        setattr(row, name, value)
