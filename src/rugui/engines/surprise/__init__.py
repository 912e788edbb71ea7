"""What speaks against a surprise: a gesture, who will be there, and what is known of them, in; reasons out.

Pure: no database, no clock. It warns and never forbids; what it does not know it cannot warn of. See
docs/engines/surprise.md for the method, its word lists and its limits.
"""

from .check import ALONE, COMPANY, NEAR, PUBLIC, Fact, Gesture, Reason, Tried, check, is_risky
from .contents import WORDS, abstentions, contents, shared_word

TOPICS = tuple(WORDS)
"""What may be chosen by hand when the words of a gesture do not say it."""

__all__ = [
    "ALONE",
    "COMPANY",
    "NEAR",
    "PUBLIC",
    "TOPICS",
    "Fact",
    "Gesture",
    "Reason",
    "Tried",
    "abstentions",
    "check",
    "contents",
    "is_risky",
    "shared_word",
]
