"""Changing the organization and its places."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from ...core import journal
from ...core.errors import InputError, NotAllowed
from ...core.journal import Event
from .. import checks
from ..access import Actor
from ..models import Organization, Place
from .founding import NewPlace

NAME_TAKEN = _("There is already a place of this name.")


def must_own(actor: Actor) -> None:
    if not (actor.owns or actor.is_house):
        raise NotAllowed(_("This is for an owner of the house."))


def change_organization(
    actor: Actor, *, name: str, trade: str, customer_word: str, currency: str, language: str, now: datetime
) -> Organization:
    """Sets what the house is called, how it names its customers, and its currency and language."""
    must_own(actor)
    found = checks.Findings()
    checks.organization(found, name, trade, customer_word, currency, language)
    found.raise_any()
    organization = Organization.objects.select_for_update().get(id=actor.organization_id)
    wanted = {
        "name": name.strip(),
        "trade": trade,
        "customer_word": customer_word,
        "currency": currency,
        "language": language,
    }
    changed = [field for field, value in wanted.items() if getattr(organization, field) != value]
    if changed:
        for field in changed:
            setattr(organization, field, wanted[field])
        organization.save(update_fields=changed)
        journal.record(
            actor, now, Event("house.changed", subject_id=organization.id, payload={"fields": changed})
        )
    return organization


def add_place(actor: Actor, place: NewPlace, *, now: datetime) -> Place:
    must_own(actor)
    _check(place)
    try:
        with transaction.atomic():
            made = Place.objects.create(
                organization_id=actor.organization_id,
                name=place.name.strip(),
                timezone=place.timezone,
                region=place.region,
            )
    except IntegrityError as error:
        raise InputError({"name": NAME_TAKEN}) from error
    journal.record(actor, now, Event("place.made", place_id=made.id, subject_id=made.id))
    return made


def change_place(actor: Actor, place: Place, new: NewPlace, *, now: datetime) -> Place:
    """Sets a place's name, time zone and phone region."""
    actor.must_lead(place.id)
    _check(new)
    row = Place.objects.select_for_update().get(id=place.id)
    wanted = {"name": new.name.strip(), "timezone": new.timezone, "region": new.region}
    changed = [field for field, value in wanted.items() if getattr(row, field) != value]
    if not changed:
        return row
    for field in changed:
        setattr(row, field, wanted[field])
    try:
        with transaction.atomic():
            row.save(update_fields=changed)
    except IntegrityError as error:
        raise InputError({"name": NAME_TAKEN}) from error
    journal.record(
        actor, now, Event("place.changed", place_id=row.id, subject_id=row.id, payload={"fields": changed})
    )
    return row


def _check(place: NewPlace) -> None:
    found = checks.Findings()
    checks.place(found, place.name, place.timezone, place.region)
    found.raise_any()
