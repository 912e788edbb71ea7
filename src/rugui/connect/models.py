"""The doors to other systems: imports and their rejected rows, telephone calls."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from ..core.models import HouseModel


class ImportRun(HouseModel):
    """One file being read in. `position` is committed with each batch, so a killed import goes on where it was."""

    class Subject(models.TextChoices):
        CUSTOMERS = "customers"
        PURCHASES = "purchases"
        VISITS = "visits"
        NOTES = "notes"
        TOUCHES = "touches"

    class State(models.TextChoices):
        READY = "ready"
        TRYING = "trying"
        RUNNING = "running"
        STOPPED = "stopped"
        DONE = "done"
        FAILED = "failed"

    id = models.BigAutoField(primary_key=True)
    subject = models.CharField(max_length=10, choices=Subject)
    state = models.CharField(max_length=8, choices=State, default=State.READY)
    staff = models.ForeignKey("rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+")
    place = models.ForeignKey("rugui.Place", null=True, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=255)
    file_path = models.CharField(max_length=500)
    """Where the bytes are: an upload in the data folder, or the file that a command was given."""
    file_hash = models.CharField(max_length=64)
    size = models.BigIntegerField()
    settings = models.JSONField(default=dict)
    """Encoding, delimiter, column mapping, date order, region: everything that reading the file again needs."""
    position = models.BigIntegerField(default=0)
    """Byte offset up to which rows are committed."""
    line = models.BigIntegerField(default=0)
    """Number of the last line before that offset."""
    newest_before = models.BigIntegerField(default=0)
    """Highest row number handed out before the run began. A row beyond it that differs from a later line of the
    same file shows that the file uses one id twice."""
    trial = models.JSONField(default=dict)
    """What the last dry run found: position, counts and its first problems."""
    rows_read = models.BigIntegerField(default=0)
    rows_new = models.BigIntegerField(default=0)
    rows_changed = models.BigIntegerField(default=0)
    rows_same = models.BigIntegerField(default=0)
    rows_rejected = models.BigIntegerField(default=0)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    beat_at = models.DateTimeField(null=True)
    """Last sign of life while running; a running import without one for a while may be taken over."""
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "subject", "file_hash"],
                condition=~Q(state="done"),
                name="import_file_once_at_a_time",
            ),
        ]


class RejectedRow(HouseModel):
    """A line of an import that could not be taken, as it stood, with the reason.

    The reason is a code and its values (engines/tabular), put into words in the reader's language.
    """

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rejected")
    line = models.BigIntegerField()
    cells = models.JSONField()
    field = models.CharField(max_length=60, blank=True)
    code = models.CharField(max_length=30)
    values = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "run", "line"], name="rejected_once"),
        ]


class Call(HouseModel):
    """A telephone call to the house, as the telephone system tells it: it rings, somebody answers, it ends or is missed.

    `number` is as it was told; empty when it is withheld.
    """

    class State(models.TextChoices):
        RINGING = "ringing", pgettext_lazy("a telephone", "rings")
        ANSWERED = "answered", pgettext_lazy("a telephone call", "answered")
        ENDED = "ended", pgettext_lazy("a telephone call", "ended")
        MISSED = "missed", pgettext_lazy("a telephone call", "missed")

    id = models.BigAutoField(primary_key=True)
    place = models.ForeignKey("rugui.Place", on_delete=models.PROTECT, related_name="+", db_index=False)
    external_id = models.CharField(max_length=120, db_collation="C")
    """What the telephone system calls it."""
    number = models.CharField(max_length=40, blank=True)
    customer = models.ForeignKey(
        "rugui.Customer", null=True, on_delete=models.CASCADE, related_name="calls", db_index=False
    )
    """Whoever it is as good as certainly, or was said to be."""
    likely = models.JSONField(default=list)
    """Else who it may be: [row number, probability], the likeliest first."""
    state = models.CharField(max_length=8, choices=State, default=State.RINGING)
    rang_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    staff = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    """Who answered."""
    touch = models.ForeignKey(
        "rugui.Touch", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    """What it became on the card."""
    seen_to_at = models.DateTimeField(null=True)
    """Of a missed one: since when nobody needs to look at it any more."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "external_id"], name="call_external_id"),
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(answered_at__isnull=False), name="call_answered_when"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ended", "missed"]) | Q(ended_at__isnull=False),
                name="call_ended_when",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "place", "-rang_at"], name="call_ringing", condition=Q(state="ringing")),
            models.Index(
                fields=["organization", "place", "-rang_at"], name="call_missed",
                condition=Q(state="missed", seen_to_at__isnull=True, customer__isnull=True),
            ),
            models.Index(fields=["customer"], name="call_customer", condition=Q(customer__isnull=False)),
            models.Index(fields=["touch"], name="call_touch", condition=Q(touch__isnull=False)),
        ]  # fmt: skip
