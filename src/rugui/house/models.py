"""Organizations, their places and opening calendars, the staff and what each may do where."""

from __future__ import annotations

import zoneinfo
from datetime import UTC
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.crypto import salted_hmac

from ..core.models import HouseModel
from ..core.phrases import LANGUAGES
from ..core.ready import Ready


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get(self, *args: Any, **conditions: Any) -> User:
        """Whoever is signed in is read by number on every page: that query is made ready."""
        if args or conditions.keys() != {"pk"}:
            return super().get(*args, **conditions)
        found = _USER.first(int(conditions["pk"]))
        if found is None:
            raise self.model.DoesNotExist
        return found


class User(AbstractBaseUser, PermissionsMixin):
    """Someone who can sign in. What they may do is said by their `Staff` rows, never here."""

    email = models.EmailField()
    language = models.CharField(max_length=10, choices=LANGUAGES, default="en")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())
    second_step_reset_at = models.DateTimeField(null=True, editable=False)
    """When somebody else last took away a lost second step. Sessions begun before that are over."""
    second_step_reset_by = models.CharField(max_length=80, default="", db_default="", editable=False)
    """The name of who did; empty for whoever runs the installation."""

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects = UserManager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="user_email")]

    def __str__(self) -> str:
        return self.email

    def get_session_auth_hash(self) -> str:
        """What a session was begun with: the password, and since a reset of the second step that moment too."""
        begun_with = super().get_session_auth_hash()
        if self.second_step_reset_at is None:
            return begun_with
        moment = self.second_step_reset_at.astimezone(UTC).isoformat()
        return salted_hmac("rugui.second_step_reset", begun_with + moment, algorithm="sha256").hexdigest()


_USER = Ready(lambda user_id: User.objects.filter(id=user_id))


class Organization(models.Model):
    """A house: one business under one roof of rules, with one or more places."""

    class Trade(models.TextChoices):
        HOTEL = "hotel"
        RESTAURANT = "restaurant"
        SHOP = "shop"
        SALON = "salon"
        CLINIC = "clinic"
        WEBSHOP = "webshop"
        AGENCY = "agency"

    class CustomerWord(models.TextChoices):
        CUSTOMER = "customer"
        GUEST = "guest"
        CLIENT = "client"
        PATIENT = "patient"

    name = models.CharField(max_length=120)
    trade = models.CharField(max_length=12, choices=Trade, default=Trade.HOTEL)
    customer_word = models.CharField(max_length=10, choices=CustomerWord, default=CustomerWord.CUSTOMER)
    currency = models.CharField(max_length=3, default="EUR")
    language = models.CharField(max_length=10, choices=LANGUAGES, default="en")
    merge_automatically = models.BooleanField(default=False, db_default=False)
    """Cards that are as good as certainly one person's become one by themselves, each time undoable."""
    false_link_rate = models.FloatField(default=0.001, db_default=0.001)
    """Of the messages that are put on a card without asking, the share that may be somebody else's."""
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


def _known_zone(value: str) -> None:
    from django.core.exceptions import ValidationError
    from django.utils.translation import gettext as _

    if value not in zoneinfo.available_timezones():
        raise ValidationError(_("Not a time zone: write it like Europe/Berlin or Asia/Taipei."))


class Place(HouseModel):
    """A site where customers are served: its clock, its calendar, its phone region."""

    name = models.CharField(max_length=120)
    timezone = models.CharField(max_length=64, default="UTC", validators=[_known_zone])
    region = models.CharField(max_length=2, default="US")
    """ISO 3166 region that local phone numbers and dates are read by."""

    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "name"], name="place_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.timezone)


class OpeningHours(HouseModel):
    """One shift of one weekday, in the place's local time. Two rows a day are a split shift.

    `closes` at or before `opens` means that the shift ends on the next day.
    """

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="hours")
    weekday = models.SmallIntegerField()
    """0 is Monday."""
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(weekday__range=(0, 6)), name="weekday_range"),
            models.UniqueConstraint(fields=["organization", "place", "weekday", "opens"], name="shift_once"),
        ]


class SpecialDay(HouseModel):
    """A date that replaces the weekly hours: a holiday (no times) or other hours (one row a shift)."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="special_days")
    date = models.DateField()
    name = models.CharField(max_length=80)
    opens = models.TimeField(null=True, blank=True)
    closes = models.TimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(opens__isnull=True, closes__isnull=True)
                | models.Q(opens__isnull=False, closes__isnull=False),
                name="special_day_both_or_none",
            ),
            models.UniqueConstraint(
                fields=["organization", "place", "date", "opens"],
                name="special_shift_once",
                nulls_distinct=False,
            ),
        ]


class Staff(HouseModel):
    """One person's place in one organization."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="staff")
    name = models.CharField(max_length=80)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "user"], name="staff_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Assignment(HouseModel):
    """A role of a member of staff at one place, or at every place when `place` is empty."""

    class Role(models.TextChoices):
        OWNER = "owner"
        MANAGER = "manager"
        STAFF = "staff"
        ANALYST = "analyst"

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="assignments")
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=8, choices=Role)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "staff", "place"], name="one_role_a_place", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=~models.Q(role="owner") | models.Q(place__isnull=True), name="owner_everywhere"
            ),
        ]


class Duty(HouseModel):
    """A stretch of being on duty at a place. Open while `ended_at` is empty."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="duties")
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="duties")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "staff"],
                condition=models.Q(ended_at__isnull=True),
                name="on_duty_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "place"],
                condition=models.Q(ended_at__isnull=True),
                name="duty_now",
            ),
        ]


class Invitation(HouseModel):
    """A standing offer to join as staff; accepted once, by whoever holds its key."""

    email = models.EmailField()
    name = models.CharField(max_length=80)
    role = models.CharField(max_length=8, choices=Assignment.Role)
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    invited_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
