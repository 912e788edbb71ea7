"""Who is acting, and what they may do where. Every other room's access.py builds on `Actor`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..core import keys, ready, tenancy
from ..core.errors import NotAllowed, NotFound
from ..core.models import JournalEntry, Key
from .models import Assignment, Invitation, Organization, Place, Staff, User

Role = Assignment.Role
WRITERS = frozenset({Role.OWNER, Role.MANAGER, Role.STAFF})
LEADERS = frozenset({Role.OWNER, Role.MANAGER})
TOKEN_PREFIX = "rugui_"  # noqa: S105  what is before the secret
"""What an API token begins with, so that people and scanners recognise one."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody acting in one organization: a member of staff, a customer on their page, or the house itself."""

    organization_id: int
    who: str
    staff_id: int | None = None
    name: str = ""
    roles: Mapping[int | None, str] = field(default_factory=dict)
    """Role by place id; the key None holds for every place without a role of its own."""
    scopes: frozenset[str] | None = None
    """What an API token is limited to; None for somebody signed in."""
    places: tuple[Place, ...] | None = field(default=None, compare=False, repr=False)
    """The places of the house, by name, where they were read on entering it."""

    def role_at(self, place_id: int | None) -> str | None:
        """The role at a place; for None (the whole house) the strongest role held anywhere."""
        if place_id is None:
            held = set(self.roles.values())
            return next((role for role in Role.values if role in held), None)
        return self.roles.get(place_id, self.roles.get(None))

    def sees(self, place_id: int | None) -> bool:
        return self.is_house or self.role_at(place_id) is not None

    def serves(self, place_id: int | None) -> bool:
        """May change what belongs to this place (None: to the whole house, such as a customer's card)."""
        return self.is_house or self.role_at(place_id) in WRITERS

    def leads(self, place_id: int | None) -> bool:
        """Manages this place. For None only someone who leads every place does."""
        role = self.roles.get(None) if place_id is None else self.role_at(place_id)
        return self.is_house or role in LEADERS

    @property
    def leads_somewhere(self) -> bool:
        return self.is_house or any(role in LEADERS for role in self.roles.values())

    @property
    def owns(self) -> bool:
        return self.roles.get(None) == Role.OWNER

    @property
    def is_house(self) -> bool:
        """One of the house's own hands (import, set-up), not a person with a role."""
        return self.who in {JournalEntry.Who.SYSTEM, JournalEntry.Who.IMPORT}

    def must_serve(self, place_id: int | None) -> None:
        """Raises `NotFound` for a place out of sight and `NotAllowed` for one seen only."""
        if not self.sees(place_id):
            raise NotFound
        if not self.serves(place_id):
            raise NotAllowed(_("Your role lets you look at this, not change it."))

    def must_lead(self, place_id: int | None) -> None:
        if not self.sees(place_id):
            raise NotFound
        if not self.leads(place_id):
            raise NotAllowed(_("This is for a manager of this place."))

    def must_be_staff(self) -> int:
        """The actor's staff id. Raises `NotAllowed` for the house's own hands."""
        if self.staff_id is None:
            raise NotAllowed(_("This is for members of staff."))
        return self.staff_id

    def must_lead_somewhere(self) -> None:
        if not self.leads_somewhere:
            raise NotAllowed(_("This is for the managers of the house."))


def house_actor(organization_id: int, who: str = JournalEntry.Who.SYSTEM) -> Actor:
    """The house itself acting: imports, the example house, set-up."""
    return Actor(organization_id, str(who))


