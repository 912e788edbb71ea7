"""Looking through all cards for people who have two: the search, what it writes down, and the queue of pairs.

A search reads what recognition goes by (names, telephones, addresses), compares with the engine that the desk's look-up
uses (engines/identity), and leaves suggestions. It merges nothing, unless the owner has said that pairs as good as
certain may become one by themselves; each such merge is undone like any other. Pairs that somebody has said are two
people, and pairs whose merge was undone, are not suggested again.
"""

from __future__ import annotations

import logging
import math
from array import array
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ..core import tenancy
from ..core.errors import ChangedMeanwhile, NotAllowed
from ..core.journal import Event, record
from ..core.time import now as this_moment
from ..house.access import Actor, house_actor
from ..house.models import Organization
from . import compare
from . import merge as merging
from .models import Customer, Identity
from .pairs import CardPair, DuplicateSearch, Merge

if TYPE_CHECKING:
    from ..engines.identity import batch

log = logging.getLogger("rugui.know")
State = DuplicateSearch.State
Stage = DuplicateSearch.Stage
GOING = (State.WAITING, State.RUNNING)
SHOWN = 0.3
"""Less likely pairs are not worth a look."""
MOST = 5_000
"""Suggestions kept: the best; the next search brings the next."""
KEPT = timedelta(days=14)
DEAD_AFTER = timedelta(hours=2)


def queue(*, later: bool = False) -> tuple[list[CardPair], int]:
    """The pair most worth a look, and how many more there are."""
    state = CardPair.State.LATER if later else CardPair.State.SUGGESTED
    rows = CardPair.objects.filter(state=state, low__merged_into=None, high__merged_into=None)
    first = rows.select_related("low", "high").order_by("-gain", "-id")[:1]
    return list(first), max(0, rows.count() - 1)


def put_off() -> int:
    """How many pairs somebody wanted to look at later."""
    rows = CardPair.objects.filter(state=CardPair.State.LATER)
    return rows.filter(low__merged_into=None, high__merged_into=None).count()


def last_search() -> DuplicateSearch | None:
    return DuplicateSearch.objects.order_by("-id").first()


def merges_automatically(actor: Actor) -> bool:
    return Organization.objects.values_list("merge_automatically", flat=True).get(id=actor.organization_id)


def merge_automatically(actor: Actor, on: bool, *, now: datetime) -> None:
    """Whether what is as good as certain is merged without a look: the owner's to say."""
    if not actor.owns:
        raise NotAllowed(_("This is for the owners of the house."))
    Organization.objects.filter(id=actor.organization_id).update(merge_automatically=on)
    record(actor, now, Event("duplicates.automatic", payload={"on": on}))


def start(actor: Actor, *, now: datetime) -> DuplicateSearch:
    """Hands a search to a worker. One at a time; one whose worker died long ago does not count."""
    from .jobs import search_duplicates

    actor.must_lead_somewhere()
    stale = DuplicateSearch.objects.filter(state__in=GOING, beat_at__lt=now - DEAD_AFTER)
    stale.update(state=State.FAILED, finished_at=now)
    try:
        with transaction.atomic():
            search = DuplicateSearch.objects.create(
                organization_id=actor.organization_id, staff_id=actor.staff_id, started_at=now, beat_at=now
            )
    except IntegrityError as error:
        raise ChangedMeanwhile(_("The cards are being looked through right now.")) from error
    record(actor, now, Event("duplicates.asked", subject_id=search.id))
    search_duplicates.defer(organization_id=actor.organization_id, search_id=search.id)
    return search


def stop(actor: Actor, *, now: datetime) -> None:
    """Ends the search that is going on; what earlier ones have suggested stays."""
    actor.must_lead_somewhere()
    going = DuplicateSearch.objects.filter(state__in=GOING)
    if not going.update(state=State.STOPPED, finished_at=now):
        raise ChangedMeanwhile
    record(actor, now, Event("duplicates.stopped"))


class Stopped(Exception):
    """Somebody has ended the search."""


def carry_out(organization_id: int, search_id: int) -> None:
    """The search itself. Reads and writes in short transactions; compares in none."""
    from ..engines.identity import batch

    def reached(stage: str, **counts: int) -> None:
        with tenancy.within(organization_id):
            going = DuplicateSearch.objects.filter(id=search_id, state__in=GOING)
            if not going.update(state=State.RUNNING, stage=stage, beat_at=this_moment(), **counts):
                raise Stopped

    try:
        reached(Stage.READING)
        with tenancy.within(organization_id):
            ids, *given = _read()
            apart = _apart(ids)
        reached(Stage.COMPARING, cards=len(ids))
        # Asked after every piece: whoever stops a search waits for seconds, not for its end.
        found = batch.look_through(
            given.pop(),  # handed over: what it is made of is not held beside it
            apart=apart,
            keep=SHOWN,
            told=lambda stage, _share: reached(Stage(stage)),
        )
        reached(Stage.WRITING)
        _write(organization_id, search_id, ids, found, reached)
    except Stopped:
        log.info("duplicates.stopped", extra={"search": search_id})
    except Exception:
        with tenancy.within(organization_id):
            going = DuplicateSearch.objects.filter(id=search_id, state__in=GOING)
            going.update(state=State.FAILED, finished_at=this_moment())
        raise


