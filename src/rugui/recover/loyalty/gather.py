"""What customers did before and after: the house's own rows, made into what the engine compares. Nobody's name is read."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate

from django.db.models import F, Q
from django.db.models.functions import Mod

from ...engines import loyalty as engine
from ...engines.loyalty import Unit
from ...know.models import Customer
from ...promise.models import Promise
from ...serve.models import Purchase, Visit
from ..models import Case, CaseStep
from ..remedies.models import Given

AFTER = timedelta(days=14)
"""What belongs to the same visit is no coming back."""
HORIZON = timedelta(days=180)
BEFORE = timedelta(days=365)
WINDOW = timedelta(days=3 * 365)
MOST_CASES = 5_000
MOST_OTHERS = 20_000
OFTEN = (0, 1, 3, 9)
LATELY = (30, 90)
STEPS = ("apologise", "review", "delight", "share", "follow_up")


@dataclass(frozen=True, slots=True)
class Gathered:
    """Cases and those to compare them with."""

    units: list[Unit]
    others: list[Unit]
    waiting: int
    """Cases put right so lately that nobody can tell yet."""


@dataclass(slots=True)
class _Life:
    """One customer's days with the house, in order: moments, what was paid then, and where."""

    at: list[float] = field(default_factory=list)
    paid: list[int] = field(default_factory=list)
    place: list[int | None] = field(default_factory=list)
    sums: list[int] = field(default_factory=list)
    failed: list[float] = field(default_factory=list)

    def between(self, begin: float, end: float) -> tuple[int, int]:
        """How often they were there after `begin` and until `end`, and what they paid."""
        first, last = bisect_right(self.at, begin), bisect_right(self.at, end)
        return last - first, self.sums[last] - self.sums[first]


@dataclass(frozen=True, slots=True)
class _Moment:
    key: int
    customer: int
    place: int | None
    at: float
    groups: frozenset[tuple[str, str]] = frozenset()


def gather(place_ids: Sequence[int], currency: str, *, now: datetime) -> Gathered:
    """Of these places. About nine queries, whatever their size."""
    since, until = now - WINDOW, now - HORIZON
    rows = Case.objects.filter(place_id__in=place_ids, opened_at__gte=since).exclude(state=Case.State.OPEN)
    found = list(
        rows.filter(opened_at__lte=until)
        .order_by("-id")
        .values_list("id", "customer_id", "place_id", "opened_at", "element")[:MOST_CASES]
    )
    groups = _groups(found)
    cases = [_Moment(row[0], row[1], row[2], row[3].timestamp(), groups[row[0]]) for row in found]
    lives = _lives({case.customer for case in cases} | _sample(), place_ids, currency, since - BEFORE)
    others = list(_ordinary(lives, {case.customer for case in cases}, since, until))
    cut = _thirds(
        [_year(lives[each.customer], each)[1] for each in [*cases, *others] if each.customer in lives]
    )
    return Gathered(
        [_unit(lives.get(each.customer, _EMPTY), each, cut) for each in cases],
        [_unit(lives[each.customer], each, cut) for each in others],
        rows.filter(opened_at__gt=until).count(),
    )


_EMPTY = _Life(sums=[0])


def _groups(found: Sequence[tuple[int, int, int, datetime, str]]) -> dict[int, frozenset[tuple[str, str]]]:
    """What each case can be told apart by: place, cause, the extra that was given, steps and the clock."""
    ids = [row[0] for row in found]
    extras = Given.objects.filter(case_id__in=ids, part="extra", undone_at=None).order_by("-id")
    extra = {case: form or "other" for case, form in extras.values_list("case_id", "form")}
    done = CaseStep.objects.filter(case_id__in=ids, skipped=False).values_list("case_id", "step")
    walked = set(done)
    late = Promise.objects.filter(case_id__in=ids, kind=Promise.Kind.PROGRESS, state=Promise.State.BROKEN)
    broken = set(late.values_list("case_id", flat=True))
    return {
        number: frozenset(
            {
                ("place", str(place)),
                ("remedy", extra.get(number, "none")),
                ("clock", "missed" if number in broken else "kept"),
            }
            | ({("cause", element)} if element else set())
            | {(f"step {step}", "kept" if (number, step) in walked else "missed") for step in STEPS}
        )
        for number, _customer, place, _at, element in found
    }


