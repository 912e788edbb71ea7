"""When it is better not to write: told from facts, never from the words of the draft.

The waits are the house's to set; the defaults follow the notes of the method (sometimes silence serves better than words).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Reason(StrEnum):
    DO_NOT_DISTURB = "do_not_disturb"
    DO_NOT_CONTACT = "do_not_contact"
    GRIEF = "grief"
    ANGER_JUST_ANSWERED = "anger_just_answered"
    THIRD_IN_A_ROW = "third_in_a_row"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known as the writer is about to send. All moments in one time zone, or all aware."""

    now: datetime
    do_not_contact: bool = False
    """They have asked not to hear from us."""
    do_not_disturb_until: datetime | None = None
    grieving_since: datetime | None = None
    asked: bool = False
    """Their last message is a question or request that nobody has answered: silence would be rude."""
    urgent: bool = False
    """Safety, or a promise that is due: it must be said now."""
    they_wrote_at: datetime | None = None
    """Their last message."""
    they_were_angry: bool = False
    """In it."""
    we_wrote_at: Sequence[datetime] = ()
    """Our messages since theirs."""


@dataclass(frozen=True, slots=True)
class Waits:
    after_anger: timedelta = timedelta(minutes=30)
    after_two: timedelta = timedelta(days=2)
    grief: timedelta = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Silence:
    """Advice not to send yet. `until`: when writing is no longer discouraged; None: not before they write."""

    reason: Reason
    until: datetime | None
    certainty: float
    """1 where they have said it themselves."""


def silence(facts: Facts, waits: Waits = Waits()) -> tuple[Silence, ...]:
    """Every reason not to send now, the weightiest first; empty: send."""
    if facts.urgent:
        return ()
    found = []
    if facts.do_not_contact and not facts.asked:
        found.append(Silence(Reason.DO_NOT_CONTACT, None, 1.0))
    if facts.do_not_disturb_until and facts.now < facts.do_not_disturb_until:
        found.append(Silence(Reason.DO_NOT_DISTURB, facts.do_not_disturb_until, 1.0))
    if facts.grieving_since and facts.now < facts.grieving_since + waits.grief and not facts.asked:
        found.append(Silence(Reason.GRIEF, facts.grieving_since + waits.grief, 0.8))
    ours = sorted(
        each for each in facts.we_wrote_at if facts.they_wrote_at is None or each > facts.they_wrote_at
    )
    if ours and not facts.asked:
        if facts.they_were_angry and len(ours) == 1 and facts.now < ours[-1] + waits.after_anger:
            found.append(Silence(Reason.ANGER_JUST_ANSWERED, ours[-1] + waits.after_anger, 0.7))
        if len(ours) >= 2 and facts.now < ours[-1] + waits.after_two:
            found.append(Silence(Reason.THIRD_IN_A_ROW, ours[-1] + waits.after_two, 0.8))
    return tuple(found)