def _read() -> tuple[array[int], batch.Cards]:
    """The ids of all cards, and what they are recognised by, each with the cards merged into it."""
    from ..engines.identity import batch

    ids, names, merged = array("q"), list[tuple[str, ...]](), dict[int, tuple[int, str]]()
    rows = Customer.objects.order_by("id").values_list("id", "name", "merged_into_id")
    for card, name, merged_into in rows.iterator(chunk_size=20_000):
        if merged_into is None:
            ids.append(card)
            names.append((name,))
        else:
            merged[card] = merged_into, name
    place = {card: index for index, card in enumerate(ids)}
    above = {card: over for card, (over, _name) in merged.items()}
    for card, (_over, name) in merged.items():
        at = place[_root(card, above)]
        if name not in names[at]:
            names[at] = (*names[at], name)
    return ids, batch.Cards(names, _reached_by("phone", place), _reached_by("email", place))


def _reached_by(kind: str, place: Mapping[int, int]) -> list[tuple[str, ...]]:
    """By card, what it can be reached by."""
    found: list[tuple[str, ...]] = [()] * len(place)
    rows = Identity.objects.filter(kind=kind).values_list("customer_id", "normal")
    for card, normal in rows.iterator(chunk_size=20_000):
        if (at := place.get(card)) is not None:
            found[at] = tuple(sorted((*found[at], normal))) if found[at] else (normal,)
    return found


def _apart(ids: Sequence[int]) -> frozenset[tuple[int, int]]:
    """Cards that somebody has kept apart, or taken apart, by their places among `ids`, which ascend."""
    decided = CardPair.objects.filter(state=CardPair.State.DISTINCT).values_list("low_id", "high_id")
    undone = Merge.objects.exclude(undone_at=None).values_list("source_id", "survivor_id")
    above = dict(Customer.objects.exclude(merged_into=None).values_list("id", "merged_into_id"))
    result = set()
    for pair in [*decided, *undone]:
        one, other = sorted(_root(card, above) for card in pair)
        low, high = bisect_left(ids, one), bisect_left(ids, other)
        if one != other and [one, other] == [*ids[low : low + 1], *ids[high : high + 1]]:
            result.add((low, high))
    return frozenset(result)


def _root(card: int, above: dict[int, int]) -> int:
    while card in above:
        card = above[card]
    return card


def _write(
    organization_id: int, search_id: int, ids: Sequence[int], found: batch.Found, reached: Callable[..., None]
) -> None:
    now = this_moment()
    actor = house_actor(organization_id)
    merged = 0
    with tenancy.within(organization_id):
        automatic = merges_automatically(actor)
    if automatic:
        for cluster in found.clusters:
            reached(Stage.WRITING)
            merged += _merge_all(actor, [ids[index] for index in cluster], now)
    with tenancy.within(organization_id):
        written = _suggest(organization_id, ids, found, now)
        DuplicateSearch.objects.filter(id=search_id).update(
            state=State.DONE, finished_at=this_moment(), pairs=written, merged=merged
        )
        record(
            actor,
            now,
            Event("duplicates.found", subject_id=search_id, payload={"pairs": written, "merged": merged}),
        )


def _merge_all(actor: Actor, card_ids: list[int], now: datetime) -> int:
    """Makes a group of cards one, the oldest of them; what has changed since it was read is left alone."""
    merged = 0
    for card_id in card_ids[1:]:
        try:
            with tenancy.within(actor.organization_id):
                both = Customer.objects.in_bulk([card_ids[0], card_id])
                if len(both) == 2:
                    merging.merge(
                        actor, both[card_id], both[card_ids[0]], reason=Merge.Reason.CERTAIN, now=now
                    )
                    merged += 1
        except (merging.Blocked, ChangedMeanwhile) as refusal:
            log.info("duplicates.left", extra={"why": type(refusal).__name__})
    return merged


def _suggest(organization_id: int, ids: Sequence[int], found: batch.Found, now: datetime) -> int:
    living = set(Customer.objects.filter(merged_into=None).values_list("id", flat=True))
    fields = list(found.levels)
    made = []
    for index, (one, other) in enumerate(found.pairs.tolist()):
        low, high = sorted((ids[one], ids[other]))
        if low in living and high in living:
            levels = [[name, found.levels[name][index]] for name in fields]
            made.append((low, high, float(found.probability[index]), levels))
    made = sorted(made, key=lambda each: -each[2])[:MOST]
    weight = compare.rows_on({card for low, high, _p, _levels in made for card in (low, high)})
    CardPair.objects.bulk_create(
        [
            CardPair(
                organization_id=organization_id,
                low_id=low,
                high_id=high,
                state=CardPair.State.SUGGESTED,
                probability=probability,
                gain=probability * (1 + math.log1p(min(weight.get(low, 0), weight.get(high, 0)))),
                reasons=levels,
                suggested_at=now,
            )
            for low, high, probability, levels in made
        ],
        update_conflicts=True,
        unique_fields=["low", "high"],
        update_fields=["probability", "gain", "reasons", "suggested_at"],
        batch_size=1000,
    )
    # What a message has made somebody ask is kept for a while, though the search would not ask it.
    CardPair.objects.filter(state=CardPair.State.SUGGESTED, suggested_at__lt=now - KEPT).delete()
    return CardPair.objects.filter(state=CardPair.State.SUGGESTED).count()
