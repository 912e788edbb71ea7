"""The case as a machine: whatever is done to it in whatever order, by colleagues, the customer, and time, some things always hold.

`RUGUI_MACHINE_RUNS=2000` asks for the full number of runs of fifty steps each; without it there are a few, as a check.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from rugui.core.errors import HouseError
from rugui.house.access import Actor
from rugui.know.models import Customer
from rugui.promise import actions as promises
from rugui.promise.clock.ringing import CLAIM, HAND_OVERS
from rugui.promise.models import Promise
from rugui.recover import actions
from rugui.recover.access import Guest
from rugui.recover.models import Case, CaseAlarm, CaseChoice, CaseStep, HandOver
from rugui.serve import actions as serve
from rugui.serve.models import Visit

from .. import factories
from ..factories import NOON
from ..machines import RUNS, STEPS, HouseMachine

PEOPLE = ("alice", "bob", "carol")
Step, State = CaseStep.Step, Case.State

people = st.sampled_from(PEOPLE)
words = st.sampled_from(["Sorry.", "Warm again.", "My son was hurt and I will call my lawyer.", " "])


class CaseMachine(HouseMachine):
    """One case of the Lake House."""

    actors: dict[str, Actor]
    customer: Customer

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = NOON
        place = self.house.place
        self.case = actions.open_case(
            self.actors["carol"], self.customer, place, title="Cold", complaint="I am cold.", now=NOON
        )
        self.guest = Guest(self.house.id, self.case.id).actor

    def do(self, act: Callable[..., object], *given: Any, **more: Any) -> None:
        """Acts a second later; being refused is fine, breaking is not."""
        self.now += timedelta(seconds=1)
        with suppress(HouseError), transaction.atomic():
            act(*given, now=self.now, **more)

    def seen(self) -> Case:
        return Case.objects.select_related("customer", "place", "place__organization").get(id=self.case.id)

    @rule(who=people, text=words)
    def apologise(self, who: str, text: str) -> None:
        self.do(actions.apologise, self.actors[who], self.seen(), text=text)

    @rule(who=people, text=words, wanted=words)
    def review(self, who: str, text: str, wanted: str) -> None:
        self.do(
            actions.review_together,
            self.actors[who],
            self.seen(),
            text=text,
            wanted=wanted,
            injustice=["process"],
        )

    @rule(who=people, text=words)
    def report(self, who: str, text: str) -> None:
        self.do(actions.report_progress, self.actors[who], self.seen(), text=text)

    @rule(who=people, text=words)
    def solve(self, who: str, text: str) -> None:
        self.do(actions.solve, self.actors[who], self.seen(), text=text)

    @rule(who=people, text=words)
    def delight(self, who: str, text: str) -> None:
        self.do(actions.delight, self.actors[who], self.seen(), text=text)

    @rule(who=people, lesson=words, alarms=st.lists(st.sampled_from(CaseAlarm.Kind.values), max_size=1))
    def document(self, who: str, lesson: str, alarms: list[str]) -> None:
        found = actions.Findings("time", "late", lesson=lesson, alarms=alarms)
        self.do(actions.document, self.actors[who], self.seen(), found)

    @rule(who=people, lesson=words)
    def share(self, who: str, lesson: str) -> None:
        self.do(actions.share, self.actors[who], self.seen(), lesson=lesson)

    @rule(who=people, step=st.sampled_from(Step.values), why=words)
    def skip(self, who: str, step: str, why: str) -> None:
        self.do(actions.skip, self.actors[who], self.seen(), step=step, why=why)

    @rule(who=people)
    def close(self, who: str) -> None:
        self.do(actions.close, self.actors[who], self.seen())

    @rule(who=people)
    def walk_what_is_left_and_close(self, who: str) -> None:
        for act in (actions.apologise, actions.solve, actions.delight):
            self.do(act, self.actors[who], self.seen(), text="Well.")
        self.do(actions.document, self.actors[who], self.seen(), actions.Findings("time", "late"))
        for step in Step.values:
            self.do(actions.skip, self.actors[who], self.seen(), step=step, why="They left.")
        self.do(actions.close, self.actors[who], self.seen())

    @rule(who=people)
    def undo_close(self, who: str) -> None:
        self.do(actions.undo_close, self.actors[who], self.seen())

    @rule(who=people)
    def reopen(self, who: str) -> None:
        self.do(actions.reopen, self.actors[who], self.seen())

    @rule(who=people, minutes=st.integers(1, 90))
    def agree_on_another_time(self, who: str, minutes: int) -> None:
        clock = Promise.objects.filter(case_id=self.case.id, kind="progress", settled_at=None).first()
        if clock is not None:
            due_at = self.now + timedelta(minutes=minutes)
            self.do(promises.renegotiate, self.actors[who], clock, due_at=due_at)

    @rule(who=people, kind=st.sampled_from(["follow_up", "call_back", "answer"]), late=st.booleans())
    def keep_what_is_owed(self, who: str, kind: str, late: bool) -> None:
        owed = Promise.objects.select_related("customer", "place").filter(
            case_id=self.case.id, kind=kind, settled_at=None
        )
        if (promise := owed.order_by("-due_at" if late else "due_at").first()) is not None:
            self.do(promises.keep, self.actors[who], promise)

    @rule(who=people, to=people)
    def hand_over(self, who: str, to: str) -> None:
        self.do(
            actions.hand_over, self.actors[who], self.seen(), to=self.house.people[to], note="Going home."
        )

    @precondition(lambda self: self.handing() is not None)
    @rule(who=people, answer=st.sampled_from([actions.accept, actions.decline, actions.withdraw_hand_over]))
    def answer_it(self, who: str, answer: Callable[..., None]) -> None:
        handing = self.handing()
        assert handing is not None
        handing.case = self.seen()
        self.do(answer, self.actors[who], handing)

    @rule(who=people)
    def take(self, who: str) -> None:
        self.do(actions.take_case, self.actors[who], self.seen(), owner=self.house.people[who])

    @rule(who=people, kind=st.sampled_from(CaseAlarm.Kind.values))
    def call_somebody_senior(self, who: str, kind: str) -> None:
        self.do(actions.raise_alarm, self.actors[who], self.seen(), kind=kind)

    @rule(who=people, decide=st.sampled_from([actions.confirm_alarm, actions.dismiss_alarm]))
    def decide(self, who: str, decide: Callable[..., None]) -> None:
        if (alarm := CaseAlarm.objects.filter(case=self.case, state="proposed").first()) is not None:
            self.do(decide, self.actors[who], self.seen(), alarm)

    @rule(who=people)
    def offer(self, who: str) -> None:
        self.do(actions.offer_choices, self.actors[who], self.seen(), ["Tea", "Cake"])

    @rule(last=st.booleans())
    def they_choose(self, last: bool) -> None:
        rows = CaseChoice.objects.filter(case=self.case).order_by("-id" if last else "id")
        if (choice := rows.first()) is not None:
            self.do(actions.choose, self.guest, self.seen(), choice.id)

    @rule(text=words)
    def they_write(self, text: str) -> None:
        self.do(actions.customer_writes, self.guest, self.seen(), text=text)

    @rule(tap=st.sampled_from([actions.not_solved, actions.ask_for_a_person]))
    def they_tap(self, tap: Callable[..., object]) -> None:
        self.do(tap, self.guest, self.seen(), text="Please.")

    @rule()
    def they_come_again(self) -> None:
        visit = serve.expect_visit(
            self.actors["alice"], self.customer, self.house.place, expected_at=self.now, now=self.now
        )
        self.do(serve.arrive, self.actors["alice"], visit)
        if visit.state == Visit.State.ARRIVED and self.now.second % 2:
            self.do(serve.undo, self.actors["alice"], visit)

    @rule(minutes=st.sampled_from([1, 3, 20, 1500, 12000]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        with connection.cursor() as cursor:
            cursor.execute(CLAIM, {"now": self.now, "skip": [], "only": None})
            cursor.execute(HAND_OVERS, {"now": self.now})

    @rule(state=st.sampled_from(State.values))
    def somebody_writes_into_the_database(self, state: str) -> None:
        """Past every action. The database lets through only what keeps its rules, which the invariants then judge."""
        before = Case.objects.values_list("state", flat=True).get(id=self.case.id)
        legal = {("open", "open"), ("solved", "solved"), ("closed", "closed")}
        with suppress(DatabaseError), transaction.atomic():
            Case.objects.filter(id=self.case.id).update(state=state, solved_at=self.now, closed_at=self.now)
            after = Case.objects.values_list("state", flat=True).get(id=self.case.id)
            assert (before, after) != ("open", "closed")
            self.whole(after)
            if (before, after) not in legal:
                raise DatabaseError("taken back: only whether it was let through was of interest")

    def handing(self) -> HandOver | None:
        return HandOver.objects.filter(case=self.case, state="waiting").first()

    def whole(self, state: str) -> None:
        """No step missing in silence."""
        steps = {row.step: row for row in CaseStep.objects.filter(case=self.case)}
        if state == State.CLOSED:
            assert set(steps) == set(Step.values)
        if state != State.OPEN:
            assert Step.FIX in steps

    @invariant()
    def it_holds(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(BROKEN, {"case": self.case.id, "now": self.now})
            wrong = [row[0] for row in cursor.fetchall()]
        assert wrong == []


BROKEN = """
WITH it AS (SELECT * FROM rugui_case WHERE id = %(case)s),
owed AS (SELECT p.* FROM rugui_promise p WHERE p.case_id = %(case)s AND p.settled_at IS NULL),
steps AS (SELECT * FROM rugui_casestep WHERE case_id = %(case)s),
waiting AS (SELECT * FROM rugui_handover WHERE case_id = %(case)s AND state = 'waiting')
SELECT 'one clock while it is open, none else' FROM it
    WHERE (SELECT count(*) FROM owed WHERE kind = 'progress') <> (CASE it.state WHEN 'open' THEN 1 ELSE 0 END)
