"""Whom an incident hit: by place, time and words, from what the house knows; nothing is guessed here."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from ...know.models import Note
from ...serve.models import Purchase, Visit
from ..models import Case
from .models import Found, Incident

MOST = 20_000
LOYAL_FOR = timedelta(days=730)


@dataclass(slots=True)
class Person:
    """Somebody who was hit, with the facts that say so."""

    found: set[str] = field(default_factory=set)
    about: str = ""
    hurt: int = 1
    loyal: int = 0

    def add(self, fact: str, about: str) -> None:
        self.found.add(fact)
        self.about = self.about or about


def words_of(text: str) -> list[str]:
    """The words that narrow a search, as somebody has written them with commas between."""
    for mark in "，、;；\n":
        text = text.replace(mark, ",")
    return [word for each in text.split(",") if (word := each.strip())]


def find(incident: Incident, *, now: datetime) -> dict[int, Person]:
    """By customer, at most `MOST`. Five queries."""
    people: dict[int, Person] = {}
    words = words_of(incident.words)
    for fact, rows in _rows(incident):
        if fact not in incident.who:
            continue
        for customer_id, about in _named(rows, words).values_list("customer_id", "about")[:MOST]:
            people.setdefault(customer_id, Person()).add(fact, about)
    _weigh(incident, people, now)
    return people


def weigh(incident: Incident, customer_ids: Iterable[int], *, now: datetime) -> dict[int, Person]:
    """The same for people who are named: how hurt and how loyal they are."""
    people = {customer_id: Person() for customer_id in customer_ids}
    _weigh(incident, people, now)
    return people


def _rows(incident: Incident) -> list[tuple[str, QuerySet[Visit] | QuerySet[Purchase]]]:
    began, until, place = incident.began_at, incident.until_at, incident.place_id
    visits, states = Visit.objects.filter(place_id=place), Visit.State
    here = visits.filter(state__in=[states.ARRIVED, states.LEFT], arrived_at__lt=until)
    expected = visits.filter(state=states.EXPECTED, expected_at__lt=until)
    bought = Purchase.objects.filter(place_id=place, kind=Purchase.Kind.PURCHASE, customer__isnull=False)
    return [
        (Found.HERE, here.filter(Q(left_at=None) | Q(left_at__gt=began)).order_by("id")),
        (
            Found.EXPECTED,
            expected.alias(end=Coalesce(F("expected_until"), F("expected_at")))
            .filter(end__gte=began)
            .order_by("id"),
        ),
        (Found.BOUGHT, bought.filter(at__gte=began, at__lte=until).order_by("id")),
    ]


def _named(rows: QuerySet, words: list[str]) -> QuerySet:  # type: ignore[type-arg]
    if not words:
        return rows
    said = [Q(about__icontains=word) for word in words]
    return rows.filter(reduce(operator.or_, said))


def _weigh(incident: Incident, people: dict[int, Person], now: datetime) -> None:
    """In the middle of it is worse than coming to it; a need that we know of, or a trouble that runs already, is worse still."""
    everybody = list(people)
    needs = Note.objects.filter(customer_id__in=everybody, kind=Note.Kind.NEED, withdrawn_at=None)
    running = Case.objects.filter(customer_id__in=everybody, place_id=incident.place_id)
    worse = set(needs.values_list("customer_id", flat=True))
    worse |= set(running.exclude(state=Case.State.CLOSED).values_list("customer_id", flat=True))
    since = now - LOYAL_FOR
    came = Visit.objects.filter(customer_id__in=everybody, arrived_at__gte=since)
    bought = Purchase.objects.filter(customer_id__in=everybody, at__gte=since, kind=Purchase.Kind.PURCHASE)
    for rows in (came, bought):
        for customer_id, count in rows.values_list("customer_id").annotate(count=Count("id")):
            people[customer_id].loyal += count
    for customer_id, person in people.items():
        person.hurt = 1 + (Found.HERE in person.found) + (customer_id in worse)
