"""The ledger under many writers at once, some of whom are killed: the balance is exact and no limit is passed."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection

from rugui.core.tenancy import within
from rugui.recover.models import Case
from rugui.recover.trust import books
from rugui.recover.trust.models import LedgerEntry

from .. import factories
from ..at_once import at_once
from ..database import owner
from .help import opened
from .test_ledger import ENTRY, LINE, NOW, Raw, spend, trusting

WRITERS = 16
KILLS = 20
AT_MOST = 120.0
CASES = 4
PER_CASE, PER_MONTH = 2_000, 5_000


@pytest.mark.parametrize("table", ["rugui_ledgerentry", "rugui_ledgerline"])
@pytest.mark.parametrize(
    "change", ["UPDATE {} SET organization_id = 0", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_not_even_the_owner_of_the_tables_can_alter_it(
    committed_house: factories.House, database_folder: Path, table: str, change: str
) -> None:
    trusting(committed_house, staff=(100, 100))
    spend(committed_house, opened(committed_house), "carol", 10)
    name = connection.settings_dict["NAME"]
    with (
        owner(database_folder, name) as other,
        other.transaction(force_rollback=True),
        pytest.raises(psycopg.DatabaseError, match="append-only"),
    ):
        other.execute(change.format(table))


def test_nothing_is_added_to_an_entry_of_another_transaction(committed_house: factories.House) -> None:
    trusting(committed_house, staff=(100, 100))
    case = opened(committed_house)
    entry = spend(committed_house, case, "carol", 10)
    raw = Raw(committed_house, case)
    with pytest.raises(DatabaseError, match="same transaction"), within(committed_house.id):
        raw.lines(entry.id, ("due", None, 5), ("house", None, -5))


def test_of_two_who_spend_the_rest_at_once_one_does(committed_house: factories.House) -> None:
    house = committed_house
    trusting(house, staff=(100, 100))
    case, carol = opened(house), house.actor("carol")

    def take() -> None:
        books.post(carol, case, part="extra", amount=books.Money(60, "EUR"), now=NOW)

    outcome = at_once(house, take, take)
    assert outcome[0] == "done"
    assert "OverLimitError" in outcome[1]


def test_sixteen_writers_killed_at_random_leave_the_books_exact(committed_house: factories.House) -> None:
    house = committed_house
    trusting(house, staff=(PER_CASE, PER_MONTH), manager=(PER_CASE, None))
    cases = [opened(house, factories.customer(house, f"Guest {n}")) for n in range(CASES)]
    parameters = connection.get_connection_params()
    connection.close()  # nobody inherits it
    said, killed = _run(house, cases, parameters)
    _check(house, cases, said)
    assert killed == KILLS
    assert len(said) >= 50


def _run(house: factories.House, cases: list[Case], parameters: dict[str, Any]) -> tuple[set[int], int]:
    """The entries that writers were told are written, and how many writers were killed."""
    context, pick = multiprocessing.get_context("fork"), random.Random(7)
    reading, writing = os.pipe()
    writers, killed, end = [], 0, time.monotonic() + AT_MOST

    def start(number: int) -> Any:
        writer = context.Process(target=_write, args=(house, cases, parameters, number, writing), daemon=True)
        writer.start()
        return writer

    writers = [start(number) for number in range(WRITERS)]
    while killed < KILLS and time.monotonic() < end:
        time.sleep(0.15)
        victim = pick.randrange(WRITERS)
        os.kill(writers[victim].pid, signal.SIGKILL)
        writers[victim].join()
        killed += 1
        writers[victim] = start(WRITERS + killed)
    for writer in writers:
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
    os.close(writing)
    with os.fdopen(reading, "rb") as heard:
        return {int(line) for line in heard.read().split()}, killed


def _write(
    house: factories.House, cases: list[Case], parameters: dict[str, Any], seed: int, told: int
) -> None:
    """Spends, takes back and cheats until it is killed; says which entries were committed."""
    pick, known = random.Random(seed), []
    who = house.people[pick.choice(["carol", "bob"])].id
    values = {key: value for key, value in parameters.items() if key in {"dbname", "user", "host", "port"}}
    link = psycopg.connect(**values)
    while True:
        try:
            with link.transaction():
                link.execute("SELECT set_config('rugui.organization', %s, true)", [str(house.id)])
                entry = _try(link, house, pick.choice(cases), who, pick, known)
        except psycopg.DatabaseError:
            continue
        known.append(entry)
        os.write(told, f"{entry}\n".encode())


def _try(
    link: Any, house: factories.House, case: Case, who: int, pick: random.Random, known: list[int]
) -> int:
    amount, kind = pick.randrange(1, 120), pick.random()
    if known and kind < 0.25:
        first = known.pop(pick.randrange(len(known)))
        entry = link.execute(
            "INSERT INTO rugui_ledgerentry (organization_id, at, month, place_id, staff_id, case_number, currency,"
            " paid_currency, reverses_id) VALUES (%s, %s, '1900-01-01', %s, %s, %s, 'EUR', '', %s) RETURNING id",
            [house.id, NOW, case.place_id, who, case.id, first],
        ).fetchone()[0]
        link.execute(
            "INSERT INTO rugui_ledgerline (organization_id, entry_id, account, staff_id, amount)"
            " SELECT organization_id, %s, account, staff_id, -amount FROM rugui_ledgerline WHERE entry_id = %s",
            [entry, first],
        )
        return int(entry)
    values = [house.id, NOW, case.place_id, who, case.id, "EUR"]
    entry = link.execute(ENTRY, values).fetchone()[0]
    link.execute(LINE, [house.id, entry, "extra", None, amount])
    if kind > 0.9:
        return int(entry)  # half an entry: must not be committed
    drawn = amount - 1 if kind > 0.8 else amount
    link.execute(LINE, [house.id, entry, "allowance", who, -drawn])
    return int(entry)


def _check(house: factories.House, cases: list[Case], said: set[int]) -> None:
    """From the tables themselves."""
    with within(house.id), connection.cursor() as cursor:
        assert said <= set(LedgerEntry.objects.values_list("id", flat=True))
        cursor.execute(
            "SELECT count(*) FROM rugui_ledgerentry e LEFT JOIN LATERAL (SELECT sum(amount) AS total, count(*) AS lines"
            " FROM rugui_ledgerline l WHERE l.entry_id = e.id) l ON true WHERE l.total IS DISTINCT FROM 0 OR l.lines <> 2"
        )
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "SELECT e.case_number, -sum(l.amount) FROM rugui_ledgerentry e JOIN rugui_ledgerline l ON l.entry_id = e.id"
            " WHERE l.account = 'allowance' GROUP BY 1"
        )
        drawn = dict(cursor.fetchall())
        cursor.execute("SELECT case_number, spent FROM rugui_trustcase")
        assert {key: int(value) for key, value in drawn.items()} == dict(cursor.fetchall())
        assert max(drawn.values()) <= PER_CASE
        cursor.execute(
            "SELECT staff_id, -sum(amount) FROM rugui_ledgerline WHERE account = 'allowance' GROUP BY 1"
        )
        by_person = {key: int(value) for key, value in cursor.fetchall()}
        cursor.execute("SELECT staff_id, spent FROM rugui_trustmonth")
        assert by_person == dict(cursor.fetchall())
        assert by_person[house.people["carol"].id] <= PER_MONTH
        cursor.execute(
            "SELECT reverses_id FROM rugui_ledgerentry WHERE reverses_id IS NOT NULL GROUP BY 1 HAVING count(*) > 1"
        )
        assert cursor.fetchall() == []
