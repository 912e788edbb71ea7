"""The customers of the example house, and what happened with each of them before now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time, timedelta
from decimal import Decimal
from typing import Any

from ..core.money import Money
from ..house.models import Staff
from ..know import actions as know
from ..know.models import Customer, Identity
from ..promise import actions as promises
from ..serve import actions as serve
from ..serve.models import Purchase
from .site import Site

Told = dict[str, Any]
DATED = ("notes", "purchases", "refunds", "touches", "stays", "kept")
"""What a customer's story lists; the last of each entry is how many days ago it was."""


def add(site: Site, told: Told) -> None:
    """One customer with all their story."""
    customer = _card(site, told)
    site.customers[told["key"]] = customer
    _notes(site, customer, told.get("notes", ()))
    _purchases(site, customer, told.get("purchases", ()), told.get("refunds", ()))
    _touches(site, customer, told.get("touches", ()))
    _stays(site, customer, told.get("stays", ()))
    _kept(site, customer, told.get("kept", ()))
    if visit := told.get("visit"):
        _visit(site, customer, visit)


def _card(site: Site, told: Told) -> Customer:
    story = [entry for part in DATED for entry in told.get(part, ())]
    oldest = max((entry[-1] for entry in story), default=0)
    made = site.at(oldest + 1, time(9))
    author = site.colleague(len(site.customers))
    identities = [know.GivenIdentity(kind, told[kind]) for kind in Identity.Kind.values if kind in told]
    customer = know.add_customer(
        author,
        name=told["name"],
        address_as=told.get("address_as", ""),
        language=told.get("language", site.language),
        identities=identities,
        external_id=f"example-{told['key']}",
        region=site.place.region,
        now=made,
    )
    if "contact" in told:
        person = Staff.objects.get(name=site.colleague(told["contact"]).name)
        know.edit_customer(site.manager, customer, contact_person=person, now=made)
    return customer


def _notes(site: Site, customer: Customer, notes: Sequence[Any]) -> None:
    for number, (kind, text, source, days) in enumerate(notes, start=len(site.customers)):
        learned = site.when(days, number)
        author = site.colleague(number)
        know.add_note(author, customer, kind=kind, text=text, source=source, place=site.place, now=learned)


def _purchases(site: Site, customer: Customer, purchases: Sequence[Any], refunds: Sequence[Any]) -> None:
    made = [_purchase(site, customer, entry, number) for number, entry in enumerate(purchases)]
    for number, (of, about, amount, days) in enumerate(refunds):
        serve.record_refund(
            site.manager,
            customer,
            amount=Money.of(Decimal(amount), site.currency),
            refund_of=made[of],
            about=about,
            now=site.when(days, number + 3),
        )


def _purchase(site: Site, customer: Customer, entry: Sequence[Any], number: int) -> Purchase:
    about, amount, days = entry
    return serve.record_purchase(
        site.clerk,
        customer,
        amount=Money.of(Decimal(amount), site.currency),
        about=about,
        place=site.place,
        now=site.when(days, number),
    )


def _touches(site: Site, customer: Customer, touches: Sequence[Any]) -> None:
    for number, (channel, direction, text, days) in enumerate(touches):
        at = site.when(days, number + 5)
        author = site.colleague(number)
        serve.record_touch(
            author, customer, channel=channel, direction=direction, text=text, place=site.place, now=at
        )


def _stays(site: Site, customer: Customer, stays: Sequence[Any]) -> None:
    """Visits that are over. An entry is (kind, about, hours, days ago)."""
    for number, (kind, about, hours, days) in enumerate(stays):
        came = site.when(days, number)
        visit = serve.expect_visit(
            site.clerk,
            customer,
            site.place,
            kind=kind,
            about=about,
            expected_at=came,
            now=customer.created_at,
        )
        serve.arrive(site.clerk, visit, now=came)
        serve.leave(site.manager, visit, now=min(came + timedelta(hours=hours), site.ago(minutes=30)))


def _kept(site: Site, customer: Customer, kept: Sequence[Any]) -> None:
    """Promises kept in time."""
    for number, (kind, text, days) in enumerate(kept):
        given = site.when(days, number + 2)
        due = given + timedelta(minutes=30)
        actor = site.colleague(number)
        promise = promises.give(
            actor,
            customer,
            site.place,
            kind=kind,
            text=text,
            due_at=due,
            owner_id=actor.staff_id,
            now=given,
        )
        promises.keep(actor, promise, now=given + timedelta(minutes=19))


def _visit(site: Site, customer: Customer, told: Told) -> None:
    came = site.ago(minutes=told["here_minutes"]) if "here_minutes" in told else None
    visit = serve.expect_visit(
        site.clerk,
        customer,
        site.place,
        kind=told["kind"],
        about=told["about"],
        expected_at=came or site.next_arrival(),
        now=max(customer.created_at, site.ago(days=7)),
    )
    if came:
        serve.arrive(site.clerk, visit, now=came)
