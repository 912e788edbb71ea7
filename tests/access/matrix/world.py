"""Two houses, three places, and in every corner of them words that say whose they are.

A marked word is `zq<circle>zq`: the circle says who may read it. It stands in everything a person writes or is called
by, so an answer that holds a circle's mark and goes to somebody outside of the circle is a leak, whatever the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.test.client import ClientHandler

from rugui.connect import actions as connect
from rugui.connect import calls
from rugui.connect.imports import files, run
from rugui.connect.inbox import Message, receive
from rugui.core import keys
from rugui.core.ids import public_id
from rugui.core.models import JournalEntry, Key
from rugui.core.money import Money
from rugui.core.tenancy import within
from rugui.core.time import now
from rugui.desk import taking
from rugui.house import actions as house
from rugui.house.access import Actor
from rugui.house.models import Assignment, Place, Staff, User
from rugui.know import actions as know
from rugui.know import merge as merging
from rugui.know import surprise
from rugui.know.models import ClaimCheck, Consent, Customer, HalfLife, Surprise
from rugui.know.pairs import DuplicateSearch
from rugui.language import actions as words
from rugui.language.ears import actions as ears
from rugui.language.models import CoachTally, LexiconVersion, SilencedRule
from rugui.own import actions as own
from rugui.own.models import Clearing, Erasure, Keeping
from rugui.promise import actions as promises
from rugui.promise import policies
from rugui.promise.models import DaySheet
from rugui.promise.terms import Terms
from rugui.recover import actions as recover
from rugui.recover.incidents import actions as incidents
from rugui.recover.incidents.models import IncidentStatement, IncidentTask
from rugui.recover.models import Case, CaseAlarm, HandOver
from rugui.recover.practise import actions as practise
from rugui.recover.remedies import catalogue, giving
from rugui.recover.trust import leave, limits
from rugui.recover.worth import value as worth
from rugui.recover.worth.models import HeldCharge
from rugui.serve import actions as serve
from rugui.team.standards import actions as standards
from rugui.team.standards.actions import Said
from rugui.team.standards.models import Courtesy, Observation, ObservedMark, Standard

from ... import factories
from ...api.conftest import ALL_SCOPES

HERE, THERE, FOREIGN = "here", "there", "foreign"
"""Whose thing an address is about: the first place's, the other place's of the same house, the other house's."""

STAFF = frozenset({"alice", "bob", "carol", "dan", "erin"})
CIRCLES = {
    "house": STAFF,  # what one place knows of a customer, all know
    "placea": STAFF - {"dan"},
    "placeb": STAFF - {"bob", "carol"},
    "talka": STAFF - {"dan"},
    "talkb": STAFF - {"bob", "carol"},
    "caseb": STAFF - {"bob", "carol"},
    "casea": STAFF - {"dan"} | {"guest"},  # the customer of the first place's case, on their own page
    "leada": frozenset({"alice", "bob"}),
    "leadb": frozenset({"alice"}),
    "sensitive": STAFF - {"erin"},  # with consent, for those who serve
    "keepera": frozenset({"carol"}),  # what only whoever wrote it may read
    "keeperb": frozenset({"dan"}),
    "tokenalice": frozenset({"alice"}),
    "tokencarol": frozenset({"carol"}),
    "foreign": frozenset({"mallory"}),
    "foreigntalk": frozenset({"mallory"}),
}
MARK = re.compile(f"zq({'|'.join(CIRCLES)})zq")
PEOPLE = ("alice", "bob", "carol", "dan", "erin", "mallory", "fired", "disabled", "nobody")


def mark(circle: str, word: str = "word") -> str:
    assert circle in CIRCLES
    return f"zq{circle}zq {word}"


def marks(text: str) -> set[str]:
    return set(MARK.findall(text.lower()))


@dataclass
class Asked:
    """An answer, and what asking it wrote."""

    status: int
    location: str
    text: str
    headers: dict[str, str]
    cookies: dict[str, Any]
    writes: list[str]
    """Tables to which a GET, HEAD or OPTIONS has written."""
    kinds: list[str]
    """Journal entries written, by kind."""

    @property
    def leaks(self) -> set[str]:
        return marks(self.text) | marks(" ".join(self.headers.values())) | marks(str(self.cookies))


