"""`rugui import`"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click
import psycopg
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from ..config import config
from ..core.database import connection_parameters
from .database import running_database
from .django import setup

if TYPE_CHECKING:
    from ..connect.imports.run import Progress as Counted
    from ..connect.imports.settings import Proposal, Wishes
    from ..connect.models import ImportRun
    from ..house.access import Actor
    from ..house.models import Place

SUBJECTS = ["customers", "purchases", "visits", "notes", "touches"]
REJECTED_SOME, STOPPED = 3, 130


@click.command("import")
@click.argument("subject", type=click.Choice(SUBJECTS))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--house", help="Name of the house. Needed when the installation has more than one.")
@click.option("--place", help="Where it happened, unless a column says so. Times are read by its clock.")
@click.option(
    "--map",
    "mapped",
    multiple=True,
    metavar="COLUMN=FIELD",
    help="Which field a column is; COLUMN= leaves it out.",
)
@click.option(
    "--encoding", help="utf-8, big5hkscs, gb18030, utf-16-le, utf-16-be or cp1252; guessed otherwise."
)
@click.option("--delimiter", help="Comma, semicolon, vertical bar or TAB; guessed otherwise.")
@click.option("--header/--no-header", default=None, help="Whether the first line names the columns.")
@click.option("--date-order", help="ymd, dmy, mdy or roc (113/05/31); guessed otherwise.")
@click.option("--decimal", help="What parts the cents: point or comma; guessed otherwise.")
@click.option("--region", help="Country of local phone numbers and dates, like TW.")
@click.option("--currency", help="Currency of amounts that name none, like EUR.")
@click.option(
    "--language",
    type=click.Choice(["en", "zh-hant", "zh-hans"]),
    help="Language of the reasons in the rejected file.",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen, and write nothing.")
def command(
    subject: str, file: Path, house: str | None, dry_run: bool, language: str | None, **given: Any
) -> None:
    """Import customers, purchases, visits, notes or touches from a CSV file.

    Start it again after it was stopped or killed, and it goes on where it was. Importing the same file twice
    changes nothing. Rows that cannot be taken are written to FILE.rejected.csv, with the reasons.

    Exit codes: 0 everything was taken, 3 some rows were rejected, 130 stopped, 1 or 2 something is wrong.
    """
    setup("app")
    with running_database():
        organization_id = _organization(house)
        from django.utils import translation

        from ..core import tenancy
        from ..core.errors import HouseError
        from ..house.models import Organization

        with tenancy.within(organization_id):
            spoken = language or Organization.objects.get(id=organization_id).language
        with translation.override(spoken):
            try:
                code = _import(organization_id, subject, file.resolve(), dry_run, given)
            except HouseError as error:
                fields: dict[str, object] = getattr(error, "fields", {})
                told = "; ".join(f"{name}: {message}" for name, message in fields.items())
                raise click.ClickException(told or str(error)) from error
    sys.exit(code)


def _organization(name: str | None) -> int:
    """Whoever may run commands here may see which houses there are; the import itself acts as the program."""
    with psycopg.connect(**connection_parameters(config(), "owner")) as connection:
        rows = connection.execute("SELECT id, name FROM rugui_organization ORDER BY name").fetchall()
    found = [row for row in rows if name is None or row[1].casefold() == name.casefold()]
    if len(found) == 1:
        return int(found[0][0])
    names = ", ".join(row[1] for row in rows) or "none yet"
    raise click.UsageError(f"Say which house with --house NAME. There is: {names}.")


def _import(organization_id: int, subject: str, file: Path, dry_run: bool, given: dict[str, Any]) -> int:
    from ..core import tenancy
    from ..house.access import house_actor

    actor = house_actor(organization_id, "import")
    wishes = _wishes(given)
    with tenancy.within(organization_id):
        place = _place(given["place"])
    console = Console(stderr=True)
    act = _rehearse if dry_run else _carry_out
    return act(console, actor, subject, file, place, wishes)


def _wishes(given: dict[str, Any]) -> Wishes:
    from ..connect.imports.settings import Wishes

    columns = {}
    for pair in given["mapped"]:
        column, equals, field = pair.rpartition("=")
        if not equals:
            raise click.UsageError(f"Write --map COLUMN=FIELD, not {pair}.")
        columns[column] = field.strip()
    delimiter = given["delimiter"]
    if delimiter and delimiter.lower() in {"tab", "\\t"}:
        delimiter = "\t"
    return Wishes(
        given["encoding"],
        delimiter,
        given["header"],
        columns=columns,
        date_order=given["date_order"],
        decimal=given["decimal"],
        region=given["region"],
        currency=given["currency"],
    )


def _place(name: str | None) -> Place | None:
    from ..house.models import Place

    if name is None:
        return None
    places = {place.name.casefold(): place for place in Place.objects.all()}
    if name.casefold() not in places:
        known = ", ".join(place.name for place in places.values())
        raise click.UsageError(f"There is no place called {name}. There is: {known}.")
    return places[name.casefold()]


def _tell(console: Console, proposal: Proposal, subject: str) -> None:
    """How the file is understood, so that a wrong guess is seen before it does anything."""
    from ..connect.actions import missing_fields

    layout = proposal.layout
    console.print(
        f"[bold]{layout.format.encoding}[/] · {layout.delimiter.value!r} · {proposal.reading.date_order}"
    )
    for number, (name, guess) in enumerate(zip(layout.names, proposal.mapping, strict=True), 1):
        sure = "" if guess.certainty > 0.9 or not guess.value else f"  ({guess.certainty:.0%} sure)"
        console.print(f"  {name or number} → {guess.value or '–'}{sure}", highlight=False, markup=False)
    missing = missing_fields(proposal, subject)
    if missing:
        raise click.UsageError(f"No column is: {', '.join(missing)}. Use --map COLUMN=FIELD.")


class _Stop:
    """The first Ctrl-C (or termination) ends the import after the batch at hand, the second at once."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask)

    def _ask(self, number: int, _frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True

    def __call__(self) -> bool:
        return self.asked


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rows]:,} rows"),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
    )


