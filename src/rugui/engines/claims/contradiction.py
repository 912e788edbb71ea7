"""Which claims cannot both be so, and which of them leads. Both are always kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .belief import promotes
from .model import GUESSES, Claim

COMPARED = frozenset({"need", "preference", "fact", "date", "person"})
"""Kinds that say how somebody is. A mood passes, and one may wish for what one never took before."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a new claim does to those that stand (by index) and to itself."""

    strikes: tuple[int, ...] = ()
    """Contradicted by it: older, or less sure."""
    struck_by: int | None = None
    """Leads over the new claim, which is only a guess."""
    promotes: tuple[int, ...] = ()
    """Agreeing claims that were seen once and are standing from now on."""
    promoted: bool = False
    """The new claim is itself standing, because it was seen before."""


ONE_ONLY = frozenset(
    {
        *(
            "pillow",
            "bed",
            "floor",
            "temperature",
            "seat",
            "newspaper",
            "size",
            "smoke",
            "home",
            "contact",
            "contact-time",
        ),
        *("birthday", "anniversary", "name", "pronunciation"),
    }
)
"""Topics of which only one value is true at a time. One may like beef and fish, but sleeps on one pillow."""
WIDE = frozenset(
    {
        *(
            "allergy",
            "diet",
            "food",
            "drink",
            "access",
            "health",
            "room",
            "service",
            "product",
            "gift",
            "brand",
            "style",
        ),
        *(
            "staff",
            "hobby",
            "sport",
            "family",
            "friend",
            "colleague",
            "pet",
            "child",
            "travel",
            "experience",
            "celebration",
        ),
        *(
            "privacy",
            "hair",
            "skin",
            "nails",
            "material",
            "colour",
            "delivery",
            "price",
            "payment",
            "work",
            "study",
            "money",
        ),
        *(
            "bath",
            "view",
            "light",
            "housekeeping",
            "arrival",
            "transport",
            "luggage",
            "appointment",
            "packaging",
            "other",
        ),
    }
)
"""Topics so wide that without a value two claims need not be about the same thing."""


def contradicts(one: Claim, other: Claim) -> bool:
    """Whether both cannot hold: the same thing of the same subject, wanted and not wanted; or two values where only one
    can be.

    Not wanting two different things is no contradiction, nor is wanting one and not the other. Not wanting a topic as a
    whole contradicts wanting any of it.
    """
    if not _comparable(one, other):
        return False
    if one.polarity * other.polarity < 0:
        against = one if one.polarity < 0 else other
        if against.value:
            return _same(one.value, other.value)
        return one.topic not in WIDE
    if one.polarity < 0 or other.polarity < 0 or not (one.value and other.value):
        return False
    return one.topic in ONE_ONLY and not _same(one.value, other.value)


def repeats(one: Claim, other: Claim) -> bool:
    """Whether both say the same: the same value of a topic, or without values the same words."""
    if not _comparable(one, other) or one.polarity != other.polarity:
        return False
    if (one.kind == "need") != (other.kind == "need"):
        return False
    if one.value or other.value:
        return _same(one.value, other.value)
    return _same(one.text, other.text)


def weigh(standing: Sequence[Claim], new: Claim) -> Verdict:
    """What `new` does to the claims that are known already (none of them struck).

    A need is struck by nothing but a person's own decision: somebody allergic is not proved well by a careless line. A
    guess never strikes what was witnessed, and what was so once strikes nothing that holds in general.
    """
    strikes, agreeing, leads = [], [], None
    promoted = False
    for index, old in enumerate(standing):
        if contradicts(old, new):
            if new.source in GUESSES and old.source not in GUESSES:
                leads = index
            elif old.kind != "need" and (new.standing or not old.standing):
                strikes.append(index)
        elif repeats(old, new) and promotes(old, new):
            promoted = True
            if not old.standing:
                agreeing.append(index)
    return Verdict(() if leads is not None else tuple(strikes), leads, tuple(agreeing), promoted)


def _comparable(one: Claim, other: Claim) -> bool:
    return (
        bool(one.topic)
        and one.topic == other.topic
        and _same(one.subject, other.subject)
        and {one.kind, other.kind} <= COMPARED
        and (one.kind == other.kind or not {one.kind, other.kind} & {"date", "person"})
    )


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()
