"""Claims about a person: how far to believe one now, what contradicts it, what is worth asking again.

Values in, values out: no database, no clock. See docs/engines/claims.md for the method, its priors and its limits.
"""

from .belief import confidence, half_life_days, promotes, standing_at_first, worth_asking
from .contradiction import Verdict, contradicts, repeats, weigh
from .days import Day, next_occurrence, read_day
from .learning import Check, Estimate, learn_half_life
from .model import Claim

__all__ = [
    "Check",
    "Claim",
    "Day",
    "Estimate",
    "Verdict",
    "confidence",
    "contradicts",
    "half_life_days",
    "learn_half_life",
    "next_occurrence",
    "promotes",
    "read_day",
    "repeats",
    "standing_at_first",
    "weigh",
    "worth_asking",
]
