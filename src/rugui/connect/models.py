"""The doors to other systems: imports and their rejected rows."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

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
