"""Each message of a customer is heard in the transaction in which it arrives, and what was heard is kept with it.

A page then only reads it. The house's own ear is the program's with the house's corrections and topics; it is kept ready by a
mark, and made anew when a correction came or went. Messages that still wait are then heard again, others stay as they were heard.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from ...core.ready import fetch
from ...engines.hearing import (
    ACTS,
    ELEMENTS,
    Amount,
    Correction,
    Found,
    Heard,
    House,
    Said,
    Topic,
    corrected,
    hear,
    shipped,
)
from ...engines.hearing.found import Word
from ...house.access import Actor
from ...serve import actions as serve
from ...serve.models import Touch
from .models import HeardMessage, HearingCorrection, HouseTopic

SHOWN = 0.65
"""The least chance with which something is said on a page or in a list; what must not be missed is said on less (`Said.weighty`)."""
TELLING = tuple(act for act in ACTS if act != "tells")
"""Acts that ask something of the house; that somebody just tells something is not worth a word."""
MOOD, URGENCY = "mood", "urgency"
SILENT = {MOOD: "calm", URGENCY: "whenever"}
"""What goes without saying."""
MOST_CORRECTIONS = 400
"""So many of the latest make the house's ear; what older ones taught is in those that came after or no longer matters."""
MOST_AGAIN = 50
"""So many waiting messages, the latest, are heard again at once when a correction came or went."""
KEPT_EARS = 64
_TOPIC = "topic-"


class Ear(NamedTuple):
    """One house's: `mark` says of which corrections and topics it was made."""

    mark: str
    house: House


_EARS: OrderedDict[int, Ear] = OrderedDict()
_MARK = (
    "SELECT (SELECT count(*) || '.' || coalesce(max(id), 0) FROM rugui_hearingcorrection WHERE withdrawn_at IS NULL),"
    " (SELECT count(*) || '.' || coalesce(max(id), 0) FROM rugui_housetopic WHERE ended_at IS NULL)"
)
"""Corrections and topics only come with a higher number, or go: so how many there are and the last tells which."""
_WORDS = (
    "SELECT 'place', name FROM rugui_place UNION ALL SELECT 'colleague', name FROM rugui_staff WHERE active"
)


def begin() -> None:
    """Once, at start-up. The ear is read from its file now, so that nobody waits for it later."""
    if _arrived not in serve.AFTER_TOUCH:
        serve.AFTER_TOUCH.append(_arrived)


def warm_up() -> None:
    """Everything that the first message would have to wait for."""
    hear("Hello, is the room 房間 ready by 5 pm for 20 dollars?", now=datetime(2026, 1, 1))  # noqa: DTZ001  any moment will do


def _arrived(actor: Actor, touch: Touch, now: datetime) -> None:
    if touch.direction == Touch.Direction.IN and touch.text:
        keep(actor.organization_id, [touch], now=now)


def keep(organization_id: int, touches: Sequence[Touch], *, now: datetime) -> list[HeardMessage]:
    """Hears messages (with their places) and keeps what was heard, over what was kept before."""
    ear, words = ear_of(organization_id), _words()
    told = _told(touches)
    rows = [_row(organization_id, touch, ear, words, told.get(touch.id, {}), now) for touch in touches]
    fields = [each.name for each in HeardMessage._meta.fields if each.name not in {"touch", "organization"}]
    return HeardMessage.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["touch"], update_fields=fields
    )


def hear_again(organization_id: int, touch: Touch, *, now: datetime) -> None:
    """The corrected message, and the latest of those that wait."""
    waiting = Touch.objects.filter(waiting=True, direction=Touch.Direction.IN).exclude(id=touch.id)
    others = waiting.exclude(text="").select_related("place").order_by("-id")[:MOST_AGAIN]
    keep(organization_id, [touch, *others], now=now)


def ear_of(organization_id: int) -> Ear:
    """The house's ear as its corrections and topics stand. One query; four when they have changed since the last time."""
    ((corrections, topics),) = fetch(_MARK, [])
    mark = f"{shipped().version}/{corrections}/{topics}"
    if (kept := _EARS.get(organization_id)) is not None and kept.mark == mark:
        _EARS.move_to_end(organization_id)
        return kept
    made = _EARS[organization_id] = Ear(mark, _made())
    while len(_EARS) > KEPT_EARS:
        _EARS.popitem(last=False)
    return made


