"""What is unusual in how trust is used, for the owner, quietly: counts beside those of the others, never an accusation."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ...engines.calendar import is_open
from ...engines.unusual import Counted, Question, Shown, look, share, together
from ...house import queries as house
from ...house.access import Actor
from ...house.actions.places import must_own
from ...house.models import Assignment, Place, Staff
from ...know.models import Customer
from ...serve.models import Purchase, Visit
from ..models import Case
from ..remedies.giving import STORY_WITHIN
from ..remedies.models import Given
from . import limits
from .limits import Limit
from .models import LedgerEntry, Part

DAYS = 90
YEAR = timedelta(days=365)
NEAR = 0.9
"""From nine tenths of the limit of a case on, it is just below it."""
MOST = 20_000
"""So many of the latest are looked at."""


@dataclass(frozen=True, slots=True)
class Spending:
    """One use of trust, as far as patterns go."""

    staff: int
    customer: int
    near_limit: bool
    untold: bool
    after_hours: bool


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line of the page."""

    about: str
    words: str
    others: str
    unusual: bool
    hits: int
    of: int
    rate: float


def of_staff(actor: Actor, *, now: datetime) -> list[Pattern]:
    """How each person's use of trust differs from the others', the least likely first. For owners."""
    must_own(actor)
    rows = spendings(now=now)
    people = Staff.objects.in_bulk({row.staff for row in rows})
    guests = Customer.objects.in_bulk({row.customer for row in rows})
    shown = look(questions(rows))
    return [_pattern(each, people, guests) for each in shown if each.question.hits]


def of_customers(actor: Actor, *, now: datetime) -> list[Pattern]:
    """Who had far more to put right than other customers, beside how often they came. For owners, afterwards."""
    must_own(actor)
    shown = [each for each in look(_claims(now)) if each.unusual]
    guests = Customer.objects.in_bulk([int(each.question.key[1]) for each in shown])
    return [_claim(each, guests) for each in shown if int(each.question.key[1]) in guests]


def questions(rows: list[Spending]) -> list[Question]:
    """What is asked of each person, and of each person with each customer."""
    found: list[Question] = []
    total, per_staff = len(rows), Counter(row.staff for row in rows)
    for kind in ("near_limit", "untold", "after_hours"):
        special = Counter(row.staff for row in rows if getattr(row, kind))
        every = special.total()
        for staff, count in per_staff.items():
            own = Counted(count, special[staff])
            found.append(share((kind, str(staff)), own, Counted(total - count, every - special[staff])))
    pairs, per_customer = (
        Counter((row.staff, row.customer) for row in rows),
        Counter(row.customer for row in rows),
    )
    for (staff, customer), both in pairs.items():
        if both > 1:
            key = ("pair", str(staff), str(customer))
            found.append(together(key, both, per_staff[staff], per_customer[customer], total))
    return found


def spendings(*, now: datetime) -> list[Spending]:
    """The uses of trust of the last months that were not taken back."""
    entries = LedgerEntry.objects.filter(at__gt=now - timedelta(days=DAYS), reverses=None, reversed_by=None)
    given = Given.objects.filter(entry__in=entries, undone_at=None).exclude(part=Part.CHARGE).exclude(by=None)
    rows = list(given.select_related("case__place", "promise").order_by("-id")[:MOST])
    allowed, roles = limits.limits(), _roles()
    calendars = {place.id: house.opening_calendar(place) for place in Place.objects.all()}

    def near(row: Given) -> bool:
        held = roles.get(row.by_id or 0, {})
        role = held.get(row.case.place_id, held.get(None, ""))
        most = allowed.get(role, Limit(None, None)).per_case
        return bool(most) and NEAR * (most or 0) <= row.cost <= (most or 0)

    def closed(row: Given) -> bool:
        calendar = calendars[row.case.place_id]
        return any(calendar.week) and not is_open(calendar, row.at)

    return [
        Spending(
            row.by_id or 0,
            row.case.customer_id,
            near(row),
            row.promise is not None and row.told_at is None and row.at < now - STORY_WITHIN,
            closed(row),
        )
        for row in rows
    ]


def _roles() -> dict[int, dict[int | None, str]]:
    """By member of staff: the role by place, None for every other place."""
    found: dict[int, dict[int | None, str]] = {}
    for staff, place, role in Assignment.objects.values_list("staff_id", "place_id", "role"):
        found.setdefault(staff, {})[place] = role
    return found


def _claims(now: datetime) -> list[Question]:
    """Each customer's cases of a year, beside their visits and purchases; of those who had any."""
    since = now - YEAR
    counts = dict(
        Case.objects.filter(opened_at__gt=since).values_list("customer_id").annotate(count=Count("id"))
    )
    came: Counter[int] = Counter(counts)  # a case is an occasion as well
    for model, moment in ((Visit, "expected_at"), (Purchase, "at")):
        rows = model._default_manager.filter(Q(**{f"{moment}__gt": since}), customer__isnull=False)
        came.update(dict(rows.values_list("customer_id").annotate(count=Count("id"))))
    every, cases = came.total(), sum(counts.values())
    return [
        share(
            ("claims", str(customer)),
            Counted(came[customer], count),
            Counted(every - came[customer], cases - count),
        )
        for customer, count in counts.items()
    ]


def _pattern(shown: Shown, people: dict[int, Staff], guests: dict[int, Customer]) -> Pattern:
    kind, staff, *rest = shown.question.key
    hits, of = shown.question.hits, shown.question.of
    guest = guests.get(int(rest[0])) if rest else None
    said = {
        "near_limit": lambda: ngettext("%(hits)s of %(of)s gift just below the limit of a case", "%(hits)s of %(of)s gifts just below the limit of a case", of),
        "untold": lambda: ngettext("%(hits)s of %(of)s gift without its story", "%(hits)s of %(of)s gifts without their story", of),
        "after_hours": lambda: ngettext("%(hits)s of %(of)s gift outside opening hours", "%(hits)s of %(of)s gifts outside opening hours", of),
        "pair": lambda: ngettext("%(hits)s of %(of)s gift to %(name)s", "%(hits)s of %(of)s gifts to %(name)s", of),
    }[kind]()  # fmt: skip
    words = said % {"hits": hits, "of": of, "name": guest.called if guest else ""}
    name = people[int(staff)].name if int(staff) in people else ""
    return Pattern(name, words, _others(shown.question), shown.unusual, hits, of, shown.question.rate)


def _claim(shown: Shown, guests: dict[int, Customer]) -> Pattern:
    hits, of = shown.question.hits, shown.question.of
    said = ngettext(
        "%(hits)s case on %(of)s occasions in a year", "%(hits)s cases on %(of)s occasions in a year", hits
    )
    guest = guests[int(shown.question.key[1])]
    words = said % {"hits": hits, "of": of}
    return Pattern(guest.called, words, _others(shown.question), shown.unusual, hits, of, shown.question.rate)


def _others(question: Question) -> str:
    return _("the others: %(rate)s in 100") % {"rate": f"{question.rate * 100:.0f}"}
