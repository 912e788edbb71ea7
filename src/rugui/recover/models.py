"""Recovery cases: a failure, the steps to put it right, what was said, and what was learned."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..core.models import HouseModel
from ..core.phrases import LANGUAGES


class Case(HouseModel):
    """One failure being put right for one customer."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        SOLVED = "solved", _("solved")
        CLOSED = "closed", pgettext_lazy("a case", "closed")

    class Element(models.TextChoices):
        """The four elements of service (method line S1)."""

        PRODUCT = "product", _("Product")
        PEOPLE = "people", _("People")
        TIME = "time", _("Time")
        PROBLEM_SOLVING = "problem_solving", _("Problem-solving")

    id = models.BigAutoField(primary_key=True)
    place = models.ForeignKey("rugui.Place", on_delete=models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(
        "rugui.Customer", on_delete=models.CASCADE, related_name="cases", db_index=False
    )
    touch = models.ForeignKey(
        "rugui.Touch", null=True, blank=True, on_delete=models.SET_NULL, related_name="cases", db_index=False
    )
    """The message that opened it."""
    owner = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=10, choices=LANGUAGES, default="en")
    """The language of the customer's own page."""
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    solved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    # Filled by the document step: what the failure was, so that its cause can be removed.
    element = models.CharField(max_length=15, choices=Element, blank=True, default="")
    failure = models.CharField(max_length=120, blank=True)
    where = models.CharField(max_length=120, blank=True)
    cause = models.TextField(blank=True)
    lesson = models.TextField(blank=True)
    documented_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="open") | Q(solved_at__isnull=False), name="case_solved_when"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False, documented_at__isnull=False),
                name="case_closed_documented",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "place", "-opened_at"], name="case_open", condition=~Q(state="closed")
            ),
            models.Index(fields=["organization", "place", "-id"], name="case_list"),
            models.Index(fields=["customer", "-opened_at"], name="case_customer"),
            # Tomorrow's line-up: what was documented since yesterday.
            models.Index(
                fields=["organization", "place", "-documented_at"],
                name="case_documented",
                condition=Q(documented_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CaseStep(HouseModel):
    """A step that was done. Steps not done have no row."""

    class Step(models.TextChoices):
        APOLOGISE = "apologise", _("Apologise")
        REVIEW = "review", _("Review together")
        FIX = "fix", _("Fix and report")
        DOCUMENT = "document", _("Document")

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="steps", db_index=False)
    step = models.CharField(max_length=10, choices=Step)
    done_at = models.DateTimeField()
    done_by = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    text = models.TextField(blank=True)
    """What happened in the step: their words when reviewing, the remedy when fixing. For the house only."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "case", "step"], name="step_once"),
        ]


class CaseMessage(HouseModel):
    """Words between the house and the customer about a case. Everything here is on the customer's page."""

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", _("What happened")
        APOLOGY = "apology", _("Apology")
        REPORT = "report", _("Progress report")
        SOLUTION = "solution", _("Solution")
        MESSAGE = "message", _("Message")

    class Direction(models.TextChoices):
        IN = "in", _("from them")
        OUT = "out", _("from us")

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="messages", db_index=False)
    kind = models.CharField(max_length=9, choices=Kind)
    direction = models.CharField(max_length=3, choices=Direction)
    text = models.TextField()
    at = models.DateTimeField()
    staff = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    touch = models.ForeignKey(
        "rugui.Touch", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    """The message from outside that brought these words into a case that was there already."""
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
