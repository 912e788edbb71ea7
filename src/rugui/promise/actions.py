"""Giving a promise, keeping it, agreeing on another time. Only the clock breaks one.

A broken promise stays broken: what is done about it afterwards (late, another time, no longer wanted) only settles it.
The progress promise of a recovery case is its clock: it is kept by reporting in the case, never by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from ..core import ready
from ..core.errors import ChangedMeanwhile, InputError
from ..core.journal import Event, record
from ..core.phrases import choose_one, too_long
from ..house.access import Actor
from ..house.models import Place, Staff
from ..know.models import Customer
from ..serve.models import Touch
from .models import Promise

State = Promise.State
LAST_QUARTER = 0.25
LONGEST_TEXT = 300
LONGEST_WAIT = timedelta(days=366)
UNDO_FOR = timedelta(minutes=15)
"""How long a promise that was settled by mistake can run on as if nothing had been said."""

WHEN_KEPT: list[Callable[[Actor, Promise, datetime], object]] = []
"""Told in the same transaction when a promise was kept (or settled late): rooms above add themselves at start-up."""


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
) -> Promise:
    """A new promise, rung when its last quarter begins and again when it is due."""
    actor.must_serve(place.id)
    if kind not in Promise.Kind.values:
        raise InputError({"kind": choose_one(Promise.Kind.values)})
    if kind == Promise.Kind.PROGRESS:
        raise InputError({"kind": _("Reports of progress are promised by opening a case.")})
    if kind in Promise.AMONG_US:
        raise InputError({"kind": _("This is promised among colleagues, by asking for leave or by giving.")})
    if len(text.strip()) > LONGEST_TEXT:
        raise InputError({"text": too_long(LONGEST_TEXT)})
    _must_be_ahead(due_at, now)
    promise = _new(actor, customer, place, kind, due_at, now, text, owner_id, case_id, touch)
    record(actor, now, _event("given", promise))
    return promise


def owe_colleague(
    actor: Actor,
    customer: Customer,
    place: Place,
    *,
    kind: str,
    due_at: datetime,
    owner_id: int | None,
    case_id: int,
    now: datetime,
    ring_now: bool = False,
) -> Promise:
    """A promise among colleagues about a case (`Promise.AMONG_US`). `ring_now` rings for its owner at once."""
    promise = _unsaved(actor, customer, place, kind, due_at, now, "", owner_id, case_id)
    if ring_now:
        promise.warn_at = promise.ring_at = now
    promise.save(force_insert=True)
    record(actor, now, _event("given", promise))
    return promise


def settle_colleague(actor: Actor, promise: Promise, *, now: datetime, wanted: bool = True) -> None:
    """What was owed to a colleague was done, in time or late, or is no longer `wanted`; nothing when it was settled before."""
    if not Promise.objects.filter(id=promise.id, settled_at=None).exists():
        return
    if wanted:
        _keep(actor, promise, now)
    else:
        _end(promise, State.WITHDRAWN, now)
        record(actor, now, _event("withdrawn", promise))


def keep(actor: Actor, promise: Promise, *, now: datetime) -> None:
    """It was done. A promise that was broken before stays broken, and counts as settled late."""
    actor.must_serve(promise.place_id)
    _must_not_be_a_cases_clock(promise)
    _keep(actor, promise, now)


def renegotiate(actor: Actor, promise: Promise, *, due_at: datetime, now: datetime) -> Promise:
    """The customer agreed to another time: the old promise ends, a new one runs."""
    actor.must_serve(promise.place_id)
    _must_be_theirs(promise)
    _must_be_ahead(due_at, now)
    _end(promise, State.RENEGOTIATED, now)
    record(actor, now, _event("renegotiated", promise))
    renewed = _new(
        actor,
        promise.customer,
        promise.place,
        promise.kind,
        due_at,
        now,
        promise.text,
        promise.owner_id,
        promise.case_id,
        promise.touch,
        renews=promise,
    )
    record(actor, now, _event("given", renewed))
    return renewed


def withdraw(actor: Actor, promise: Promise, *, now: datetime) -> None:
    """The customer no longer wants it."""
    actor.must_serve(promise.place_id)
    _must_not_be_a_cases_clock(promise)
    _end(promise, State.WITHDRAWN, now)
    record(actor, now, _event("withdrawn", promise))


def take(actor: Actor, promise: Promise, *, owner: Staff | None, now: datetime) -> None:
    """Somebody makes it theirs (or, with None, leaves it to whoever is on duty).

    Two who reach for it at once: the second is told, because the first owns it now.
    """
    actor.must_serve(promise.place_id)
    if not Promise.objects.filter(id=promise.id, settled_at=None, owner_id=promise.owner_id).update(
        owner=owner
    ):
        raise ChangedMeanwhile
    promise.owner = owner
    record(actor, now, _event("taken", promise))


def undo(actor: Actor, promise: Promise, *, now: datetime) -> None:
    """A promise settled by mistake a moment ago runs on as it did; what renewed it is taken back."""
    actor.must_serve(promise.place_id)
    _must_not_be_a_cases_clock(promise)
    if promise.settled_at is None or promise.settled_at < now - UNDO_FOR:
        raise ChangedMeanwhile(_("This can no longer be undone."))
    renewed = Promise.objects.filter(renews=promise)
    if renewed.exists():
        # Letting go of `renews` leaves the promise free to be renegotiated again.
        ended = {"state": State.WITHDRAWN, "settled_at": now, "ring_at": None, "renews": None}
        if not renewed.filter(state=State.OPEN, settled_at=None).update(**ended):
            raise ChangedMeanwhile
    running = promise.state != State.BROKEN
    ring_at = (
        (promise.warn_at if promise.warn_at and now < promise.warn_at else promise.due_at)
        if running
        else None
    )
    state = State.OPEN if running else State.BROKEN
    seen = Promise.objects.filter(id=promise.id, state=promise.state, settled_at=promise.settled_at)
    if not seen.update(state=state, settled_at=None, ring_at=ring_at):
        raise ChangedMeanwhile
    promise.state, promise.settled_at, promise.ring_at = state, None, ring_at
    record(actor, now, _event("reopened", promise))


def renew_progress(
    actor: Actor,
    customer: Customer,
    place: Place,
    *,
    case_id: int,
    minutes: int,
    owner_id: int | None,
    now: datetime,
) -> Promise:
    """Ends the running progress promise of a case, as kept or settled late, and gives the next one.

    The caller holds the case's row lock, so that there is never a moment with two clocks.
    """
    last = settle_progress(actor, case_id, now=now)
    due_at = now + timedelta(minutes=minutes)
    renewed = _new(
        actor, customer, place, Promise.Kind.PROGRESS, due_at, now, "", owner_id, case_id, renews=last
    )
    record(actor, now, _event("given", renewed))
    return renewed


def begin_progress(
    actor: Actor,
    customer: Customer,
    place: Place,
    *,
    case_id: int,
    minutes: int,
    owner_id: int | None,
    now: datetime,
) -> Promise:
    """The first progress promise of a case opened in this very transaction, which nobody else can know of yet."""
    due_at = now + timedelta(minutes=minutes)
    begun = _unsaved(actor, customer, place, Promise.Kind.PROGRESS, due_at, now, "", owner_id, case_id)
    ready.insert(begun)
    record(actor, now, _event("given", begun))
    return begun


def settle_progress(actor: Actor, case_id: int, *, now: datetime) -> Promise | None:
    """Ends the progress promise of a case that is still owed, if there is one."""
    owed = Q(case_id=case_id, kind=Promise.Kind.PROGRESS, settled_at=None)
    last = Promise.objects.filter(owed).order_by("-made_at", "-id").select_for_update(no_key=True).first()
    if last is not None:
        _keep(actor, last, now)
    return last


def owe_answer(
    actor: Actor,
    customer: Customer,
    place: Place,
    *,
    minutes: int,
    owner_id: int | None,
    case_id: int,
    now: datetime,
    kind: str = Promise.Kind.ANSWER,
) -> Promise:
    """The customer wrote about a case whose clock has stopped: they are owed an answer, once however much they write.

    Or, with another `kind`, what else they asked for. Returns that promise. It is the customer who acts here; the
    caller holds the case's row lock.
    """
    owed = Promise.objects.filter(case_id=case_id, kind=kind, settled_at=None).first()
    if owed is not None:
        return owed
    due_at = now + timedelta(minutes=minutes)
    return owe(actor, customer, place, kind=kind, due_at=due_at, owner_id=owner_id, case_id=case_id, now=now)


def owe(
    actor: Actor,
    customer: Customer,
    place: Place,
    *,
    kind: str,
    due_at: datetime,
    owner_id: int | None,
    case_id: int,
    now: datetime,
    text: str = "",
) -> Promise:
    """A promise that a case gives by itself, whoever acts in it; the caller holds the case's row lock."""
    promise = _new(actor, customer, place, kind, due_at, now, text, owner_id, case_id)
    record(actor, now, _event("given", promise))
    return promise


