"""What was heard, in words: each answer says how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ...core.phrases import colon
from .listening import MOOD, URGENCY, topic_id

CERTAIN, ALMOST_CERTAIN, PROBABLE = 1, 0.9, 0.75
"""What a person has said is certain. From these chances on something is called almost certain, or probable; below, something is only perhaps so."""

ACTS: dict[str, LazyText | str] = {
    "complaint": pgettext_lazy("they write", "a complaint"),
    "request": pgettext_lazy("they write", "a request"),
    "praise": pgettext_lazy("they write", "praise"),
    "question": pgettext_lazy("they write", "a question"),
}
ELEMENTS: dict[str, LazyText | str] = {
    "product": pgettext_lazy("they write about", "what we offer"),
    "people": pgettext_lazy("they write about", "our people"),
    "time": pgettext_lazy("they write about", "waiting and time"),
    "problem_solving": pgettext_lazy("they write about", "how we solve problems"),
}
MOODS: dict[str, LazyText | str] = {
    "calm": pgettext_lazy("they are", "calm"),
    "happy": pgettext_lazy("they are", "happy"),
    "tired": pgettext_lazy("they are", "tired"),
    "worried": pgettext_lazy("they are", "worried"),
    "upset": pgettext_lazy("they are", "upset"),
    "angry": pgettext_lazy("they are", "angry"),
    "grieving": pgettext_lazy("they are", "grieving"),
}
URGENCIES: dict[str, LazyText | str] = {
    "whenever": pgettext_lazy("it is", "not pressing"),
    "today": pgettext_lazy("it is", "for today"),
    "now": pgettext_lazy("it is", "urgent"),
}
QUESTIONS: dict[str, LazyText | str] = {
    MOOD: gettext_lazy("Their mood"),
    URGENCY: gettext_lazy("How soon"),
}
FOUND: dict[str, tuple[str, LazyText | str]] = {
    "day": ("clock", gettext_lazy("A day they name")),
    "moment": ("clock", gettext_lazy("A time they name")),
    "amount": ("money", gettext_lazy("A sum they name")),
    "person": ("person", gettext_lazy("Somebody they name")),
    "colleague": ("person", gettext_lazy("A colleague they name")),
    "place": ("house", gettext_lazy("A place they name")),
}
"""By kind: its icon, and what it is."""


class Chip(NamedTuple):
    """One thing heard. `what` and `answer` are what a tap would correct."""

    text: str
    no: str
    """The tap in words: that it is not so."""
    what: str
    answer: str
    """What is answered by that tap."""
    pressing: bool


def capital(words: LazyText | str) -> str:
    """As words stand at the beginning."""
    said = str(words)
    return said[:1].upper() + said[1:]


_ACT = (
    "%(what)s",
    pgettext_lazy("an act", "Almost certainly %(what)s"),
    pgettext_lazy("an act", "Probably %(what)s"),
    pgettext_lazy("an act", "Perhaps %(what)s"),
)
_STATE = (
    "%(what)s",
    pgettext_lazy("a state", "Almost certainly %(what)s"),
    pgettext_lazy("a state", "Probably %(what)s"),
    pgettext_lazy("a state", "Perhaps %(what)s"),
)
_ABOUT = (
    gettext_lazy("About %(what)s"),
    gettext_lazy("Almost certainly about %(what)s"),
    gettext_lazy("Probably about %(what)s"),
    gettext_lazy("Perhaps about %(what)s"),
)
"""How something is said that is certain, almost certain, probable, and only perhaps so."""


def _sure(what: LazyText | str, chance: float, ways: tuple[LazyText | str, ...]) -> str:
    steps = (CERTAIN, ALMOST_CERTAIN, PROBABLE)
    way = next((number for number, least in enumerate(steps) if chance >= least), len(steps))
    return capital(str(ways[way]) % {"what": what})


def act(name: str, chance: float) -> str:
    return _sure(ACTS[name], chance, _ACT)


def about(name: LazyText | str, chance: float) -> str:
    return _sure(name, chance, _ABOUT)


def state(name: LazyText | str, chance: float) -> str:
    """A mood, or how soon something matters."""
    return _sure(name, chance, _STATE)


def told(what: str, answer: str, topics: Mapping[int, str]) -> str:
    """What a person has set right, for the list."""
    if what in QUESTIONS:
        label = (MOODS if what == MOOD else URGENCIES)[answer]
        return f"{QUESTIONS[what]}{colon()}{label}"
    number = topic_id(what)
    name = ACTS.get(what) or ELEMENTS.get(what) or topics.get(number or 0, _("a topic that we have given up"))
    if what in ACTS:
        return (_("It is %(what)s") if answer == "yes" else _("It is not %(what)s")) % {"what": name}
    return (_("It is about %(what)s") if answer == "yes" else _("It is not about %(what)s")) % {"what": name}
