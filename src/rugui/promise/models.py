"""Promises: what we said we would do by when, and the rings that remind us."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..core.models import HouseModel


class Promise(HouseModel):
    """Something owed to a customer by a moment. Open until kept, renegotiated, withdrawn or broken.

    A broken promise stays broken; doing it late only sets `settled_at`.
    """

    class Kind(models.TextChoices):
        ANSWER = "answer", _("Answer")
        PROGRESS = "progress", _("Progress report")
        CALL_BACK = "call_back", _("Call back")
        DELIVERY = "delivery", _("Delivery")
        FOLLOW_UP = "follow_up", _("Follow up")
        LEAVE = "leave", _("Leave asked")
        STORY = "story", _("The story")
        OTHER = "other", _("Promise")

    AMONG_US = (Kind.LEAVE, Kind.STORY)
    """Owed to a colleague about a customer; on no page of the customer's, and no measure of what they are promised."""

    class State(models.TextChoices):
        OPEN = "open", _("running")
        KEPT = "kept", _("kept")
        RENEGOTIATED = "renegotiated", _("renegotiated")
        WITHDRAWN = "withdrawn", _("withdrawn")
        BROKEN = "broken", _("broken")

    id = models.BigAutoField(primary_key=True)
    place = models.ForeignKey("rugui.Place", on_delete=models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(
        "rugui.Customer", on_delete=models.CASCADE, related_name="promises", db_index=False
    )
    case = models.ForeignKey(
        "rugui.Case", null=True, blank=True, on_delete=models.CASCADE, related_name="promises", db_index=False
    )
    touch = models.ForeignKey(
        "rugui.Touch",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="promises",
        db_index=False,
    )
    """The message that an answer is owed to."""
    owner = models.ForeignKey(
        "rugui.Staff", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.OTHER)
    text = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    warn_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    settled_at = models.DateTimeField(null=True)
    ring_at = models.DateTimeField(null=True)
    """When the clock must look at it next; empty once nothing is left to ring."""
    renews = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="renewed_by"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(due_at__gte=F("made_at")), name="promise_due_after_made"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "broken"]) | Q(settled_at__isnull=False),
                name="promise_settled_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(ring_at__isnull=False), name="open_promise_rings"
            ),
            models.UniqueConstraint(
                fields=["organization", "case"],
                condition=Q(kind="progress", state="open"),
                name="one_clock_a_case",
            ),
        ]
        indexes: ClassVar = [
            # The clock's queue, across organizations; nothing else reads by this.
            models.Index(fields=["ring_at"], name="promise_ring", condition=Q(ring_at__isnull=False)),
            # Today, and the board of running promises.
            models.Index(
                fields=["organization", "place", "due_at"],
                name="promise_running",
                condition=Q(settled_at__isnull=True),
            ),
            models.Index(fields=["customer", "-made_at"], name="promise_customer"),
            models.Index(fields=["case", "-made_at"], name="promise_case", condition=Q(case__isnull=False)),
        ]


class Ring(HouseModel):
    """The clock spoke: which promise, which ring, when, and who was told. Exactly one row for each."""

    class Kind(models.TextChoices):
        WARN = "warn", _("soon due")
        DUE = "due", _("broken")

    id = models.BigAutoField(primary_key=True)
    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="rings", db_index=False)
    kind = models.CharField(max_length=4, choices=Kind)
    at = models.DateTimeField()
    told = ArrayField(models.BigIntegerField(), default=list)
    """Staff ids: the owner; when broken also the managers on duty at the place."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "promise", "kind"], name="ring_once"),
        ]
