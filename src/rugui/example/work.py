"""What is going on in the example house: messages, promises, cases. Nothing is broken when it opens."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from ..connect.inbox import Message, receive
from ..core.money import Money
from ..know.models import Customer, Note
from ..promise import actions as promises
from ..promise.models import Promise
from ..recover import actions as recover
from ..recover.models import Case
from ..recover.remedies import giving
from ..serve.models import Touch
from .site import Site

Told = dict[str, Any]
TAKEN_DOWN = {Touch.Channel.PHONE, Touch.Channel.IN_PERSON}
"""Channels whose words a colleague writes down; the others arrive by themselves."""


def message(site: Site, told: Told) -> None:
    """Words that came in and wait for an answer."""
    actor = site.clerk if told["channel"] in TAKEN_DOWN else site.house
    arrived = Message(told["channel"], told["text"], _identities(site.customers[told["from"]]))
    receive(actor, site.place, arrived, now=site.ago(minutes=told["minutes_ago"]))


def promise(site: Site, told: Told) -> None:
    """A promise that runs."""
    actor = site.colleague(told.get("by", 1))
    promises.give(
        actor,
        site.customers[told["to"]],
        site.place,
        kind=told["kind"],
        text=told["text"],
        due_at=site.now + timedelta(minutes=told["due_in"]),
        owner_id=actor.staff_id,
        now=site.ago(minutes=told["given"]),
    )


def open_case(site: Site, told: Told) -> None:
    """A case in the middle of its recovery: a report was given, and its clock has begun again."""
    opened = site.ago(minutes=told["minutes_ago"])
    case = _complain(site, told, opened)
    _listen(site, case, told, opened)
    recover.talk(site.manager, case, text=told["talk"], now=opened + timedelta(minutes=7))
    reported = site.ago(minutes=told["report_minutes_ago"])
    recover.report_progress(site.clerk, case, text=told["report"], now=reported)
    recover.offer_choices(site.clerk, case, told["choices"], now=reported)


def past_case(site: Site, told: Told) -> None:
    """Yesterday's failure, put right and written down: the line-up tells its lesson."""
    opened = site.at(1, time.fromisoformat(told["at"]))
    case = _complain(site, told, opened)
    _listen(site, case, told, opened)
    recover.solve(site.clerk, case, text=told["solution"], now=opened + timedelta(minutes=17))
    recover.delight(site.clerk, case, text=told["extra"], now=opened + timedelta(minutes=30))
    if "gesture" in told:
        _delight(site, case, told, opened + timedelta(minutes=31))
    findings = recover.Findings(
        element=told["element"],
        failure=told["failure"],
        where=told["where"],
        cause=told["cause"],
        lesson=told["lesson"],
        about_customer=told["about_customer"],
        about_customer_kind=told.get("about_customer_kind", Note.Kind.PREFERENCE),
    )
    recover.document(site.clerk, case, findings, now=opened + timedelta(minutes=40))
    recover.close(site.manager, case, now=opened + timedelta(minutes=45))
    _ask_after(site, case)


def _ask_after(site: Site, case: Case) -> None:
    """The first follow-up was made this morning, where its time has come."""
    soon = Promise.objects.filter(
        case=case, kind=Promise.Kind.FOLLOW_UP, ring_at__lte=site.now + timedelta(minutes=5)
    )
    for promise in soon.select_related("customer", "place"):
        kept = min(promise.due_at - timedelta(minutes=10), site.ago(minutes=2))
        promises.keep(site.clerk, promise, now=kept)


def _delight(site: Site, case: Case, told: Told, moment: datetime) -> None:
    """The extra, on the clerk's own trust, and the story of it."""
    name, amount, form = told["gesture"]
    gift = giving.Gift("extra", name, Money.of(Decimal(amount), site.currency), form)
    given = giving.give(site.clerk, case, gift, now=moment)
    giving.tell(
        site.clerk, given, story=told["story"], outcome="delighted", now=moment + timedelta(minutes=10)
    )


def _complain(site: Site, told: Told, opened: datetime) -> Case:
    arrived = Message(
        told["channel"],
        told["complaint"],
        _identities(site.customers[told["customer"]]),
        complaint=True,
        title=told["title"],
    )
    case = receive(site.clerk, site.place, arrived, now=opened).case
    assert case is not None
    return case


def _listen(site: Site, case: Case, told: Told, opened: datetime) -> None:
    """The first two steps, minutes after it was heard."""
    recover.apologise(site.clerk, case, text=told["apology"], now=opened + timedelta(minutes=3))
    recover.review_together(
        site.clerk,
        case,
        text=told["review"],
        wanted=told.get("wanted", ""),
        understood=told.get("understood", ""),
        now=opened + timedelta(minutes=6),
    )


def _identities(customer: Customer) -> list[tuple[str, str]]:
    return list(customer.identities.order_by("id").values_list("kind", "value"))
