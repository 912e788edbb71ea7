"""The journal's last minutes, kept for screens that come back."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque

from .tail import Entry

MINUTES = 10
PER_ORGANIZATION = 500

_Remembered = tuple[int, int, float, Entry]
"""Position, entry's number, when it was heard, the entry. Position is the transaction's number, except
for what turned up late after a crash: that stands at the mark of then, so that nobody's mark is past it."""


class Memory:
    """Recent entries by organization, in order of position. `floor`: from there on nothing is missing."""

    def __init__(self, floor: int = 0) -> None:
        self._floor = floor
        self._floors: dict[int, int] = {}
        self._entries: dict[int, list[_Remembered]] = {}
        self._marks: deque[tuple[float, int]] = deque()

    def add(self, entry: Entry, position: int, heard: float) -> None:
        entries = self._entries.setdefault(entry.organization_id, [])
        insort(entries, (position, entry.id, heard, entry))
        if len(entries) > PER_ORGANIZATION:
            self._drop(entry.organization_id, len(entries) - PER_ORGANIZATION)

    def knows(self, entry: Entry) -> bool:
        """Whether it was heard already, as far as is remembered."""
        entries = self._entries.get(entry.organization_id, [])
        start = bisect_left(entries, (entry.transaction,))
        return any(found[3].id == entry.id for found in entries[start:])

    def since(self, organization_id: int, mark: int) -> list[Entry] | None:
        """What a screen that has heard everything below `mark` has not; None when that is too long ago."""
        if mark < max(self._floor, self._floors.get(organization_id, 0)):
            return None
        entries = self._entries.get(organization_id, [])
        return [found[3] for found in entries[bisect_left(entries, (mark,)) :]]

    def forget(self, organization_id: int, before: int) -> None:
        """Nothing below `before` can be given to this organization's screens any more."""
        self._entries.pop(organization_id, None)
        self._floors[organization_id] = before

    def note_mark(self, mark: int, heard: float) -> None:
        if not self._marks or heard - self._marks[-1][0] >= 1:
            self._marks.append((heard, mark))

    def mark_at(self, moment: float) -> int | None:
        """A mark that was right at or shortly before `moment`; None when that is too long ago."""
        return next((mark for heard, mark in reversed(self._marks) if heard <= moment), None)

    def sweep(self, now: float) -> None:
        """Lets go of everything older than ten minutes."""
        oldest = now - MINUTES * 60
        while len(self._marks) > 1 and self._marks[1][0] <= oldest:
            self._marks.popleft()
        if self._marks and self._marks[0][0] <= oldest:
            self._floor = max(self._floor, self._marks[0][1])
        for organization_id, entries in list(self._entries.items()):
            old = next((n for n, found in enumerate(entries) if found[2] > oldest), len(entries))
            self._drop(organization_id, old)
        self._floors = {key: floor for key, floor in self._floors.items() if floor > self._floor}

    def _drop(self, organization_id: int, count: int) -> None:
        entries = self._entries[organization_id]
        if count:
            self._floors[organization_id] = entries[count - 1][0] + 1
            del entries[:count]
        if not entries:
            del self._entries[organization_id]
