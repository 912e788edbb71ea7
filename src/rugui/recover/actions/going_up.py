"""Which failures go up at once, and to whom (method line R6: seniority).

What is grave is said by a colleague's tap or in the document step; words only propose it, with how sure they are, and a
person confirms. Going up is a hand-over to those who lead: whoever was first still owns it until one of them accepts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _

from ...core.errors import ChangedMeanwhile, InputError
from ...core.journal import Event, record
from ...core.money import Money
from ...core.phrases import choose_one
from ...engines.gravity import signs
from ...house.access import Actor
from ...house.actions.places import must_own
from ...house.models import Organization
from .. import people
from ..models import Case, CaseAlarm, SeniorityRule
from .common import case_event, hold, must_not_be_closed
from .owning import ask, end_waiting

Kind, Level = CaseAlarm.Kind, SeniorityRule.Level
LARGE = {"TWD": 15_000, "CNY": 3_500, "HKD": 4_000, "JPY": 75_000, "KRW": 700_000}
"""What is a large sum until the owner says otherwise, in major units; 500 of any other currency."""
SHIPPED: dict[str, str] = {
    Kind.INJURY: Level.MANAGER,
    Kind.DISCRIMINATION: Level.OWNER,
    Kind.MEDIA: Level.OWNER,
    Kind.MONEY: Level.MANAGER,
    Kind.MINOR: Level.MANAGER,
    Kind.LEGAL: Level.OWNER,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """To whom a kind of matter goes. `over` only for a large sum."""

    kind: str
    level: str
    over: Money | None = None
    own: bool = False
    """Decided by the house, not as shipped."""


def rules(organization: Organization) -> list[Rule]:
    """The rule of every kind of matter, in the order in which they are shown. One query."""
    decided = {row.kind: row for row in SeniorityRule.objects.all()}
    currency, found = organization.currency, []
    for kind in Kind.values:
        row = decided.get(kind)
        over = None
        if kind == Kind.MONEY:
            shipped = Money.of(Decimal(LARGE.get(currency, 500)), currency)
            over = Money(row.over, currency) if row and row.over is not None else shipped
        found.append(Rule(kind, row.level if row else SHIPPED[kind], over, row is not None))
    return found


def set_rule(actor: Actor, *, kind: str, level: str, now: datetime, over: int | None = None) -> None:
    """The owner decides to whom a kind of matter goes; `over` (minor units) belongs to a large sum only."""
    must_own(actor)
    if kind not in Kind.values:
        raise InputError({"kind": choose_one(Kind.values)})
    if level not in Level.values:
        raise InputError({"level": choose_one(Level.values)})
    if kind == Kind.MONEY and (over is None or over < 0):
        raise InputError({"over": _("Write an amount, zero or more.")})
    fields = {"level": level, "over": over if kind == Kind.MONEY else None}
    SeniorityRule.objects.update_or_create(organization_id=actor.organization_id, kind=kind, defaults=fields)
    record(actor, now, Event("seniority.changed", payload={"kind": kind, **fields}))


def raise_alarm(
    actor: Actor, case: Case, *, kind: str, now: datetime, source: str = CaseAlarm.Source.TAP
) -> CaseAlarm:
    """A colleague says that this is grave. Said again it changes nothing."""
    if kind not in Kind.values:
        raise InputError({"kind": choose_one(Kind.values)})
    must_not_be_closed(actor, case)
    alarm = CaseAlarm.objects.filter(case=case, kind=kind).first()
    if alarm is not None and alarm.state == CaseAlarm.State.CONFIRMED:
        return alarm
    decided = {"state": CaseAlarm.State.CONFIRMED, "decided_at": now, "decided_by_id": actor.staff_id}
    if alarm is None:
        alarm = CaseAlarm(
            organization_id=case.organization_id, case=case, kind=kind, source=source, at=now, **decided
        )
        alarm.save(force_insert=True)
    else:
        CaseAlarm.objects.filter(id=alarm.id).update(**decided)
        alarm.state = CaseAlarm.State.CONFIRMED
    _confirmed(actor, case, kind, now)
    return alarm


def confirm_alarm(actor: Actor, case: Case, alarm: CaseAlarm, *, now: datetime) -> None:
    """The words did mean it: it goes up now."""
    must_not_be_closed(actor, case)
    _decide(actor, alarm, CaseAlarm.State.CONFIRMED, now)
    _confirmed(actor, case, alarm.kind, now)


def dismiss_alarm(actor: Actor, case: Case, alarm: CaseAlarm, *, now: datetime) -> None:
    """The words did not mean it."""
    hold(actor, case)
    _decide(actor, alarm, CaseAlarm.State.DISMISSED, now)
    record(actor, now, case_event("case.alarm_dismissed", case, alarm=alarm.kind))


def money_known(actor: Actor, case: Case, amount: Money, *, now: datetime) -> CaseAlarm | None:
    """What a case is about in money has become known: above the house's limit it goes up. Other currencies are for a tap."""
    organization = Organization.objects.get(id=case.organization_id)
    rule = next(each for each in rules(organization) if each.kind == Kind.MONEY)
    assert rule.over is not None
    if amount.currency != rule.over.currency or amount.amount <= rule.over.amount:
        return None
    return raise_alarm(actor, case, kind=Kind.MONEY, now=now)


def listen(actor: Actor, case: Case, text: str, now: datetime) -> None:
    """Proposes what the words of a customer sound like. What was proposed or decided before stays as it is."""
    found = {sign.kind: sign for sign in reversed(signs(text))}
    if not found:
        return
    known = set(CaseAlarm.objects.filter(case=case).values_list("kind", flat=True))
    for kind, sign in found.items():
        if kind in known:
            continue
        CaseAlarm.objects.create(
            organization_id=case.organization_id,
            case=case,
            kind=kind,
            source=CaseAlarm.Source.WORDS,
            certainty=sign.certainty,
            words=text[sign.begins : sign.ends][:120],
            state=CaseAlarm.State.PROPOSED,
            at=now,
        )
        record(actor, now, case_event("case.alarm_proposed", case, alarm=kind))


def _decide(actor: Actor, alarm: CaseAlarm, state: str, now: datetime) -> None:
    rows = CaseAlarm.objects.filter(id=alarm.id, state=CaseAlarm.State.PROPOSED)
    if not rows.update(state=state, decided_at=now, decided_by_id=actor.staff_id):
        raise ChangedMeanwhile
    alarm.state = state


def _confirmed(actor: Actor, case: Case, kind: str, now: datetime) -> None:
    record(actor, now, case_event("case.alarmed", case, alarm=kind))
    organization = Organization.objects.get(id=case.organization_id)
    level = next(each.level for each in rules(organization) if each.kind == kind)
    if level == Level.NOBODY:
        return
    seniors = people.leaders(case.place_id, owners_only=level == Level.OWNER)
    if not seniors or case.owner_id in seniors:
        return  # whoever has it already is senior enough
    end_waiting(actor, case, now)
    with translation.override(organization.language):
        note = str(Kind(kind).label)
    ask(actor, case, seniors, note, now, by_rule=True)
