"""Asking again: it still holds, or not any more. Each is one tap, and is taken back with one."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from ...core.errors import ChangedMeanwhile, InputError
from ...core.journal import record
from ...house.access import Actor
from ..claims import claim_of
from ..models import Note
from . import weighing
from .notes import event

STANDING_NEVER = frozenset({Note.Kind.MOOD, Note.Kind.GOAL})


def confirm_note(actor: Actor, note: Note, *, now: datetime) -> None:
    """It still holds. An older claim that is confirmed leads again over the one that had struck it."""
    actor.must_serve(None)
    if note.kind == Note.Kind.MOOD:
        raise InputError({"kind": _("A mood is not confirmed: write down how they are now.")})
    since, struck_by = claim_of(note).anchor, note.struck_by
    fields = {
        "confirmed_at": now,
        "confirmations": note.confirmations + 1,
        "standing": note.standing or note.kind not in STANDING_NEVER,
        "struck_by": None,
        "valid_until": None,
    }
    as_seen = Note.objects.filter(id=note.id, withdrawn_at=None, confirmations=note.confirmations)
    if not as_seen.update(**fields):
        raise ChangedMeanwhile
    for name, value in fields.items():
        setattr(note, name, value)
    if struck_by is not None and struck_by.kind != Note.Kind.NEED:
        Note.objects.filter(id=struck_by.id).update(struck_by=note)
    weighing.remember(note, held=True, since=since, now=now)
    record(actor, now, event("confirmed", note))


def end_note(actor: Actor, note: Note, *, now: datetime) -> None:
    """Not any more: it stays as history, and is acted upon no longer. `resume_note` undoes it."""
    actor.must_serve(None)
    yesterday = now.date() - timedelta(days=1)
    fields = {"valid_until": yesterday}
    if note.valid_from is not None and note.valid_from > yesterday:
        fields["valid_from"] = yesterday
    running = Note.objects.filter(id=note.id, withdrawn_at=None, valid_until=note.valid_until)
    if (note.valid_until is not None and note.valid_until <= yesterday) or not running.update(**fields):
        raise ChangedMeanwhile
    since = claim_of(note).anchor
    for name, value in fields.items():
        setattr(note, name, value)
    weighing.remember(note, held=False, since=since, now=now)
    record(actor, now, event("ended", note))


def take_back_check(
    actor: Actor, note: Note, *, at: datetime, before: datetime | None, now: datetime
) -> None:
    """Undoes the confirmation or the end that was given at `at`; `before` is when it was confirmed before that."""
    actor.must_serve(None)
    rows = Note.objects.filter(id=note.id, withdrawn_at=None)
    confirmed = rows.filter(confirmed_at=at, confirmations__gt=0)
    if not confirmed.update(
        confirmed_at=before, confirmations=max(note.confirmations - 1, 0)
    ) and not rows.filter(valid_until__lt=now.date()).update(valid_until=None):
        raise ChangedMeanwhile
    weighing.forget(note, at=at, now=now)
    record(actor, now, event("resumed", note))
