"""For who leads: how well each standard is kept, and how evenly, as a page and as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ...core import pictures
from ...core.phrases import colon
from ...core.tables import csv_file
from ...core.time import now
from ...engines.shares import Share
from ...engines.spread import Spread
from ...house.models import Place, Staff
from ...house.requests import HouseRequest, current_place, places_of
from ...promise.kept_views import Cell, cell
from . import evenly, queries
from .models import Moment
from .views import ROOM, percent, reading, tabs

WIDE = 0.2
"""A spread that may be so large and may be nothing is not known."""
COLUMNS = ("by", "name", "observations", "kept", "seen", "share", "share_low", "share_high", "likely")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table of groups."""

    name: str
    address: str
    seen: Cell
    drawn: str
    """Drawn towards the mean, as far as it rests on luck; empty where too little is known."""
    few: bool
    picture: SafeString


@dataclass(frozen=True, slots=True)
class Group:
    """People, places, hours or moments beside one another."""

    key: str
    title: str
    said: str
    """How far they differ, in a sentence."""
    lines: list[Line]
    tells: bool


@require_GET
def evenly_kept(request: HouseRequest) -> HttpResponse:
    """For who leads: how well each standard is kept, and how far people, places, hours and moments differ."""
    asked = _asked(request)
    found, led = asked.found, [place for place in places_of(request) if request.actor.leads(place.id)]
    context: dict[str, Any] = {
        "place": current_place(request), "named": asked.named, "several": len(led) > 1, "days": asked.days, "periods": evenly.PERIODS,
        "moments": list(Moment), "only": asked.only, "found": found, "whole": cell(found.share),
        "self_cell": cell(found.by_self) if found.by_self.of else None,
        "standards": _standards(request, asked.within, found), "groups": _groups(asked.within, found),
        "file": f"{reverse('standards-evenly-file')}?{asked.query}", **tabs(request),
    }  # fmt: skip
    return render(request, f"{ROOM}/evenly.html", context)


