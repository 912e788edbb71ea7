"""Customers, the identities they are recognised by, and what we know about them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..core.models import HouseModel
from ..core.phrases import LANGUAGES


class Customer(HouseModel):
    """One person, with their name as they gave it."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=200)
    address_as = models.CharField(max_length=120, blank=True)
    """How they wish to be spoken to, when it is not simply their name."""
    language = models.CharField(max_length=10, choices=[("", ""), *LANGUAGES], blank=True, default="")
    external_id = models.CharField(max_length=120, null=True, blank=True, db_collation="C")
    contact_person = models.ForeignKey(
        "rugui.Staff", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "external_id"],
                condition=Q(external_id__isnull=False),
                name="customer_external_id",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="customer_has_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> str:
        """How to speak to them."""
        return self.address_as or self.name


class Identity(HouseModel):
    """Something a customer is recognised by. Shared by a family it is evidence, not proof: no uniqueness."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("E-mail")
        HANDLE = "handle", _("Handle")
        CARD = "card", _("Card number")

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=8, choices=Kind)
    value = models.CharField(max_length=200)
    """As it was given."""
    normal = models.CharField(max_length=200, db_collation="C")
    """The comparable form: E.164 for phones, lower case for the rest."""
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            # Also the look-up by identity, whole or by its beginning.
            models.UniqueConstraint(
                fields=["organization", "normal", "kind", "customer"], name="identity_once"
            ),
        ]


class NameKey(HouseModel):
    """A part of a customer's name that a search may begin with. Derived; rebuilt whenever the name changes.

    Under row-level security PostgreSQL may use an index only with leak-proof operators, which
    trigram matching is not; comparisons of text are. So parts of names are ordinary rows.
    """

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="name_keys")
    key = models.CharField(max_length=80, db_collation="C")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "key", "customer"], name="name_key_once"),
        ]


class Note(HouseModel):
    """One thing that matters to a customer: who learned it, from where, when."""

    class Kind(models.TextChoices):
        NEED = "need", _("Need")
        PREFERENCE = "preference", _("Preference")
        GOAL = "goal", _("Goal")
        PERSON = "person", _("Person")
        DATE = "date", _("Date")
        WISH = "wish", _("Wish")
        MOOD = "mood", _("Mood")
        FACT = "fact", _("Fact")

    class Source(models.TextChoices):
        SAID = "said", _("said so")
        SEEN = "seen", _("seen")
        BOUGHT = "bought", _("bought")
        INFERRED = "inferred", _("inferred")
        IMPORTED = "imported", _("imported")

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="notes", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.FACT)
    text = models.TextField()
    source = models.CharField(max_length=8, choices=Source, default=Source.SAID)
    author = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    place = models.ForeignKey(
        "rugui.Place", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    learned_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    external_id = models.CharField(max_length=120, null=True, blank=True, db_collation="C")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "external_id"],
                condition=Q(external_id__isnull=False),
                name="note_external_id",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="note_has_text"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer", "-learned_at"], name="note_customer"),
            # Today: what was learned since yesterday.
            models.Index(fields=["organization", "-learned_at"], name="note_recent"),
        ]
