"""Why a remedy is suggested or ruled out, in words. Every number that moved it is one of these."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ...engines import remedies as engine
from ...know.models import Note
from ..models import Case
from .models import Injustice

SEVERITIES: dict[int, Callable[[], str]] = {
    1: lambda: _("a nuisance"),
    2: lambda: _("it spoiled something"),
    3: lambda: _("it harmed them"),
}

_WHY: dict[str, Callable[[str], str]] = {
    "wished": lambda about: _("they asked for it: “%(word)s”") % {"word": about},
    "named": lambda about: _("they spoke of it: “%(word)s”") % {"word": about},
    "injustice": lambda about: _("fits what they felt: %(what)s") % {"what": _lower(Injustice, about)},
    "other_injustice": lambda about: _("does less for: %(what)s") % {"what": _lower(Injustice, about)},
    "element": lambda about: _("fits what failed: %(what)s") % {"what": _lower(Case.Element, about)},
    "other_element": lambda about: (
        _("made for other failures than: %(what)s") % {"what": _lower(Case.Element, about)}
    ),
    "failure": lambda about: _("made for “%(word)s”") % {"word": about},
    "other_failure": lambda _about: _("made for other failures"),
    "worth": lambda about: _("worth %(times)s times what they lost") % {"times": about},
    "beyond": lambda about: (
        _("worth %(times)s times what they lost: beyond one and a half more adds little") % {"times": about}
    ),
    "thrifty": lambda _about: _("worth more to them than it costs"),
    "too_small": lambda _about: _("too small for what happened"),
    "too_much": lambda _about: _("more than a nuisance asks for"),
    "likes": lambda about: _("they like it: %(word)s") % {"word": about},
    "mood": lambda _about: _("a person first, in their mood"),
    "same_form": lambda _about: _("they had something of this kind lately"),
    "untried": lambda _about: _("not tried with failures like this: worth a try now and then"),
    "role": lambda _about: _("a manager gives this"),
    "need": lambda about: _("against what they need: %(word)s") % {"word": about},
    "abstains": lambda about: _("they may keep away from it: %(word)s") % {"word": about},
    "dislike": lambda about: _("they do not like it: %(word)s") % {"word": about},
    "unwished": lambda about: _("they said that they do not want it: “%(word)s”") % {"word": about},
    "uneasy": lambda _about: _("it made them uneasy before"),
    "declined": lambda _about: _("they declined it before"),
    "tired": lambda about: _("given on %(day)s already") % {"day": about},
}
MOST = 3


def why(reason: engine.Reason, notes: dict[int, Note]) -> str:
    """One reason; of a note its own words, when the reader may know it."""
    if reason.code == "worked":
        well, of = (int(each) for each in reason.about.split("/"))
        said = ngettext(
            "taken well %(well)s time of %(of)s with failures like this",
            "taken well %(well)s times of %(of)s with failures like this",
            well,
        )
        return said % {"well": well, "of": of}
    note = notes.get(reason.ref)
    return _WHY[reason.code](note.text if note else reason.about)


def reasons(suggestion: engine.Suggestion, notes: dict[int, Note]) -> list[str]:
    """The heaviest few, each once."""
    return list(dict.fromkeys(why(each, notes) for each in suggestion.reasons))[:MOST]


def learning(found: engine.Suggestions) -> str:
    """What the order rests on, in one sentence."""
    if found.learns:
        return _(
            "The order learns from how %(count)s gestures were taken; what is uncertain is tried now and then."
        ) % {"count": found.outcomes}
    return _(
        "Ordered by what fits. How gestures were taken is not in it yet: %(count)s of the %(enough)s stories that it needs."
    ) % {"count": found.outcomes, "enough": engine.ENOUGH}


def _lower(choices: type[Injustice] | type[Case.Element], value: str) -> str:
    return str(choices(value).label).lower()
