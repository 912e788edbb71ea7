"""Inviting colleagues: a link that one person can use once, within a week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from ...core import journal, keys, tenancy
from ...core.errors import ChangedMeanwhile, InputError, NotAllowed
from ...core.journal import Event
from ...core.models import JournalEntry, Key
from .. import checks
from ..access import Actor, at
from ..models import Assignment, Invitation, Staff, User
from .founding import NewPerson, new_user
from .staff import check_grant

VALID_FOR = timedelta(days=7)
NO_LONGER_VALID = _("This invitation has been used, withdrawn or has expired. Please ask for a new one.")


@dataclass(frozen=True, slots=True)
class Invited:
    invitation: Invitation
    secret: str


def invite(actor: Actor, *, email: str, name: str, role: str, place_id: int | None, now: datetime) -> Invited:
    """Offers somebody a role. The secret of the link is returned here and never again.

    An offer still standing for the same address and place is withdrawn: the newest link counts.
    """
    check_grant(actor, place_id, role)
    email = checks.clean_email(email)
    found = checks.Findings()
    checks.person(found, name, email, "en")
    found.raise_any()
    if Staff.objects.filter(user__email=email).exists():
        raise InputError({"email": _("Already works here. Change their role in the list of staff instead.")})
    standing = Invitation.objects.filter(at(place_id), email=email, accepted_at=None, withdrawn_at=None)
    for earlier in standing:
        _withdraw(actor, earlier, now)
    invitation = Invitation.objects.create(
        organization_id=actor.organization_id,
        email=email,
        name=name.strip(),
        role=role,
        place_id=place_id,
        invited_by_id=actor.staff_id,
        created_at=now,
    )
    secret = keys.issue(
        actor.organization_id, Key.Kind.INVITATION, invitation.id, now=now, expires_at=now + VALID_FOR
    )
    journal.record(
        actor,
        now,
        Event("staff.invited", place_id=place_id, subject_id=invitation.id, payload={"role": role}),
    )
    return Invited(invitation, secret)


def withdraw_invitation(actor: Actor, invitation: Invitation, *, now: datetime) -> None:
    """Takes an offer back. Raises `ChangedMeanwhile` when it is no longer standing."""
    actor.must_lead(invitation.place_id)
    _withdraw(actor, invitation, now)


def join_as_new(key: Key, *, name: str, password: str, language: str, now: datetime) -> Staff:
    """Accepts an invitation as somebody new, who can sign in from now on."""
    with tenancy.within(key.organization_id):
        invitation = _accept(key, now)
        found = checks.Findings()
        checks.person(found, name, invitation.email, language)
        checks.password(found, password, invitation.email)
        found.raise_any()
        user = new_user(NewPerson(name, invitation.email, password, language))
        return _join(invitation, user, name.strip(), now)


def join(key: Key, user: User, *, now: datetime) -> Staff:
    """Accepts an invitation as somebody who can sign in already; the addresses must be the same."""
    with tenancy.within(key.organization_id):
        invitation = _accept(key, now)
        if invitation.email != user.email.lower():
            raise NotAllowed(_("This invitation is for somebody else."))
        if Staff.objects.filter(user=user).exists():
            raise ChangedMeanwhile(_("You already work in this house."))
        return _join(invitation, user, invitation.name, now)


def _accept(key: Key, now: datetime) -> Invitation:
    """Claims the invitation behind `key`: of several at once, one wins."""
    claimed = Invitation.objects.filter(id=key.subject_id, accepted_at=None, withdrawn_at=None).update(
        accepted_at=now
    )
    if not claimed or key.expires_at is None or key.expires_at <= now:
        raise ChangedMeanwhile(NO_LONGER_VALID)
    keys.revoke(key.organization_id, Key.Kind.INVITATION, key.subject_id, now=now)
    return Invitation.objects.get(id=key.subject_id)


def _join(invitation: Invitation, user: User, name: str, now: datetime) -> Staff:
    staff = Staff.objects.create(organization_id=invitation.organization_id, user=user, name=name)
    Assignment.objects.create(
        organization_id=invitation.organization_id,
        staff=staff,
        place_id=invitation.place_id,
        role=invitation.role,
    )
    author = Actor(invitation.organization_id, JournalEntry.Who.STAFF, staff.id, staff.name)
    payload = {"role": invitation.role, "invitation": invitation.id}
    event = Event("staff.joined", place_id=invitation.place_id, subject_id=staff.id, payload=payload)
    journal.record(author, now, event)
    return staff


def _withdraw(actor: Actor, invitation: Invitation, now: datetime) -> None:
    standing = Invitation.objects.filter(id=invitation.id, accepted_at=None, withdrawn_at=None)
    if not standing.update(withdrawn_at=now):
        raise ChangedMeanwhile
    keys.revoke(actor.organization_id, Key.Kind.INVITATION, invitation.id, now=now)
    event = Event("staff.invitation_withdrawn", place_id=invitation.place_id, subject_id=invitation.id)
    journal.record(actor, now, event)
