"""What the desk keeps by itself: which lines of phones without a network have been taken."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from ..core.models import HouseModel


class TakenLine(HouseModel):
    """A line that was written on a phone while the network was gone, and what became of it. None of its words.

    Made in the transaction that keeps its notes: so a line that is sent again is answered, not kept again.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.UUIDField()
    """Chosen by the phone."""
    phone = models.UUIDField()
    sequence = models.PositiveIntegerField()
    """Which of the phone's lines it is."""
    staff = models.ForeignKey("rugui.Staff", on_delete=models.CASCADE, related_name="+", db_index=False)
    said_at = models.DateTimeField()
    taken_at = models.DateTimeField()
    notes = models.JSONField(default=list)
    """Row numbers of the notes that were kept."""
    asks = models.JSONField(default=list)
    """Which parts of the line were not kept, because a consent is missing."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "key"], name="taken_line_once"),
        ]