def staff_actor(
    user_id: int | None = None, *, staff_id: int | None = None, scopes: frozenset[str] | None = None
) -> tuple[Actor, Staff] | None:
    """The actor for a user (or a staff row) in the organization that the transaction works for.

    None when not, or no longer, staff there.
    """
    who = {"staff__user_id": user_id} if staff_id is None else {"staff_id": staff_id}
    rows = list(
        Assignment.objects.filter(staff__active=True, **who).select_related("staff", "staff__organization")
    )
    if not rows:
        return None
    staff = rows[0].staff
    roles = {row.place_id: row.role for row in rows}
    return Actor(staff.organization_id, JournalEntry.Who.STAFF, staff.id, staff.name, roles, scopes), staff


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody has come into their house: the transaction works for it now."""

    actor: Actor
    staff: Staff
    key_id: int | None = None
    """The API token by which they came."""


@contextmanager
def entered(organization_id: int, user_id: int) -> Iterator[Entry | None]:
    """One transaction of this organization, as this user; None when not, or no longer, staff there. One question."""
    with transaction.atomic():
        rows = ready.fetch("SELECT * FROM rugui_enter(%s, %s, NULL)", [organization_id, user_id])
        with tenancy.named(organization_id, already=True):
            yield _entry(rows[0]) if rows else None


@contextmanager
def entered_by_token(token: str, *, now: datetime) -> Iterator[Entry | None]:
    """One transaction of the organization that an API token (`rugui_…`) opens, as its subject; None when it opens none."""
    digest = keys.digest(token.removeprefix(TOKEN_PREFIX))
    with transaction.atomic():
        rows = token.startswith(TOKEN_PREFIX) and ready.fetch(
            "SELECT * FROM rugui_enter_by_key(%s, %s, %s)", [digest, Key.Kind.API.value, now]
        )
        if not rows:
            yield None
            return
        key_id, scopes, *row = rows[0]
        with tenancy.named(row[0], already=True):
            yield _entry(row, key_id, frozenset(scopes))


def _entry(row: Sequence[Any], key_id: int | None = None, scopes: frozenset[str] | None = None) -> Entry:
    """What core/enter.sql answers, as objects; their other columns are read when asked for."""
    organization_id, staff_id, user_id, name, *house, role_places, roles, found = row
    organization = Organization.from_db("default", _ORGANIZATION, [organization_id, *house])
    staff = Staff.from_db("default", _STAFF, [staff_id, organization_id, user_id, name, True])
    staff.organization = organization
    every = tuple(Place.from_db("default", _PLACE, [each[0], organization_id, *each[1:]]) for each in found)
    held = dict(zip(role_places, roles, strict=True))
    actor = Actor(organization_id, JournalEntry.Who.STAFF, staff_id, name, held, scopes, every)
    return Entry(actor, staff, key_id)


_ORGANIZATION = ["id", "name", "trade", "customer_word", "currency", "language"]
_STAFF = ["id", "organization_id", "user_id", "name", "active"]
_PLACE = ["id", "organization_id", "name", "timezone", "region"]


def places(actor: Actor) -> list[Place]:
    """The places that this actor sees, by name."""
    every = Place.objects.order_by("name") if actor.places is None else actor.places
    return [place for place in every if actor.sees(place.id)]


def place(actor: Actor, place_id: int) -> Place:
    """One place that this actor sees. Raises `NotFound`."""
    found = next((each for each in actor.places or () if each.id == place_id), None)
    if found is None:
        found = Place.objects.filter(id=place_id).first()
    if found is None or not actor.sees(found.id):
        raise NotFound
    return found


def organizations_of(user_id: int) -> list[int]:
    """The organizations in which this user is active staff."""
    with tenancy.as_user(user_id):
        return list(
            Staff.objects.filter(user_id=user_id, active=True)
            .order_by("organization_id")
            .values_list("organization_id", flat=True)
        )


def at(place_id: int | None) -> Q:
    """Rows of a place; for None the rows that hold for every place."""
    return Q(place__isnull=True) if place_id is None else Q(place_id=place_id)


def led_places(actor: Actor) -> list[Place]:
    """The places that this actor manages, by name."""
    return [place for place in Place.objects.order_by("name") if actor.leads(place.id)]


def roles_of(staff: Staff) -> dict[int | None, str]:
    """What somebody is where: the role by place id, None for every other place."""
    return dict(Assignment.objects.filter(staff=staff).values_list("place_id", "role"))


def reaches(actor: Actor, roles: Mapping[int | None, str]) -> bool:
    """Whether the actor may decide about somebody with these roles as a whole: shut them out, help them in.

    Owners may, over everybody; managers over people who are no owners and work only where they lead.
    """
    if actor.owns or actor.is_house:
        return True
    if Role.OWNER in roles.values() or not roles:
        return False
    return all(actor.leads(place_id) for place_id in roles)


def must_reach(actor: Actor, roles: Mapping[int | None, str]) -> None:
    actor.must_lead_somewhere()
    if not reaches(actor, roles):
        raise NotAllowed(_("This person works where you are not the manager. Ask an owner."))


def member(actor: Actor, staff_id: int) -> Staff:
    """One person whom this actor may see in the settings: who works everywhere or where the actor leads."""
    actor.must_lead_somewhere()
    staff = Staff.objects.select_related("user").filter(id=staff_id).first()
    if staff is None:
        raise NotFound
    if not actor.owns and not any(place_id is None or actor.leads(place_id) for place_id in roles_of(staff)):
        raise NotFound
    return staff


def invitation(actor: Actor, invitation_id: int) -> Invitation:
    """One invitation to where this actor leads. Raises `NotFound`."""
    actor.must_lead_somewhere()
    found = Invitation.objects.filter(id=invitation_id).first()
    if found is None or not actor.leads(found.place_id):
        raise NotFound
    return found


def token(actor: Actor, key_id: int) -> Key:
    """One API token of the actor's own. Raises `NotFound`."""
    found = Key.objects.filter(id=key_id, kind=Key.Kind.API, subject_id=actor.must_be_staff()).first()
    if found is None:
        raise NotFound
    return found


def works_elsewhere(staff: Staff) -> bool:
    """Whether this person belongs, or belonged, to another organization too."""
    with tenancy.as_user(staff.user_id):
        return (
            Staff.objects.filter(user_id=staff.user_id)
            .exclude(organization_id=staff.organization_id)
            .exists()
        )


def api_key(secret: str, *, now: datetime) -> Key | None:
    """The living key behind an API token as people copy it (`rugui_…`); its subject is the member of staff."""
    if not secret.startswith(TOKEN_PREFIX):
        return None
    return keys.find(secret.removeprefix(TOKEN_PREFIX), Key.Kind.API, now=now)


def anybody_can_sign_in() -> bool:
    """Whether this installation has been opened: somebody has a password. Colleagues of an example house have none."""
    return User.objects.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).exists()


def ownerless_house() -> int | None:
    """The organization (an example house) that waits for its owner; None when there is none or somebody can sign in."""
    if anybody_can_sign_in() or (user := User.objects.order_by("id").first()) is None:
        return None
    return next(iter(organizations_of(user.pk)), None)