@dataclass
class World:
    lake: factories.House
    other: factories.House
    sessions: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    ids: dict[str, dict[str, str]] = field(default_factory=lambda: {HERE: {}, THERE: {}, FOREIGN: {}})
    secrets: dict[str, str] = field(default_factory=dict)
    newest: dict[int, int] = field(default_factory=dict)
    """The last journal entry of each house once all this stood."""

    def client(self, who: str, **options: Any) -> Client:
        client = Asker(**options)
        if who in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        return client

    def ask(self, who: str, method: str, url: str, data: Any = None, **headers: str) -> Asked:
        """A page asked for by somebody. Whatever it changes is rolled back."""
        kind = "" if method in {"GET", "HEAD", "OPTIONS"} else "form"
        return self._ask(self.client(who, headers=headers), method, url, data, kind)

    def call(self, token: str | None, method: str, url: str, body: Any = None, **headers: str) -> Asked:
        """The same for the API."""
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return self._ask(Asker(headers=headers), method, url, body, "json")

    def _ask(self, client: Client, method: str, url: str, data: Any, kind: str) -> Asked:
        send = getattr(client, method.lower())
        reading = method in {"GET", "HEAD", "OPTIONS"}
        with rolled_back():
            before = _written() if reading else {}
            if kind == "json" and method in {"POST", "PATCH", "PUT"}:
                response = send(url, data if data is not None else {}, content_type="application/json")
            elif kind == "form" and method != "POST":
                response = send(url, b"", content_type="text/plain")
            else:
                response = send(url, data or {})
            answer = _answer(response)
            writes = (
                [table for table, rows in _written().items() if rows != before.get(table)] if reading else []
            )
            kinds = _entries_since(self.newest) if "rugui_journalentry" in writes else []
        return Asked(*answer, writes, kinds)


@cache
def _handler(enforce_csrf_checks: bool) -> ClientHandler:
    """The program, loaded once: every test client would otherwise load its own."""
    return ClientHandler(enforce_csrf_checks)


class Asker(Client):
    """A test client that keeps no templates and contexts, which here would cost more than the pages themselves.

    What breaks is answered 500, as it would be outside of tests.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.handler = _handler(self.handler.enforce_csrf_checks)

    def request(self, **request: Any) -> HttpResponseBase:  # type: ignore[override]
        return self.handler(self._base_environ(**request))


def _answer(response: HttpResponseBase) -> tuple[int, str, str, dict[str, str], dict[str, Any]]:
    body = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined, call-overload]
    headers = {name.lower(): value for name, value in response.headers.items()}
    cookies = {name: dict(morsel) | {"value": morsel.value} for name, morsel in response.cookies.items()}
    return (
        response.status_code,
        headers.get("location", ""),
        body.decode("utf-8", "replace"),
        headers,
        cookies,
    )


@contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _written() -> dict[str, int]:
    """Rows inserted, changed or deleted so far, by table; also those of savepoints taken back.

    The sum of this transaction and of those before it that the server has not yet added up: only its growth counts.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        return dict(cursor.fetchall())


def _entries_since(newest: dict[int, int]) -> list[str]:
    found: list[str] = []
    for house_id, last in newest.items():
        with within(house_id):
            found += JournalEntry.objects.filter(id__gt=last).order_by("id").values_list("kind", flat=True)
    return found


def build(folder: Path) -> World:
    """Everything, committed. About a second."""
    world = World(factories.lake_house(), factories.other_house())
    _hire(world.other, "nick", "staff", mark("foreign", "Nick"))
    _name_everybody(world)
    _fill(world, HERE, world.lake, 0, "carol", folder)
    _fill(world, THERE, world.lake, 1, "dan", folder)
    _fill(world, FOREIGN, world.other, 0, "mallory", folder)
    _disable(world)
    _sign_in(world)
    _remember_journal(world)
    return world


