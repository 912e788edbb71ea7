"""What was understood of a line, as chips: each a menu of alternatives, or a fact to leave out with one tap."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ..engines.capture import Day, topics
from ..know.models import Note, Sensitive
from .capturing import Proposed
from .topics import TOPICS

Text = str | LazyText
_LEANS: dict[int, Text] = {
    1: pgettext_lazy("polarity", "wants it"),
    -1: pgettext_lazy("polarity", "does not want it"),
    0: pgettext_lazy("polarity", "neither"),
}
_LASTS: dict[str, Text] = {"1": gettext_lazy("always"), "0": gettext_lazy("this time")}


@dataclass(frozen=True, slots=True)
class Menu:
    name: str
    label: str
    options: list[tuple[str, Text]]
    chosen: str
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Detail:
    """A fact that goes with the note; an empty choice leaves it out."""

    name: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    text: str
    kind: str
    menus: list[Menu]
    details: list[Detail]
    told: list[str]
    """Said for the reader's sake: a room, the form of address. Nothing to choose."""
    sensitive: str = ""

    @property
    def suffix(self) -> str:
        """What the names of its fields end with."""
        return f"-{self.number}"


def rows(proposed: Iterable[Proposed]) -> list[Row]:
    return [_row(number, each) for number, each in enumerate(proposed)]


def of_note(note: Note) -> Row:
    """A note that is kept, with the same menus."""
    about = {
        "topic": note.topic,
        "polarity": note.polarity,
        "standing": note.standing,
        "happens_on": note.happens_on,
        "happens_lunar": note.happens_lunar,
        "person": note.person,
        "relation": note.relation,
    }
    return Row(note.id, note.text, note.kind, _menus(note.kind, about), _details(about), [], note.sensitive)


def _row(number: int, each: Proposed) -> Row:
    about: dict[str, Any] = {
        name: getattr(each.about, name)
        for name in ("topic", "polarity", "standing", "happens_on", "happens_lunar", "person", "relation")
    }
    told = []
    unsure: set[str] = set()
    if each.claim is not None:
        told = [f"{_REFERENCES[ref.value.kind]} {ref.value.number}" for ref in each.claim.references]
        if each.claim.value is not None:
            told.append(each.claim.value.value)
        told += [no_such_day(said.value) for said in each.claim.impossible]
        unsure = {name for name in ("kind", "topic") if getattr(each.claim, name).confidence < 0.5}
    menus = _menus(each.kind, about, unsure=unsure)
    sensitive = str(Sensitive(each.about.sensitive).label) if each.about.sensitive else ""
    if sensitive:
        choices: list[tuple[str, Text]] = [*Sensitive.choices, ("", _("not sensitive"))]
        menus.append(Menu("sensitive", _("Sensitive"), choices, each.about.sensitive))
    return Row(number, each.text, each.kind, menus, _details(about), told, sensitive)


def _menus(kind: str, about: Mapping[str, Any], *, unsure: Iterable[str] = ()) -> list[Menu]:
    kinds: list[tuple[str, Text]] = [(value, label) for value, label in Note.Kind.choices]
    menus = [Menu("kind", _("Kind"), kinds, kind, "kind" in unsure)]
    if kind == Note.Kind.MOOD:
        return menus
    every: list[tuple[str, Text]] = [(slug, TOPICS[slug]) for slug in topics() if slug != "mood"]
    topic = about["topic"] or "other"
    if topic not in TOPICS:  # a topic of the house's own
        every.append((topic, topic))
    menus.append(Menu("topic", _("About"), every, topic, "topic" in unsure))
    if kind in {Note.Kind.NEED, Note.Kind.PREFERENCE, Note.Kind.WISH}:
        leans = [(str(value), label) for value, label in _LEANS.items()]
        menus.append(Menu("polarity", _("Wanted or not"), leans, str(about["polarity"])))
    menus.append(Menu("standing", _("How long"), list(_LASTS.items()), "1" if about["standing"] else "0"))
    return menus


def _details(about: Mapping[str, Any]) -> list[Detail]:
    found = []
    if about["happens_on"]:
        found.append(Detail("date", _("Day"), day_words(about["happens_on"], lunar=about["happens_lunar"])))
    if about["relation"]:
        relation = str(Note.Relation(about["relation"]).label)
        found.append(Detail("person", _("Person"), f"{relation} {about['person']}".strip()))
    return found


def day_words(written: str, *, lunar: bool) -> str:
    """ "8 March", "lunar 15 August" as a month and day of that calendar, in the reader's language."""
    month, day = int(written[-5:-3]), int(written[-2:])
    if lunar:
        return _("lunar %(month)s/%(day)s") % {"month": month, "day": day}
    if written.startswith("-"):
        return formats.date_format(date(2000, month, day), "MONTH_DAY_FORMAT")
    return formats.date_format(date(int(written[:4]), month, day), "DATE_FORMAT")


def no_such_day(day: Day) -> str:
    """ "There is no 31 February: left as words"."""
    assert day.month is not None  # of a day without its month any could be right
    if day.lunar:
        written = _("lunar %(month)s/%(day)s") % {"month": day.month, "day": day.day}
    else:  # no date can be made of it: written with another day, which gives way
        near = date(day.year or 2000, day.month, 28)
        form = "DATE_FORMAT" if day.year else "MONTH_DAY_FORMAT"
        written = re.sub(r"(?<!\d)28(?!\d)", str(day.day), formats.date_format(near, form))
    return _("There is no %(day)s: left as words") % {"day": written}


_REFERENCES: dict[str, Text] = {
    "room": pgettext_lazy("number of", "Room"),
    "table": pgettext_lazy("number of", "Table"),
    "order": pgettext_lazy("number of", "Order"),
    "booking": pgettext_lazy("number of", "Booking"),
    "flight": pgettext_lazy("number of", "Flight"),
}
