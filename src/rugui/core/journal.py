"""Writing the journal: every change that matters is one row, in the change's own transaction.

Payloads hold references, choices and numbers; never names, words or addresses. So erasing a person
leaves the journal whole, and the log can be read by whoever runs the house.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from psycopg.types.json import Jsonb

from .ready import run


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


_INSERT = (
    "INSERT INTO rugui_journalentry (organization_id, at, kind, who, staff_id, place_id, customer_id, case_id,"
    " subject_id, payload, version) VALUES "
)
_VALUES = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 1)"


def record(author: Author, now: datetime, *events: Event) -> None:
    """Appends `events`, in order, as `author` at `now`; one statement."""
    if not events:
        return
    values: list[Any] = []
    for event in events:
        values += [
            author.organization_id, now, event.kind, str(author.who), author.staff_id,
            event.place_id, event.customer_id, event.case_id, event.subject_id, Jsonb(event.payload),
        ]  # fmt: skip
    run(_INSERT + ", ".join([_VALUES] * len(events)), values)
