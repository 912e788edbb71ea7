"""Which journal entries are told to whom. The kinds' names are the rooms' own."""

from __future__ import annotations

QUIET_VERBS = frozenset({"viewed", "searched", "exported"})
"""Looking is journalled, but changes nothing that a screen shows."""

GUEST_KINDS = frozenset(
    {
        "case.opened",
        "case.reported",
        "case.stepped",
        "case.solved",
        "case.closed",
        "case.close_undone",
        "case.reopened",
        "message.sent",
        "message.received",
        "choices.offered",
        "choices.withdrawn",
        "choices.chosen",
        "promise.given",
        "promise.kept",
        "promise.settled_late",
        "promise.renegotiated",
        "promise.reopened",
        "promise.withdrawn",
        "promise.paused",
        "promise.resumed",
        "promise.broken",
    }
)
"""What a customer's page may hear of, about its own case. A list of what is allowed, so that whatever is
added later (talk among colleagues, say) stays inside unless somebody puts it here."""


QUIET_ROOMS = frozenset({"keeper"})
"""What only its keeper may know of is not even told to have changed."""


def concerns_screens(kind: str) -> bool:
    return kind.partition(".")[0] not in QUIET_ROOMS and kind.rpartition(".")[2] not in QUIET_VERBS


def concerns_guests(kind: str) -> bool:
    return kind in GUEST_KINDS
