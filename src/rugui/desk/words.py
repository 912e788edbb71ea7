"""How the desk says things: what a promise asks of us, what a line of the history was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from django.db.models import Choices
from django.utils.functional import Promise as LazyText
from django.utils.translation import get_language, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ..core.ids import public_id
from ..core.money import Money
from ..core.web import address
from ..know.models import Identity, Note
from ..know.recall import Remembered
from ..know.words import sureness
from ..language.ears.queries import Seen
from ..promise.models import Promise
from ..promise.words import told_words
from ..recover.models import Case
from ..serve.models import Purchase, Touch, Visit
from .queries import TimelineRow

Text = str | LazyText

DUE: dict[str, Text] = {
    Promise.Kind.ANSWER: _("Answer %(name)s"),
    Promise.Kind.NEXT_ANSWER: _("Answer %(name)s"),
    Promise.Kind.PROGRESS: _("Report to %(name)s"),
    Promise.Kind.CALL_BACK: _("Call %(name)s back"),
    Promise.Kind.DELIVERY: _("Bring it to %(name)s"),
    Promise.Kind.READY_BY: _("Have it ready for %(name)s"),
    Promise.Kind.SOLUTION: _("Solve it for %(name)s"),
    Promise.Kind.FOLLOW_UP: _("Ask %(name)s how it is"),
    Promise.Kind.LEAVE: _("Decide on leave asked for %(name)s"),
    Promise.Kind.STORY: _("Tell the story of %(name)s"),
    Promise.Kind.OTHER: _("Keep the promise to %(name)s"),
}
"""What a promise asks of us."""

CHANNEL_ICONS = {Touch.Channel.IN_PERSON: "person"}
REACH_ICONS: dict[str, str] = {
    Identity.Kind.PHONE: "phone",
    Identity.Kind.EMAIL: "email",
    Identity.Kind.HANDLE: "chat",
    Identity.Kind.CARD: "key",
}
_PROMISE_CSS = {"kept": "is-kept", "broken": "is-broken"}


def due(promise: Promise) -> str:
    """ "Report to Ms Chen"."""
    return str(DUE.get(promise.kind, DUE[Promise.Kind.OTHER])) % {"name": promise.customer.called}


@dataclass(frozen=True, slots=True)
class Owed:
    """A promise as a line to act on: what to do, and where that is done."""

    promise: Promise
    line: str
    href: str
    told: str = ""
    """The sentence that says who was told that it is broken."""

    @property
    def is_case(self) -> bool:
        return self.promise.case_id is not None

    @property
    def is_answer(self) -> bool:
        """An answer to a message that is not (or no longer) a case's."""
        return (
            self.promise.case_id is None
            and self.promise.kind in Promise.ANSWERS
            and self.promise.touch_id is not None
        )


def owed(promises: Iterable[Promise], told: Mapping[int, list[str]] | None = None) -> list[Owed]:
    """Lines to act on; `told` has the names of those who know of the broken ones."""
    return [
        Owed(each, due(each), _where(each), told_words(each, (told or {}).get(each.id, ())))
        for each in promises
    ]


def _where(promise: Promise) -> str:
    if promise.case_id is not None:
        return address("case", public_id("case", promise.case_id))
    if promise.kind in Promise.ANSWERS and promise.touch_id is not None:
        return address("message-answer", public_id("touch", promise.touch_id))
    return address("customer", public_id("customer", promise.customer_id))


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note with its choices in words, worked out once a kind rather than once a note."""

    note: Note
    kind: str
    source: str
    href: str
    """Where what can be done about it is fetched from."""
    level: str
    """`sure`, `likely` or `faint`."""
    sureness: str
    """Why it is not simply so: "confirmed in May", "seen once"; empty for what was said and still holds."""
    marker: str
    """The icon of what is not to be mentioned."""
    discretion: str


_MARKERS: dict[str, str] = {Note.Discretion.QUIET: "eye-half", Note.Discretion.KEEPER: "eye-closed"}


@cache
def _choices(language: str) -> tuple[dict[str, str], ...]:
    """The words for kind, source and discretion in the language that is active."""
    return tuple(
        {str(each.value): str(each.label) for each in of} for of in (Note.Kind, Note.Source, Note.Discretion)
    )


def notes(found: Iterable[Remembered]) -> list[NoteLine]:
    kinds, sources, levels = _choices(get_language() or "en")
    return [
        NoteLine(
            each.note,
            kinds[each.note.kind],
            sources[each.note.source],
            address("note-tools", each.note.public_id),
            each.level,
            sureness(each),
            _MARKERS.get(each.note.discretion, ""),
            levels[each.note.discretion],
        )
        for each in found
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a customer's history, ready to be shown."""

    at: datetime
    icon: str
    label: Text
    """What the icon says."""
    text: str
    detail: Text
    css: str = ""
    href: str = ""
    money: Money | None = None
    heard: Seen | None = None
    """Of a message of theirs what was heard."""
    may_correct: bool = False


def history(
    rows: Iterable[TimelineRow], heard: Mapping[int, Seen], may_correct: Callable[[int | None], bool]
) -> list[Line]:
    """Lines of a history. `heard` is by message; `may_correct` says of which place whoever looks may set it right."""
    return [_heard(row, _LINES[row.what](row), heard, may_correct) for row in rows]


def _heard(
    row: TimelineRow, line: Line, heard: Mapping[int, Seen], may_correct: Callable[[int | None], bool]
) -> Line:
    if row.what != "touch" or (seen := heard.get(row.id)) is None:
        return line
    return replace(line, heard=seen, may_correct=may_correct(row.place_id))


def _label(choice: Choices) -> str:
    return _translated(type(choice), choice.value, get_language() or "en")


@cache
def _translated(choices: type[Choices], value: str, language: str) -> str:
    """By kind of choice too: "open" of a case and of a promise are equal, and not the same word."""
    with override(language):
        return str(choices(value).label)


def _touch(row: TimelineRow) -> Line:
    channel = Touch.Channel(row.kind)
    icon = CHANNEL_ICONS.get(channel, row.kind)
    return Line(
        row.at, icon, _label(channel), row.text, _label(Touch.Direction(row.state)), f"is-{row.state}"
    )


def _visit(row: TimelineRow) -> Line:
    return Line(row.at, "visit", _label(Visit.Kind(row.kind)), row.text, _label(Visit.State(row.state)))


def _purchase(row: TimelineRow) -> Line:
    return Line(
        row.at,
        "purchase",
        _label(Purchase.Kind(row.kind)),
        row.text,
        _label(Purchase.Kind(row.kind)),
        money=row.money,
    )


def _case(row: TimelineRow) -> Line:
    href = address("case", public_id("case", row.id))
    return Line(
        row.at, "cases", pgettext_lazy("recovery", "Case"), row.text, _label(Case.State(row.state)), href=href
    )


def _promise(row: TimelineRow) -> Line:
    kind = _label(Promise.Kind(row.kind))
    icon = "warn" if row.state == Promise.State.BROKEN else "check"
    return Line(
        row.at,
        icon,
        kind,
        row.text or str(kind),
        _label(Promise.State(row.state)),
        _PROMISE_CSS.get(row.state, ""),
    )


def _merge(row: TimelineRow) -> Line:
    href = address("merge", public_id("merge", row.id))
    return Line(
        row.at, "customers", _("Merged"), row.text, _("another card became part of this one"), href=href
    )


_LINES = {
    "merge": _merge,
    "touch": _touch,
    "visit": _visit,
    "purchase": _purchase,
    "case": _case,
    "promise": _promise,
}