def _name_everybody(world: World) -> None:
    """The second place's own name is a secret of those who see it; so are the names of the other house."""
    with within(world.lake.id):
        here, there = world.lake.places
        Place.objects.filter(id=there.id).update(name=mark("placeb", "Boat House"))
        Place.objects.filter(id=here.id).update(name=mark("casea", "Lake House"))
        for place in world.lake.places:
            place.refresh_from_db()
    with within(world.other.id):
        Place.objects.filter(id=world.other.place.id).update(name=mark("foreign", "Inn"))
        Staff.objects.filter(id=world.other.people["mallory"].id).update(name=mark("foreign", "Mallory"))
        world.other.organization.name = mark("foreign", "Other Inn")
        world.other.organization.save()
        for row in (world.other.place, world.other.people["mallory"]):
            row.refresh_from_db()


_OF = {
    HERE: {
        "place": "placea",
        "talk": "talka",
        "case": "casea",
        "house": "house",
        "lead": "leada",
        "keeper": "keepera",
        "sensitive": "sensitive",
    },
    THERE: {
        "place": "placeb",
        "talk": "talkb",
        "case": "caseb",
        "house": "house",
        "lead": "leadb",
        "keeper": "keeperb",
        "sensitive": "sensitive",
    },
    FOREIGN: {
        "place": "foreign",
        "talk": "foreigntalk",
        "case": "foreign",
        "house": "foreign",
        "lead": "foreign",
        "keeper": "foreign",
        "sensitive": "foreign",
    },
}


def _say_with_care(
    actor: Actor, customer: Customer, say: Callable[[str, str], str], moment: datetime
) -> Consent:
    """A need and a mood that only their keeper may know of, and ones that want consent: on every list, if anywhere."""
    consent = know.record_consent(
        actor,
        customer,
        sensitive="health",
        wording=say("sensitive", "wording"),
        language="en",
        how="spoken",
        now=moment,
    )
    for kind in ("need", "fact", "mood"):
        for circle, about in (
            ("keeper", know.About(discretion="keeper")),
            ("sensitive", know.About(sensitive="health")),
        ):
            know.add_note(actor, customer, text=say(circle, kind), kind=kind, about=about, now=moment)
    return consent


def _put_right(
    actor: Actor,
    leader: Actor,
    case: Case,
    say: Callable[[str, str], str],
    moment: datetime,
    made: dict[str, str],
) -> None:
    """A catalogue, trust, something given with a story, a question, and a charge that is held."""
    limits.set_limits(leader, {role: limits.Limit(1000, None) for role in limits.ROLES}, now=moment)
    limits.set_rule(leader, ask_minutes=10, ceiling=None, now=moment)
    worth.set_margin(leader, case.place_id, Decimal(30), now=moment)
    new = catalogue.NewRemedy(
        {"en": say("place", "remedy")}, "extra", "personal", 100, 300, place_id=case.place_id
    )
    remedy = catalogue.add(leader, new, now=moment)
    giving.weigh(actor, case, injustice="outcome", severity=2, now=moment)
    given = giving.give(actor, case, giving.of_remedy(remedy), now=moment)
    giving.tell(actor, given, story=say("talk", "story"), outcome="fine", now=moment)
    more = giving.Gift("extra", say("talk", "more"), Money(5000, "EUR"))
    asked = leave.ask(actor, case, more, now=moment)
    serve.record_purchase(
        actor,
        case.customer,
        amount=Money(500, "EUR"),
        place=case.place,
        about=say("place", "charge"),
        now=moment,
    )
    [held] = HeldCharge.objects.filter(case=case)
    for row in (remedy, given, asked, held):
        made[str(row._meta.model_name)] = row.public_id


def _hit_many(actor: Actor, case: Case, say: Callable[[str, str], str], moment: datetime) -> dict[str, str]:
    """One cause that hit the customer of the case among others, and what was done to all of them."""
    plan = incidents.Plan(
        {"en": say("case", "incident")},
        moment - timedelta(hours=2),
        moment + timedelta(hours=1),
        note=say("talk", "cause"),
    )
    found = incidents.open_incident(actor, case.place, plan, now=moment)
    hit = incidents.add(actor, found, case.customer, now=moment)
    task = IncidentTask.objects.create(
        organization_id=actor.organization_id, incident=found, kind="report", state="done", by_id=actor.staff_id,
        texts={"en": say("case", "report")}, of=1, done=1, asked_at=moment, beat_at=moment, ended_at=moment,
    )  # fmt: skip
    IncidentStatement.objects.create(
        organization_id=actor.organization_id, incident=found, version=1, texts={"en": say("case", "statement")},
        by_id=actor.staff_id, at=moment,
    )  # fmt: skip
    soon = moment + timedelta(hours=3)
    rows = {str(row._meta.model_name): row.public_id for row in (found, hit, task)}
    return rows | {
        "incident_kind": "tell",
        "soon": soon.isoformat(),
        "soon_there": f"{soon.astimezone(case.place.zone):%Y-%m-%dT%H:%M}",
    }


