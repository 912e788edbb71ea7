"""Two cards side by side: what each knows, what agrees, and what would happen if they became one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import connection
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from ..core.phrases import LANGUAGES
from . import lineage
from .models import Customer, Identity
from .pairs import CardPair

Text = str | LazyText
COUNTED: dict[str, Text] = {
    "note": _("Notes"),
    "touch": _("Talks and messages"),
    "visit": _("Visits"),
    "purchase": _("Purchases"),
    "promise": _("Promises"),
    "case": _("Cases"),
}
FIELDS: dict[str, Text] = {
    "name": _("Name"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "handle": _("Handle"),
    "card": _("Card number"),
}
LEVELS: dict[str, Text] = {
    "same": _("the same"),
    "swapped": _("the same words in another order"),
    "script": _("the same in another spelling or script"),
    "nickname": _("one is short for the other"),
    "slip": _("one letter off"),
    "sound": _("sounds the same"),
    "part": _("one says less"),
    "close": _("nearly the same"),
    "initials": _("initials fit"),
    "surname": _("only one name agrees"),
    "given": _("only one name agrees"),
    "digit": _("one digit off"),
    "tail": _("the last digits agree"),
    "local": _("the same before the @"),
    "different": _("different"),
}


@dataclass(frozen=True, slots=True)
class Side:
    """One card of the two."""

    card: Customer
    also: list[str]
    """Other names of the person, from the cards merged into this one."""
    language: str
    reach: list[tuple[Identity, bool]]
    """Each with whether the other card has it too."""
    counts: list[tuple[Text, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reason:
    field: Text
    level: Text
    speaks_for: bool


def sides(one: Customer, other: Customer) -> tuple[Side, Side]:
    """Both cards, each as it stands now. A fixed number of queries."""
    found = Identity.objects.filter(customer__in=[one.id, other.id]).order_by("kind", "id")
    reach: dict[int, list[Identity]] = {one.id: [], other.id: []}
    for each in found:
        reach[each.customer_id].append(each)
    counts = _counts([one.id, other.id])
    return _side(one, reach[one.id], reach[other.id], counts), _side(
        other, reach[other.id], reach[one.id], counts
    )


def _side(
    card: Customer, mine: list[Identity], theirs: list[Identity], counts: dict[tuple[int, str], int]
) -> Side:
    shared = {(each.kind, each.normal) for each in theirs}
    return Side(
        card,
        [name for name in dict.fromkeys(lineage.names(card.id)) if name not in {card.name, card.address_as}],
        dict(LANGUAGES).get(card.language, ""),
        [(each, (each.kind, each.normal) in shared) for each in mine],
        [(words, count) for label, words in COUNTED.items() if (count := counts.get((card.id, label), 0))],
    )


@cache
def _count_statement() -> str:
    each = (
        "SELECT {column}, '{label}', count(*) FROM {table} WHERE {column} = ANY(%(cards)s) GROUP BY {column}"
    )
    return " UNION ALL ".join(
        each.format(column=mover.column, label=mover.label, table=mover.table)
        for mover in lineage.movers()
        if mover.label in COUNTED
    )


def _counts(card_ids: list[int]) -> dict[tuple[int, str], int]:
    with connection.cursor() as cursor:
        cursor.execute(_count_statement(), {"cards": card_ids})
        return {(card, label): count for card, label, count in cursor.fetchall()}


def rows_on(card_ids: Iterable[int]) -> dict[int, int]:
    """How much stands on each card."""
    total: dict[int, int] = {}
    for (card, _label), count in _counts(list(card_ids)).items():
        total[card] = total.get(card, 0) + count
    return total


def reasons(given: Iterable[Any]) -> list[Reason]:
    """[[field, level], …] of a pair in words."""
    return [
        Reason(
            FIELDS.get(name, name), LEVELS.get(level, level), level not in {"different", "surname", "given"}
        )
        for name, level in given
        if level != "missing"
    ]


def suggested(card: Customer) -> list[CardPair]:
    """Cards that may be this person's too, the likeliest first."""
    own = CardPair.objects.filter(state=CardPair.State.SUGGESTED).select_related("low", "high")
    pairs = [*own.filter(low=card), *own.filter(high=card)]
    living = [each for each in pairs if not (each.low.merged_into_id or each.high.merged_into_id)]
    return sorted(living, key=lambda each: -(each.probability or 0))
