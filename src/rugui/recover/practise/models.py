"""What somebody has practised. Nothing of it touches a customer, a case or a figure."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ...core.models import HouseModel
from ...core.phrases import LANGUAGES


class Practice(HouseModel):
    """One exercise of one colleague with a customer who does not exist. The learner's alone until they share it.

    Row-level security shows it to nobody else (core/rowsecurity.py).
    """

    class State(models.TextChoices):
        TALKING = "talking", _("going on")
        WRITING = "writing", _("to be written down")
        ENDED = "ended", _("done")

    id = models.BigAutoField(primary_key=True)
    staff = models.ForeignKey("rugui.Staff", on_delete=models.CASCADE, related_name="+", db_index=False)
    scenario = models.CharField(max_length=40)
    language = models.CharField(max_length=10, choices=LANGUAGES)
    state = models.CharField(max_length=8, choices=State, default=State.TALKING)
    turns = models.JSONField(default=list)
    """What was said, in order: `{who, text, at, moves}`."""
    count = models.PositiveSmallIntegerField(default=0)
    """How many answers the learner gave: what a new one must go on from."""
    standing = models.JSONField(default=dict)
    """The engine's state of the talk."""
    failure = models.TextField(blank=True, default="")
    lesson = models.TextField(blank=True, default="")
    points = models.PositiveSmallIntegerField(null=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    shared_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="ended") | Q(ended_at__isnull=False, points__isnull=False),
                name="practice_ended_when",
            ),
            models.CheckConstraint(
                condition=Q(shared_at__isnull=True) | Q(state="ended"), name="practice_shared_when_ended"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["staff", "-id"], name="practice_of_staff"),
            models.Index(
                fields=["organization", "-shared_at"],
                name="practice_shared",
                condition=Q(shared_at__isnull=False),
            ),
        ]