def _practise(world: World, where: str, learner: Actor, moment: datetime) -> None:
    """An exercise, which is its learner's alone."""
    with within(learner.organization_id):
        begun = practise.begin(learner, scenario="cold-room", language="en", now=moment)
        practise.answer(learner, begun, text=mark(_LEARNER[where], "sorry"), count=0, now=moment)
        practise.end_talk(learner, begun, now=moment)
        practise.write_down(learner, begun, failure="", lesson="", now=moment)
    world.ids[where]["practice"] = begun.public_id


_LEARNER = {HERE: "tokencarol", THERE: "tokenalice", FOREIGN: "foreign"}


def _leave_behind(house: factories.House, where: str, moment: datetime) -> None:
    """What nightly jobs and erasing write: of no customer, and still of one house only."""
    of = {"organization_id": house.id}
    ClaimCheck.objects.create(**of, topic=where, held=True, days=30.0, at=moment)
    HalfLife.objects.create(**of, topic=where, days=90.0, low=60.0, high=120.0, checks=1, learned_at=moment)
    done = DuplicateSearch.State.DONE
    DuplicateSearch.objects.create(**of, state=done, started_at=moment, beat_at=moment, finished_at=moment)
    kept = {"basis": "interest", "months": 1, "decided_at": moment, "begins_at": moment}
    Keeping.objects.get_or_create(**of, kind="need", defaults=kept)
    Clearing.objects.create(**of, at=moment, gone={"mood": 1}, held={}, unused={"note": 1})
    Erasure.objects.create(
        **of, customer_id=-1 - Erasure.objects.count(), at=moment
    )  # of a card that is gone
    today = moment.date()
    DaySheet.objects.get_or_create(
        **of, place=house.places[0], day=today, defaults={"form": 0, "packed": b""}
    )
    CoachTally.objects.create(**of, rule=f"en.{where}", day=today, kind=CoachTally.Kind.TAKEN, count=1)
    SilencedRule.objects.create(**of, staff=next(iter(house.people.values())), rule=f"en.{where}", at=moment)


def _rules(leader: Any, say: Any, moment: datetime, made: dict[str, str]) -> None:
    """A rule of the house's own in use, and one that waits for somebody to decide."""
    body = {
        "id": "marble", "category": "style", "why": "So.", "rather": ["Say this"], "tokens": ["the marble way"],
        "examples": {"match": ["It is the marble way."]},
    }  # fmt: skip
    if not LexiconVersion.objects.exists():
        words.change_at_once(leader, [words.Change("en", "marble", body)], now=moment)
    change = words.Change("en", "granite", {**body, "id": "granite"})
    proposal = words.propose(leader, [change], note=say("house", "rule"), now=moment)
    made["lexiconproposal"] = made["proposal"] = proposal.public_id
    made["rule"], made["pack"] = "en.you-failed", "en"


def _standards(
    owner: factories.House,
    leader: Actor,
    actor: Actor,
    place: Place,
    customer: Customer,
    say: Callable[[str, str], str],
    moment: datetime,
    made: dict[str, str],
) -> None:
    """One standard for everywhere, one of the place's own, somebody who came and was not greeted, and what a leader saw of a
    leader's work."""
    if not Standard.objects.filter(place=None).exists():
        standards.add(leader, "farewell", {"en": Said(say("house", "standard"))}, now=moment)
    own = standards.add(
        leader,
        "arrival",
        {"en": Said(say("place", "standard"), say("place", "words"))},
        place=place,
        now=moment,
    )
    came = serve.expect_visit(actor, customer, place, expected_at=moment, now=moment)
    serve.arrive(actor, came, now=moment)
    seen = owner.people["bob"] if "bob" in owner.people and actor.staff_id != owner.people["dan"].id else None
    observed = Observation.objects.create(
        organization_id=owner.id, place=place, staff_id=seen.id if seen else leader.staff_id, observer_id=leader.staff_id,
        by_self=seen is None, moment="arrival", at=moment, made_at=moment, note=say("lead", "seen"),
    )  # fmt: skip
    ObservedMark.objects.create(
        organization_id=owner.id, observation=observed, standard=own, number=1, mark="kept"
    )
    made["standard"], made["observation"] = own.public_id, observed.public_id
    made["courtesy"] = Courtesy.objects.get(visit=came).public_id


