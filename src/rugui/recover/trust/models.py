"""Limits, leaves that were asked, and a double-entry ledger that the database itself keeps (core/ledger.sql)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from ...core.models import HouseModel
from ...house.models import Assignment


class Part(models.TextChoices):
    """What money was given for. Restoring what was due is never counted as the extra."""

    DUE = "due", _("What was due")
    EXTRA = "extra", _("The extra")
    CHARGE = "charge", _("A charge waived")


class TrustLimit(HouseModel):
    """What a role may spend without anybody's leave. Empty is no limit; a role without a row may spend nothing."""

    role = models.CharField(max_length=8, choices=Assignment.Role)
    per_case = models.BigIntegerField(null=True, blank=True)
    per_month = models.BigIntegerField(null=True, blank=True)
    """By person, in the month of the case's place. Both in minor units of the organization's currency."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "role"], name="trust_limit_once"),
            models.CheckConstraint(
                condition=Q(per_case__isnull=True) | Q(per_case__gte=0), name="trust_case_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(per_month__isnull=True) | Q(per_month__gte=0), name="trust_month_not_negative"
            ),
        ]


class TrustRule(HouseModel):
    """What happens to a question that no leader answers."""

    ask_minutes = models.PositiveSmallIntegerField(default=10)
    """After so many minutes it is decided in the customer's favour."""
    ceiling = models.BigIntegerField(null=True, blank=True)
    """Above so much only a person decides; empty is no ceiling."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization"], name="trust_rule_once"),
            models.CheckConstraint(condition=Q(ask_minutes__range=(1, 1440)), name="trust_rule_within_a_day"),
        ]


class Leave(HouseModel):
    """Somebody asks to spend more than their trust. Granted by a leader or, after some minutes, by rule."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked")
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey("rugui.Case", on_delete=models.CASCADE, related_name="leaves", db_index=False)
    place = models.ForeignKey("rugui.Place", on_delete=models.PROTECT, related_name="+", db_index=False)
    remedy = models.ForeignKey(
        "rugui.Remedy", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    charge = models.ForeignKey(
        "rugui.HeldCharge", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    part = models.CharField(max_length=6, choices=Part)
    name = models.CharField(max_length=200)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    paid_amount = models.BigIntegerField(null=True)
    paid_currency = models.CharField(max_length=3, blank=True, default="")
    rate = models.DecimalField(max_digits=20, decimal_places=10, null=True)
    state = models.CharField(max_length=9, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey("rugui.Staff", on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    decides_at = models.DateTimeField(null=True)
    """When the rule decides; empty when only a person may."""
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    """Empty for the rule."""
    promise = models.ForeignKey(
        "rugui.Promise", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    """What rings for the leader."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="leave_of_something"),
            models.CheckConstraint(
                condition=Q(state="asked", decided_at__isnull=True)
                | (~Q(state="asked") & Q(decided_at__isnull=False)),
                name="leave_decided_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="granted", decided_by__isnull=True)
                | Q(decides_at__isnull=False, decided_at__gte=F("decides_at")),
                name="leave_rule_waits",
            ),
            models.UniqueConstraint(
                fields=["organization", "case", "part", "name"],
                condition=Q(state="asked"),
                name="leave_asked_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "place", "asked_at"], name="leave_open", condition=Q(state="asked")
            ),
            models.Index(fields=["case", "-id"], name="leave_case"),
        ]


class LedgerEntry(HouseModel):
    """One movement of money: its lines add up to nothing. Never changed and never deleted; mistakes are reversed.

    It names a case by its number only, so that erasing a person leaves the books whole.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    month = models.DateField()
    """The first day of the month, in the zone of the place. Set by the database."""
    place = models.ForeignKey("rugui.Place", on_delete=models.PROTECT, related_name="+", db_index=False)
    staff = models.ForeignKey("rugui.Staff", on_delete=models.PROTECT, related_name="+", db_index=False)
    """Who spent it, or who took it back."""
    case_number = models.BigIntegerField()
    leave_number = models.BigIntegerField(null=True)
    """The leave by which the house paid."""
    currency = models.CharField(max_length=3)
    paid_amount = models.BigIntegerField(null=True)
    paid_currency = models.CharField(max_length=3, blank=True, default="")
    rate = models.DecimalField(max_digits=20, decimal_places=10, null=True)
    """Of the organization's currency, for one whole unit of the one that was paid in."""
    reverses = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="reversed_by", db_constraint=True
    )
    transaction = models.BigIntegerField(
        db_default=models.Func(
            template="(pg_current_xact_id()::text::bigint)", output_field=models.BigIntegerField()
        )
    )
    """Lines are only added in the transaction that made the entry."""
    written_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "leave_number"],
                condition=Q(leave_number__isnull=False),
                name="leave_spent_once",
            ),
            models.CheckConstraint(
                condition=Q(paid_amount__isnull=True, paid_currency="", rate__isnull=True)
                | (Q(paid_amount__gt=0, rate__gt=0) & ~Q(paid_currency="")),
                name="entry_rate_kept",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "-at"], name="entry_latest"),
            models.Index(fields=["organization", "case_number"], name="entry_case"),
        ]


class LedgerLine(HouseModel):
    """One side of an entry: what the money was for (positive), or whose it was (negative)."""

    class Account(models.TextChoices):
        DUE = "due", _("What was due")
        EXTRA = "extra", _("The extra")
        CHARGE = "charge", _("Charges waived")
        ALLOWANCE = "allowance", _("Spent on trust")
        HOUSE = "house", _("Spent with leave")

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="lines", db_index=False)
    account = models.CharField(max_length=9, choices=Account)
    staff = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    """Whose trust, for `allowance`."""
    amount = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "account"], name="line_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="line_of_something"),
            models.CheckConstraint(
                condition=Q(account="allowance", staff__isnull=False)
                | (~Q(account="allowance") & Q(staff__isnull=True)),
                name="line_whose",
            ),
            models.CheckConstraint(
                condition=Q(account__in=["due", "extra", "charge", "allowance", "house"]),
                name="line_account",
            ),
        ]


class TrustMonth(HouseModel):
    """What somebody has spent on trust in a month. Only the ledger's own triggers write it."""

    id = models.BigAutoField(primary_key=True)
    staff = models.ForeignKey("rugui.Staff", on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.DateField()
    currency = models.CharField(max_length=3)
    spent = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "staff", "month", "currency"], name="trust_month_once"
            ),
            models.CheckConstraint(condition=Q(spent__gte=0), name="trust_month_spent"),
        ]


class TrustCase(HouseModel):
    """What was spent on trust in a case, by everybody together. Only the ledger's own triggers write it."""

    id = models.BigAutoField(primary_key=True)
    case_number = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    spent = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "case_number", "currency"], name="trust_case_once"
            ),
            models.CheckConstraint(condition=Q(spent__gte=0), name="trust_case_spent"),
        ]
