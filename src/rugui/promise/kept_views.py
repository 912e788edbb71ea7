"""The page that says how promises were kept, with its picture, its tables, the way to the rows, and the file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from babel.dates import format_date
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise as LazyText
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ..core import pictures
from ..core.ids import public_id
from ..core.tables import csv_file
from ..core.time import now
from ..engines.shares import Share
from ..house.models import Staff
from ..house.requests import HouseRequest, current_place, places_of
from ..serve.models import Touch
from . import kept, sought
from .board_views import filters, looked_for
from .kept import HIDDEN, Counts, Kept
from .models import Promise
from .sheets import Ended
from .sought import Shows, Sought
from .words import LOCALES

AIM = 0.95
"""So many of the times told should be beaten."""
COLUMNS = (
    "by", "name", "ended",
    *(f"{what}{part}" for what in ("kept", "early", "renegotiated", "broken") for part in ("", "_share", "_low", "_high")),
    "late", "told", *(f"beaten{part}" for part in ("", "_share", "_low", "_high")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """A share in words: 93%, and beneath it 88–96%. `address` leads to its rows."""

    text: str
    range: str
    address: str
    count: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table."""

    name: str | LazyText
    ended: Cell
    kept: Cell
    early: Cell
    renegotiated: Cell
    broken: Cell
    picture: SafeString
    few: bool


@dataclass(frozen=True, slots=True)
class Group:
    """One table: `key` names it in the file."""

    key: str
    title: str | LazyText
    lines: list[Line]


@require_GET
def page(request: HouseRequest) -> HttpResponse:
    """Kept, beaten, renegotiated, broken: in all, over time, and by place, kind, channel and person."""
    wanted, named, ended, found, starts = _found(request)
    addresses = _Addresses(request, wanted, named)
    first, begun = kept.first_answers(ended), kept.begun(wanted)
    shares = [counts.share("kept") for counts in found.steps]
    context: dict[str, Any] = {
        "place": current_place(request),
        "wanted": wanted,
        "named": named,
        "found": found,
        "whole": _line(_("All"), found.every, addresses.to()),
        "trend": pictures.over_time([(share.share, share.low, share.high) for share in shares]),
        "groups": _groups(request, found, starts, addresses),
        "told": _told(found.every, addresses),
        "aim": _percent(AIM),
        "first": [(_channel(each.channel), each, cell(each.soon)) for each in first],
        "begun": begun and (begun, cell(begun.punctual), cell(begun.told)),
        "file": f"{reverse('promises-kept-file')}?{addresses.query}",
        "board": reverse("promises"),
        "days": wanted.days,
    }
    return render(request, "promise/kept.html", {**context, **filters(request, context), "states": None})


@require_GET
def file(request: HouseRequest) -> HttpResponse:
    """The tables as CSV: counts, shares and their intervals."""
    wanted, _named, _ended, found, starts = _found(request)
    return csv_file("promises-kept.csv", COLUMNS, _file_lines(request, wanted, found, starts))


def _found(request: HouseRequest) -> tuple[Sought, str, Ended, Kept, list[datetime]]:
    wanted, named = looked_for(request)
    starts = sought.steps(wanted.days, current_place(request).zone, now())
    ended = kept.ended(wanted)
    return wanted, named, ended, kept.kept(wanted, ended, starts), starts


def _file_lines(
    request: HouseRequest, wanted: Sought, found: Kept, starts: list[datetime]
) -> Iterable[list[object]]:
    names = _names(request, found)
    zone = current_place(request).zone
    yield _file_line("all", "", found.every)
    for start, counts in zip(starts, found.steps, strict=True):
        yield _file_line("since", f"{start.astimezone(zone):%Y-%m-%d}", counts)
    for by, counted in (
        ("place", found.places),
        ("kind", found.kinds),
        ("channel", found.channels),
        ("person", found.people),
    ):
        for key, counts in counted.items():
            name = names[by].get(key, key) if by in {"place", "person"} else key
            yield _file_line(by, str(name), counts)


def _file_line(by: str, name: str, counts: Counts) -> list[object]:
    line: list[object] = [by, name, counts.ended]
    for what in ("kept", "early", "renegotiated", "broken"):
        line += _file_share(counts.share(what))
    return [*line, counts.late, counts.told, *_file_share(counts.share("beaten"))]


def _file_share(share: Share) -> list[object]:
    of = share.share
    if of is None:
        return [share.hits, None, None, None]
    return [share.hits, f"{of:.4f}", f"{share.low:.4f}", f"{share.high:.4f}"]