@require_GET
def evenly_file(request: HouseRequest) -> HttpResponse:
    """The same as CSV, for whom the page is for."""
    asked = _asked(request)
    return csv_file("standards-evenly.csv", COLUMNS, _file_lines(request, asked.within, asked.found))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the filters of the page ask for, and what was found."""

    within: list[Place]
    named: str
    days: int
    only: Moment | None
    found: evenly.Whole

    @property
    def query(self) -> str:
        return urlencode({"place": self.named, "moment": self.only or "", "days": self.days})


def _asked(request: HouseRequest) -> _Asked:
    here, moment = current_place(request), now()
    request.actor.must_lead(here.id)
    led = [place for place in places_of(request) if request.actor.leads(place.id)]
    within = led if request.GET.get("place") == "all" and len(led) > 1 else [here]
    days = next((each for each in evenly.PERIODS if str(each) == request.GET.get("days", "")), evenly.USUAL)
    only = next((each for each in Moment if each == request.GET.get("moment", "")), None)
    found = evenly.whole(request.actor, within, days=days, now=moment, moment=only or "")
    return _Asked(within, "all" if len(within) > 1 else "", days, only, found)


def _file_lines(request: HouseRequest, places: list[Place], found: evenly.Whole) -> Iterable[list[object]]:
    """Counts and shares; a group that the page draws towards the mean has that too, and each kind of group how far it differs."""
    yield _file_share("all", "", found.share, observations=found.observations)
    yield _file_share("by themselves", "", found.by_self)
    for each in _standards(request, places, found):
        share = each["share"]
        yield _file_share("standard", f"{each['moment']}{colon()}{each['said'].text}", share)
    names = _names(places, found)
    for by, groups in (
        ("person", found.people),
        ("place", found.places),
        ("hour", found.hours),
        ("moment", found.moments),
    ):
        for line in groups.groups:
            drawn = None if line.drawn is None or line.few else f"{line.drawn:.4f}"
            yield [
                by, names[by](line.key), line.count, None, None, f"{line.seen:.4f}", f"{line.low:.4f}", f"{line.high:.4f}", drawn,
            ]  # fmt: skip
        if groups.between is not None:
            spread = (f"{each:.4f}" for each in (groups.between, groups.between_low, groups.between_high))
            yield [f"spread by {by}", "", None, None, None, *spread, None]


def _file_share(by: str, name: str, share: Share, *, observations: int | None = None) -> list[object]:
    of = share.share
    if of is None:
        return [by, name, observations, share.hits, share.of, None, None, None, None]
    return [
        by, name, observations, share.hits, share.of, f"{of:.4f}", f"{share.low:.4f}", f"{share.high:.4f}", None
    ]  # fmt: skip


def _standards(request: HouseRequest, places: list[Place], found: evenly.Whole) -> list[dict[str, Any]]:
    """The least kept first; those never seen last, and what holds no longer left out."""
    spoken = request.staff.organization.language
    ids = [place.id for place in places]
    held = {each.standard.id: each for each in queries.everywhere(ids)}
    rows = []
    for each in found.standards:
        if (standard := held.get(each.standard_id)) is not None:
            share = each.share
            rows.append(
                {
                    "said": standard.told(reading(), spoken), "language": standard.language(reading(), spoken),
                    "moment": standard.standard.get_moment_display(), "cell": cell(share), "of": share.of, "few": share.few,
                    "unseen": each.unseen, "picture": pictures.interval(share.share, share.low, share.high), "share": share,
                }
            )  # fmt: skip
    return rows


def _names(places: list[Place], found: evenly.Whole) -> dict[str, Callable[[Any], str]]:
    """What each group is called, by what they are grouped by. One query."""
    people = dict(
        Staff.objects.filter(id__in=[each.key for each in found.people.groups]).values_list("id", "name")
    )
    called = {place.id: place.name for place in places}
    return {
        "person": lambda key: people.get(key, ""),
        "place": lambda key: called.get(key, ""),
        "hour": lambda key: f"{key:02d}–{(key + evenly.HOURS) % 24:02d}",
        "moment": lambda key: str(Moment(key).label),
    }


def _groups(places: list[Place], found: evenly.Whole) -> list[Group]:
    names = _names(places, found)
    groups = [
        _group("people", _("Between people"), found.people, names["person"]),
        _group("places", _("Between places"), found.places, names["place"]),
        _group("hours", _("Between hours"), found.hours, names["hour"]),
        _group("moments", _("Between moments"), found.moments, names["moment"]),
    ]
    return [each for each in groups if len(each.lines) > 1]


def _group(key: str, title: str, found: Spread[Any], name: Callable[[Any], str]) -> Group:
    lines = [
        Line(
            name(each.key),
            reverse("standards-seen", args=[each.key]) if key == "people" else "",
            Cell(percent(each.seen), f"{each.low * 100:.0f}–{each.high * 100:.0f}%", "", each.count),
            "" if each.drawn is None or each.few else percent(each.drawn),
            each.few,
            pictures.interval(each.seen, each.low, each.high, aim=found.mean),
        )
        for each in found.groups
    ]
    if key == "hours":
        lines.sort(key=lambda line: line.name)
    return Group(key, title, said_of(found), lines, found.differ)


def said_of(found: Spread[Any]) -> str:
    """How far groups differ, in a sentence with its range."""
    if found.between is None:
        return _("Too few observations to tell whether they differ.")
    points = {
        "points": f"{found.between * 100:.0f}", "low": f"{found.between_low * 100:.0f}", "high": f"{found.between_high * 100:.0f}",
    }  # fmt: skip
    if not found.differ and found.between_high >= WIDE:
        return (
            _("Too few observations to tell: they may differ by nothing, or by up to %(high)s points.")
            % points
        )
    if not found.differ:
        return _("No more than chance explains; the true spread is at most %(high)s points.") % points
    return (
        _("They differ: about %(points)s points to either side of the mean (%(low)s to %(high)s).") % points
    )
