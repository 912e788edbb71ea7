"""Promises: what we said we would do by when, and the rings that remind us."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from ..core.models import HouseModel

SHORT = timedelta(hours=1)
"""A promise for so little time is rung before longer ones when many ring at once."""


class Priority(models.TextChoices):
    NORMAL = "normal", _("ordinary")
    URGENT = "urgent", _("urgent")


class Counts(models.TextChoices):
    """By which time a promise runs."""

    WALL = "wall", _("around the clock")
    WORKING = "working", _("while the place is open")


class WaitsFor(models.TextChoices):
    """What we need of the customer before we can go on."""

    ANSWER = "answer", _("their answer to a question")
    THING = "thing", _("something that they send or bring")
    TIME = "time", _("a time at which they can be reached")


class Audience(models.TextChoices):
    """Whom the clock tells. Who is on duty is looked up when it rings."""

    OWNER = "owner", _("whoever sees to it")
    STAND_IN = "stand_in", _("the customer's contact person or deputy")
    DUTY = "duty", _("everybody on duty")
    LEADERS = "leaders", _("the managers on duty")
    ALL_LEADERS = "all_leaders", _("all managers, on duty or not")


def warned() -> list[str]:
    return [Audience.OWNER.value]


def told() -> list[str]:
    return [Audience.OWNER.value, Audience.LEADERS.value]


class Promise(HouseModel):
    """Something owed to a customer by a moment. Open until kept, renegotiated, withdrawn or broken.

    A broken promise stays broken; doing it late only sets `settled_at`.
    """

    class Kind(models.TextChoices):
        ANSWER = "answer", _("Answer")
        NEXT_ANSWER = "next_answer", _("Next answer")
        PROGRESS = "progress", _("Progress report")
        SOLUTION = "solution", _("Solution")
        CALL_BACK = "call_back", _("Call back")
        DELIVERY = "delivery", _("Delivery")
        FOLLOW_UP = "follow_up", _("Follow up")
        LEAVE = "leave", _("Leave asked")
        STORY = "story", _("The story")
        READY_BY = "ready_by", _("Ready by")
        OTHER = "other", _("Promise")

    ANSWERS = (Kind.ANSWER, Kind.NEXT_ANSWER)
    AMONG_US = (Kind.LEAVE, Kind.STORY)
    """Owed to a colleague about a customer; on no page of the customer's, and no measure of what they are promised."""

    class State(models.TextChoices):
        OPEN = "open", _("running")
        KEPT = "kept", _("kept")
        RENEGOTIATED = "renegotiated", _("renegotiated")
        WITHDRAWN = "withdrawn", _("withdrawn")
        BROKEN = "broken", _("broken")

    id = models.BigAutoField(primary_key=True)
    place = models.ForeignKey("rugui.Place", on_delete=models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(
        "rugui.Customer", on_delete=models.CASCADE, related_name="promises", db_index=False
    )
    case = models.ForeignKey(
        "rugui.Case", null=True, blank=True, on_delete=models.CASCADE, related_name="promises", db_index=False
    )
    touch = models.ForeignKey(
        "rugui.Touch",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="promises",
        db_index=False,
    )
    """The message that an answer is owed to."""
    owner = models.ForeignKey(
        "rugui.Staff", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.OTHER)
    text = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    warn_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    settled_at = models.DateTimeField(null=True)
    ring_at = models.DateTimeField(null=True)
    """When the clock must look at it next; empty once nothing is left to ring, and while it waits for the customer."""
    channel = models.CharField(max_length=10, blank=True, default="", db_default="")
    priority = models.CharField(
        max_length=6, choices=Priority, default=Priority.NORMAL, db_default=Priority.NORMAL
    )
    load = models.PositiveSmallIntegerField(null=True)
    """How many other answers the place owed when this one became owed."""
    told_at = models.DateTimeField(null=True)
    """The time that the customer was told, where it is another one than ours."""
    not_before = models.DateTimeField(null=True)
    """What is made by hand must not come before this."""
    deputy = models.ForeignKey(
        "rugui.Staff", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    """The customer's contact person, or whoever stands in for them, when it was given."""
    counts = models.CharField(max_length=7, choices=Counts, default=Counts.WALL, db_default=Counts.WALL)
    may_pause = models.BooleanField(default=False, db_default=False)
    paused_at = models.DateTimeField(null=True)
    """Since when it has been waiting for the customer."""
    waits_for = models.CharField(max_length=6, choices=WaitsFor, blank=True, default="", db_default="")
    renew_minutes = models.PositiveIntegerField(null=True)
    """Kept, it is promised again for so much later."""
    warn_more = ArrayField(models.DateTimeField(), default=list, db_default=[])
    """Warnings after the first one."""
    # The database has the same defaults, because statements written by hand make promises too.
    warn_to = ArrayField(models.CharField(max_length=12), default=warned, db_default=["owner"])
    due_to = ArrayField(models.CharField(max_length=12), default=told, db_default=["owner", "leaders"])
    rise_at = ArrayField(models.DateTimeField(), default=list, db_default=[])
    """While a broken promise is not settled, it calls others at these moments; `rise_to` says whom, one for each."""
    rise_to = ArrayField(models.CharField(max_length=12), default=list, db_default=[])
    rank = models.GeneratedField(
        expression=Case(
            When(ring_at__lt=F("due_at"), then=Value(2)),
            When(Q(priority="urgent") | Q(LessThanOrEqual(F("due_at") - F("made_at"), SHORT)), then=Value(0)),
            default=Value(1),
        ),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )
    """Which of many rings goes first: 0 an urgent or short promise that breaks, 1 any other that breaks, 2 a warning."""
    renews = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="renewed_by"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(due_at__gte=F("made_at")), name="promise_due_after_made"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "broken"]) | Q(settled_at__isnull=False),
                name="promise_settled_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(ring_at__isnull=False) | Q(paused_at__isnull=False),
                name="open_promise_rings",
            ),
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True) | Q(state="open", may_pause=True, ring_at__isnull=True),
                name="only_running_promises_pause",
            ),
            models.CheckConstraint(
                condition=Q(waits_for="") | Q(paused_at__isnull=False), name="what_waits_waits_for_something"
            ),
            models.CheckConstraint(condition=Q(rise_at__len=F("rise_to__len")), name="each_rise_tells"),
            models.UniqueConstraint(
                fields=["organization", "case"],
                condition=Q(kind="progress", state="open"),
                name="one_clock_a_case",
            ),
        ]
        indexes: ClassVar = [
            # The clock's queue, across organizations; nothing else reads by this.
            models.Index(fields=["rank", "ring_at"], name="promise_ring", condition=Q(ring_at__isnull=False)),
            # Today, and the board of running promises.
            models.Index(
                fields=["organization", "place", "due_at"],
                name="promise_running",
                condition=Q(settled_at__isnull=True),
            ),
            # How soon a place answers.
            models.Index(
                fields=["organization", "place", "-made_at"],
                name="promise_answers",
                condition=Q(kind__in=["answer", "next_answer"]),
            ),
            # How promises were kept: answered from the index alone, however many there are.
            models.Index(
                fields=["organization", "place", "due_at"],
                include=[
                    "kind",
                    "state",
                    "channel",
                    "priority",
                    "owner",
                    "made_at",
                    "settled_at",
                    "told_at",
                ],
                name="promise_ended",
                condition=~Q(state="open"),
            ),
            models.Index(fields=["customer", "-made_at"], name="promise_customer"),
            models.Index(fields=["case", "-made_at"], name="promise_case", condition=Q(case__isnull=False)),
        ]


