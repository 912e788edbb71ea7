"""What happened between a customer and the house: touches, visits, purchases."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..core.models import HouseModel


def _external_id(name: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(
        fields=["organization", "external_id"], condition=Q(external_id__isnull=False), name=name
    )


class Visit(HouseModel):
    """A customer expected at a time: a stay, a table, an appointment, an order to collect."""

    class Kind(models.TextChoices):
        BOOKING = "booking", _("Booking")
        ORDER = "order", _("Order")
        APPOINTMENT = "appointment", _("Appointment")

    class State(models.TextChoices):
        EXPECTED = "expected", _("expected")
        ARRIVED = "arrived", _("here")
        LEFT = "left", _("left")
        MISSED = "missed", _("did not come")
        CANCELLED = "cancelled", _("cancelled")

    id = models.BigAutoField(primary_key=True)
    place = models.ForeignKey("rugui.Place", on_delete=models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(
        "rugui.Customer", on_delete=models.CASCADE, related_name="visits", db_index=False
    )
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.BOOKING)
    state = models.CharField(max_length=10, choices=State, default=State.EXPECTED)
    about = models.CharField(max_length=200, blank=True)
    """Room, table, service, order number: what one says aloud."""
    expected_at = models.DateTimeField()
    expected_until = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    """Of an appointment: when we really began."""
    delay_told_at = models.DateTimeField(null=True)
    """When they were told that it will begin later."""
    left_at = models.DateTimeField(null=True)
    external_id = models.CharField(max_length=120, null=True, blank=True, db_collation="C")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            _external_id("visit_external_id"),
            models.CheckConstraint(
                condition=~Q(state__in=["arrived", "left"]) | Q(arrived_at__isnull=False),
                name="visit_arrived_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="left") | Q(left_at__isnull=False), name="visit_left_when"
            ),
            models.CheckConstraint(
                condition=Q(begun_at__isnull=True)
                | Q(kind="appointment", state__in=["arrived", "left"], begun_at__gte=models.F("arrived_at")),
                name="appointments_begin_with_them",
            ),
            models.CheckConstraint(
                condition=Q(expected_until__isnull=True) | Q(expected_until__gte=models.F("expected_at")),
                name="visit_ends_after_start",
            ),
        ]
        indexes: ClassVar = [
            # Today: expected, and who is here.
            models.Index(
                fields=["organization", "place", "expected_at"],
                name="visit_expected",
                condition=Q(state="expected"),
            ),
            models.Index(
                fields=["organization", "place", "arrived_at"],
                name="visit_here",
                condition=Q(state="arrived"),
            ),
            # How late appointments begin.
            models.Index(
                fields=["organization", "place", "expected_at"],
                include=["arrived_at", "begun_at", "delay_told_at"],
                name="visit_begun",
                condition=Q(begun_at__isnull=False),
            ),
            models.Index(fields=["customer", "-expected_at"], name="visit_customer"),
        ]


class Touch(HouseModel):
    """One contact with a customer, in or out."""

    class Channel(models.TextChoices):
        IN_PERSON = "in_person", _("In person")
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("E-mail")
        CHAT = "chat", _("Chat")
        WEB = "web", _("Web")
        REVIEW = "review", _("Review")

    class Direction(models.TextChoices):
        IN = "in", _("from them")
        OUT = "out", _("from us")

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(
        "rugui.Customer",
        on_delete=models.CASCADE,
        related_name="touches",
        db_index=False,
        db_constraint=False,
    )
    place = models.ForeignKey(
        "rugui.Place",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    staff = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    channel = models.CharField(max_length=10, choices=Channel)
    direction = models.CharField(max_length=3, choices=Direction)
    text = models.TextField(blank=True)
    at = models.DateTimeField()
    waiting = models.BooleanField(default=False)
    """A message of theirs that nobody has answered or made a case of."""
    external_id = models.CharField(max_length=120, null=True, blank=True, db_collation="C")

    class Meta:
        constraints: ClassVar = [_external_id("touch_external_id")]
        indexes: ClassVar = [
            models.Index(fields=["customer", "-at"], name="touch_customer"),
            # Today: messages that wait for an answer.
            models.Index(
                fields=["organization", "place", "at"], name="touch_waiting", condition=Q(waiting=True)
            ),
        ]


class Purchase(HouseModel):
    """Money that came in, or went back. Amounts are minor units and positive; `kind` gives the sign."""

    class Kind(models.TextChoices):
        PURCHASE = "purchase", _("Purchase")
        REFUND = "refund", _("Refund")

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(
        "rugui.Customer",
        null=True,
        on_delete=models.SET_NULL,
        related_name="purchases",
        db_index=False,
        db_constraint=False,
    )
    """None once the person was erased: the books keep amount and day."""
    place = models.ForeignKey(
        "rugui.Place",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.PURCHASE)
    refund_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="refunds"
    )
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    about = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    external_id = models.CharField(max_length=120, null=True, blank=True, db_collation="C")

    class Meta:
        constraints: ClassVar = [
            _external_id("purchase_external_id"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="purchase_not_negative"),
            models.CheckConstraint(
                condition=Q(refund_of__isnull=True) | Q(kind="refund"), name="only_refunds_refund"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer", "-at"], name="purchase_customer"),
        ]
