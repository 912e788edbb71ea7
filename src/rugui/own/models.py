"""The proof that somebody was erased, or asked to be; how long things are kept, and what has gone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

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


class Keeping(HouseModel):
    """What an owner has decided about one kind of what is held (own/register.py): on what basis, and how long.

    A kind without a row is kept until the person is erased: nothing goes by itself before somebody has decided it.
    """

    class Basis(models.TextChoices):
        CONTRACT = "contract", _("to do what they asked us for")
        CONSENT = "consent", _("they have allowed it")
        LEGAL = "legal", _("the law asks for it")
        INTEREST = "interest", _("our interest in serving them well, weighed against theirs")

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=12)
    basis = models.CharField(max_length=8, choices=Basis)
    why = models.CharField(max_length=300, blank=True)
    """What it is for, in the house's own words; empty for ours."""
    months = models.PositiveSmallIntegerField(null=True)
    """How long it is kept; None as long as the card."""
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    begins_at = models.DateTimeField()
    """Before this nothing goes: some days in which a period that is too short can still be changed."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "kind"], name="kept_once"),
            models.CheckConstraint(
                condition=models.Q(months__isnull=True) | models.Q(months__gte=1), name="kept_for_a_while"
            ),
        ]


class Clearing(HouseModel):
    """One night in which what was kept long enough went: how much of each kind. No personal data."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    gone = models.JSONField(default=dict)
    """By kind, how many rows went."""
    held = models.JSONField(default=dict)
    """By kind, how many rows there were afterwards."""
    unused = models.JSONField(default=dict)
    """By kind, how many of those belong to people with whom nobody has had to do for a year."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organization", "-at"], name="clearing_latest")]
