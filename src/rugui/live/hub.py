"""The open screens, what each may hear, and what those who come back have missed.

Everything here runs in one thread and never waits, so each method is one indivisible step. Screens that may hear
the same things share a `Scope`, and what is told to a scope is written once, however many screens it has.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

from ..core import metrics
from ..core.ids import IdCipher
from ..core.tickets import LIFETIME, RIGHTS_CHANGED, Ticket
from .kinds import concerns_guests, concerns_screens
from .memory import Memory
from .tail import LIMIT, Batch, Entry
from .wire import LAST_CHUNK, MANY, Change, changes, chunk, event

Key = TypeVar("Key")

BEAT = 15
"""Seconds between two signs of life on a stream."""

SLOW = 64 * 1024
"""A screen that has not taken this much is told to look at everything again instead."""

PER_PERSON = 20
GRACE = timedelta(seconds=5)
"""Tickets made this shortly after a right was lost may still have been made from the old rights."""

MARGIN = 1.0
"""Seconds before a page was asked for from which it is told of changes, when it connects for the first time."""


class TooMany(Exception):
    """This person, or everybody together, has too many streams open."""

    def __init__(self, message: str, *, everybody: bool) -> None:
        super().__init__(message)
        self.everybody = everybody


class Revoked(Exception):
    """The ticket was made before its holder's rights changed."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a screen may hear: an organization at these places (None: all of them), or one case of it."""

    organization_id: int
    places: frozenset[int] | None = None
    case_id: int | None = None

    @classmethod
    def of(cls, ticket: Ticket) -> Scope:
        return cls(ticket.organization_id, ticket.places, ticket.case_id)

    def hears(self, entry: Entry) -> bool:
        if self.case_id is not None:
            return entry.case_id == self.case_id and concerns_guests(entry.kind)
        return self.places is None or entry.place_id is None or entry.place_id in self.places

    def changes(self, entries: Iterable[Entry]) -> dict[Change, None]:
        """What to tell of these entries of the same organization, each thing once, in order.

        Stops when there is more than can be told one by one: ten thousand promises may break at one instant.
        """
        change = Change.for_staff if self.case_id is None else Change.for_guest
        found: dict[Change, None] = {}
        for entry in entries:
            if self.hears(entry):
                found[change(entry)] = None
                if len(found) > MANY:
                    break
        return found


Holder = tuple[str, int, int | None]
"""Whose stream it is: ("staff", organization, staff) or ("case", organization, case)."""


def holder_of(ticket: Ticket) -> Holder:
    if ticket.case_id is not None:
        return ("case", ticket.organization_id, ticket.case_id)
    return ("staff", ticket.organization_id, ticket.staff_id)


class Line(Protocol):
    """The way to one screen: an asyncio transport."""

    def write(self, data: bytes) -> None: ...
    def close(self) -> None: ...
    def abort(self) -> None: ...
    def get_write_buffer_size(self) -> int: ...


class Stream:
    """One open screen. Until its `line` stands, what it is told waits."""

    __slots__ = ("_behind", "_line", "_waiting", "ended", "expires", "holder", "scope", "slot")

    def __init__(self, ticket: Ticket, slot: int, greeting: bytes) -> None:
        self.holder = holder_of(ticket)
        self.scope = Scope.of(ticket)
        self.expires = ticket.expires
        self.slot = slot
        self.ended = False
        self._behind = False
        self._line: Line | None = None
        self._waiting = [greeting]

    def begin(self, line: Line) -> None:
        """The answer has begun: from now on everything is written straight to the line."""
        line.write(b"".join(self._waiting))
        self._waiting.clear()
        self._line = line
        if self.ended:
            self.end()

    def tell(self, chunk: bytes, reload: bytes) -> None:
        """Writes `chunk`; or, to a screen that has not taken what came before, later `reload` instead."""
        if self.ended:
            return
        if self._line is None:
            self._waiting.append(chunk)
        elif self._line.get_write_buffer_size() > SLOW:
            self._behind = True
        else:
            self._line.write(reload if self._behind else chunk)
            self._behind = False

    def end(self) -> None:
        self.ended = True
        if self._line is None:
            return
        if self._line.get_write_buffer_size() > SLOW:
            self._line.abort()  # does not listen: waiting for it to take the rest could last for ever
        else:
            self._line.write(LAST_CHUNK)
            self._line.close()


