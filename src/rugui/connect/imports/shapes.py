"""How the rows of each subject of events become rows of its table."""

from __future__ import annotations

from dataclasses import dataclass, replace

TEMPORARY = {
    "touches": "at timestamptz, channel text, direction text, text text",
    "purchases": "at timestamptz, amount bigint, currency text, kind text, refund_of text, about text",
    "notes": "learned_at timestamptz, kind text, text text",
    "visits": "expected_at timestamptz, expected_until timestamptz, arrived_at timestamptz, left_at timestamptz,"
    " state text, kind text, about text",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """How the rows of one subject become rows of its table."""

    values: dict[str, str]
    """By column of the table the expression for a new row."""
    updated: tuple[str, ...]
    """The columns that a changed row may change."""
    condition: str = ""
    updates: dict[str, str] | None = None
    """Expressions for changes that are not simply the new value."""
    more: str = ""
    """What else is looked up."""
    which: str = ""
    """The rows that are meant, when not all."""


_VISIT_STATE = """CASE WHEN state IS NOT NULL THEN state WHEN left_at IS NOT NULL THEN 'left'
    WHEN arrived_at IS NOT NULL THEN 'arrived'
    WHEN coalesce(expected_until, expected_at) < %(now)s THEN 'left' ELSE 'expected' END"""
_FORWARD = "t.state = 'expected' OR (t.state = 'arrived' AND excluded.state = 'left')"
SHAPES = {
    "touches": Shape(
        {"at": "at", "channel": "channel", "direction": "direction", "text": "text", "waiting": "false"},
        ("at", "channel", "direction", "text"),
    ),
    "purchases": Shape(
        {"at": "at", "amount": "amount", "currency": "currency", "kind": "kind", "about": "about"},
        ("at", "amount", "currency", "kind", "about"),
    ),
    "notes": Shape(
        {
            "kind": "kind",
            "text": "text",
            "source": "'imported'",
            "learned_at": "coalesce(learned_at, %(now)s)",
        },
        ("kind", "text"),
    ),
    "visits": Shape(
        {
            "kind": "kind",
            "about": "about",
            "expected_at": "expected_at",
            "expected_until": "expected_until",
            "state": _VISIT_STATE,
            "arrived_at": f"CASE WHEN ({_VISIT_STATE}) IN ('arrived', 'left') THEN coalesce(arrived_at, expected_at) END",
            "left_at": f"CASE WHEN ({_VISIT_STATE}) = 'left' THEN"
            " coalesce(left_at, expected_until, arrived_at, expected_at) END",
            "created_at": "%(now)s",
        },
        ("kind", "about", "expected_at", "expected_until", "state", "arrived_at", "left_at"),
        " AND (expected_until IS NULL OR expected_until >= expected_at)",
        # A visit goes forward only: an older export does not undo what the house has seen since.
        {
            "state": f"CASE WHEN {_FORWARD} THEN excluded.state ELSE t.state END",
            "arrived_at": f"CASE WHEN {_FORWARD} THEN excluded.arrived_at ELSE t.arrived_at END",
            "left_at": f"CASE WHEN {_FORWARD} THEN excluded.left_at ELSE t.left_at END",
        },
    ),
}

_TAKEN_BACK = """,
    (SELECT p.id FROM rugui_purchase p WHERE p.organization_id = %(organization)s AND p.external_id = i.refund_of
     AND p.kind = 'purchase') AS taken_back"""


def shapes(subject: str, columns: list[str]) -> list[Shape]:
    """What to load one after the other: refunds that name a purchase come when all purchases of the batch are in."""
    shape = SHAPES[subject]
    if "refund_of" not in columns:
        return [shape]
    refunds = replace(
        shape,
        values=shape.values | {"refund_of_id": "taken_back"},
        updated=(*shape.updated, "refund_of_id"),
        condition=" AND taken_back IS NOT NULL",
        more=_TAKEN_BACK,
        which=" WHERE i.refund_of IS NOT NULL",
    )
    return [replace(shape, which=" WHERE i.refund_of IS NULL"), refunds]
