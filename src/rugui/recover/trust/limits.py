"""How far trust reaches: the limits by role, and what somebody has left in a case and in this month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from ...core.errors import InputError, Text
from ...core.journal import Event, record
from ...core.money import COINLESS, Money
from ...house.access import Actor, Role
from ...house.actions.places import must_own
from ...house.models import Place
from ..models import Case
from .books import currency_of
from .models import TrustCase, TrustLimit, TrustMonth, TrustRule

ROLES = (Role.STAFF, Role.MANAGER, Role.OWNER)
"""Who may be trusted with money, the least first. An analyst only looks."""
LARGEST = 10**13
_EUROS = {Role.STAFF: (200, 1000), Role.MANAGER: (1000, 5000), Role.OWNER: (None, None)}
_WORTH = {
    "TWD": 35,
    "JPY": 160,
    "CNY": 8,
    "HKD": 9,
    "KRW": 1500,
    "THB": 40,
    "INR": 90,
    "HUF": 400,
    "IDR": 17000,
}
"""Roughly what one euro is, only so that a proposal is of the right size."""


@dataclass(frozen=True, slots=True)
class Limit:
    """None is no limit."""

    per_case: int | None
    per_month: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody may still spend, in minor units of `currency`."""

    currency: str
    trusted: bool
    """Whether anything was entrusted to their role at all."""
    limit: Limit
    on_case: int
    """Spent on trust in the case, by everybody."""
    in_month: int
    """Spent by this person this month."""

    @property
    def left(self) -> int | None:
        """In the case now; None when there is no limit."""
        if not self.trusted:
            return 0
        rests = [
            max(0, limit - spent)
            for limit, spent in ((self.limit.per_case, self.on_case), (self.limit.per_month, self.in_month))
            if limit is not None
        ]
        return min(rests) if rests else None

    @property
    def left_in_month(self) -> int | None:
        if not self.trusted:
            return 0
        return None if self.limit.per_month is None else max(0, self.limit.per_month - self.in_month)

    def reaches(self, amount: int) -> bool:
        return self.left is None or amount <= self.left


def limits() -> dict[str, Limit]:
    """By role; a role that is not there may spend nothing."""
    return {row.role: Limit(row.per_case, row.per_month) for row in TrustLimit.objects.all()}


def proposed(currency: str) -> dict[str, Limit]:
    """What an owner is offered to begin with, in minor units: round sums of about the same worth everywhere."""
    return {
        role: Limit(*(None if each is None else of_euros(each, currency) for each in euros))
        for role, euros in _EUROS.items()
    }


def of_euros(euros: int, currency: str) -> int:
    """About as much in another currency: a round sum, in its minor units."""
    smallest = Money.of(Decimal(1), currency).amount
    amount = euros * _WORTH.get(currency, 1) * smallest
    step = 10 ** max(0, len(str(amount)) - (2 if currency == "EUR" else 1))
    return int(round(amount / step) * step)


def standing(actor: Actor, case: Case, *, now: datetime) -> Standing:
    """What the actor may still spend on this case. Four queries."""
    currency = currency_of(case.organization_id)
    limit = limits().get(actor.role_at(case.place_id) or "")
    spent = TrustCase.objects.filter(case_number=case.id, currency=currency).values_list("spent", flat=True)
    month = _month(actor, case.place, currency, now)
    return Standing(currency, limit is not None, limit or Limit(0, 0), next(iter(spent), 0), month)


def balance(actor: Actor, place: Place, *, now: datetime) -> Standing:
    """What the actor has left this month at a place, whatever the case. Three queries."""
    currency = currency_of(actor.organization_id)
    limit = limits().get(actor.role_at(place.id) or "")
    return Standing(currency, limit is not None, limit or Limit(0, 0), 0, _month(actor, place, currency, now))


def month_of(place: Place, now: datetime) -> date:
    """The first day of the month at a place."""
    return now.astimezone(place.zone).date().replace(day=1)


def set_limits(actor: Actor, wanted: dict[str, Limit], *, now: datetime) -> None:
    """The owner says how much each role is trusted with. What was spent already stays as it is."""
    must_own(actor)
    problems: dict[str, Text] = {}
    for role, limit in wanted.items():
        if role not in ROLES:
            problems[role] = _("Only staff, managers and owners are trusted with money.")
        for name in ("per_case", "per_month"):
            value = getattr(limit, name)
            if value is not None and not 0 <= value <= LARGEST:
                problems[f"{role}_{name}"] = _("Write nothing, or an amount that is not below nothing.")
    if problems:
        raise InputError(problems)
    for role, limit in wanted.items():
        fields = {"per_case": limit.per_case, "per_month": limit.per_month}
        TrustLimit.objects.update_or_create(organization_id=actor.organization_id, role=role, defaults=fields)
    record(actor, now, Event("trust.limited", payload={
        role: [limit.per_case, limit.per_month] for role, limit in wanted.items()}))  # fmt: skip


def rule() -> TrustRule:
    """What becomes of a question that nobody answers; the usual rule until the owner sets another."""
    return TrustRule.objects.first() or TrustRule()


def set_rule(actor: Actor, *, ask_minutes: int, ceiling: int | None, now: datetime) -> None:
    must_own(actor)
    problems: dict[str, Text] = {}
    if not 1 <= ask_minutes <= 1440:
        problems["ask_minutes"] = _("Between one minute and a day (1440).")
    if ceiling is not None and not 0 <= ceiling <= LARGEST:
        problems["ceiling"] = _("Write nothing, or an amount that is not below nothing.")
    if problems:
        raise InputError(problems)
    fields = {"ask_minutes": ask_minutes, "ceiling": ceiling}
    TrustRule.objects.update_or_create(organization_id=actor.organization_id, defaults=fields)
    record(actor, now, Event("trust.ruled", payload=fields))


def _month(actor: Actor, place: Place, currency: str, now: datetime) -> int:
    month = month_of(place, now)
    rows = TrustMonth.objects.filter(staff=actor.staff_id, month=month, currency=currency)
    return sum(rows.values_list("spent", flat=True))


def whole(amount: int | None, currency: str) -> str:
    """For a field of a form: whole units without a sign, empty for no limit."""
    if amount is None:
        return ""
    major = Money(amount, currency).major
    return f"{major:f}" if currency not in COINLESS or major % 1 else f"{int(major)}"
