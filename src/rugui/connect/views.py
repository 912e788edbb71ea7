"""Pages of imports: upload, correct, try, import, watch, take the rejected rows."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ..core.errors import NotFound
from ..core.time import now
from ..house.requests import HouseRequest
from . import access, actions, queries
from .forms import ReadingForm, UploadForm
from .imports import files
from .imports.run import Progress
from .imports.settings import Proposal
from .imports.words import SUBJECTS
from .models import ImportRun

State = ImportRun.State


@require_http_methods(["GET", "POST"])
def imports(request: HouseRequest) -> HttpResponse:
    """A new file, and what has been imported before."""
    request.actor.must_lead_somewhere()
    form = UploadForm(request.POST or None, request.FILES or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            return redirect("import_run", _take(request, form).public_id)
    runs = access.runs(request.actor)
    for run in runs:
        run.subject_name = SUBJECTS[run.subject]  # type: ignore[attr-defined]
    context = {"form": form, "runs": runs}
    return render(request, "connect/imports.html", context, status=422 if form.errors else 200)


def _take(request: HouseRequest, form: UploadForm) -> ImportRun:
    data = form.cleaned_data
    place = access.target(request.actor, data["place"])
    path, file_hash, size = files.keep(data["file"].chunks())
    try:
        run = actions.prepare_import(
            request.actor, subject=data["subject"], path=path, file_name=data["file"].name, file_hash=file_hash,
            size=size, place=place, now=now(),
        )  # fmt: skip
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    if run.file_path != str(path):  # it is being read at this moment, from where it lay before
        path.unlink(missing_ok=True)
    return run


@require_http_methods(["GET", "POST"])
def import_run(request: HouseRequest, run_id: int) -> HttpResponse:
    """One import: how it is read while nothing has been taken, then how it goes."""
    run = access.run(request.actor, run_id)
    if not _can_be_set(run):
        return render(request, "connect/run.html", _progress(run))
    proposal = actions.as_set(request.actor, run)
    form = ReadingForm(request.POST or None, run=run, proposal=proposal)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.set_reading(request.actor, run, form.wishes(), now=now())
            return redirect("import_run", run.public_id)
    context = _progress(run) | _reading(run, form, proposal)
    return render(request, "connect/reading.html", context, status=422 if form.errors else 200)


def _can_be_set(run: ImportRun) -> bool:
    return (
        run.position == 0 and run.state not in {*actions.GOING, State.DONE} and Path(run.file_path).exists()
    )


def _reading(run: ImportRun, form: ReadingForm, proposal: Proposal) -> dict[str, Any]:
    return {
        "form": form,
        "proposal": proposal,
        "preview": queries.preview(run, proposal),
        "missing": actions.missing_fields(proposal, run.subject),
        "unsure": [
            guess for guess in (proposal.layout.encoding, proposal.date_order) if guess.certainty < 0.7
        ],
    }


def _progress(run: ImportRun) -> dict[str, Any]:
    trial = run.trial
    trying = run.state == State.TRYING
    position = trial.get("position", 0) if trying else run.position
    return {
        "run": run,
        "subject": SUBJECTS[run.subject],
        "counts": Progress.of(run),
        "trial": trial,
        "going": run.state in actions.GOING,
        "abandoned": queries.is_abandoned(run, now()),
        "percent": 100 * position // max(1, run.size),
        "problems": queries.trial_problems(run) if run.position == 0 and trial else queries.problems(run),
        "can_go_on": run.state in {State.STOPPED, State.FAILED} and Path(run.file_path).exists(),
    }


@require_GET
def import_progress(request: HouseRequest, run_id: int) -> HttpResponse:
    """The part of the page that moves; when it has come to rest, the whole page is asked for again."""
    run = access.run(request.actor, run_id)
    response = render(request, "connect/progress.html", _progress(run))
    if run.state not in actions.GOING:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def try_import(request: HouseRequest, run_id: int) -> HttpResponse:
    return _start(request, run_id, trial=True)


@require_POST
def start_import(request: HouseRequest, run_id: int) -> HttpResponse:
    return _start(request, run_id, trial=False)


def _start(request: HouseRequest, run_id: int, *, trial: bool) -> HttpResponse:
    run = access.run(request.actor, run_id)
    actions.start_import(request.actor, run, now=now(), trial=trial)
    return redirect("import_run", run.public_id)


@require_POST
def stop_import(request: HouseRequest, run_id: int) -> HttpResponse:
    run = access.run(request.actor, run_id)
    actions.stop_import(request.actor, run, now=now())
    return redirect("import_run", run.public_id)


@require_POST
def discard_import(request: HouseRequest, run_id: int) -> HttpResponse:
    run = access.run(request.actor, run_id)
    actions.discard_import(request.actor, run, now=now())
    messages.success(request, _("Discarded. Nothing of it was imported."))
    return redirect("imports")


@require_GET
def rejected_rows(request: HouseRequest, run_id: int) -> FileResponse:
    """The rejected rows as a file to mend and import again."""
    run = access.run(request.actor, run_id)
    if run.rows_rejected == 0:
        raise NotFound
    out = tempfile.TemporaryFile()  # noqa: SIM115  FileResponse closes it
    out.writelines(piece.encode() for piece in files.rejected_rows(run))
    out.seek(0)
    name = f"{Path(run.file_name).stem}.rejected.csv"
    return FileResponse(out, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")
