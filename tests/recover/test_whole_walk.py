"""The further steps: the extra, sharing, following up; and that none is left out in silence, which the database holds by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from rugui.core.errors import ChangedMeanwhile, InputError, NotFound
from rugui.core.models import JournalEntry
from rugui.core.tenancy import within
from rugui.house.actions import start_duty
from rugui.promise import actions as promises
from rugui.promise.models import Promise
from rugui.recover import access, actions, queries
from rugui.recover.models import Case, CaseStep, LessonRead
from rugui.serve import actions as serve
from rugui.team.actions import hold_line_up
from rugui.team.queries import line_up

from .. import factories
from ..factories import NOON
from .help import acting, again, journal, opened, walked

pytestmark = pytest.mark.django_db

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
Step = CaseStep.Step


@pytest.fixture
def case(lake_house: factories.House) -> Case:
    return opened(lake_house)


def follow_ups(house: factories.House, case: Case) -> list[datetime]:
    with within(house.id):
        rows = Promise.objects.filter(case_id=case.id, kind="follow_up", settled_at=None)
        return list(rows.order_by("due_at").values_list("due_at", flat=True))


# Leaving out


def test_a_step_is_left_out_only_with_a_reason_which_is_kept_and_journalled(
    lake_house: factories.House, case: Case
) -> None:
    with acting(lake_house, "carol") as (carol, moment):
        with pytest.raises(InputError) as refused:
            actions.skip(carol, case, step="delight", why="  ", now=moment)
        assert list(refused.value.fields) == ["why"]
        actions.skip(carol, case, step="delight", why="She asked for nothing more.", now=moment)
        left_out = queries.steps(case.id)["delight"]
        assert (left_out.skipped, left_out.text) == (True, "She asked for nothing more.")
        entry = JournalEntry.objects.get(kind="case.skipped")
        assert (entry.payload, entry.staff_id) == ({"step": "delight"}, carol.staff_id)
        assert "nothing more" not in str(entry.payload)


@pytest.mark.parametrize("step", ["fix", "document", "dance"])
def test_what_must_be_done_cannot_be_left_out(lake_house: factories.House, case: Case, step: str) -> None:
    with acting(lake_house, "carol") as (carol, moment), pytest.raises(InputError):
        actions.skip(carol, case, step=step, why="No time.", now=moment)


def test_what_was_left_out_can_be_walked_after_all_but_not_the_other_way(
    lake_house: factories.House, case: Case
) -> None:
    with acting(lake_house, "carol") as (carol, moment):
        actions.skip(carol, case, step="delight", why="Too soon.", now=moment)
        actions.delight(carol, case, text="Her own blanket.", now=moment)
        assert not queries.steps(case.id)["delight"].skipped
        with pytest.raises(ChangedMeanwhile):
            actions.skip(carol, case, step="delight", why="No.", now=moment)


def test_a_case_closes_with_each_step_walked_or_left_out(lake_house: factories.House, case: Case) -> None:
    with acting(lake_house, "carol") as (carol, moment):
        actions.solve(carol, case, text="Warm.", now=moment)
        actions.document(carol, case, actions.Findings("product", "heating"), now=moment)
        for step in ("apologise", "review", "delight"):
            actions.skip(carol, case, step=step, why="They had left.", now=moment)
        with pytest.raises(InputError, match="Share"):
            actions.close(carol, case, now=moment)
        actions.skip(carol, case, step="share", why="Nothing to learn.", now=moment)
        actions.close(carol, case, now=moment)
    assert again(lake_house, case).state == "closed"


# What the database holds by itself


def test_the_database_closes_no_case_with_a_step_missing(lake_house: factories.House, case: Case) -> None:
    walked(lake_house, case)
    with within(lake_house.id):
        CaseStep.objects.filter(case=case, step="delight").delete()
        row = Case.objects.filter(id=case.id)
        with pytest.raises(DatabaseError, match="without: delight"), transaction.atomic():
            row.update(state="closed", closed_at=NOON)


def test_the_database_knows_the_order_of_states(lake_house: factories.House, case: Case) -> None:
    with within(lake_house.id):
        row = Case.objects.filter(id=case.id)
        with pytest.raises(DatabaseError, match="solved before it is closed"), transaction.atomic():
            row.update(state="closed", solved_at=NOON, closed_at=NOON, documented_at=NOON)
        with pytest.raises(DatabaseError, match="without: fix"), transaction.atomic():
            row.update(state="solved", solved_at=NOON)
        with pytest.raises(DatabaseError, match="case_has_an_owner"), transaction.atomic():
            row.update(owner=None)


def test_the_steps_of_a_closed_case_stay(lake_house: factories.House, case: Case) -> None:
    walked(lake_house, case)
    with acting(lake_house, "carol") as (carol, moment):
        actions.close(carol, case, now=moment)
        CaseStep.objects.filter(case=case, step="apologise").delete()
        with pytest.raises(DatabaseError, match="its steps stay"), transaction.atomic():
            connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
        Case.objects.filter(id=case.id).update(state="solved", closed_at=None)


@pytest.mark.parametrize(
    "fields",
    [{"step": "delight", "skipped": True, "text": ""}, {"step": "fix", "skipped": True, "text": "x"}],
)
def test_the_database_takes_no_silent_skip(
    lake_house: factories.House, case: Case, fields: dict[str, object]
) -> None:
    with within(lake_house.id), pytest.raises(DatabaseError, match="step_"), transaction.atomic():
        CaseStep.objects.create(organization=lake_house.organization, case=case, done_at=NOON, **fields)


# Reviewing


def test_what_they_want_and_what_felt_unfair_is_kept_and_only_what_we_understood_is_said(
    lake_house: factories.House, case: Case
) -> None:
    with acting(lake_house, "carol") as (carol, moment):
        for _twice in range(2):
            actions.review_together(
                carol, case, text="She froze.", wanted="Quiet.", injustice=["treatment", "outcome"],
                understood="You were cold all night.", now=moment,
            )  # fmt: skip
        row = Case.objects.get(id=case.id)
        assert (row.wanted, row.injustice) == ("Quiet.", ["outcome", "treatment"])
        said = [(each.kind, each.text) for each in queries.messages(case.id)]
        assert said == [("complaint", "I am cold."), ("understood", "You were cold all night.")]
        with pytest.raises(InputError) as refused:
            actions.review_together(carol, case, text="x", injustice=["revenge"], now=moment)
        assert list(refused.value.fields) == ["injustice"]


# Following up


def test_two_follow_ups_are_promised_when_it_is_solved_at_a_civil_hour(
    lake_house: factories.House, case: Case
) -> None:
    carol, evening = lake_house.actor("carol"), datetime.fromisoformat("2026-09-03T23:30+08:00")
    with within(lake_house.id):
        actions.solve(carol, case, text="Warm.", now=evening)
        assert not queries.steps(case.id)["follow_up"].skipped
    local = [each.astimezone(lake_house.place.zone).isoformat() for each in follow_ups(lake_house, case)]
    assert local == ["2026-09-04T11:00:00+08:00", "2026-09-10T11:00:00+08:00"]


def test_they_go_on_ever_further_apart_until_the_customer_comes_again(
    lake_house: factories.House, case: Case
) -> None:
    carol = lake_house.actor("carol")
    with within(lake_house.id):
        actions.solve(carol, case, text="Warm.", now=NOON)
        days = []
        for _each in range(4):
            rows = Promise.objects.filter(case_id=case.id, kind="follow_up", settled_at=None)
            due = rows.select_related("customer", "place").order_by("due_at").first()
            assert due is not None
            days.append((due.due_at - NOON).days)
            promises.keep(carol, due, now=due.due_at)
        assert days == [0, 6, 29, 59]
        visit = serve.expect_visit(
            carol, case.customer, lake_house.place, expected_at=NOON + 70 * DAY, now=NOON
        )
        serve.arrive(carol, visit, now=NOON + 70 * DAY)
    assert follow_ups(lake_house, case) == []
    assert journal(lake_house)[-2:] == ["promise.withdrawn", "case.came_again"]


def test_an_arrival_marked_by_mistake_ends_nothing(lake_house: factories.House, case: Case) -> None:
    carol = lake_house.actor("carol")
    with within(lake_house.id):
        actions.solve(carol, case, text="Warm.", now=NOON)
        before = follow_ups(lake_house, case)
        visit = serve.expect_visit(carol, case.customer, lake_house.place, expected_at=NOON, now=NOON)
        serve.arrive(carol, visit, now=NOON + MINUTE)
        assert follow_ups(lake_house, case) == []
        serve.undo(carol, visit, now=NOON + 2 * MINUTE)
    assert follow_ups(lake_house, case) == before


def test_a_case_that_is_open_again_promises_none(lake_house: factories.House, case: Case) -> None:
    with acting(lake_house, "carol") as (carol, moment):
        actions.solve(carol, case, text="Warm.", now=moment)
        actions.reopen(carol, case, now=moment)
        assert set(queries.steps(case.id)) == set()
    assert follow_ups(lake_house, case) == []


def test_they_may_be_left_out_with_a_reason(lake_house: factories.House, case: Case) -> None:
    with acting(lake_house, "carol") as (carol, moment):
        actions.solve(carol, case, text="Warm.", now=moment)
        actions.skip(carol, case, step="follow_up", why="She asked us not to.", now=moment)
    assert follow_ups(lake_house, case) == []


# Sharing


def test_the_lesson_reaches_every_colleague_and_who_has_heard_it_is_known(
    lake_house: factories.House, case: Case
) -> None:
    walked(lake_house, case)
    with acting(lake_house, "carol") as (carol, moment):
        start_duty(carol, lake_house.place, now=moment)
        hold_line_up(lake_house.actor("bob"), lake_house.place, now=moment)
        assert queries.readers(case.id) == ["Bob", "Carol"]
        dan, elsewhere = lake_house.actor("dan"), lake_house.places[1]
        assert [each.lesson for each in line_up(dan, elsewhere, now=moment).elsewhere] == ["Check the valve."]
        for _twice in range(2):
            actions.read_lesson(dan, access.lesson(case.id), now=moment)
        assert line_up(dan, elsewhere, now=moment).elsewhere == []
        assert queries.readers(case.id) == ["Bob", "Carol", "Dan"]
        assert list(LessonRead.objects.values_list("heard", flat=True).order_by("id")) == [True, True, False]
    assert journal(lake_house).count("lesson.read") == 1


def test_a_lesson_that_is_changed_is_unread_again(lake_house: factories.House, case: Case) -> None:
    walked(lake_house, case)
    with acting(lake_house, "carol") as (carol, moment):
        actions.read_lesson(carol, case, now=moment)
        actions.share(carol, case, lesson="Check the valve each evening.", now=moment)
        assert queries.readers(case.id) == []


def test_no_lesson_no_sharing(lake_house: factories.House, case: Case) -> None:
    with acting(lake_house, "carol") as (carol, moment):
        actions.document(carol, case, actions.Findings("product", "heating"), now=moment)
        with pytest.raises(InputError, match="one sentence"):
            actions.share(carol, case, now=moment)
        with pytest.raises(NotFound):
            access.lesson(case.id)
        actions.document(carol, case, actions.Findings("product", "heating", lesson="Look."), now=moment)
        assert "share" in queries.steps(case.id)
        actions.document(carol, case, actions.Findings("product", "heating"), now=moment)
        assert "share" not in queries.steps(case.id)
