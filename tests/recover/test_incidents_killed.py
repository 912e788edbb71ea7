"""What is done to many, by workers who are killed in the middle of it: everybody is reached, and nobody twice."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection

from rugui.core.tenancy import within
from rugui.core.time import now
from rugui.promise.models import Promise
from rugui.recover.incidents import actions, run
from rugui.recover.incidents.models import IncidentTask
from rugui.recover.models import Case, CaseMessage

from .. import factories
from ..at_once import at_once
from .help import acting, again
from .test_incidents import TEXTS, came, incident

PEOPLE, KILLS, AT_MOST = 40, 8, 60.0


def _work(house_id: int, task_id: int) -> None:
    run.carry_out(house_id, task_id)


def test_workers_killed_at_random_reach_everybody_once(
    committed_house: factories.House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = committed_house
    monkeypatch.setattr(run, "CHUNK", 2)
    for number in range(PEOPLE):
        came(house, f"Guest {number}")
    found = incident(house)
    with acting(house, "bob") as (bob, moment):
        task = actions.begin(
            bob, found, "tell", actions.Order(TEXTS, moment + timedelta(hours=1)), now=moment
        )
    connection.close()  # nobody inherits it
    context, pick, killed, end = (
        multiprocessing.get_context("fork"),
        random.Random(3),
        0,
        time.monotonic() + AT_MOST,
    )
    while time.monotonic() < end and (
        killed < KILLS or again(house, task).state == IncidentTask.State.RUNNING
    ):
        connection.close()
        workers = [context.Process(target=_work, args=(house.id, task.id), daemon=True) for _each in range(2)]
        for worker in workers:
            worker.start()
        time.sleep(pick.uniform(0.05, 0.35))
        for worker in workers:
            if worker.is_alive() and killed < KILLS:
                os.kill(worker.pid or 0, signal.SIGKILL)
                killed += 1
            worker.join(20)
        connection.close()
    assert again(house, task).state == IncidentTask.State.DONE
    _each_once(house, task)


def _each_once(house: factories.House, task: IncidentTask) -> None:
    with within(house.id):
        told = Counter(CaseMessage.objects.filter(kind="apology").values_list("case__customer_id", flat=True))
        assert len(told) == PEOPLE
        assert set(told.values()) == {1}
        assert Case.objects.count() == PEOPLE
        assert Promise.objects.filter(kind="progress", settled_at=None).count() == PEOPLE
    ended = again(house, task)
    assert (ended.done, ended.failed) == (PEOPLE, 0)


def test_two_leaders_who_begin_at_once_begin_one_thing(committed_house: factories.House) -> None:
    house = committed_house
    came(house, "Ann")
    found, moment = incident(house), now()
    wanted = actions.Order(TEXTS, moment + timedelta(hours=1))
    alice, bob = house.actor("alice"), house.actor("bob")
    outcome = at_once(
        house,
        lambda: actions.begin(alice, found, "tell", wanted, now=moment),
        lambda: actions.begin(bob, found, "tell", wanted, now=moment),
    )
    assert sorted(each == "done" for each in outcome) == [False, True]
    with within(house.id):
        assert IncidentTask.objects.count() == 1
