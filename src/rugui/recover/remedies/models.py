"""The catalogue of remedies, how a case was felt, and what was given."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ...core.models import HouseModel
from ...core.phrases import LANGUAGES
from ...house.models import Assignment
from ..models import Case
from ..trust.models import Part

Injustice = Case.Injustice


class Form(models.TextChoices):
    """What kind of thing a remedy is; the same kind tires."""

    REDO = "redo", _("Done again, right")
    REFUND = "refund", _("Money back")
    CREDIT = "credit", _("Credit for next time")
    UPGRADE = "upgrade", _("Something better")
    GIFT = "gift", _("A gift")
    TREAT = "treat", _("Food or drink")
    SERVICE = "service", _("A service")
    PERSONAL = "personal", _("A personal gesture")


class Remedy(HouseModel):
    """Something that the house can do to make a failure right."""

    id = models.BigAutoField(primary_key=True)
    place = models.ForeignKey(
        "rugui.Place", null=True, blank=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    """Only there; empty for every place."""
    names = models.JSONField(default=dict)
    """By language, what staff and customers read."""
    part = models.CharField(max_length=6, choices=[each for each in Part.choices if each[0] != "charge"])
    form = models.CharField(max_length=8, choices=Form)
    cost = models.BigIntegerField()
    value = models.BigIntegerField()
    """To the customer, as they see it. Both in minor units of `currency`."""
    currency = models.CharField(max_length=3)
    lead_minutes = models.PositiveIntegerField(default=0)
    role = models.CharField(max_length=8, choices=Assignment.Role, default=Assignment.Role.STAFF)
    """Who may give it: this role or a higher one."""
    elements = ArrayField(models.CharField(max_length=15, choices=Case.Element), default=list, blank=True)
    injustices = ArrayField(models.CharField(max_length=9, choices=Injustice), default=list, blank=True)
    failures = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    """Words of failures that it fits ("cold", "noise"); empty for any."""
    contents = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    """What is in it, besides what its names say: the needs and dislikes that rule it out go by these."""
    withdrawn_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(cost__gte=0, value__gte=0), name="remedy_not_negative"),
            models.CheckConstraint(condition=~Q(names={}), name="remedy_has_name"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "id"], name="remedy_standing", condition=Q(withdrawn_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.called()

    def called(self, language: str = "") -> str:
        """Its name in a language, or in whichever it has."""
        wanted = (language or get_language() or "en", "en", *(code for code, _name in LANGUAGES))
        return next((self.names[code] for code in wanted if self.names.get(code)), "")


class Weighing(HouseModel):
    """How a failure was felt, as somebody of the house has heard it."""

    case = models.OneToOneField("rugui.Case", on_delete=models.CASCADE, related_name="weighing")
    injustice = models.CharField(max_length=9, choices=Injustice, blank=True, default="")
    severity = models.PositiveSmallIntegerField(null=True)
    """1 a nuisance, 2 it spoiled something, 3 it harmed them."""
    by = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(severity__isnull=True) | Q(severity__range=(1, 3)), name="severity_of_three"
            ),
        ]


class Given(HouseModel):
    """A remedy that was given in a case, with its story."""

    class Outcome(models.TextChoices):
        DELIGHTED = "delighted", _("delighted")
        FINE = "fine", _("fine")
        UNEASY = "uneasy", _("uneasy")
        DECLINED = "declined", _("declined")

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey("rugui.Case", on_delete=models.CASCADE, related_name="given", db_index=False)
    remedy = models.ForeignKey(
        Remedy, null=True, on_delete=models.SET_NULL, related_name="given", db_index=False
    )
    part = models.CharField(max_length=6, choices=Part)
    form = models.CharField(max_length=8, choices=Form, blank=True, default="")
    name = models.CharField(max_length=200)
    cost = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    by = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    chosen = models.BooleanField(default=False)
    """By the customer, on their page."""
    entry = models.OneToOneField(
        "rugui.LedgerEntry", null=True, on_delete=models.PROTECT, related_name="given"
    )
    """None for what cost nothing."""
    undone_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True, default="")
    story = models.TextField(blank=True, default="")
    told_at = models.DateTimeField(null=True)
    promise = models.ForeignKey(
        "rugui.Promise", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    """That the story will be told."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(cost__gte=0), name="given_not_negative"),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True) | (~Q(story="") & ~Q(outcome="")), name="given_told_whole"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["case", "at"], name="given_case"),
            models.Index(fields=["organization", "-at"], name="given_latest"),
            models.Index(fields=["remedy"], name="given_remedy", condition=Q(remedy__isnull=False)),
        ]
