"""The promise as a machine: given, kept, put off, paused, undone, and rung in whatever order, some things always hold.

Beside the database stands a model in plain Python that says what each promise must be; after every step the two are compared.
`RUGUI_MACHINE_RUNS=2000` asks for the full number of runs of fifty steps each; without it there are a few, as a check.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from rugui.core.errors import ChangedMeanwhile, InputError
from rugui.core.tenancy import within
from rugui.engines.calendar import working_time_between
from rugui.house.access import Actor
from rugui.house.models import OpeningHours
from rugui.know.models import Customer
from rugui.promise import actions, policies, sheets, waiting
from rugui.promise.clock.ringing import CLAIM
from rugui.promise.models import Promise, PromisePolicy
from rugui.promise.terms import Step, Terms

from .. import factories
from ..factories import NOON
from ..machines import RUNS, STEPS, HouseMachine
from .test_sheets import from_rows, from_sheets

PEOPLE = ("alice", "bob", "carol")
KINDS = ("answer", "next_answer", "solution", "call_back", "delivery", "ready_by", "other")
Kind, State = Promise.Kind, Promise.State

people, numbers = st.sampled_from(PEOPLE), st.integers(0, 10**6)
lengths = st.integers(2, 600)
terms = st.builds(
    Terms,
    minutes=lengths,
    counts=st.sampled_from(["wall", "working"]),
    marks=st.sampled_from([(), (75,), (50, 75), (25, 50, 90)]),
    not_before=st.sampled_from([None, None, 5]),
    may_pause=st.booleans(),
    renew_minutes=st.sampled_from([None, None, 30]),
    rises=st.sampled_from([(), (Step(5, "duty"),), (Step(5, "duty"), Step(20, "all_leaders"))]),
    tells=st.sampled_from(["nothing", "due", "beaten"]),
)


@dataclass
class Model:
    """What one promise must be."""

    state: str
    given_with: tuple[Any, ...]
    """What nobody may change once it is given."""
    due_at: datetime
    settled_at: datetime | None = None
    paused_at: datetime | None = None
    paused: list[tuple[datetime, datetime]] = field(default_factory=list)
    broken: bool = False
    """Once and for all."""
    renewal: int | None = None


class PromiseMachine(HouseMachine):
    """Promises to one customer of the Lake House, whatever happens to them."""

    actors: dict[str, Actor]
    customer: Customer

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = NOON
        self.models: dict[int, Model] = {}
        self.looked_at: datetime = NOON

    # What is done to them

    @rule(who=people, kind=st.sampled_from(KINDS), minutes=st.none() | lengths, urgent=st.booleans())
    def give(self, who: str, kind: str, minutes: int | None, urgent: bool) -> None:
        self.now += timedelta(seconds=1)
        due_at = None if minutes is None else self.now + timedelta(minutes=minutes)
        promise = actions.give(
            self.actors[who], self.customer, self.house.place, kind=kind, due_at=due_at, owner_id=self.house.people[who].id,
            priority="urgent" if urgent else "normal", now=self.now,
        )  # fmt: skip
        self._begins(promise)
        assert due_at is None or promise.due_at == due_at

    @precondition(lambda self: self.models)
    @rule(who=people, which=numbers)
    def keep(self, who: str, which: int) -> None:
        promise, model = self._one(which)
        early = promise.not_before is not None and self.now + timedelta(seconds=1) < promise.not_before
        if self._refused(
            InputError if early else None if model.settled_at is None else ChangedMeanwhile,
            actions.keep,
            who,
            promise,
        ):
            return
        self._settled(model, State.KEPT, promise)
        if promise.renew_minutes and model.state == State.KEPT:
            self._renewed(model, promise.id, self.now + timedelta(minutes=promise.renew_minutes))

    @precondition(lambda self: self.models)
    @rule(who=people, which=numbers, minutes=lengths)
    def renegotiate(self, who: str, which: int, minutes: int) -> None:
        promise, model = self._one(which)
        due_at = self.now + timedelta(seconds=1, minutes=minutes)
        wrong = None if model.settled_at is None else ChangedMeanwhile
        if self._refused(wrong, actions.renegotiate, who, promise, due_at=due_at):
            return
        self._settled(model, State.RENEGOTIATED, promise)
        self._renewed(model, promise.id, due_at, exactly=True)

    @precondition(lambda self: self.models)
    @rule(who=people, which=numbers)
    def withdraw(self, who: str, which: int) -> None:
        promise, model = self._one(which)
        if not self._refused(
            None if model.settled_at is None else ChangedMeanwhile, actions.withdraw, who, promise
        ):
            self._settled(model, State.WITHDRAWN, promise)

    @precondition(lambda self: self.models)
    @rule(who=people, which=numbers)
    def undo(self, who: str, which: int) -> None:
        promise, model = self._one(which)
        renewal = self.models.get(model.renewal or 0)
        too_late = (
            model.settled_at is None or model.settled_at < self.now + timedelta(seconds=1) - actions.UNDO_FOR
        )
        taken_up = renewal is not None and (renewal.state != State.OPEN or renewal.settled_at is not None)
        if self._refused(ChangedMeanwhile if too_late or taken_up else None, actions.undo, who, promise):
            return
        if renewal is not None:
            self._settled(renewal, State.WITHDRAWN, Promise.objects.get(id=model.renewal))
            model.renewal = None
        model.state, model.settled_at = State.BROKEN if model.broken else State.OPEN, None
        if model.state == State.OPEN and model.due_at <= self.looked_at:
            self.looked_at = model.due_at - timedelta(
                microseconds=1
            )  # it came back after the clock had looked

    @precondition(lambda self: self.models)
    @rule(who=people, which=numbers)
    def take(self, who: str, which: int) -> None:
        promise, model = self._one(which)
        self._refused(
            None if model.settled_at is None else ChangedMeanwhile,
            actions.take,
            who,
            promise,
            owner=self.house.people[who],
        )

    @precondition(lambda self: self.models)
    @rule(who=people, which=numbers, reason=st.sampled_from(["answer", "thing", "time"]))
    def pause(self, who: str, which: int, reason: str) -> None:
        promise, model = self._one(which)
        runs = model.state == State.OPEN and model.settled_at is None and model.paused_at is None
        ahead = promise.due_at > self.now + timedelta(seconds=1)
        wrong = InputError if not promise.may_pause else None if runs and ahead else ChangedMeanwhile
        if not self._refused(wrong, waiting.pause, who, promise, waits_for=reason):
            model.paused_at = self.now

    @precondition(lambda self: self.models)
    @rule(who=people, which=numbers)
    def resume(self, who: str, which: int) -> None:
        promise, model = self._one(which)
        if not self._refused(None if model.paused_at else ChangedMeanwhile, waiting.resume, who, promise):
            self._resumed(promise.id)

    @rule()
    def the_customer_writes(self) -> None:
        self.now += timedelta(seconds=1)
        waiting.answered(self.actors["carol"], self.customer.id, self.house.place.id, now=self.now)
        for promise_id, model in self.models.items():
            if model.paused_at is not None:
                self._resumed(promise_id)

    @rule(
        who=st.sampled_from(["alice", "bob"]),
        kind=st.sampled_from(KINDS),
        decided=terms,
        channel=st.sampled_from(["", "chat"]),
    )
    def decide_otherwise(self, who: str, kind: str, decided: Terms, channel: str) -> None:
        """A new rule, or another one in its place: nothing given before changes, which the comparison sees."""
        self.now += timedelta(seconds=1)
        scope = policies.Scope(kind, self.house.place.id, channel)
        row = PromisePolicy.objects.filter(
            place=self.house.place, kind=kind, channel=channel, priority=""
        ).first()
        policies.decide(self.actors[who], scope, decided, now=self.now, row=row)

    @rule(minutes=st.sampled_from([1, 5, 20, 90, 700, 3000]), clocks=st.integers(0, 3))
    def time_passes(self, minutes: int, clocks: int) -> None:
        """With the clock looking in between, or not at all, as when it is killed."""
        for step in range(1, clocks + 1):
            self._look(self.now + timedelta(minutes=minutes) * step / clocks)
        self.now += timedelta(minutes=minutes)
        event(f"{clocks} looks")

    @rule()
    def two_clocks_look_at_once(self) -> None:
        self._look(self.now)
        self._look(self.now)

    @rule(days=st.sampled_from([0, 1, 4]))
    def sheets_are_written(self, days: int) -> None:
        """Of days gone by, or too early: what they say must not depend on when they were written."""
        sheets.write(self.house.id, now=self.now + timedelta(days=days))

    # What must come of it

    def _look(self, now: datetime) -> None:
        while True:
            with connection.cursor() as cursor:
                cursor.execute(CLAIM, {"now": now, "skip": [], "only": None})
                if not cursor.fetchall():
                    break
        self.looked_at = now
        for model in self.models.values():
            if (
                model.state == State.OPEN
                and model.settled_at is None
                and model.paused_at is None
                and model.due_at <= now
            ):
                model.state, model.broken = State.BROKEN, True

    def _refused(
        self, wrong: type[Exception] | None, act: Any, who: str, promise: Promise, **more: Any
    ) -> bool:
        """Acts a second later. It must be refused as `wrong` says, or not at all."""
        self.now += timedelta(seconds=1)
        if wrong is None:
            act(self.actors[who], promise, now=self.now, **more)
            return False
        with pytest.raises(wrong), transaction.atomic():
            act(self.actors[who], promise, now=self.now, **more)
        return True

    def _one(self, which: int) -> tuple[Promise, Model]:
        promise_id = list(self.models)[which % len(self.models)]
        return Promise.objects.select_related("customer", "place").get(id=promise_id), self.models[promise_id]

    def _begins(self, promise: Promise) -> None:
        promise.refresh_from_db()
        self.models[promise.id] = Model(State.OPEN, given_with(promise), promise.due_at)

    def _renewed(self, model: Model, promise_id: int, due_at: datetime, *, exactly: bool = False) -> None:
        renewal = Promise.objects.get(renews_id=promise_id)
        assert renewal.due_at == due_at if exactly or renewal.counts == "wall" else renewal.due_at >= due_at
        self._begins(renewal)
        model.renewal = renewal.id

    def _settled(self, model: Model, state: str, promise: Promise) -> None:
        if model.paused_at is not None:
            self._moved(model, promise.id)
        model.settled_at = self.now
        model.state = State.BROKEN if model.broken else state

    def _resumed(self, promise_id: int) -> None:
        self._moved(self.models[promise_id], promise_id)

    def _moved(self, model: Model, promise_id: int) -> None:
        """As much of the time that counts is left as when it began to wait, to the microsecond."""
        assert model.paused_at is not None
        moved = Promise.objects.get(id=promise_id)
        if moved.counts == "wall":
            assert moved.due_at - self.now == model.due_at - model.paused_at
        else:
            calendar = policies.calendar_of(self.house.place)
            assert calendar is not None
            left = working_time_between(calendar, model.paused_at, model.due_at)
            assert working_time_between(calendar, self.now, moved.due_at) == left
        model.paused.append((model.paused_at, self.now))
        model.due_at, model.paused_at = moved.due_at, None

    @invariant()
    def the_database_is_as_the_model_says(self) -> None:
        rows = {row.id: row for row in Promise.objects.filter(customer=self.customer)}
        assert rows.keys() == self.models.keys()
        for promise_id, model in self.models.items():
            row = rows[promise_id]
            seen = (row.state, row.due_at, row.settled_at, row.paused_at, given_with(row))
            assert seen == (model.state, model.due_at, model.settled_at, model.paused_at, model.given_with)

    @invariant()
    def rings_are_as_the_model_says(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(RINGS, [self.customer.id])
            rings = cursor.fetchall()
        broke = {promise_id for promise_id, kind, _step, _at in rings if kind == "due"}
        assert broke == {promise_id for promise_id, model in self.models.items() if model.broken}
        for promise_id, kind, _step, at in rings:
            model = self.models[promise_id]
            assert not any(since < at <= until for since, until in model.paused), "rang while it waited"
            assert model.settled_at is None or at <= model.settled_at, "rang after it was settled"
            assert kind == "warn" or at >= model.due_at, "broke before its time"

    @invariant()
    def sheets_say_what_the_promises_say(self) -> None:
        later = self.now + timedelta(days=5)
        assert from_sheets(self.house, later) == from_rows(self.house, later)

    @invariant()
    def it_holds(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(WRONG, {"customer": self.customer.id, "looked": self.looked_at})
            assert [row[0] for row in cursor.fetchall()] == []


def given_with(row: Promise) -> tuple[Any, ...]:
    return (
        row.kind, row.made_at, row.counts, row.may_pause, row.renew_minutes, tuple(row.warn_to), tuple(row.due_to),
        tuple(row.rise_to), row.priority, row.channel,
    )  # fmt: skip


RINGS = """
SELECT r.promise_id, r.kind, r.step, r.at FROM rugui_ring r JOIN rugui_promise p ON p.id = r.promise_id WHERE p.customer_id = %s
"""
WRONG = """
WITH it AS (SELECT * FROM rugui_promise WHERE customer_id = %(customer)s),
said AS (SELECT j.* FROM rugui_journalentry j JOIN it ON it.id = j.subject_id WHERE j.kind LIKE 'promise.%%')
SELECT 'what runs rings or waits' FROM it WHERE state = 'open' AND ring_at IS NULL AND paused_at IS NULL
UNION ALL SELECT 'what has ended does not ring' FROM it WHERE settled_at IS NOT NULL AND (ring_at IS NOT NULL OR paused_at IS NOT NULL)
UNION ALL SELECT 'nothing that was due when the clock looked still runs' FROM it
    WHERE state = 'open' AND settled_at IS NULL AND paused_at IS NULL AND due_at <= %(looked)s
