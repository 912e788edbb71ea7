"""Ground floor tables: the journal, secret keys, idempotency, heartbeats, and what every row has."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.functional import cached_property

from .ids import public_id
from .tickets import RIGHTS_CHANGED


class HouseModel(models.Model):
    """A row that belongs to one organization; row-level security keeps it there (see core/rowsecurity.py).

    The organization has no constraint in the database: organizations are never deleted, and row-level security lets
    a row in only as the named organization's own. Checking it again cost every inserted row a look-up at commit.
    """

    organization = models.ForeignKey(
        "rugui.Organization", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        abstract = True

    @cached_property
    def public_id(self) -> str:
        """What leaves the house instead of the row number; `row_id(model_name, …)` is the way back. Of a saved row."""
        return public_id(str(self._meta.model_name), self.pk)


class Installation(models.Model):
    """The one row that says what this database is. `id_key` turns row numbers into public ids."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    id_key = models.BinaryField(max_length=32)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="installation_is_one"),
        ]


class JournalEntry(HouseModel):
    """One thing that happened. Append-only in the database itself; holds references, never a customer's words.

    `transaction` is the writing transaction's id. Live streams use it to know which entries every
    earlier transaction has already committed (see core/journal.py).
    """

    class Who(models.TextChoices):
        STAFF = "staff"
        CUSTOMER = "customer"
        CLOCK = "clock"
        IMPORT = "import"
        SYSTEM = "system"

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    transaction = models.BigIntegerField(
        db_default=models.Func(
            template="(pg_current_xact_id()::text::bigint)", output_field=models.BigIntegerField()
        )
    )
    kind = models.CharField(max_length=40)
    who = models.CharField(max_length=10, choices=Who)
    staff = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    place = models.ForeignKey(
        "rugui.Place", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    customer_id = models.BigIntegerField(null=True)
    case_id = models.BigIntegerField(null=True)
    subject_id = models.BigIntegerField(null=True)
    payload = models.JSONField(default=dict)
    version = models.SmallIntegerField(default=1)

    class Meta:
        indexes: ClassVar = [
            # The live stream's tail: everything a transaction at or after the mark has written.
            models.Index(fields=["transaction"], name="journal_tail"),
            # The customer's timeline and the log of who looked at the card.
            models.Index(
                fields=["organization", "customer_id", "-id"],
                name="journal_customer",
                condition=models.Q(customer_id__isnull=False),
            ),
            models.Index(fields=["organization", "-id"], name="journal_organization"),
            # Whether today's line-up of a place was held.
            models.Index(
                fields=["organization", "place", "-at"],
                name="journal_lineup",
                condition=models.Q(kind="lineup.held"),
            ),
            # Who lost or changed rights lately, for a live process that has just started.
            models.Index(fields=["at"], name="journal_rights", condition=models.Q(kind__in=RIGHTS_CHANGED)),
        ]


class Key(HouseModel):
    """An unguessable, revocable secret that lets somebody in: an API token, an invitation, a customer's link.

    Only the SHA-256 of the secret is kept. Row-level security shows a key to whoever already knows it.
    """

    class Kind(models.TextChoices):
        API = "api"
        INVITATION = "invitation"
        PASSWORD = "password"  # noqa: S105  a kind of key: lets a member of staff set a new password
        CASE = "case"
        OWN = "own"

    hash = models.BinaryField(max_length=32)
    kind = models.CharField(max_length=12, choices=Kind)
    subject_id = models.BigIntegerField()
    scopes = models.JSONField(default=list)
    label = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hash"], name="key_hash"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "kind", "subject_id"], name="key_subject"),
        ]


class IdempotentReply(HouseModel):
    """What an API request with this `Idempotency-Key` was answered, so that a retry gets the same answer."""

    token = models.ForeignKey(Key, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=200)
    request_hash = models.BinaryField(max_length=32)
    status = models.SmallIntegerField(null=True)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "token", "key"], name="idempotent_once"),
        ]


class Heartbeat(models.Model):
    """The last sign of life of a clock, worker or live process; read by health, metrics and doctor."""

    name = models.CharField(max_length=80, primary_key=True)
    kind = models.CharField(max_length=12)
    at = models.DateTimeField()