def let_go(actor: Actor, promise: Promise, *, now: datetime) -> None:
    """What a case has promised by itself is no longer needed. The caller holds what decides that."""
    _end(promise, State.WITHDRAWN, now)
    record(actor, now, _event("withdrawn", promise))


def run_again(actor: Actor, promise: Promise, *, now: datetime) -> None:
    """What was let go of runs on, because it was let go of by mistake. Raises `ChangedMeanwhile`."""
    warn_at = promise.warn_at
    ring_at = warn_at if warn_at and now < warn_at else promise.due_at
    seen = Promise.objects.filter(id=promise.id, state=State.WITHDRAWN, settled_at=promise.settled_at)
    if not seen.update(state=State.OPEN, settled_at=None, ring_at=ring_at):
        raise ChangedMeanwhile
    promise.state, promise.settled_at, promise.ring_at = State.OPEN, None, ring_at
    record(actor, now, _event("reopened", promise))


def keep_answers_of_case(actor: Actor, case_id: int, *, now: datetime) -> None:
    """The house wrote to the customer: the answers owed in this case are given."""
    for promise in Promise.objects.filter(case_id=case_id, kind=Promise.Kind.ANSWER, settled_at=None):
        _keep(actor, promise, now)


def keep_answer(actor: Actor, touch: Touch, *, now: datetime) -> None:
    """Settles the answers owed to a message."""
    for promise in Promise.objects.filter(touch=touch, kind=Promise.Kind.ANSWER, settled_at=None):
        _keep(actor, promise, now)