def _sample() -> set[int]:
    """Customers to compare with, of a large house every so many."""
    every = max(1, Customer.objects.count() // MOST_OTHERS)
    rows = Customer.objects.filter(merged_into=None).alias(rest=Mod(F("id"), every)).filter(rest=0)
    return set(rows.values_list("id", flat=True)[:MOST_OTHERS])


def _lives(
    customers: Iterable[int], place_ids: Sequence[int], currency: str, since: datetime
) -> dict[int, _Life]:
    ids = list(customers)
    raw: dict[int, list[tuple[float, int, int | None]]] = defaultdict(list)
    visits = Visit.objects.filter(customer_id__in=ids, place_id__in=place_ids, arrived_at__gte=since)
    for customer, at, place in visits.values_list("customer_id", "arrived_at", "place_id"):
        if at is not None:
            raw[customer].append((at.timestamp(), 0, place))
    bought = Purchase.objects.filter(customer_id__in=ids, at__gte=since, currency=currency)
    bought = bought.filter(Q(place_id__in=place_ids) | Q(place=None))
    for customer, at, amount, kind, place in bought.values_list(
        "customer_id", "at", "amount", "kind", "place_id"
    ):
        if kind == Purchase.Kind.PURCHASE:
            raw[customer].append((at.timestamp(), amount, place))
        else:
            raw[customer].append((at.timestamp(), -amount, place))
    lives = {customer: _life(sorted(days, key=lambda day: day[0])) for customer, days in raw.items()}
    failed = Case.objects.filter(customer_id__in=ids).values_list("customer_id", "opened_at")
    for customer, at in failed:
        if customer in lives:
            lives[customer].failed.append(at.timestamp())
    return lives


def _life(days: list[tuple[float, int, int | None]]) -> _Life:
    paid = [day[1] for day in days]
    return _Life([day[0] for day in days], paid, [day[2] for day in days], [0, *accumulate(paid)])


def _ordinary(lives: dict[int, _Life], hit: set[int], since: datetime, until: datetime) -> Iterable[_Moment]:
    """For each customer without a failure around it one day in the window on which they were there."""
    begin, end, horizon = since.timestamp(), until.timestamp(), HORIZON.total_seconds()
    for customer, life in lives.items():
        if customer in hit:
            continue
        first, last = bisect_left(life.at, begin), bisect_right(life.at, end)
        if first == last:
            continue
        day = first + (customer * 2654435761 % 4294967296) % (
            last - first
        )  # any of them, the same one each time
        at = life.at[day]
        if any(at - horizon <= each <= at for each in life.failed):
            continue
        yield _Moment(customer, customer, life.place[day], at)


def _year(life: _Life, moment: _Moment) -> tuple[int, int]:
    """How often they came in the year before, and what they paid."""
    return life.between(moment.at - BEFORE.total_seconds(), moment.at - 86_400)


def _thirds(spent: list[int]) -> tuple[float, ...]:
    """What divides those who paid anything into three as large as each other."""
    paid = sorted(each for each in spent if each > 0)
    return (0, paid[len(paid) // 3], paid[2 * len(paid) // 3]) if paid else (0,)


def _unit(life: _Life, moment: _Moment, cut: tuple[float, ...]) -> Unit:
    times, paid = _year(life, moment)
    earlier = bisect_left(life.at, moment.at - 86_400)
    days = (moment.at - life.at[earlier - 1]) / 86_400 if earlier else 10_000.0
    gap, far = AFTER.total_seconds(), HORIZON.total_seconds()
    came, after = life.between(moment.at + gap, moment.at + far)
    before = life.between(moment.at - far, moment.at - gap)[1]
    stratum = (
        moment.place, engine.bucket(times, OFTEN), engine.bucket(paid, cut), engine.bucket(days, LATELY),
    )  # fmt: skip
    again = any(moment.at + gap < each <= moment.at + far for each in life.failed)
    return Unit(moment.key, stratum, came > 0, float(after - before), again, moment.groups)
