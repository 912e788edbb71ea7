"""Unguessable, revocable secrets, of which the database keeps only the hash."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import Q

from .models import Key
from .tenancy import named, with_key


def digest(secret: str) -> bytes:
    """What is kept of a secret."""
    return sha256(secret.encode()).digest()


def issue(
    organization_id: int,
    kind: Key.Kind,
    subject_id: int,
    *,
    now: datetime,
    expires_at: datetime | None = None,
    scopes: Iterable[str] = (),
    label: str = "",
) -> str:
    """Makes a key for `subject_id` and returns its secret (256 random bits), which cannot be had again."""
    secret = secrets.token_urlsafe(32)
    Key.objects.create(
        organization_id=organization_id,
        kind=kind,
        subject_id=subject_id,
        hash=digest(secret),
        created_at=now,
        expires_at=expires_at,
        scopes=list(scopes),
        label=label,
    )
    return secret


def find(secret: str, kind: Key.Kind, *, now: datetime) -> Key | None:
    """The living key that `secret` opens, of whichever organization; None when unknown, expired or revoked."""
    hashed = digest(secret)
    with with_key(hashed):
        return (
            Key.objects.filter(hash=hashed, kind=kind, revoked_at=None)
            .filter(Q(expires_at=None) | Q(expires_at__gt=now))
            .first()
        )


@contextmanager
def within_by(secret: str, kind: Key.Kind, *, now: datetime) -> Iterator[Key | None]:
    """One transaction of the organization that `secret` opens; None, and no organization, when it opens none."""
    with transaction.atomic():
        key = find(secret, kind, now=now)
        if key is None:
            yield None
            return
        with named(key.organization_id):
            yield key


def revoke(organization_id: int, kind: Key.Kind, subject_id: int, *, now: datetime) -> int:
    """Closes every living key of a subject; returns how many."""
    return Key.objects.filter(
        organization_id=organization_id, kind=kind, subject_id=subject_id, revoked_at=None
    ).update(revoked_at=now)
