"""What new promises are given with: the most specific policy, the calendar, the program's own terms; never the old ones."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from rugui.core.errors import ChangedMeanwhile, InputError
from rugui.core.tenancy import within
from rugui.house.models import OpeningHours
from rugui.promise import actions, policies, waiting
from rugui.promise.models import Promise, PromisePolicy
from rugui.promise.terms import DEFAULTS

from .. import factories
from ..factories import NOON
from ..recover.help import journal

pytestmark = pytest.mark.django_db

FRIDAY_EVENING = datetime(2026, 9, 4, 9, 50, tzinfo=UTC)
"""17:50 in Taipei."""


def policy(house: factories.House, place: int | None = None, **fields: Any) -> PromisePolicy:
    values = {"kind": "answer", "minutes": 30, "due_to": ["owner", "leaders"], "warn_to": ["owner"], **fields}
    with within(house.id):
        return PromisePolicy.objects.create(
            organization=house.organization, place=None if place is None else house.places[place], **values
        )


def weekdays(house: factories.House, *shifts: tuple[time, time]) -> None:
    with within(house.id):
        for day in range(5):
            for opens, closes in shifts:
                OpeningHours.objects.create(
                    organization=house.organization,
                    place=house.place,
                    weekday=day,
                    opens=opens,
                    closes=closes,
                )


def given(house: factories.House, now: datetime = NOON, **fields: Any) -> Promise:
    customer = factories.customer(house)
    with within(house.id):
        return actions.give(
            house.actor("carol"), customer, house.place, now=now, **{"kind": "answer", **fields}
        )


def test_without_a_policy_the_programs_own_terms_hold(lake_house: factories.House) -> None:
    promise = given(lake_house)
    assert promise.due_at - NOON == timedelta(minutes=30)
    assert promise.warn_at == promise.ring_at == NOON + timedelta(minutes=22.5)
    assert promise.rise_at == [
        promise.due_at + timedelta(minutes=step.after) for step in DEFAULTS[Promise.Kind.ANSWER].rises
    ]


@pytest.mark.parametrize(
    ("channel", "priority", "minutes"),
    [("email", "urgent", 5), ("email", "normal", 10), ("phone", "urgent", 20), ("phone", "normal", 40)],
)
def test_the_most_specific_policy_counts(
    lake_house: factories.House, channel: str, priority: str, minutes: int
) -> None:
    policy(lake_house, minutes=60, channel="email", priority="urgent")
    policy(lake_house, 0, minutes=40)
    policy(lake_house, 0, minutes=20, priority="urgent")
    policy(lake_house, 0, minutes=10, channel="email")
    policy(lake_house, 0, minutes=5, channel="email", priority="urgent")
    policy(lake_house, 1, minutes=1, channel="email", priority="urgent")
    promise = given(lake_house, channel=channel, priority=priority)
    assert promise.due_at - NOON == timedelta(minutes=minutes)


def test_finding_it_takes_one_query(lake_house: factories.House, django_assert_num_queries: Any) -> None:
    policy(lake_house, counts="working")
    weekdays(lake_house, (time(9), time(18)))
    with within(lake_house.id), django_assert_num_queries(1):
        assert policies.standing(lake_house.place, "answer").calendar is not None


def test_working_time_runs_while_the_place_is_open(lake_house: factories.House) -> None:
    policy(lake_house, counts="working", minutes=30, marks=[50, 75], rise_after=[60], rise_to=["duty"])
    weekdays(lake_house, (time(9), time(12)), (time(13), time(18)))
    promise = given(lake_house, FRIDAY_EVENING)
    monday = datetime(2026, 9, 7, 1, 0, tzinfo=UTC)  # 9:00 in Taipei
    assert promise.due_at == monday + timedelta(minutes=20)
    assert [promise.warn_at, *promise.warn_more] == [
        monday + timedelta(minutes=5),
        monday + timedelta(minutes=12.5),
    ]
    assert promise.rise_at == [monday + timedelta(minutes=80)]
    assert promise.counts == "working"


def test_a_place_without_hours_counts_around_the_clock(lake_house: factories.House) -> None:
    policy(lake_house, counts="working", minutes=30)
    promise = given(lake_house, FRIDAY_EVENING)
    assert (promise.due_at - FRIDAY_EVENING, promise.counts) == (timedelta(minutes=30), "wall")


def test_changing_a_policy_changes_no_promise_given_before(lake_house: factories.House) -> None:
    row = policy(lake_house, rise_after=[10], rise_to=["duty"], may_pause=True)
    promise = given(lake_house)
    before = {
        field.attname: getattr(promise, field.attname)
        for field in Promise._meta.concrete_fields
        if not field.generated
    }
    with within(lake_house.id):
        PromisePolicy.objects.filter(id=row.id).update(
            minutes=5, marks=[10], rise_after=[], rise_to=[], may_pause=False, due_to=["duty"]
        )
        now = Promise.objects.get(id=promise.id)
        after = {name: getattr(now, name) for name in before}
    assert after == before


def test_the_contact_person_stands_in(lake_house: factories.House) -> None:
    people = lake_house.people
    customer = factories.customer(lake_house, contact_person=people["carol"], deputy=people["bob"])
    with within(lake_house.id):
        carol = lake_house.actor("carol")
        nobodys = actions.give(carol, customer, lake_house.place, kind="answer", now=NOON)
        carols = actions.give(
            carol, customer, lake_house.place, kind="answer", owner_id=people["carol"].id, now=NOON
        )
    assert (nobodys.deputy_id, carols.deputy_id) == (people["carol"].id, people["bob"].id)


def test_what_is_made_by_hand_does_not_come_too_early(lake_house: factories.House) -> None:
    policy(lake_house, kind="ready_by", minutes=60, not_before=10)
    promise, carol = given(lake_house, kind="ready_by"), lake_house.actor("carol")
    with within(lake_house.id):
        with pytest.raises(InputError, match="Not before 20:50"):
            actions.keep(carol, promise, now=NOON + timedelta(minutes=49))
        actions.keep(carol, promise, now=NOON + timedelta(minutes=50))
    assert promise.state == "kept"


def test_a_renewed_promise_runs_again_when_it_is_kept_and_not_when_it_is_broken(
    lake_house: factories.House,
) -> None:
    row = policy(lake_house, kind="follow_up", minutes=60, renew_minutes=30)
    promise, carol = given(lake_house, kind="follow_up"), lake_house.actor("carol")
    with within(lake_house.id):
        PromisePolicy.objects.filter(id=row.id).update(renew_minutes=None, minutes=999)
        actions.keep(carol, promise, now=NOON + timedelta(minutes=10))
        following = Promise.objects.get(renews=promise)
        assert following.due_at == NOON + timedelta(minutes=40)
        Promise.objects.filter(id=following.id).update(state="broken", ring_at=None)
        actions.keep(carol, following, now=NOON + timedelta(minutes=50))
        assert not Promise.objects.filter(renews=following).exists()


def test_what_waits_for_the_customer_has_as_much_time_left_as_before(lake_house: factories.House) -> None:
    policy(
        lake_house,
        counts="working",
        minutes=60,
        may_pause=True,
        marks=[50],
        rise_after=[30],
        rise_to=["duty"],
    )
    weekdays(lake_house, (time(9), time(18)))
    promise, carol = given(lake_house, FRIDAY_EVENING - timedelta(minutes=10)), lake_house.actor("carol")
    with within(lake_house.id):
        waiting.pause(carol, promise, now=FRIDAY_EVENING)  # 50 minutes are left, 10 of them on Friday
        with pytest.raises(ChangedMeanwhile):
            waiting.pause(carol, promise, now=FRIDAY_EVENING)
        promise.refresh_from_db()
        assert (promise.ring_at, promise.state) == (None, "open")
        tuesday = datetime(2026, 9, 8, 4, 0, tzinfo=UTC)
        waiting.answered(carol, promise.customer_id, lake_house.place.id, now=tuesday)
        promise.refresh_from_db()
    assert promise.due_at == tuesday + timedelta(minutes=50)
    assert promise.warn_at == promise.ring_at == tuesday + timedelta(minutes=20)
    assert promise.rise_at == [tuesday + timedelta(minutes=80)]
    assert journal(lake_house) == ["promise.given", "promise.paused", "promise.resumed"]


def test_only_what_may_wait_waits(lake_house: factories.House) -> None:
    promise, carol = given(lake_house, kind="call_back"), lake_house.actor("carol")
    with within(lake_house.id), pytest.raises(InputError, match="does not wait"):
        waiting.pause(carol, promise, now=NOON)
