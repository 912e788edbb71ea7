"""What can be done about a note: write it down, correct it, take it off the card and put it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ...core.errors import ChangedMeanwhile, InputError, NotAllowed
from ...core.journal import Event, record
from ...core.models import JournalEntry
from ...house.access import Actor
from ...house.models import Place
from ..claims import About, checked, fields_of
from ..models import Customer, Note
from . import weighing

Kind = Note.Kind


def add_note(
    actor: Actor,
    customer: Customer,
    *,
    text: str,
    now: datetime,
    kind: str = Kind.FACT,
    source: str = Note.Source.SAID,
    place: Place | None = None,
    external_id: str | None = None,
    about: About | None = None,
) -> Note:
    """Writes down one thing that matters, as a claim: what `about` leaves open is decided by its kind and source.

    What contradicts it is struck, not lost; what it repeats is standing from now on. Sensitive kinds are refused while
    no consent of the customer stands.
    """
    actor.must_serve(place.id if place else None)
    about = about or About()
    checked(actor, customer.id, kind=kind, source=source, text=text, about=about)
    note = Note(
        organization_id=customer.organization_id,
        customer=customer,
        text=text.strip(),
        kind=kind,
        source=source,
        author_id=actor.staff_id,
        place=place,
        learned_at=now,
        external_id=external_id or None,
        **fields_of(about, kind=kind, source=source, customer_id=customer.id),
    )
    try:
        with transaction.atomic():
            note.save(force_insert=True)
    except IntegrityError as error:
        raise InputError({"external_id": _("Another note already has this external id.")}) from error
    weighing.weigh_in(note)
    record(actor, now, event("made", note, kind=kind, source=source))
    return note


def correct_note(
    actor: Actor,
    note: Note,
    *,
    now: datetime,
    kind: str | None = None,
    text: str | None = None,
    about: Mapping[str, Any] | None = None,
) -> Note:
    """Changes what a note is about or says; the journal keeps that it was changed and by whom.

    `about` holds those fields of `About` that change. A note is about a customer, who belongs to the whole house:
    whoever serves anywhere and may see it may correct it.
    """
    actor.must_serve(None)
    new_kind, new_text = kind or note.kind, note.text if text is None else text
    whole = About.of(note, about or {}, again=new_kind != note.kind)
    checked(actor, note.customer_id, kind=new_kind, source=note.source, text=new_text, about=whole, note=note)
    wanted = fields_of(whole, kind=new_kind, source=note.source, customer_id=note.customer_id)
    wanted |= {"kind": new_kind, "text": new_text.strip()}
    given = {name: value for name, value in (("kind", kind), ("text", text)) if value is not None}
    fields = {name: value for name, value in wanted.items() if value != getattr(note, name) or name in given}
    if not fields:
        return note
    was_keepers = note.discretion == Note.Discretion.KEEPER
    if not Note.objects.filter(id=note.id, withdrawn_at=None).update(**fields):
        raise ChangedMeanwhile
    for name, value in fields.items():
        setattr(note, name, value)
    if fields.keys() & {
        "topic",
        "value",
        "polarity",
        "person",
        "kind",
        "standing",
        "discretion",
        "happens_on",
    }:
        weighing.free(note)
        weighing.weigh_in(note)
    happened = event("corrected", note, fields=sorted(fields))
    if was_keepers and note.discretion != Note.Discretion.KEEPER:
        happened = event("made", note, kind=note.kind, source=note.source)  # for the others it is new
    record(actor, now, happened)
    return note


def withdraw_note(actor: Actor, note: Note, *, now: datetime) -> None:
    """Takes a note off the card; what it had struck stands again. `restore_note` undoes it."""
    actor.must_serve(None)
    if not Note.objects.filter(id=note.id, withdrawn_at=None).update(withdrawn_at=now):
        raise ChangedMeanwhile
    weighing.free(note)
    record(actor, now, event("withdrawn", note))


def restore_note(actor: Actor, note: Note, *, now: datetime) -> None:
    """Puts a withdrawn note back. Not one that the customer themselves has objected to."""
    actor.must_serve(None)
    by_them = JournalEntry.objects.filter(
        customer_id=note.customer_id,
        subject_id=note.id,
        kind__endswith=".withdrawn",
        who=JournalEntry.Who.CUSTOMER,
    )
    if by_them.exists():
        raise NotAllowed(_("They have asked us not to use this."))
    if not Note.objects.filter(id=note.id, withdrawn_at__isnull=False).update(withdrawn_at=None):
        raise ChangedMeanwhile
    weighing.weigh_in(note)
    record(actor, now, event("restored", note))


def event(verb: str, note: Note, **payload: Any) -> Event:
    """Of a keeper's own note the screens of others are told nothing, not even that it is there (live/kinds.py)."""
    room = "keeper" if note.discretion == Note.Discretion.KEEPER else "note"
    return Event(f"{room}.{verb}", note.place_id, note.customer_id, subject_id=note.id, payload=payload)
