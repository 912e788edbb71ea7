"""Which terms hold for a new promise: one query, the most specific policy first, the program's own where there is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from ..core import ready
from ..core.errors import ChangedMeanwhile, InputError, NotAllowed, NotFound, Text
from ..core.journal import Event, record
from ..engines.calendar import Calendar
from ..house.access import Actor
from ..house.models import Place
from .models import Promise, PromisePolicy
from .terms import DAY, DEFAULTS, Standing, Step, Terms

FIND = """
SELECT
    p.minutes, p.counts, p.marks, p.not_before, p.may_pause, p.renew_minutes, p.warn_to, p.due_to,
    p.rise_after, p.rise_to, p.tells,
    CASE WHEN p.counts = 'working' THEN (
        SELECT json_agg(json_build_array(h.weekday, h.opens, h.closes)) FROM rugui_openinghours h WHERE h.place_id = %s
    ) END,
    CASE WHEN p.counts = 'working' THEN (
        SELECT json_agg(json_build_array(d.date, d.opens, d.closes)) FROM rugui_specialday d WHERE d.place_id = %s
    ) END
FROM rugui_promisepolicy p
WHERE p.kind = %s AND (p.place_id = %s OR p.place_id IS NULL) AND p.channel IN ('', %s) AND p.priority IN ('', %s)
ORDER BY p.place_id IS NULL, p.channel = '', p.priority = ''
LIMIT 1
"""


def standing(place: Place, kind: str, *, channel: str = "", priority: str = "normal") -> Standing:
    """What holds for a new promise of this kind at this place. One query."""
    found = ready.fetch(FIND, [place.id, place.id, kind, place.id, channel, priority])
    if not found:
        return Standing(DEFAULTS[Promise.Kind(kind)])
    *columns, hours, special = found[0]
    return Standing(_terms(*columns), _calendar(place, hours, special))


def of_row(row: PromisePolicy) -> Terms:
    """A policy as terms."""
    return _terms(
        row.minutes, row.counts, row.marks, row.not_before, row.may_pause, row.renew_minutes,
        row.warn_to, row.due_to, row.rise_after, row.rise_to, row.tells,
    )  # fmt: skip


def calendar_of(place: Place) -> Calendar | None:
    """A place's opening calendar; None for one that has no hours at all."""
    hours = list(place.hours.values_list("weekday", "opens", "closes"))
    special = list(place.special_days.values_list("date", "opens", "closes"))
    return Calendar.from_rows(place.timezone, hours, special) if hours else None


def _terms(
    minutes: int, counts: str, marks: list[int], not_before: int | None, may_pause: bool, renew: int | None,
    warn_to: list[str], due_to: list[str], rise_after: list[int], rise_to: list[str], tells: str,
) -> Terms:  # fmt: skip
    steps = tuple(Step(after, who) for after, who in zip(rise_after, rise_to, strict=True))
    return Terms(
        minutes, counts, tuple(marks), not_before, may_pause, renew, tuple(warn_to), tuple(due_to), steps, tells
    )  # fmt: skip


def _calendar(place: Place, hours: Any, special: Any) -> Calendar | None:
    if not hours:
        return None
    clock = time.fromisoformat
    return Calendar.from_rows(
        place.timezone,
        [(day, clock(opens), clock(closes)) for day, opens, closes in hours],
        [
            (date.fromisoformat(day), clock(opens) if opens else None, clock(closes) if closes else None)
            for day, opens, closes in special or ()
        ],
    )


def those(actor: Actor) -> list[PromisePolicy]:
    """The policies that hold where this actor leads, and those that hold everywhere, by kind, the general ones first."""
    rows = PromisePolicy.objects.select_related("place")
    return [
        row for row in rows.order_by("kind", F("place__name").asc(nulls_first=True), "channel", "priority")
        if row.place_id is None or actor.leads(row.place_id)
    ]  # fmt: skip


def policy(actor: Actor, policy_id: int) -> PromisePolicy:
    """One policy that this actor may change. Raises `NotFound`."""
    found = PromisePolicy.objects.select_related("place").filter(id=policy_id).first()
    if found is None:
        raise NotFound
    _must_lead(actor, found.place_id)
    return found


@dataclass(frozen=True, slots=True)
class Scope:
    """What a policy is about: a kind, at a place or everywhere, for a channel and a priority or any."""

    kind: str
    place_id: int | None = None
    channel: str = ""
    priority: str = ""


def decide(
    actor: Actor, scope: Scope, terms: Terms, *, now: datetime, row: PromisePolicy | None = None
) -> PromisePolicy:
    """New promises within `scope` are given with `terms`; `row` is the policy that this replaces. No promise changes."""
    actor.must_lead_somewhere()
    _must_lead(actor, scope.place_id)
    _check(terms)
    row = row or PromisePolicy(organization_id=actor.organization_id)
    row.place_id, row.kind, row.channel, row.priority = (
        scope.place_id,
        scope.kind,
        scope.channel,
        scope.priority,
    )
    for name in ("minutes", "counts", "not_before", "may_pause", "renew_minutes", "tells"):
        setattr(row, name, getattr(terms, name))
    row.marks, row.warn_to, row.due_to = list(terms.marks), list(terms.warn_to), list(terms.due_to)
    row.rise_after, row.rise_to = [step.after for step in terms.rises], [step.who for step in terms.rises]
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:  # policy_once
        raise InputError({"kind": _("There is a rule for exactly this already. Change that one.")}) from error
    record(
        actor, now, Event("policy.decided", scope.place_id, subject_id=row.id, payload={"kind": scope.kind})
    )
    return row


def drop(actor: Actor, row: PromisePolicy, *, now: datetime) -> None:
    """New promises follow the more general rule again."""
    _must_lead(actor, row.place_id)
    event = Event("policy.dropped", row.place_id, subject_id=row.id, payload={"kind": row.kind})
    if not PromisePolicy.objects.filter(id=row.id).delete()[0]:
        raise ChangedMeanwhile
    record(actor, now, event)


def _must_lead(actor: Actor, place_id: int | None) -> None:
    if place_id is None and not actor.leads(None):
        raise NotAllowed(_("What holds everywhere is decided by who leads every place."))
    actor.must_lead(place_id)


def _check(terms: Terms) -> None:
    problems: dict[str, Text] = {}
    if not 1 <= terms.minutes <= LONGEST:
        problems["amount"] = _("Give a time from one minute to a year.")
    if any(not 1 <= mark <= 99 for mark in terms.marks):
        problems["marks"] = _("Warnings are shares of the time from 1 to 99 per cent, like 50, 75.")
    if not terms.due_to:
        problems["due_to"] = _("Somebody must be told when it breaks.")
    after = [step.after for step in terms.rises]
    if after != sorted(set(after)) or any(not 1 <= minutes <= LONGEST for minutes in after):
        problems["after_1"] = _("Each step comes later than the one before it.")
    if problems:
        raise InputError(problems)


LONGEST = 366 * DAY
"""Minutes."""