def _unsaved(
    actor: Actor,
    customer: Customer,
    place: Place,
    kind: str,
    due_at: datetime,
    now: datetime,
    text: str,
    owner_id: int | None,
    case_id: int | None,
    touch: Touch | None = None,
    renews: Promise | None = None,
) -> Promise:
    warn_at = due_at - (due_at - now) * LAST_QUARTER
    return Promise(
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


def _new(actor: Actor, customer: Customer, place: Place, kind: str, *rest: Any, **more: Any) -> Promise:
    """A promise of `_unsaved`, saved. Raises `ChangedMeanwhile` when a case would have two clocks."""
    promise = _unsaved(actor, customer, place, kind, *rest, **more)
    if kind != Promise.Kind.PROGRESS:
        promise.save(force_insert=True)
        return promise
    try:
        with transaction.atomic():
            promise.save(force_insert=True)
    except IntegrityError as error:  # one_clock_a_case: somebody gave the case its next clock first
        raise ChangedMeanwhile from error
    return promise


def _must_be_ahead(due_at: datetime, now: datetime) -> None:
    if due_at <= now:
        raise InputError({"due_at": _("A promise is for a time still to come.")})
    if due_at > now + LONGEST_WAIT:
        raise InputError({"due_at": _("That is more than a year away. Promise something nearer.")})


def _must_not_be_a_cases_clock(promise: Promise) -> None:
    if promise.kind == Promise.Kind.PROGRESS and promise.case_id is not None:
        raise InputError({"kind": _("This is the clock of a case: report progress or solve it there.")})
    _must_be_theirs(promise)


def _must_be_theirs(promise: Promise) -> None:
    if promise.kind in Promise.AMONG_US:
        raise InputError({"kind": _("A colleague waits for this. It is answered on the page of the case.")})


def _keep(actor: Actor, promise: Promise, now: datetime) -> None:
    late = _end(promise, State.KEPT, now)
    record(actor, now, _event("settled_late" if late else "kept", promise))
    for told in WHEN_KEPT:
        told(actor, promise, now)


def _end(promise: Promise, state: State, now: datetime) -> bool:
    """Settles a running promise as `state`, a broken one as broken. Returns whether it was broken.

    Raises `ChangedMeanwhile` when somebody else settled it first.
    """
    if _settle(promise, State.OPEN, state, now):
        return False
    if _settle(promise, State.BROKEN, State.BROKEN, now):
        return True
    raise ChangedMeanwhile


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
