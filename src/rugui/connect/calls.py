"""Telephone calls: who it likely is stands on the place's screens while it rings; a missed one is not forgotten.

The telephone system tells what happens to a call, each event under the call's own id. Events may come twice, late, or
in another order; each moves the call on or changes nothing. A call that is never told to have ended is over by itself.
Nobody gets a card because a number rang.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from ..core.errors import ChangedMeanwhile, InputError, NotFound
from ..core.journal import Event, record
from ..core.phrases import REQUIRED, choose_one
from ..engines.identities import normal_phone
from ..house.access import Actor, house_actor
from ..house.models import Organization, Place, Staff
from ..know import linking
from ..know.models import Customer
from ..know.recognise import Likely
from ..promise import actions as promises
from ..promise import queries as promise_queries
from ..serve import actions as serve
from ..serve.models import Touch
from .models import Call

State = Call.State
RINGS_FOR = timedelta(minutes=2)
"""So long a ringing call is shown when nothing more is heard of it."""
OVER_AFTER = timedelta(minutes=5)
"""A call of which no end was told by then was missed."""
SHOWN_FOR = timedelta(days=2)
"""So long a missed call that is nobody's yet stands on Today."""
JUST_NOW = timedelta(seconds=15)
MOST_LIKELY = 3
_ORDER = {State.RINGING: 0, State.ANSWERED: 1, State.ENDED: 2, State.MISSED: 2}


@dataclass(frozen=True, slots=True)
class Told:
    """What the telephone system says: `what` is one of the states, `staff` who answered, where it knows."""

    external_id: str
    what: str
    number: str = ""
    at: datetime | None = None
    staff: Staff | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A call for a page: whose it may be, with their chances."""

    call: Call
    likely: tuple[tuple[Customer, float], ...]

    @property
    def customer(self) -> Customer | None:
        return self.call.customer


def hear(actor: Actor, place: Place, told: Told, *, now: datetime) -> Call:
    """Takes in one event of a call. The same again, or one that comes too late, changes nothing."""
    actor.must_serve(place.id)
    if told.what not in State.values:
        raise InputError({"event": choose_one(State.values)})
    if not told.external_id.strip():
        raise InputError({"id": REQUIRED})
    at = min(told.at or now, now)
    rows = Call.objects.select_for_update(of=("self",)).select_related("place", "customer")
    call = rows.filter(external_id=told.external_id).first()
    if call is None:
        call = _begin(actor, place, told, at, now)
    elif not actor.sees(call.place_id):
        raise InputError({"id": _("This external id is already in use.")})
    if _ORDER[State(told.what)] > _ORDER[State(call.state)]:
        _move(actor, call, told, at, now)
    return call


def _begin(actor: Actor, place: Place, told: Told, at: datetime, now: datetime) -> Call:
    customer, likely = who(actor, told.number, place)
    row = {
        "place": place, "number": told.number.strip()[:40], "customer": customer, "state": State.RINGING, "rang_at": at,
        "likely": [[each.customer.id, round(each.probability, 4)] for each in likely],
    }  # fmt: skip
    call, new = Call.objects.get_or_create(
        organization_id=actor.organization_id, external_id=told.external_id, defaults=row
    )
    if not new:
        return Call.objects.select_for_update().get(id=call.id)
    record(actor, now, _event("ringing", call))
    if told.what in {State.RINGING, State.ANSWERED}:
        from .jobs import end_call

        end_call.configure(schedule_at=now + OVER_AFTER).defer(
            organization_id=actor.organization_id, call_id=call.id
        )
    return call


def who(actor: Actor, number: str, place: Place) -> tuple[Customer | None, list[Likely]]:
    """Whose number it is as good as certainly; else who it may be."""
    if normal_phone(number, place.region) is None:
        return None, []
    found = linking.sender(actor, [("phone", number)], "", region=place.region)
    return found.customer, found.likely[:MOST_LIKELY] if found.customer is None else []


def _move(actor: Actor, call: Call, told: Told, at: datetime, now: datetime) -> None:
    what = State(told.what)
    if what == State.ENDED and call.answered_at is None:
        what = State.MISSED  # it stopped ringing before anybody took it
    elif what == State.MISSED and call.answered_at is not None:
        what = State.ENDED
    fields: dict[str, object] = {"state": what}
    if what == State.ANSWERED:
        fields |= {"answered_at": at, "staff": told.staff}
    else:
        fields["ended_at"] = at
    _change(call, fields)
    record(actor, now, _event(str(what), call))
    if what in {State.ENDED, State.MISSED} and call.customer is not None:
        _keep(actor, call, call.customer, now)


def _change(call: Call, fields: dict[str, object]) -> None:
    """The caller holds the row; a change that finds another state is refused all the same."""
    if not Call.objects.filter(id=call.id, state=call.state).update(**fields):
        raise ChangedMeanwhile
    for name, value in fields.items():
        setattr(call, name, value)


def take(actor: Actor, call: Call, *, now: datetime) -> None:
    """Whoever says on their screen that they have picked up."""
    actor.must_serve(call.place_id)
    fields: dict[str, object] = {
        "state": State.ANSWERED,
        "answered_at": now,
        "staff_id": actor.must_be_staff(),
    }
    if call.state != State.RINGING:
        raise ChangedMeanwhile
    _change(call, fields)
    record(actor, now, _event("answered", call))


def say_who(actor: Actor, call: Call, customer: Customer, *, now: datetime) -> None:
    """A person knows whose call it was. A missed one now waits for an answer."""
    actor.must_serve(call.place_id)
    open_question = Q(id=call.id, customer=None, seen_to_at=None)
    if not Call.objects.filter(open_question).update(customer=customer, likely=[]):
        raise ChangedMeanwhile
    call.customer, call.likely = customer, []
    record(actor, now, _event("recognised", call))
    if call.state in {State.ENDED, State.MISSED}:
        _keep(actor, call, customer, now)


def dismiss(actor: Actor, call: Call, *, now: datetime) -> None:
    """A missed call that is nobody's to see to any more: called back, or it was nothing."""
    actor.must_serve(call.place_id)
    if not Call.objects.filter(id=call.id, state=State.MISSED, seen_to_at=None).update(seen_to_at=now):
        raise ChangedMeanwhile
    call.seen_to_at = now
    record(actor, now, _event("seen_to", call))


