"""Who can see to a case at a place: who serves and leads there, and who of them is there now."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from ..house.access import LEADERS, WRITERS, Role
from ..house.models import Assignment, Duty, Place, Staff
from ..know.models import Customer


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who serves at a place: with which role, and whether they are on duty there now."""

    staff: Staff
    role: str
    on_duty: bool

    @property
    def leads(self) -> bool:
        return self.role in LEADERS


def who_serves(place_id: int) -> list[Colleague]:
    """Active staff who may change what belongs to a place: those on duty first, then by name. Two queries.

    A role at the place goes before one held everywhere.
    """
    held: dict[int, Assignment] = {}
    rows = Assignment.objects.filter(Q(place_id=place_id) | Q(place=None), staff__active=True)
    for row in rows.select_related("staff").order_by("staff__name", "staff_id"):
        if row.staff_id not in held or row.place_id is not None:
            held[row.staff_id] = row
    here = set(Duty.objects.filter(place_id=place_id, ended_at=None).values_list("staff_id", flat=True))
    found = [
        Colleague(row.staff, row.role, row.staff_id in here) for row in held.values() if row.role in WRITERS
    ]
    return sorted(found, key=lambda one: not one.on_duty)


def leaders(place_id: int, *, owners_only: bool = False) -> list[int]:
    """Whom to call: who leads the place and is on duty; when nobody is, its managers; at last the owners."""
    serving = [one for one in who_serves(place_id) if one.leads]
    owners = [one for one in serving if one.role == Role.OWNER]
    leading = owners if owners_only else serving
    here = [one for one in leading if one.on_duty]
    managers = [one for one in leading if one.role == Role.MANAGER]
    return [one.staff.id for one in here or managers or owners]


def first_owner(place: Place, customer: Customer) -> int | None:
    """Who owns a case that no person has opened: the customer's contact or their deputy, else who leads the place."""
    serving = {one.staff.id for one in who_serves(place.id)}
    for staff_id in (customer.contact_person_id, customer.deputy_id):
        if staff_id in serving:
            return staff_id
    return next(iter(leaders(place.id)), None)
