"""Who works here and as what. Changes of roles take turns under the organization's row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from ...core import journal, keys
from ...core.errors import ChangedMeanwhile, InputError, NotAllowed, NotFound
from ...core.journal import Event
from ...core.models import Key
from ...core.phrases import REQUIRED
from .. import checks
from ..access import Actor, Role, at, must_reach, roles_of
from ..models import Assignment, Invitation, Organization, Place, Staff, User
from .duty import end_duty_of

WHEN_SHUT_OUT: list[Callable[[Actor, Staff, datetime], object]] = []
"""Told in the same transaction when somebody no longer works here: rooms above add themselves at start-up."""
LAST_OWNER = _("A house needs an owner. Make somebody else an owner first.")


def set_role(actor: Actor, staff: Staff, place_id: int | None, role: str | None, *, now: datetime) -> None:
    """Gives `staff` a role at a place (None: at every place without a role of its own), or takes it away (role None).

    A manager decides for the places they lead, over people who are not owners. The last owner stays one.
    """
    actor.must_lead(place_id)
    _lock_roles(actor)
    held = roles_of(staff)
    _check_role(actor, held, place_id, role)
    before = held.get(place_id)
    if before == role:
        return
    if before == Role.OWNER:
        _must_leave_an_owner(staff)
    if role is None:
        Assignment.objects.filter(at(place_id), staff=staff).delete()
    else:
        if role == Role.OWNER:
            Assignment.objects.filter(staff=staff, place__isnull=False).delete()
        if before is None:
            Assignment.objects.create(
                organization_id=actor.organization_id, staff=staff, place_id=place_id, role=role
            )
        else:
            Assignment.objects.filter(at(place_id), staff=staff).update(role=role)
    journal.record(
        actor,
        now,
        Event(
            "staff.role_changed", place_id=place_id, subject_id=staff.id, payload={"from": before, "to": role}
        ),
    )


def check_grant(actor: Actor, place_id: int | None, role: str) -> None:
    """Whether `actor` may make somebody `role` at a place. Raises like an action."""
    if role not in Role.values:
        raise InputError({"role": _("Not one of the roles on offer.")})
    if place_id is not None and not Place.objects.filter(id=place_id).exists():
        raise NotFound
    actor.must_lead(place_id)
    if role == Role.OWNER and not (actor.owns or actor.is_house):
        raise NotAllowed(_("Only an owner can make somebody an owner."))
    if role == Role.OWNER and place_id is not None:
        raise InputError({"role": _("An owner owns every place. Choose “every place”.")})


def _check_role(actor: Actor, held: dict[int | None, str], place_id: int | None, role: str | None) -> None:
    if role is not None:
        check_grant(actor, place_id, role)
    if actor.owns or actor.is_house:
        if held.get(None) == Role.OWNER and place_id is not None and role is not None:
            raise InputError({"role": _("An owner owns every place and needs no other role.")})
        return
    if Role.OWNER in held.values():
        raise NotAllowed(_("Only an owner can change an owner."))
    if None in held and not actor.leads(None):
        raise NotAllowed(_("This person works at every place. Ask an owner to change that."))


def disable_staff(actor: Actor, staff: Staff, *, now: datetime) -> None:
    """Shuts somebody out at once: duty ends, their tokens and the links they made are closed."""
    _lock_roles(actor)
    held = roles_of(staff)
    must_reach(actor, held)
    if staff.id == actor.staff_id:
        raise NotAllowed(_("You cannot shut yourself out. Ask a colleague to do it."))
    if held.get(None) == Role.OWNER:
        _must_leave_an_owner(staff)
    if not Staff.objects.filter(id=staff.id, active=True).update(active=False):
        raise ChangedMeanwhile
    end_duty_of(actor, staff, now)
    keys.revoke(actor.organization_id, Key.Kind.API, staff.id, now=now)
    keys.revoke(actor.organization_id, Key.Kind.PASSWORD, staff.id, now=now)
    standing = Invitation.objects.filter(invited_by=staff, accepted_at=None, withdrawn_at=None)
    for invitation_id in list(standing.values_list("id", flat=True)):
        keys.revoke(actor.organization_id, Key.Kind.INVITATION, invitation_id, now=now)
    standing.update(withdrawn_at=now)
    journal.record(actor, now, Event("staff.disabled", subject_id=staff.id))
    for told in WHEN_SHUT_OUT:
        told(actor, staff, now)


def enable_staff(actor: Actor, staff: Staff, *, now: datetime) -> None:
    """Lets somebody in again, with the roles they had."""
    _lock_roles(actor)
    must_reach(actor, roles_of(staff))
    if not Staff.objects.filter(id=staff.id, active=False).update(active=True):
        raise ChangedMeanwhile
    journal.record(actor, now, Event("staff.enabled", subject_id=staff.id))


def change_me(actor: Actor, *, name: str, language: str, now: datetime) -> None:
    """The actor's own name in this house, and the language the program speaks to them."""
    found = checks.Findings()
    found.unless(bool(name.strip()), "name", REQUIRED)
    found.unless(len(name) <= 80, "name", _("Please use at most 80 letters."))
    checks.known_language(found, language)
    found.raise_any()
    staff = Staff.objects.select_for_update(of=("self",)).select_related("user").get(id=actor.must_be_staff())
    changed = [
        field
        for field, value, standing in (
            ("name", name.strip(), staff.name),
            ("language", language, staff.user.language),
        )
        if value != standing
    ]
    if not changed:
        return
    Staff.objects.filter(id=staff.id).update(name=name.strip())
    User.objects.filter(id=staff.user_id).update(language=language)
    journal.record(actor, now, Event("staff.changed", subject_id=staff.id, payload={"fields": changed}))


def _lock_roles(actor: Actor) -> None:
    """Two changes of who may do what take turns, so that two owners cannot both step down at once."""
    Organization.objects.select_for_update().only("id").get(id=actor.organization_id)


def _must_leave_an_owner(staff: Staff) -> None:
    others = Assignment.objects.filter(role=Role.OWNER, staff__active=True).exclude(staff=staff)
    if not others.exists():
        raise InputError({"role": LAST_OWNER})