class Ring(HouseModel):
    """The clock spoke: which promise, which ring, when, and who was told. Exactly one row for each."""

    class Kind(models.TextChoices):
        WARN = "warn", _("soon due")
        DUE = "due", _("broken")
        RISE = "rise", _("still not settled")

    id = models.BigAutoField(primary_key=True)
    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="rings", db_index=False)
    kind = models.CharField(max_length=4, choices=Kind)
    step = models.SmallIntegerField(default=0, db_default=0)
    """Which warning, which call for others: the first is 1. A break has one only: 0."""
    at = models.DateTimeField()
    told = ArrayField(models.BigIntegerField(), default=list)
    """Staff ids: whom its promise says, as they were when it rang."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "promise", "kind", "step"], name="ring_once"),
        ]


class PromisePolicy(HouseModel):
    """What holds for new promises of a kind: at one place or everywhere, for one channel and priority or any.

    The most specific one counts: of a place before everywhere, then of a channel, then of a priority. Promises keep what
    they were given with, so changing a policy changes none of them.
    """

    class Tells(models.TextChoices):
        NOTHING = "nothing", _("nothing")
        DUE = "due", _("the time that we promise ourselves")
        BEATEN = "beaten", _("a time that we nearly always beat")

    place = models.ForeignKey(
        "rugui.Place", null=True, blank=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(
        max_length=12, choices=[each for each in Promise.Kind.choices if each[0] not in Promise.AMONG_US]
    )
    channel = models.CharField(max_length=10, blank=True, default="")
    priority = models.CharField(max_length=6, blank=True, default="")
    counts = models.CharField(max_length=7, choices=Counts, default=Counts.WALL)
    minutes = models.PositiveIntegerField()
    marks = ArrayField(models.PositiveSmallIntegerField(), default=list)
    """Warnings: when so many per cent of the time have passed."""
    not_before = models.PositiveIntegerField(null=True)
    """Ready no earlier than so many minutes before the time promised."""
    may_pause = models.BooleanField(default=False)
    renew_minutes = models.PositiveIntegerField(null=True)
    warn_to = ArrayField(models.CharField(max_length=12, choices=Audience), default=list)
    due_to = ArrayField(models.CharField(max_length=12, choices=Audience), default=list)
    rise_after = ArrayField(models.PositiveIntegerField(), default=list)
    """Minutes after breaking; `rise_to` says whom, one for each."""
    rise_to = ArrayField(models.CharField(max_length=12, choices=Audience), default=list)
    tells = models.CharField(max_length=7, choices=Tells, default=Tells.NOTHING)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "place", "kind", "channel", "priority"],
                name="policy_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="policy_takes_time"),
            models.CheckConstraint(condition=Q(rise_after__len=F("rise_to__len")), name="each_step_tells"),
        ]


class DaySheet(HouseModel):
    """What became of the promises that fell due at a place on one day (of UTC), packed as `sheets.py` says.

    A row that holds nothing (`packed` null) says that the sheet of that day is stale: the transaction that changed one of
    its promises wrote it (core/sheets.sql). Then the day is counted from its promises until the sheet is written anew.
    """

    id = models.BigAutoField(primary_key=True)
    place = models.ForeignKey("rugui.Place", on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    form = models.IntegerField()
    """How it is packed; a sheet of another form is none."""
    packed = models.BinaryField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "place", "day"],
                condition=Q(packed__isnull=False),
                name="one_sheet_a_day",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "place", "day"], condition=Q(packed__isnull=True), name="stale_sheets"
            ),
        ]
