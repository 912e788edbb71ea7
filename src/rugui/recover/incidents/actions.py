"""Opening an incident, deciding who is on its list, and beginning what is done to all of them.

What is done to all is a task that jobs carry out (`run.py`); one task at a time, so that nobody reads two things at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ...core.errors import ChangedMeanwhile, InputError, Text
from ...core.journal import Event, record
from ...core.phrases import LANGUAGES, REQUIRED, choose_one, listed, too_long
from ...house.access import Actor
from ...house.models import Place
from ...know.models import Customer
from ..actions import LONGEST_TEXT, LONGEST_TITLE, Findings
from ..models import Case
from ..remedies import giving
from ..remedies.models import Remedy
from ..trust import books, limits
from . import finding, jobs
from .models import Found, Hit, Incident, IncidentStatement, IncidentTask

State = Incident.State
Kind = IncidentTask.Kind
LONGEST_SPAN = timedelta(days=400)
LONGEST_WAIT = timedelta(days=30)
SOURCES = (Found.HERE, Found.EXPECTED, Found.BOUGHT)


@dataclass(frozen=True, slots=True)
class Plan:
    """What happened, and how to find those whom it hit."""

    titles: Mapping[str, str]
    """By language; at least one. The customers read it."""
    began_at: datetime
    until_at: datetime
    who: Sequence[str] = SOURCES
    words: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done to everybody: the words by language, and what goes with it."""

    texts: Mapping[str, str]
    next_at: datetime | None = None
    remedy: Remedy | None = None
    findings: Findings | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """What a remedy for all comes to, before it is decided. In minor units of `currency`."""

    each: int
    people: int
    currency: str
    left: int | None
    """What the asker may still spend this month; None is no limit."""
    per_case: int | None

    @property
    def total(self) -> int:
        return self.each * self.people

    @property
    def reaches(self) -> bool:
        within_case = self.per_case is None or self.each <= self.per_case
        return self.total == 0 or (within_case and (self.left is None or self.total <= self.left))


def open_incident(actor: Actor, place: Place, plan: Plan, *, now: datetime) -> Incident:
    """Whoever notices it opens it; the list is made at once, and nobody is told anything yet."""
    actor.must_serve(place.id)
    _check(plan, now)
    incident = Incident.objects.create(
        organization_id=actor.organization_id, place=place, opened_by_id=actor.staff_id, opened_at=now,
        **_fields(plan),
    )  # fmt: skip
    record(actor, now, _event("opened", incident))
    search(actor, incident, now=now)
    return incident


def change(actor: Actor, incident: Incident, plan: Plan, *, now: datetime) -> None:
    """It was longer, or elsewhere: the list is made anew, and whoever was left out, added or told stays so."""
    actor.must_serve(incident.place_id)
    _check(plan, now)
    _hold(incident)
    _must_not_be(incident, State.CLOSED)
    fields = _fields(plan)
    Incident.objects.filter(id=incident.id).update(**fields)
    for name, value in fields.items():
        setattr(incident, name, value)
    record(actor, now, _event("changed", incident))
    search(actor, incident, now=now)


def search(actor: Actor, incident: Incident, *, now: datetime) -> int:
    """Finds those hit, adds who is new, and takes off who was only found by what no longer holds. How many are on the list."""
    actor.must_serve(incident.place_id)
    people = finding.find(incident, now=now)
    own = [Found.WROTE, Found.ADDED]
    listed = Hit.objects.filter(incident=incident, state=Hit.State.LISTED)
    listed.exclude(customer_id__in=list(people)).exclude(found__overlap=own).delete()
    there = set(Hit.objects.filter(incident=incident).values_list("customer_id", flat=True))
    Hit.objects.bulk_create(
        [_hit(incident, each, person) for each, person in people.items() if each not in there],
        ignore_conflicts=True, batch_size=2000,
    )  # fmt: skip
    record(actor, now, _event("searched", incident, found=len(people)))
    return len(people)


