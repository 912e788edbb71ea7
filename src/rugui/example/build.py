"""Builds an example house: believable, plainly fictional, the same every time, and alive at any hour.

Everything goes through the program's own actions, at the moments when it would have happened. The colleagues in it
cannot sign in; whoever opens the program first becomes the owner.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from ..connect.inbox import Message, receive
from ..core import tenancy
from ..core.money import Money
from ..house.access import Actor, house_actor, staff_actor
from ..house.actions.calendar import set_week
from ..house.actions.duty import start_duty
from ..house.models import Assignment, Organization, Place, Staff, User
from ..know import actions as know
from ..know.models import Customer, Note
from ..promise import actions as promises
from ..recover import actions as recover
from ..serve import actions as serve

CONTENT = Path(__file__).parent / "content"


@dataclass
class _Builder:
    """What is known while building."""

    place: Place
    now: datetime
    language: str
    manager: Actor
    clerk: Actor
    customers: dict[str, Customer]

    def ago(self, *, minutes: float = 0, hours: float = 0, days: float = 0) -> datetime:
        return self.now - timedelta(minutes=minutes, hours=hours, days=days)

    def slot(self, number: int, of: int) -> datetime:
        """The `number`-th of `of` moments spread over what is left of the local day, on whole five minutes."""
        local = self.now.astimezone(self.place.zone)
        end = datetime.combine(local.date(), time(23, 50), self.place.zone)
        moment = self.now + (end - self.now) * number / (of + 1)
        return moment.replace(minute=moment.minute // 5 * 5, second=0, microsecond=0)


def content(trade: str, language: str) -> dict[str, Any]:
    """What the example house of a trade contains, in a language. Raises `FileNotFoundError` for one there is not."""
    return tomllib.loads((CONTENT / f"{trade}.{language}.toml").read_text(encoding="utf-8"))


def build(trade: str, language: str, *, now: datetime) -> Organization:
    """Makes the example house in one transaction and returns its organization."""
    told = content(trade, language)
    organization_id = tenancy.new_organization_id()
    with tenancy.within(organization_id):
        builder = _house(organization_id, told, language, now)
        expected = sum("slot" in customer.get("visit", {}) for customer in told["customers"])
        for customer in told["customers"]:
            _customer(builder, customer, expected)
        for case in told.get("past_cases", ()):
            _past_case(builder, case)
        for message in told.get("messages", ()):
            _message(builder, message)
        for promise in told.get("promises", ()):
            _promise(builder, promise)
        for case in told.get("cases", ()):
            _open_case(builder, case)
        return builder.place.organization


def _house(organization_id: int, told: dict[str, Any], language: str, now: datetime) -> _Builder:
    house = told["house"]
    organization = Organization.objects.create(
        id=organization_id,
        name=house["name"],
        trade=house["trade"],
        customer_word=house["customer_word"],
        currency=house["currency"],
        language=language,
    )
    place = Place.objects.create(
        organization=organization, name=house["place"], timezone=house["timezone"], region=house["region"]
    )
    week = [
        (weekday, time.fromisoformat(opens), time.fromisoformat(closes))
        for weekday in range(7)
        for opens, closes in house["shifts"]
    ]
    set_week(house_actor(organization_id), place, week, now=now)
    actors = [_colleague(organization, place, person, language, now) for person in told["staff"]]
    manager = next(actor for actor in actors if actor.leads(place.id))
    clerk = next(actor for actor in actors if not actor.leads(place.id))
    return _Builder(place, now, language, manager, clerk, {})


def _colleague(
    organization: Organization, place: Place, person: dict[str, Any], language: str, now: datetime
) -> Actor:
    number = User.objects.count() + 1
    user = User.objects.create_user(f"colleague{number}@example.invalid", None, language=language)
    staff = Staff.objects.create(organization=organization, user=user, name=person["name"])
    Assignment.objects.create(organization=organization, staff=staff, place=place, role=person["role"])
    found = staff_actor(staff_id=staff.id)
    assert found is not None
    if person.get("on_duty"):
        start_duty(found[0], place, now=now - timedelta(hours=2))
    return found[0]


def _customer(builder: _Builder, told: dict[str, Any], expected: int) -> None:
    notes = told.get("notes", ())
    purchases = told.get("purchases", ())
    first_seen = max([days for *_rest, days in [*notes, *purchases]], default=0) + 1
    customer = know.add_customer(
        builder.clerk,
        name=told["name"],
        address_as=told.get("address_as", ""),
        language=told.get("language", builder.language),
        identities=[
            know.GivenIdentity(kind, told[kind])
            for kind in ("phone", "email", "handle", "card")
            if kind in told
        ],
        external_id=f"example-{told['key']}",
        region=builder.place.region,
        now=builder.ago(days=first_seen),
    )
    builder.customers[told["key"]] = customer
    for kind, text, source, days in notes:
        learned = builder.ago(days=days, minutes=0 if days else 45)
        know.add_note(
            builder.clerk, customer, kind=kind, text=text, source=source, place=builder.place, now=learned
        )
    currency = builder.place.organization.currency
    for about, amount, days in purchases:
        serve.record_purchase(
            builder.clerk,
            customer,
            amount=Money(amount, currency),
            about=about,
            place=builder.place,
            now=builder.ago(days=days),
        )
    if visit := told.get("visit"):
        _visit(builder, customer, visit, expected)


def _visit(builder: _Builder, customer: Customer, told: dict[str, Any], expected: int) -> None:
    came = "here_hours" in told
    at = builder.ago(hours=told["here_hours"]) if came else builder.slot(told["slot"], expected)
    visit = serve.expect_visit(
        builder.clerk,
        customer,
        builder.place,
        kind=told["kind"],
        about=told["about"],
        expected_at=at,
        now=builder.ago(days=7),
    )
    if came:
        serve.arrive(builder.clerk, visit, now=at)


def _message(builder: _Builder, told: dict[str, Any]) -> None:
    customer = builder.customers[told["from"]]
    identity = customer.identities.order_by("id").first()
    assert identity is not None
    message = Message(told["channel"], told["text"], [(identity.kind, identity.value)])
    receive(builder.clerk, builder.place, message, now=builder.ago(minutes=told["minutes_ago"]))


def _promise(builder: _Builder, told: dict[str, Any]) -> None:
    promises.give(
        builder.clerk,
        builder.customers[told["to"]],
        builder.place,
        kind=told["kind"],
        text=told["text"],
        due_at=builder.now + timedelta(minutes=told["due_in"]),
        owner_id=builder.clerk.staff_id,
        now=builder.ago(minutes=told["given"]),
    )


def _open_case(builder: _Builder, told: dict[str, Any]) -> None:
    opened = builder.ago(minutes=told["minutes_ago"])
    case = recover.open_case(
        builder.clerk,
        builder.customers[told["customer"]],
        builder.place,
        title=told["title"],
        complaint=told["complaint"],
        language=builder.language,
        now=opened,
    )
    recover.apologise(builder.clerk, case, text=told["apology"], now=opened + timedelta(minutes=3))
    recover.review_together(builder.clerk, case, text=told["review"], now=opened + timedelta(minutes=5))
    recover.talk(builder.manager, case, text=told["talk"], now=opened + timedelta(minutes=7))
    reported = builder.ago(minutes=told["report_minutes_ago"])
    recover.report_progress(builder.clerk, case, text=told["report"], now=reported)


def _past_case(builder: _Builder, told: dict[str, Any]) -> None:
    opened = builder.ago(hours=20)
    case = recover.open_case(
        builder.clerk,
        builder.customers[told["customer"]],
        builder.place,
        title=told["title"],
        complaint=told["complaint"],
        language=builder.language,
        now=opened,
    )
    recover.apologise(builder.clerk, case, text=told["apology"], now=opened + timedelta(minutes=4))
    recover.review_together(builder.clerk, case, text=told["review"], now=opened + timedelta(minutes=9))
    recover.solve(builder.clerk, case, text=told["solution"], now=opened + timedelta(minutes=17))
    findings = recover.Findings(
        element=told["element"],
        failure=told["failure"],
        where=told["where"],
        cause=told["cause"],
        lesson=told["lesson"],
        about_customer=told["about_customer"],
        about_customer_kind=Note.Kind.PREFERENCE,
    )
    recover.document(builder.clerk, case, findings, now=opened + timedelta(minutes=40))
    recover.close(builder.clerk, case, now=opened + timedelta(minutes=41))
