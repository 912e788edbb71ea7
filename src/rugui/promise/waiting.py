"""Waiting for the customer: where the terms of a promise allow it, its time stands still until they have answered.

What is left when it pauses is left when it goes on: the same amount of the time that counts, for every warning, the
moment itself and every step after it.
"""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from ..core.errors import ChangedMeanwhile, InputError
from ..core.journal import record
from ..core.phrases import choose_one
from ..house.access import Actor
from .actions import event
from .models import Promise, WaitsFor
from .moving import MOVED, move

State = Promise.State


def pause(actor: Actor, promise: Promise, *, waits_for: str = WaitsFor.ANSWER, now: datetime) -> None:
    """Nothing can be done until the customer has done their part. Raises `InputError` where the terms know no waiting."""
    actor.must_serve(promise.place_id)
    if waits_for not in WaitsFor.values:
        raise InputError({"waits_for": choose_one(WaitsFor.values)})
    if not promise.may_pause:
        raise InputError(
            {"kind": _("A promise of this kind does not wait. Agree on another time with them.")}
        )
    if promise.due_at <= now:
        raise ChangedMeanwhile
    running = Promise.objects.filter(id=promise.id, state=State.OPEN, settled_at=None, paused_at=None)
    if not running.update(paused_at=now, waits_for=waits_for, ring_at=None):
        raise ChangedMeanwhile
    promise.paused_at, promise.waits_for, promise.ring_at = now, waits_for, None
    made = event("paused", promise)
    record(actor, now, replace(made, payload={**made.payload, "waits_for": waits_for}))


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
    changed = {name: getattr(promise, name) for name in MOVED}
    waiting = Promise.objects.filter(id=promise.id, state=State.OPEN, settled_at=None, paused_at=since)
    if not waiting.update(paused_at=None, waits_for="", **changed):
        raise ChangedMeanwhile
    record(actor, now, event("resumed", promise))


def would_be_due(promise: Promise, back_at: datetime, *, now: datetime) -> datetime:
    """When it would be due if it waited from `now` (or since it does) and went on at `back_at`. Changes nothing."""
    trial = copy(promise)
    move(trial, promise.paused_at or now, back_at)
    return trial.due_at
