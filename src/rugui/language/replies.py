"""What the house has written to customers, to try rules on and to hear its voice. Rooms above add their own words."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from ..house.access import Actor
from ..serve.models import Touch


@dataclass(frozen=True, slots=True)
class Reply:
    """Words of ours to a customer."""

    text: str
    at: datetime
    staff_id: int | None
    channel: str
    occasion: str = ""


Source = Callable[[Collection[int] | None, int | None, int], list[Reply]]
"""The latest replies of some places (None: of all) by one person (None: by all), at most so many, newest first."""
MOST = 200


def of_touches(place_ids: Collection[int] | None, staff_id: int | None, most: int) -> list[Reply]:
    rows = Touch.objects.filter(direction=Touch.Direction.OUT).exclude(text="")
    if place_ids is not None:
        rows = rows.filter(place_id__in=place_ids)
    if staff_id is not None:
        rows = rows.filter(staff_id=staff_id)
    found = rows.order_by("-id").values_list("text", "at", "staff_id", "channel")[:most]
    return [Reply(*each) for each in found]


SOURCES: list[Source] = [of_touches]


def latest(actor: Actor, most: int = MOST, *, staff_id: int | None = None) -> list[Reply]:
    """The latest replies of the places that this actor sees, newest first; of one person alone. A query for each source."""
    everywhere = None in actor.roles or actor.is_house
    seen = None if everywhere else [place for place in actor.roles if place is not None]
    found = [reply for source in SOURCES for reply in source(seen, staff_id, most)]
    found.sort(key=lambda reply: reply.at, reverse=True)
    return found[:most]
