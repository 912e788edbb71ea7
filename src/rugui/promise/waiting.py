"""Waiting for the customer: where the terms of a promise allow it, its time stands still until they have answered.

What is left when it pauses is left when it goes on: the same amount of the time that counts, for every warning, the
moment itself and every step after it.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from ..core.errors import ChangedMeanwhile, InputError
from ..core.journal import record
from ..house.access import Actor
from .actions import event
from .models import Counts, Promise
from .policies import calendar_of
from .terms import DEFAULTS, Standing, next_ring

State = Promise.State


def pause(actor: Actor, promise: Promise, *, now: datetime) -> None:
    """Nothing can be done until the customer answers. Raises `InputError` where the terms know no waiting."""
    actor.must_serve(promise.place_id)
    if not promise.may_pause:
        raise InputError(
            {"kind": _("A promise of this kind does not wait. Agree on another time with them.")}
        )
    if promise.due_at <= now:
        raise ChangedMeanwhile
    running = Promise.objects.filter(id=promise.id, state=State.OPEN, settled_at=None, paused_at=None)
    if not running.update(paused_at=now, ring_at=None):
        raise ChangedMeanwhile
    promise.paused_at, promise.ring_at = now, None
    record(actor, now, event("paused", promise))


def resume(actor: Actor, promise: Promise, *, now: datetime) -> None:
    """The customer has answered, or we need not wait any longer: the time that was left runs on."""
    actor.must_serve(promise.place_id)
    _resume(actor, promise, now)


def answered(actor: Actor, customer_id: int, place_id: int, *, now: datetime) -> None:
    """The customer was heard at this place: whatever waited for them there runs on. It is the customer who acts."""
    waiting = Promise.objects.filter(
        customer_id=customer_id, place_id=place_id, paused_at__isnull=False, settled_at=None
    )
    for promise in waiting.select_related("place").select_for_update(of=("self",), no_key=True):
        _resume(actor, promise, now)


def _resume(actor: Actor, promise: Promise, now: datetime) -> None:
    since = promise.paused_at
    if since is None:
        raise ChangedMeanwhile
    move(promise, since, max(now, since))
    changed = {
        name: getattr(promise, name)
        for name in ("warn_at", "warn_more", "due_at", "not_before", "rise_at", "ring_at")
    }
    waiting = Promise.objects.filter(id=promise.id, state=State.OPEN, settled_at=None, paused_at=since)
    if not waiting.update(paused_at=None, **changed):
        raise ChangedMeanwhile
    record(actor, now, event("resumed", promise))


def move(promise: Promise, since: datetime, now: datetime) -> None:
    """Puts off everything that lay ahead at `since`, by as much of the time that counts as was left then."""
    calendar = calendar_of(promise.place) if promise.counts == Counts.WORKING else None
    standing = Standing(DEFAULTS[Promise.Kind(promise.kind)], calendar)

    def later(at: datetime) -> datetime:
        return standing.after(now, standing.between(since, at)) if at > since else at

    promise.warn_at = later(promise.warn_at) if promise.warn_at else None
    promise.warn_more = [later(at) for at in promise.warn_more]
    promise.due_at = later(promise.due_at)
    promise.not_before = later(promise.not_before) if promise.not_before else None
    promise.rise_at = [later(at) for at in promise.rise_at]
    promise.paused_at = None
    promise.ring_at = next_ring(promise, now)