def _see_to(
    owner: factories.House,
    where: str,
    actor: Actor,
    case: Case,
    say: Callable[[str, str], str],
    moment: datetime,
    made: dict[str, str],
) -> None:
    """Who is asked to take the case over (whoever serves there), what is grave about it, and what may be chosen."""
    serving = {HERE: ("bob", "alice", "carol"), THERE: ("alice", "dan"), FOREIGN: ("nick", "mallory")}[where]
    colleague = owner.people[serving[0]]
    handing = recover.hand_over(actor, case, to=colleague, note=say("talk", "note"), now=moment)
    HandOver.objects.filter(id=handing.id).update(asked=[owner.people[name].id for name in serving])
    alarm = CaseAlarm.objects.create(
        organization_id=owner.id,
        case=case,
        kind="media",
        source="words",
        certainty=0.9,
        words=say("talk", "post"),
        state="proposed",
        at=moment,
    )
    offered = [recover.Offered(say("case", word), say("talk", word)) for word in ("either", "or")]
    recover.offer_choices(actor, case, offered, now=moment)
    recover.read_lesson(actor, case, now=moment)
    leader = owner.actor("mallory" if where == FOREIGN else "alice")
    recover.set_rule(leader, kind="minor", level="owner", now=moment)
    made["handover"], made["casealarm"] = handing.public_id, alarm.public_id
    made["colleague"] = colleague.public_id


