"""How a day's promises were kept, packed: sixteen bytes for each that fell due at a place on a day of UTC and has ended.

A house may have half a million such promises in a year. Reading and grouping their rows takes the database a second; as
sheets they are read as they lie and counted as columns, whatever they are narrowed to. A sheet is only ever the same as the
rows (core/sheets.sql): a day without one, or whose sheet is stale, is packed by the very statement that reads, so sheets may
be missing, thrown away or late without any figure being wrong.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
import numpy.typing as npt

from ..core import ready, tenancy
from ..core.tenancy import current
from ..house.models import Place
from ..serve.models import Touch
from .models import Priority, Promise
from .sought import EARLY, PERIODS, Sought

KINDS = ("", *(kind for kind in Promise.Kind.values if kind not in Promise.AMONG_US))
CHANNELS = ("", *Touch.Channel.values)
"""A way of contact that is none of these is not known, as one that was never said."""
PRIORITIES = ("", *Priority.values)
NEVER = 2**31 - 1
KEPT, BROKEN, BEFORE, LATE, TOLD, BEATEN = (1 << bit for bit in range(6))
"""What became of it; neither kept nor broken it was renegotiated. `BEFORE` is kept with time left, `LATE` broken and done."""
OUTCOMES = 64
LAYOUT = np.dtype(
    [
        ("second", ">i4"), ("owner", ">i4"), ("took", ">i4"), ("kind", "u1"), ("channel", "u1"), ("priority", "u1"), ("became", "u1"),
    ]
)  # fmt: skip
"""Second of the day; whose it was, 0 for nobody's; seconds until it was settled, rounded up, or `NEVER`; what it was (indexes
above) and what became of it."""
YEAR = max(PERIODS) + 6
"""So many days back have sheets."""
AT_ONCE = 14
"""So many days of a place are written in one transaction, for which whoever ends a promise there waits."""
WORTH = 2_000
"""So many promises counted from their rows make sheets worth while."""


def _listed(values: Iterable[str]) -> str:
    return "ARRAY[" + ", ".join(f"'{value}'" for value in values) + "]"


_PACKED = f"""
string_agg(
    int4send(floor(date_part('epoch', due_at - day.begins))::int) || int4send(coalesce(owner_id, 0)::int)
    || int4send(
        CASE WHEN settled_at IS NULL THEN {NEVER}
        ELSE least(ceil(date_part('epoch', settled_at - made_at)), {NEVER - 1})::int END
    )
    || int2send(
        (256 * (array_position({_listed(KINDS)}, kind::text) - 1)
        + coalesce(array_position({_listed(CHANNELS)}, channel::text), 1) - 1)::int2
    )
    || int2send((
        256 * (coalesce(array_position({_listed(PRIORITIES)}, priority::text), 1) - 1)
        + CASE WHEN state = 'kept' THEN {KEPT} WHEN state = 'broken' THEN {BROKEN} ELSE 0 END
        + CASE WHEN state = 'kept' AND settled_at <= due_at - (due_at - made_at) / {EARLY} THEN {BEFORE} ELSE 0 END
        + CASE WHEN state = 'broken' AND settled_at IS NOT NULL THEN {LATE} ELSE 0 END
        + CASE WHEN state <> 'renegotiated' AND told_at IS NOT NULL THEN {TOLD} ELSE 0 END
        + CASE WHEN state <> 'renegotiated' AND settled_at <= told_at THEN {BEATEN} ELSE 0 END
    )::int2),
    ''
) AS packed
FROM rugui_promise
WHERE organization_id = %s AND place_id = day.place_id AND due_at >= day.begins AND due_at < day.ends AND state <> 'open'
    AND state IN ('kept', 'broken', 'renegotiated') AND kind NOT IN ({", ".join(f"'{kind}'" for kind in Promise.AMONG_US)})
"""
FORM = zlib.crc32(_PACKED.encode()) >> 1
"""A sheet made by another statement is none."""
_DAYS = """
SELECT place_id, day::date AS day, day::timestamp AT TIME ZONE 'UTC' AS begins, (day::timestamp + interval '1 day') AT TIME ZONE 'UTC' AS ends
FROM unnest(%s::bigint[]) place_id, generate_series(%s::date, %s::date, interval '1 day') day
"""
_GOOD = f"""
organization_id = %s AND place_id = ANY(%s::bigint[]) AND day >= %s::date AND day < %s::date AND packed IS NOT NULL AND form = {FORM}
    AND (place_id, day) NOT IN (SELECT place_id, day FROM rugui_daysheet WHERE organization_id = %s AND packed IS NULL)