def _made() -> House:
    topics = [
        Topic(topic_key(each.id), (each.name, *each.words))
        for each in HouseTopic.objects.filter(ended_at=None).order_by("id")
    ]
    keys = {topic.key for topic in topics}
    latest = HearingCorrection.objects.filter(withdrawn_at=None).order_by("-id")[:MOST_CORRECTIONS]
    rows = [
        Correction(text, what, answer)
        for text, what, answer in latest.values_list("touch__text", "what", "answer")
        if what in keys or not what.startswith(_TOPIC)
    ]
    return corrected(shipped(), rows[::-1], topics)


def topic_key(topic_id: int) -> str:
    return f"{_TOPIC}{topic_id}"


def topic_id(what: str) -> int | None:
    """Which topic of the house a question is about."""
    number = what.removeprefix(_TOPIC)
    return int(number) if number != what and number.isdecimal() and len(number) < 19 else None


def _words() -> tuple[Word, ...]:
    """Names of the house that a message may hold; a single letter is none."""
    return tuple((kind, name, name) for kind, name in sorted(fetch(_WORDS, [])) if len(name) > 1)


def _told(touches: Sequence[Touch]) -> dict[int, dict[str, str]]:
    """By message and question what people answered: that stands, whatever the ear makes of it."""
    told: dict[int, dict[str, str]] = {}
    rows = HearingCorrection.objects.filter(withdrawn_at=None, touch_id__in=[touch.id for touch in touches])
    for touch, what, answer in rows.values_list("touch_id", "what", "answer"):
        told.setdefault(touch, {})[what] = answer
    return told


def _row(
    organization_id: int, touch: Touch, ear: Ear, words: Sequence[Word], told: dict[str, str], now: datetime
) -> HeardMessage:
    said_at = touch.at.astimezone(touch.place.zone) if touch.place else None
    heard = hear(touch.text, now=said_at, words=words, house=ear.house, reasons=False)
    yes = {name: heard.chances[name] for name in (*TELLING, *ELEMENTS)}
    yes |= {key: chance for key, chance in heard.chances.items() if key.startswith(_TOPIC)}
    said = {
        name for name, chance in yes.items() if told.get(name, "yes" if chance >= SHOWN else "no") == "yes"
    }
    mood, urgency = (_one(told.get(what), getattr(heard, what), SILENT[what]) for what in (MOOD, URGENCY))
    chances = {name: _chance(chance) for name, chance in yes.items() if name in said or name in TELLING}
    chances |= {what: _chance(one.chance) for what in SILENT if (one := getattr(heard, what))}
    chances |= {what: 1 if answer != "no" else 0 for what, answer in told.items()}
    return HeardMessage(
        organization_id=organization_id, touch_id=touch.id, language=heard.tongue.code,
        acts=_in_order(said, yes, TELLING), elements=_in_order(said, yes, ELEMENTS),
        topics=sorted(number for each in said if (number := topic_id(each)) is not None),
        mood=mood, urgency=urgency, chances=chances, found=_found(heard, touch.text), ear=ear.mark, at=now,
    )  # fmt: skip


def _chance(chance: float) -> float:
    """Only a person is quite certain."""
    return min(round(chance, 3), 0.999)


def _one(told: str | None, said: Said | None, silent: str) -> str:
    label = told or (said.label if said and (said.weighty or said.chance >= SHOWN) else "")
    return "" if label == silent else label


def _in_order(said: set[str], chances: dict[str, float], names: Sequence[str]) -> list[str]:
    """The surest first."""
    return sorted((name for name in names if name in said), key=lambda name: -chances[name])


def _found(heard: Heard, text: str) -> list[dict[str, Any]]:
    """What is named in the text, each stretch once."""
    found, ends = [], 0
    for each in sorted(heard.found, key=lambda each: (each.begins, -each.ends)):
        if each.begins >= ends:
            found.append({"kind": each.kind, "words": text[each.begins : each.ends], "value": _value(each)})
            ends = each.ends
    return found


def _value(found: Found) -> str:
    match found.value:
        case datetime() as moment:
            return moment.isoformat()
        case Amount(value, currency):
            return f"{value} {currency}".strip()
        case str() as name:
            return name
        case day:
            return str(getattr(day, "text", day))
