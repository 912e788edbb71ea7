"""How one file is to be read: guessed from its start, corrected by a person, kept with the run."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...engines.tabular.amounts import guess_decimal
from ...engines.tabular.base import Guess
from ...engines.tabular.columns import Layout, detect_layout, guess_mapping
from ...engines.tabular.dates import guess_order
from ...engines.tabular.mended import is_ours
from ...engines.tabular.records import Format

START = 256 * 1024
"""How much of a file the guesses look at."""
DATES = frozenset({"at", "expected_at", "expected_until", "arrived_at", "left_at", "learned_at"})


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that reading the file again in the same way needs."""

    format: Format
    mapping: tuple[str, ...]
    """The field of each column, or an empty string."""
    date_order: str = "ymd"
    decimal: str = "."
    region: str = "US"
    currency: str = "EUR"
    timezone: str = "UTC"
    mended: bool = False
    """Whether this is a file of rejected rows that comes back, with its formulas guarded."""
    place_id: int | None = None
    """Where everything happened that names no place."""
    places: Mapping[str, int] = field(default_factory=dict)
    """The places that the file may name."""

    def as_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)

    @classmethod
    def of_json(cls, data: Mapping[str, Any]) -> Reading:
        given = dict(data)
        return cls(format=Format(**given.pop("format")), mapping=tuple(given.pop("mapping")), **given)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the house knows before looking at the file."""

    region: str
    currency: str
    timezone: str
    place_id: int | None
    places: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A reading with how sure each part of it is, for a person to correct."""

    reading: Reading
    layout: Layout
    mapping: list[Guess[str]]
    date_order: Guess[str]
    decimal: Guess[str]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody has decided; None leaves it to the guess."""

    encoding: str | None = None
    delimiter: str | None = None
    header: bool | None = None
    mapping: Sequence[str] | None = None
    """The field of each column, by position."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Field by column header (or number from 1); an empty field leaves the column out."""
    date_order: str | None = None
    decimal: str | None = None
    region: str | None = None
    currency: str | None = None


def propose(
    subject: str, start: bytes, *, whole: bool, around: Surroundings, wishes: Wishes | None = None
) -> Proposal:
    """How a file that begins with `start` is best read. Raises `KeyError` for a column that it does not have."""
    wishes = wishes or Wishes()
    layout = detect_layout(
        start, whole=whole, encoding=wishes.encoding, delimiter=wishes.delimiter, header=wishes.header
    )
    mapping = _mapping(subject, layout, wishes)
    region = wishes.region or around.region
    order = _order(layout, mapping, region, wishes)
    amounts = _cells(layout, mapping, {"amount"})
    decimal = Guess(wishes.decimal, 1.0) if wishes.decimal else guess_decimal(amounts)
    reading = Reading(
        layout.format,
        tuple(guess.value for guess in mapping),
        date_order=order.value,
        decimal=decimal.value,
        region=region,
        currency=wishes.currency or around.currency,
        timezone=around.timezone,
        mended=is_ours(layout.names),
        place_id=around.place_id,
        places=around.places,
    )
    return Proposal(reading, layout, mapping, order, decimal)


def _mapping(subject: str, layout: Layout, wishes: Wishes) -> list[Guess[str]]:
    if wishes.mapping is not None:
        chosen = [*wishes.mapping, *[""] * len(layout.names)][: len(layout.names)]
        return [Guess(name, 1.0) for name in chosen]
    mapping = guess_mapping(subject, layout.names, layout.rows)
    for column, wanted in wishes.columns.items():
        index = _index(layout.names, column)
        for other, guess in enumerate(mapping):
            if guess.value == wanted and other != index:
                mapping[other] = Guess("", 1.0)
        mapping[index] = Guess(wanted, 1.0)
    return mapping


def _index(names: Sequence[str], column: str) -> int:
    for index, name in enumerate(names):
        if name.casefold() == column.strip().casefold():
            return index
    if column.isdigit() and 1 <= int(column) <= len(names):
        return int(column) - 1
    raise KeyError(column)


def _order(layout: Layout, mapping: Sequence[Guess[str]], region: str, wishes: Wishes) -> Guess[str]:
    if wishes.date_order:
        return Guess(wishes.date_order, 1.0)
    return guess_order(_cells(layout, mapping, DATES), region)


def _cells(layout: Layout, mapping: Sequence[Guess[str]], fields: set[str] | frozenset[str]) -> list[str]:
    wanted = [index for index, guess in enumerate(mapping) if guess.value in fields]
    return [row[index] for row in layout.rows for index in wanted if index < len(row)]
