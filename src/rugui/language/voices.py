"""How the house sounds, and how one sounds oneself: six measures of what was written lately, each language by itself.

The house as a whole is for who leads; one's own voice is one's own. Nobody can be told from the whole: how far writers are
apart, and the house beside oneself, are said only where at least `LEAST` people have written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..core.errors import Text
from ..engines.coach import language_of
from ..engines.coach.voice import Estimate, Measure, Spread, spread, voice
from ..house.access import Actor
from .replies import Reply, latest

LEAST = 5
"""Writers below whom nothing is said of the differences between people."""
MOST = 300
LANGUAGES: dict[str, Text] = {"en": gettext_lazy("English"), "zh": gettext_lazy("Chinese")}
LABELS: dict[Measure, tuple[Text, Text]] = {
    Measure.EASE: (gettext_lazy("Length"), gettext_lazy("words a sentence; fewer are easier to read")),
    Measure.WARMTH: (gettext_lazy("Warmth"), gettext_lazy("words of thanks, care and gladness in 100 words")),
    Measure.CONCRETENESS: (
        gettext_lazy("Concreteness"), gettext_lazy("of words that name things or only wave at them, those that name"),
    ),
    Measure.FIRST_PERSON_SINGULAR: (
        gettext_lazy("I, rather than we"), gettext_lazy("of “I” and “we”, those that say “I”: somebody is there"),
    ),
    Measure.NEGATION: (gettext_lazy("Negation"), gettext_lazy("“not”, “no” and the like in a sentence")),
    Measure.PROMISED_TIMES: (
        gettext_lazy("Times that are promised"), gettext_lazy("of sentences that say what we will do, those that say when"),
    ),
}  # fmt: skip
_SHARES = {Measure.CONCRETENESS, Measure.FIRST_PERSON_SINGULAR, Measure.PROMISED_TIMES}


@dataclass(frozen=True, slots=True)
class Voice:
    """One language: how many replies by how many people, and the rows of a table."""

    label: Text
    replies: int
    writers: int
    rows: list[dict[str, Any]]

    @property
    def enough(self) -> bool:
        return self.writers >= LEAST


def of_house(actor: Actor) -> list[Voice]:
    """How the places that this actor sees have written lately."""
    actor.must_lead_somewhere()
    return [_voice(name, replies) for name, replies in _by_language(latest(actor, MOST)).items()]


def of_oneself(actor: Actor) -> list[Voice]:
    """How this colleague has written lately, beside the house where enough people have written."""
    mine = _by_language(latest(actor, MOST, staff_id=actor.must_be_staff()))
    house = _by_language(latest(actor, MOST))
    found = []
    for name, replies in mine.items():
        whole = house.get(name, [])
        beside = voice([each.text for each in whole]) if len(_writers(whole)) >= LEAST else {}
        rows = [_row(measure, estimate, beside=beside.get(measure)) for measure, estimate in voice([each.text for each in replies]).items()]  # fmt: skip
        found.append(Voice(LANGUAGES[name], len(replies), len(_writers(whole)), rows))
    return found


def _voice(name: str, replies: Sequence[Reply]) -> Voice:
    writers = _writers(replies)
    apart: dict[Measure, Spread | None] = {}
    if len(writers) >= LEAST:
        apart = spread([voice([each.text for each in replies if each.staff_id == who]) for who in writers])
    rows = [
        _row(measure, estimate, apart=apart.get(measure))
        for measure, estimate in voice([each.text for each in replies]).items()
    ]
    return Voice(LANGUAGES[name], len(replies), len(writers), rows)


def _writers(replies: Sequence[Reply]) -> list[int]:
    return sorted({each.staff_id for each in replies if each.staff_id is not None})


def _by_language(replies: Sequence[Reply]) -> dict[str, list[Reply]]:
    found: dict[str, list[Reply]] = defaultdict(list)
    for reply in replies:
        if name := language_of(reply.text)[:2]:
            found[name].append(reply)
    return {name: found[name] for name in LANGUAGES if found[name]}


def _row(
    measure: Measure, estimate: Estimate, *, apart: Spread | None = None, beside: Estimate | None = None
) -> dict[str, Any]:
    label, meaning = LABELS[measure]
    sure = ""
    if estimate.low is not None and estimate.high is not None:
        high = min(estimate.high, 1.0) if measure in _SHARES else estimate.high
        sure = _("%(low)s to %(high)s") % {"low": _said(measure, estimate.low), "high": _said(measure, high)}
    return {
        "label": label, "meaning": meaning, "value": _said(measure, estimate.value), "sure": sure,
        "apart": _said(measure, apart.between) if apart else "", "beside": _said(measure, beside.value) if beside else "",
    }  # fmt: skip


def _said(measure: Measure, value: float | None) -> str:
    if value is None:
        return ""
    return f"{round(value * 100)} %" if measure in _SHARES else number_format(round(value, 1), 1)
