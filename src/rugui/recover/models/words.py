"""What was said: with the customer, and among colleagues."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ...core.models import HouseModel
from .case import Case


class CaseMessage(HouseModel):
    """Words between the house and the customer about a case. Everything here is on the customer's page."""

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", _("What happened")
        UNDERSTOOD = "understood", _("What we understood")
        APOLOGY = "apology", _("Apology")
        REPORT = "report", _("Progress report")
        SOLUTION = "solution", _("Solution")
        MESSAGE = "message", _("Message")
        CHOICE = "choice", _("Their choice")
        NOT_SOLVED = "not_solved", _("Not solved")
        PERSON = "person", _("A person, please")

    class Direction(models.TextChoices):
        IN = "in", _("from them")
        OUT = "out", _("from us")

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="messages", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    direction = models.CharField(max_length=3, choices=Direction)
    text = models.TextField()
    at = models.DateTimeField()
    staff = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    touch = models.ForeignKey(
        "rugui.Touch", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    """The contact that brought these words into a case that was there already: a message from outside, or what was written on the case's page."""
    signed = models.CharField(max_length=80, blank=True)
    """The name the customer sees under it; kept as written when the colleague leaves."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text=""), name="message_has_text"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["case", "at"], name="message_case"),
            models.Index(fields=["touch"], name="message_touch", condition=Q(touch__isnull=False)),
        ]


class CaseTalk(HouseModel):
    """Talk among colleagues about a case. The customer's database role has no right to this table at all."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="talk", db_index=False)
    staff = models.ForeignKey("rugui.Staff", on_delete=models.PROTECT, related_name="+", db_index=False)
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["case", "at"], name="talk_case")]
