"""What customers did before and after: the house's own rows, made into what the engine compares. Nobody's name is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.db.models.functions import Mod

from ...engines.lives import BEFORE, HORIZON, Life, Moment, ordinary_days, units
from ...engines.loyalty import Unit
from ...know.models import Customer
from ...promise.models import Promise
from ...serve.models import Purchase, Visit
from ..models import Case, CaseStep
from ..remedies.models import Given

WINDOW = timedelta(days=3 * 365)
MOST_CASES = 5_000
MOST_OTHERS = 20_000
STEPS = ("apologise", "review", "delight", "share", "follow_up")


@dataclass(frozen=True, slots=True)
class Gathered:
    """Cases and those to compare them with."""

    units: list[Unit]
    others: list[Unit]
    waiting: int
    """Cases put right so lately that nobody can tell yet."""


def gather(place_ids: Sequence[int], currency: str, *, now: datetime) -> Gathered:
    """Of these places. About nine queries, whatever their size."""
    since, until = now - WINDOW, now - timedelta(seconds=HORIZON)
    rows = Case.objects.filter(place_id__in=place_ids, opened_at__gte=since).exclude(state=Case.State.OPEN)
    found = list(
        rows.filter(opened_at__lte=until)
        .order_by("-id")
        .values_list("id", "customer_id", "place_id", "opened_at", "element")[:MOST_CASES]
    )
    groups = _groups(found)
    cases = [Moment(row[0], row[1], row[2], row[3].timestamp(), groups[row[0]]) for row in found]
    hit = {case.customer for case in cases}
    lives = _lives(hit | _sample(), place_ids, currency, since - timedelta(seconds=BEFORE))
    others = list(ordinary_days(lives, hit, since.timestamp(), until.timestamp()))
    return Gathered(*units(lives, cases, others), rows.filter(opened_at__gt=until).count())


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
) -> dict[int, Life]:
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
    lives = {customer: Life.of(days) for customer, days in raw.items()}
    failed = Case.objects.filter(customer_id__in=ids).values_list("customer_id", "opened_at")
    for customer, at in failed:
        if customer in lives:
            lives[customer].failed.append(at.timestamp())
    return lives
