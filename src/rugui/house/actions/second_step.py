"""A lost second step: somebody else takes it away, so that its owner gets in by password and sets up a new one."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ...core import journal, tenancy
from ...core.errors import ChangedMeanwhile, InputError, NotAllowed, NotFound
from ...core.journal import Event
from ..access import Actor, house_actor, must_reach, organizations_of, roles_of, works_elsewhere
from ..checks import clean_email
from ..models import Staff, User


def reset_second_step(actor: Actor, staff: Staff, *, now: datetime) -> None:
    """Takes away the passkeys, authenticator app and recovery codes of `staff`, and signs them out everywhere.

    The password stays as it is. Refused for oneself, for whom the actor does not reach (a manager: an owner), and for
    somebody who signs in to another house in the same way: that is not this house's to change.
    """
    must_reach(actor, roles_of(staff))
    if staff.id == actor.staff_id:
        raise NotAllowed(_("Change your own second step under “My account”."))
    if not staff.active:
        raise InputError({"staff": _("This person cannot sign in here at present.")})
    if works_elsewhere(staff):
        raise NotAllowed(
            _(
                "This person works for another house too. Whoever runs this installation can reset their second step."
            )
        )
    if not _reset(staff.user_id, actor.name, now):
        raise ChangedMeanwhile
    journal.record(actor, now, Event("staff.second_step_reset", subject_id=staff.id))


def reset_second_step_of(email: str, *, now: datetime) -> bool:
    """The same for anybody, by whoever runs the installation: an owner's last resort. Told in the journal of each of
    their houses. False when no second step was set up. Raises `NotFound` for an address that nobody signs in with."""
    user = User.objects.filter(email=clean_email(email)).first()
    if user is None:
        raise NotFound
    with transaction.atomic():
        if not _reset(user.pk, "", now):
            return False
        for organization_id in organizations_of(user.pk):
            with tenancy.within(organization_id):
                staff = Staff.objects.get(user_id=user.pk)
                event = Event("staff.second_step_reset", subject_id=staff.id)
                journal.record(house_actor(organization_id), now, event)
    return True


def _reset(user_id: int, by: str, now: datetime) -> bool:
    User.objects.select_for_update().only("id").get(id=user_id)  # two resets take turns
    if not Authenticator.objects.filter(user_id=user_id).delete()[0]:
        return False
    User.objects.filter(id=user_id).update(second_step_reset_at=now, second_step_reset_by=by)
    return True
