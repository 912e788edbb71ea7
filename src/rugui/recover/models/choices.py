"""What a customer is offered to choose from on their own page."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from ...core.models import HouseModel
from .case import Case


class CaseChoice(HouseModel):
    """One of two or three things that would make it right. Of an offer the customer chooses one, by their own tap."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="choices", db_index=False)
    offer = models.PositiveSmallIntegerField()
    """Which offer of the case: a new one takes back what was not chosen of those before."""
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    """What the customer reads."""
    reference = models.CharField(max_length=120, blank=True, default="", db_default="")
    """What the house knows it by (a remedy's id, say). For the house only."""
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    chosen_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "case", "offer", "number"], name="choice_once"),
            models.UniqueConstraint(
                fields=["organization", "case", "offer"],
                condition=Q(chosen_at__isnull=False),
                name="one_choice_an_offer",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="choice_has_text"),
            models.CheckConstraint(
                condition=Q(chosen_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="choice_chosen_or_withdrawn",
            ),
        ]