def add(
    actor: Actor, incident: Incident, customer: Customer, *, now: datetime, case: Case | None = None
) -> Hit:
    """Somebody whom the search did not find: added by hand, or (`case`) because they wrote about it."""
    actor.must_serve(incident.place_id)
    _hold(incident)
    _must_not_be(incident, State.CLOSED)
    if case is not None and (case.place_id, case.customer_id) != (incident.place_id, customer.id):
        raise InputError({"case": _("This case is another place's, or another customer's.")})
    person = finding.weigh(incident, [customer.id], now=now)[customer.id]
    fact = Found.WROTE if case else Found.ADDED
    fields = {"hurt": 3 if case else person.hurt, "loyal": person.loyal, "found": [fact], "about": ""}
    hit, new = Hit.objects.get_or_create(
        incident=incident, customer=customer, organization_id=incident.organization_id, defaults=fields
    )
    if not new and hit.state == Hit.State.LEFT_OUT:
        Hit.objects.filter(id=hit.id, state=Hit.State.LEFT_OUT).update(state=Hit.State.LISTED)
        hit.state = Hit.State.LISTED
    if case is not None and case.incident_id is None:
        Case.objects.filter(id=case.id, incident=None).update(incident=incident)
        case.incident_id = incident.id
    record(actor, now, _event("joined", incident, customer=customer.id, case=case.id if case else None))
    return hit


def leave_out(actor: Actor, hit: Hit, *, now: datetime) -> None:
    """Somebody has looked, and it did not hit them. Nobody is left out who was told."""
    _move(actor, hit, Hit.State.LISTED, Hit.State.LEFT_OUT, now)


def take_in(actor: Actor, hit: Hit, *, now: datetime) -> None:
    _move(actor, hit, Hit.State.LEFT_OUT, Hit.State.LISTED, now)


def set_hurt(actor: Actor, hit: Hit, hurt: int, *, now: datetime) -> None:
    """Those whom it hit hardest are told first."""
    actor.must_serve(hit.incident.place_id)
    if hurt not in {1, 2, 3}:
        raise InputError({"hurt": choose_one("123")})
    if not Hit.objects.filter(id=hit.id, state=Hit.State.LISTED).update(hurt=hurt):
        raise ChangedMeanwhile
    hit.hurt = hurt


def begin(actor: Actor, incident: Incident, kind: str, order: Order, *, now: datetime) -> IncidentTask:
    """Begins to do one thing to everybody. Refused while another is being done. The list's leader decides it."""
    actor.must_lead(incident.place_id)
    _hold(incident)
    _must_not_be(incident, State.CLOSED)
    people = waiting_for(incident, kind).count()
    _check_order(actor, incident, kind, order, people, now)
    try:
        with transaction.atomic():
            task = IncidentTask.objects.create(
                organization_id=incident.organization_id, incident=incident, kind=kind, by_id=actor.must_be_staff(),
                texts=_clean(order.texts), next_at=order.next_at, remedy=order.remedy, of=people, asked_at=now,
                beat_at=now, findings=asdict(order.findings) if order.findings else {},
            )  # fmt: skip
    except IntegrityError as error:  # one_task_an_incident
        raise ChangedMeanwhile(
            _("Something is being done to all of them right now. Wait for it, or stop it.")
        ) from error
    _mark(incident, kind, order, now)
    jobs.carry_on.defer(organization_id=incident.organization_id, task_id=task.id)
    record(actor, now, _event(f"{kind}.begun", incident, people=people))
    return task


def stop(actor: Actor, task: IncidentTask, *, now: datetime) -> None:
    """Who was reached stays reached; nobody else is, until it goes on."""
    actor.must_lead(task.incident.place_id)
    _turn(actor, task, IncidentTask.State.RUNNING, IncidentTask.State.STOPPED, now)


def go_on(actor: Actor, task: IncidentTask, *, now: datetime) -> None:
    """From where it was stopped."""
    actor.must_lead(task.incident.place_id)
    _turn(actor, task, IncidentTask.State.STOPPED, IncidentTask.State.RUNNING, now)
    jobs.carry_on.defer(organization_id=task.organization_id, task_id=task.id)


def give_up(actor: Actor, task: IncidentTask, *, now: datetime) -> None:
    """What was stopped is not gone on with: something else may be done to all."""
    actor.must_lead(task.incident.place_id)
    _turn(actor, task, IncidentTask.State.STOPPED, IncidentTask.State.DONE, now)


