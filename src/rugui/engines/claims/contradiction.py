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


def contradicts(one: Claim, other: Claim) -> bool:
    """Whether both cannot hold: the same topic of the same subject, wanted and not wanted, or of two values.

    Not wanting two different things is no contradiction, nor is wanting one and not the other.
    """
    if not _comparable(one, other):
        return False
    if one.polarity * other.polarity < 0:
        return not (one.value and other.value) or _same(one.value, other.value)
    if one.polarity < 0 or other.polarity < 0:
        return False
    return bool(one.value and other.value) and not _same(one.value, other.value)


def repeats(one: Claim, other: Claim) -> bool:
    """Whether both say the same."""
    return (
        _comparable(one, other)
        and one.polarity == other.polarity
        and _same(one.value, other.value)
        and (one.kind == "need") == (other.kind == "need")
    )


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
