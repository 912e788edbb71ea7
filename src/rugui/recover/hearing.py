"""What the rooms below tell this one: a promise was kept, a customer came again, a colleague has left."""

from __future__ import annotations

from ..house.actions import staff as house
from ..language import replies, silencing
from ..promise import actions as promises
from ..serve import actions as serve
from . import queries
from .actions import following, owning


def begin() -> None:
    """Once, at start-up. Beginning again changes nothing."""
    if following.go_on not in promises.WHEN_KEPT:
        promises.WHEN_KEPT.append(following.go_on)
        serve.WHEN_ARRIVED.append(following.came_again)
        serve.WHEN_NOT_ARRIVED.append(following.did_not_come)
        house.WHEN_SHUT_OUT.append(owning.leave_cases)
        replies.SOURCES.append(queries.replies)
        silencing.SOURCES.append(queries.said_with)
