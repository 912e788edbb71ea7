"""The clock, read once per action and handed down."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """This moment, in UTC. Read it once where an action begins, and pass it on."""
    return timezone.now()
