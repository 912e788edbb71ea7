"""Writing the ledger: an entry with its lines, and its reversal. What is refused is decided by core/ledger.sql."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, connection, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ...core.errors import ChangedMeanwhile, InputError, Text
from ...core.journal import record
from ...core.money import Money
from ...house.access import Actor
from ...house.models import Organization
from ..actions.common import case_event
from ..models import Case
from .models import Leave, LedgerEntry, LedgerLine

Account = LedgerLine.Account


@dataclass(frozen=True, slots=True)
class Paid:
    """Money in another currency than the organization's, with the rate for one whole unit of it."""

    money: Money
    rate: Decimal

    def in_books(self, currency: str) -> Money:
        """In the organization's currency, to its smallest coin, halves to the even one."""
        of_one = Money.of(Decimal(1), currency).amount  # minor units in a whole one
        return Money(int((self.money.major * self.rate * of_one).quantize(Decimal(1))), currency)


class OverLimitError(InputError):
    """It is more than this person may spend here without asking. `left` is what still may be; None is unknown."""

    def __init__(self, message: Text) -> None:
        super().__init__({"amount": message})


def currency_of(organization_id: int) -> str:
    """What the books are kept in."""
    return str(Organization.objects.values_list("currency", flat=True).get(id=organization_id))


def post(
    actor: Actor,
    case: Case,
    *,
    part: str,
    amount: Money,
    now: datetime,
    paid: Paid | None = None,
    leave: Leave | None = None,
) -> LedgerEntry:
    """Spends `amount` for a case, on the actor's own trust or, with a leave granted to somebody, on the house.

    Raises `OverLimitError` when the trust does not reach so far.
    """
    staff_id = leave.asked_by_id if leave else actor.must_be_staff()
    entry = LedgerEntry(
        organization_id=case.organization_id,
        at=now,
        month=now.date().replace(day=1),  # the database sets it, by the place's own clock
        place_id=case.place_id,
        staff_id=staff_id,
        case_number=case.id,
        leave_number=leave.id if leave else None,
        currency=amount.currency,
        paid_amount=paid.money.amount if paid else None,
        paid_currency=paid.money.currency if paid else "",
        rate=paid.rate if paid else None,
    )
    whose = Account.HOUSE if leave else Account.ALLOWANCE
    lines = [(Account(part), None, amount.amount), (whose, None if leave else staff_id, -amount.amount)]
    _write(entry, lines)
    record(actor, now, case_event("trust.spent", case, entry.id, part=str(part), amount=amount.amount,
                                  currency=amount.currency, leave=leave is not None))  # fmt: skip
    return entry


def reverse(actor: Actor, case: Case, entry: LedgerEntry, *, now: datetime) -> LedgerEntry:
    """A new entry that mirrors `entry` and gives back what it drew. Once only: the second raises `ChangedMeanwhile`."""
    if LedgerEntry.objects.filter(reverses=entry).exists():
        raise ChangedMeanwhile
    mirror = LedgerEntry(
        organization_id=case.organization_id,
        at=now,
        month=entry.month,
        place_id=entry.place_id,
        staff_id=actor.must_be_staff(),
        case_number=entry.case_number,
        currency=entry.currency,
        reverses=entry,
    )
    _write(mirror, [(Account(row.account), row.staff_id, -row.amount) for row in entry.lines.order_by("id")])
    record(actor, now, case_event("trust.reversed", case, mirror.id, entry=entry.id))
    return mirror


def _write(entry: LedgerEntry, lines: list[tuple[Account, int | None, int]]) -> None:
    """All of it, checked by the database at once: a refusal is known here and not at the end of the transaction."""
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
            for account, staff_id, amount in lines:
                LedgerLine.objects.create(
                    organization_id=entry.organization_id,
                    entry=entry,
                    account=account,
                    staff_id=staff_id,
                    amount=amount,
                )
            with connection.cursor() as cursor:
                cursor.execute(
                    "SET CONSTRAINTS ledger_entry_balanced, ledger_line_balanced IMMEDIATE;"
                    " SET CONSTRAINTS ledger_entry_balanced, ledger_line_balanced DEFERRED"
                )
    except IntegrityError as error:
        raise _refusal(error) from error


def _refusal(error: IntegrityError) -> Exception:
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or ""
    if name in _WORDS:
        return OverLimitError(_WORDS[name]())
    if name in {"leave_spent_once", "rugui_ledgerentry_reverses_id_key"}:
        return ChangedMeanwhile()
    return error


_WORDS = {
    "trust_none": lambda: _("No money was entrusted to your role yet. Ask a leader for this one."),
    "trust_per_case": lambda: _(
        "That is more than your role may spend on one case. Ask a leader for the rest."
    ),
    "trust_per_month": lambda: _("That is more than you have left for this month. Ask a leader for it."),
}


def words(amount: int, currency: str) -> str:
    """Money as the reader writes it."""
    return Money(amount, currency).text(get_language() or "en")
