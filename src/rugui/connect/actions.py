"""What can be done to an import: propose it, set how it is read, start, try, stop, discard."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from ..core.errors import ChangedMeanwhile, InputError
from ..core.journal import Event, record
from ..core.phrases import choose_one, listed
from ..engines.tabular.columns import DELIMITERS
from ..engines.tabular.words import FIELDS as FIELDS_OF
from ..house.access import Actor
from ..house.models import Organization, Place
from .imports import files
from .imports.read import REQUIRED
from .imports.settings import Proposal, Surroundings, Wishes, propose
from .imports.words import DATE_ORDERS, DECIMALS, ENCODINGS, FIELDS, SUBJECTS
from .models import ImportRun, RejectedRow

State = ImportRun.State
GOING = (State.RUNNING, State.TRYING)


def surroundings(actor: Actor, place: Place | None) -> Surroundings:
    """What the house knows before it has seen the file."""
    organization = Organization.objects.get(id=actor.organization_id)
    places = list(Place.objects.order_by("id")) if place is None else [place]
    first = places[0]
    return Surroundings(
        first.region,
        organization.currency,
        first.timezone,
        place.id if place else (first.id if len(places) == 1 else None),
        {one.name: one.id for one in places},
    )


def look_at(path: Path, subject: str, around: Surroundings, wishes: Wishes | None = None) -> Proposal:
    """How the file would be read. Raises `InputError` for wishes that cannot be."""
    _check(wishes or Wishes(), subject)
    start, whole = files.start_of(path)
    if not start.strip():
        raise InputError({"file": _("The file is empty.")})
    try:
        return propose(subject, start, whole=whole, around=around, wishes=wishes)
    except KeyError as error:
        message = _("The file has no column “%(name)s”.") % {"name": error.args[0]}
        raise InputError({"mapping": message}) from error


def _check(wishes: Wishes, subject: str) -> None:
    choices = {
        "encoding": (wishes.encoding, ENCODINGS),
        "delimiter": (wishes.delimiter, DELIMITERS),
        "date_order": (wishes.date_order, DATE_ORDERS),
        "decimal": (wishes.decimal, DECIMALS),
    }
    for name, (value, allowed) in choices.items():
        if value is not None and value not in allowed:
            raise InputError({name: choose_one(allowed)})
    for field in [*(wishes.mapping or []), *wishes.columns.values()]:
        if field and field not in FIELDS_OF[subject]:
            message = _("“%(field)s” is not a field here. It can be: %(choices)s.")
            raise InputError({"mapping": message % {"field": field, "choices": listed(FIELDS_OF[subject])}})


def missing_fields(proposal: Proposal, subject: str) -> list[str]:
    """Fields without which nothing of this subject can be taken, and which no column fills."""
    mapped = set(proposal.reading.mapping)
    missing = [name for name in REQUIRED[subject] if name not in mapped]
    if subject == "customers":
        if not mapped & {"name", "family_name", "given_name", "phone", "email"}:
            missing.append("name")
    elif not mapped & {"customer", "customer_email", "customer_phone"}:
        missing.append("customer")
    if subject == "visits" and "place" not in mapped and proposal.reading.place_id is None:
        missing.append("place")
    return missing


def prepare_import(
    actor: Actor,
    *,
    subject: str,
    path: Path,
    file_name: str,
    file_hash: str,
    size: int,
    place: Place | None,
    now: datetime,
    wishes: Wishes | None = None,
) -> ImportRun:
    """An import of this file that is ready to start; the unfinished one if there is one, going on where it was.

    `wishes` count while nothing of the file has been read; after that it is read on as it was begun.
    """
    place_id = place.id if place else None
    actor.must_lead(place_id)
    if subject not in SUBJECTS:
        raise InputError({"subject": choose_one(SUBJECTS)})
    proposal = look_at(path, subject, surroundings(actor, place), wishes)
    settings = {"reading": proposal.reading.as_json(), "names": proposal.layout.names}
    run = ImportRun(
        organization_id=actor.organization_id,
        subject=subject,
        staff_id=actor.staff_id,
        place=place,
        file_name=file_name[:255],
        file_path=str(path),
        file_hash=file_hash,
        size=size,
        settings=settings,
        created_at=now,
    )
    try:
        with transaction.atomic():
            run.save(force_insert=True)
    except IntegrityError:
        return _go_on(actor, run)
    record(
        actor,
        now,
        Event("import.prepared", place_id, subject_id=run.id, payload={"subject": subject, "size": size}),
    )
    return run


def _go_on(actor: Actor, given: ImportRun) -> ImportRun:
    found = ImportRun.objects.select_for_update().get(
        ~Q(state=State.DONE), subject=given.subject, file_hash=given.file_hash
    )
    actor.must_lead(found.place_id)
    if found.state not in GOING:
        if found.file_path != given.file_path:
            files.discard(found)
        found.file_path = given.file_path
        if found.position == 0:
            found.settings, found.place, found.staff_id = given.settings, given.place, given.staff_id
        found.save(update_fields=["file_path", "settings", "place", "staff"])
    return found


def set_reading(actor: Actor, run: ImportRun, wishes: Wishes, *, now: datetime) -> Proposal:
    """Corrects how the file is read. Only before the first row has been taken."""
    actor.must_lead(run.place_id)
    proposal = look_at(Path(run.file_path), run.subject, surroundings(actor, run.place), wishes)
    settings = {"reading": proposal.reading.as_json(), "names": proposal.layout.names}
    changed = ImportRun.objects.filter(id=run.id, position=0).exclude(state__in=[*GOING, State.DONE])
    if changed.update(settings=settings, trial={}, state=State.READY) == 0:
        raise ChangedMeanwhile
    record(actor, now, Event("import.set", run.place_id, subject_id=run.id))
    return proposal


def start_import(actor: Actor, run: ImportRun, *, now: datetime, trial: bool = False) -> None:
    """Hands the import, or its dry run, to a worker, in the same transaction."""
    from .jobs import import_file, try_file

    actor.must_lead(run.place_id)
    proposal_misses = missing_fields(_as_set(actor, run), run.subject)
    if proposal_misses:
        names = listed(FIELDS[name] for name in proposal_misses)
        raise InputError({"mapping": _("Say which column is: %(names)s.") % {"names": names}})
    state = State.TRYING if trial else State.RUNNING
    waiting = ImportRun.objects.filter(id=run.id).exclude(state__in=[State.DONE, State.TRYING])
    if trial:
        waiting = waiting.exclude(state=State.RUNNING)
    if waiting.update(state=state, beat_at=now, error="", trial={} if trial else F("trial")) == 0:
        raise ChangedMeanwhile
    record(actor, now, Event("import.tried" if trial else "import.asked", run.place_id, subject_id=run.id))
    job = try_file if trial else import_file
    job.defer(organization_id=run.organization_id, run_id=run.id)


def _as_set(actor: Actor, run: ImportRun) -> Proposal:
    reading = run.settings["reading"]
    wishes = Wishes(
        reading["format"]["encoding"],
        reading["format"]["delimiter"],
        reading["format"]["header"],
        reading["mapping"],
        date_order=reading["date_order"],
        decimal=reading["decimal"],
        region=reading["region"],
        currency=reading["currency"],
    )
    return look_at(Path(run.file_path), run.subject, surroundings(actor, run.place), wishes)


def as_set(actor: Actor, run: ImportRun) -> Proposal:
    """How a run reads its file, with the first rows to look at."""
    actor.must_lead(run.place_id)
    return _as_set(actor, run)


def stop_import(actor: Actor, run: ImportRun, *, now: datetime) -> None:
    """Ends it between two batches; what is taken stays taken, and it can go on later."""
    actor.must_lead(run.place_id)
    stopped = ImportRun.objects.filter(id=run.id, state=State.RUNNING).update(
        state=State.STOPPED, finished_at=now
    )
    stopped += ImportRun.objects.filter(id=run.id, state=State.TRYING).update(state=State.READY)
    if stopped == 0:
        raise ChangedMeanwhile
    record(actor, now, Event("import.stopped", run.place_id, subject_id=run.id))


def discard_import(actor: Actor, run: ImportRun, *, now: datetime) -> None:
    """Forgets an import of which nothing has been taken, and its file."""
    actor.must_lead(run.place_id)
    RejectedRow.objects.filter(run_id=run.id, run__position=0).delete()
    gone, _by_table = (
        ImportRun.objects.filter(id=run.id, position=0).exclude(state__in=[*GOING, State.DONE]).delete()
    )
    if gone == 0:
        raise ChangedMeanwhile
    record(actor, now, Event("import.discarded", run.place_id, subject_id=run.id))
    transaction.on_commit(lambda: files.discard(run))
