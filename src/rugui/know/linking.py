"""Whose message is it? Linked by itself, asked about, or a new card.

What people decide about two cards (one person, or not) is remembered for good and corrects the probabilities
(engines/identity/linking.py); the house states how many false links it bears.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db.models import Exists, OuterRef, Q, QuerySet

from ..core.ready import Ready
from ..engines.identities import normal_identity
from ..engines.identity.linking import Calibration, Decision, Thresholds, calibrate, thresholds
from ..house.access import Actor
from ..house.models import Organization
from . import lineage
from .models import Customer
from .pairs import CardPair, Merge
from .recognise import Likely, recognise_fields

REMEMBERED = 2000
"""Decisions that are learned from, the newest."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent something: `customer` when that is as good as certain, else who it may be, the likeliest first."""

    customer: Customer | None
    likely: list[Likely]


def sender(actor: Actor, identities: Sequence[tuple[str, str]], name: str, *, region: str) -> Sender:
    """Recognises by identities and name together: a relative who shares a number is not taken for its owner."""
    found = recognise_fields(actor.organization_id, identities, name, regions=[region], limit=5)
    found = [each for each in found if any(reason.field != "name" for reason in each.reasons)]
    limits = limits_of(actor.organization_id)
    if found and found[0].probability >= limits.link:
        customer = found[0].customer
        normals = [(kind, normal_identity(kind, value, region) or "") for kind, value in identities]
        customer.came_as = lineage.came_by(customer.id, normals)
        return Sender(customer, found[1:])
    return Sender(None, [each for each in found if each.probability >= limits.suggest])


def limits_of(organization_id: int) -> Thresholds:
    """The thresholds of a house, from its own decisions."""
    return thresholds(learned(), rate_of(organization_id))


def rate_of(organization_id: int) -> float:
    """Which share of links the house bears to be false."""
    rate: float = Organization.objects.values_list("false_link_rate", flat=True).get(id=organization_id)
    return rate


def learned() -> Calibration:
    """What the decisions about suggested pairs have taught."""
    return _fitted(tuple(decided()))


@lru_cache(maxsize=32)
def _fitted(decisions: tuple[Decision, ...]) -> Calibration:
    """Messages come more often than decisions."""
    return calibrate(decisions)


def decided() -> list[Decision]:
    """What people have said about pairs of cards that had been suggested, the newest first. A merge that nobody has
    looked at confirms nothing; one that was undone says that they are two."""
    either = Q(source=OuterRef("low"), survivor=OuterRef("high")) | Q(
        source=OuterRef("high"), survivor=OuterRef("low")
    )
    standing = Merge.objects.filter(either, undone_at=None)
    rows = CardPair.objects.filter(probability__isnull=False).annotate(
        merged=Exists(standing),
        looked_at=Exists(standing.exclude(reason=Merge.Reason.CERTAIN)),
        parted=Exists(Merge.objects.filter(either).exclude(undone_at=None)),
    )
    rows = rows.filter(
        Q(looked_at=True) | Q(merged=False) & (Q(parted=True) | Q(state=CardPair.State.DISTINCT))
    )
    found = rows.order_by("-id").values_list("probability", "looked_at")[:REMEMBERED]
    return [Decision(probability or 0.0, same) for probability, same in found]


def suggest(card: Customer, likely: Sequence[Likely], *, now: datetime) -> list[CardPair]:
    """Asks whether a new card is somebody known. What was decided before is not asked again."""
    made = []
    for each in likely[:3]:
        low, high = sorted([card, each.customer], key=lambda one: one.id)
        pair, new = CardPair.objects.get_or_create(
            organization_id=card.organization_id,
            low=low,
            high=high,
            defaults={
                "state": CardPair.State.SUGGESTED,
                "probability": each.probability,
                "gain": each.probability,
                "reasons": [[reason.field, reason.level] for reason in each.reasons],
                "suggested_at": now,
            },
        )
        if new:
            made.append(pair)
    return made


def _undecided(low: int, high: int) -> QuerySet[CardPair]:
    rows = CardPair.objects.filter(Q(low_id=low) | Q(high_id=high), state=CardPair.State.SUGGESTED)
    rows = rows.filter(low__merged_into=None, high__merged_into=None)
    return rows.select_related("low", "high").order_by("-probability", "id")[:3]


_UNDECIDED = Ready(_undecided)


def questions_of(customer_ids: Collection[int]) -> dict[int, CardPair]:
    """The likeliest question about each of these cards that has one. One query, none without cards."""
    if not customer_ids:
        return {}
    ours = Q(low_id__in=customer_ids) | Q(high_id__in=customer_ids)
    rows = CardPair.objects.filter(
        ours, state=CardPair.State.SUGGESTED, low__merged_into=None, high__merged_into=None
    )
    found: dict[int, CardPair] = {}
    for pair in rows.select_related("low", "high").order_by("-probability", "id")[:60]:
        for each in {pair.low_id, pair.high_id} & set(customer_ids):
            found.setdefault(each, pair)
    return found


def questions(customer: Customer) -> list[CardPair]:
    """Who a card may be one person with, not yet decided, the likeliest first."""
    return _UNDECIDED(customer.id, customer.id)
