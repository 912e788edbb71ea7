"""How the example house does it: the starter standards, what colleagues have seen of one another, and who was greeted today."""

from __future__ import annotations

from datetime import timedelta

from ..house.models import Staff
from ..serve.models import Visit
from ..team.standards import actions, courtesy, observing, queries
from ..team.standards.models import Moment
from .site import Site

LOOKS = 48
"""Observations, over the last two months."""
MISSES = (11, 7, 4)
"""Of so many statements one is not kept, by colleague: they differ, as people do."""
SEEN_AT = (Moment.ARRIVAL, Moment.OPENING, Moment.FAREWELL, Moment.HOLD, Moment.EMAIL)


def begin(site: Site) -> None:
    """The standards, from the day on which the house was founded."""
    actions.begin(site.house, now=site.ago(days=500))


def see(site: Site) -> None:
    """Colleagues in turn see one another, now and then themselves; one of those who are here was not greeted yet."""
    people = [Staff.objects.get(id=each.must_be_staff()) for each in site.colleagues]
    for number in range(LOOKS):
        who, by = number % len(people), (number + 1 + number // 7) % len(people)
        moment = SEEN_AT[number // len(people) % len(SEEN_AT)]
        at = site.when(1 + (LOOKS - number) * 56 // LOOKS, number * 5)
        held = queries.holding(site.place.id, [moment])
        every = MISSES[who % len(MISSES)]
        marks = {
            each.standard.id: "unseen"
            if (number + place) % 5 == 4
            else "missed"
            if (number * 3 + place * 2) % every == 0
            else "kept"
            for place, each in enumerate(held)
        }
        observing.observe(site.colleagues[by], site.place, people[who], moment, marks, now=at)
    here = (
        Visit.objects.filter(state=Visit.State.ARRIVED)
        .select_related("place", "customer")
        .order_by("-arrived_at")
    )
    for visit in here[1:]:
        assert visit.arrived_at is not None
        courtesy.greet(site.clerk, visit, now=visit.arrived_at + timedelta(minutes=2))
