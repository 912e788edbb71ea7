"""Making two cards of one person one, taking that back, and saying that two cards are not the same.

Nothing is overwritten and nothing is lost: the source card stays as it was and names the survivor, its rows stand on
the survivor (know/lineage.py), what the survivor's card did not know is filled in from the source, and where the two
differ both are kept: the survivor's on its card, the other's on the source's, by which the person is found as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from ..core.errors import ChangedMeanwhile, HouseError, NotFound
from ..core.journal import Event, record
from ..house.access import Actor
from . import lineage
from .alike import Likeness, likeness
from .models import Customer, Identity
from .pairs import CardPair, Merge

FILLED = ("address_as", "language", "contact_person_id", "deputy_id", "pronunciation", "languages", "quiet")
"""What a card without it takes from the card that becomes part of it."""
KEPT = ("name", "external_id")
"""What each card keeps for itself; the person is found by all of them."""
Reason = Merge.Reason


class Blocked(HouseError):
    """These cards must not become one as things stand; `why` is `distinct` or `names`."""

    status = 409

    def __init__(self, why: str, message: str) -> None:
        super().__init__(message)
        self.why = why


@dataclass(frozen=True, slots=True)
class Outlook:
    """What speaks for and against two cards being one person's."""

    likeness: Likeness
    distinct: bool
    shared: list[Identity]
    """Identities that both cards have."""

    @property
    def blocked(self) -> str:
        """Why nobody may simply merge them: `distinct`, `names`, or empty."""
        if self.distinct:
            return "distinct"
        return "" if self.likeness.names_agree else "names"


def outlook(one: Customer, other: Customer) -> Outlook:
    """Compares two cards, each with all that are merged into it."""
    ours, theirs = lineage.lineage(one.id), lineage.lineage(other.id)
    decided = Q(low__in=ours, high__in=theirs) | Q(low__in=theirs, high__in=ours)
    distinct = CardPair.objects.filter(decided, state=CardPair.State.DISTINCT).exists()
    known = {(each.kind, each.normal) for each in Identity.objects.filter(customer=one)}
    shared = [
        each
        for each in Identity.objects.filter(customer=other).order_by("id")
        if (each.kind, each.normal) in known
    ]
    return Outlook(likeness(lineage.names(one.id), lineage.names(other.id)), distinct, shared)


def merge(actor: Actor, source: Customer, survivor: Customer, *, reason: str, now: datetime) -> Merge:
    """Makes `source` part of `survivor`. Raises `Blocked` for cards that only share a number, or are known to be two.

    Relatives share a telephone: a number in common is no reason. When the names do not agree, only a manager may
    merge, and only because the person has said so (`Reason.TOLD`).
    """
    actor.must_serve(None)
    _lock(source.id, survivor.id)
    source, survivor = _standing(source.id), _standing(survivor.id)
    _must_be_mergeable(actor, source, survivor, reason)
    made = Merge.objects.create(
        organization_id=actor.organization_id,
        source=source,
        survivor=survivor,
        at=now,
        staff_id=actor.staff_id,
        reason=reason,
        newest=lineage.newest(),
    )
    made.moved = lineage.join(actor.organization_id, source.id, survivor.id, made.id)
    Customer.objects.filter(id=source.id).update(merged_into=survivor)
    made.filled = _fill(survivor, source)
    made.save(update_fields=["moved", "filled"])
    lineage.write_keys(source.id, survivor.id)
    _record(actor, now, "merged", made)
    _bring_late_rows_home(made)
    return made


def undo(actor: Actor, merge: Merge, *, now: datetime) -> Merge:
    """Gives both cards back. What came after stays with the survivor, unless it came by the source's own name,
    number or address, or belongs to something that goes with it (a case, a message)."""
    actor.must_serve(None)
    root_id = lineage.root(merge.source_id)
    _lock(merge.source_id, root_id)
    if lineage.root(merge.source_id) != root_id:  # its card became part of another before we held it
        raise ChangedMeanwhile
    merge = Merge.objects.select_for_update().get(id=merge.id)
    if merge.undone_at is not None:
        raise ChangedMeanwhile
    Customer.objects.filter(id=merge.source_id).update(merged_into=None)
    lineage.part(actor.organization_id, merge.source_id, root_id, merge.newest)
    merge.undone_at, merge.undone_by_id = now, actor.staff_id
    merge.save(update_fields=["undone_at", "undone_by"])
    _empty(merge)
    lineage.write_keys(merge.source_id, root_id)
    _record(actor, now, "parted", merge)
    return merge


def not_the_same(actor: Actor, one: Customer, other: Customer, *, now: datetime) -> CardPair:
    """These are two people; nobody is asked again, and no search merges them."""
    return _decide(actor, one, other, CardPair.State.DISTINCT, "pair.distinct", now)


def ask_later(actor: Actor, one: Customer, other: Customer, *, now: datetime) -> CardPair:
    """Out of the queue, until somebody looks for what was put off."""
    return _decide(actor, one, other, CardPair.State.LATER, "pair.put_off", now)


