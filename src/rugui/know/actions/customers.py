"""Cards and the identities that people are recognised by."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ...core.errors import InputError
from ...core.journal import Event, record
from ...core.phrases import REQUIRED, choose_one
from ...house.access import Actor
from ...house.models import Staff
from .. import keys, lineage
from ..models import ALWAYS, Customer, Identity
from ..names import normal_identity

LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")

COUNT_EVERY = 200
"""New cards, about, after which the words of names are counted anew."""


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
    # They are found by their name, and by how they are addressed: 陳玉婷, and Ms Chen.
    keys.write(customer.organization_id, customer.id, [customer.name, customer.address_as], new=True)
    if customer.id % COUNT_EVERY == 0:
        from ..jobs import count_names_soon

        count_names_soon(customer.organization_id)
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
    pronunciation: str | None = None,
    languages: str | None = None,
    quiet: str | None = None,
    contact_person: Staff | None = None,
    no_contact_person: bool = False,
    deputy: Staff | None = None,
    no_deputy: bool = False,
) -> Customer:
    """Changes what is given; None leaves a field alone. `no_contact_person` leaves them to whoever is on duty.

    `quiet`: the last day on which they wish not to be disturbed (2026-12-24), `always`, or empty.
    """
    actor.must_serve(None)
    if name is not None and not name.strip():
        raise InputError({"name": REQUIRED})
    if languages is not None and not all(LANGUAGE_TAG.fullmatch(tag) for tag in languages.split()):
        raise InputError({"languages": _("Language tags with spaces between, like: ja en zh-Hant.")})
    if quiet and quiet != ALWAYS and not _is_day(quiet):
        raise InputError({"quiet": _("A day like 2026-12-24, or always.")})
    new: dict[str, str | Staff | None] = {
        "name": name.strip() if name is not None else None,
        "address_as": address_as.strip() if address_as is not None else None,
        "language": language,
        "pronunciation": pronunciation.strip() if pronunciation is not None else None,
        "languages": " ".join(languages.split()) if languages is not None else None,
        "quiet": quiet,
        "contact_person": contact_person,
        "deputy": deputy,
    }
    changed: dict[str, str | Staff | None] = {
        key: value for key, value in new.items() if value is not None and value != getattr(customer, key)
    }
    if no_contact_person and customer.contact_person_id is not None:
        changed["contact_person"] = None
    if no_deputy and customer.deputy_id is not None:
        changed["deputy"] = None
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


def _is_day(said: str) -> bool:
    try:
        return date.fromisoformat(said).isoformat() == said
    except ValueError:
        return False


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


def _normalised(identities: Iterable[GivenIdentity], region: str) -> list[tuple[str, str, str]]:
    """(kind, as given, comparable form) of each; raises `InputError` naming the first that cannot be read."""
    result = []
    for given in identities:
        if given.kind not in Identity.Kind.values:
            raise InputError({"kind": choose_one(Identity.Kind.values)})
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
