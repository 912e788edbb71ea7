"""Below the pages: what the database itself, jobs, commands, live events and files keep apart."""

from __future__ import annotations

import csv
import io

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from rugui.connect.imports import files
from rugui.connect.jobs import import_file, try_file
from rugui.connect.models import ImportRun, RejectedRow
from rugui.core import tickets
from rugui.core.ids import row_id
from rugui.core.models import HouseModel, JournalEntry
from rugui.core.tenancy import within
from rugui.core.time import now
from rugui.engines.tabular.base import plain
from rugui.engines.tabular.columns import detect_layout
from rugui.live.hub import Scope
from rugui.live.kinds import GUEST_KINDS
from rugui.live.tail import Entry

from .matrix.world import FOREIGN, HERE, THERE, World, rolled_back

TABLES = [model for model in apps.get_app_config("rugui").get_models() if issubclass(model, HouseModel)]
NOTHING_OF = {"idempotentreply", "duty", "ring", "openinghours"}
"""What the two houses of these tests do not have."""


class Working:
    """What a worker hands a job."""

    def should_abort(self) -> bool:
        return False


def test_outside_of_any_house_every_table_is_empty(world: World) -> None:
    with transaction.atomic():
        assert [model.__name__ for model in TABLES if model.objects.exists()] == []


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
def test_inside_a_house_there_are_its_own_rows_only(model: type[HouseModel], world: World) -> None:
    for house in (world.lake, world.other):
        with within(house.id):
            owners = set(model.objects.values_list("organization_id", flat=True))
        assert owners == (set() if model._meta.model_name in NOTHING_OF else {house.id})


@pytest.mark.parametrize(
    "model",
    [model for model in TABLES if model._meta.model_name not in NOTHING_OF],
    ids=lambda model: model.__name__,
)
def test_a_row_cannot_be_moved_to_another_house(model: type[HouseModel], world: World) -> None:
    refused = pytest.raises(DatabaseError, match=r"row-level security|append-only|permission denied")
    with rolled_back(), within(world.lake.id), refused, transaction.atomic():
        model.objects.update(organization_id=world.other.id)


@pytest.mark.parametrize("job", [import_file, try_file], ids=lambda job: job.name)
def test_a_job_of_the_wrong_house_finds_nothing_to_do(job: object, world: World) -> None:
    """Its arguments name a run that is there, and a house that is not its own."""
    run_id = row_id("importrun", world.ids[HERE]["importrun"])
    with rolled_back():
        with within(world.lake.id):
            ImportRun.objects.filter(id=run_id).update(state="running" if job is import_file else "trying")
            before = JournalEntry.objects.count()
        job.func(Working(), organization_id=world.other.id, run_id=run_id)  # type: ignore[attr-defined]
        with within(world.lake.id):
            left = ImportRun.objects.get(id=run_id)
            assert (left.position, left.rows_read, left.trial) == (0, 0, {})
            assert JournalEntry.objects.count() == before


def test_the_role_of_the_pages_cannot_read_around_its_rules(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False, False)
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole AND relnamespace = 'public'::regnamespace"
        )
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id'"
            " WHERE c.relkind IN ('r', 'p') AND NOT c.relrowsecurity AND NOT a.attisdropped"
        )
        assert cursor.fetchall() == []


def _journal(world: World) -> list[Entry]:
    """Every journal entry of the house as the live process reads it."""
    with within(world.lake.id):
        return [Entry(*row) for row in JournalEntry.objects.order_by("id").values_list(*Entry._fields)]


def test_a_live_stream_tells_of_what_its_holder_sees(world: World) -> None:
    here, there = (place.id for place in world.lake.places)
    for who, places in (("alice", {None, here, there}), ("carol", {None, here}), ("dan", {None, there})):
        scope = Scope.of(tickets.for_staff(world.lake.actor(who), now=now()))
        assert {entry.place_id for entry in _journal(world) if scope.hears(entry)} == places


def test_a_customers_stream_tells_of_their_case_and_of_no_talk(world: World) -> None:
    case_id = row_id("case", world.ids[HERE]["case"])
    scope = Scope.of(tickets.for_guest(world.lake.id, case_id, now=now()))
    heard = [entry for entry in _journal(world) if scope.hears(entry)]
    assert heard != []
    assert {entry.case_id for entry in heard} == {case_id}
    assert {entry.kind for entry in heard} <= GUEST_KINDS
    assert [kind for kind in GUEST_KINDS if "talk" in kind or "note" in kind or "document" in kind] == []


def test_a_ticket_tells_nothing_of_what_is_in_it(world: World) -> None:
    for where in (HERE, THERE, FOREIGN):
        ticket = world.ask("nobody", "GET", f"/c/{world.secrets[where]}/ticket").text
        assert "zq" not in ticket.partition("ticket=")[0]
        assert not {world.ids[where]["case"], world.secrets[where]} & set(ticket.split('"'))


@pytest.mark.parametrize(
    "start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠SUM(A1)", "'=1"]
)
def test_no_cell_of_the_rejected_rows_is_a_formula(start: str, world: World) -> None:
    with rolled_back(), within(world.lake.id):
        run = ImportRun.objects.get(id=row_id("importrun", world.ids[HERE]["done"]))
        run.settings["names"] = [start, "phone"]
        RejectedRow.objects.filter(run=run).update(cells=[start, start])
        text = "".join(files.rejected_rows(run))
    names, cells = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    guarded = "'" + start
    assert (names[0], cells[:2]) == (guarded, [guarded, guarded])
    read = detect_layout(text.encode(), whole=True)
    assert (read.names[0], read.rows[0][:2]) == (plain(start), [start, start])