class _Addresses:
    """Where the rows behind a number are."""

    def __init__(self, request: HouseRequest, wanted: Sought, named: str) -> None:
        self._wanted, self._named = wanted, named
        self._usual = current_place(request).public_id
        self.query = sought.address_end(named, self._usual, wanted.query())

    def to(self, *, place: str = "", **changed: Any) -> dict[str, str]:
        """By what is shown, the address of the board with those rows."""
        board, named = reverse("promises"), place or self._named
        return {
            str(
                shows
            ): f"{board}?{sought.address_end(named, self._usual, self._wanted.query(state=shows, **changed))}"
            for shows in Shows.values
            if shows
        }


def _line(name: str | LazyText, counts: Counts, to: dict[str, str] | None) -> Line:
    def linked(what: str) -> Cell:
        return cell(counts.share(what), (to or {}).get(what, ""))

    share = counts.share("kept")
    return Line(
        name,
        Cell(str(counts.ended), "", (to or {}).get(Shows.ENDED, "") if counts.ended else "", counts.ended),
        linked("kept"),
        linked("early"),
        linked("renegotiated"),
        linked("broken"),
        pictures.interval(share.share, share.low, share.high),
        share.few,
    )


def cell(share: Share, address: str = "") -> Cell:
    """A share and its interval, in words; nothing of nothing."""
    if share.share is None:
        return Cell("–", "", "", 0)
    text = _percent(share.share)
    return Cell(
        text, f"{share.low * 100:.0f}–{share.high * 100:.0f}%", address if share.hits else "", share.hits
    )


def _percent(share: float) -> str:
    return f"{share * 100:.0f}%"


def _groups(request: HouseRequest, found: Kept, starts: list[datetime], addresses: _Addresses) -> list[Group]:
    """The tables, those of one line left out."""
    names = _names(request, found)
    ids = {place.id: place.public_id for place in places_of(request)}
    groups = [
        Group("since", gettext_lazy("Over time"), _over_time(request, found, starts)),
        Group("place", gettext_lazy("By place"), [
            _line(names["place"].get(key, ""), counts, addresses.to(place=ids[key])) for key, counts in found.places.items()
        ]),
        Group("kind", gettext_lazy("By kind"), [
            _line(Promise.Kind(key).label, counts, addresses.to(kind=key)) for key, counts in found.kinds.items()
        ]),
        Group("channel", gettext_lazy("By way of contact"), [
            _line(_channel(key), counts, addresses.to(channel=key) if key else None) for key, counts in found.channels.items()
        ]),
        Group("person", gettext_lazy("By person"), [
            _line(names["person"].get(key, ""), counts, None if key == HIDDEN else addresses.to(who=_who(key)))
            for key, counts in found.people.items()
        ]),
    ]  # fmt: skip
    return [
        group
        for group in groups
        if len(group.lines) > 1 or (group.key == "person" and list(found.people) != [HIDDEN] and group.lines)
    ]


def _who(owner_id: int) -> str:
    return public_id("staff", owner_id) if owner_id else sought.NOBODY


def _names(request: HouseRequest, found: Kept) -> dict[str, dict[Any, Any]]:
    """What places and people are called. One query."""
    wanted = [key for key in found.people if key > 0]
    people: dict[int, Any] = dict(Staff.objects.filter(id__in=wanted).values_list("id", "name"))
    people |= {0: _("nobody's yet"), HIDDEN: _("others (for themselves and their managers)")}
    return {"place": {place.id: place.name for place in places_of(request)}, "person": people}


def _over_time(request: HouseRequest, found: Kept, starts: list[datetime]) -> list[Line]:
    zone = current_place(request).zone
    lines = []
    for number, (start, counts) in enumerate(zip(starts, found.steps, strict=True)):
        end = starts[number + 1] - timedelta(days=1) if number + 1 < len(starts) else now()
        lines.append(_line(_span(start.astimezone(zone), end.astimezone(zone)), counts, None))
    return lines


def _span(start: datetime, end: datetime) -> str:
    """First and last day of a step: 3 Sep – 9 Sep."""
    locale = LOCALES.get(get_language() or "en", "en")
    pattern = "d MMM" if locale == "en" else "M月d日"
    first, last = (format_date(day.date(), pattern, locale=locale) for day in (start, end))
    return f"{first} – {last}" if end.date() > start.date() else first


def _told(counts: Counts, addresses: _Addresses) -> dict[str, Any] | None:
    """How often the time told was beaten."""
    if not counts.told:
        return None
    share, to = counts.share("beaten"), addresses.to()
    assert share.share is not None
    return {
        "cell": cell(share, to[Shows.TOLD]),
        "missed": counts.told - counts.beaten,
        "to_missed": to[Shows.TOLD_MISSED],
        "counts": counts,
        "short": share.high < AIM,
        "picture": pictures.interval(share.share, share.low, share.high, aim=AIM),
    }


def _channel(value: str | None) -> str:
    if value is None:
        return _("All")
    return str(Touch.Channel(value).label) if value in Touch.Channel.values else _("way not known")