def _listener(progress: Progress, name: str, size: int, done: int) -> Callable[[Counted, object], None]:
    task = progress.add_task(name, total=size, completed=done, rows=0)

    def listen(counted: Counted, _batch: object) -> None:
        progress.update(task, completed=counted.position, rows=counted.read)

    return listen


def _report(counted: Counted) -> None:
    click.echo(
        f"{counted.read:,} rows: {counted.new:,} new, {counted.changed:,} changed, "
        f"{counted.same:,} the same, {counted.rejected:,} rejected"
    )


def _carry_out(
    console: Console, actor: Actor, subject: str, file: Path, place: Place | None, wishes: Wishes
) -> int:
    from ..connect import actions
    from ..connect.imports import files, run
    from ..core import tenancy
    from ..core.time import now

    file_hash, size = files.measure(file)
    with tenancy.within(actor.organization_id):
        prepared = actions.prepare_import(
            actor, subject=subject, path=file, file_name=file.name, file_hash=file_hash, size=size, place=place,
            now=now(), wishes=wishes,
        )  # fmt: skip
        if prepared.position == 0:
            _tell(console, actions.as_set(actor, prepared), subject)
        else:
            console.print(f"Going on after line {prepared.line:,}.")
    stop = _Stop()
    with _bar(console) as bar:
        listen = _listener(bar, file.name, size, prepared.position)
        ended = run.carry_out(actor.organization_id, prepared.id, listen=listen, halted=stop)
    _report(run.Progress.of(ended))
    if ended.rows_rejected:
        _write_rejected(ended, file, actor.organization_id)
    if ended.state != ended.State.DONE:
        click.echo("Stopped. Start the same command again to go on.", err=True)
        return STOPPED
    return REJECTED_SOME if ended.rows_rejected else 0


def _write_rejected(ended: ImportRun, file: Path, organization_id: int) -> None:
    from ..connect.imports import files
    from ..core import tenancy

    target = file.with_name(f"{file.stem}.rejected.csv")
    with tenancy.within(organization_id), target.open("w", encoding="utf-8", newline="") as out:
        out.writelines(files.rejected_rows(ended))
    click.echo(f"The rejected rows are in {target.name}: mend them there and import that file.", err=True)


def _rehearse(
    console: Console, actor: Actor, subject: str, file: Path, place: Place | None, wishes: Wishes
) -> int:
    from ..connect import actions
    from ..connect.imports import files, run, words
    from ..connect.imports.load import Context
    from ..core import tenancy
    from ..core.time import now

    file_hash, size = files.measure(file)
    with tenancy.within(actor.organization_id):
        proposal = actions.look_at(file, subject, actions.surroundings(actor, place), wishes)
        _tell(console, proposal, subject)
    context = Context(actor.organization_id, subject, now(), proposal.reading.timezone, 2**62)
    told = 0

    with _bar(console) as bar:
        advance = _listener(bar, file.name, size, 0)

        def listen(counted: Counted, batch: Any) -> None:
            nonlocal told
            advance(counted, batch)
            for one in batch.rejected[: max(0, 10 - told)]:
                told += 1
                field = words.field_name(one.problem.field)
                click.echo(
                    f"  line {one.record.line}: {field + ': ' if field else ''}{words.reason_of(one.problem)}"
                )

        counted = run.rehearse(context, str(file), proposal.reading, file_hash, listen=listen, halted=_Stop())
    _report(counted)
    click.echo("Nothing was written.")
    return REJECTED_SOME if counted.rejected else 0