def _fill(world: World, where: str, owner: factories.House, index: int, person: str, folder: Path) -> None:
    of, place, moment, made = _OF[where], owner.places[index], now(), world.ids[where]
    actor = owner.actor(person)
    leader = owner.actor("alice" if owner is world.lake else "mallory")

    def say(circle: str, word: str) -> str:
        return mark(of[circle], f"{word} {where}")

    with within(owner.id):
        address = f"zq{of['house']}zq-{where}@guests.example"
        message = Message(
            "email",
            say("place", "message"),
            [("email", address)],
            name=say("house", "customer"),
            language="en",
        )
        received = receive(actor, place, message, now=moment)
        customer = received.customer
        assert received.promise is not None
        handle = know.GivenIdentity("handle", f"@zq{of['house']}zq{where}")
        identity = know.add_identity(actor, customer, handle, region="TW", now=moment)
        note = know.add_note(actor, customer, text=say("house", "note"), kind="need", place=place, now=moment)
        taking.claim(actor, uuid4(), now=moment)
        consent = _say_with_care(actor, customer, say, moment)
        plan = surprise.Plan(say("place", "gesture"), moment.date(), "alone")
        planned = surprise.propose(actor, customer, place, plan, now=moment)
        Surprise.objects.update(state=Surprise.State.CLEAR)  # whatever marks its words share with others
        twin, former = (
            know.add_customer(actor, name=say("house", "customer"), region="TW", now=moment)
            for _each in range(2)
        )
        know.add_note(actor, former, text=say("house", "note"), kind="fact", now=moment)
        merged = merging.merge(actor, former, customer, reason="looked", now=moment)
        _leave_behind(owner, where, moment)
        pair = merging.ask_later(actor, customer, twin, now=moment)
        made["twin"] = twin.public_id
        visit = serve.expect_visit(
            actor,
            customer,
            place,
            expected_at=moment + timedelta(hours=1),
            about=say("place", "room"),
            now=moment,
        )
        touch = serve.record_touch(
            actor,
            customer,
            channel="phone",
            direction="in",
            text=say("place", "call"),
            place=place,
            waiting=True,
            now=moment,
        )
        corrected = ears.correct(actor, touch, what="complaint", answer="no", now=moment)
        topic = ears.add_topic(leader, name=say("house", "topic")[:40], now=moment)
        purchase = serve.record_purchase(
            actor, customer, amount=Money(1000, "EUR"), place=place, about=say("place", "bought"), now=moment
        )
        promise = promises.give(
            actor, customer, place, kind="call_back", text=say("place", "promise"), due_at=moment + timedelta(hours=2),
            owner_id=actor.staff_id, now=moment,
        )  # fmt: skip
        patient = promises.give(
            actor, customer, place, kind="solution", text=say("place", "solution"), due_at=moment + timedelta(hours=3), now=moment,
        )  # fmt: skip
        made["patient"] = patient.public_id
        rule = policies.decide(leader, policies.Scope("ready_by", place.id), Terms(30), now=moment)
        _standards(owner, leader, actor, place, customer, say, moment, made)
        case = recover.open_case(
            actor,
            customer,
            place,
            title=say("case", "title"),
            complaint=say("case", "complaint"),
            language="en",
            now=moment,
        )
        recover.apologise(actor, case, text=say("case", "apology"), now=moment)
        recover.review_together(
            actor,
            case,
            text=say("talk", "review"),
            wanted=say("talk", "wanted"),
            understood=say("case", "understood"),
            now=moment,
        )
        recover.delight(actor, case, text=say("talk", "extra"), now=moment)
        # The lesson itself is for every colleague of the house.
        findings = recover.Findings(
            "product", say("talk", "failure"), "", say("talk", "cause"), say("house", "lesson")
        )
        recover.document(actor, case, findings, now=moment)
        _see_to(owner, where, actor, case, say, moment, made)
        recover.talk(actor, case, text=say("talk", "talk"), now=moment)
        _put_right(actor, leader, case, say, moment, made)
        _rules(leader, say, moment, made)
        made |= _hit_many(actor, case, say, moment)
        world.secrets[where] = recover.share_link(actor, case, now=moment)
        own_link = own.share_link(actor, customer, now=moment)
        world.secrets[f"own {HERE if where == THERE else where}"] = (
            own_link  # one person at both places has one link
        )
        email = f"zq{of['lead']}zq@invited.example"
        invited = house.invite(
            leader, email=email, name=say("lead", "invited"), role="staff", place_id=place.id, now=moment
        )
        world.secrets[f"invitation {where}"] = invited.secret
        house.set_special_day(leader, place, date(2031, 5, 1), say("lead", "feast"), [], now=moment)
        for row in (
            customer,
            identity,
            note,
            consent,
            planned,
            visit,
            touch,
            corrected,
            topic,
            purchase,
            promise,
            rule,
            case,
            place,
            invited.invitation,
            merged,
            pair,
        ):
            made[str(row._meta.model_name)] = row.public_id
        made["register kind"] = "note"
        rings = calls.Told(f"call {where}", "ringing", say("place", "0912")[:40])
        made["call"] = calls.hear(actor, place, rings, now=moment).public_id
        made["later"] = (moment + timedelta(days=1)).isoformat()
        made["message"] = received.touch.public_id
        made["answer"] = received.promise.public_id
        made["owner"] = owner.people[person].public_id
        made["staff"] = owner.people["nick" if where == FOREIGN else person].public_id
        made["organization"] = public_id("organization", owner.id)
    _imports(world, where, owner, place, say, folder)
    _tokens(world, where, owner, moment)
    with within(owner.id):
        forgetful = owner.people["nick" if where == FOREIGN else person]
        world.secrets[f"password {where}"] = house.issue_password_link(leader, forgetful, now=moment)


def _imports(world: World, where: str, owner: factories.House, place: Place, say: Any, folder: Path) -> None:
    """One import that waits to be started, one that is done and has rejected a row."""
    by = owner.actor("alice" if owner is world.lake else "mallory")
    for name in ("importrun", "done"):
        path = folder / f"{where}-{name}.csv"
        path.write_text(f"name,phone\n{say('house', name)},+886912345678\n,=1+1 {say('lead', 'rejected')}\n")
        file_hash, size = files.measure(path)
        with within(owner.id):
            prepared = connect.prepare_import(
                by, subject="customers", path=path, file_name=f"{say('lead', 'file')}.csv", file_hash=file_hash,
                size=size, place=place, now=now(),
            )  # fmt: skip
            world.ids[where][name] = prepared.public_id
            world.ids[where][f"{name} row"] = str(prepared.id)
        if name == "done":
            run.carry_out(owner.id, prepared.id)