def _keep(actor: Actor, call: Call, customer: Customer, now: datetime) -> None:
    """On the card: that we spoke, or that they called and wait. Who calls again and again waits once."""
    missed = call.state == State.MISSED
    again = missed and Call.objects.filter(
        place=call.place_id, customer=customer, state=State.MISSED, touch__waiting=True
    ).exclude(id=call.id).exists()  # fmt: skip
    language = Organization.objects.values_list("language", flat=True).get()
    with translation.override(language):
        text = _("Called; nobody answered.") if missed else ""
    # The house hears it, not whoever's token the telephone system has.
    touch = serve.record_touch(
        house_actor(actor.organization_id), customer, channel=Touch.Channel.PHONE, direction=Touch.Direction.IN, text=text,
        place=call.place, at=call.rang_at, waiting=missed and not again, now=now,
    )  # fmt: skip
    if call.staff_id:
        Touch.objects.filter(id=touch.id).update(staff_id=call.staff_id)
    Call.objects.filter(id=call.id).update(touch=touch)
    call.touch = touch
    if missed and not again:
        kind = promise_queries.kind_of_answer(customer, call.place, touch)
        promises.give(actor, customer, call.place, kind=kind, touch=touch, now=now)


def end_silent(organization_id: int, call_id: int, *, now: datetime) -> bool:
    """A call of which nothing more was heard: it was missed, unless somebody has answered; that one goes on."""
    rows = Call.objects.select_for_update(of=("self",)).select_related("place", "customer")
    call = rows.filter(id=call_id).first()
    if call is None or call.state != State.RINGING:
        return False
    _move(house_actor(organization_id), call, Told(call.external_id, State.MISSED), now, now)
    return True


def call_of(actor: Actor, call_id: int) -> Call:
    """One call of a place that the actor sees, held. Raises `NotFound`."""
    rows = Call.objects.select_for_update(of=("self",)).select_related("place", "customer")
    found = rows.filter(id=call_id).first()
    if found is None or not actor.sees(found.place_id):
        raise NotFound
    return found


def at_hand(place: Place, *, staff_id: int | None, now: datetime) -> tuple[list[Seen], int | None]:
    """What rings at a place, and the customer of the call that this person has picked up a moment ago."""
    rings = Q(state=State.RINGING, rang_at__gt=now - RINGS_FOR)
    mine = Q(state=State.ANSWERED, staff_id=staff_id, answered_at__gt=now - JUST_NOW, customer__isnull=False)
    rows = Call.objects.filter(rings | mine if staff_id else rings, place=place)
    seen = _seen(rows.select_related("customer").order_by("rang_at")[:5])
    picked_up = [each.call.customer_id for each in seen if each.call.state == State.ANSWERED]
    return [each for each in seen if each.call.state == State.RINGING], picked_up[-1] if picked_up else None


def unknown_missed(place: Place, *, now: datetime) -> list[Seen]:
    """Missed calls of nobody we are sure of, which nobody has seen to. One query, one more when somebody is likely."""
    rows = Call.objects.filter(
        place=place, state=State.MISSED, seen_to_at=None, customer=None, rang_at__gt=now - SHOWN_FOR
    )
    return _seen(rows.order_by("-rang_at")[:20])


def _seen(rows: Iterable[Call]) -> list[Seen]:
    calls = list(rows)
    wanted = {number for call in calls for number, _chance in call.likely}
    people = Customer.objects.in_bulk(wanted) if wanted else {}
    return [
        Seen(call, tuple((people[number], chance) for number, chance in call.likely if number in people))
        for call in calls
    ]


def _event(verb: str, call: Call) -> Event:
    return Event(f"call.{verb}", call.place_id, call.customer_id, subject_id=call.id)
