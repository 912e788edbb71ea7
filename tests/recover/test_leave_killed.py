"""The rule that decides a question nobody answers, by a worker who is killed in the middle of it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from datetime import datetime
from typing import Any

from django.db import connection

from rugui.core.tenancy import within
from rugui.recover.remedies.models import Given
from rugui.recover.trust import books, leave
from rugui.recover.trust.models import Leave, LedgerEntry

from .. import factories
from .help import acting, again, opened
from .test_ledger import trusting
from .test_trust import gift

KILLS = 4


def _decide(house_id: int, row_id: int, moment: datetime, slow: bool) -> None:
    """As the job does; slowly where it is to be killed between its writes and its commit."""
    if slow:
        post = books.post

        def then_wait(*arguments: Any, **more: Any) -> LedgerEntry:
            entry = post(*arguments, **more)
            time.sleep(60)
            return entry

        books.post = then_wait
    with within(house_id):
        leave.decide_by_rule(house_id, row_id, now=moment)


def test_killed_between_its_writes_it_leaves_nothing_and_the_next_decides_once(
    committed_house: factories.House,
) -> None:
    house = committed_house
    trusting(house, staff=(100, 100))
    case = opened(house)
    with acting(house, "carol") as (carol, moment):
        row = leave.ask(carol, case, gift(500), now=moment)
    assert row.decides_at is not None
    connection.close()  # nobody inherits it
    context = multiprocessing.get_context("fork")
    for _kill in range(KILLS):
        worker = context.Process(target=_decide, args=(house.id, row.id, row.decides_at, True), daemon=True)
        worker.start()
        time.sleep(0.8)
        os.kill(worker.pid or 0, signal.SIGKILL)
        worker.join(20)
        assert again(house, row).state == Leave.State.ASKED
        with within(house.id):
            assert not Given.objects.exists()
            assert not LedgerEntry.objects.exists()
        connection.close()
    both = [
        context.Process(target=_decide, args=(house.id, row.id, row.decides_at, False), daemon=True)
        for _each in range(2)
    ]
    for worker in both:
        worker.start()
    for worker in both:
        worker.join(60)
    with within(house.id):
        assert Leave.objects.get(id=row.id).state == Leave.State.GRANTED
        assert Given.objects.count() == 1
        assert LedgerEntry.objects.count() == 1