"""  # noqa: S608  a number of our own
_READ = f"""
SELECT place_id, date_part('epoch', day)::bigint, packed, false FROM rugui_daysheet WHERE {_GOOD} AND octet_length(packed) > 0
UNION ALL
SELECT day.place_id, date_part('epoch', day.begins)::bigint, fresh.packed, true
FROM (SELECT * FROM ({_DAYS}) each WHERE (place_id, day) NOT IN (SELECT place_id, day FROM rugui_daysheet WHERE {_GOOD})) day
CROSS JOIN LATERAL (SELECT {_PACKED} AND due_at >= %s AND due_at < %s) fresh
WHERE fresh.packed IS NOT NULL
"""  # noqa: S608  numbers and choices of our own
_LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('rugui.sheets'), (%s::bigint %% 2147483647)::int)"
_MISSING = f"""
SELECT day.day FROM ({_DAYS}) day
WHERE NOT EXISTS (
    SELECT FROM rugui_daysheet sheet
    WHERE sheet.organization_id = %s AND sheet.place_id = day.place_id AND sheet.day = day.day
        AND sheet.packed IS NOT NULL AND sheet.form = {FORM}
) OR EXISTS (
    SELECT FROM rugui_daysheet note
    WHERE note.organization_id = %s AND note.place_id = day.place_id AND note.day = day.day AND note.packed IS NULL
)
ORDER BY 1
"""  # noqa: S608  a number of our own
_FORGET = "DELETE FROM rugui_daysheet WHERE organization_id = %s AND place_id = %s AND (day = ANY(%s::date[]) OR day < %s::date)"
_WRITE = f"""
INSERT INTO rugui_daysheet (organization_id, place_id, day, form, packed)
SELECT %s, day.place_id, day.day, {FORM}, coalesce(made.packed, '')
FROM ({_DAYS}) day LEFT JOIN LATERAL (SELECT {_PACKED}) made ON true
WHERE day.day = ANY(%s::date[])
"""  # noqa: S608  a number of our own


@dataclass(frozen=True, slots=True)
class Ended:
    """Promises that fell due in a period and have ended, a column each, in no order. `led` is where `owner` may be known."""

    due: npt.NDArray[np.int64]
    """Seconds since 1970, rounded down."""
    place: npt.NDArray[np.int64]
    kind: npt.NDArray[np.integer]
    """Index in `KINDS`; `channel` likewise in `CHANNELS`."""
    channel: npt.NDArray[np.integer]
    owner: npt.NDArray[np.integer]
    took: npt.NDArray[np.integer]
    became: npt.NDArray[np.integer]
    without_sheets: int
    """So many of them, of days that could have a sheet, were read from their rows."""

    def __len__(self) -> int:
        return len(self.due)


def read(sought: Sought) -> Ended:
    """What has ended and is looked for. One query."""
    since, until = sought.since, sought.until
    assert since is not None
    assert until is not None
    first, last = since.astimezone(UTC).date(), until.astimezone(UTC).date()
    of, places = current(), list(sought.places)
    # Of the days in which the period begins and ends only a part counts: those are read from their rows.
    whole = (since + timedelta(days=1, microseconds=-1)).astimezone(UTC).date()
    good = [of, places, whole, last, of]
    rows = ready.fetch(_READ, [*good, places, first, last, *good, of, since, until], binary=True)
    lengths = [len(packed) // LAYOUT.itemsize for _place, _begins, packed, _fresh in rows]
    table = np.frombuffer(b"".join(packed for _place, _begins, packed, _fresh in rows), LAYOUT)
    begins = np.repeat(np.array([begins for _place, begins, _packed, _fresh in rows], np.int64), lengths)
    place = np.repeat(np.array([place for place, _begins, _packed, _fresh in rows], np.int64), lengths)
    recent = until.timestamp() - 2 * 86_400
    without = sum(
        length
        for (_place, begins, _packed, fresh), length in zip(rows, lengths, strict=True)
        if fresh and since.timestamp() <= begins < recent
    )
    columns = {name: table[name] for name in ("kind", "channel", "owner", "took", "became")}
    columns |= {"due": begins + table["second"], "place": place}
    wanted = []
    for name, value, values in (
        ("kind", sought.kind, KINDS),
        ("channel", sought.channel, CHANNELS),
        ("priority", sought.priority, PRIORITIES),
    ):
        if value:
            wanted.append(table[name] == (values.index(value) if value in values else 255))
    if sought.owner_id is not None:
        owner = table["owner"]
        wanted.append((owner == sought.owner_id) & ((owner == sought.me) | np.isin(place, sought.led)))
    if wanted:
        these = np.logical_and.reduce(wanted)
        columns = {name: column[these] for name, column in columns.items()}
    return Ended(**columns, without_sheets=without)


def write(organization_id: int, *, now: datetime) -> int:
    """Writes the sheets that are missing or stale, of all days that have ended, and forgets those nobody asks for any more.

    Returns how many it wrote. What it cannot have alone it leaves for the next time. Killed in the middle, it has written
    what it has written.
    """
    last = now.astimezone(UTC).date() - timedelta(days=1)
    first = last - timedelta(days=YEAR)
    with tenancy.within(organization_id):
        places = list(Place.objects.order_by("id").values_list("id", flat=True))
        missing = {place: _missing(organization_id, place, first, last) for place in places}
    written = 0
    for place, days in missing.items():
        for begin in range(0, len(days), AT_ONCE):
            with tenancy.within(organization_id):
                written += _write(organization_id, place, days[begin : begin + AT_ONCE], forget=first)
    return written


def _write(organization_id: int, place_id: int, days: list[date], *, forget: date) -> int:
    """The sheets of so many days of a place."""
    if not ready.fetch(_LOCK, [place_id])[0][0]:
        return 0
    # Asked anew: before we had the lock alone, somebody else may have written them.
    missing = set(days).intersection(_missing(organization_id, place_id, days[0], days[-1]))
    ready.run(_FORGET, [organization_id, place_id, sorted(missing), forget])
    ready.run(_WRITE, [organization_id, [place_id], days[0], days[-1], organization_id, sorted(missing)])
    return len(missing)


def _missing(organization_id: int, place_id: int, first: date, last: date) -> list[date]:
    return [
        day for (day,) in ready.fetch(_MISSING, [[place_id], first, last, organization_id, organization_id])
    ]
