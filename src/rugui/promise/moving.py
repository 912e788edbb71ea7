"""Putting a promise off by the time that stood still while it waited for the customer."""

from __future__ import annotations

from datetime import datetime

from .models import Counts, Promise
from .policies import calendar_of
from .terms import DEFAULTS, Standing, next_ring

MOVED = ("warn_at", "warn_more", "due_at", "not_before", "told_at", "rise_at", "ring_at")
"""What `move` changes."""


def move(promise: Promise, since: datetime, now: datetime) -> None:
    """Puts off everything that lay ahead at `since`, by as much of the time that counts as was left then."""
    calendar = calendar_of(promise.place) if promise.counts == Counts.WORKING else None
    standing = Standing(DEFAULTS[Promise.Kind(promise.kind)], calendar)

    def later(at: datetime) -> datetime:
        return standing.after(now, standing.between(since, at)) if at > since else at

    promise.warn_at = later(promise.warn_at) if promise.warn_at else None
    promise.warn_more = [later(at) for at in promise.warn_more]
    promise.due_at = later(promise.due_at)
    promise.told_at = later(promise.told_at) if promise.told_at else None
    promise.not_before = later(promise.not_before) if promise.not_before else None
    promise.rise_at = [later(at) for at in promise.rise_at]
    promise.paused_at, promise.waits_for = None, ""
    promise.ring_at = next_ring(promise, now)
