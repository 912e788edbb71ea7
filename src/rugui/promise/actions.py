"""Giving a promise, keeping it, agreeing on another time. Only the clock breaks one.

A broken promise stays broken: what is done about it afterwards (late, another time, no longer wanted) only settles it.
The progress promise of a recovery case is its clock: it is kept by reporting in the case, never by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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
from . import moving, policies, telling
from .models import Priority, Promise
from .terms import Tells, next_ring, put

State = Promise.State
ANSWERS = Promise.ANSWERS
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
    now: datetime,
    due_at: datetime | None = None,
    text: str = "",
    owner_id: int | None = None,
    case_id: int | None = None,
    touch: Touch | None = None,
    channel: str = "",
    priority: str = Priority.NORMAL,
) -> Promise:
    """A new promise, as the policy for its kind says; `due_at` where a time was chosen.

    `channel` is how the customer reached us; of an answer to a message, the message's own.
    """
    actor.must_serve(place.id)
    if kind not in Promise.Kind.values:
        raise InputError({"kind": choose_one(Promise.Kind.values)})
    if kind == Promise.Kind.PROGRESS:
        raise InputError({"kind": _("Reports of progress are promised by opening a case.")})
    if kind in Promise.AMONG_US:
        raise InputError({"kind": _("This is promised among colleagues, by asking for leave or by giving.")})
    if priority not in Priority.values:
        raise InputError({"priority": choose_one(Priority.values)})
    if len(text.strip()) > LONGEST_TEXT:
        raise InputError({"text": too_long(LONGEST_TEXT)})
    if due_at is not None:
        _must_be_ahead(due_at, now)
    agreed = due_at is not None and kind != Promise.Kind.FOLLOW_UP  # asking how it was is our own plan
    given = _Given(kind, now, due_at, text, owner_id, case_id, touch, channel, priority, agreed=agreed)
    promise = _new(actor, customer, place, given)
    record(actor, now, event("given", promise))
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
    promise = _unsaved(actor, customer, place, _Given(kind, now, due_at, owner_id=owner_id, case_id=case_id))
    if ring_now:
        promise.warn_at = promise.ring_at = now
    ready.insert(promise)
    record(actor, now, event("given", promise))
    return promise


def settle_colleague(actor: Actor, promise: Promise, *, now: datetime, wanted: bool = True) -> None:
    """What was owed to a colleague was done, in time or late, or is no longer `wanted`; nothing when it was settled before."""
    if not Promise.objects.filter(id=promise.id, settled_at=None).exists():
        return
    if wanted:
        _keep(actor, promise, now)
    else:
        _end(promise, State.WITHDRAWN, now)
        record(actor, now, event("withdrawn", promise))


def keep(actor: Actor, promise: Promise, *, now: datetime) -> None:
    """It was done. A promise that was broken before stays broken, and counts as settled late.

    Where its policy says that it is renewed, the next one runs from now.
    """
    actor.must_serve(promise.place_id)
    _must_not_be_a_cases_clock(promise)
    if promise.not_before is not None and now < promise.not_before:
        early = promise.not_before.astimezone(promise.place.zone)
        raise InputError(
            {
                "kind": _("Not before %(time)s: what is made by hand must be fresh.")
                % {"time": f"{early:%H:%M}"}
            }
        )
    _keep(actor, promise, now)
    if promise.renew_minutes and promise.state == State.KEPT:
        _again(actor, promise, now)


def renegotiate(actor: Actor, promise: Promise, *, due_at: datetime, now: datetime) -> Promise:
    """The customer agreed to another time: the old promise ends, a new one runs."""
    actor.must_serve(promise.place_id)
    _must_be_theirs(promise)
    _must_be_ahead(due_at, now)
    _end(promise, State.RENEGOTIATED, now)
    record(actor, now, event("renegotiated", promise))
    return _again(actor, promise, now, due_at=due_at)


def withdraw(actor: Actor, promise: Promise, *, now: datetime) -> None:
    """The customer no longer wants it."""
    actor.must_serve(promise.place_id)
    _must_not_be_a_cases_clock(promise)
    _end(promise, State.WITHDRAWN, now)
    record(actor, now, event("withdrawn", promise))


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
    record(actor, now, event("taken", promise))


def undo(actor: Actor, promise: Promise, *, now: datetime) -> None:
    """A promise settled by mistake a moment ago runs on as it did; what renewed it is taken back."""
    actor.must_serve(promise.place_id)
    _must_not_be_a_cases_clock(promise)
    if promise.settled_at is None or promise.settled_at < now - UNDO_FOR:
        raise ChangedMeanwhile(_("This can no longer be undone."))
    if (renewal := Promise.objects.filter(renews=promise).select_related("place").first()) is not None:
        if not _settle(renewal, State.OPEN, State.WITHDRAWN, now):
            raise ChangedMeanwhile
        # Letting go of `renews` leaves the promise free to be renegotiated again.
        Promise.objects.filter(id=renewal.id).update(renews=None)
    running = promise.state != State.BROKEN
    state = State.OPEN if running else State.BROKEN
    seen = Promise.objects.filter(id=promise.id, state=promise.state, settled_at=promise.settled_at)
    promise.state = state
    ring_at = next_ring(promise, now)
    if not seen.update(state=state, settled_at=None, ring_at=ring_at):
        raise ChangedMeanwhile
    promise.settled_at, promise.ring_at = None, ring_at
    record(actor, now, event("reopened", promise))


def renew_progress(
    actor: Actor, customer: Customer, place: Place, *, case_id: int, owner_id: int | None, now: datetime,
    due_at: datetime | None = None,
) -> Promise:  # fmt: skip
    """Ends the running progress promise of a case, as kept or settled late, and gives the next one (for `due_at`, where told).

    The caller holds the case's row lock, so that there is never a moment with two clocks.
    """
    last = settle_progress(actor, case_id, now=now)
    given = _Given(Promise.Kind.PROGRESS, now, due_at, owner_id=owner_id, case_id=case_id, renews=last)
    renewed = _new(actor, customer, place, given)
    record(actor, now, event("given", renewed))
    return renewed


def begin_progress(
    actor: Actor, customer: Customer, place: Place, *, case_id: int, owner_id: int | None, now: datetime,
    channel: str = "", priority: str = Priority.NORMAL, due_at: datetime | None = None,
) -> Promise:  # fmt: skip
    """The first progress promise of a case opened in this very transaction, which nobody else can know of yet."""
    given = _Given(
        Promise.Kind.PROGRESS,
        now,
        due_at,
        owner_id=owner_id,
        case_id=case_id,
        channel=channel,
        priority=priority,
    )
    begun = _unsaved(actor, customer, place, given)
    ready.insert(begun)
    record(actor, now, event("given", begun))
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
    owner_id: int | None,
    case_id: int,
    now: datetime,
    kind: str = Promise.Kind.NEXT_ANSWER,
    channel: str = "",
) -> Promise:
    """The customer wrote about a case whose clock has stopped: they are owed an answer, once however much they write.

    Or, with another `kind`, what else they asked for. Returns that promise. It is the customer who acts here; the
    caller holds the case's row lock.
    """
    same = {"kind__in": ANSWERS} if kind in ANSWERS else {"kind": kind}
    owed = Promise.objects.filter(case_id=case_id, settled_at=None, **same).first()
    if owed is not None:
        return owed
    given = _Given(kind, now, owner_id=owner_id, case_id=case_id, channel=channel)
    promise = _new(actor, customer, place, given)
    record(actor, now, event("given", promise))
    return promise


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
    promise = _new(actor, customer, place, _Given(kind, now, due_at, text, owner_id, case_id))
    record(actor, now, event("given", promise))
    return promise


def let_go(actor: Actor, promise: Promise, *, now: datetime) -> None:
    """What a case has promised by itself is no longer needed. The caller holds what decides that."""
    _end(promise, State.WITHDRAWN, now)
    record(actor, now, event("withdrawn", promise))


def run_again(actor: Actor, promise: Promise, *, now: datetime) -> None:
    """What was let go of runs on, because it was let go of by mistake. Raises `ChangedMeanwhile`."""
    seen = Promise.objects.filter(id=promise.id, state=State.WITHDRAWN, settled_at=promise.settled_at)
    promise.state = State.OPEN
    ring_at = next_ring(promise, now)
    if not seen.update(state=State.OPEN, settled_at=None, ring_at=ring_at):
        raise ChangedMeanwhile
    promise.state, promise.settled_at, promise.ring_at = State.OPEN, None, ring_at
    record(actor, now, event("reopened", promise))


def keep_answers_of_case(actor: Actor, case_id: int, *, now: datetime) -> None:
    """The house wrote to the customer: the answers owed in this case are given."""
    for promise in Promise.objects.filter(case_id=case_id, kind__in=ANSWERS, settled_at=None):
        _keep(actor, promise, now)


def keep_answer(actor: Actor, touch: Touch, *, now: datetime) -> None:
    """Settles the answers owed to a message."""
    for promise in Promise.objects.filter(touch=touch, kind__in=ANSWERS, settled_at=None):
        _keep(actor, promise, now)


@dataclass(frozen=True, slots=True)
class _Given:
    """What is promised, besides by whom, to whom and where."""

    kind: str
    now: datetime
    due_at: datetime | None = None
    text: str = ""
    owner_id: int | None = None
    case_id: int | None = None
    touch: Touch | None = None
    channel: str = ""
    priority: str = Priority.NORMAL
    renews: Promise | None = None
    agreed: bool = False
    """The time was said to the customer, or by them."""


def _unsaved(actor: Actor, customer: Customer, place: Place, given: _Given) -> Promise:
    channel = given.channel or (given.touch.channel if given.touch else "")
    standing = policies.standing(place, given.kind, channel=channel, priority=given.priority)
    promise = Promise(
        organization_id=actor.organization_id,
        customer=customer,
        place=place,
        kind=given.kind,
        text=given.text.strip(),
        owner_id=given.owner_id,
        deputy_id=_stand_in(customer, given.owner_id),
        case_id=given.case_id,
        touch=given.touch,
        channel=channel,
        priority=given.priority,
        made_at=given.now,
        renews=given.renews,
        load=_load(place) if given.kind in ANSWERS else None,
    )
    minutes = given.renews.renew_minutes if given.renews else None
    moments = standing.moments(given.now, due_at=given.due_at, minutes=minutes)
    put(promise, standing, moments)
    promise.told_at = promise.due_at if given.agreed else _told_at(promise, standing.terms.tells)
    return promise


def _told_at(promise: Promise, tells: str) -> datetime | None:
    """What the customer hears, where the rule tells them a time."""
    if tells == Tells.BEATEN and promise.kind in ANSWERS:
        return telling.told_at(
            promise.place,
            channel=promise.channel,
            load=promise.load or 0,
            due_at=promise.due_at,
            now=promise.made_at,
        )
    return None if tells == Tells.NOTHING else promise.due_at


_OWED_ANSWERS = """
SELECT least(count(*), 32767) FROM rugui_promise
WHERE organization_id = %s AND place_id = %s AND settled_at IS NULL AND kind IN ('answer', 'next_answer')
"""


def _load(place: Place) -> int:
    """How many answers the place owes: what makes the next one slower."""
    return int(ready.fetch(_OWED_ANSWERS, [place.organization_id, place.id])[0][0])


def _stand_in(customer: Customer, owner_id: int | None) -> int | None:
    """The contact person, or the deputy where the contact person sees to it anyway."""
    contact = customer.contact_person_id
    return contact if contact and contact != owner_id else customer.deputy_id


def _new(actor: Actor, customer: Customer, place: Place, given: _Given) -> Promise:
    """A promise of `_unsaved`, saved. Raises `ChangedMeanwhile` when a case would have two clocks."""
    promise = _unsaved(actor, customer, place, given)
    if given.kind != Promise.Kind.PROGRESS:
        ready.insert(promise)
        return promise
    try:
        with transaction.atomic():
            ready.insert(promise)
    except IntegrityError as error:  # one_clock_a_case: somebody gave the case its next clock first
        raise ChangedMeanwhile from error
    return promise


def _again(actor: Actor, promise: Promise, now: datetime, *, due_at: datetime | None = None) -> Promise:
    """The same once more, in place of the one that has just ended."""
    given = _Given(
        promise.kind, now, due_at, promise.text, promise.owner_id, promise.case_id, promise.touch,
        promise.channel, promise.priority, renews=promise, agreed=due_at is not None,
    )  # fmt: skip
    renewed = _new(actor, promise.customer, promise.place, given)
    record(actor, now, event("given", renewed))
    return renewed


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
    record(actor, now, event("settled_late" if late else "kept", promise))
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
    rows = Promise.objects.filter(id=promise.id, state=before, settled_at=None, paused_at=promise.paused_at)
    moved: dict[str, Any] = {}
    if promise.paused_at is not None and before == State.OPEN:
        # It ends while it waits: with what was left of its time, so that it was in time, and can run on if this is undone.
        moving.move(promise, promise.paused_at, max(now, promise.paused_at))
        moved = {name: getattr(promise, name) for name in moving.MOVED}
    changed = {
        **moved,
        "state": after,
        "settled_at": now,
        "ring_at": None,
        "paused_at": None,
        "waits_for": "",
    }
    if not rows.update(**changed):
        return False
    promise.state, promise.settled_at, promise.ring_at, promise.paused_at = after, now, None, None
    return True


def event(verb: str, promise: Promise) -> Event:
    """`promise.verb`, for the journal."""
    return Event(
        f"promise.{verb}",
        promise.place_id,
        promise.customer_id,
        promise.case_id,
        promise.id,
        {"kind": promise.kind},
    )
