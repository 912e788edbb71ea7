"""Giving a promise, keeping it, agreeing on another time. Only the clock breaks one."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from ..core.errors import ChangedMeanwhile, InputError
from ..core.journal import Event, record
from ..house.access import Actor
from ..house.models import Place, Staff
from ..know.models import Customer
from ..serve.models import Touch
from .models import Promise

State = Promise.State
LAST_QUARTER = 0.25


def give(
    actor: Actor,
    customer: Customer,
    place: Place,
    *,
    kind: str,
    due_at: datetime,
    now: datetime,
    text: str = "",
    owner_id: int | None = None,
    case_id: int | None = None,
    touch: Touch | None = None,
    renews: Promise | None = None,
) -> Promise:
    """A new promise, rung when its last quarter begins and again when it is due."""
    actor.must_serve(place.id)
    if kind not in Promise.Kind.values:
        raise InputError({"kind": _("Choose one of: %(choices)s.") % {"choices": ", ".join(Promise.Kind.values)}})
    if due_at <= now:
        raise InputError({"due_at": _("A promise is for a time still to come.")})
    warn_at = due_at - (due_at - now) * LAST_QUARTER
    promise = Promise.objects.create(
        organization_id=actor.organization_id,
        customer=customer,
        place=place,
        kind=kind,
        text=text.strip(),
        owner_id=owner_id,
        case_id=case_id,
        touch=touch,
        made_at=now,
        warn_at=warn_at,
        due_at=due_at,
        ring_at=warn_at,
        renews=renews,
    )
    record(actor, now, _event("given", promise))
    return promise


def keep(actor: Actor, promise: Promise, *, now: datetime) -> None:
    """It was done. A promise that was broken before stays broken, and counts as settled late."""
    actor.must_serve(promise.place_id)
    if _settle(promise, State.OPEN, State.KEPT, now):
        record(actor, now, _event("kept", promise))
    elif _settle(promise, State.BROKEN, State.BROKEN, now):
        record(actor, now, _event("settled_late", promise))
    else:
        raise ChangedMeanwhile


def renegotiate(actor: Actor, promise: Promise, *, due_at: datetime, now: datetime) -> Promise:
    """The customer agreed to another time: the old promise ends, a new one runs."""
    actor.must_serve(promise.place_id)
    if due_at <= now:
        raise InputError({"due_at": _("A promise is for a time still to come.")})
    if not _settle(promise, State.OPEN, State.RENEGOTIATED, now):
        raise ChangedMeanwhile
    record(actor, now, _event("renegotiated", promise))
    return give(
        actor,
        promise.customer,
        promise.place,
        kind=promise.kind,
        text=promise.text,
        due_at=due_at,
        now=now,
        owner_id=promise.owner_id,
        case_id=promise.case_id,
        touch=promise.touch,
        renews=promise,
    )


def withdraw(actor: Actor, promise: Promise, *, now: datetime) -> None:
    """The customer no longer wants it."""
    actor.must_serve(promise.place_id)
    if not _settle(promise, State.OPEN, State.WITHDRAWN, now):
        raise ChangedMeanwhile
    record(actor, now, _event("withdrawn", promise))


def take(actor: Actor, promise: Promise, *, owner: Staff | None, now: datetime) -> None:
    """Somebody makes it theirs (or, with None, leaves it to whoever is on duty)."""
    actor.must_serve(promise.place_id)
    if not Promise.objects.filter(id=promise.id, settled_at=None).update(owner=owner):
        raise ChangedMeanwhile
    promise.owner = owner
    record(actor, now, _event("taken", promise))


def renew_progress(actor: Actor, customer: Customer, place: Place, *, case_id: int, minutes: int, owner_id: int | None, now: datetime) -> Promise:
    """Ends the running progress promise of a case, as kept or settled late, and gives the next one."""
    last = settle_progress(actor, case_id, now=now)
    return give(
        actor,
        customer,
        place,
        kind=Promise.Kind.PROGRESS,
        due_at=now + timedelta(minutes=minutes),
        now=now,
        owner_id=owner_id,
        case_id=case_id,
        renews=last,
    )


def settle_progress(actor: Actor, case_id: int, *, now: datetime) -> Promise | None:
    """Ends the progress promise of a case that is still owed, if there is one."""
    owed = Q(case_id=case_id, kind=Promise.Kind.PROGRESS, settled_at=None)
    last = Promise.objects.filter(owed).order_by("-made_at", "-id").select_for_update().first()
    if last is not None:
        keep(actor, last, now=now)
    return last


def keep_answer(actor: Actor, touch: Touch, *, now: datetime) -> None:
    """Settles the answers owed to a message."""
    for promise in Promise.objects.filter(touch=touch, kind=Promise.Kind.ANSWER, settled_at=None):
        keep(actor, promise, now=now)


def _settle(promise: Promise, before: State, after: State, now: datetime) -> bool:
    rows = Promise.objects.filter(id=promise.id, state=before, settled_at=None)
    if not rows.update(state=after, settled_at=now, ring_at=None):
        return False
    promise.state, promise.settled_at, promise.ring_at = after, now, None
    return True


def _event(verb: str, promise: Promise) -> Event:
    return Event(
        f"promise.{verb}",
        promise.place_id,
        promise.customer_id,
        promise.case_id,
        promise.id,
        {"kind": promise.kind},
    )
