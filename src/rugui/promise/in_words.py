"""Times promised in the words of a message: found while it is written, and given as promises when it is sent.

A composer includes `promise/in_words.html` and, once the message is sent, calls `give`. What was ticked is named by the
sentence itself, so it stays ticked while the rest is written, and is read again from what was really sent.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time
from hashlib import blake2b

from ..engines.promised import DAY_ENDS, Promised, promised
from ..house.access import Actor
from ..house.models import Place
from ..know.models import Customer
from . import actions
from .models import Promise
from .policies import calendar_of

FIELD = "in_words"
MOST = 5
"""So many are offered at once; who promises more in one message had better write another."""
_CALLS = re.compile(
    r"\b(?:call|ring|phone|telephone)\b|回電|回电|電話|电话|致電|致电|打給|打给", re.IGNORECASE
)
_SENDS = re.compile(r"\b(?:deliver\w*|bring\w*|send|post|parcel)\b|送|寄|快遞|快递", re.IGNORECASE)
_WRITES = re.compile(
    r"\b(?:answer|reply|write|get back|let you know|hear|e-?mail)\b|答覆|答复|回覆|回复|告訴|告诉|通知",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A sentence that promises something: what stands before the words that say when, those words, and what follows."""

    key: str
    before: str
    when: str
    after: str
    due_at: datetime
    certainty: float
    chosen: bool

    @property
    def sentence(self) -> str:
        return f"{self.before}{self.when}{self.after}"


def offers(text: str, place: Place, *, now: datetime, chosen: Collection[str] = ()) -> list[Offer]:
    """The promises in `text`, in its order, as the place's clock and closing time make of it."""
    local = now.astimezone(place.zone)
    found = promised(text, local, day_ends=_closing(place, local) if text.strip() else DAY_ENDS)
    ahead = [each for each in found if now < each.due <= now + actions.LONGEST_WAIT]
    return [_offer(text, each, chosen) for each in ahead[:MOST]]


def give(
    actor: Actor,
    customer: Customer,
    place: Place,
    *,
    text: str,
    chosen: Collection[str],
    now: datetime,
    case_id: int | None = None,
    channel: str = "",
) -> list[Promise]:
    """The promises of a message that was sent, of those ticked; whoever wrote it sees to them."""
    if not chosen:
        return []
    return [
        actions.give(
            actor, customer, place, kind=kind_of(offer.sentence), due_at=offer.due_at, text=offer.sentence[: actions.LONGEST_TEXT],
            owner_id=actor.staff_id, case_id=case_id, channel=channel, now=now,
        )
        for offer in offers(text, place, now=now, chosen=chosen)
        if offer.chosen
    ]  # fmt: skip


def kind_of(sentence: str) -> Promise.Kind:
    """Which kind of promise a sentence is, by its words."""
    if _CALLS.search(sentence):
        return Promise.Kind.CALL_BACK
    if _WRITES.search(sentence):
        return Promise.Kind.FOLLOW_UP
    return Promise.Kind.DELIVERY if _SENDS.search(sentence) else Promise.Kind.OTHER


def _offer(text: str, found: Promised, chosen: Collection[str]) -> Offer:
    sentence = text[found.begins : found.ends]
    key = blake2b(sentence.encode(), digest_size=9).hexdigest()
    return Offer(
        key,
        text[found.begins : found.when_begins],
        text[found.when_begins : found.when_ends],
        text[found.when_ends : found.ends],
        found.due,
        found.certainty,
        key in chosen,
    )


def _closing(place: Place, local: datetime) -> time:
    """When the place closes that day; six o'clock where it does not say or is open past midnight."""
    calendar = calendar_of(place)
    shifts = calendar.shifts_on(local.date()) if calendar else ()
    ends = [shift.closes for shift in shifts if shift.closes > shift.opens]
    return max(ends, default=DAY_ENDS)
