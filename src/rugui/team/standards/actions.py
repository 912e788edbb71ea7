"""Deciding what the standards of the house are: begun with, added, changed by version, taken out and brought back."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ...core.errors import ChangedMeanwhile, InputError, NotAllowed, Text
from ...core.journal import Event, record
from ...core.phrases import LANGUAGES, choose_one, listed, too_long
from ...house.access import Actor
from ...house.models import Organization, Place
from .models import Moment, Standard, StandardWording

LONGEST_TEXT, LONGEST_SAY = 200, 300
MOST_AT_A_MOMENT = 12
"""More than somebody can look at in half a minute."""
SLOTS = ("name", "place", "me")
_STARTER = Path(__file__).with_name("starter.toml")


@dataclass(frozen=True, slots=True)
class Said:
    """A standard in one language: the statement, and words that one may say (none for what is done, not said)."""

    text: str
    say: str = ""


Words = Mapping[str, Said]
"""By language."""


@cache
def starter() -> tuple[tuple[str, Words], ...]:
    """The standards to begin with: (moment, words)."""
    told = tomllib.loads(_STARTER.read_text(encoding="utf-8"))["standard"]
    return tuple((each["moment"], {code: Said(*each[code]) for code, _name in LANGUAGES}) for each in told)


def begin(actor: Actor, *, now: datetime) -> int:
    """The starter standards hold everywhere from now on; how many. Refused once there is any standard for everywhere."""
    _must_decide(actor, None)
    Organization.objects.select_for_update(no_key=True).only("id").get(id=actor.organization_id)
    if Standard.objects.filter(place=None, retired_at=None).exists():
        raise ChangedMeanwhile(_("There are standards already. Change those."))
    for moment, words in starter():
        _make(actor, Standard(moment=moment), words, now)
    record(actor, now, Event("standards.begun", payload={"count": len(starter())}))
    return len(starter())


def add(
    actor: Actor,
    moment: str,
    words: Words,
    *,
    now: datetime,
    place: Place | None = None,
    instead_of: Standard | None = None,
) -> Standard:
    """A new standard, everywhere or at a place; `instead_of`: of the one for everywhere, said otherwise at `place`."""
    place_id = place.id if place else None
    _must_decide(actor, place_id)
    if moment not in Moment.values:
        raise InputError({"moment": choose_one(Moment.values)})
    _check(words)
    if instead_of is not None and (
        place is None or instead_of.place_id is not None or instead_of.moment != moment
    ):
        raise InputError({"place": _("Say at which place it is said otherwise.")})
    Organization.objects.select_for_update(no_key=True).only("id").get(id=actor.organization_id)
    rows = Standard.objects.filter(moment=moment, place=place, retired_at=None, instead_of=None)
    if instead_of is None and rows.count() >= MOST_AT_A_MOMENT:
        most = _(
            "A moment has at most %(count)s standards, so that they can be remembered. Take one out first."
        )
        raise InputError({"moment": most % {"count": MOST_AT_A_MOMENT}})
    made = Standard(moment=moment, place=place, instead_of=instead_of)
    try:
        with transaction.atomic():
            _make(actor, made, words, now)
    except IntegrityError as error:  # standard_instead_once
        raise InputError({"place": _("It is said otherwise there already. Change that one.")}) from error
    record(actor, now, Event("standard.made", place_id, subject_id=made.id, payload={"moment": moment}))
    return made


def change(actor: Actor, standard: Standard, words: Words, *, seen: int, now: datetime) -> None:
    """Other words, as the next version; `seen` is the version that the writer has read. What did not change makes none."""
    _must_decide(actor, standard.place_id)
    _check(words)
    if seen == standard.version and _same(standard, words):
        return
    holds = Standard.objects.filter(id=standard.id, version=seen, retired_at=None)
    if not holds.update(version=seen + 1):
        raise ChangedMeanwhile
    standard.version = seen + 1
    _word(actor, standard, words, now)
    payload = {"version": standard.version}
    record(actor, now, Event("standard.changed", standard.place_id, subject_id=standard.id, payload=payload))


def retire(actor: Actor, standard: Standard, *, now: datetime) -> None:
    """It holds no longer. What was seen of it stays; so do the words that other places have in its stead."""
    _must_decide(actor, standard.place_id)
    if not Standard.objects.filter(id=standard.id, retired_at=None).update(retired_at=now):
        raise ChangedMeanwhile
    standard.retired_at = now
    record(actor, now, Event("standard.retired", standard.place_id, subject_id=standard.id))


def restore(actor: Actor, standard: Standard, *, now: datetime) -> None:
    """It holds again, in its last words."""
    _must_decide(actor, standard.place_id)
    try:
        with transaction.atomic():
            gone = Standard.objects.filter(id=standard.id, retired_at__isnull=False)
            if not gone.update(retired_at=None):
                raise ChangedMeanwhile
    except IntegrityError as error:  # standard_instead_once
        raise ChangedMeanwhile(_("It is said otherwise there already. Change that one.")) from error
    standard.retired_at = None
    record(actor, now, Event("standard.restored", standard.place_id, subject_id=standard.id))


def _must_decide(actor: Actor, place_id: int | None) -> None:
    if place_id is None and not actor.leads(None):
        raise NotAllowed(_("What holds everywhere is decided by who leads every place."))
    actor.must_lead(place_id)


def _make(actor: Actor, standard: Standard, words: Words, now: datetime) -> None:
    standard.organization_id, standard.made_at = actor.organization_id, now
    standard.save()
    _word(actor, standard, words, now)


def _word(actor: Actor, standard: Standard, words: Words, now: datetime) -> None:
    StandardWording.objects.bulk_create(
        StandardWording(
            organization_id=actor.organization_id, standard=standard, number=standard.version, language=language,
            text=said.text.strip(), say=said.say.strip(), made_at=now, made_by_id=actor.staff_id,
        )
        for language, said in words.items()
        if said.text.strip()
    )  # fmt: skip


def _same(standard: Standard, words: Words) -> bool:
    rows = StandardWording.objects.filter(standard=standard, number=standard.version)
    now = {language: (text, say) for language, text, say in rows.values_list("language", "text", "say")}
    return now == {
        key: (each.text.strip(), each.say.strip()) for key, each in words.items() if each.text.strip()
    }


def _check(words: Words) -> None:
    problems: dict[str, Text] = {}
    if not any(said.text.strip() for said in words.values()):
        problems["text"] = _("Write it in at least one language.")
    for language, said in words.items():
        if language not in dict(LANGUAGES):
            problems["language"] = choose_one(dict(LANGUAGES))
        for name, text, longest in (("text", said.text, LONGEST_TEXT), ("say", said.say, LONGEST_SAY)):
            if len(text.strip()) > longest:
                problems[f"{name}_{language}"] = too_long(longest)
            elif "\x00" in text or "\n" in text.strip():
                problems[f"{name}_{language}"] = _("Write it in one line.")
        if said.say.strip() and not said.text.strip():
            problems[f"text_{language}"] = _("Write the standard itself too, not only the words to say.")
        elif wrong := unknown_slot(said.say):
            problems[f"say_{language}"] = _("%(slot)s is not known. What is filled in: %(slots)s.") % {
                "slot": wrong, "slots": listed(f"{{{each}}}" for each in SLOTS),
            }  # fmt: skip
    if problems:
        raise InputError(problems)


def unknown_slot(say: str) -> str:
    """The first thing in braces that nothing is filled in for; empty when there is none."""
    for piece in say.split("{")[1:]:
        name, closed, _rest = piece.partition("}")
        if not closed or name not in SLOTS:
            return "{" + name + closed
    return ""
