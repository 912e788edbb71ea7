"""What was heard of a message, what a person set right about it, and what the house listens for besides."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from ...core.models import HouseModel


class HeardMessage(HouseModel):
    """What the ear said of a message. Only what it was sure enough of stands in the columns; it goes with the message."""

    touch = models.OneToOneField(
        "rugui.Touch", primary_key=True, on_delete=models.CASCADE, related_name="heard"
    )
    language = models.CharField(max_length=8, blank=True)
    acts = ArrayField(models.CharField(max_length=16), default=list)
    elements = ArrayField(models.CharField(max_length=16), default=list)
    topics = ArrayField(models.BigIntegerField(), default=list)
    """The house's own, by number."""
    mood = models.CharField(max_length=16, blank=True)
    urgency = models.CharField(max_length=16, blank=True)
    chances = models.JSONField(default=dict)
    """How sure, from 0 to 1, of each answer that stands in the columns, and of every act, heard or not."""
    found = models.JSONField(default=list)
    """Days, hours, sums and names in the text: `{kind, words, value}`."""
    ear = models.CharField(max_length=80)
    """Whose ear it was: the program's version, and how many corrections and topics of the house, up to which."""
    at = models.DateTimeField()


class HouseTopic(HouseModel):
    """Something that this house wants to hear of: parking, the boat, the Friday class. Its words are a start; corrections teach more."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=40)
    words = ArrayField(models.CharField(max_length=40), default=list)
    """As people write it; with its name the words by which it is heard."""
    made_by = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "name"], condition=Q(ended_at=None), name="topic_named_once"
            ),
        ]


class HearingCorrection(HouseModel):
    """A person's answer to one question about a message. It holds until it is withdrawn; of one question one holds."""

    id = models.BigAutoField(primary_key=True)
    touch = models.ForeignKey("rugui.Touch", on_delete=models.CASCADE, related_name="+", db_index=False)
    what = models.CharField(max_length=32)
    """complaint, product, topic-7 … (yes or no); mood, urgency (which)."""
    answer = models.CharField(max_length=16)
    made_by = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["touch", "what"], condition=Q(withdrawn_at=None), name="hearing_corrected_once"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=False) | Q(withdrawn_by=None), name="hearing_withdrawn_when"
            ),
        ]
        indexes: ClassVar = [
            # The house's ear is made of what holds.
            models.Index(fields=["organization", "id"], name="hearing_holds", condition=Q(withdrawn_at=None)),
            models.Index(fields=["touch"], name="hearing_of_touch"),
        ]
