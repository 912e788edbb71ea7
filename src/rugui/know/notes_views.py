"""Pages about notes: writing one, what can be done about it, why we know it, and the consents that they rest on."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ..core import replies
from ..core.errors import InputError
from ..core.time import now as this_moment
from ..house.requests import HouseRequest, current_place
from . import access, actions, words
from .claims import ConsentNeeded
from .forms import ConsentForm, NoteForm
from .models import Customer, Note, Sensitive

CAPTURE = "capture-result"
"""The element above the capture line in which its answers are shown."""


@require_http_methods(["GET", "POST"])
def note_new(request: HouseRequest, customer_id: int) -> HttpResponse:
    """A note with its kind and its source said; the capture line is the short way.

    A sensitive one without consent is not kept: the page says so and leads to recording the consent.
    """
    request.actor.must_serve(None)
    customer, place = access.customer(request.actor, customer_id), current_place(request)
    form = NoteForm(request.POST or None, initial={"kind": request.GET.get("kind", Note.Kind.FACT)})
    consent_for = ""
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            try:
                said = {name: form.cleaned_data[name] for name in ("text", "kind", "source")}
                actions.add_note(
                    request.actor, customer, place=place, now=this_moment(), about=form.about(), **said
                )
            except ConsentNeeded as needed:
                consent_for = needed.sensitive
                raise
            return redirect("customer", customer.id)
    context = {"form": form, "customer": customer, "consent_for": consent_for, "more_open": _more_said(form)}
    return render(request, "know/note_new.html", context, status=status(form))


def _more_said(form: NoteForm) -> bool:
    """Whether something in the folded part was filled in or refused."""
    return any(bound.errors or (form.is_bound and form.data.get(bound.name)) for bound in form.more())


@require_GET
def note_tools(request: HouseRequest, note_id: int) -> HttpResponse:
    """Why we know it and what can be done about it, fetched when somebody opens it."""
    note = access.note(request.actor, note_id)
    context = {
        "note": note,
        "kinds": Note.Kind.choices,
        "why": words.why(request.actor, note, current_place(request).zone),
        "may_change": request.actor.serves(None),
        "checkable": note.kind not in {Note.Kind.MOOD, Note.Kind.GOAL},
    }
    return render(request, "know/note_tools.html", context)


@require_POST
def note_kind(request: HouseRequest, note_id: int) -> HttpResponse:
    """It is of another kind than we thought. Undone by going back to the kind before."""
    note = access.note(request.actor, note_id)
    before, kind = note.kind, request.POST.get("kind") or request.GET.get("kind", "")
    actions.correct_note(request.actor, note, kind=kind, now=this_moment())
    if request.headers.get("HX-Target") == CAPTURE:
        return noted(request, note)
    said = _("Now kept as: %(kind)s.") % {"kind": Note.Kind(note.kind).label}
    undo = f"{reverse('note-kind', args=[note.id])}?kind={before}" if before != note.kind else ""
    return changed(request, note.customer, said, undo=undo)


@require_POST
def note_withdraw(request: HouseRequest, note_id: int) -> HttpResponse:
    note = access.note(request.actor, note_id)
    actions.withdraw_note(request.actor, note, now=this_moment())
    undo = reverse("note-restore", args=[note.id])
    return changed(request, note.customer, _("Taken off the card."), undo=undo)


@require_POST
def note_restore(request: HouseRequest, note_id: int) -> HttpResponse:
    note = access.note(request.actor, note_id)
    actions.restore_note(request.actor, note, now=this_moment())
    return changed(request, note.customer, _("Back on the card."))


@require_POST
def note_confirm(request: HouseRequest, note_id: int) -> HttpResponse:
    """One tap: it is still so."""
    note, now = access.note(request.actor, note_id), this_moment()
    before = note.confirmed_at
    actions.confirm_note(request.actor, note, now=now)
    return changed(request, note.customer, _("Good: it is still so."), undo=_back(note, now, before))


@require_POST
def note_end(request: HouseRequest, note_id: int) -> HttpResponse:
    """One tap: not any more. It stays among the earlier ones."""
    note, now = access.note(request.actor, note_id), this_moment()
    actions.end_note(request.actor, note, now=now)
    return changed(
        request, note.customer, _("Not any more: kept among the earlier ones."), undo=_back(note, now, None)
    )


@require_POST
def note_check_undo(request: HouseRequest, note_id: int) -> HttpResponse:
    """Takes back a confirmation or an end that was a slip of the finger."""
    note = access.note(request.actor, note_id)
    request.actor.must_serve(None)
    at, before = _moment(request.GET.get("at", "")), _moment(request.GET.get("before", ""))
    if at is None:
        raise InputError({"at": _("Please say which check is taken back.")})
    actions.take_back_check(request.actor, note, at=at, before=before, now=this_moment())
    return changed(request, note.customer, _("As it was before."))


def _back(note: Note, at: datetime, before: datetime | None) -> str:
    asked = {"at": at.isoformat()} | ({"before": before.isoformat()} if before else {})
    return f"{reverse('note-check-undo', args=[note.id])}?{urlencode(asked)}"


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


@require_http_methods(["GET", "POST"])
def consents(request: HouseRequest, customer_id: int) -> HttpResponse:
    """What they have allowed us to write down, in which words and when; one more can be recorded."""
    request.actor.must_serve(None)
    customer = access.customer(request.actor, customer_id)
    wanted = request.GET.get("sensitive", "")
    sensitive = wanted if wanted in Sensitive.values else Sensitive.HEALTH.value
    language = customer.language or request.LANGUAGE_CODE
    first = {"sensitive": sensitive, "wording": words.wording(sensitive, language)}
    form = ConsentForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.record_consent(
                request.actor, customer, language=language, now=this_moment(), **form.cleaned_data
            )
            return redirect("consents", customer.id)
    context = {
        "form": form,
        "customer": customer,
        "given": access.consents(request.actor, customer).select_related("staff").order_by("-id")[:100],
    }
    return render(request, "know/consents.html", context, status=status(form))


@require_POST
def consent_withdraw(request: HouseRequest, consent_id: int) -> HttpResponse:
    """They have taken it back: what rested on it is gone from every card. Asked before, because it is not undone."""
    consent = access.consent(request.actor, consent_id)
    actions.withdraw_consent(request.actor, consent, now=this_moment())
    to = reverse("consents", args=[consent.customer_id])
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": to})
    return redirect(to)


def noted(request: HouseRequest, note: Note) -> HttpResponse:
    """What the capture line answers: what was kept and as what, one tap from being something else, or nothing."""
    response = render(request, "know/noted.html", {"note": note, "kinds": Note.Kind.choices})
    response["HX-Trigger"] = json.dumps(dict.fromkeys(replies.live(note.customer)))
    return response


def changed(request: HouseRequest, customer: Customer, said: str, *, undo: str = "") -> HttpResponse:
    """After a change to a card: a word about it, and the way back."""
    to = reverse("customer", args=[customer.id])
    response = replies.changed(request, to, toast=said, undo=undo, events=replies.live(customer))
    if request.headers.get("HX-Target") == CAPTURE:
        response.status_code = 200  # empty, so that what was shown there goes
    return response


def status(form: Any, *refused: object) -> int:
    """Unprocessable when a form is shown again because of what was in it."""
    return 422 if form.is_bound and (form.errors or any(refused)) else 200
