"""The page's numbers: all together and by group, in words, with what cannot be told said to be so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from ...core.money import Money
from ...engines import loyalty as engine
from ...engines.loyalty import Compared, Interval
from ...house.models import Place
from ..models import Case, CaseStep
from ..remedies.models import Form, Given
from . import gather

Outcome = Given.Outcome


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the picture and of the table."""

    what: str
    of: str
    found: Compared
    words: str
    currency: str

    @property
    def points(self) -> tuple[int, int, int]:
        """The difference in hundredths: low, middle, high."""
        each = self.found.difference
        return round(100 * each.low), round(100 * each.value), round(100 * each.high)

    @property
    def line(self) -> tuple[float, float, float]:
        """Where on a line from 0 to 100 the interval begins, has its middle, and ends; 50 is no difference."""
        each = self.found.difference
        return tuple(
            round(50 + 50 * max(-1.0, min(1.0, value)), 1) for value in (each.low, each.value, each.high)
        )  # type: ignore[return-value]

    @property
    def came(self) -> int:
        return round(100 * self.found.came.value)

    @property
    def others_came(self) -> int:
        return round(100 * self.found.others_came)

    @property
    def again(self) -> int:
        return round(100 * self.found.again.value)

    @property
    def others_again(self) -> int:
        return round(100 * self.found.others_again)

    @property
    def spent(self) -> tuple[Money, Money, Money]:
        each = self.found.spent
        low, middle, high = (
            Money(round(value), self.currency) for value in (each.low, each.value, each.high)
        )
        return low, middle, high


@dataclass(frozen=True, slots=True)
class Said:
    """How a kind of remedy was taken, by the stories."""

    what: str
    told: int
    good: Interval
    """The share that was delighted or fine."""

    @property
    def percents(self) -> tuple[int, int, int]:
        return round(100 * self.good.low), round(100 * self.good.value), round(100 * self.good.high)

    @property
    def enough(self) -> bool:
        return self.told >= engine.FEWEST


@dataclass(frozen=True, slots=True)
class Page:
    all: Row
    sections: list[tuple[str, list[Row]]]
    said: list[Said]
    waiting: int


def page(places: Sequence[Place], currency: str, *, now: datetime) -> Page:
    """For these places together."""
    data = gather.gather([place.id for place in places], currency, now=now)
    whole = engine.compare(data.units, data.others)
    names = {str(place.id): place.name for place in places}
    groups = engine.by_group(data.units, data.others)
    rows: dict[str, list[Row]] = {}
    for (what, of), found in groups.items():
        rows.setdefault(what.split(" ")[0], []).append(_row(_name(what, of, names), of, found, currency))
    if len(places) < 2:
        rows.pop("place", None)
    sections = [(title, rows[what]) for what, title in _titles().items() if what in rows]
    return Page(_row(_("All of them"), "", whole, currency), sections, _said(places), data.waiting)


def _row(what: str, of: str, found: Compared, currency: str) -> Row:
    return Row(what, of, found, _words(found), currency)


def _words(found: Compared) -> str:
    if not found.enough:
        return _("Too few to tell.")
    if found.verdict == "more":
        return _("They came back more often than comparable customers.")
    if found.verdict == "less":
        return _("They came back less often than comparable customers.")
    return _("No difference is seen.")


def _titles() -> dict[str, str]:
    return {
        "remedy": _("By what they were given beyond what was due"),
        "cause": _("By what failed them"),
        "place": _("By place"),
        "step": _("By step"),
        "clock": _("By the clock"),
    }


def _name(what: str, of: str, places: dict[str, str]) -> str:
    if what == "place":
        return places.get(of, of)
    if what == "remedy":
        return {"none": _("nothing beyond it"), "other": _("something else")}.get(of) or str(Form(of).label)
    if what == "cause":
        return str(Case.Element(of).label)
    if what == "clock":
        return _("every report in time") if of == "kept" else _("a report was late")
    step = str(CaseStep.Step(what.removeprefix("step ")).label)
    return (
        _("%(step)s: walked") % {"step": step} if of == "kept" else _("%(step)s: left out") % {"step": step}
    )


def _said(places: Sequence[Place]) -> list[Said]:
    rows = Given.objects.filter(case__place__in=places, undone_at=None).exclude(outcome="").exclude(form="")
    counts: dict[str, list[int]] = {}
    for form, outcome in rows.values_list("form", "outcome"):
        each = counts.setdefault(form, [0, 0])
        each[0] += outcome in {Outcome.DELIGHTED, Outcome.FINE}
        each[1] += 1
    return [
        Said(str(Form(form).label), told, engine.wilson(good, told))
        for form, (good, told) in sorted(counts.items())
    ]
