"""Writing the journal: every change that matters is one row, in the change's own transaction.

Payloads hold references, choices and numbers; never names, words or addresses. So erasing a person
leaves the journal whole, and the log can be read by whoever runs the house.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from .models import JournalEntry


class Author(Protocol):
    """Whoever acts: house.access.Actor, or one of the house's own hands."""

    @property
    def organization_id(self) -> int: ...
    @property
    def who(self) -> str: ...
    @property
    def staff_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Event:
    """One journal row to be. `kind` is `room-object.verb`, past tense: "note.made", "promise.broken"."""

    kind: str
    place_id: int | None = None
    customer_id: int | None = None
    case_id: int | None = None
    subject_id: int | None = None
    payload: dict[str, Any] = field(default_factory=dict)


def record(author: Author, now: datetime, *events: Event) -> None:
    """Appends `events`, in order, as `author` at `now`; one statement."""
    JournalEntry.objects.bulk_create(
        JournalEntry(
            organization_id=author.organization_id,
            at=now,
            kind=event.kind,
            who=author.who,
            staff_id=author.staff_id,
            place_id=event.place_id,
            customer_id=event.customer_id,
            case_id=event.case_id,
            subject_id=event.subject_id,
            payload=event.payload,
        )
        for event in events
    )
