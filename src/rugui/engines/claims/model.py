"""What a claim is, to this engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

GUESSES = frozenset({"inferred", "acquired"})
"""Sources that the person knows nothing of."""
WITNESSED = frozenset({"said", "seen", "bought"})
"""Sources that are occasions of their own: meeting one again is news."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that somebody wrote down about a person. Moments carry a time zone."""

    kind: str
    source: str
    learned_at: datetime
    topic: str = ""
    value: str = ""
    text: str = ""
    """Its words, by which claims without a value are told apart."""
    polarity: int = 0
    subject: str = ""
    """Whom it is about, when not the person themselves: their daughter."""
    standing: bool = True
    confirmed_at: datetime | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    occasion: int | None = None
    """The visit at which it was learned."""
    open: bool = True
    """Whether it may be spoken of to the person."""
    struck: bool = False

    @property
    def anchor(self) -> datetime:
        """When we last had reason to believe it."""
        return max(self.learned_at, self.confirmed_at) if self.confirmed_at else self.learned_at

    def valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )
