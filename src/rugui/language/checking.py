"""Reading a draft by the rules of its house. Rules are made ready once a process and version; reading asks one question.

What colleagues answered counts too, as of the beginning of the day: a rule that is mostly called wrong falls silent.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from threading import Lock

from ..core.ready import fetch
from ..engines.coach import Coach, Context, Mark
from ..house.access import Actor
from . import packs, queries
from .models import CoachTally, LexiconVersion

LONGEST = 20_000
CERTAIN = 0.5
"""Marks that are wrong more often than right are not shown."""
KEPT = 16
"""Houses whose rules a process keeps ready."""
_STANDING = (
    "SELECT (SELECT max(number) FROM rugui_lexiconversion),"
    " ARRAY(SELECT rule FROM rugui_silencedrule WHERE staff_id = %s)"
)
_kept: OrderedDict[tuple[int, int, date], Coach] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Read:
    """What was found in a draft, and by which version of the rules (0: the starter rules as they come)."""

    marks: tuple[Mark, ...]
    version: int


def check(actor: Actor, text: str, context: Context, *, today: date) -> Read:
    """The marks on a draft, without those of rules that this colleague has silenced."""
    actor.must_serve(None)
    number, silenced = fetch(_STANDING, [actor.staff_id or 0])[0]
    coach = coach_of(actor.organization_id, number or 0, today)
    hushed = set(silenced)
    marks = (mark for mark in coach.read(text[:LONGEST], context) if mark.rule not in hushed)
    return Read(tuple(marks), number or 0)


def coach_of(organization_id: int, number: int, today: date) -> Coach:
    """The coach of the house that the transaction works for, kept ready."""
    key = (organization_id, number, today)
    with _lock:
        if (found := _kept.get(key)) is not None:
            _kept.move_to_end(key)
            return found
    made = _made(number, today)
    with _lock:
        _kept[key] = made
        for old in [each for each in _kept if each[0] == organization_id and each != key]:
            del _kept[old]
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return made


@cache
def _starter() -> Coach:
    return Coach(packs.starter().values())


def warm() -> None:
    """Makes ready what the first draft would have to wait for. Asks the database nothing."""
    coach = _starter()
    for text in _FIRST:
        coach.read(text)


_FIRST = ("Please call us “soon”.", "请您稍候，我们尽快“回复”。", "請您稍候，我們儘快「回覆」。")
"""A draft in each language: tables and expressions are made when somebody first needs them."""


def _made(number: int, today: date) -> Coach:
    version = LexiconVersion.objects.filter(number=number).first() if number else None
    heard = heard_of(queries.tallies(today))
    own = queries.own(version)
    if not own and not heard:
        return _starter()
    return Coach(packs.packs_of(own), heard=heard)


def heard_of(counts: queries.Counts) -> dict[str, tuple[int, int]]:
    """By rule how often its words were taken, and how often it was said to be wrong."""
    kind = CoachTally.Kind
    found = {
        rule: (said.get(kind.TAKEN, 0), said.get(kind.DISMISSED, 0) + queries.wrong(said))
        for rule, said in counts.items()
    }
    return {rule: answers for rule, answers in found.items() if any(answers)}


def known_rules(organization_id: int, number: int, today: date, rules: Iterable[str]) -> set[str]:
    """Of `rules` those that the house has."""
    wanted = set(rules)
    return {rule.id for rule in coach_of(organization_id, number, today).rules if rule.id in wanted}


def standing(staff_id: int) -> int:
    """The number of the version that holds; 0 for the starter rules as they come."""
    return fetch(_STANDING, [staff_id])[0][0] or 0
