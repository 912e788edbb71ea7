"""How far a claim is to be believed at a moment, and when to ask again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from . import priors
from .model import GUESSES, WITNESSED, Claim

ANOTHER_TIME = timedelta(hours=12)
"""So far apart, two sightings without a visit to tell them apart are two occasions."""
ASK_BELOW, ASK_ABOVE = 0.65, 0.15
"""Surer than that there is nothing to ask; less sure, it is too long ago to bring up."""


def half_life_days(claim: Claim, learned: Mapping[str, float] | None = None) -> float:
    """After how many days half of such claims no longer hold; `learned` has the house's own by topic.

    Needs and dates never fade, whatever the house has learned.
    """
    by_kind = priors.BY_KIND.get(claim.kind, priors.BY_KIND["fact"])
    if by_kind == priors.NEVER or claim.kind == "mood":
        return by_kind
    if not claim.standing:
        return priors.SITUATIONAL
    if learned and claim.topic in learned:
        return learned[claim.topic]
    return priors.BY_TOPIC.get(claim.topic, by_kind)


def confidence(claim: Claim, at: datetime, learned: Mapping[str, float] | None = None) -> float:
    """How likely the claim holds at a moment, from 0 to 1. Nothing holds outside of the days it is valid for."""
    if not claim.valid_on(at.date()):
        return 0.0
    trust = (
        priors.CONFIRMED if claim.confirmed_at else priors.TRUST.get(claim.source, priors.TRUST["acquired"])
    )
    days = max((at - claim.anchor) / timedelta(days=1), 0.0)
    half = half_life_days(claim, learned)
    return trust if half == priors.NEVER else trust * float(0.5 ** (days / half))


def standing_at_first(kind: str, source: str) -> bool:
    """Whether a claim holds until we learn otherwise, from the first time on.

    What was seen or bought once was so once; a need is taken at its word at once; moods and goals are of the visit.
    """
    if kind in {"need", "date", "person"}:
        return True
    return kind not in {"mood", "goal"} and source in {"said", "imported"}


def promotes(earlier: Claim, later: Claim) -> bool:
    """Whether the later claim shows that the earlier, agreeing one was no accident: said, or seen on another occasion."""
    if later.kind in {"mood", "goal"} or later.source not in WITNESSED or earlier.source in GUESSES:
        return False
    if later.source == "said":
        return True
    if earlier.occasion is not None and later.occasion is not None:
        return earlier.occasion != later.occasion
    return abs(later.learned_at - earlier.learned_at) >= ANOTHER_TIME


def worth_asking(
    claims: Sequence[Claim],
    at: datetime,
    learned: Mapping[str, float] | None = None,
    *,
    already: int = 0,
    limit: int = 2,
) -> list[int]:
    """Which claims (by index) to ask about again at a natural moment, the least certain first.

    At most `limit` a visit, of which `already` have been asked. Only what may be spoken of, and never a need: those are
    kept until somebody says otherwise.
    """
    doubtful = [
        (abs(now - 0.5), index)
        for index, claim in enumerate(claims)
        if _may_be_asked(claim) and ASK_ABOVE <= (now := confidence(claim, at, learned)) <= ASK_BELOW
    ]
    return [index for _distance, index in sorted(doubtful)[: max(limit - already, 0)]]


def _may_be_asked(claim: Claim) -> bool:
    return (
        claim.open
        and claim.standing
        and not claim.struck
        and claim.source not in GUESSES
        and claim.kind in {"preference", "fact", "wish", "person"}
    )
