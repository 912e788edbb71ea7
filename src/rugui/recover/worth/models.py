"""How much of what customers pay stays with the house, and charges made while something was being put right."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ...core.models import HouseModel


class MarginRate(HouseModel):
    """Of a hundred that are paid, so many are margin: at a place, or (without one) everywhere else."""

    place = models.ForeignKey(
        "rugui.Place", null=True, blank=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    percent = models.DecimalField(max_digits=4, decimal_places=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "place"], name="margin_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(percent__gt=0, percent__lte=100), name="margin_percent"),
        ]


class HeldCharge(HouseModel):
    """A charge posted while something was being put right for this customer: waived, or let stand, by somebody."""

    class State(models.TextChoices):
        HELD = "held", _("held")
        WAIVED = "waived", _("waived")
        STANDS = "stands", _("stands")

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey("rugui.Case", on_delete=models.CASCADE, related_name="charges", db_index=False)
    purchase = models.OneToOneField("rugui.Purchase", on_delete=models.PROTECT, related_name="held")
    refund = models.ForeignKey(
        "rugui.Purchase", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    """What reversed it in the books."""
    state = models.CharField(max_length=6, choices=State, default=State.HELD)
    held_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="held", decided_at__isnull=True)
                | (~Q(state="held") & Q(decided_at__isnull=False)),
                name="charge_decided_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="waived") | Q(refund__isnull=False), name="waived_by_refund"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["case", "-id"], name="charge_case"),
            models.Index(fields=["organization", "-id"], name="charge_held", condition=Q(state="held")),
        ]
