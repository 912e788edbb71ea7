"""What is held of a customer, in plain words for themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.functional import Promise as LazyText
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from ..core.money import Money
from ..core.phrases import LANGUAGES
from ..know.models import Consent, Identity, Note, Sensitive
from ..promise.heard import Heard, by_what_they_heard, said
from ..promise.models import Promise
from ..recover.models import Case
from ..serve.models import Purchase, Touch, Visit
from .models import Keeping
from .queries import Held, Row
from .register import months_after, note_kind

WHO_SEES: dict[str, str | LazyText] = {
    Note.Discretion.OPEN: gettext_lazy("Whoever serves you may see it and mention it."),
    Note.Discretion.QUIET: gettext_lazy(
        "Whoever serves you may see it and act on it, without mentioning it."
    ),
    Note.Discretion.KEEPER: gettext_lazy("Only the person who wrote it sees it."),
}

BASES: dict[str, LazyText] = {
    Keeping.Basis.CONTRACT: gettext_lazy("to do what you asked us for"),
    Keeping.Basis.CONSENT: gettext_lazy("because you allowed it"),
    Keeping.Basis.LEGAL: gettext_lazy("because the law asks for it"),
    Keeping.Basis.INTEREST: gettext_lazy("to serve you well; you may object"),
}


_DIRECTIONS: dict[str, LazyText] = {
    Touch.Direction.IN: gettext_lazy("from you"),
    Touch.Direction.OUT: gettext_lazy("from us"),
}
"""Who said it, to the reader; colleagues call them "them"."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is held: its words, when, and what there is to know about it."""

    text: str
    at: datetime | None = None
    facts: list[str] = field(default_factory=list)
    gone: str = ""
    """Why it counts no more, or nothing."""
    note: str = ""
    consent: str = ""
    """Public ids of what they may object to or take back."""


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    lines: list[Line]
    kept: str = ""
    """How long it stays, where the house has decided it for all of it."""


def sections(found: Held, *, now: datetime) -> list[Section]:
    """Everything, in the order in which people ask for it; what is empty is said to be empty."""

    def note(row: Row) -> Line:
        return _note(row, found.kept)

    each: list[tuple[str, list[Row], Callable[[Row], Line], str]] = [
        (_("How to reach you"), found.identities, _identity, ""),
        (_("What we have noted about you"), found.notes, note, ""),
        (_("What you have allowed"), found.consents, _consent, ""),
        (_("Visits"), found.visits, _visit, "visit"),
        (_("Purchases and refunds"), found.purchases, _purchase, "purchase"),
        (_("Talks and messages"), found.touches, _touch, "message"),
        (_("What we promised you"), found.promises, partial(_promise, now=now), "promise"),
        (_("What went wrong"), found.cases, _case, "case"),
        (_("What was said about it"), found.messages, _message, "case"),
    ]
    return [
        Section(_("You"), _you(found), _kept_for(found.kept.get("card"))),
        *(
            Section(title, [line(row) for row in rows], _kept_for(found.kept.get(kind)))
            for title, rows, line, kind in each
        ),
    ]


def _kept_for(rule: Row | None) -> str:
    """How long, on what basis, what for: as the house has decided it."""
    if rule is None:
        return ""
    basis, why = str(BASES[rule["basis"]]), rule["why"]
    if rule["months"]:
        kept = ngettext("Kept for %(months)s month", "Kept for %(months)s months", rule["months"]) % {
            "months": rule["months"]
        }
    else:
        kept = _("Kept as long as your card")
    return " · ".join(filter(None, [kept, basis, why]))


def _you(found: Held) -> list[Line]:
    languages = dict(LANGUAGES)
    card = found.customer
    facts = [
        (_("Name"), card["name"]),
        (_("How we address you"), card["address_as"]),
        (_("How it is pronounced"), card["pronunciation"]),
        (_("Language"), languages.get(card["language"], "")),
        (_("Languages you speak"), card["languages"]),
        (_("You wish not to be disturbed"), _quiet(card["quiet"])),
        (_("Your number in our other systems"), card["external_id"]),
        *((_("Also known to us as"), each["name"]) for each in found.names),
    ]
    return [Line(str(value), facts=[name]) for name, value in facts if value]


