"""The house's rules by version, what is proposed, how often rules speak, and what somebody does not want to hear."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..core.models import HouseModel


class LexiconVersion(HouseModel):
    """What the house had changed in the starter packs at one time. Never altered: going back makes a new one."""

    id = models.BigAutoField(primary_key=True)
    number = models.PositiveIntegerField()
    rules = models.JSONField(default=dict)
    """By pack the rules that the house has of its own or changed, as they stand in a file (docs/engines/coach.md)."""
    note = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    restores = models.PositiveIntegerField(null=True)
    """The number of the version that this one went back to."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "number"], name="lexicon_number_once"),
        ]


class LexiconProposal(HouseModel):
    """Changes of rules that wait for somebody who leads every place."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        APPROVED = "approved", _("in use")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.BigAutoField(primary_key=True)
    state = models.CharField(max_length=9, choices=State, default=State.PROPOSED)
    changes = models.JSONField(default=list)
    """A list of `{pack, name, body, was}`: `body` as in a file, or null for back to the starter pack; `was` is a digest of
    what the house had said about this rule, so that nobody's change is written over unseen."""
    note = models.CharField(max_length=200, blank=True)
    proposed_by = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="proposed") ^ Q(decided_at__isnull=False), name="lexicon_decided_when"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "id"], name="lexicon_proposed", condition=Q(state="proposed")
            ),
        ]


class CoachTally(HouseModel):
    """How often a rule spoke and what came of it, by day, for the house as a whole. Nobody's name stands here."""

    class Kind(models.TextChoices):
        SHOWN = "shown", _("marked")
        LEFT = "left", _("sent as it was")
        TAKEN = "taken", _("better words taken")
        DISMISSED = "dismissed", _("not here")
        MEANING = "meaning", _("the words mean something else here")
        FITS = "fits", _("it is right to say it here")
        THEIRS = "theirs", _("they are not our words")

    id = models.BigAutoField(primary_key=True)
    rule = models.CharField(max_length=120)
    day = models.DateField()
    kind = models.CharField(max_length=9, choices=Kind)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "rule", "day", "kind"], name="tally_once"),
        ]


class SilencedRule(HouseModel):
    """A rule that one colleague does not want to hear from. Theirs alone."""

    id = models.BigAutoField(primary_key=True)
    staff = models.ForeignKey("rugui.Staff", on_delete=models.CASCADE, related_name="+", db_index=False)
    rule = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff", "rule"], name="silenced_once"),
        ]
