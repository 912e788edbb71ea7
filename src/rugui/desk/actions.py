"""What the front desk does that touches several rooms at once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from ..core.errors import ChangedMeanwhile, InputError
from ..core.phrases import REQUIRED
from ..house.access import Actor
from ..house.models import Place
from ..language.ears import actions as ears
from ..promise import actions as promises
from ..promise import in_words
from ..recover import actions as recover
from ..recover.models import Case
from ..recover.words import first_words
from ..serve import actions as serve
from ..serve.models import Touch


def answer(
    actor: Actor, touch: Touch, place: Place, *, text: str, channel: str, now: datetime, promised: Collection[str] = ()
) -> Touch:  # fmt: skip
    """What we said back: kept as a touch of ours, the message waits no longer, and the promise of an answer is kept.

    `promised` are the ticked ones of the times promised in its words (promise/in_words.py).
    """
    actor.must_serve(place.id)
    if not text.strip():
        raise InputError({"text": REQUIRED})
    serve.settle_touch(actor, touch, now=now)
    promises.keep_answer(actor, touch, now=now)
    in_words.give(actor, touch.customer, place, text=text, chosen=promised, channel=channel, now=now)
    return serve.record_touch(
        actor, touch.customer, channel=channel, direction=Touch.Direction.OUT, text=text, place=place, now=now
    )


def make_complaint(actor: Actor, touch: Touch, place: Place, *, now: datetime) -> Case:
    """The message is a complaint after all: opens its case. Of two people who say so at once, one is told it was done."""
    locked = Touch.objects.select_for_update().filter(id=touch.id, waiting=True).exists()
    if not locked:
        raise ChangedMeanwhile
    ears.confirm_complaint(actor, touch, now=now)
    title = first_words(touch.text) or touch.get_channel_display()
    return recover.open_case(actor, touch.customer, place, title=title, touch=touch, now=now)
