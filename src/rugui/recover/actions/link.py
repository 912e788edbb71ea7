"""The customer's own page: its link given, and taken back."""

from __future__ import annotations

from datetime import datetime, timedelta

from ...core import keys
from ...core.journal import record
from ...core.models import Key
from ...house.access import Actor
from ..models import Case
from .common import case_event, hold

LINK_LIVES = timedelta(days=90)


def share_link(actor: Actor, case: Case, *, now: datetime) -> str:
    """The secret of a new link to the customer's page; links given before stop working."""
    hold(actor, case)
    keys.revoke(case.organization_id, Key.Kind.CASE, case.id, now=now)
    secret = keys.issue(case.organization_id, Key.Kind.CASE, case.id, now=now, expires_at=now + LINK_LIVES)
    record(actor, now, case_event("link.made", case))
    return secret


def revoke_link(actor: Actor, case: Case, *, now: datetime) -> None:
    """The customer's page can no longer be opened."""
    hold(actor, case)
    if keys.revoke(case.organization_id, Key.Kind.CASE, case.id, now=now):
        record(actor, now, case_event("link.revoked", case))
