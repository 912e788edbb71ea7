"""What a case allows, whatever the order in which life brings it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rugui.core.errors import ChangedMeanwhile, InputError
from rugui.core.tenancy import within
from rugui.know.models import Note
from rugui.promise import actions as promises
from rugui.promise.models import Promise
from rugui.recover import actions, queries
from rugui.recover.access import Guest
from rugui.recover.models import Case, CaseMessage

from .. import factories
from ..factories import NOON
from .help import journal

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def case(lake_house: factories.House) -> Case:
    customer = factories.customer(lake_house)
    with within(lake_house.id):
        return actions.open_case(
            lake_house.actor("carol"), customer, lake_house.place, title="Cold", now=NOON
        )


def findings(**fields: str) -> actions.Findings:
    return actions.Findings(**{"element": "product", "failure": "heating", **fields})


def test_the_clock_of_a_case_is_kept_only_by_reporting(lake_house: factories.House, case: Case) -> None:
    carol = lake_house.actor("carol")
    with within(lake_house.id):
        clock = queries.owed(case.id)[0]
        for act in (promises.keep, promises.withdraw, promises.undo):
            with pytest.raises(InputError, match="clock of a case"):
                act(carol, clock, now=NOON)
        assert queries.owed(case.id) == [clock]


def test_the_customer_may_agree_to_another_time_for_the_report(
    lake_house: factories.House, case: Case
) -> None:
    carol = lake_house.actor("carol")
    with within(lake_house.id):
        agreed = promises.renegotiate(carol, queries.owed(case.id)[0], due_at=NOON + 60 * MINUTE, now=NOON)
        assert queries.owed(case.id) == [agreed]
        actions.report_progress(carol, case, text="Soon.", now=NOON + MINUTE)
        agreed.refresh_from_db()
    assert agreed.state == "kept"


def test_a_late_report_settles_the_broken_clock_and_starts_a_new_one(
    lake_house: factories.House, case: Case
) -> None:
    carol = lake_house.actor("carol")
    with within(lake_house.id):
        Promise.objects.update(state="broken", ring_at=None)
        broken = queries.owed(case.id)[0]
        renewed = actions.report_progress(carol, case, text="Sorry, late.", now=NOON + 25 * MINUTE)
        broken.refresh_from_db()
        assert (broken.state, broken.settled_at) == ("broken", NOON + 25 * MINUTE)
        assert queries.owed(case.id) == [renewed]
        assert renewed.due_at == NOON + 45 * MINUTE


def test_a_report_on_a_clock_that_somebody_has_renewed_is_refused_and_says_nothing(
    lake_house: factories.House, case: Case
) -> None:
    carol, bob = lake_house.actor("carol"), lake_house.actor("bob")
    with within(lake_house.id):
        seen = queries.owed(case.id)[0].id
        actions.report_progress(carol, case, text="On it.", now=NOON, clock=seen)
        with pytest.raises(ChangedMeanwhile):
            actions.report_progress(bob, case, text="On it too.", now=NOON, clock=seen)
        assert [message.text for message in queries.messages(case.id)] == ["On it."]


def test_what_was_forgotten_can_still_be_done_once_it_is_solved(
    lake_house: factories.House, case: Case
) -> None:
    carol = lake_house.actor("carol")
    with within(lake_house.id):
        actions.solve(carol, case, text="Warm.", now=NOON)
        with pytest.raises(ChangedMeanwhile):
            actions.report_progress(carol, case, text="More.", now=NOON)
        actions.apologise(carol, case, text="Sorry.", now=NOON)
        actions.review_together(carol, case, text="Quiet.", now=NOON)
        actions.document(carol, case, findings(), now=NOON)
        actions.delight(carol, case, text="Tea.", now=NOON)
        actions.skip(carol, case, step="share", why="Nothing new.", now=NOON)
        actions.close(carol, case, now=NOON)
        for act in (actions.apologise, actions.review_together):
            with pytest.raises(ChangedMeanwhile):
                act(carol, case, text="x", now=NOON)
        with pytest.raises(ChangedMeanwhile):
            actions.document(carol, case, findings(), now=NOON)
        actions.undo_close(carol, case, now=NOON)
        assert (case.state, [each.kind for each in queries.owed(case.id)]) == ("solved", ["follow_up"] * 2)
        actions.reopen(carol, case, now=NOON)
        assert [promise.kind for promise in queries.owed(case.id)] == ["progress"]


def test_documenting_twice_writes_one_note(lake_house: factories.House, case: Case) -> None:
    carol = lake_house.actor("carol")
    with within(lake_house.id):
        for _again in range(2):
            actions.document(carol, case, findings(about_customer="likes it warm"), now=NOON)
        assert list(Note.objects.values_list("text", flat=True)) == ["likes it warm"]


def test_a_colleagues_words_in_a_step_are_not_overwritten_unseen(
    lake_house: factories.House, case: Case
) -> None:
    carol, bob = lake_house.actor("carol"), lake_house.actor("bob")
    with within(lake_house.id):
        actions.review_together(carol, case, text="Wants quiet.", now=NOON, seen="")
        with pytest.raises(ChangedMeanwhile):
            actions.review_together(bob, case, text="Wants a suite.", now=NOON, seen="")
        mark = actions.step_mark(queries.steps(case.id)["review"])
        actions.review_together(bob, case, text="Wants quiet, and a heater.", now=NOON, seen=mark)
        assert queries.steps(case.id)["review"].text == "Wants quiet, and a heater."


@pytest.mark.parametrize("name", ["failure", "where", "lesson"])
def test_words_that_are_too_long_are_refused_where_they_were_written(
    lake_house: factories.House, case: Case, name: str
) -> None:
    with within(lake_house.id), pytest.raises(InputError) as refused:
        actions.document(lake_house.actor("carol"), case, findings(**{name: "x" * 5000}), now=NOON)
    assert list(refused.value.fields) == [name]


def test_two_who_take_a_case_at_once_do_not_both_own_it(lake_house: factories.House, case: Case) -> None:
    alice, bob, people = lake_house.actor("alice"), lake_house.actor("bob"), lake_house.people
    with within(lake_house.id):
        same = Case.objects.get(id=case.id)
        actions.take_case(alice, case, owner=people["alice"], now=NOON)
        with pytest.raises(ChangedMeanwhile):
            actions.take_case(bob, same, owner=people["bob"], now=NOON)
        assert [promise.owner_id for promise in queries.owed(case.id)] == [people["alice"].id]


def test_a_customer_who_writes_about_a_solved_case_is_owed_one_answer(
    lake_house: factories.House, case: Case
) -> None:
    carol, guest = lake_house.actor("carol"), Guest(lake_house.id, case.id).actor
    with within(lake_house.id):
        actions.solve(carol, case, text="Warm.", now=NOON)
        actions.customer_writes(guest, case, text="Cold again", now=NOON + MINUTE)
        actions.customer_writes(guest, case, text="Hello?", now=NOON + 2 * MINUTE)
        (answer,) = [each for each in queries.owed(case.id) if each.kind in Promise.ANSWERS]
        assert (answer.kind, answer.due_at) == ("next_answer", NOON + 21 * MINUTE)
        assert answer.owner_id == carol.staff_id
        actions.write_to_customer(carol, case, text="Coming.", now=NOON + 3 * MINUTE)
        assert "next_answer" not in {each.kind for each in queries.owed(case.id)}
    assert journal(lake_house)[-7:] == [
        "touch.made", "message.received", "promise.given", "touch.made", "message.received", "message.sent", "promise.kept"
    ]  # fmt: skip


def test_the_same_words_sent_twice_are_one_message(lake_house: factories.House, case: Case) -> None:
    guest = Guest(lake_house.id, case.id).actor
    with within(lake_house.id):
        first = actions.customer_writes(guest, case, text="Hello", now=NOON)
        assert actions.customer_writes(guest, case, text=" Hello ", now=NOON + MINUTE) == first
        later = actions.customer_writes(guest, case, text="Hello", now=NOON + 3 * MINUTE)
        assert later != first
        assert CaseMessage.objects.count() == 2


def test_a_guest_cannot_flood_the_house(lake_house: factories.House, case: Case) -> None:
    guest = Guest(lake_house.id, case.id).actor
    with within(lake_house.id):
        for number in range(actions.GUEST_MESSAGES):
            actions.customer_writes(guest, case, text=f"Message {number}", now=NOON)
        with pytest.raises(InputError, match="a lot at once"):
            actions.customer_writes(guest, case, text="One more", now=NOON + MINUTE)
        actions.customer_writes(guest, case, text="One more", now=NOON + 11 * MINUTE)
        with pytest.raises(InputError):
            actions.customer_writes(guest, case, text="x" * 2001, now=NOON + 12 * MINUTE)