def _tokens(world: World, where: str, owner: factories.House, moment: datetime) -> None:
    """The token that the table speaks of as `key`: Carol's here, Alice's there, Mallory's in the other house."""
    holder = {HERE: "carol", THERE: "alice", FOREIGN: "mallory"}[where]
    _practise(world, where, owner.actor(holder), moment)
    circle = "foreign" if where == FOREIGN else f"token{holder}"
    with within(owner.id):
        house.make_token(
            owner.actor(holder), label=mark(circle, "token"), scopes=["customers:read"], now=moment
        )
        newest = Key.objects.filter(kind=Key.Kind.API).order_by("-id").values_list("id", flat=True)[0]
        world.ids[where]["key"] = public_id("key", newest)


def _hire(home: factories.House, name: str, role: str, called: str) -> Staff:
    with within(home.id):
        user = User.objects.create_user(f"{name}@{home.id}.example", "correct horse battery")
        staff = Staff.objects.create(organization=home.organization, user=user, name=called)
        Assignment.objects.create(organization=home.organization, staff=staff, place=home.place, role=role)
    home.people[name] = staff
    return staff


def _disable(world: World) -> None:
    """Fred worked at the first place and does so no more."""
    fred = _hire(world.lake, "fred", "manager", "Fred")
    with within(world.lake.id):
        world.tokens["fired"] = "rugui_" + keys.issue(
            world.lake.id, Key.Kind.API, fred.id, scopes=ALL_SCOPES, now=now()
        )
        house.disable_staff(world.lake.actor("alice"), fred, now=now())
        # Not closed by anybody, and still of no use.
        world.tokens["disabled"] = "rugui_" + keys.issue(
            world.lake.id, Key.Kind.API, fred.id, scopes=ALL_SCOPES, now=now()
        )


def _sign_in(world: World) -> None:
    for home, names in ((world.lake, sorted(STAFF)), (world.other, ["mallory"])):
        for name in names:
            world.sessions[name] = _session(home, home.people[name].user, chosen=home.id)
            world.tokens[name] = _token(home, home.people[name], ALL_SCOPES)
    fred = world.lake.people["fred"].user
    world.sessions["fired"] = _session(
        world.lake, fred, chosen=world.lake.id
    )  # was signed in when it happened
    world.sessions["disabled"] = _session(world.lake, fred, chosen=None)  # signs in afterwards
    carol = world.lake.people["carol"]
    world.tokens["no scope"] = _token(world.lake, carol, [])
    world.tokens["expired"] = _token(world.lake, carol, ALL_SCOPES, expires_at=now())
    world.tokens["revoked"] = _token(world.lake, carol, ALL_SCOPES)
    with within(world.lake.id):
        Key.objects.filter(id=Key.objects.order_by("-id")[0].id).update(revoked_at=now())
    world.tokens["a case's link"] = "rugui_" + world.secrets[HERE]
    world.tokens["invented"] = "rugui_" + "a" * 43


def token_with(world: World, scopes: list[str], who: str = "carol") -> str:
    """Somebody's, limited to these; made once."""
    name = " ".join([*scopes, *([who] if who != "carol" else [])])
    if name not in world.tokens:
        world.tokens[name] = _token(world.lake, world.lake.people[who], scopes)
    return world.tokens[name]


def _token(home: factories.House, staff: Staff, scopes: list[str], **options: Any) -> str:
    with within(home.id):
        return "rugui_" + keys.issue(home.id, Key.Kind.API, staff.id, scopes=scopes, now=now(), **options)


def _session(home: factories.House, user: User, *, chosen: int | None) -> str:
    client = Client()
    client.force_login(user)
    session = client.session
    if chosen is not None:
        session["organization"] = chosen
    session.save()
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def _remember_journal(world: World) -> None:
    for home in (world.lake, world.other):
        with within(home.id):
            world.newest[home.id] = JournalEntry.objects.order_by("-id").values_list("id", flat=True)[0]
