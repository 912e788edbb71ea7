"""First aid is free: a charge posted while something is being put right is held for a decision, and waived in the books.

The purchase itself is never touched: waiving it is a refund beside it, and an entry in the ledger of what was given.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from ...core.errors import ChangedMeanwhile, InputError, NotFound
from ...core.journal import Event, record
from ...core.money import Money
from ...house.access import Actor
from ...serve import actions as serve
from ...serve.models import Purchase
from ..actions.common import case_event, hold_row
from ..models import Case
from ..remedies import giving
from ..remedies.giving import Gift
from ..remedies.models import Given
from ..trust import books
from ..trust.models import Leave, Part
from .models import HeldCharge

State = HeldCharge.State

# A charge belongs to the trouble when it was made between the moment when that began and the one when it was solved, for the
# same customer; of several troubles to the latest.
_HOLD = """
INSERT INTO rugui_heldcharge (organization_id, case_id, purchase_id, state, held_at)
SELECT DISTINCT ON (p.id) p.organization_id, c.id, p.id, 'held', %(now)s
FROM rugui_purchase p
JOIN rugui_case c ON c.customer_id = p.customer_id AND c.opened_at <= p.at
    AND (c.solved_at IS NULL OR p.at < c.solved_at) AND (p.place_id IS NULL OR p.place_id = c.place_id)
WHERE p.organization_id = %(organization)s AND p.kind = 'purchase' AND p.amount > 0 AND {which}
ORDER BY p.id, c.opened_at DESC
ON CONFLICT (purchase_id) DO NOTHING
RETURNING id, case_id, purchase_id
"""


def listen() -> None:
    """From now on each purchase that is recorded is looked at. Called once, when the program starts."""
    if _on_purchase not in serve.AFTER_PURCHASE:
        serve.AFTER_PURCHASE.append(_on_purchase)


def hold_imported(actor: Actor, after: int, *, now: datetime) -> int:
    """Holds what an import has brought (purchases numbered above `after`) during troubles. How many."""
    return _hold(actor, "p.id > %(after)s", {"after": after}, now)


def charge(actor: Actor, charge_id: int) -> HeldCharge:
    """One held charge of a place that the actor sees. Raises `NotFound`."""
    rows = HeldCharge.objects.select_related("case__customer", "case__place", "purchase__customer")
    found = rows.filter(id=charge_id).first()
    if found is None or not actor.sees(found.case.place_id):
        raise NotFound
    return found


def of_case(case_id: int) -> list[HeldCharge]:
    rows = HeldCharge.objects.filter(case_id=case_id).select_related("purchase", "decided_by")
    return list(rows.order_by("id"))


def gift_of(row: HeldCharge, *, rate: Decimal | None = None) -> Gift:
    """Waiving it, in the organization's currency. Raises `InputError` when another one needs its rate."""
    currency = books.currency_of(row.organization_id)
    paid, amount = None, Money(row.purchase.amount, row.purchase.currency)
    if amount.currency != currency:
        if rate is None or not 0 < rate < Decimal(10) ** 9:
            raise InputError({"rate": ask_rate(amount.currency, currency)})
        paid = books.Paid(amount, rate)
        amount = paid.in_books(currency)
    return Gift(
        Part.CHARGE, row.purchase.about.strip() or str(_("A charge during the trouble")), amount, paid=paid
    )


def ask_rate(one: str, books_in: str) -> str:
    return _("What is one %(one)s in %(books)s?") % {"one": one, "books": books_in}


def waive(
    actor: Actor, row: HeldCharge, *, now: datetime, rate: Decimal | None = None, leave: Leave | None = None
) -> Given:
    """First aid is free: the charge is paid back in the books. Draws on the actor's trust, like anything given."""
    case = row.case
    actor.must_serve(case.place_id)
    hold_row(case)
    gift = gift_of(row, rate=leave.rate if leave else rate)
    with transaction.atomic():  # refused by the ledger, nothing was paid back either
        return _waive(actor, row, gift, now, leave)


def _waive(actor: Actor, row: HeldCharge, gift: Gift, now: datetime, leave: Leave | None) -> Given:
    case = row.case
    refund = serve.record_refund(
        actor, case.customer, amount=Money(row.purchase.amount, row.purchase.currency), refund_of=row.purchase,
        place=row.purchase.place or case.place, about=row.purchase.about, now=now,
    )  # fmt: skip
    given = giving.give(actor, case, gift, now=now, leave=leave)
    _decide(actor, row, State.WAIVED, now, refund)
    return given


def let_stand(actor: Actor, row: HeldCharge, *, now: datetime) -> None:
    """It has nothing to do with the trouble."""
    actor.must_serve(row.case.place_id)
    _decide(actor, row, State.STANDS, now)


def undo_let_stand(actor: Actor, row: HeldCharge, *, now: datetime) -> None:
    """It is looked at again."""
    actor.must_serve(row.case.place_id)
    fields = {"state": State.HELD, "decided_at": None, "decided_by": None}
    if not HeldCharge.objects.filter(id=row.id, state=State.STANDS).update(**fields):
        raise ChangedMeanwhile
    record(actor, now, case_event("charge.held", row.case, row.id))


def _decide(
    actor: Actor, row: HeldCharge, state: State, now: datetime, refund: Purchase | None = None
) -> None:
    fields = {"state": state, "decided_at": now, "decided_by_id": actor.staff_id, "refund": refund}
    if not HeldCharge.objects.filter(id=row.id, state=State.HELD).update(**fields):
        raise ChangedMeanwhile
    for name, value in fields.items():
        setattr(row, name, value)
    record(actor, now, case_event(f"charge.{state}", row.case, row.id))


def _on_purchase(actor: Actor, purchase: Purchase, now: datetime) -> None:
    if purchase.kind == Purchase.Kind.PURCHASE:
        _hold(actor, "p.id = %(purchase)s", {"purchase": purchase.id}, now)


def _hold(actor: Actor, which: str, values: dict[str, int], now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            _HOLD.format(which=which), {"organization": actor.organization_id, "now": now, **values}
        )
        held = cursor.fetchall()
    cases = Case.objects.in_bulk({case_id for _id, case_id, _purchase in held})
    record(
        actor, now, *(
            Event("charge.held", cases[case_id].place_id, cases[case_id].customer_id, case_id, charge_id)
            for charge_id, case_id, _purchase in held
        ),
    )  # fmt: skip
    return len(held)
