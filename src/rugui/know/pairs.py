"""Tables about two cards of one person: merges, the rows that moved, pairs to look at, searches for duplicates."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..core.models import HouseModel


class Merge(HouseModel):
    """Two cards made one. The source card is kept as it was and points to the survivor until this is undone."""

    class Reason(models.TextChoices):
        LOOKED = "looked", _("somebody compared the cards")
        TOLD = "told", _("they told us so")
        CERTAIN = "certain", _("as good as certain")

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(
        "rugui.Customer", on_delete=models.CASCADE, related_name="merges_away", db_index=False
    )
    survivor = models.ForeignKey(
        "rugui.Customer", on_delete=models.CASCADE, related_name="merges_in", db_index=False
    )
    at = models.DateTimeField()
    staff = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    reason = models.CharField(max_length=7, choices=Reason)
    filled = models.JSONField(default=dict)
    """Fields of the survivor that were empty and took the source's value: {field: [before, value]}."""
    newest = models.JSONField(default=dict)
    """By table, the highest row number at that moment: what is above it came after."""
    moved = models.JSONField(default=dict)
    """By table, how many rows came along."""
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(source=F("survivor")), name="merge_of_two"),
            models.UniqueConstraint(
                fields=["organization", "source"],
                condition=Q(undone_at__isnull=True),
                name="merged_once_at_a_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["source", "-at"], name="merge_source"),
            models.Index(fields=["survivor", "-at"], name="merge_survivor"),
            models.Index(fields=["organization", "-at"], name="merge_recent"),
        ]


class MovedRow(HouseModel):
    """A row that is not on the card it belongs to, because that card is merged. Rows at home have no line here.

    `home` is the card to which the row comes back when the cards part. A row that would be the same as one already
    there is parked: whole, as JSON, out of its table. `blocked_home` is the home of the one in its way.
    """

    id = models.BigAutoField(primary_key=True)
    table = models.CharField(max_length=40, db_collation="C")
    row_id = models.BigIntegerField()
    home = models.ForeignKey("rugui.Customer", on_delete=models.CASCADE, related_name="moved_rows")
    merge = models.ForeignKey(Merge, null=True, on_delete=models.CASCADE, related_name="rows")
    """The merge that took it from home; None for a row that came by a merged card's own name."""
    parked = models.JSONField(null=True)
    blocked_home = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "table", "row_id"], name="moved_row_once"),
            models.CheckConstraint(
                condition=Q(parked__isnull=True, blocked_home__isnull=True)
                | Q(parked__isnull=False, blocked_home__isnull=False),
                name="parked_rows_are_blocked",
            ),
        ]


class CardPair(HouseModel):
    """Two cards that may be of one person, or that somebody has said are not."""

    class State(models.TextChoices):
        SUGGESTED = "suggested", _("perhaps the same")
        LATER = "later", _("to look at later")
        DISTINCT = "distinct", _("not the same")

    id = models.BigAutoField(primary_key=True)
    low = models.ForeignKey("rugui.Customer", on_delete=models.CASCADE, related_name="+", db_index=False)
    high = models.ForeignKey("rugui.Customer", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=9, choices=State)
    probability = models.FloatField(null=True)
    gain = models.FloatField(default=0)
    """What looking at it is worth: how likely it is, times how much stands on the lesser card."""
    reasons = models.JSONField(default=list)
    """[[field, level], …]; never a customer's words."""
    suggested_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="pair_in_order"),
            models.UniqueConstraint(fields=["low", "high"], name="pair_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "-gain", "-id"],
                name="pair_queue",
                condition=Q(state="suggested"),
            ),
        ]


class DuplicateSearch(HouseModel):
    """One run through all cards for people who have two."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        STOPPED = "stopped", _("stopped")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    class Stage(models.TextChoices):
        READING = "reading", _("reading the cards")
        COMPARING = "comparing", _("comparing them")
        LEARNING = "learning", _("learning what counts")
        WRITING = "writing", _("writing down what was found")

    id = models.BigAutoField(primary_key=True)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    stage = models.CharField(max_length=9, choices=Stage, default=Stage.READING)
    staff = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    cards = models.BigIntegerField(default=0)
    pairs = models.BigIntegerField(default=0)
    merged = models.BigIntegerField(default=0)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(state__in=["waiting", "running"]),
                name="one_search_at_a_time",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["organization", "-id"], name="duplicate_search_last")]