def state_publicly(
    actor: Actor, incident: Incident, texts: Mapping[str, str], *, now: datetime
) -> IncidentStatement:
    """A new version of what the house says of it; the versions before it stay readable."""
    actor.must_lead(incident.place_id)
    said = _clean(texts)
    problems = _long(said)
    if not said:
        problems["texts"] = REQUIRED
    if problems:
        raise InputError(problems)
    _hold(incident)
    last = incident.statements.order_by("-version").values_list("version", flat=True).first() or 0
    statement = IncidentStatement.objects.create(
        organization_id=incident.organization_id, incident=incident, version=last + 1, texts=said,
        by_id=actor.must_be_staff(), at=now,
    )  # fmt: skip
    record(actor, now, _event("stated", incident, version=statement.version))
    return statement


def cost_for_all(actor: Actor, incident: Incident, remedy: Remedy, *, now: datetime) -> Cost:
    """What giving this remedy to everybody told comes to, beside what the actor may spend."""
    standing = limits.balance(actor, incident.place, now=now)
    people = waiting_for(incident, Kind.GIVE).count()
    case = 0 if not standing.trusted else standing.limit.per_case
    return Cost(
        remedy.cost, people, books.currency_of(incident.organization_id), standing.left_in_month, case
    )


def waiting_for(incident: Incident, kind: str) -> QuerySet[Hit]:
    """Those to whom such a thing would be done, the most hurt and then the most loyal first."""
    rows = Hit.objects.filter(incident=incident).order_by("-hurt", "-loyal", "id")
    if kind == Kind.TELL:
        return rows.filter(state=Hit.State.LISTED)
    told = rows.filter(state=Hit.State.TOLD, case__isnull=False)
    if kind == Kind.GIVE:
        return told.exclude(case__state=Case.State.CLOSED)
    wanted = Case.State.SOLVED if kind == Kind.CLOSE else Case.State.OPEN
    return told.filter(case__state=wanted)


def languages_of(incident: Incident, kind: str) -> dict[str, int]:
    """In which languages they read, and how many each; who told us none reads the house's."""
    house = incident.place.organization.language
    known, counts = dict(LANGUAGES), dict[str, int]()
    for language in waiting_for(incident, kind).values_list("customer__language", flat=True):
        code = language if language in known else house
        counts[code] = counts.get(code, 0) + 1
    return dict(sorted(counts.items(), key=lambda each: -each[1]))


def _check(plan: Plan, now: datetime) -> None:
    titles = _clean(plan.titles)
    problems: dict[str, Text] = {}
    if not titles:
        problems["titles"] = REQUIRED
    elif any(len(text) > LONGEST_TITLE for text in titles.values()):
        problems["titles"] = too_long(LONGEST_TITLE)
    if plan.began_at > now:
        problems["began_at"] = _("It has begun already: write when.")
    if plan.until_at <= plan.began_at:
        problems["until_at"] = _("The end comes after the beginning.")
    elif plan.until_at - plan.began_at > LONGEST_SPAN:
        problems["until_at"] = _("At most four hundred days after the beginning.")
    if not plan.who or set(plan.who) - set(SOURCES):
        problems["who"] = choose_one(SOURCES)
    if len(plan.words) > 200:
        problems["words"] = too_long(200)
    if len(plan.note.strip()) > LONGEST_TEXT:
        problems["note"] = too_long(LONGEST_TEXT)
    if problems:
        raise InputError(problems)


def _check_order(
    actor: Actor, incident: Incident, kind: str, order: Order, people: int, now: datetime
) -> None:
    problems = _long(_clean(order.texts))
    if people == 0:
        problems["texts"] = _("There is nobody on the list for whom this is still to be done.")
    if kind not in {Kind.CLOSE, Kind.GIVE}:
        lacking = [name for code, name in LANGUAGES if code in languages_of(incident, kind)
                   and not order.texts.get(code, "").strip()]  # fmt: skip
        if lacking:
            problems["texts"] = _("Some of them read %(languages)s: write it in that language too.") % {
                "languages": listed(lacking)
            }
    if kind in {Kind.TELL, Kind.REPORT}:
        problems |= _check_time(order.next_at, now)
    if kind == Kind.GIVE:
        problems |= _check_remedy(actor, incident, order.remedy, now)
    if kind == Kind.CLOSE and (order.findings is None or not order.findings.failure.strip()):
        problems["failure"] = REQUIRED
    if problems:
        raise InputError(problems)


