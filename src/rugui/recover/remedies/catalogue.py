"""The catalogue: what the house can do to make something right. Managers keep it; a starter set by trade is shipped."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from ...core.errors import ChangedMeanwhile, InputError, NotFound, Text
from ...core.journal import Event, record
from ...core.phrases import LANGUAGES, REQUIRED, choose_one, listed, too_long
from ...engines.surprise import TOPICS
from ...house.access import Actor, Role
from ...house.models import Organization
from ..models import Case
from ..trust import limits
from ..trust.books import currency_of
from ..trust.models import Part
from .models import Form, Injustice, Remedy

STARTER = Path(__file__).with_name("starter.toml")
LONGEST_NAME = 120
LONGEST_WAIT = 60 * 24 * 60
MOST_WORDS = 30


@dataclass(frozen=True, slots=True)
class NewRemedy:
    """A remedy as somebody writes it. Amounts are minor units of the organization's currency."""

    names: dict[str, str]
    part: str
    form: str
    cost: int
    value: int
    lead_minutes: int = 0
    role: str = Role.STAFF
    place_id: int | None = None
    elements: tuple[str, ...] = ()
    injustices: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    contents: tuple[str, ...] = ()


def standing(place_id: int | None = None) -> list[Remedy]:
    """The remedies that can be given (at a place), in the order in which they were written down."""
    rows = Remedy.objects.filter(withdrawn_at=None).select_related("place")
    if place_id is not None:
        rows = rows.filter(Q(place_id=place_id) | Q(place=None))
    return list(rows.order_by("id"))


def remedy(actor: Actor, remedy_id: int) -> Remedy:
    """One remedy of the places that the actor sees. Raises `NotFound`."""
    found = Remedy.objects.select_related("place").filter(id=remedy_id).first()
    if found is None or (found.place_id is not None and not actor.sees(found.place_id)):
        raise NotFound
    return found


def add(actor: Actor, given: NewRemedy, *, now: datetime) -> Remedy:
    """A manager adds one for a place, whoever leads every place for all of them."""
    _must_keep(actor, given.place_id)
    _check(given)
    row = _row(actor, given, now)
    row.save(force_insert=True)
    record(actor, now, _event("added", row))
    return row


def change(actor: Actor, row: Remedy, given: NewRemedy, *, now: datetime) -> Remedy:
    """What was given before keeps its name and cost."""
    _must_keep(actor, row.place_id)
    _must_keep(actor, given.place_id)
    _check(given)
    wanted = _row(actor, given, now)
    fields = [field.name for field in Remedy._meta.concrete_fields if field.name not in _KEPT]
    values = {name: getattr(wanted, name) for name in fields}
    if not Remedy.objects.filter(id=row.id, withdrawn_at=None).update(**values):
        raise ChangedMeanwhile
    for name, value in values.items():
        setattr(row, name, value)
    record(actor, now, _event("changed", row))
    return row


def withdraw(actor: Actor, row: Remedy, *, now: datetime) -> None:
    """It is offered no more."""
    _must_keep(actor, row.place_id)
    if not Remedy.objects.filter(id=row.id, withdrawn_at=None).update(withdrawn_at=now):
        raise ChangedMeanwhile
    row.withdrawn_at = now
    record(actor, now, _event("withdrawn", row))


def restore(actor: Actor, row: Remedy, *, now: datetime) -> None:
    _must_keep(actor, row.place_id)
    if not Remedy.objects.filter(id=row.id, withdrawn_at__isnull=False).update(withdrawn_at=None):
        raise ChangedMeanwhile
    row.withdrawn_at = None
    record(actor, now, _event("restored", row))


def starter(trade: str, currency: str) -> list[NewRemedy]:
    """What is shipped for a trade, in round sums of a currency."""
    told: list[dict[str, Any]] = tomllib.loads(STARTER.read_text(encoding="utf-8"))["remedy"]
    return [_shipped(each, currency) for each in told if trade in each["trades"]]


