"""What goes over the wire: server-sent events, with public ids only."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

from ..core.ids import IdCipher
from .tail import Entry

MANY = 200
"""More changes than this at once are told as one: look at everything again."""


class Change(NamedTuple):
    """What a screen is told of an entry. Entries that say the same in one batch are told once."""

    kind: str
    customer_id: int | None
    case_id: int | None
    place_id: int | None

    @classmethod
    def for_staff(cls, entry: Entry) -> Change:
        return cls(entry.kind, entry.customer_id, entry.case_id, entry.place_id)

    @classmethod
    def for_guest(cls, entry: Entry) -> Change:
        return cls(entry.kind, None, entry.case_id, None)


LAST_CHUNK = b"0\r\n\r\n"


def chunk(data: bytes) -> bytes:
    """`data` framed for HTTP/1.1's chunked encoding, once for all the screens it goes to."""
    return b"%x\r\n%s\r\n" % (len(data), data)


def event(name: str, mark: int) -> bytes:
    """An event without content. Even the empty `data` line matters: browsers drop an event that has none."""
    return f"event: {name}\nid: {mark}\ndata:\n\n".encode()


def changes(found: Iterable[Change], mark: int, ids: IdCipher) -> bytes:
    """The changes as events; or one `reload` when they are too many.

    Only the last carries the mark. Whoever is cut off before it asks again from the mark before.
    """
    listed = list(found)
    if len(listed) > MANY:
        return event("reload", mark)
    data = [_data(change, ids) for change in listed]
    return b"".join(
        b"event: change\n%sdata: %s\n\n" % (b"id: %d\n" % mark if number == len(data) else b"", line)
        for number, line in enumerate(data, 1)
    )


def _data(change: Change, ids: IdCipher) -> bytes:
    content = {"kind": change.kind}
    for name, row in (("customer", change.customer_id), ("case", change.case_id), ("place", change.place_id)):
        if row is not None:
            content[name] = ids.public(name, row)
    return json.dumps(content, separators=(",", ":")).encode()