UNION ALL SELECT 'it rings no later than it is due' FROM it WHERE state = 'open' AND ring_at > due_at
UNION ALL SELECT 'a broken one calls others next, or nobody' FROM it
    WHERE state = 'broken' AND ring_at IS NOT NULL AND NOT ring_at = ANY (rise_at)
UNION ALL SELECT 'each is given once' FROM it WHERE (SELECT count(*) FROM said WHERE subject_id = it.id AND kind = 'promise.given') <> 1
UNION ALL SELECT 'each ring is in the journal' FROM it WHERE (
    SELECT count(*) FROM said WHERE subject_id = it.id AND kind IN ('promise.warned', 'promise.broken', 'promise.risen')
) <> (SELECT count(*) FROM rugui_ring WHERE promise_id = it.id)
UNION ALL SELECT 'waits for something' FROM it WHERE (paused_at IS NULL) <> (waits_for = '')
UNION ALL SELECT 'urgent breaks go first' FROM it WHERE rank <> CASE
    WHEN ring_at < due_at THEN 2 WHEN priority = 'urgent' OR due_at - made_at <= interval '1 hour' THEN 0 ELSE 1 END
"""
"""What must never be so, each in a row of its own."""


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.django_db
def test_no_order_of_events_breaks_what_promises_say(lake_house: factories.House) -> None:
    with within(lake_house.id):
        for weekday in range(5):
            for opens, closes in ((time(9), time(12)), (time(14), time(22))):
                OpeningHours.objects.create(
                    organization=lake_house.organization, place=lake_house.place, weekday=weekday, opens=opens, closes=closes
                )  # fmt: skip
    PromiseMachine.house = lake_house
    PromiseMachine.actors = {name: lake_house.actor(name) for name in PEOPLE}
    PromiseMachine.customer = factories.customer(lake_house)
    run_state_machine_as_test(
        PromiseMachine,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
