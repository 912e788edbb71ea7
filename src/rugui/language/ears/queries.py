"""Reading what was heard: chips for messages on a page, everything about one, and what people have set right."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from ...core.ids import public_id
from ...core.ready import Ready
from ...engines.hearing import ELEMENTS
from ...house.access import Actor
from ...serve.models import Touch
from . import words
from .listening import MOOD, TELLING, URGENCY, topic_key
from .models import HeardMessage, HearingCorrection, HouseTopic
from .words import Chip

LISTED = 100
PAST = 2
"""So many chips a message has in a history or a thread, the first that are heard."""
_RANK = {"now": 0, "today": 1}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page shows of one message."""

    heard: HeardMessage
    chips: list[Chip]
    found: list[tuple[str, str, str]]
    """(icon, what it is, the words)."""

    @property
    def touch(self) -> str:
        """The message's public id."""
        return public_id("touch", self.heard.touch_id)

    @property
    def lasting(self) -> list[Chip]:
        """What is shown of a message of some time ago: no longer how soon it mattered."""
        return [chip for chip in self.chips if chip.what != URGENCY][:PAST]

    @property
    def complaint(self) -> bool:
        return "complaint" in self.heard.acts

    @property
    def request(self) -> bool:
        return "request" in self.heard.acts

    @property
    def pressing(self) -> bool:
        return self.heard.urgency == "now"


@cache
def _heard() -> Ready[HeardMessage]:
    return Ready(lambda ids: HeardMessage.objects.filter(touch_id__in=ids).select_related("touch"))


def seen(touches: Collection[int]) -> dict[int, Seen]:
    """By message what was heard. One query, none for no messages; one more where a topic of the house was heard."""
    if not touches:
        return {}
    rows = _heard()(sorted(touches))
    names = topic_names({number for row in rows for number in row.topics})
    return {row.touch_id: show(row, names) for row in rows}


def show(row: HeardMessage, topics: Mapping[int, str]) -> Seen:
    chips = [_yes(act, words.act(act, _sure(row, act))) for act in row.acts]
    if row.urgency:
        text = words.state(words.URGENCIES[row.urgency], _sure(row, URGENCY))
        chips.insert(
            0, Chip(text, words.told(URGENCY, "whenever", {}), URGENCY, "whenever", row.urgency == "now")
        )
    if row.mood:
        text = words.state(words.MOODS[row.mood], _sure(row, MOOD))
        chips.append(Chip(text, words.told(MOOD, "calm", {}), MOOD, "calm", False))
    chips += [_yes(each, words.about(words.ELEMENTS[each], _sure(row, each))) for each in row.elements]
    for number in row.topics:
        if (name := topics.get(number)) is not None:
            chips.append(_yes(topic_key(number), words.about(name, _sure(row, topic_key(number))), topics))
    found = [(*words.FOUND.get(each["kind"], words.FOUND["person"]), each["words"]) for each in row.found]
    return Seen(row, chips, [(icon, str(what), said) for icon, what, said in found])


def _yes(what: str, text: str, topics: Mapping[int, str] | None = None) -> Chip:
    return Chip(text, words.told(what, "no", topics or {}), what, "no", False)


def _sure(row: HeardMessage, what: str) -> float:
    return float(row.chances.get(what, 1))


def rank(found: Seen | None) -> int:
    """Where a message stands in a list: what is urgent first, then what is for today, then by time."""
    return 2 if found is None else _RANK.get(found.heard.urgency, 2)


def topic_names(numbers: Collection[int]) -> dict[int, str]:
    """Names of the house's topics; of those that were given up too."""
    if not numbers:
        return {}
    return dict(HouseTopic.objects.filter(id__in=list(numbers)).values_list("id", "name"))


def topics() -> list[HouseTopic]:
    """What the house listens for besides, by name."""
    return list(HouseTopic.objects.filter(ended_at=None).order_by("name"))


@dataclass(frozen=True, slots=True)
class Question:
    """One question about a message with all its answers: (answer, words, whether it stands so, whether a person said it)."""

    title: str
    what: str
    options: list[tuple[str, str, bool]]
    told: bool


def questions(touch: Touch, heard: HeardMessage | None) -> list[Question]:
    """Everything that can be set right about a message. Two queries."""
    told = dict(corrections_of(touch.id).values_list("what", "answer"))
    own = topics()
    rows = [
        (name, words.capital(words.ACTS[name]), heard is not None and name in heard.acts) for name in TELLING
    ]
    rows += [
        (name, _about(words.ELEMENTS[name]), heard is not None and name in heard.elements)
        for name in ELEMENTS
    ]
    rows += [
        (topic_key(each.id), _about(each.name), heard is not None and each.id in heard.topics) for each in own
    ]
    made = [
        Question(title, what, [("yes", _("Yes"), holds), ("no", _("No"), not holds)], what in told)
        for what, title, holds in rows
    ]
    for what, labels, silent in ((URGENCY, words.URGENCIES, "whenever"), (MOOD, words.MOODS, "calm")):
        now = (getattr(heard, what) if heard else "") or silent
        options = [(label, str(text), label == now) for label, text in labels.items()]
        made.append(Question(str(words.QUESTIONS[what]), what, options, what in told))
    return made


def _about(text: Any) -> str:
    return _("About %(what)s") % {"what": text}


def corrections_of(touch_id: int) -> QuerySet[HearingCorrection]:
    """What holds of one message."""
    return HearingCorrection.objects.filter(touch_id=touch_id, withdrawn_at=None)


def corrections(actor: Actor) -> list[HearingCorrection]:
    """What holds, of the messages of the places that this actor sees, the latest first."""
    rows = HearingCorrection.objects.filter(withdrawn_at=None)
    if not (actor.is_house or None in actor.roles):
        rows = rows.filter(
            Q(touch__place=None) | Q(touch__place__in=[place for place in actor.roles if place])
        )
    return list(rows.select_related("touch__customer", "made_by").order_by("-id")[:LISTED])
