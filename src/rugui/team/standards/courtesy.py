"""Hello and good-bye: due when somebody marks an arrival or a leaving, and said with one tap.

A row is kept only where the house has standards for that moment: without any there is nothing to miss.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from ...core.errors import ChangedMeanwhile, InputError
from ...core.journal import Event, record
from ...core.ready import Ready, run
from ...engines.shares import Share, wilson
from ...house.access import Actor
from ...house.models import Place
from ...know.models import Customer
from ...promise import actions as promises
from ...promise import queries as promised
from ...promise.models import Promise
from ...serve import actions as serve
from ...serve.models import Visit
from .models import Courtesy, Moment

GRACE = timedelta(minutes=10)
"""So long after an arrival or leaving was marked nobody calls it missed."""
DAYS = 7
_DUE = """
INSERT INTO rugui_courtesy (organization_id, place_id, visit_id, moment, due_at)
SELECT %s, %s, %s, %s, %s
WHERE EXISTS (
    SELECT FROM rugui_standard
    WHERE organization_id = %s AND moment = %s AND (place_id = %s OR place_id IS NULL) AND retired_at IS NULL
)
ON CONFLICT (visit_id, moment) DO NOTHING
"""
_SAY = """
INSERT INTO rugui_courtesy (organization_id, place_id, visit_id, moment, due_at, said_at, staff_id)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (visit_id, moment) DO UPDATE SET said_at = excluded.said_at, staff_id = excluded.staff_id
WHERE rugui_courtesy.said_at IS NULL
"""


def listen() -> None:
    """Once, at start-up. Beginning again changes nothing."""
    if _arrived not in serve.WHEN_ARRIVED:
        serve.WHEN_ARRIVED.append(_arrived)
        serve.WHEN_NOT_ARRIVED.append(_not_arrived)
        serve.WHEN_LEFT.append(_left)
        serve.WHEN_NOT_LEFT.append(_not_left)


def _due(visit: Visit, moment: str, now: datetime) -> None:
    organization, place = visit.organization_id, visit.place_id
    run(_DUE, [organization, place, visit.id, moment, now, organization, moment, place])


def _arrived(_actor: Actor, visit: Visit, now: datetime) -> None:
    _due(visit, Moment.ARRIVAL.value, now)


def _left(_actor: Actor, visit: Visit, now: datetime) -> None:
    _due(visit, Moment.FAREWELL.value, now)


def _not_arrived(_actor: Actor, visit: Visit, _arrived_at: datetime, _now: datetime) -> None:
    Courtesy.objects.filter(visit=visit).delete()


def _not_left(_actor: Actor, visit: Visit, _now: datetime) -> None:
    Courtesy.objects.filter(visit=visit, moment=Moment.FAREWELL).delete()


def greet(actor: Actor, visit: Visit, *, now: datetime) -> None:
    """They were greeted; whoever was still expected is here with it. Refused when somebody has noted it before."""
    actor.must_serve(visit.place_id)
    if visit.state in {Visit.State.EXPECTED, Visit.State.MISSED}:
        serve.arrive(actor, visit, now=now)
    if visit.state not in {Visit.State.ARRIVED, Visit.State.LEFT}:
        raise InputError({"visit": _("They will not come, so nobody can greet them.")})
    _say(actor, visit, Moment.ARRIVAL, now)


def say_goodbye(actor: Actor, visit: Visit, *, now: datetime) -> None:
    """Good-bye was said; whoever was still here has left with it."""
    actor.must_serve(visit.place_id)
    if visit.state == Visit.State.ARRIVED:
        serve.leave(actor, visit, now=now)
    if visit.state != Visit.State.LEFT:
        raise InputError({"visit": _("They are not here. Mark their arrival first.")})
    _say(actor, visit, Moment.FAREWELL, now)


def _say(actor: Actor, visit: Visit, moment: Moment, now: datetime) -> None:
    values: list[Any] = [
        visit.organization_id,
        visit.place_id,
        visit.id,
        moment.value,
        now,
        now,
        actor.staff_id,
    ]
    with connection.cursor() as cursor:
        cursor.execute(_SAY, values)
        if not cursor.rowcount:
            raise ChangedMeanwhile(_("A colleague has noted it already."))
    payload = {"moment": moment.value}
    record(
        actor,
        now,
        Event("courtesy.said", visit.place_id, visit.customer_id, subject_id=visit.id, payload=payload),
    )


def ask_again(actor: Actor, visit: Visit, *, now: datetime) -> Promise:
    """The door left open: we promise to ask how it was. Not twice, also when two say it at once."""
    actor.must_serve(visit.place_id)
    Customer.objects.select_for_update(no_key=True).only("id").get(id=visit.customer_id)
    if any(each.kind == Promise.Kind.FOLLOW_UP for each in promised.owed_to(visit.customer)):
        raise ChangedMeanwhile(_("We have promised already to ask how it was."))
    return promises.give(
        actor, visit.customer, visit.place, kind=Promise.Kind.FOLLOW_UP, text=_("Ask how the visit was"),
        owner_id=actor.staff_id, now=now,
    )  # fmt: skip


def note_later(actor: Actor, row: Courtesy, *, now: datetime) -> None:
    """It was said, only not noted then."""
    if row.moment == Moment.ARRIVAL:
        greet(actor, row.visit, now=now)
    else:
        say_goodbye(actor, row.visit, now=now)


@dataclass(frozen=True, slots=True)
class Said:
    """How often it was said, of how often it was due."""

    moment: str
    label: str
    share: Share


def missed(places: Sequence[Place], *, now: datetime, limit: int = 50) -> list[Courtesy]:
    """Arrivals and leavings of the last days of which nobody has noted that it was said, the latest first. One query."""
    rows = Courtesy.objects.filter(
        place__in=places, due_at__gte=now - timedelta(days=DAYS), due_at__lte=now - GRACE, said_at=None
    )
    return list(rows.select_related("visit__customer").order_by("-due_at")[:limit])


def shares(places: Sequence[Place], *, now: datetime) -> list[Said]:
    """How often each was said in the last days. One query."""
    rows = Courtesy.objects.filter(
        place__in=places, due_at__gte=now - timedelta(days=DAYS), due_at__lte=now - GRACE
    )
    found: dict[str, list[bool]] = {}
    for moment, said_at in rows.values_list("moment", "said_at"):
        found.setdefault(moment, []).append(said_at is not None)
    return [
        Said(moment.value, str(moment.label), wilson(sum(found[moment]), len(found[moment])))
        for moment in (Moment.ARRIVAL, Moment.FAREWELL)
        if moment in found
    ]


_UNGREETED = Ready(
    lambda place_id: Courtesy.objects.filter(
        place_id=place_id, moment=Moment.ARRIVAL.value, said_at=None, visit__state=Visit.State.ARRIVED.value
    ).order_by("-due_at")[:200]
)


def ungreeted(place_id: int) -> set[int]:
    """The visits of those who are here and whose greeting nobody has noted. One query."""
    return {row.visit_id for row in _UNGREETED(place_id)}


def of_visits(visit_ids: list[int]) -> dict[int, list[Courtesy]]:
    """What was due of these visits. One query, none without any."""
    found: dict[int, list[Courtesy]] = {}
    if visit_ids:
        for row in Courtesy.objects.filter(visit_id__in=visit_ids).select_related("staff"):
            found.setdefault(row.visit_id, []).append(row)
    return found
