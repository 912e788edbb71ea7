"""Who sees to a case: hand-overs that must be accepted, and what goes up to somebody senior at once."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ...core.models import HouseModel
from .case import Case


class HandOver(HouseModel):
    """Somebody is asked to take a case over. Until one of those asked accepts, it stays whose it was.

    The clock ends it when nobody has (`promise/clock/hand_over.sql`): it comes back, and rings.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        RETURNED = "returned", _("came back")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="hand_overs", db_index=False)
    place = models.ForeignKey("rugui.Place", on_delete=models.PROTECT, related_name="+", db_index=False)
    """The case's, for the clock."""
    asked_by = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    asked = ArrayField(models.BigIntegerField())
    """Staff ids: a colleague, or all those to whom a rule sends it."""
    by_rule = models.BooleanField(default=False)
    note = models.TextField()
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    answer = models.CharField(max_length=300, blank=True)
    """Why somebody cannot take it."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(note=""), name="hand_over_has_a_note"),
            models.CheckConstraint(condition=Q(asked__len__gt=0), name="hand_over_asks_somebody"),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at__isnull=True)
                | (~Q(state="waiting") & Q(ended_at__isnull=False)),
                name="hand_over_ends",
            ),
            models.CheckConstraint(condition=Q(due_at__gt=F("asked_at")), name="hand_over_due_after_asked"),
            models.UniqueConstraint(
                fields=["organization", "case"], condition=Q(state="waiting"), name="one_hand_over_a_case"
            ),
        ]
        indexes: ClassVar = [
            # The clock's, across organizations.
            models.Index(fields=["due_at"], name="hand_over_due", condition=Q(state="waiting")),
            models.Index(fields=["case", "-id"], name="hand_over_case"),
        ]


class CaseAlarm(HouseModel):
    """Something about a case that may be too grave for whoever heard it first.

    Words propose it, a person confirms; a tap and the document step are a person's word already.
    """

    class Kind(models.TextChoices):
        INJURY = "injury", _("Somebody was hurt or fell ill")
        DISCRIMINATION = "discrimination", _("Discrimination or harassment")
        MEDIA = "media", _("The press or a public post")
        MONEY = "money", _("A large sum")
        MINOR = "minor", _("A child is concerned")
        LEGAL = "legal", _("A legal threat")

    class Source(models.TextChoices):
        WORDS = "words", _("from words")
        TAP = "tap", _("said by a colleague")
        DOCUMENT = "document", _("from the document")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        CONFIRMED = "confirmed", _("confirmed")
        DISMISSED = "dismissed", _("dismissed")

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="alarms", db_index=False)
    kind = models.CharField(max_length=14, choices=Kind)
    source = models.CharField(max_length=8, choices=Source)
    certainty = models.FloatField(null=True)
    """How often such words meant it, as measured; only of what words propose."""
    words = models.CharField(max_length=120, blank=True)
    """The words that proposed it."""
    state = models.CharField(max_length=9, choices=State)
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "case", "kind"], name="alarm_once"),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at__isnull=True)
                | (~Q(state="proposed") & Q(decided_at__isnull=False)),
                name="alarm_decided_when",
            ),
            models.CheckConstraint(
                condition=~Q(source="words") | Q(certainty__isnull=False), name="alarm_words_say_how_sure"
            ),
        ]

    @property
    def percent(self) -> int:
        """How often such words meant it, of a hundred."""
        return round(100 * (self.certainty or 0))


class SeniorityRule(HouseModel):
    """To whom a grave matter goes at once, where the house has decided otherwise than `actions.going_up.SHIPPED`."""

    class Level(models.TextChoices):
        NOBODY = "nobody", _("nobody: whoever hears it keeps it")
        MANAGER = "manager", _("the managers of the place")
        OWNER = "owner", _("the owners")

    kind = models.CharField(max_length=14, choices=CaseAlarm.Kind)
    level = models.CharField(max_length=7, choices=Level)
    over = models.BigIntegerField(null=True)
    """For a large sum: above how much, in minor units of the house's currency."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "kind"], name="seniority_rule_once"),
            models.CheckConstraint(
                condition=Q(kind="money", over__isnull=False, over__gte=0)
                | (~Q(kind="money") & Q(over__isnull=True)),
                name="seniority_rule_over",
            ),
        ]
