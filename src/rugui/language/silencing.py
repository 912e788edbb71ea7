"""Whether it is better not to write just now: the facts of one customer, put to the engine, and its advice in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from django.utils.translation import gettext as _

from ..engines.coach.silence import Facts, Reason, Silence, silence
from ..house.access import Actor
from ..house.models import Place
from ..know.models import ALWAYS, Customer
from ..know.mood import Mood
from ..promise.models import Promise
from ..serve.models import Touch

Said = tuple[datetime, bool]
"""When something was said, and whether by us."""
LOOK_BACK = timedelta(days=14)
SOON = timedelta(minutes=45)
"""A promise that is due so soon must be spoken to, whatever else counts."""
_ANSWERS = (Promise.Kind.ANSWER, Promise.Kind.NEXT_ANSWER)
_GRIEF = re.compile(r"griev|mourn|bereav|funeral|喪|丧|哀|過世|过世|去世", re.IGNORECASE)


def of_touches(customer_id: int, since: datetime) -> list[Said]:
    rows = Touch.objects.filter(customer_id=customer_id, at__gte=since).exclude(
        direction=Touch.Direction.OUT, text=""
    )
    return [(at, way == Touch.Direction.OUT) for at, way in rows.values_list("at", "direction")]


SOURCES: list[Callable[[int, datetime], list[Said]]] = [of_touches]
"""What was said with a customer. Rooms above add their own."""


def advice(
    actor: Actor, customer: Customer, *, now: datetime, mood: Mood | None = None
) -> tuple[Silence, ...]:
    """Every reason not to write to this customer now; none is the rule. `mood`: how they are (`mood_of`), when seen lately."""
    owed = Promise.objects.filter(customer_id=customer.id, settled_at=None).values_list("kind", "due_at")
    promises = list(owed)
    said = [each for source in SOURCES for each in source(customer.id, now - LOOK_BACK)]
    theirs = max((at for at, ours in said if not ours), default=None)
    facts = Facts(
        now=now,
        do_not_contact=customer.quiet == ALWAYS,
        do_not_disturb_until=_until(customer),
        grieving_since=mood.learned_at if mood and in_a_word(mood) == "grieving" else None,
        asked=any(kind in _ANSWERS for kind, _due in promises),
        urgent=any(due <= now + SOON for kind, due in promises if kind not in _ANSWERS),
        they_wrote_at=theirs,
        they_were_angry=bool(mood and mood.upset),
        we_wrote_at=[at for at, ours in said if ours],
    )
    return silence(facts)


def in_a_word(mood: Mood | None) -> str:
    """How the reader is, as rules name it (`MOODS`); empty where no rule need know."""
    if mood is None or not mood.low:
        return ""
    return "grieving" if _GRIEF.search(mood.text) else "upset" if mood.upset else ""


def _until(customer: Customer) -> datetime | None:
    """When the day of the house is over until which they wish not to be disturbed."""
    if not customer.quiet or customer.quiet == ALWAYS:
        return None
    place = Place.objects.order_by("id").first()
    zone = place.zone if place else UTC
    return datetime.combine(date.fromisoformat(customer.quiet), time.max, tzinfo=zone)


def in_words(found: Silence) -> str:
    """The advice as a sentence. It never forbids."""
    said = {
        Reason.DO_NOT_DISTURB: _("They have asked not to be disturbed now."),
        Reason.DO_NOT_CONTACT: _("They have asked not to hear from us."),
        Reason.GRIEF: _("They are grieving. If you write, only to stand by them: no offers, no questions."),
        Reason.ANGER_JUST_ANSWERED: _(
            "They were angry, and you have just answered. Give them a little time."
        ),
        Reason.THIRD_IN_A_ROW: _("This would be the third message in a row without an answer from them."),
    }
    return said[found.reason]