class Hub:
    """`start()` it with the journal's last entries and the installation's ids, then `deliver()` every batch."""

    def __init__(self, limit: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.limit = limit
        self.mark = -1
        self.count = 0
        self._clock = clock
        self._memory = Memory()
        self._scopes: dict[int, dict[Scope, set[Stream]]] = defaultdict(dict)
        self._holders: dict[Holder, set[Stream]] = {}
        self._slots: list[set[Stream]] = [set() for _ in range(BEAT)]
        self._next_slot = 0
        self._voided: dict[Holder, datetime] = {}

    @property
    def ready(self) -> bool:
        return self.mark >= 0

    def start(self, newest: Batch, rights: Iterable[Entry], ids: IdCipher) -> None:
        """Begins, or begins again after the journal went back in time (a backup was restored)."""
        again = self.ready
        cut = len(newest.entries) >= LIMIT  # then the lowest transaction may be there in part
        self._memory = Memory(floor=min(entry.transaction for entry in newest.entries) + 1 if cut else 0)
        self._ids = ids
        self.mark = newest.snapshot.xmin
        now = self._clock()
        self._memory.note_mark(self.mark, now)
        for entry in newest.entries:
            if concerns_screens(entry.kind):
                self._memory.add(entry, entry.transaction, now)
        for entry in rights:
            self._void(entry)
        if again:
            for streams in self._holders.values():
                self._send(streams, event("reload", self.mark))

    def deliver(self, batch: Batch, *, after_a_break: bool = False) -> None:
        """Tells every screen concerned what is new, and remembers it for those who are away."""
        before, now = self.mark, self._clock()
        self.mark = max(before, batch.snapshot.xmin)
        self._memory.note_mark(self.mark, now)
        told: dict[int, list[Entry]] = defaultdict(list)
        for entry in batch.entries:
            if not concerns_screens(entry.kind) or (after_a_break and self._memory.knows(entry)):
                continue
            self._memory.add(entry, max(entry.transaction, before), now)
            self._void(entry)
            told[entry.organization_id].append(entry)
        for organization_id, entries in told.items():
            self._tell(organization_id, entries)
        for organization_id in batch.flooded:
            self._memory.forget(organization_id, batch.snapshot.xmax)
            for streams in self._streams_of(organization_id):
                self._send(streams, event("reload", self.mark))
        if told:
            oldest = min(entries[0].at for entries in told.values())
            metrics.live_lag.observe(max(0.0, (datetime.now(UTC) - oldest).total_seconds()))

    def open(self, ticket: Ticket, *, last: int | None = None, age: float | None = None) -> Stream:
        """A stream for this ticket's holder, beginning with what they have missed: since mark `last`, or since
        their page was asked for `age` seconds ago. Raises `Revoked` and `TooMany`."""
        holder = holder_of(ticket)
        if (voided := self._voided.get(holder)) is not None and ticket.issued < voided + GRACE:
            raise Revoked
        if len(self._holders.get(holder, ())) >= PER_PERSON:
            raise TooMany("too many open screens of one person", everybody=False)
        if self.count >= self.limit:
            raise TooMany("this process serves as many screens as it may", everybody=True)
        if last is None and age is not None:
            last = self._memory.mark_at(self._clock() - age - MARGIN)
            last = -1 if last is None else last
        greeting = self._missed(Scope.of(ticket), last) + event("hello", self.mark)
        stream = Stream(ticket, self._next_slot, chunk(greeting))
        self._next_slot = (self._next_slot + 1) % BEAT
        self._holders.setdefault(holder, set()).add(stream)
        self._scopes[ticket.organization_id].setdefault(stream.scope, set()).add(stream)
        self._slots[stream.slot].add(stream)
        self.count += 1
        metrics.screens.set(self.count)
        return stream

    def close(self, stream: Stream) -> None:
        stream.ended = True
        self._slots[stream.slot].discard(stream)
        self.count -= 1
        metrics.screens.set(self.count)
        scopes = self._scopes[stream.scope.organization_id]
        _remove(self._holders, stream.holder, stream)
        _remove(scopes, stream.scope, stream)
        if not scopes:
            del self._scopes[stream.scope.organization_id]

    def beat(self, tick: int, now: datetime) -> None:
        """Called every second: a sign of life to a fifteenth of the streams, an end to those whose ticket is over."""
        sign, reload = chunk(event("beat", self.mark)), self._reload()
        for stream in self._slots[tick % BEAT]:
            if stream.expires <= now:
                stream.end()
            else:
                stream.tell(sign, reload)
        if tick % 60 == 0:
            self._memory.sweep(self._clock())
            self._voided = {key: at for key, at in self._voided.items() if at + GRACE + LIFETIME > now}

    def end_all(self) -> None:
        for streams in self._holders.values():
            for stream in streams:
                stream.end()

    def _tell(self, organization_id: int, entries: list[Entry]) -> None:
        cases: dict[int | None, list[Entry]] = defaultdict(list)
        for entry in entries:
            cases[entry.case_id].append(entry)
        for scope, streams in self._scopes.get(organization_id, {}).items():
            found = scope.changes(entries if scope.case_id is None else cases.get(scope.case_id, ()))
            if found:
                self._send(streams, changes(found, self.mark, self._ids))

    def _streams_of(self, organization_id: int) -> list[set[Stream]]:
        return list(self._scopes.get(organization_id, {}).values())

    def _send(self, streams: Iterable[Stream], data: bytes) -> None:
        written, reload = chunk(data), self._reload()
        for stream in streams:
            stream.tell(written, reload)

    def _reload(self) -> bytes:
        return chunk(event("reload", self.mark))

    def _missed(self, scope: Scope, last: int | None) -> bytes:
        if last is None:
            return b""
        missed = None if last > self.mark else self._memory.since(scope.organization_id, last)
        if missed is None:
            return event("reload", self.mark)
        return changes(scope.changes(missed), self.mark, self._ids)

    def _void(self, entry: Entry) -> None:
        """Ends the streams of whoever this entry takes rights from, and refuses the tickets they hold."""
        if entry.kind not in RIGHTS_CHANGED:
            return
        guest = entry.kind.startswith("link.")
        holder: Holder = (
            "case" if guest else "staff",
            entry.organization_id,
            entry.case_id if guest else entry.subject_id,
        )
        self._voided[holder] = max(entry.at, self._voided.get(holder, entry.at))
        for stream in self._holders.get(holder, ()):
            stream.end()


def _remove(groups: dict[Key, set[Stream]], key: Key, stream: Stream) -> None:
    groups[key].discard(stream)
    if not groups[key]:
        del groups[key]
