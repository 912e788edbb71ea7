"""What a phone carries for when the network is gone: today's arrivals at a place, and their cards."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from ..core.ids import public_id
from ..core.journal import Event, record
from ..core.ready import Ready
from ..house.access import Actor
from ..house.models import Place, Staff
from ..know import recall
from ..know.models import Customer, Identity, Note
from ..promise.models import Promise
from ..recover.models import Case
from ..serve import queries as serve
from ..serve.models import Visit
from ..team.queries import day_bounds
from . import words

HOURS = 12
"""So long without contact with the house, and the phone forgets the cards: a shift and the way home."""
SECONDS_BETWEEN = 240
"""After so long an open page fetches anew, whatever the live stream says."""
MOST = 60
"""Visits of each kind."""


@cache
def _identities() -> Ready[Identity]:
    return Ready(
        lambda customers: Identity.objects.filter(
            customer_id__in=customers, kind__in=["phone", "email"]
        ).order_by("kind", "id")
    )


@cache
def _promises() -> Ready[Promise]:
    return Ready(
        lambda customers: Promise.objects.filter(customer_id__in=customers, settled_at=None).order_by(
            "due_at"
        )
    )


@cache
def _cases() -> Ready[Case]:
    return Ready(
        lambda customers: (
            Case.objects.exclude(state=Case.State.CLOSED).filter(customer_id__in=customers).order_by("id")
        )
    )


@cache
def _staff() -> Ready[Staff]:
    return Ready(lambda staff: Staff.objects.filter(id__in=staff))


def day(actor: Actor, place: Place, *, now: datetime) -> dict[str, Any]:
    """Who is expected or here today, and what their cards say, as this actor may see it. Seven queries, one more for the names of contact persons."""
    _start, end = day_bounds(place, now.astimezone(place.zone).date())
    visits = [*serve.expected(place.id, until=end, limit=MOST), *serve.here(place.id, limit=MOST)]
    people = {visit.customer_id: visit.customer for visit in visits}
    return {
        "place": {"id": place.public_id, "name": place.name, "zone": place.timezone},
        "may_write": actor.serves(place.id),
        "visits": [_visit(each) for each in visits],
        "cards": _cards(actor, people, now) if people else {},
    }


def note_carried(actor: Actor, place: Place, customers: Iterable[str], *, now: datetime) -> None:
    """Journals that a phone was given these cards to carry."""
    event = Event("arrivals.viewed", place.id, payload={"why": "offline", "cards": len(list(customers))})
    record(actor, now, event)


def _visit(visit: Visit) -> dict[str, Any]:
    at = visit.arrived_at if visit.state == Visit.State.ARRIVED else visit.expected_at
    return {
        "here": visit.state == Visit.State.ARRIVED,
        "at": _milliseconds(at or visit.expected_at),
        "about": visit.about,
        "customer": public_id("customer", visit.customer_id),
    }


def _cards(actor: Actor, people: dict[int, Customer], now: datetime) -> dict[str, Any]:
    known = recall.carried_notes(actor, people, now=now)
    ids = list(people)
    reach, promises, cases = _identities()(ids), _promises()(ids), _cases()(ids)
    contacts = {each.contact_person_id for each in people.values() if each.contact_person_id}
    names = {each.id: each.name for each in _staff()(list(contacts))} if contacts else {}
    owed: dict[int, list[dict[str, Any]]] = {}
    for promise in promises:
        if actor.sees(promise.place_id):
            promise.customer = people[promise.customer_id]
            row = {"line": words.due(promise), "text": promise.text, "by": _milliseconds(promise.due_at)}
            owed.setdefault(promise.customer_id, []).append(row)
    return {
        public_id("customer", each.id): {
            **_person(each, names),
            **_notes(known.get(each.id)),
            "reach": [_identity(row) for row in reach if row.customer_id == each.id],
            "owed": owed.get(each.id, []),
            "cases": [row.title for row in cases if row.customer_id == each.id and actor.sees(row.place_id)],
        }
        for each in people.values()
    }


def _person(customer: Customer, names: dict[int, str]) -> dict[str, Any]:
    return {
        "called": customer.called,
        "name": customer.name,
        "sound": customer.pronunciation,
        "contact": names.get(customer.contact_person_id or 0, ""),
    }


def _notes(known: recall.CardNotes | None) -> dict[str, Any]:
    if known is None:
        return {"needs": [], "notes": [], "mood": None}
    others = words.notes(each for each in known.leading if each.note.kind != Note.Kind.NEED)
    mood = known.mood and {"text": known.mood.text, "at": _milliseconds(known.mood.learned_at)}
    return {
        "needs": [note.text for note in known.needs],
        "notes": [
            {
                "kind": line.note.kind,
                "label": line.kind,
                "text": line.note.text,
                "level": line.level,
                "quiet": line.discretion if line.marker else "",
            }
            for line in others
        ],
        "mood": mood,
    }


def _identity(identity: Identity) -> dict[str, str]:
    href = f"tel:{identity.normal}" if identity.kind == "phone" else f"mailto:{identity.value}"
    return {"label": identity.get_kind_display(), "value": identity.value, "href": href}


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


OLDEST = timedelta(days=7)
"""A line that says it is older was written by a clock that is wrong."""
