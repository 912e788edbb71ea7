"""Which remedies fit this customer and this failure, in what order, and why: pure.

Words, needs and the catalogue in; suggestions with their reasons out, and what was ruled out with the reason for that.
See docs/engines/remedies.md for the method, its sources and limits.
"""

from .learning import ENOUGH, Evidence, Record, evidence, like
from .rank import (
    DUE,
    EXTRA,
    Customer,
    Failure,
    Offer,
    Past,
    Reason,
    RuledOut,
    Suggestion,
    Suggestions,
    suggest,
)
from .words import Felt, felt, wishes

__all__ = [
    "DUE",
    "ENOUGH",
    "EXTRA",
    "Customer",
    "Evidence",
    "Failure",
    "Felt",
    "Offer",
    "Past",
    "Reason",
    "Record",
    "RuledOut",
    "Suggestion",
    "Suggestions",
    "evidence",
    "felt",
    "like",
    "suggest",
    "wishes",
]
