"""Reading the standards: what holds at a place now, and how it has been said before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from ...house.models import Staff
from .actions import Said
from .models import Moment, Standard, StandardWording


@dataclass(frozen=True, slots=True)
class Held:
    """A standard as it holds now."""

    standard: Standard
    words: dict[str, Said]
    """By language, in the order of the languages in which they were written."""

    @property
    def public_id(self) -> str:
        return self.standard.public_id

    def told(self, language: str, house: str = "en") -> Said:
        """In a language; else in the house's, else in any."""
        return self.words[self.language(language, house)]

    def language(self, wanted: str, house: str = "en") -> str:
        return next(each for each in (wanted, house, *self.words) if each in self.words)


@dataclass(frozen=True, slots=True)
class Version:
    """How a standard was said at one time."""

    number: int
    at: datetime
    by: Staff | None
    words: dict[str, Said]


def holding(place_id: int, moments: Collection[str] = ()) -> list[Held]:
    """What holds at a place, by moment, in the order in which it was made; where the place says one otherwise, that. One query."""
    rows = _now(Q(standard__place_id=place_id) | Q(standard__place_id=None), moments)
    found = _held(rows)
    instead = {each.standard.instead_of_id for each in found if each.standard.instead_of_id}
    order = list(Moment.values)
    kept = [each for each in found if each.standard.id not in instead]
    return sorted(kept, key=lambda each: (order.index(each.standard.moment), _first(each.standard)))


def _first(standard: Standard) -> int:
    """One that stands in another's stead stands where that one stood."""
    return standard.instead_of_id or standard.id


def everywhere(place_ids: Collection[int]) -> list[Held]:
    """What holds at these places and everywhere, also what is said otherwise somewhere. One query."""
    return _held(_now(Q(standard__place_id__in=place_ids) | Q(standard__place_id=None), ()))


def _now(where: Q, moments: Collection[str]) -> QuerySet[StandardWording]:
    rows = StandardWording.objects.filter(
        where, number=F("standard__version"), standard__retired_at=None
    ).select_related("standard", "standard__place")
    return rows.filter(standard__moment__in=moments) if moments else rows


def _held(rows: QuerySet[StandardWording]) -> list[Held]:
    found: dict[int, Held] = {}
    for row in rows.order_by("standard_id", "id"):
        held = found.setdefault(row.standard_id, Held(row.standard, {}))
        held.words[row.language] = Said(row.text, row.say)
    return list(found.values())


def held(standard: Standard) -> Held:
    """One standard in its latest words, also when it holds no longer. One query."""
    rows = StandardWording.objects.filter(standard=standard, number=standard.version).order_by("id")
    return Held(standard, {row.language: Said(row.text, row.say) for row in rows})


def versions(standard: Standard) -> list[Version]:
    """How it was said, the newest first. One query."""
    found: dict[int, Version] = {}
    rows = StandardWording.objects.filter(standard=standard).select_related("made_by")
    for row in rows.order_by("-number", "id"):
        version = found.setdefault(row.number, Version(row.number, row.made_at, row.made_by, {}))
        version.words[row.language] = Said(row.text, row.say)
    return list(found.values())


def retired(place_ids: Collection[int]) -> list[Held]:
    """What held once at these places or everywhere, the last taken out first."""
    rows = StandardWording.objects.filter(
        Q(standard__place_id__in=place_ids) | Q(standard__place_id=None),
        number=F("standard__version"),
        standard__retired_at__isnull=False,
    ).select_related("standard", "standard__place")
    return sorted(
        _held(rows), key=lambda each: each.standard.retired_at or each.standard.made_at, reverse=True
    )
