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
from rugui.recover import actions, queries
from rugui.recover.access import Guest
from rugui.recover.models import Case, CaseAlarm, CaseChoice, CaseMessage, HandOver
from rugui.team.actions import hold_line_up

from .. import factories
from ..at_once import at_once
from .help import walked


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
    with within(house.id):
        row = same(case)
    walked(house, row)


def answers_owed(house: factories.House) -> list[int | None]:
    """The cases (or None) in which an answer is owed."""
    with within(house.id):
        owed = Promise.objects.filter(kind__in=Promise.ANSWERS, settled_at=None).order_by("id")
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


def handing(house: factories.House, case: Case) -> HandOver:
    with within(house.id):
        row = HandOver.objects.get(case=case, state="waiting")
        row.case = same(case)
        return row


def test_of_two_who_are_asked_and_accept_at_once_one_has_it(house: factories.House, case: Case) -> None:
    alice, bob = house.actor("alice"), house.actor("bob")
    with within(house.id):
        made = actions.hand_over(
            house.actor("carol"), same(case), to=house.people["bob"], note="Home.", now=now()
        )
        HandOver.objects.filter(id=made.id).update(asked=[alice.staff_id, bob.staff_id])
    first, second = handing(house, case), handing(house, case)
    outcome = at_once(
        house,
        lambda: actions.accept(alice, first, now=now()),
        lambda: actions.accept(bob, second, now=now()),
    )
    assert outcome == ["done", "changed meanwhile"]
    with within(house.id):
        assert same(case).owner_id == alice.staff_id


def test_what_is_taken_back_while_it_is_accepted_is_one_of_both(house: factories.House, case: Case) -> None:
    carol, bob = house.actor("carol"), house.actor("bob")
    with within(house.id):
        actions.hand_over(carol, same(case), to=house.people["bob"], note="Home.", now=now())
    first, second = handing(house, case), handing(house, case)
    outcome = at_once(
        house,
        lambda: actions.withdraw_hand_over(carol, first, now=now()),
        lambda: actions.accept(bob, second, now=now()),
    )
    assert outcome == ["done", "changed meanwhile"]
    with within(house.id):
        assert same(case).owner_id == carol.staff_id


def test_two_hand_overs_at_once_are_one(house: factories.House, case: Case) -> None:
    carol, bob = house.actor("carol"), house.actor("bob")
    outcome = at_once(
        house,
        lambda: actions.hand_over(carol, same(case), to=house.people["bob"], note="Home.", now=now()),
        lambda: actions.hand_over(bob, same(case), to=house.people["alice"], note="Please.", now=now()),
    )
    assert outcome == ["done", "changed meanwhile"]


def test_the_same_alarm_twice_at_once_calls_once(house: factories.House, case: Case) -> None:
    carol, bob = house.actor("carol"), house.actor("bob")
    outcome = at_once(
        house,
        lambda: actions.raise_alarm(carol, same(case), kind="legal", now=now()),
        lambda: actions.raise_alarm(bob, same(case), kind="legal", now=now()),
    )
    assert outcome == ["done", "done"]
    with within(house.id):
        assert CaseAlarm.objects.count() == 1
        assert HandOver.objects.count() == 1


def test_of_two_choices_at_once_the_first_counts(house: factories.House, case: Case) -> None:
    with within(house.id):
        tea, cake = actions.offer_choices(house.actor("carol"), same(case), ["Tea", "Cake"], now=now())
    guest = Guest(house.id, case.id).actor
    outcome = at_once(
        house,
        lambda: actions.choose(guest, same(case), tea.id, now=now()),
        lambda: actions.choose(guest, same(case), cake.id, now=now()),
    )
    assert outcome == ["done", "changed meanwhile"]
    with within(house.id):
        assert list(CaseChoice.objects.filter(chosen_at__isnull=False).values_list("text", flat=True)) == [
            "Tea"
        ]


def test_an_offer_taken_back_while_it_is_chosen_from(house: factories.House, case: Case) -> None:
    with within(house.id):
        tea, _cake = actions.offer_choices(house.actor("carol"), same(case), ["Tea", "Cake"], now=now())
    outcome = at_once(
        house,
        lambda: actions.withdraw_choices(house.actor("carol"), same(case), now=now()),
        lambda: actions.choose(Guest(house.id, case.id).actor, same(case), tea.id, now=now()),
    )
    assert outcome == ["done", "changed meanwhile"]


def test_not_solved_tapped_twice_at_once_opens_it_once(house: factories.House, case: Case) -> None:
    be_done(house, case)
    guest = Guest(house.id, case.id).actor
    tap = lambda: actions.not_solved(guest, same(case), text="Not solved.", now=now())  # noqa: E731
    assert at_once(house, tap, tap) == ["done", "done"]
    assert running(house) == 1
    with within(house.id):
        assert CaseMessage.objects.filter(kind="not_solved").count() == 1


def test_a_case_that_is_closed_while_the_customer_says_it_is_not_solved_is_open(
    house: factories.House, case: Case
) -> None:
    be_done(house, case)
    outcome = at_once(
        house,
        lambda: actions.close(house.actor("carol"), same(case), now=now()),
        lambda: actions.not_solved(Guest(house.id, case.id).actor, same(case), text="No.", now=now()),
    )
    assert outcome == ["done", "done"]
    assert running(house) == 1


def test_a_person_asked_for_twice_at_once_is_one_call(house: factories.House, case: Case) -> None:
    guest = Guest(house.id, case.id).actor
    tap = lambda: actions.ask_for_a_person(guest, same(case), text="A person.", now=now())  # noqa: E731
    assert at_once(house, tap, tap) == ["done", "done"]
    with within(house.id):
        assert Promise.objects.filter(kind="call_back", settled_at=None).count() == 1


def test_a_lesson_read_twice_at_once_is_read_once(house: factories.House, case: Case) -> None:
    be_done(house, case)
    carol = house.actor("carol")
    read = lambda: actions.read_lesson(carol, same(case), now=now())  # noqa: E731
    assert at_once(house, read, read) == ["done", "done"]
    with within(house.id):
        assert queries.readers(case.id) == ["Carol"]
