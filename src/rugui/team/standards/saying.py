"""Words that one may say: filled in for somebody, and read by the coach as it reads any reply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language

from ...core.phrases import language_tag
from ...engines.coach import Coach, Context
from ...house.access import Actor
from ...language import checking
from .models import Moment

_CONTEXTS: dict[str, tuple[str, str]] = {
    Moment.ARRIVAL: ("in_person", "greeting"),
    Moment.OPENING: ("phone", "greeting"),
    Moment.HOLD: ("phone", "hold"),
    Moment.TRANSFER: ("phone", "transfer"),
    Moment.CLOSING: ("phone", "farewell"),
    Moment.CHAT: ("chat", ""),
    Moment.EMAIL: ("email", ""),
    Moment.ESCORTING: ("in_person", ""),
    Moment.FAREWELL: ("in_person", "farewell"),
}
"""By moment: channel and occasion, as the coach knows them."""
_NOBODY = {
    "en": {"name": "Ms Chen", "place": "Lake House", "me": "Ana"},
    "zh-hant": {"name": "陳小姐", "place": "湖畔旅店", "me": "小安"},
    "zh-hans": {"name": "陈女士", "place": "湖畔旅店", "me": "小安"},
}
"""Who does not exist: an example's name while nobody is meant."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What the coach says about words to say."""

    words: str
    message: str
    why: str
    better: str
    """A sentence to say instead; empty where there is only advice."""


def filled(say: str, values: Mapping[str, str]) -> str:
    """`say` with {name}, {place} and {me}; what has no value is left out together with the comma that belonged to it."""
    for slot in ("name", "place", "me"):
        given, named = values.get(slot, ""), "{" + slot + "}"
        if given:
            say = say.replace(named, given)
        else:
            for around in (f", {named}", f"，{named}", f"{named}, ", f"{named}，", named):
                say = say.replace(around, "")
    say = say.strip()
    return say[:1].upper() + say[1:]


def example(say: str, language: str) -> str:
    """`say` as it would sound to somebody who does not exist."""
    return filled(say, _NOBODY.get(language, _NOBODY["en"]))


def reader(actor: Actor, *, today: date) -> Coach:
    """The coach by the rules of the house. One query; for all the words of a page the same."""
    return checking.coach_of(actor.organization_id, checking.standing(actor.staff_id or 0), today)


def remarks(reader: Coach, moment: str, say: str, language: str) -> list[Remark]:
    """What the house's rules mark in words to say; nothing where they are as the house speaks. Words that an occasion misses
    are not asked of a single sentence."""
    if not say.strip():
        return []
    channel, occasion = _CONTEXTS[moment]
    context = Context(
        language=language_tag(language), channel=channel, occasions=frozenset({occasion} - {""}),
        explain_in=language_tag(get_language()), certain=checking.CERTAIN,
    )  # fmt: skip
    said = example(say, language)
    found: list[Remark] = []
    for mark in reader.read(said, context):
        if mark.missing:
            continue
        better = next((each.text for each in mark.rather if not each.advice), "")
        found.append(Remark(said[mark.start : mark.end], mark.message, mark.why, better))
    return found
