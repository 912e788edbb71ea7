"""Sheets and promises written in the same moment, on connections of their own; and writers killed in the middle."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from datetime import datetime

from django.db import connection

from rugui.core.tenancy import within
from rugui.core.time import now as this_moment
from rugui.promise import actions, sheets
from rugui.promise.models import DaySheet, Promise

from .. import factories
from ..at_once import at_once
from ..factories import House
from .test_kept import ended
from .test_sheets import from_sheets, one, same, stale


def test_while_somebody_changes_a_promise_its_place_gets_no_sheets(committed_house: House) -> None:
    """What they have not committed yet could not be in them."""
    house, now = committed_house, this_moment()
    ms_chen = factories.customer(house)
    for days in (5, 6):
        ended(house, ms_chen, "broken", days=days, minutes=None)
        ended(house, ms_chen, "broken", days=days, minutes=None, place=1)
    written: list[int] = []
    outcome = at_once(
        house,
        lambda: actions.keep(house.actor("alice"), one(house, place=house.place), now=now),
        lambda: written.append(sheets.write(house.id, now=now)),
    )
    assert outcome == ["done", "done"]
    assert written == [sheets.YEAR + 1]
    assert same(house, now) == 4
    assert sheets.write(house.id, now=now) == sheets.YEAR + 1
    assert same(house, now) == 4


def test_who_changes_a_promise_while_sheets_are_written_waits_and_marks_them(committed_house: House) -> None:
    house, now = committed_house, this_moment()
    promise = ended(house, factories.customer(house), "broken", days=5, minutes=None)
    outcome = at_once(
        house,
        lambda: sheets.write(house.id, now=now),
        lambda: actions.keep(house.actor("alice"), one(house, id=promise.id), now=now),
    )
    assert outcome == ["done", "done"]
    assert stale(house) == 1
    with within(house.id):
        assert [row[-1] & sheets.LATE for row in from_sheets(house, now)] == [sheets.LATE]
    same(house, now)


def _write(house_id: int, moment: datetime) -> None:
    while True:
        sheets.write(house_id, now=moment)


def _change(house: House, moment: datetime, seed: int) -> None:
    """Ends what is owed, takes it back, deletes and adds, for ever."""
    chance = random.Random(seed)
    actor = house.actor("alice")
    while True:
        with within(house.id):
            promise = chance.choice(list(Promise.objects.select_related("place", "customer").order_by("id")))
            try:
                if promise.settled_at is None:
                    actions.keep(actor, promise, now=moment)
                elif chance.random() < 0.5:
                    actions.undo(actor, promise, now=moment)
                else:
                    Promise.objects.filter(id=promise.id).update(owner=house.people["bob"], told_at=None)
            except Exception:  # noqa: BLE001  another one was there first
                connection.needs_rollback = True


def test_killed_in_the_middle_nothing_is_wrong_or_counted_twice(committed_house: House) -> None:
    house, moment = committed_house, this_moment()
    ms_chen = factories.customer(house)
    for days in range(2, 12):
        for place in (0, 1):
            ended(house, ms_chen, "broken", days=days, minutes=None, place=place)
    connection.close()  # nobody inherits it
    context = multiprocessing.get_context("fork")
    for kill in range(5):
        workers = [
            context.Process(target=_write, args=(house.id, moment), daemon=True),
            *(
                context.Process(target=_change, args=(house, moment, 10 * kill + each), daemon=True)
                for each in range(2)
            ),
        ]
        for worker in workers:
            worker.start()
        time.sleep(1.2)
        for worker in workers:
            os.kill(worker.pid or 0, signal.SIGKILL)
            worker.join(20)
        time.sleep(0.3)  # the database notices
        assert same(house, moment) == 20
        connection.close()
    while stale(house):
        sheets.write(house.id, now=moment)
    assert same(house, moment) == 20
    with within(house.id):
        assert DaySheet.objects.count() == 2 * (sheets.YEAR + 1)
