"""What can be done about visits, touches and purchases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ..core.errors import ChangedMeanwhile, InputError
from ..core.journal import Event, record
from ..core.money import Money
from ..core.phrases import choose_one
from ..house.access import Actor
from ..house.models import Place
from ..know.models import Customer
from .models import Purchase, Touch, Visit

State = Visit.State
AFTER_PURCHASE: list[Callable[[Actor, Purchase, datetime], None]] = []
"""What the rooms above do, in the same transaction, when a purchase or a refund was recorded."""
AFTER_TOUCH: list[Callable[[Actor, Touch, datetime], object]] = []
"""Told in the same transaction when a contact was recorded: rooms above add themselves at start-up."""
WHEN_ARRIVED: list[Callable[[Actor, Visit, datetime], object]] = []
"""Told in the same transaction when a visit begins: rooms above add themselves at start-up."""
WHEN_NOT_ARRIVED: list[Callable[[Actor, Visit, datetime, datetime], object]] = []
"""Told when that was taken back: the actor, the visit, when it had begun, and now."""
WHEN_LEFT: list[Callable[[Actor, Visit, datetime], object]] = []
"""Told in the same transaction when they left."""
WHEN_NOT_LEFT: list[Callable[[Actor, Visit, datetime], object]] = []
"""Told when that was taken back."""


def expect_visit(
    actor: Actor,
    customer: Customer,
    place: Place,
    *,
    expected_at: datetime,
    now: datetime,
    expected_until: datetime | None = None,
    kind: str = Visit.Kind.BOOKING,
    about: str = "",
    external_id: str | None = None,
) -> Visit:
    """Somebody is coming."""
    actor.must_serve(place.id)
    _must_be_one_of("kind", kind, Visit.Kind.values)
    if expected_until is not None and expected_until < expected_at:
        raise InputError({"expected_until": _("The end cannot be before the beginning.")})
    visit = Visit(
        organization_id=actor.organization_id,
        customer=customer,
        place=place,
        kind=kind,
        about=about.strip(),
        expected_at=expected_at,
        expected_until=expected_until,
        external_id=external_id or None,
        created_at=now,
    )
    _save_new(visit)
    record(actor, now, Event("visit.expected", place.id, customer.id, subject_id=visit.id))
    return visit


def arrive(actor: Actor, visit: Visit, *, now: datetime) -> None:
    """They are here. Also for somebody who was thought to have missed it."""
    _move(actor, visit, {State.EXPECTED, State.MISSED}, State.ARRIVED, now, arrived_at=now)
    for told in WHEN_ARRIVED:
        told(actor, visit, now)


def begin(actor: Actor, visit: Visit, *, now: datetime) -> None:
    """Their appointment really begins; of somebody whose arrival nobody marked, they are here too."""
    _must_be_appointment(actor, visit)
    if visit.state == State.EXPECTED:
        arrive(actor, visit, now=now)
    here = Visit.objects.filter(id=visit.id, state=State.ARRIVED, begun_at=None)
    if not here.update(begun_at=now):
        raise ChangedMeanwhile
    visit.begun_at = now
    record(actor, now, Event("visit.begun", visit.place_id, visit.customer_id, subject_id=visit.id))


def tell_delay(actor: Actor, visit: Visit, *, now: datetime) -> None:
    """They were told that their appointment begins later, before they came."""
    _must_be_appointment(actor, visit)
    coming = Visit.objects.filter(id=visit.id, state=State.EXPECTED, delay_told_at=None)
    if not coming.update(delay_told_at=now):
        raise ChangedMeanwhile
    visit.delay_told_at = now
    record(actor, now, Event("visit.delay_told", visit.place_id, visit.customer_id, subject_id=visit.id))


def _must_be_appointment(actor: Actor, visit: Visit) -> None:
    actor.must_serve(visit.place_id)
    if visit.kind != Visit.Kind.APPOINTMENT:
        raise InputError({"kind": _("Only an appointment begins. Mark that they are here.")})


def leave(actor: Actor, visit: Visit, *, now: datetime) -> None:
    """They said good-bye."""
    _move(actor, visit, {State.ARRIVED}, State.LEFT, now, left_at=now)
    for told in WHEN_LEFT:
        told(actor, visit, now)


def miss(actor: Actor, visit: Visit, *, now: datetime) -> None:
    """They did not come."""
    _move(actor, visit, {State.EXPECTED}, State.MISSED, now)


def cancel(actor: Actor, visit: Visit, *, now: datetime) -> None:
    """They will not come, and told us."""
    _move(actor, visit, {State.EXPECTED}, State.CANCELLED, now)


def undo(actor: Actor, visit: Visit, *, now: datetime) -> None:
    """One step back: left → here, here or missed or cancelled → expected."""
    back = {State.LEFT: State.ARRIVED}.get(State(visit.state), State.EXPECTED)
    cleared: dict[str, datetime | None] = (
        {"left_at": None} if back == State.ARRIVED else {"arrived_at": None, "begun_at": None}
    )
    arrived_at = visit.arrived_at
    _move(actor, visit, {State(visit.state)} - {State.EXPECTED}, back, now, **cleared)
    if back == State.EXPECTED and arrived_at is not None:
        for told in WHEN_NOT_ARRIVED:
            told(actor, visit, arrived_at, now)
    if back == State.ARRIVED:
        for taken_back in WHEN_NOT_LEFT:
            taken_back(actor, visit, now)


def record_touch(
    actor: Actor,
    customer: Customer,
    *,
    channel: str,
    direction: str,
    now: datetime,
    text: str = "",
    place: Place | None = None,
    at: datetime | None = None,
    waiting: bool = False,
    case_id: int | None = None,
    external_id: str | None = None,
) -> Touch:
    """One contact. `waiting` marks a message of theirs that somebody must still answer.

    `case_id` is the case that it goes on with, for the journal.
    """
    actor.must_serve(place.id if place else None)
    _must_be_one_of("channel", channel, Touch.Channel.values)
    _must_be_one_of("direction", direction, Touch.Direction.values)
    touch = Touch(
        organization_id=actor.organization_id,
        customer=customer,
        place=place,
        staff_id=actor.staff_id,
        channel=channel,
        direction=direction,
        text=text.strip(),
        at=at or now,
        waiting=waiting,
        external_id=external_id or None,
    )
    return _touched(actor, touch, case_id, now)


def own_words(
    customer_acting: Actor, customer: Customer, place: Place, *, text: str, case_id: int, now: datetime
) -> Touch:
    """What a customer wrote on the page of their case. It waits for nobody by itself: the case owes what it is owed.

    It is the customer who acts; the caller knows by their link who they are.
    """
    touch = Touch(
        organization_id=customer_acting.organization_id,
        customer=customer,
        place=place,
        channel=Touch.Channel.WEB,
        direction=Touch.Direction.IN,
        text=text.strip(),
        at=now,
    )
    return _touched(customer_acting, touch, case_id, now)


def _touched(actor: Actor, touch: Touch, case_id: int | None, now: datetime) -> Touch:
    _save_new(touch)
    event = Event(
        "touch.made",
        touch.place_id,
        touch.customer_id,
        case_id,
        touch.id,
        payload={"channel": touch.channel, "direction": touch.direction},
    )
    record(actor, now, event)
    for told in AFTER_TOUCH:
        told(actor, touch, now)
    return touch


def settle_touch(actor: Actor, touch: Touch, *, now: datetime) -> None:
    """The message waits no longer: it was answered, or a case was made of it."""
    actor.must_serve(touch.place_id)
    if not Touch.objects.filter(id=touch.id, waiting=True).update(waiting=False):
        raise ChangedMeanwhile
    touch.waiting = False
    record(actor, now, Event("touch.settled", touch.place_id, touch.customer_id, subject_id=touch.id))


def record_purchase(
    actor: Actor,
    customer: Customer,
    *,
    amount: Money,
    now: datetime,
    place: Place | None = None,
    about: str = "",
    at: datetime | None = None,
    external_id: str | None = None,
) -> Purchase:
    """They bought something. `amount` is positive."""
    return _pay(actor, customer, amount, now, place, about, at, external_id, Purchase.Kind.PURCHASE, None)


def record_refund(
    actor: Actor,
    customer: Customer,
    *,
    amount: Money,
    now: datetime,
    refund_of: Purchase | None = None,
    place: Place | None = None,
    about: str = "",
    at: datetime | None = None,
    external_id: str | None = None,
) -> Purchase:
    """Money goes back. Never more in sum than the purchase it refunds."""
    if refund_of is not None:
        purchase = Purchase.objects.select_for_update().get(id=refund_of.id)
        if purchase.customer_id != customer.id or purchase.kind != Purchase.Kind.PURCHASE:
            raise InputError({"refund_of": _("That is not a purchase of this customer.")})
        if purchase.currency != amount.currency:
            raise InputError({"currency": _("Refund in the currency of the purchase.")})
        paid_back = purchase.refunds.aggregate(sum=Sum("amount"))["sum"] or 0
        if paid_back + amount.amount > purchase.amount:
            left = Money(purchase.amount - paid_back, purchase.currency)
            raise InputError(
                {
                    "amount": _("At most %(left)s of this purchase is left to refund.")
                    % {"left": left.text(get_language() or "en")}
                }
            )
        place = place or purchase.place
    return _pay(actor, customer, amount, now, place, about, at, external_id, Purchase.Kind.REFUND, refund_of)


def _pay(
    actor: Actor,
    customer: Customer,
    amount: Money,
    now: datetime,
    place: Place | None,
    about: str,
    at: datetime | None,
    external_id: str | None,
    kind: str,
    refund_of: Purchase | None,
) -> Purchase:
    actor.must_serve(place.id if place else None)
    if amount.amount < 0:
        raise InputError({"amount": _("Write the amount without a sign; a refund is entered as a refund.")})
    purchase = Purchase(
        organization_id=actor.organization_id,
        customer=customer,
        place=place,
        kind=kind,
        refund_of=refund_of,
        amount=amount.amount,
        currency=amount.currency,
        about=about.strip(),
        at=at or now,
        external_id=external_id or None,
    )
    _save_new(purchase)
    event = Event(
        f"{kind}.recorded",
        place.id if place else None,
        customer.id,
        subject_id=purchase.id,
        payload={"amount": amount.amount, "currency": amount.currency},
    )
    record(actor, now, event)
    for follow in AFTER_PURCHASE:
        follow(actor, purchase, now)
    return purchase


def _move(
    actor: Actor, visit: Visit, before: set[State], after: State, now: datetime, **fields: datetime | None
) -> None:
    actor.must_serve(visit.place_id)
    if not Visit.objects.filter(id=visit.id, state__in=before).update(state=after, **fields):
        raise ChangedMeanwhile
    visit.state = after
    for key, value in fields.items():
        setattr(visit, key, value)
    record(actor, now, Event(f"visit.{after}", visit.place_id, visit.customer_id, subject_id=visit.id))


def _must_be_one_of(field: str, value: str, choices: list[str]) -> None:
    if value not in choices:
        raise InputError({field: choose_one(choices)})


def _save_new(row: Visit | Touch | Purchase) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if row.external_id is None:
            raise
        raise InputError({"external_id": _("This external id is already in use.")}) from error
