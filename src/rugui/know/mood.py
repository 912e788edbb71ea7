"""How a customer is just now, asked in one place: what a mood changes elsewhere is decided by who asks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..engines.claims import confidence
from ..house.access import Actor
from . import access
from .claims import claim_of
from .models import Note

GONE_BELOW = 0.1
"""About nine hours after it was seen: what is left is no mood but a memory."""
_LOOK_BACK = timedelta(days=1)

# Only where nobody has said which way the mood goes: words that leave no doubt, nothing subtler.
_LOW = re.compile(
    r"\b(upset|angry|furious|annoyed|irritated|sad|tired|exhausted|unwell|ill|stressed|anxious|worried|crying"
    r"|disappointed|in a hurry|grieving|mourning)\b"
    r"|生氣|生气|憤怒|愤怒|不高興|不高兴|不滿|不满|難過|难过|傷心|伤心|累|疲|焦急|著急|着急|煩|烦|失望|不舒服|哭",
    re.IGNORECASE,
)
_CROSS = re.compile(
    r"\b(upset|angry|furious|annoyed|irritated|disappointed)\b|生氣|生气|憤怒|愤怒|不高興|不高兴|不滿|不满|煩|烦|失望",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mood:
    """The newest mood of a customer that has not yet faded."""

    text: str
    learned_at: datetime
    by: str
    """Who saw it; empty when the house itself was told."""
    strength: float
    """From 1 (just now) to nothing."""
    low: bool
    """Upset, tired, unwell: shorter, no offers, and somebody by name."""
    upset: bool
    """Cross with us or with the world: a person in charge, named."""

    @property
    def may_be_offered_more(self) -> bool:
        """Whether this is an hour for suggestions that cost money."""
        return not self.low

    @property
    def be_brief(self) -> bool:
        return self.low

    @property
    def name_the_owner(self) -> bool:
        """Whether they should hear by name who sees to it."""
        return self.upset


def mood_of(
    actor: Actor, customer_id: int, *, now: datetime, notes: Iterable[Note] | None = None
) -> Mood | None:
    """How they are now, or None when nobody has seen it lately. It fades by half every three hours.

    `notes`, when the caller has read the card already, saves the question.
    """
    rows = (
        _asked(actor, customer_id, now) if notes is None else [n for n in notes if n.kind == Note.Kind.MOOD]
    )
    newest = max(rows, key=lambda note: (note.learned_at, note.id), default=None)
    if newest is None or newest.learned_at > now + timedelta(minutes=1):
        return None
    strength = confidence(claim_of(newest), now)
    if strength < GONE_BELOW:
        return None
    low = newest.polarity < 0 or (newest.polarity == 0 and bool(_LOW.search(newest.text)))
    return Mood(
        newest.text,
        newest.learned_at,
        newest.author.name if newest.author else "",
        strength,
        low,
        low and bool(_CROSS.search(newest.text)),
    )


def _asked(actor: Actor, customer_id: int, now: datetime) -> list[Note]:
    rows = Note.objects.filter(
        customer_id=customer_id, kind=Note.Kind.MOOD, withdrawn_at=None, learned_at__gte=now - _LOOK_BACK
    )
    return list(access.readable(actor, rows.select_related("author")))
