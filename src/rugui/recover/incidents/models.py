"""An incident, those it hit, what is being done to all of them, and what is said of it in public."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ...core.models import HouseModel
from ...core.phrases import LANGUAGES


class Found(models.TextChoices):
    """How somebody came onto the list: what the house knows of them, in facts."""

    HERE = "here", _("was here then")
    EXPECTED = "expected", _("is expected then")
    BOUGHT = "bought", _("bought then")
    WROTE = "wrote", _("wrote about it")
    ADDED = "added", _("added by hand")


class Incident(HouseModel):
    """One cause that hit many customers of a place."""

    class State(models.TextChoices):
        FOUND = "found", _("nobody told yet")
        TOLD = "told", _("being put right")
        SOLVED = "solved", _("put right")
        CLOSED = "closed", _("closed together")

    id = models.BigAutoField(primary_key=True)
    place = models.ForeignKey("rugui.Place", on_delete=models.PROTECT, related_name="+", db_index=False)
    titles = models.JSONField(default=dict)
    """By language, a few words that the customers read too."""
    state = models.CharField(max_length=6, choices=State, default=State.FOUND)
    began_at = models.DateTimeField()
    until_at = models.DateTimeField()
    who = ArrayField(models.CharField(max_length=8, choices=Found))
    """Whom it hit: those here, expected, or who bought between `began_at` and `until_at`."""
    words = models.CharField(max_length=200, blank=True, default="")
    """Only those whose room, table or purchase says one of these, with commas between; empty for all."""
    note = models.TextField(blank=True, default="")
    """What happened, for colleagues."""
    opened_by = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    opened_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    """By when all of them hear again."""
    told_at = models.DateTimeField(null=True)
    solved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until_at__gt=F("began_at")), name="incident_ends_after_start"),
            models.CheckConstraint(condition=~Q(titles={}), name="incident_has_title"),
            models.CheckConstraint(
                condition=Q(state="found") | Q(told_at__isnull=False), name="incident_told_when"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "place", "-id"], name="incident_open", condition=~Q(state="closed")
            ),
        ]

    def __str__(self) -> str:
        return self.called()

    def called(self, language: str = "") -> str:
        """Its title in a language, or in whichever it has."""
        wanted = (language or get_language() or "en", "en", *(code for code, _name in LANGUAGES))
        return next((self.titles[code] for code in wanted if self.titles.get(code)), "")


class Hit(HouseModel):
    """One customer whom an incident hit, or who is on the list until somebody has looked at it."""

    class State(models.TextChoices):
        LISTED = "listed", _("on the list")
        LEFT_OUT = "left_out", _("left out")
        TOLD = "told", _("told")

    id = models.BigAutoField(primary_key=True)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="hits", db_index=False)
    customer = models.ForeignKey("rugui.Customer", on_delete=models.CASCADE, related_name="+", db_index=False)
    case = models.ForeignKey(
        "rugui.Case", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    state = models.CharField(max_length=8, choices=State, default=State.LISTED)
    found = ArrayField(models.CharField(max_length=8, choices=Found))
    about = models.CharField(max_length=200, blank=True, default="")
    """What ties them to it: the room, the table, what they bought."""
    hurt = models.PositiveSmallIntegerField()
    """1 touched, 2 in the middle of it, 3 it hit them hardest: these are told first."""
    loyal = models.PositiveIntegerField(default=0)
    """Visits and purchases of two years: among equally hurt, the most loyal are told first."""
    told_at = models.DateTimeField(null=True)
    task = models.ForeignKey(
        "rugui.IncidentTask", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    """The last thing that was done to all and has reached them. Written in the same transaction as what it did."""
    problem = models.CharField(max_length=200, blank=True, default="")
    """Why the last thing could not be done for them."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "incident", "customer"], name="hit_once"),
            models.CheckConstraint(condition=Q(hurt__range=(1, 3)), name="hurt_of_three"),
            models.CheckConstraint(
                condition=~Q(state="told") | Q(told_at__isnull=False), name="hit_told_when"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["incident", "-hurt", "-loyal", "id"], name="hit_order"),
            models.Index(fields=["customer"], name="hit_customer"),
        ]

    @property
    def facts(self) -> list[object]:
        """How they came onto the list, in words."""
        return [Found(each).label for each in self.found]


class IncidentTask(HouseModel):
    """Something that is being done to everybody on the list, one after the other, by a job."""

    class Kind(models.TextChoices):
        TELL = "tell", _("telling them")
        GIVE = "give", _("giving it to them")
        REPORT = "report", _("reporting to them")
        SOLVE = "solve", _("saying that it is right again")
        CLOSE = "close", _("closing their cases")

    class State(models.TextChoices):
        RUNNING = "running", _("going on")
        STOPPED = "stopped", _("stopped")
        DONE = "done", _("done")

    id = models.BigAutoField(primary_key=True)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="tasks", db_index=False)
    kind = models.CharField(max_length=6, choices=Kind)
    state = models.CharField(max_length=7, choices=State, default=State.RUNNING)
    by = models.ForeignKey("rugui.Staff", on_delete=models.PROTECT, related_name="+", db_index=False)
    texts = models.JSONField(default=dict)
    """By language, what each reads; `{name}` and `{time}` are filled in."""
    next_at = models.DateTimeField(null=True)
    remedy = models.ForeignKey(
        "rugui.Remedy", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    findings = models.JSONField(default=dict)
    """For closing: what is written into each case."""
    of = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "incident"], condition=~Q(state="done"), name="one_task_an_incident"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["incident", "-id"], name="task_of_incident")]

    @property
    def percent(self) -> int:
        return 100 * (self.done + self.failed) // max(1, self.of)


class IncidentStatement(HouseModel):
    """What the house says of it in public; a later version replaces the one before, which is kept."""

    id = models.BigAutoField(primary_key=True)
    incident = models.ForeignKey(
        Incident, on_delete=models.CASCADE, related_name="statements", db_index=False
    )
    version = models.PositiveIntegerField()
    texts = models.JSONField(default=dict)
    by = models.ForeignKey("rugui.Staff", on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "incident", "version"], name="statement_version_once"
            ),
        ]
