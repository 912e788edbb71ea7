"""The first evening of a house: its owner, its organization and its first place, all or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from ...core import journal, tenancy
from ...core.errors import ChangedMeanwhile, InputError
from ...core.journal import Event
from ...core.models import JournalEntry
from .. import checks
from ..access import Actor, anybody_can_sign_in, ownerless_house
from ..models import Assignment, Organization, Place, Staff, User

ALREADY = _("This house already has an owner. Please sign in instead.")


@dataclass(frozen=True, slots=True)
class NewPerson:
    name: str
    email: str
    password: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class NewOrganization:
    name: str
    trade: str = Organization.Trade.HOTEL
    customer_word: str = Organization.CustomerWord.CUSTOMER
    currency: str = "EUR"
    language: str = "en"


@dataclass(frozen=True, slots=True)
class NewPlace:
    name: str
    timezone: str = "UTC"
    region: str = "US"


@dataclass(frozen=True, slots=True)
class Founded:
    organization: Organization
    place: Place
    staff: Staff


def found_house(
    owner: NewPerson, house: NewOrganization, place: NewPlace, *, now: datetime, first: bool = True
) -> Founded:
    """Makes an organization with its owner and its first place, in one transaction of its own.

    With `first`, it is refused as soon as anybody can sign in: two people opening a new installation at
    once take turns, and the second is told. Fields in the `InputError` are prefixed with `owner_`, `house_`, `place_`.
    """
    _check(owner, house, place)
    organization_id = tenancy.new_organization_id()
    with tenancy.within(organization_id):
        _take_turns()
        if first and anybody_can_sign_in():
            raise ChangedMeanwhile(ALREADY)
        organization = Organization.objects.create(
            id=organization_id,
            name=house.name.strip(),
            trade=house.trade,
            customer_word=house.customer_word,
            currency=house.currency,
            language=house.language,
        )
        made = Place.objects.create(
            organization=organization, name=place.name.strip(), timezone=place.timezone, region=place.region
        )
        user = new_user(owner, field="owner_email")
        staff = Staff.objects.create(organization=organization, user=user, name=owner.name.strip())
        Assignment.objects.create(
            organization=organization, staff=staff, place=None, role=Assignment.Role.OWNER
        )
        author = Actor(organization_id, JournalEntry.Who.STAFF, staff.id, staff.name)
        journal.record(
            author,
            now,
            Event("house.founded", subject_id=organization_id),
            Event("place.made", place_id=made.id, subject_id=made.id),
            Event("staff.joined", subject_id=staff.id, payload={"role": Assignment.Role.OWNER}),
        )
    return Founded(organization, made, staff)


def take_over(owner: NewPerson, *, now: datetime) -> Staff:
    """Makes the first person to open an installation the owner of the example house that waits in it.

    Under the same turns as `found_house`: whoever comes second is told. Fields in the `InputError` are prefixed with `owner_`.
    """
    together = checks.Findings()
    for check, values in (
        (checks.person, (owner.name, checks.clean_email(owner.email), owner.language)),
        (checks.password, (owner.password, owner.email)),
    ):
        found = checks.Findings()
        check(found, *values)
        together.fields.update({f"owner_{field}": message for field, message in found.fields.items()})
    together.raise_any()
    with transaction.atomic():
        _take_turns()
        organization_id = ownerless_house()
        if organization_id is None:
            raise ChangedMeanwhile(ALREADY)
        with tenancy.within(organization_id):
            user = new_user(owner, field="owner_email")
            staff = Staff.objects.create(organization_id=organization_id, user=user, name=owner.name.strip())
            Assignment.objects.create(
                organization_id=organization_id, staff=staff, place=None, role=Assignment.Role.OWNER
            )
            author = Actor(organization_id, JournalEntry.Who.STAFF, staff.id, staff.name)
            journal.record(
                author,
                now,
                Event("staff.joined", subject_id=staff.id, payload={"role": Assignment.Role.OWNER}),
            )
    return staff


def new_user(person: NewPerson, *, field: str = "email") -> User:
    """Somebody who can sign in. Raises `InputError` on `field` when the address is taken."""
    try:
        with transaction.atomic():
            return User.objects.create_user(
                checks.clean_email(person.email), person.password, language=person.language
            )
    except IntegrityError as error:
        raise InputError({field: _("Somebody with this e-mail address can already sign in here.")}) from error


def _take_turns() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('rugui.found_house'))")


def _check(owner: NewPerson, house: NewOrganization, place: NewPlace) -> None:
    together = checks.Findings()
    for prefix, check, values in (
        ("owner", checks.person, (owner.name, checks.clean_email(owner.email), owner.language)),
        ("owner", checks.password, (owner.password, owner.email)),
        (
            "house",
            checks.organization,
            (house.name, house.trade, house.customer_word, house.currency, house.language),
        ),
        ("place", checks.place, (place.name, place.timezone, place.region)),
    ):
        found = checks.Findings()
        check(found, *values)
        together.fields.update({f"{prefix}_{field}": message for field, message in found.fields.items()})
    together.raise_any()
