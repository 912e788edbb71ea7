"""A message arrives from outside: who is it, and what does it start?

The sender is recognised by identities and name together (know/linking.py). As good as certain: the message is theirs.
Likely: a new card is made, and asks whether it is somebody known. Nobody: a new card.

Somebody with a case that is not yet closed at the place goes on with it: the message goes into its thread, as if it were
written on their own page, and opens no second one, complaint or not. Of several cases it is the one in which
something was last said. A case that is closed in the same moment no longer takes it: it goes the ordinary way.

Otherwise a complaint opens a recovery case, whose twenty-minute clock starts at once; any other message is owed an
answer. The channel says which (a form, one or two stars of five, the sender); the program does not guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from ..core.errors import InputError, Text
from ..core.phrases import REQUIRED
from ..house.access import Actor
from ..house.models import Place
from ..know import actions as know
from ..know import linking
from ..know.models import Customer, Identity
from ..promise import actions as promises
from ..promise import queries as promise_queries
from ..promise import waiting
from ..promise.models import Priority, Promise
from ..recover import actions as recover
from ..recover import queries as recover_queries
from ..recover.models import Case
from ..recover.words import first_words
from ..serve import actions as serve
from ..serve.models import Touch

UNHAPPY_STARS = 2


@dataclass(frozen=True, slots=True)
class Message:
    """What came in. `identities` are (kind, value) pairs; `stars` a rating of one to five where the channel has one."""

    channel: str
    text: str
    identities: Sequence[tuple[str, str]]
    name: str = ""
    language: str = ""
    complaint: bool | None = None
    stars: int | None = None
    title: str = ""
    external_id: str | None = None
    at: datetime | None = None
    priority: str = Priority.NORMAL

    @property
    def is_complaint(self) -> bool:
        if self.complaint is not None:
            return self.complaint
        return self.stars is not None and self.stars <= UNHAPPY_STARS


@dataclass(frozen=True, slots=True)
class Received:
    """What a message started. `candidates` are further customers who share the sender's identity.

    `case` is the one that it opened (`new_case`) or goes on with.
    """

    customer: Customer
    touch: Touch
    new_customer: bool
    case: Case | None = None
    new_case: bool = False
    promise: Promise | None = None
    candidates: list[Customer] = field(default_factory=list)
    repeated: bool = False


def receive(actor: Actor, place: Place, message: Message, *, now: datetime) -> Received:
    """Takes a message in. The same `external_id` again changes nothing and returns what the first one started."""
    actor.must_serve(place.id)
    if message.external_id and (seen := _seen_before(actor, message.external_id)):
        return seen
    _check(message)
    customer, candidates, new = _who(actor, place, message, now)
    return _start(actor, place, customer, message, now, new=new, candidates=candidates)


def receive_from(
    actor: Actor, place: Place, customer: Customer, message: Message, *, now: datetime
) -> Received:
    """Takes in a message of somebody who was recognised by a person: its identities are not looked at."""
    actor.must_serve(place.id)
    if not message.text.strip():
        raise InputError({"text": REQUIRED})
    return _start(actor, place, customer, message, now)


def _start(
    actor: Actor,
    place: Place,
    customer: Customer,
    message: Message,
    now: datetime,
    *,
    new: bool = False,
    candidates: Sequence[Customer] = (),
) -> Received:
    begun = None if new else recover.thread_for(customer, place)
    touch = serve.record_touch(
        actor,
        customer,
        channel=message.channel,
        direction=Touch.Direction.IN,
        text=message.text,
        place=place,
        at=message.at,
        now=now,
        waiting=begun is None,
        case_id=begun.id if begun else None,
        external_id=message.external_id,
    )
    if not new:
        waiting.answered(actor, customer.id, place.id, now=now)
    if begun is not None:
        owed = recover.take_in(actor, begun, touch, now=now)
        return Received(customer, touch, new, case=begun, promise=owed, candidates=list(candidates))
    if message.is_complaint:
        case = recover.open_case(
            actor,
            customer,
            place,
            title=message.title or first_words(message.text),
            language=message.language,
            touch=touch,
            now=now,
        )
        return Received(customer, touch, new, case=case, new_case=True, candidates=list(candidates))
    promise = promises.give(
        actor,
        customer,
        place,
        kind=promise_queries.kind_of_answer(customer, place, touch),
        touch=touch,
        priority=message.priority,
        now=now,
    )
    return Received(customer, touch, new, promise=promise, candidates=list(candidates))


def _check(message: Message) -> None:
    problems: dict[str, Text] = {}
    if not message.text.strip():
        problems["text"] = REQUIRED
    if not message.identities:
        problems["from"] = _(
            "Say who it is from: a phone number, an e-mail address, a handle or a card number."
        )
    if message.stars is not None and not 1 <= message.stars <= 5:
        problems["stars"] = _("A rating is a whole number from 1 to 5.")
    if problems:
        raise InputError(problems)


def _who(
    actor: Actor, place: Place, message: Message, now: datetime
) -> tuple[Customer, list[Customer], bool]:
    found = linking.sender(actor, message.identities, message.name, region=place.region)
    if found.customer is not None:
        return found.customer, [each.customer for each in found.likely], False
    identities = [know.GivenIdentity(kind, value) for kind, value in message.identities]
    name = message.name.strip() or _name_from(message.identities)
    customer = know.add_customer(
        actor, name=name, identities=identities, language=message.language, region=place.region, now=now
    )
    linking.suggest(customer, found.likely, now=now)
    return customer, [each.customer for each in found.likely], True


def _name_from(identities: Sequence[tuple[str, str]]) -> str:
    """What to call a stranger: the part of their address before the @, or the number they called from."""
    kind, value = identities[0]
    return value.split("@")[0] if kind == Identity.Kind.EMAIL else value


def _seen_before(actor: Actor, external_id: str) -> Received | None:
    touch = Touch.objects.select_related("customer").filter(external_id=external_id).first()
    if touch is None:
        return None
    if not actor.sees(touch.place_id):
        raise InputError({"external_id": _("This external id is already in use.")})
    return Received(
        touch.customer,
        touch,
        new_customer=False,
        case=recover_queries.case_of_touch(touch),
        promise=touch.promises.filter(kind__in=promises.ANSWERS).first(),
        repeated=True,
    )