def ask_again(actor: Actor, pair: CardPair, *, now: datetime) -> None:
    """Takes a decision about two cards back: they may be one person after all."""
    actor.must_serve(None)
    changed = CardPair.objects.filter(id=pair.id).exclude(state=CardPair.State.SUGGESTED)
    if not changed.update(state=CardPair.State.SUGGESTED, decided_at=None, decided_by=None):
        raise ChangedMeanwhile
    record(actor, now, *_about("pair.reopened", pair.id, pair.low_id, pair.high_id))


def older(one: Customer, other: Customer) -> tuple[Customer, Customer]:
    """(source, survivor) unless somebody says otherwise: the card that has been there longer stays. How either may
    be reached, or for what, plays no part."""
    return (other, one) if one.id < other.id else (one, other)


def _must_be_mergeable(actor: Actor, source: Customer, survivor: Customer, reason: str) -> None:
    if source.id == survivor.id:
        raise ChangedMeanwhile(_("These are one card already."))
    seen = outlook(source, survivor)
    if seen.distinct:
        raise Blocked(
            "distinct",
            _("Somebody has said that these are two people. Take that back first, if it was wrong."),
        )
    if seen.likeness.names_agree:
        return
    if reason != Reason.TOLD or not (actor.leads_somewhere or actor.is_house):
        raise Blocked(
            "names",
            _(
                "The names are not alike, and relatives often share a telephone or an address. A manager can merge"
                " these cards when the person has told you that both are theirs."
            ),
        )


def _lock(*card_ids: int) -> None:
    """In the order of their numbers, so that two people who merge the same cards wait for each other."""
    list(Customer.objects.select_for_update().filter(id__in=card_ids).order_by("id").values_list("id"))


def _standing(card_id: int) -> Customer:
    card = Customer.objects.filter(id=card_id).first()
    if card is None:
        raise NotFound
    if card.merged_into_id is not None:
        raise ChangedMeanwhile(_("One of these cards has become part of another meanwhile."))
    return card


def _fill(card: Customer, source: Customer) -> dict[str, list[Any]]:
    """What `card` did not know and `source` did, as [before, now] by field."""
    filled = {}
    for field in FILLED:
        mine, theirs = getattr(card, field), getattr(source, field)
        if not mine and theirs:
            filled[field] = [mine, theirs]
            setattr(card, field, theirs)
    if filled:
        card.save(update_fields=[field.removesuffix("_id") for field in filled])
    return filled


def _empty(merge: Merge) -> None:
    """Takes back what a merge filled in and nobody has changed since; the cards that stay may fill it instead."""
    above: Merge | None = merge
    while above is not None:
        card = Customer.objects.get(id=above.survivor_id)
        taken = [name for name, (_was, value) in above.filled.items() if getattr(card, name) == value]
        if above is not merge:
            child = Customer.objects.get(id=above.source_id)
            taken = [name for name in taken if getattr(child, name) != above.filled[name][1]]
        for name in taken:
            setattr(card, name, above.filled[name][0])
        if not taken:
            return
        card.save(update_fields=[name.removesuffix("_id") for name in taken])
        if above is not merge:
            above.filled = {name: value for name, value in above.filled.items() if name not in taken}
            above.save(update_fields=["filled"])
        # Merges before it could have filled what it has filled; that they did not, or no longer do, was somebody's wish.
        since = Merge.objects.filter(survivor=card, undone_at=None, id__gte=above.id)
        for other in since.select_related("source").order_by("id"):
            if more := _fill(card, other.source):
                other.filled |= more
                other.save(update_fields=["filled"])
        above = Merge.objects.filter(source=card, undone_at=None).first()


def _bring_late_rows_home(made: Merge) -> None:
    from .jobs import bring_home

    bring_home.configure(schedule_in={"seconds": 20}).defer(
        organization_id=made.organization_id, merge_id=made.id
    )


def _decide(actor: Actor, one: Customer, other: Customer, state: str, kind: str, now: datetime) -> CardPair:
    actor.must_serve(None)
    low, high = sorted([one, other], key=lambda card: card.id)
    if low.id == high.id:
        raise ChangedMeanwhile(_("These are one card already."))
    pair, _new = CardPair.objects.update_or_create(
        organization_id=actor.organization_id,
        low=low,
        high=high,
        defaults={"state": state, "decided_at": now, "decided_by_id": actor.staff_id},
    )
    record(actor, now, *_about(kind, pair.id, low.id, high.id))
    return pair


def _about(kind: str, subject_id: int, *card_ids: int) -> list[Event]:
    return [Event(kind, customer_id=card_id, subject_id=subject_id) for card_id in card_ids]


def _record(actor: Actor, now: datetime, verb: str, merge: Merge) -> None:
    payload = {"source": merge.source_id, "survivor": merge.survivor_id, "reason": merge.reason}
    if verb == "merged":
        payload |= {"moved": merge.moved, "filled": sorted(merge.filled)}
    cards = dict.fromkeys([merge.survivor_id, merge.source_id, lineage.root(merge.survivor_id)])
    record(
        actor,
        now,
        *(
            Event(f"customer.{verb}", customer_id=card, subject_id=merge.id, payload=payload)
            for card in cards
        ),
    )
