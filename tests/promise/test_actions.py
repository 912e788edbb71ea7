"""What can be done with a promise, and what nobody can do to it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection

from rugui.core.errors import ChangedMeanwhile, InputError, NotAllowed, NotFound
from rugui.core.tenancy import within
from rugui.promise import actions, waiting
from rugui.promise.clock.ringing import CLAIM
from rugui.promise.models import Promise

from .. import factories
from ..factories import NOON
from ..recover.help import journal

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def make(house: factories.House, name: str = "carol", **fields: object) -> Promise:
    values = {"kind": "call_back", "due_at": NOON + HOUR, "owner_id": house.people["carol"].id, **fields}
    customer = factories.customer(house)
    with within(house.id):
        return actions.give(house.actor(name), customer, house.place, now=NOON, **values)  # type: ignore[arg-type]


def broken(promise: Promise) -> None:
    """What the clock does."""
    Promise.objects.filter(id=promise.id).update(state="broken", ring_at=None)


def test_it_rings_when_the_last_quarter_begins(lake_house: factories.House) -> None:
    promise = make(lake_house)
    assert promise.warn_at == promise.ring_at == NOON + timedelta(minutes=45)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"kind": "wonder"}, "kind"),
        ({"kind": "progress"}, "kind"),
        ({"due_at": NOON}, "due_at"),
        ({"due_at": NOON + timedelta(days=400)}, "due_at"),
        ({"text": "x" * 301}, "text"),
    ],
)
def test_what_cannot_be_promised_is_refused(
    lake_house: factories.House, fields: dict[str, object], wrong: str
) -> None:
    with pytest.raises(InputError) as refused:
        make(lake_house, **fields)
    assert list(refused.value.fields) == [wrong]


@pytest.mark.parametrize(("name", "error"), [("erin", NotAllowed), ("dan", NotFound)])
def test_only_who_serves_at_the_place_changes_it(
    lake_house: factories.House, name: str, error: type[Exception]
) -> None:
    promise, actor, now = make(lake_house), lake_house.actor(name), NOON
    with within(lake_house.id):
        for act in (actions.keep, actions.withdraw, actions.undo):
            with pytest.raises(error):
                act(actor, promise, now=now)
        with pytest.raises(error):
            actions.take(actor, promise, owner=None, now=now)
        with pytest.raises(error):
            actions.renegotiate(actor, promise, due_at=NOON + HOUR, now=now)


def test_keeping_one_twice_tells_the_second_that_it_is_done(lake_house: factories.House) -> None:
    promise, carol = make(lake_house), lake_house.actor("carol")
    with within(lake_house.id):
        same = Promise.objects.get(id=promise.id)
        actions.keep(carol, promise, now=NOON)
        with pytest.raises(ChangedMeanwhile):
            actions.keep(carol, same, now=NOON)
    assert journal(lake_house) == ["promise.given", "promise.kept"]


@pytest.mark.parametrize("act", ["keep", "withdraw"])
def test_a_broken_promise_stays_broken_and_is_settled(lake_house: factories.House, act: str) -> None:
    promise, carol = make(lake_house), lake_house.actor("carol")
    with within(lake_house.id):
        broken(promise)
        getattr(actions, act)(carol, promise, now=NOON + 2 * HOUR)
        promise.refresh_from_db()
    assert (promise.state, promise.settled_at) == ("broken", NOON + 2 * HOUR)


def test_a_broken_promise_may_be_renegotiated_and_stays_broken(lake_house: factories.House) -> None:
    promise, carol = make(lake_house), lake_house.actor("carol")
    with within(lake_house.id):
        broken(promise)
        renewed = actions.renegotiate(carol, promise, due_at=NOON + 3 * HOUR, now=NOON + 2 * HOUR)
        promise.refresh_from_db()
    assert (promise.state, promise.settled_at) == ("broken", NOON + 2 * HOUR)
    assert (renewed.state, renewed.renews_id, renewed.due_at) == ("open", promise.id, NOON + 3 * HOUR)


def test_two_who_take_it_at_once_do_not_both_own_it(lake_house: factories.House) -> None:
    promise, carol, bob = make(lake_house, owner_id=None), lake_house.actor("carol"), lake_house.actor("bob")
    with within(lake_house.id):
        same = Promise.objects.get(id=promise.id)
        actions.take(carol, promise, owner=lake_house.people["carol"], now=NOON)
        with pytest.raises(ChangedMeanwhile):
            actions.take(bob, same, owner=lake_house.people["bob"], now=NOON)
        same.refresh_from_db()
    assert same.owner_id == lake_house.people["carol"].id


@pytest.mark.parametrize(("minutes", "rings"), [(10, 45), (50, 60)])
def test_undo_lets_it_run_on_to_the_ring_that_is_next(
    lake_house: factories.House, minutes: int, rings: int
) -> None:
    promise, carol = make(lake_house), lake_house.actor("carol")
    at = NOON + timedelta(minutes=minutes)
    with within(lake_house.id):
        actions.keep(carol, promise, now=at)
        actions.undo(carol, promise, now=at)
        promise.refresh_from_db()
    assert (promise.state, promise.settled_at) == ("open", None)
    assert promise.ring_at == NOON + timedelta(minutes=rings)
    assert journal(lake_house) == ["promise.given", "promise.kept", "promise.reopened"]


def test_undoing_another_time_takes_the_new_promise_back_and_leaves_it_free_to_be_agreed_again(
    lake_house: factories.House,
) -> None:
    promise, carol = make(lake_house), lake_house.actor("carol")
    with within(lake_house.id):
        renewed = actions.renegotiate(carol, promise, due_at=NOON + 2 * HOUR, now=NOON)
        actions.undo(carol, promise, now=NOON)
        renewed.refresh_from_db()
        assert (renewed.state, renewed.renews_id) == ("withdrawn", None)
        second = actions.renegotiate(carol, promise, due_at=NOON + 3 * HOUR, now=NOON)
    assert second.renews_id == promise.id


def test_the_new_promise_may_be_waiting_for_the_customer_when_it_is_taken_back(
    lake_house: factories.House,
) -> None:
    promise, carol = make(lake_house, kind="solution"), lake_house.actor("carol")
    with within(lake_house.id):
        renewed = actions.renegotiate(carol, promise, due_at=NOON + 2 * HOUR, now=NOON)
        waiting.pause(carol, renewed, waits_for="answer", now=NOON)
        actions.undo(carol, promise, now=NOON + timedelta(minutes=5))
        renewed.refresh_from_db()
    assert (renewed.state, renewed.paused_at, renewed.waits_for, renewed.renews_id) == (
        "withdrawn",
        None,
        "",
        None,
    )
    assert (promise.state, promise.settled_at) == ("open", None)


def test_undo_is_over_after_a_quarter_of_an_hour(lake_house: factories.House) -> None:
    promise, carol = make(lake_house), lake_house.actor("carol")
    with within(lake_house.id):
        actions.keep(carol, promise, now=NOON)
        with pytest.raises(ChangedMeanwhile):
            actions.undo(carol, promise, now=NOON + timedelta(minutes=16))


def test_what_comes_back_after_its_time_is_broken_at_the_clocks_next_look(
    lake_house: factories.House,
) -> None:
    """While no clock ran it was kept late, a clock looked and found nothing, and then the settlement was undone."""
    promise, carol = make(lake_house), lake_house.actor("carol")
    with within(lake_house.id):
        actions.keep(carol, promise, now=NOON + 2 * HOUR)
        look(NOON + 2 * HOUR)
        actions.undo(carol, promise, now=NOON + 2 * HOUR)
        promise.refresh_from_db()
        assert promise.state == "open"
        assert promise.ring_at is not None
        assert promise.ring_at <= NOON + 2 * HOUR
        look(NOON + 2 * HOUR)
        promise.refresh_from_db()
    assert (promise.state, promise.settled_at) == ("broken", None)


def look(now: datetime) -> None:
    """The clock, until nothing is due."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"now": now, "skip": [], "only": None})
        while cursor.fetchall():
            cursor.execute(CLAIM, {"now": now, "skip": [], "only": None})


def test_undoing_a_late_settlement_owes_it_again(lake_house: factories.House) -> None:
    promise, carol = make(lake_house), lake_house.actor("carol")
    with within(lake_house.id):
        broken(promise)
        actions.keep(carol, promise, now=NOON + 2 * HOUR)
        actions.undo(carol, promise, now=NOON + 2 * HOUR)
        promise.refresh_from_db()
    assert (promise.state, promise.settled_at, promise.ring_at) == ("broken", None, None)
