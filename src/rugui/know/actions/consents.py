"""What customers allow us to write down, in the words they were asked with, and taking it back."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from ...core import tenancy
from ...core.errors import ChangedMeanwhile, InputError, Text
from ...core.journal import Author, Event, record
from ...core.phrases import REQUIRED, choose_one, too_long
from ...house.access import Actor
from ..models import Consent, Customer, Note, Sensitive

LONGEST_WORDING = 2000


def record_consent(
    actor: Actor,
    customer: Customer,
    *,
    sensitive: str,
    wording: str,
    language: str,
    how: str,
    now: datetime,
    given_by: str = "",
) -> Consent:
    """Keeps that a customer has allowed this kind of note, with the exact wording and how they said so."""
    actor.must_serve(None)
    problems: dict[str, Text] = {}
    if sensitive not in Sensitive.values:
        problems["sensitive"] = choose_one(Sensitive.values)
    if how not in Consent.How.values:
        problems["how"] = choose_one(Consent.How.values)
    if not wording.strip():
        problems["wording"] = REQUIRED
    elif len(wording.strip()) > LONGEST_WORDING:
        problems["wording"] = too_long(LONGEST_WORDING)
    if not language.strip():
        problems["language"] = REQUIRED
    if sensitive == Sensitive.MINORS and not given_by.strip():
        problems["given_by"] = _("For a child, a parent or guardian gives it. Please write who.")
    if problems:
        raise InputError(problems)
    consent = Consent.objects.create(
        organization_id=customer.organization_id,
        customer=customer,
        sensitive=sensitive,
        wording=wording.strip(),
        language=language.strip(),
        how=how,
        given_by=given_by.strip(),
        given_at=now,
        staff_id=actor.staff_id,
    )
    happened = Event(
        "consent.given", None, customer.id, subject_id=consent.id, payload={"sensitive": sensitive}
    )
    record(actor, now, happened)
    return consent


def withdraw_consent(actor: Actor, consent: Consent, *, now: datetime) -> int:
    """Taken back: what rested on it leaves every card at once and is used no more. How many notes that were.

    A colleague's own keeper notes too, which this actor cannot see.
    """
    actor.must_serve(None)
    return take_back(actor, consent, now=now)


def take_back(author: Author, consent: Consent, *, now: datetime) -> int:
    """`withdraw_consent`, by whoever may: the customer themselves on their own page, too."""
    if not Consent.objects.filter(id=consent.id, withdrawn_at=None).update(withdrawn_at=now):
        raise ChangedMeanwhile
    consent.withdrawn_at = now
    with tenancy.as_the_house():
        gone = Note.objects.filter(consent=consent, withdrawn_at=None).update(withdrawn_at=now)
        Note.objects.filter(struck_by__consent=consent).update(struck_by=None)
    payload = {"sensitive": consent.sensitive, "notes": gone}
    record(
        author,
        now,
        Event("consent.withdrawn", None, consent.customer_id, subject_id=consent.id, payload=payload),
    )
    return gone