def begin(actor: Actor, *, now: datetime) -> list[Remedy]:
    """Takes over the starter set of the house's trade. Refused once there is a catalogue."""
    _must_keep(actor, None)
    organization = Organization.objects.select_for_update().get(id=actor.organization_id)
    if Remedy.objects.exists():
        raise ChangedMeanwhile(_("There is a catalogue already."))
    rows = [_row(actor, each, now) for each in starter(organization.trade, organization.currency)]
    Remedy.objects.bulk_create(rows)
    record(actor, now, *(_event("added", row) for row in rows))
    return rows


_KEPT = {"id", "organization", "created_at", "withdrawn_at"}


def _shipped(told: dict[str, Any], currency: str) -> NewRemedy:
    return NewRemedy(
        names=told["names"],
        part=told["part"],
        form=told["form"],
        cost=limits.of_euros(told["cost"], currency),
        value=limits.of_euros(told["value"], currency),
        lead_minutes=told.get("lead_minutes", 0),
        role=told.get("role", Role.STAFF),
        elements=tuple(told.get("elements", ())),
        injustices=tuple(told.get("injustices", ())),
        failures=tuple(told.get("failures", ())),
        contents=tuple(told.get("contents", ())),
    )


def _must_keep(actor: Actor, place_id: int | None) -> None:
    actor.must_lead(place_id)


def _row(actor: Actor, given: NewRemedy, now: datetime) -> Remedy:
    return Remedy(
        organization_id=actor.organization_id,
        place_id=given.place_id,
        names={code: name.strip() for code, name in given.names.items() if name.strip()},
        part=given.part,
        form=given.form,
        cost=given.cost,
        value=given.value,
        currency=currency_of(actor.organization_id),
        lead_minutes=given.lead_minutes,
        role=given.role,
        elements=list(given.elements),
        injustices=list(given.injustices),
        failures=[word.strip() for word in given.failures if word.strip()],
        contents=list(given.contents),
        created_at=now,
    )


def _check(given: NewRemedy) -> None:
    problems: dict[str, Text] = {}
    languages = dict(LANGUAGES)
    if not any(name.strip() for name in given.names.values()):
        problems["names"] = REQUIRED
    elif unknown := sorted(set(given.names) - set(languages)):
        problems["names"] = choose_one(languages) + f" ({', '.join(unknown)})"
    elif any(len(name.strip()) > LONGEST_NAME for name in given.names.values()):
        problems["names"] = too_long(LONGEST_NAME)
    for name, value, choices in (
        ("part", given.part, [Part.DUE, Part.EXTRA]), ("form", given.form, Form.values), ("role", given.role, limits.ROLES),
    ):  # fmt: skip
        if value not in choices:
            problems[name] = choose_one(str(each) for each in choices)
    for name in ("cost", "value"):
        if not 0 <= getattr(given, name) <= limits.LARGEST:
            problems[name] = _("Write an amount that is not below nothing.")
    if not 0 <= given.lead_minutes <= LONGEST_WAIT:
        problems["lead_minutes"] = _("In minutes, at most sixty days.")
    problems |= _lists(given)
    if problems:
        raise InputError(problems)


def _lists(given: NewRemedy) -> dict[str, Text]:
    problems: dict[str, Text] = {}
    known: dict[str, Iterable[str]] = {
        "elements": Case.Element.values, "injustices": Injustice.values, "contents": TOPICS,
    }  # fmt: skip
    for name, choices in known.items():
        if unknown := sorted(set(getattr(given, name)) - set(choices)):
            problems[name] = _("Not known: %(topics)s.") % {"topics": listed(unknown)}
    if len(given.failures) > MOST_WORDS or any(len(word) > 60 for word in given.failures):
        problems["failures"] = _("At most thirty words, each of at most 60 characters.")
    return problems


def _event(verb: str, row: Remedy) -> Event:
    return Event(f"remedy.{verb}", row.place_id, subject_id=row.id)