def _check_time(next_at: datetime | None, now: datetime) -> dict[str, Text]:
    if next_at is None:
        return {"next_at": _("Say by when they hear again.")}
    if not now < next_at <= now + LONGEST_WAIT:
        return {"next_at": _("A time still to come, within thirty days.")}
    return {}


def _check_remedy(actor: Actor, incident: Incident, remedy: Remedy | None, now: datetime) -> dict[str, Text]:
    if remedy is None or remedy.withdrawn_at is not None:
        return {"remedy": REQUIRED}
    if remedy.place_id not in {None, incident.place_id} or not giving.may_give(
        actor, incident.place_id, remedy
    ):
        return {"remedy": _("This one is not yours to give here.")}
    cost = cost_for_all(actor, incident, remedy, now=now)
    if not cost.reaches:
        return {"remedy": _("All together that is %(total)s, more than you may spend. An owner can decide it.") % {
            "total": books.words(cost.total, cost.currency)}}  # fmt: skip
    return {}


def _long(texts: Mapping[str, str]) -> dict[str, Text]:
    return (
        {"texts": too_long(LONGEST_TEXT)} if any(len(each) > LONGEST_TEXT for each in texts.values()) else {}
    )


def _clean(texts: Mapping[str, str]) -> dict[str, str]:
    return {code: text.strip() for code, text in texts.items() if code in dict(LANGUAGES) and text.strip()}


def _fields(plan: Plan) -> dict[str, object]:
    return {
        "titles": _clean(plan.titles),
        "began_at": plan.began_at,
        "until_at": plan.until_at,
        "who": [each for each in SOURCES if each in plan.who],
        "words": plan.words.strip(),
        "note": plan.note.strip(),
    }


def _hit(incident: Incident, customer_id: int, person: finding.Person) -> Hit:
    return Hit(
        organization_id=incident.organization_id,
        incident=incident,
        customer_id=customer_id,
        found=[each for each in SOURCES if each in person.found],
        about=person.about,
        hurt=person.hurt,
        loyal=person.loyal,
    )


def _hold(incident: Incident) -> None:
    """Of two who decide at once the second waits, and begins from what the first has made of it."""
    row = Incident.objects.select_for_update(no_key=True).only("state").get(id=incident.id)
    incident.state = row.state


def _must_not_be(incident: Incident, state: State) -> None:
    if incident.state == state:
        raise ChangedMeanwhile(_("This was closed. Open another one if it came back."))


def _mark(incident: Incident, kind: str, order: Order, now: datetime) -> None:
    """What the incident itself says once something has begun for all."""
    fields: dict[str, object] = {}
    if kind in {Kind.TELL, Kind.REPORT}:
        fields["next_at"] = order.next_at
    if kind == Kind.TELL:
        fields |= {"state": State.TOLD, "told_at": incident.told_at or now}
    elif kind == Kind.SOLVE:
        fields |= {"state": State.SOLVED, "solved_at": now, "next_at": None}
    if fields:
        Incident.objects.filter(id=incident.id).update(**fields)
        for name, value in fields.items():
            setattr(incident, name, value)


def _move(actor: Actor, hit: Hit, before: str, after: str, now: datetime) -> None:
    actor.must_serve(hit.incident.place_id)
    if not Hit.objects.filter(id=hit.id, state=before).update(state=after):
        raise ChangedMeanwhile
    hit.state = after
    record(actor, now, _event(str(after), hit.incident, customer=hit.customer_id))


def _turn(actor: Actor, task: IncidentTask, before: str, after: str, now: datetime) -> None:
    ended = now if after == IncidentTask.State.DONE else None
    fields = {"state": after, "beat_at": now, "ended_at": ended}
    if not IncidentTask.objects.filter(id=task.id, state=before).update(**fields):
        raise ChangedMeanwhile
    task.state = after
    record(actor, now, _event(f"{task.kind}.{after}", task.incident))


def _event(verb: str, incident: Incident, **payload: object) -> Event:
    return Event(f"incident.{verb}", incident.place_id, subject_id=incident.id, payload=dict(payload))
