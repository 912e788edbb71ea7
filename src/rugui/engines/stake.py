"""What is at stake when a customer may leave, with its honest range, and the lift that an offer needs to pay.

The value is the margin of a stretch of time behind us, as a first measure of the same stretch ahead. Its spread is that of
a sum of purchases that come at random (compound Poisson): variance = the sum of the squared amounts. The range is taken on
the logarithm, so it never falls below nothing and a single purchase has a wide one.

An offer that costs c pays when it lowers the chance that they leave by more than c / V (docs/engines/remedies.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, sqrt

MIDDLE = 1.2816
"""Standard deviations that hold eight of ten."""


@dataclass(frozen=True, slots=True)
class Stake:
    """In the units of the amounts. `low` to `high` holds eight of ten."""

    low: float
    value: float
    high: float
    purchases: int


def stake(amounts: Sequence[float], refunds: float, margin: float) -> Stake | None:
    """From the amounts of purchases, the sum paid back, and the share of it that is margin (0 to 1).

    None when nothing is left to measure by.
    """
    total = sum(amounts) - refunds
    if total <= 0 or not 0 < margin <= 1:
        return None
    spread = sqrt(sum(each * each for each in amounts)) / total
    value = total * margin
    return Stake(value * exp(-MIDDLE * spread), value, value * exp(MIDDLE * spread), len(amounts))


def lift(cost: float, value: float) -> float:
    """By how much the chance that they leave must fall for an offer to pay; above 1 it cannot."""
    return cost / value


def one_in(share: float) -> int:
    """A share as "one in so many", rounded to what still pays."""
    return max(1, int(1 / share)) if share > 0 else 0
