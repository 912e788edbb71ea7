"""A case, the steps that were walked or left out with a reason, and who has heard its lesson."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ...core.models import HouseModel
from ...core.phrases import LANGUAGES


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

    class Injustice(models.TextChoices):
        """What felt unfair to the customer: what they got, how it went, how they were treated."""

        OUTCOME = "outcome", _("What they got")
        PROCESS = "process", _("How it went")
        TREATMENT = "treatment", _("How they were treated")

    class Kind(models.TextChoices):
        """What kind of failure (the initials of Mr. BIV)."""

        MISTAKE = "mistake", _("A mistake")
        REWORK = "rework", _("Done twice")
        BREAKDOWN = "breakdown", _("A breakdown")
        INEFFICIENCY = "inefficiency", _("Effort wasted")
        VARIATION = "variation", _("Not the same each time")

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
    """Whoever sees it through: the first to hear, until another accepts it. Never nobody while the case is not closed."""
    incident = models.ForeignKey(
        "rugui.Incident",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="cases",
        db_index=False,
    )
    """The one cause that hit many, of whom this customer is one."""
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=10, choices=LANGUAGES, default="en")
    """The language of the customer's own page."""
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    solved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    # Filled when reviewing together; what happened stands with the step. For the house only.
    wanted = models.TextField(blank=True, default="", db_default="")
    """What would make it right, as they said it."""
    injustice = ArrayField(models.CharField(max_length=9, choices=Injustice), default=list, db_default=[])

    # Filled by the document step: what the failure was, so that its cause can be removed.
    kind = models.CharField(max_length=12, choices=Kind, blank=True, default="", db_default="")
    element = models.CharField(max_length=15, choices=Element, blank=True, default="")
    failure = models.CharField(max_length=120, blank=True)
    where = models.CharField(max_length=120, blank=True)
    stage = models.CharField(max_length=120, blank=True, default="", db_default="")
    """At which step of serving them: booking, check-in, the bill."""
    cause = models.TextField(blank=True)
    lesson = models.TextField(blank=True)
    documented_at = models.DateTimeField(null=True)
    shared_at = models.DateTimeField(null=True)
    """Since when the lesson is told in the line-ups of every place."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="open") | Q(solved_at__isnull=False), name="case_solved_when"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False, documented_at__isnull=False),
                name="case_closed_documented",
            ),
            models.CheckConstraint(
                condition=Q(owner__isnull=False) | Q(state="closed"), name="case_has_an_owner"
            ),
            models.CheckConstraint(
                condition=Q(shared_at__isnull=True) | ~Q(lesson=""), name="case_shares_a_lesson"
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
            models.Index(fields=["incident"], name="case_incident", condition=Q(incident__isnull=False)),
            models.Index(
                fields=["organization", "-shared_at"],
                name="case_shared",
                condition=Q(shared_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CaseStep(HouseModel):
    """A step that was walked, or left out with a reason. Steps that are neither have no row, and keep the case from closing."""

    class Step(models.TextChoices):
        APOLOGISE = "apologise", _("Apologise")
        REVIEW = "review", _("Review together")
        FIX = "fix", _("Fix and report")
        DELIGHT = "delight", _("The extra")
        DOCUMENT = "document", _("Document")
        SHARE = "share", _("Share")
        FOLLOW_UP = "follow_up", _("Follow up")

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="steps", db_index=False)
    step = models.CharField(max_length=10, choices=Step)
    done_at = models.DateTimeField()
    done_by = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    skipped = models.BooleanField(default=False, db_default=False)
    """Left out; `text` says why."""
    text = models.TextField(blank=True)
    """What happened in the step: their words when reviewing, the extra, why it was left out. For the house only."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "case", "step"], name="step_once"),
            models.CheckConstraint(condition=Q(skipped=False) | ~Q(text=""), name="step_skipped_why"),
            models.CheckConstraint(
                condition=Q(skipped=False) | ~Q(step__in=["fix", "document"]), name="step_never_skipped"
            ),
        ]


class LessonRead(HouseModel):
    """A colleague has read the lesson of a case, or was there when it was read out."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="readers", db_index=False)
    staff = models.ForeignKey("rugui.Staff", on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    heard = models.BooleanField(default=False)
    """At a line-up; else read by oneself."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "case", "staff"], name="lesson_read_once"),
        ]
