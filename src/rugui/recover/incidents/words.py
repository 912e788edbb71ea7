"""What is proposed to be said to all, in their languages, and how each one's copy is filled in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import formats, translation
from django.utils.translation import gettext as _

from ...core.phrases import LANGUAGES
from ..models import CaseStep
from .models import Incident, IncidentTask

Kind = IncidentTask.Kind
Step = CaseStep.Step


def filled(text: str, name: str, at: datetime | None, zone: ZoneInfo, language: str) -> str:
    """`{name}` and `{time}` in the words of one customer; other braces stay as they are."""
    said = text.replace("{name}", name)
    return said.replace("{time}", told_time(at, zone, language)) if at is not None else said


def told_time(at: datetime, zone: ZoneInfo, language: str) -> str:
    """A day and a time of day, as one writes them in a letter."""
    local = at.astimezone(zone)
    with translation.override(language):
        return f"{formats.date_format(local, 'MONTH_DAY_FORMAT')} {local:%H:%M}"


def proposed(incident: Incident, kind: str) -> dict[str, str]:
    """By language, words to begin with: owned, without an "if", with what comes next and by when."""
    found = {}
    for code, _name in LANGUAGES:
        with translation.override(code):
            said = [each % {"what": incident.called(code)} for each in _PROPOSED.get(kind, list)()]
            found[code] = "\n\n".join([_("Dear {name},"), *said]) if said else ""
    return found


def reasons() -> dict[str, str]:
    """Why a step was not walked with each of them; it stands in their case."""
    return {
        Step.REVIEW: _("One cause hit many. Each was told, and who wrote back is talked with."),
        Step.DELIGHT: _("One cause hit many. Nothing beyond what was due was decided for all."),
        Step.SHARE: _("One cause hit many. It is shared once, for all of them."),
    }


def wrote_back() -> str:
    return _("They wrote back: answer them, and close it for themselves.")


def has_it() -> str:
    return _("They have it already.")


_PROPOSED: dict[str, Callable[[], list[str]]] = {
    Kind.TELL: lambda: [
        _(
            "%(what)s: we are sorry. This is our fault, it cost you time and comfort, and you should have heard it from us"
            " first. We are putting it right now, and you will hear from us again by {time}."
        ),
        _("You can write to us on this page at any time."),
    ],
    Kind.REPORT: lambda: [
        _("%(what)s: this is how far we are."),
        _("You will hear from us again by {time}."),
    ],
    Kind.SOLVE: lambda: [
        _("%(what)s: it is right again. Thank you for your patience."),
        _("If anything is not right for you, tell us here; a person reads it."),
    ],
    Kind.GIVE: lambda: [_("Nothing undoes it, but we would like you to have this from us.")],
}
"""By what is done to all: the paragraphs after the greeting."""