UNION ALL SELECT 'somebody who works here owns it' FROM it
    WHERE NOT EXISTS (SELECT FROM rugui_staff s WHERE s.id = it.owner_id AND s.active)
UNION ALL SELECT 'what is owed is its owner''s' FROM it, owed
    WHERE owed.owner_id IS DISTINCT FROM it.owner_id AND owed.kind NOT IN ('leave', 'story')
UNION ALL SELECT 'closed is documented' FROM it WHERE it.state = 'closed' AND it.documented_at IS NULL
UNION ALL SELECT 'closed has every step' FROM it WHERE it.state = 'closed' AND (SELECT count(*) FROM steps) <> 7
UNION ALL SELECT 'solved is told' FROM it WHERE it.state <> 'open' AND NOT EXISTS (SELECT FROM steps WHERE step = 'fix')
UNION ALL SELECT 'left out with a reason' FROM steps WHERE skipped AND (text = '' OR step IN ('fix', 'document'))
UNION ALL SELECT 'left out in silence' FROM steps WHERE skipped AND NOT EXISTS (
    SELECT FROM rugui_journalentry j WHERE j.case_id = %(case)s AND j.kind = 'case.skipped' AND j.payload ->> 'step' = step)
UNION ALL SELECT 'two follow-ups at most, and none while it is open' FROM it
    WHERE (SELECT count(*) FROM owed WHERE kind = 'follow_up') > (CASE it.state WHEN 'open' THEN 0 ELSE 2 END)
UNION ALL SELECT 'a hand-over ends with the case' FROM it, waiting WHERE it.state = 'closed'
UNION ALL SELECT 'one hand-over, of somebody, that comes back in time' FROM waiting
    WHERE cardinality(asked) = 0 OR due_at <= %(now)s - interval '3 minutes' OR (SELECT count(*) FROM waiting) > 1
UNION ALL SELECT 'one choice an offer' FROM rugui_casechoice WHERE case_id = %(case)s AND chosen_at IS NOT NULL
    GROUP BY offer HAVING count(*) > 1
UNION ALL SELECT 'a shared lesson has words' FROM it WHERE it.shared_at IS NOT NULL AND it.lesson = ''
"""
"""What must never be so, each in a row of its own."""


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.django_db
def test_no_order_of_events_breaks_a_case(lake_house: factories.House) -> None:
    CaseMachine.house = lake_house
    CaseMachine.actors = {name: lake_house.actor(name) for name in PEOPLE}
    CaseMachine.customer = factories.customer(lake_house)
    run_state_machine_as_test(
        CaseMachine,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
