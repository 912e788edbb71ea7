"""Builds an example house: believable, plainly fictional, the same every time, and alive at any hour.

Everything goes through the program's own actions, at the moments when it would have happened. The colleagues in it
cannot sign in; whoever opens the program first becomes the owner. docs/example.md says how a house is written.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from ..core import tenancy
from ..core.errors import HouseError
from ..house.access import Actor, house_actor, staff_actor
from ..house.actions.calendar import set_special_day, set_week
from ..house.actions.duty import start_duty
from ..house.models import Assignment, Organization, Place, Staff, User
from ..recover.remedies import catalogue
from ..recover.trust import limits
from ..recover.worth import value
from . import people, standards, work
from .site import Site

CONTENT = Path(__file__).parent / "content"
PARTS = (
    ("customers", people.add),
    ("past_cases", work.past_case),
    ("messages", work.message),
    ("promises", work.promise),
    ("cases", work.open_case),
)
"""What a house is built of, in this order."""


class AlreadyBuiltError(HouseError):
    """This example house stands already."""

    status = 409


def content(trade: str, language: str) -> dict[str, Any]:
    """What the example house of a trade contains, in a language. Raises `FileNotFoundError` for one there is not."""
    text = (CONTENT / f"{trade}.{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text, parse_float=Decimal)


def build(trade: str, language: str, *, now: datetime) -> Organization:
    """Makes the example house in one transaction and returns its organization. Refuses to make it twice."""
    told = content(trade, language)
    organization_id = tenancy.new_organization_id()
    with tenancy.within(organization_id):
        _refuse_a_second(trade, language)
        site = _site(organization_id, told, f"{trade}.{language}", language, now.astimezone(UTC))
        for part, add in PARTS:
            for entry in told.get(part, ()):
                add(site, entry)
        standards.see(site)
        return site.place.organization


def _refuse_a_second(trade: str, language: str) -> None:
    """Organizations do not see each other; those who can sign in are seen by all, so the colleagues tell."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('rugui.example'))")
    if User.objects.filter(email=_address(f"{trade}.{language}", 0)).exists():
        raise AlreadyBuiltError(
            _("This example house is there already: %(house)s.") % {"house": f"{trade}, {language}"}
        )


def _address(house: str, number: int) -> str:
    return f"colleague{number + 1}.{house}@example.invalid"


def _site(organization_id: int, told: dict[str, Any], key: str, language: str, now: datetime) -> Site:
    house = told["house"]
    organization = Organization.objects.create(
        id=organization_id,
        name=house["name"],
        trade=house["trade"],
        customer_word=house["customer_word"],
        currency=house["currency"],
        language=language,
    )
    place = Place.objects.create(
        organization=organization, name=house["place"], timezone=house["timezone"], region=house["region"]
    )
    colleagues = [
        _colleague(place, person, _address(key, number), language, now)
        for number, person in enumerate(told["staff"])
    ]
    shifts = [(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in house["shifts"]]
    visits = [customer["visit"] for customer in told["customers"] if "visit" in customer]
    arrivals = sum("here_minutes" not in visit for visit in visits)
    site = Site(place, now, language, shifts, house_actor(organization_id), colleagues, arrivals)
    _calendar(site, told.get("special_days", ()))
    _trust(site)
    standards.begin(site)
    return site


def _trust(site: Site) -> None:
    """The remedies of the trade, and how much each role may give."""
    founded = site.ago(days=500)
    catalogue.begin(site.house, now=founded)
    limits.set_limits(site.house, limits.proposed(site.currency), now=founded)
    value.set_margin(site.house, None, Decimal(35), now=founded)


def _calendar(site: Site, special_days: Sequence[dict[str, Any]]) -> None:
    founded = site.ago(days=500)
    week = [(weekday, *shift) for weekday in range(7) for shift in site.shifts]
    set_week(site.house, site.place, week, now=founded)
    for told in special_days:
        shifts = [(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in told["shifts"]]
        set_special_day(
            site.house, site.place, _date(site, told), told["name"], shifts, now=site.ago(days=30)
        )


def _date(site: Site, told: dict[str, Any]) -> date:
    """So many days ahead, or the next time that a day of the year ("12-25") comes."""
    if "in_days" in told:
        return site.today + timedelta(days=told["in_days"])
    month, day = (int(part) for part in told["on"].split("-"))
    this_year = date(site.today.year, month, day)
    return this_year if this_year > site.today else this_year.replace(year=this_year.year + 1)


def _colleague(place: Place, person: dict[str, Any], address: str, language: str, now: datetime) -> Actor:
    user = User.objects.create_user(address, None, language=language)
    staff = Staff.objects.create(organization=place.organization, user=user, name=person["name"])
    Assignment.objects.create(organization=place.organization, staff=staff, place=place, role=person["role"])
    found = staff_actor(staff_id=staff.id)
    assert found is not None
    if person.get("on_duty"):
        start_duty(found[0], place, now=now - timedelta(hours=2))
    return found[0]
