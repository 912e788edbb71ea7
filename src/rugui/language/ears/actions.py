"""Setting right what was heard, taking that back, and saying what the house listens for besides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ...core.errors import ChangedMeanwhile, InputError, Text
from ...core.journal import Event, record
from ...core.phrases import REQUIRED, choose_one
from ...engines.hearing import ELEMENTS
from ...house.access import Actor
from ...serve.models import Touch
from .listening import MOOD, TELLING, URGENCY, hear_again, topic_id
from .models import HeardMessage, HearingCorrection, HouseTopic
from .words import MOODS, URGENCIES

MOST_TOPICS, MOST_WORDS, LONGEST = 30, 12, 40
ANSWERS: dict[str, Sequence[str]] = {
    **dict.fromkeys((*TELLING, *ELEMENTS), ("yes", "no")), MOOD: tuple(MOODS), URGENCY: tuple(URGENCIES),
}  # fmt: skip
"""By question what may be answered; of the house's topics yes or no."""


def correct(actor: Actor, touch: Touch, *, what: str, answer: str, now: datetime) -> HearingCorrection:
    """What a person says about a message: it stands from now on, and the house's ear learns from it.

    An earlier answer to the same question no longer holds. Raises `InputError` for what is not asked or answered so.
    """
    actor.must_serve(touch.place_id)
    _check(touch, what, answer)
    with transaction.atomic():
        _withdraw(actor, touch.id, what, now)
        made = HearingCorrection(
            organization_id=actor.organization_id, touch=touch, what=what, answer=answer, made_by_id=actor.staff_id, made_at=now
        )  # fmt: skip
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError as error:
            raise ChangedMeanwhile from error
        hear_again(actor.organization_id, touch, now=now)
        _note(actor, "hearing.corrected", made, now)
    return made


def withdraw(actor: Actor, correction: HearingCorrection, *, now: datetime) -> None:
    """The correction holds no longer: the ear is as if it had never been made."""
    touch = correction.touch
    actor.must_serve(touch.place_id)
    with transaction.atomic():
        if not _withdraw(actor, touch.id, correction.what, now, id=correction.id):
            raise ChangedMeanwhile
        hear_again(actor.organization_id, touch, now=now)
        _note(actor, "hearing.withdrawn", correction, now)


def confirm_complaint(actor: Actor, touch: Touch, *, now: datetime) -> None:
    """Somebody made a case of a message: if the ear did not hear a complaint, it learns that it was one."""
    heard = HeardMessage.objects.filter(touch_id=touch.id).first()
    if heard is not None and "complaint" not in heard.acts:
        correct(actor, touch, what="complaint", answer="yes", now=now)


def add_topic(actor: Actor, *, name: str, words: Sequence[str] = (), now: datetime) -> HouseTopic:
    """Something that the house listens for. Its name and words begin it; corrections teach more."""
    actor.must_lead_somewhere()
    name, words = name.strip(), [word.strip() for word in words if word.strip()]
    _check_topic(name, words)
    with transaction.atomic():
        made = HouseTopic(
            organization_id=actor.organization_id,
            name=name,
            words=words,
            made_by_id=actor.staff_id,
            made_at=now,
        )
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError as error:
            raise InputError({"name": _("There is a topic of this name already.")}) from error
        record(actor, now, Event("topic.added", subject_id=made.id))
    return made


def end_topic(actor: Actor, topic: HouseTopic, *, now: datetime) -> None:
    """The house no longer listens for it. What was corrected about it stays in the list and has no more effect."""
    actor.must_lead_somewhere()
    with transaction.atomic():
        if not HouseTopic.objects.filter(id=topic.id, ended_at=None).update(ended_at=now):
            raise ChangedMeanwhile
        record(actor, now, Event("topic.ended", subject_id=topic.id))


def _withdraw(actor: Actor, touch_id: int, what: str, now: datetime, **only: int) -> int:
    held = HearingCorrection.objects.filter(touch_id=touch_id, what=what, withdrawn_at=None, **only)
    return held.update(withdrawn_at=now, withdrawn_by_id=actor.staff_id)


def _note(actor: Actor, kind: str, correction: HearingCorrection, now: datetime) -> None:
    touch = correction.touch
    payload = {"what": correction.what, "answer": correction.answer}
    event = Event(kind, touch.place_id, touch.customer_id, subject_id=touch.id, payload=payload)
    record(actor, now, event)


def _check(touch: Touch, what: str, answer: str) -> None:
    problems: dict[str, Text] = {}
    if touch.direction != Touch.Direction.IN or not touch.text:
        problems["touch"] = _("Only what a customer wrote is heard.")
    answers = ANSWERS.get(what)
    if (number := topic_id(what)) is not None and HouseTopic.objects.filter(
        id=number, ended_at=None
    ).exists():
        answers = ("yes", "no")
    if answers is None:
        problems["what"] = not_asked()
    elif answer not in answers:
        problems["answer"] = choose_one(answers)
    if problems:
        raise InputError(problems)


def not_asked() -> str:
    """What is said of a question that does not exist."""
    return choose_one(ANSWERS)


def _check_topic(name: str, words: Sequence[str]) -> None:
    problems: dict[str, Text] = {}
    if not name:
        problems["name"] = REQUIRED
    elif len(name) > LONGEST:
        problems["name"] = _("At most %(max)s characters.") % {"max": LONGEST}
    if len(words) > MOST_WORDS:
        problems["words"] = _("At most %(max)s words.") % {"max": MOST_WORDS}
    elif any(len(word) > LONGEST for word in words):
        problems["words"] = _("A word has at most %(max)s characters.") % {"max": LONGEST}
    elif HouseTopic.objects.filter(ended_at=None).count() >= MOST_TOPICS:
        problems["name"] = _("A house has at most %(max)s topics. End one first.") % {"max": MOST_TOPICS}
    if problems:
        raise InputError(problems)
