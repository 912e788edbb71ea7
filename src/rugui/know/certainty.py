"""How sure the house wants to be before a message goes on a card by itself: the owner's to say, and measured.

The owner states which share of such links may be false. Both thresholds follow from it and from what people have decided
about suggested pairs (linking.py); beside each rate stands what it would do with the pairs that the house knows of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from ..core.errors import InputError, NotAllowed
from ..core.journal import Event, record
from ..engines.identity.linking import Decision, Measured, Thresholds, calibrate, measured, thresholds
from ..house.access import Actor
from ..house.models import Organization
from . import linking
from .pairs import CardPair

RATES = (0.01, 1 / 300, 0.001, 1 / 3000, 0.0001)
"""Rates that are offered."""
LEAST, MOST = 1e-5, 0.05


@dataclass(frozen=True, slots=True)
class Option:
    """One rate, and what it does: of all pairs that are known so many would be linked, and about so many asked."""

    rate: float
    limits: Thresholds
    measured: Measured
    linked: int
    asked: int

    @property
    def one_in(self) -> int:
        """The rate as people say it: one in a thousand."""
        return round(1 / self.rate)


@dataclass(frozen=True, slots=True)
class Standing:
    """The rate that holds, first of all by what it rests on."""

    now: Option
    options: list[Option]
    decided: int
    """Pairs that people have decided about."""
    same: int
    """Those of them that were one person: the confirmed matches."""
    pairs: int
    """Decided and open ones."""


def standing(actor: Actor) -> Standing:
    """What holds, and what else could. For owners."""
    must_own(actor)
    rate, decisions = linking.rate_of(actor.organization_id), linking.decided()
    waiting = CardPair.objects.filter(state=CardPair.State.SUGGESTED, probability__isnull=False)
    waiting = waiting.filter(low__merged_into=None, high__merged_into=None).order_by("-id")
    likely = waiting.values_list("probability", flat=True)[: linking.REMEMBERED]
    every = [*(each or 0.0 for each in likely), *(each.probability for each in decisions)]
    options = {
        round(1 / each): _option(each, decisions, every) for each in sorted({*RATES, rate}, reverse=True)
    }
    return Standing(
        options[round(1 / rate)],
        list(options.values()),
        len(decisions),
        sum(each.same for each in decisions),
        len(every),
    )


def _option(rate: float, decisions: Sequence[Decision], every: Sequence[float]) -> Option:
    limits = thresholds(calibrate(decisions), rate)
    linked = sum(each >= limits.link for each in every)
    asked = sum(limits.suggest <= each < limits.link for each in every)
    return Option(rate, limits, measured(decisions, limits), linked, asked)


def set_rate(actor: Actor, rate: float, *, now: datetime) -> None:
    """Which share of the messages that go on a card by themselves may be somebody else's."""
    must_own(actor)
    if not LEAST <= rate <= MOST:
        raise InputError({"false_link_rate": _("Between 1 in 100,000 (0.00001) and 1 in 20 (0.05).")})
    changed = Organization.objects.filter(id=actor.organization_id).exclude(false_link_rate=rate)
    if changed.update(false_link_rate=rate):
        record(actor, now, Event("recognition.rate", payload={"rate": rate}))


def must_own(actor: Actor) -> None:
    if not actor.owns:
        raise NotAllowed(_("This is for the owners of the house."))
