"""Two colleagues who act in the same moment, each on a connection of their own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from rugui.core import keys
from rugui.core.errors import ChangedMeanwhile
from rugui.core.models import Key
from rugui.core.tenancy import within
from rugui.core.time import now
from rugui.promise import actions as promises
from rugui.promise.models import Promise
from rugui.recover import actions
from rugui.recover.models import Case, CaseMessage
from rugui.team.actions import hold_line_up

from .. import database, factories


@pytest.fixture
def house(database_folder: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[factories.House]:
    """A house in a database of its own, because what one commits the other must see."""
    settings = connections["default"].settings_dict
    name = settings["NAME"]
    with django_db_blocker.unblock():
        connections["default"].close()
        settings["NAME"] = database.copy_of_template(database_folder, f"{name}_two_at_once")
        yield factories.lake_house()
        connections["default"].close()
        settings["NAME"] = name


@pytest.fixture
def case(house: factories.House) -> Case:
    customer = factories.customer(house)
    with within(house.id):
        return actions.open_case(house.actor("carol"), customer, house.place, title="Cold", now=now())


def at_once(house: factories.House, first: Callable[[], object], second: Callable[[], object]) -> list[str]:
    """Runs `first`, and `second` while the first has not committed; returns what became of each."""
    done, outcome = threading.Event(), ["", ""]

    def run(number: int, act: Callable[[], object], pause: float) -> None:
        try:
            with within(house.id):
                act()
                done.set()
                time.sleep(pause)
            outcome[number] = "done"
        except ChangedMeanwhile:
            outcome[number] = "changed meanwhile"
        except Exception as error:  # noqa: BLE001  the thread's only way to say what went wrong
            outcome[number] = repr(error)
        finally:
            done.set()
            connection.close()

    ahead = threading.Thread(target=run, args=(0, first, 0.4))
    behind = threading.Thread(target=run, args=(1, second, 0))
    ahead.start()
    done.wait(10)
    behind.start()
    ahead.join(20)
    behind.join(20)
    return outcome


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
