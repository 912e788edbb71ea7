"""What customers do about what is held of them, and their link to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.utils import translation
from django.utils.translation import gettext as _

from ..core import keys, tenancy
from ..core.errors import ChangedMeanwhile, InputError, NotFound
from ..core.ids import public_id
from ..core.journal import Event, record
from ..core.models import Key
from ..core.phrases import REQUIRED, too_long
from ..house.access import Actor, house_actor
from ..house.models import Organization, Place
from ..know.actions import take_back
from ..know.models import Consent, Customer, Note
from ..promise import actions as promises
from ..serve.models import Visit
from . import queries
from .access import Owner
from .models import Erasure
from .queries import Held

LINK_LIVES = timedelta(days=30)
ERASED_WITHIN = timedelta(days=7)
LONGEST_TEXT = 2000
_OPEN = Note.Discretion.OPEN


def share_link(actor: Actor, customer: Customer, *, now: datetime) -> str:
    """The secret of a new link to the customer's own page; the one given before stops working."""
    actor.must_serve(None)
    keys.revoke(actor.organization_id, Key.Kind.OWN, customer.id, now=now)
    secret = keys.issue(
        actor.organization_id, Key.Kind.OWN, customer.id, now=now, expires_at=now + LINK_LIVES
    )
    record(actor, now, Event("own_link.made", customer_id=customer.id))
    return secret


def revoke_link(actor: Actor, customer: Customer, *, now: datetime) -> None:
    """Their page can no longer be opened."""
    actor.must_serve(None)
    if keys.revoke(actor.organization_id, Key.Kind.OWN, customer.id, now=now):
        record(actor, now, Event("own_link.revoked", customer_id=customer.id))


def hand_out(actor: Actor, customer: Customer, *, now: datetime) -> Held:
    """All that is held of them, for whoever leads the whole house, because it is from every place. Notes that colleagues
    keep to themselves are left out: those only the customers' own page shows."""
    actor.must_lead(None)
    mine = set(
        Note.objects.filter(
            customer=customer, author_id=actor.staff_id, discretion=Note.Discretion.KEEPER
        ).values_list("id", flat=True)
    )
    ids = {public_id("note", each) for each in mine}
    with tenancy.as_customer(actor.organization_id, customer.id):
        found = queries.held(customer.id)
    shown = [row for row in found.notes if row["discretion"] != Note.Discretion.KEEPER or row["id"] in ids]
    record(actor, now, Event("customer.exported", customer_id=customer.id))
    return replace(found, notes=shown)


def correct(owner: Owner, note_id: int | None, text: str, *, now: datetime) -> Note:
    """What they say instead, or in addition (None): a new note in their own words. The old one stays, struck."""
    if not text.strip():
        raise InputError({"text": REQUIRED})
    if len(text.strip()) > LONGEST_TEXT:
        raise InputError({"text": too_long(LONGEST_TEXT)})
    with tenancy.within(owner.organization_id):
        old = None if note_id is None else _their_note(owner, note_id)
        fields = {} if old is None else _carried(old)
        note = Note.objects.create(
            organization_id=owner.organization_id, customer_id=owner.customer_id, text=text.strip(), source=Note.Source.SAID,
            discretion=_OPEN, learned_at=now, **fields,
        )  # fmt: skip
        if old is not None:
            Note.objects.filter(id=old.id).update(struck_by=note)
        payload = {"kind": note.kind, "source": note.source}
        record(
            owner.actor, now, Event("note.made", None, owner.customer_id, subject_id=note.id, payload=payload)
        )
    return note


def _carried(old: Note) -> dict[str, object]:
    """What the new note is about, as the old one was."""
    stands = old.consent is not None and old.consent.withdrawn_at is None
    sensitive = {"sensitive": old.sensitive, "consent_id": old.consent_id} if stands else {}
    return {
        "kind": old.kind,
        "topic": old.topic,
        "purpose": old.purpose,
        "place_id": old.place_id,
        **sensitive,
    }


def object_to(owner: Owner, note_id: int, *, now: datetime) -> None:
    """They do not want it used: it leaves the card at once, whoever wrote it."""
    with tenancy.within(owner.organization_id):
        note = _their_note(owner, note_id)
        if not Note.objects.filter(id=note.id, withdrawn_at=None).update(withdrawn_at=now):
            raise ChangedMeanwhile
        Note.objects.filter(struck_by=note).update(struck_by=None)
        room = "keeper" if note.discretion == Note.Discretion.KEEPER else "note"
        record(
            owner.actor, now, Event(f"{room}.withdrawn", note.place_id, owner.customer_id, subject_id=note.id)
        )


def _their_note(owner: Owner, note_id: int) -> Note:
    found = Note.objects.select_related("consent").filter(id=note_id, customer_id=owner.customer_id).first()
    if found is None:
        raise NotFound
    return found


def withdraw_consent(owner: Owner, consent_id: int, *, now: datetime) -> None:
    """They take a consent back; what rested on it leaves the card at once."""
    with tenancy.within(owner.organization_id):
        consent = Consent.objects.filter(id=consent_id, customer_id=owner.customer_id).first()
        if consent is None:
            raise NotFound
        take_back(owner.actor, consent, now=now)


def ask_erasure(owner: Owner, *, now: datetime) -> Erasure:
    """They ask to be erased. Somebody is promised to do it within a week; asked twice, it was asked once."""
    with tenancy.within(owner.organization_id):
        customer = Customer.objects.select_for_update().get(id=owner.customer_id)
        asked = Erasure.objects.filter(customer_id=customer.id).first()
        if asked is not None:
            return asked
        due = now + ERASED_WITHIN
        house = Organization.objects.get()
        with translation.override(house.language):
            text = _("Erase everything we hold of them: they asked for it on their own page.")
        promises.give(
            house_actor(owner.organization_id), customer, _place(customer), kind="other", due_at=due, now=now,
            text=text, owner_id=customer.contact_person_id,
        )  # fmt: skip
        record(owner.actor, now, Event("customer.erasure_asked", customer_id=customer.id))
        return Erasure.objects.create(
            organization_id=owner.organization_id, customer_id=customer.id, asked_at=now, due_at=due
        )


def _place(customer: Customer) -> Place:
    """Where they were last, or the house's first place."""
    last = Visit.objects.filter(customer=customer).select_related("place").order_by("-expected_at").first()
    return last.place if last else Place.objects.earliest("id")
