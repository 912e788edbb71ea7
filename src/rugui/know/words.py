"""How notes are spoken of: how sure we are, why we know a thing at all, and how consent is asked for."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_skeleton
from django.utils.translation import get_language, override, to_locale
from django.utils.translation import gettext as _

from ..house.access import Actor
from .models import ALWAYS, Customer, Note, Sensitive
from .recall import Remembered

_ONCE = {Note.Source.SEEN: lambda: _("seen once"), Note.Source.BOUGHT: lambda: _("bought once")}


def sureness(each: Remembered) -> str:
    """Calmly, why it is not simply so; nothing where it is."""
    note = each.note
    if note.confirmed_at is not None:
        month = format_skeleton("yMMMM", note.confirmed_at, locale=to_locale(get_language() or "en"))
        return _("confirmed in %(month)s") % {"month": month}
    if not note.standing and note.kind not in {Note.Kind.MOOD, Note.Kind.GOAL}:
        return _ONCE.get(Note.Source(note.source), lambda: _("that once"))()
    if each.level != "sure" and note.source in {Note.Source.SAID, Note.Source.IMPORTED}:
        return _("perhaps no longer")
    return ""


def quiet(customer: Customer, today: date) -> str:
    """That they wish not to be disturbed, and how long; nothing when they do not, or no longer."""
    if not customer.quiet_on(today):
        return ""
    if customer.quiet == ALWAYS:
        return _("Does not wish to hear from us.")
    day = format_date(date.fromisoformat(customer.quiet), "long", locale=to_locale(get_language() or "en"))
    return _("Not to be disturbed until %(day)s.") % {"day": day}


def why(actor: Actor, note: Note, zone: ZoneInfo) -> list[tuple[str, str]]:
    """Why do we know this? Source, who, when, where, what for, and what may be done with it; (question, answer) each."""
    rows = [
        (_("How we know"), str(Note.Source(note.source).label)),
        (_("When"), _moment(note.learned_at, zone)),
        (_("Who wrote it"), note.author.name if note.author else ""),
        (_("Where"), note.place.name if note.place and actor.sees(note.place_id) else ""),
        (_("What for"), str(Note.Purpose(note.purpose).label)),
        (_("Discretion"), str(Note.Discretion(note.discretion).label)),
    ]
    if note.confirmed_at is not None:
        rows.append((_("Last confirmed"), _moment(note.confirmed_at, zone)))
    if note.consent is not None:
        rows.append((_("With their consent of"), _moment(note.consent.given_at, zone)))
    if note.struck_by is not None:
        rows.append((_("Contradicted since"), _moment(note.struck_by.learned_at, zone)))
    return [(question, answer) for question, answer in rows if answer]


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return format_datetime(at.astimezone(zone), "d MMM y, HH:mm", locale=to_locale(get_language() or "en"))


def wording(sensitive: str, language: str) -> str:
    """What to ask with, in the customer's language; staff may change it before they ask."""
    with override(language):
        what = str(Sensitive(sensitive).label)
        return _(
            "May we write down what you tell us about this (%(what)s), only so that we can look after you better?"
            " You can take this back at any time, and we will remove it."
        ) % {"what": what}
