"""A share with its interval (E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927).

Unlike the textbook interval it stays within 0 and 1, is never of no width, and covers about what it says for few cases too.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

FEW = 10
"""Below so many cases a share is hardly worth comparing."""


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `of`; `low` and `high` are where the true share lies, at the level asked for. Of nothing, all from 0 to 1."""

    hits: int
    of: int
    low: float
    high: float

    @property
    def share(self) -> float | None:
        """None of nothing."""
        return self.hits / self.of if self.of else None

    @property
    def few(self) -> bool:
        return self.of < FEW


def score_interval(share: float, of: float, *, level: float = 0.95) -> tuple[float, float]:
    """Where the true share lies when `share` (0 to 1) was seen among `of`, which may be an effective number. Of nothing: anywhere."""
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, not {level}")
    if of <= 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + level) / 2)
    square = z * z / of
    middle = (share + square / 2) / (1 + square)
    half = z * sqrt(share * (1 - share) / of + square / (4 * of)) / (1 + square)
    # At the ends the interval reaches the share itself; rounding must not leave it out.
    low = 0.0 if share == 0 else max(0.0, middle - half)
    high = 1.0 if share == 1 else min(1.0, middle + half)
    return low, high


def wilson(hits: int, of: int, *, level: float = 0.95) -> Share:
    """The share of `hits` among `of` with its Wilson score interval. Raises `ValueError` for impossible counts."""
    if not 0 <= hits <= of:
        raise ValueError(f"{hits} of {of}")
    return Share(hits, of, *score_interval(hits / of if of else 0.0, of, level=level))