def _quiet(said: str) -> str:
    return _("at any time") if said == "always" else _("until %(day)s") % {"day": said} if said else ""


def _identity(row: Row) -> Line:
    return Line(row["value"], row["created_at"], [_label(Identity.Kind, row["kind"])])


def _note(row: Row, kept: dict[str, Row]) -> Line:
    facts = [
        _label(Note.Kind, row["kind"]),
        _("How we know: %(source)s") % {"source": _label(Note.Source, row["source"])},
        _("What for: %(purpose)s") % {"purpose": _label(Note.Purpose, row["purpose"])},
        str(WHO_SEES[row["discretion"]]),
    ]
    if row["sensitive"]:
        facts.append(_("Kept with your consent: %(what)s") % {"what": _label(Sensitive, row["sensitive"])})
    rule = kept.get(note_kind(row["kind"], row["source"], withdrawn=row["withdrawn_at"] is not None))
    if rule is not None and rule["months"]:
        since = row["withdrawn_at"] or row["confirmed_at"] or row["learned_at"]
        until = formats.date_format(months_after(since, rule["months"]), "DATE_FORMAT")
        facts.append(_("Kept until %(day)s") % {"day": until})
    gone = (
        _("No longer used.")
        if row["withdrawn_at"]
        else _("Replaced by what we heard later.")
        if row["contradicted_by"]
        else ""
    )
    return Line(row["text"], row["learned_at"], facts, gone, note="" if row["withdrawn_at"] else row["id"])


def _consent(row: Row) -> Line:
    facts = [
        _label(Sensitive, row["sensitive"]),
        _label(Consent.How, row["how"]),
        *filter(None, [row["given_by"]]),
    ]
    gone = _("Taken back.") if row["withdrawn_at"] else ""
    return Line(
        row["wording"], row["given_at"], facts, gone, consent="" if row["withdrawn_at"] else row["id"]
    )


def _visit(row: Row) -> Line:
    text = " · ".join(filter(None, [_label(Visit.Kind, row["kind"]), row["about"]]))
    return Line(text, row["expected_at"], [row["place"], _label(Visit.State, row["state"])])


def _purchase(row: Row) -> Line:
    text = " · ".join(
        filter(None, [Money(row["amount"], row["currency"]).text(get_language() or "en"), row["about"]])
    )
    return Line(text, row["at"], _some(_label(Purchase.Kind, row["kind"]), row["place"]))


def _touch(row: Row) -> Line:
    facts = _some(_label(Touch.Channel, row["channel"]), str(_DIRECTIONS[row["direction"]]), row["place"])
    return Line(row["text"] or _("without words"), row["at"], facts)


def _promise(row: Row, now: datetime) -> Line:
    """While it runs, the sentence with the time that they were told, in the time of the place."""
    zone = ZoneInfo(row["timezone"])
    known = Heard(
        row["kind"], row["made_at"], row["told_at"], row["state"], row["settled_at"], row["paused_at"], row["waits_for"]
    )  # fmt: skip
    about = [row["text"]] if row["text"] else []
    facts = [*about, row["place"], _label(Promise.State, row["state"])]
    if row["settled_at"] is None:
        return Line(said(by_what_they_heard(known, now), zone, now=now), row["made_at"], facts)
    return Line(
        row["text"] or _label(Promise.Kind, row["kind"]),
        row["told_at"] or row["made_at"],
        facts[len(about) :],
    )


def _case(row: Row) -> Line:
    return Line(row["title"], row["opened_at"], [row["place"], _label(Case.State, row["state"])])


def _message(row: Row) -> Line:
    return Line(row["text"], row["at"], [str(_DIRECTIONS[row["direction"]])])


def _label(choices: Any, value: str) -> str:
    return str(choices(value).label)


def _some(*facts: str | None) -> list[str]:
    return [each for each in facts if each]
