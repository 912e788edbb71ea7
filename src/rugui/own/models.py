"""The proof that somebody was erased, or asked to be."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from ..core.models import HouseModel


class Erasure(HouseModel):
    """That a person was erased: when, by whom, how much of what. No personal data.

    `customer_id` is the number of a card that is no longer there. One row a card; asked for first, then done.
    """

    id = models.BigAutoField(primary_key=True)
    customer_id = models.BigIntegerField()
    asked_at = models.DateTimeField(null=True)
    """When the customer asked for it on their own page."""
    due_at = models.DateTimeField(null=True)
    """By when they were promised it."""
    at = models.DateTimeField(null=True)
    staff = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    counts = models.JSONField(default=dict)
    """By table, how many rows went or were stripped of the person."""
    digest = models.CharField(max_length=64, blank=True, default="")
    """SHA-256 over this row and the digest of the erasure before: what is changed afterwards shows."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "customer_id"], name="erased_once"),
            models.CheckConstraint(
                condition=models.Q(asked_at__isnull=False) | models.Q(at__isnull=False),
                name="erasure_asked_or_done",
            ),
        ]
