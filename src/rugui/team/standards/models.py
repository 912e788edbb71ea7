"""Standards by version, whether hello and good-bye were said, and what colleagues saw of one another's work."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from ...core.models import HouseModel
from ...core.phrases import LANGUAGES


class Moment(models.TextChoices):
    """A moment of service, in the order in which a visit has them."""

    ARRIVAL = "arrival", pgettext_lazy("a moment of service", "Arrival")
    OPENING = "phone_opening", pgettext_lazy("a moment of service", "Telephone: the opening")
    HOLD = "phone_hold", pgettext_lazy("a moment of service", "Telephone: putting on hold")
    TRANSFER = "phone_transfer", pgettext_lazy("a moment of service", "Telephone: passing on")
    CLOSING = "phone_closing", pgettext_lazy("a moment of service", "Telephone: the closing")
    CHAT = "chat", pgettext_lazy("a moment of service", "Chat")
    EMAIL = "email", pgettext_lazy("a moment of service", "E-mail")
    ESCORTING = "escorting", pgettext_lazy("a moment of service", "Showing the way")
    FAREWELL = "farewell", pgettext_lazy("a moment of service", "Farewell")


TELEPHONE = (Moment.OPENING, Moment.HOLD, Moment.TRANSFER, Moment.CLOSING)


class Standard(HouseModel):
    """One statement that can be seen to be kept or not. Its words are `StandardWording`s, by version and language."""

    id = models.BigAutoField(primary_key=True)
    moment = models.CharField(max_length=16, choices=Moment)
    place = models.ForeignKey(
        "rugui.Place", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    """Where it holds; everywhere when empty."""
    instead_of = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    """The one for everywhere in whose stead it holds at its place."""
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(instead_of__isnull=True) | Q(place__isnull=False),
                name="standard_instead_somewhere",
            ),
            models.UniqueConstraint(
                fields=["organization", "place", "instead_of"],
                condition=Q(instead_of__isnull=False, retired_at__isnull=True),
                name="standard_instead_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "moment", "place"],
                name="standard_holds",
                condition=Q(retired_at__isnull=True),
            ),
        ]


class StandardWording(HouseModel):
    """A version of a standard in one language. Never altered: what was observed was observed by these words."""

    id = models.BigAutoField(primary_key=True)
    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="wordings", db_index=False)
    number = models.PositiveIntegerField()
    language = models.CharField(max_length=10, choices=LANGUAGES)
    text = models.CharField(max_length=200)
    say = models.CharField(max_length=300, blank=True)
    """Words that one may say; {name}, {place} and {me} are filled in."""
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "standard", "number", "language"], name="standard_worded_once"
            ),
        ]


class Courtesy(HouseModel):
    """A hello or a good-bye that was due, and who said it. Due from the moment when somebody marks the arrival or leaving."""

    id = models.BigAutoField(primary_key=True)
    place = models.ForeignKey("rugui.Place", on_delete=models.PROTECT, related_name="+", db_index=False)
    visit = models.ForeignKey("rugui.Visit", on_delete=models.CASCADE, related_name="+", db_index=False)
    moment = models.CharField(
        max_length=8, choices=[(each.value, each.label) for each in (Moment.ARRIVAL, Moment.FAREWELL)]
    )
    due_at = models.DateTimeField()
    said_at = models.DateTimeField(null=True)
    staff = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visit", "moment"], name="courtesy_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "place", "-due_at"], name="courtesy_due"),
        ]


class Observation(HouseModel):
    """What somebody saw of how a colleague, or they themselves, kept the standards of one moment, at one place and hour.

    Row-level security shows it to the one observed, to whoever saw it, and to who leads the place; to nobody else
    (core/rowsecurity.py). It is never about a customer.
    """

    id = models.BigAutoField(primary_key=True)
    place = models.ForeignKey("rugui.Place", on_delete=models.PROTECT, related_name="+", db_index=False)
    staff = models.ForeignKey("rugui.Staff", on_delete=models.CASCADE, related_name="+", db_index=False)
    """Whose act it was."""
    observer = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    by_self = models.BooleanField(default=False)
    moment = models.CharField(max_length=16, choices=Moment)
    at = models.DateTimeField()
    """When it happened."""
    made_at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organization", "place", "-at"], name="observation_at_place"),
            models.Index(fields=["staff", "-at"], name="observation_of_staff"),
        ]


class ObservedMark(HouseModel):
    """One statement in an observation."""

    class Mark(models.TextChoices):
        KEPT = "kept", pgettext_lazy("a standard", "done")
        MISSED = "missed", pgettext_lazy("a standard", "not done")
        UNSEEN = "unseen", pgettext_lazy("a standard", "not seen")

    id = models.BigAutoField(primary_key=True)
    observation = models.ForeignKey(
        Observation, on_delete=models.CASCADE, related_name="marks", db_index=False
    )
    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    """By which version of its words."""
    mark = models.CharField(max_length=6, choices=Mark)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["observation", "standard"], name="observed_once"),
        ]
