"""Keys that people hold: API tokens of their own, and a link to set a forgotten password anew."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from ...core import journal, keys, tenancy
from ...core.errors import ChangedMeanwhile, InputError, NotAllowed
from ...core.journal import Event
from ...core.models import JournalEntry, Key
from ...core.phrases import REQUIRED
from .. import checks
from ..access import TOKEN_PREFIX, Actor, must_reach, roles_of, works_elsewhere
from ..models import Staff
from ..words import SCOPES

LINK_VALID_FOR = timedelta(hours=24)
LINK_NO_LONGER_VALID = _("This link has been used or has expired. Please ask for a new one.")


def make_token(actor: Actor, *, label: str, scopes: Iterable[str], now: datetime) -> str:
    """A token with which a program acts as the actor, limited to `scopes`. It is returned here and never again."""
    staff_id = actor.must_be_staff()
    wanted = set(scopes)
    found = checks.Findings()
    found.unless(bool(label.strip()), "label", REQUIRED)
    found.unless(len(label) <= 80, "label", _("Please use at most 80 letters."))
    found.unless(bool(wanted), "scopes", _("Choose at least one thing that the token may do."))
    found.unless(wanted <= set(SCOPES), "scopes", _("Not one of the scopes on offer."))
    found.raise_any()
    ordered = [scope for scope in SCOPES if scope in wanted]
    secret = keys.issue(
        actor.organization_id, Key.Kind.API, staff_id, now=now, scopes=ordered, label=label.strip()
    )
    event = Event("token.made", subject_id=staff_id, payload={"scopes": ordered})
    journal.record(actor, now, event)
    return TOKEN_PREFIX + secret


def revoke_token(actor: Actor, token: Key, *, now: datetime) -> None:
    """Closes one of the actor's own tokens at once. Raises `ChangedMeanwhile` when it is closed already."""
    staff_id = actor.must_be_staff()
    mine = Key.objects.filter(id=token.id, kind=Key.Kind.API, subject_id=staff_id, revoked_at=None)
    if not mine.update(revoked_at=now):
        raise ChangedMeanwhile
    event = Event("token.revoked", subject_id=staff_id, payload={"token": token.id})
    journal.record(actor, now, event)


def issue_password_link(actor: Actor, staff: Staff, *, now: datetime) -> str:
    """The secret of a link with which `staff` sets a new password, once, within a day.

    Refused for somebody who signs in to another house with the same password: it is not this house's to change.
    """
    must_reach(actor, roles_of(staff))
    if staff.id == actor.staff_id:
        raise NotAllowed(_("Change your own password under “My account”."))
    if not staff.active:
        raise InputError({"staff": _("This person cannot sign in here at present.")})
    if works_elsewhere(staff):
        raise NotAllowed(_("This person works for another house too. Only they can change their password."))
    Staff.objects.select_for_update().only("id").get(id=staff.id)  # one living link at a time
    keys.revoke(actor.organization_id, Key.Kind.PASSWORD, staff.id, now=now)
    secret = keys.issue(
        actor.organization_id, Key.Kind.PASSWORD, staff.id, now=now, expires_at=now + LINK_VALID_FOR
    )
    journal.record(actor, now, Event("staff.password_link_made", subject_id=staff.id))
    return secret


def set_password_by_link(key: Key, *, password: str, now: datetime) -> Staff:
    """Uses up a password link. Sessions opened with the old password end."""
    with tenancy.within(key.organization_id):
        mine = Key.objects.filter(id=key.id, kind=Key.Kind.PASSWORD, revoked_at=None, expires_at__gt=now)
        if not mine.update(revoked_at=now):
            raise ChangedMeanwhile(LINK_NO_LONGER_VALID)
        staff = Staff.objects.select_for_update(of=("self",)).select_related("user").get(id=key.subject_id)
        if not staff.active or works_elsewhere(staff):
            raise ChangedMeanwhile(LINK_NO_LONGER_VALID)
        found = checks.Findings()
        checks.password(found, password, staff.user.email)
        found.raise_any()
        staff.user.set_password(password)
        staff.user.save(update_fields=["password"])
        author = Actor(key.organization_id, JournalEntry.Who.STAFF, staff.id, staff.name)
        journal.record(author, now, Event("staff.password_set", subject_id=staff.id))
        return staff
