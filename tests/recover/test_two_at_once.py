"""Two colleagues who act in the same moment, each on a connection of their own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rugui.connect.inbox import Message, receive_from
from rugui.core import keys
from rugui.core.models import Key
from rugui.core.tenancy import within
from rugui.core.time import now
from rugui.promise import actions as promises
from rugui.promise.models import Promise
from rugui.recover import actions
from rugui.recover.models import Case, CaseMessage
from rugui.team.actions import hold_line_up

from .. import factories
from ..at_once import at_once


@pytest.fixture
def house(committed_house: factories.House) -> factories.House:
    return committed_house


@pytest.fixture
def case(house: factories.House) -> Case:
    customer = factories.customer(house)
    with within(house.id):
        return actions.open_case(house.actor("carol"), customer, house.place, title="Cold", now=now())


def same(case: Case) -> Case:
    return Case.objects.select_related("customer", "place").get(id=case.id)


def running(house: factories.House) -> int:
    with within(house.id):
        return Promise.objects.filter(kind="progress", state="open").count()


def test_of_two_reports_one_counts_and_one_clock_runs(house: factories.House, case: Case) -> None:
    carol, bob = house.actor("carol"), house.actor("bob")
    outcome = at_once(
        house,
        lambda: actions.report_progress(carol, same(case), text="On it.", now=now()),
        lambda: actions.report_progress(bob, same(case), text="On it too.", now=now()),
    )
    assert outcome == ["done", "changed meanwhile"]
    assert running(house) == 1
    with within(house.id):
        assert list(CaseMessage.objects.values_list("text", flat=True)) == ["On it."]


def test_a_report_while_another_solves_it_is_refused(house: factories.House, case: Case) -> None:
    carol, bob = house.actor("carol"), house.actor("bob")
    outcome = at_once(
        house,
        lambda: actions.solve(carol, same(case), text="Warm.", now=now()),
        lambda: actions.report_progress(bob, same(case), text="On it.", now=now()),
    )
    assert outcome == ["done", "changed meanwhile"]
    assert running(house) == 0


def test_a_report_while_another_time_is_agreed_leaves_one_clock(house: factories.House, case: Case) -> None:
    carol, bob = house.actor("carol"), house.actor("bob")

    def agree() -> None:
        clock = Promise.objects.select_related("customer", "place").get(case=case, settled_at=None)
        promises.renegotiate(carol, clock, due_at=now() + promises.UNDO_FOR * 4, now=now())

    outcome = at_once(
        house, agree, lambda: actions.report_progress(bob, same(case), text="On it.", now=now())
    )
    assert outcome == ["done", "changed meanwhile"]
    assert running(house) == 1


def test_two_links_made_at_once_leave_one_that_opens(house: factories.House, case: Case) -> None:
    carol, bob = house.actor("carol"), house.actor("bob")
    secrets: list[str] = []
    outcome = at_once(
        house,
        lambda: secrets.append(actions.share_link(carol, same(case), now=now())),
        lambda: secrets.append(actions.share_link(bob, same(case), now=now())),
    )
    assert outcome == ["done", "done"]
    assert [keys.find(secret, Key.Kind.CASE, now=now()) is not None for secret in secrets] == [False, True]


def test_a_line_up_is_held_once(house: factories.House) -> None:
    carol, bob = house.actor("carol"), house.actor("bob")
    outcome = at_once(
        house,
        lambda: hold_line_up(carol, house.place, now=now()),
        lambda: hold_line_up(bob, house.place, now=now()),
    )
    assert outcome == ["done", "changed meanwhile"]


def writes(house: factories.House, case: Case, words: str, *, complaint: bool = True) -> Callable[[], object]:
    """The customer's message from outside."""
    bob = house.actor("bob")
    message = Message("email", words, (), complaint=complaint)
    return lambda: receive_from(bob, house.place, case.customer, message, now=now())


def thread(house: factories.House, case: Case) -> list[str]:
    with within(house.id):
        said = CaseMessage.objects.filter(case=case, direction="in").order_by("id")
        return list(said.values_list("text", flat=True))


def be_done(house: factories.House, case: Case) -> None:
    """Walks all the steps, so that the case can be closed."""
    carol = house.actor("carol")
    with within(house.id):
        actions.apologise(carol, same(case), text="Sorry.", now=now())
        actions.review_together(carol, same(case), text="Heard.", now=now())
        actions.solve(carol, same(case), text="Warm.", now=now())
        actions.document(carol, same(case), actions.Findings("product", "heating"), now=now())


def answers_owed(house: factories.House) -> list[int | None]:
    """The cases (or None) in which an answer is owed."""
    with within(house.id):
        owed = Promise.objects.filter(kind="answer", settled_at=None).order_by("id")
        return list(owed.values_list("case_id", flat=True))


def test_two_messages_at_once_both_go_into_the_case(house: factories.House, case: Case) -> None:
    outcome = at_once(house, writes(house, case, "Cold!"), writes(house, case, "Hello?"))
    assert outcome == ["done", "done"]
    assert thread(house, case) == ["Cold!", "Hello?"]
    assert running(house) == 1


def test_two_first_complaints_at_once_open_one_case(house: factories.House) -> None:
    none_yet = Case(customer=factories.customer(house, "Mr Lin"))
    outcome = at_once(house, writes(house, none_yet, "Cold!"), writes(house, none_yet, "Hello?"))
    assert outcome == ["done", "done"]
    with within(house.id):
        [begun] = Case.objects.filter(customer=none_yet.customer)
    assert thread(house, begun) == ["Cold!", "Hello?"]
    assert running(house) == 1


@pytest.mark.parametrize("complaint", [True, False])
def test_a_message_while_the_case_is_closed_goes_the_ordinary_way(
    house: factories.House, case: Case, complaint: bool
) -> None:
    be_done(house, case)
    carol = house.actor("carol")
    outcome = at_once(
        house,
        lambda: actions.close(carol, same(case), now=now()),
        writes(house, case, "Cold!", complaint=complaint),
    )
    assert outcome == ["done", "done"]
    assert thread(house, case) == []
    with within(house.id):
        begun = Case.objects.exclude(id=case.id).first()
    if complaint:
        assert begun is not None
        assert thread(house, begun) == ["Cold!"]
    else:
        assert begun is None
        assert answers_owed(house) == [None]


def test_a_case_that_is_closed_while_a_message_comes_in_still_owes_the_answer(
    house: factories.House, case: Case
) -> None:
    be_done(house, case)
    carol = house.actor("carol")
    outcome = at_once(
        house, writes(house, case, "Cold!"), lambda: actions.close(carol, same(case), now=now())
    )
    assert outcome == ["done", "done"]
    assert thread(house, case) == ["Cold!"]
    assert answers_owed(house) == [case.id]
