"""What can be done to what we know: add and edit customers, their identities and notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ..core.errors import ChangedMeanwhile, InputError, Text
from ..core.journal import Event, record
from ..core.phrases import REQUIRED
from ..house.access import Actor
from ..house.models import Place, Staff
from . import lineage
from .models import Customer, Identity, NameKey, Note
from .names import name_keys, normal_identity

GUESSES = frozenset({Note.Source.INFERRED, Note.Source.ACQUIRED})
"""Sources that the customer knows nothing of: what they say is never said to them."""


@dataclass(frozen=True, slots=True)
class GivenIdentity:
    """An identity as somebody gave it: `GivenIdentity("phone", "0912 345 678")`."""

    kind: str
    value: str


def add_customer(
    actor: Actor,
    *,
    name: str,
    now: datetime,
    region: str,
    identities: Iterable[GivenIdentity] = (),
    address_as: str = "",
    language: str = "",
    external_id: str | None = None,
) -> Customer:
    """A new card. `region` is the ISO country that local phone numbers are read by."""
    actor.must_serve(None)
    normals = _normalised(identities, region)
    if not name.strip():
        raise InputError({"name": REQUIRED})
    customer = Customer(
        organization_id=actor.organization_id,
        name=name.strip(),
        address_as=address_as.strip(),
        language=language,
        external_id=external_id or None,
        created_at=now,
    )
    try:
        with transaction.atomic():
            customer.save(force_insert=True)
    except IntegrityError as error:
        raise InputError({"external_id": _("Another customer already has this external id.")}) from error
    _write_name_keys(customer)
    _write_identities(customer, normals, now)
    record(actor, now, Event("customer.added", customer_id=customer.id))
    return customer


def edit_customer(
    actor: Actor,
    customer: Customer,
    *,
    now: datetime,
    name: str | None = None,
    address_as: str | None = None,
    language: str | None = None,
    contact_person: Staff | None = None,
    no_contact_person: bool = False,
) -> Customer:
    """Changes what is given; None leaves a field alone. `no_contact_person` leaves them to whoever is on duty."""
    actor.must_serve(None)
    if name is not None and not name.strip():
        raise InputError({"name": REQUIRED})
    new: dict[str, str | Staff | None] = {
        "name": name.strip() if name is not None else None,
        "address_as": address_as.strip() if address_as is not None else None,
        "language": language,
        "contact_person": contact_person,
    }
    changed: dict[str, str | Staff | None] = {
        key: value for key, value in new.items() if value is not None and value != getattr(customer, key)
    }
    if no_contact_person and customer.contact_person_id is not None:
        changed["contact_person"] = None
    if not changed:
        return customer
    for key, value in changed.items():
        setattr(customer, key, value)
    customer.save(update_fields=list(changed))
    if "name" in changed or "address_as" in changed:
        lineage.write_keys(customer.id)
    record(
        actor, now, Event("customer.changed", customer_id=customer.id, payload={"fields": sorted(changed)})
    )
    return customer


def add_identity(
    actor: Actor, customer: Customer, given: GivenIdentity, *, region: str, now: datetime
) -> Identity:
    """One more way to recognise a customer. Adding what is there already changes nothing."""
    actor.must_serve(None)
    (normal,) = _normalised([given], region)
    identity, new = Identity.objects.get_or_create(
        organization_id=customer.organization_id,
        customer=customer,
        kind=given.kind,
        normal=normal[2],
        defaults={"value": given.value.strip(), "created_at": now},
    )
    if new:
        record(actor, now, Event("identity.added", customer_id=customer.id, payload={"kind": given.kind}))
    return identity


def remove_identity(actor: Actor, identity: Identity, *, now: datetime) -> None:
    """Forgets a way to recognise a customer."""
    actor.must_serve(None)
    removed, _by_table = Identity.objects.filter(id=identity.id).delete()
    if removed:
        record(
            actor,
            now,
            Event("identity.removed", customer_id=identity.customer_id, payload={"kind": identity.kind}),
        )


def add_note(
    actor: Actor,
    customer: Customer,
    *,
    text: str,
    now: datetime,
    kind: str = Note.Kind.FACT,
    source: str = Note.Source.SAID,
    place: Place | None = None,
    external_id: str | None = None,
) -> Note:
    """Writes down one thing that matters."""
    actor.must_serve(place.id if place else None)
    problems: dict[str, Text] = {}
    if not text.strip():
        problems["text"] = REQUIRED
    if kind not in Note.Kind.values:
        problems["kind"] = _("Choose one of: %(choices)s.") % {"choices": ", ".join(Note.Kind.values)}
    if source not in Note.Source.values:
        problems["source"] = _("Choose one of: %(choices)s.") % {"choices": ", ".join(Note.Source.values)}
    if problems:
        raise InputError(problems)
    try:
        with transaction.atomic():
            note = Note.objects.create(
                organization_id=customer.organization_id,
                customer=customer,
                text=text.strip(),
                kind=kind,
                source=source,
                author_id=actor.staff_id,
                place=place,
                learned_at=now,
                discretion=Note.Discretion.QUIET if source in GUESSES else Note.Discretion.OPEN,
                external_id=external_id or None,
            )
    except IntegrityError as error:
        raise InputError({"external_id": _("Another note already has this external id.")}) from error
    event = Event(
        "note.made",
        place.id if place else None,
        customer.id,
        subject_id=note.id,
        payload={"kind": kind, "source": source},
    )
    record(actor, now, event)
    return note


def correct_note(
    actor: Actor, note: Note, *, now: datetime, kind: str | None = None, text: str | None = None
) -> Note:
    """Changes what a note is about or says; the journal keeps that it was changed and by whom.

    A note is about a customer, who belongs to the whole house: whoever serves anywhere may correct it.
    """
    actor.must_serve(None)
    if kind is not None and kind not in Note.Kind.values:
        raise InputError(
            {"kind": _("Choose one of: %(choices)s.") % {"choices": ", ".join(Note.Kind.values)}}
        )
    if text is not None and not text.strip():
        raise InputError({"text": REQUIRED})
    changes = {"kind": kind, "text": text.strip() if text else None}
    fields = {key: value for key, value in changes.items() if value is not None}
    if not Note.objects.filter(id=note.id, withdrawn_at=None).update(**fields):
        raise ChangedMeanwhile
    for key, value in fields.items():
        setattr(note, key, value)
    event = Event(
        "note.corrected",
        note.place_id,
        note.customer_id,
        subject_id=note.id,
        payload={"fields": sorted(fields)},
    )
    record(actor, now, event)
    return note


def withdraw_note(actor: Actor, note: Note, *, now: datetime) -> None:
    """Takes a note off the card. `restore_note` undoes it."""
    actor.must_serve(None)
    if not Note.objects.filter(id=note.id, withdrawn_at=None).update(withdrawn_at=now):
        raise ChangedMeanwhile
    record(actor, now, Event("note.withdrawn", note.place_id, note.customer_id, subject_id=note.id))


def restore_note(actor: Actor, note: Note, *, now: datetime) -> None:
    """Puts a withdrawn note back."""
    actor.must_serve(None)
    if not Note.objects.filter(id=note.id, withdrawn_at__isnull=False).update(withdrawn_at=None):
        raise ChangedMeanwhile
    record(actor, now, Event("note.restored", note.place_id, note.customer_id, subject_id=note.id))


def note_view(actor: Actor, customer: Customer, *, now: datetime, why: str) -> None:
    """Journals that somebody looked at a card, and on what occasion ("page", "api", "case")."""
    record(actor, now, Event("card.viewed", customer_id=customer.id, payload={"why": why}))


def note_search(actor: Actor, *, found: int, now: datetime) -> None:
    """Journals that somebody looked for people, and how many they were shown; never the words."""
    record(actor, now, Event("customer.searched", payload={"found": found}))


def _normalised(identities: Iterable[GivenIdentity], region: str) -> list[tuple[str, str, str]]:
    """(kind, as given, comparable form) of each; raises `InputError` naming the first that cannot be read."""
    result = []
    for given in identities:
        if given.kind not in Identity.Kind.values:
            choices = ", ".join(Identity.Kind.values)
            raise InputError({"kind": _("Choose one of: %(choices)s.") % {"choices": choices}})
        normal = normal_identity(given.kind, given.value, region)
        if not normal:
            raise InputError({given.kind: _UNREADABLE[given.kind]()})
        result.append((given.kind, given.value.strip(), normal))
    return result


_UNREADABLE: dict[str, Callable[[], str]] = {
    Identity.Kind.PHONE: lambda: _("Not a phone number. Write it with its area, or like +886 912 345 678."),
    Identity.Kind.EMAIL: lambda: _("Not an e-mail address. It looks like name@example.com."),
    Identity.Kind.HANDLE: lambda: _("Please write the name they use there, like @lotus."),
    Identity.Kind.CARD: lambda: _("Please write the number on the card."),
}


def _write_identities(customer: Customer, normals: list[tuple[str, str, str]], now: datetime) -> None:
    Identity.objects.bulk_create(
        [
            Identity(
                organization_id=customer.organization_id,
                customer=customer,
                kind=kind,
                value=value,
                normal=normal,
                created_at=now,
            )
            for kind, value, normal in normals
        ],
        ignore_conflicts=True,
    )


def _write_name_keys(customer: Customer) -> None:
    """They are found by their name, and by how they are addressed: 陳玉婷, and Ms Chen."""
    NameKey.objects.filter(customer=customer).delete()
    NameKey.objects.bulk_create(
        NameKey(organization_id=customer.organization_id, customer=customer, key=key)
        for key in sorted({*name_keys(customer.name), *name_keys(customer.address_as)})
    )
