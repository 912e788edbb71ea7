"""What a customer is likely worth: one function, so that a richer one can take its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from ...core.errors import InputError
from ...core.journal import Event, record
from ...core.money import Money
from ...engines import stake as engine
from ...house.access import Actor, at
from ...house.actions.places import must_own
from ...know import lineage
from ...know.models import Customer
from ...serve.models import Purchase
from ..trust.books import currency_of
from .models import MarginRate

MONTHS = 24
SINCE = timedelta(days=730)
USUAL = Decimal(40)
"""Per cent of margin until the owner says otherwise; the page says that it is only assumed."""


@dataclass(frozen=True, slots=True)
class Value:
    """The margin of the last 24 months; `low` to `high` holds eight of ten."""

    low: Money
    middle: Money
    high: Money
    purchases: int
    percent: Decimal
    assumed: bool
    """Whether nobody has said yet what the margin is."""
    left_out: int
    """Purchases in other currencies, which are not in it."""


def value_at_stake(customer: Customer, *, now: datetime, place_id: int | None = None) -> Value | None:
    """None when there is nothing to measure by. Three queries."""
    currency = currency_of(customer.organization_id)
    percent, assumed = margin(place_id)
    cards = lineage.lineage(lineage.root(customer.id))
    rows = Purchase.objects.filter(customer_id__in=cards, at__gt=now - SINCE, at__lte=now)
    bought, refunds, left_out = [], 0, 0
    for kind, amount, paid_in in rows.values_list("kind", "amount", "currency"):
        if paid_in != currency:
            left_out += 1
        elif kind == Purchase.Kind.REFUND:
            refunds += amount
        else:
            bought.append(float(amount))
    found = engine.stake(bought, refunds, float(percent) / 100)
    if found is None:
        return None
    low, middle, high = (Money(round(each), currency) for each in (found.low, found.value, found.high))
    return Value(low, middle, high, found.purchases, percent, assumed, left_out)


def margin(place_id: int | None) -> tuple[Decimal, bool]:
    """Per cent at a place, and whether it is only assumed. The place's own goes before the house's."""
    rows: dict[int | None, Decimal] = dict(MarginRate.objects.values_list("place_id", "percent"))
    found = rows.get(place_id, rows.get(None))
    return (USUAL, True) if found is None else (found, False)


def set_margin(actor: Actor, place_id: int | None, percent: Decimal | None, *, now: datetime) -> None:
    """The owner says how much of a hundred is margin; None takes a place's own away."""
    must_own(actor)
    if percent is not None and not 0 < percent <= 100:
        raise InputError({"percent": _("A share of a hundred: more than 0, at most 100.")})
    rows = MarginRate.objects.filter(at(place_id))
    if percent is None:
        rows.delete()
    elif not rows.update(percent=percent):
        MarginRate.objects.create(organization_id=actor.organization_id, place_id=place_id, percent=percent)
    record(
        actor,
        now,
        Event("margin.set", place_id, payload={"percent": None if percent is None else str(percent)}),
    )


def lift_words(cost: int, value: Value) -> str:
    """What an offer must do to pay: "must keep 1 in 20". Never that it does."""
    if cost <= 0:
        return ""
    worst, best = (engine.lift(cost, each.amount) if each.amount else 2.0 for each in (value.low, value.high))
    if best >= 1:
        return _("costs more than they are likely worth in two years")
    often, seldom = engine.one_in(min(worst, 1.0)), engine.one_in(best)
    if often == seldom:
        return _("pays if it keeps 1 in %(often)s") % {"often": often}
    return _("pays if it keeps 1 in %(often)s to 1 in %(seldom)s") % {"often": often, "seldom": seldom}


def words(value: Value) -> str:
    """The value in one line, with its range and what it rests on."""
    language = get_language() or "en"
    said = ngettext(
        "%(low)s to %(high)s of margin, from %(count)s purchase in two years",
        "%(low)s to %(high)s of margin, from %(count)s purchases in two years",
        value.purchases,
    )
    return said % {
        "low": _round(value.low).text(language),
        "high": _round(value.high).text(language),
        "count": value.purchases,
    }


def _round(money: Money) -> Money:
    """To two leading figures: more would say more than is known."""
    step = 10 ** max(0, len(str(abs(money.amount))) - 2)
    return Money(round(money.amount / step) * step, money.currency)
