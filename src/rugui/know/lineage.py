"""Cards that became one: on which card each row stands, and to which it belongs.

Merged cards form trees: `merged_into` points to the next card, and every row stands on the root. A row that is away
from home has a line in `MovedRow` that names its home; every other row is at home. So cards part in any order, at any
time: the rows whose home is below the parting card go with it, all others stay. Nothing else of a row changes.

Which tables take part is read from the data model: each column that refers to a customer, except the few of `STAYS`.
Tables of `DERIVED` are written anew from the cards instead. Where two rows of a table would be the same (one number on
both cards), the later one is parked, whole, in its line, until the row in its way has gone to another card.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import ForeignKey, ManyToOneRel, Model, UniqueConstraint
from django.db.models.signals import post_save
from django.dispatch import receiver

from ..core import tenancy
from . import keys
from .models import Customer
from .pairs import MovedRow

STAYS = frozenset(
    {
        ("customer", "merged_into"),
        ("merge", "source"),
        ("merge", "survivor"),
        ("movedrow", "home"),
        ("cardpair", "low"),
        ("cardpair", "high"),
    }
)
"""(model, field) that name a card itself; whoever reads them follows the lineage."""
DERIVED = frozenset({"namekey"})
"""Models that are worked out from a card and the cards merged into it."""
NOT_WITH = frozenset({"struck_by"})
"""References along which a row does not go with the row that it names."""


@dataclass(frozen=True, slots=True)
class Unique:
    """What may be there once a card: columns beside the card's, and for which rows."""

    columns: tuple[str, ...]
    condition: str = ""

    @property
    def where(self) -> str:
        return f" AND ({self.condition})" if self.condition else ""

    def same(self, one: str, other: str) -> str:
        return " AND ".join(["true", *(f"{one}.{column} = {other}.{column}" for column in self.columns)])


@dataclass(frozen=True, slots=True)
class Mover:
    """A table whose rows go along when cards become one."""

    label: str
    table: str
    column: str
    uniques: tuple[Unique, ...]
    hangs_on: tuple[tuple[str, str, str], ...]
    """(column, table, its customer column) of rows that it names: what was made after a merge goes where they go."""


@cache
def movers() -> tuple[Mover, ...]:
    fields = [
        field
        for field in customer_fields()
        if _key(field) not in STAYS and field.model._meta.model_name not in DERIVED
    ]
    tables = {field.model: (field.model._meta.db_table, str(field.column)) for field in fields}
    return tuple(_mover(field, tables) for field in fields)


def customer_fields() -> list[ForeignKey[Any, Any]]:
    """Every column of the data model that refers to a customer."""
    related = Customer._meta.get_fields(include_hidden=True)
    fields = [each.field for each in related if isinstance(each, ManyToOneRel)]
    return sorted((each for each in fields if isinstance(each, ForeignKey)), key=_key)


def _key(field: ForeignKey[Any, Any]) -> tuple[str, str]:
    return str(field.model._meta.model_name), field.name


def _mover(field: ForeignKey[Any, Any], tables: dict[type[Model], tuple[str, str]]) -> Mover:
    model, column = field.model, str(field.column)
    hangs_on = tuple(
        (str(other.column), *tables[other.related_model])
        for other in model._meta.concrete_fields
        if isinstance(other, ForeignKey) and other.related_model in tables and other.name not in NOT_WITH
    )
    name = str(model._meta.model_name)
    label = name if field.name == "customer" else f"{name}.{field.name}"
    return Mover(label, model._meta.db_table, column, tuple(_uniques(field)), hangs_on)


def _uniques(field: ForeignKey[Any, Any]) -> Iterable[Unique]:
    model = field.model
    if field.unique:
        yield Unique(())
    for constraint in model._meta.constraints:
        if not isinstance(constraint, UniqueConstraint) or field.name not in constraint.fields:
            if isinstance(constraint, UniqueConstraint) and constraint.expressions:
                raise ImproperlyConfigured(
                    f"{constraint.name}: expressions cannot be compared between cards."
                )
            continue
        columns = [each for each in model._meta.concrete_fields if each.name in constraint.fields]
        editor = connection.SchemaEditorClass(connection, collect_sql=True)
        condition = constraint._get_condition_sql(model, editor) if constraint.condition else ""  # type: ignore[attr-defined]
        others = tuple(str(each.column) for each in columns if each.name not in {field.name, "organization"})
        yield Unique(others, str(condition or "").replace("%", "%%"))


_ROOT = """
WITH RECURSIVE up (id, merged_into_id) AS (
    SELECT id, merged_into_id FROM rugui_customer WHERE id = %(card)s
    UNION ALL SELECT c.id, c.merged_into_id FROM rugui_customer c JOIN up ON c.id = up.merged_into_id
) SELECT id FROM up WHERE merged_into_id IS NULL"""
_BELOW = """
WITH RECURSIVE below (id) AS (
    SELECT id FROM rugui_customer WHERE id = ANY(%(cards)s)
    UNION ALL SELECT c.id FROM rugui_customer c JOIN below ON c.merged_into_id = below.id
) SELECT id FROM below ORDER BY id"""


def root(card_id: int) -> int:
    """The card that a card has become part of, or itself."""
    return int(_ask(_ROOT, {"card": card_id})[0][0])


def lineage(*card_ids: int) -> list[int]:
    """These cards and all that are merged into them: by these the journal of a person is read."""
    return [row[0] for row in _ask(_BELOW, {"cards": list(card_ids)})]


def names(card_id: int) -> list[str]:
    """Every name and form of address by which the person may be looked for, the card's own first."""
    rows = Customer.objects.filter(id__in=lineage(card_id)).values_list("id", "name", "address_as")
    ordered = sorted(rows, key=lambda row: (row[0] != card_id, row[0]))
    return [text for _id, *texts in ordered for text in texts if text]


def came_by(card_id: int, identities: Iterable[tuple[str, str]]) -> int | None:
    """The merged card whose own number or address somebody wrote from, as (kind, normal); None when it is the card's
    own, or both cards have it."""
    wanted = list(identities)
    rows = _ask(
        """SELECT d.kind, d.normal, m.home_id FROM rugui_identity d LEFT JOIN rugui_movedrow m
        ON m.organization_id = d.organization_id AND m."table" = 'identity' AND m.row_id = d.id
        WHERE d.customer_id = %(card)s AND d.normal = ANY(%(normals)s)""",
        {"card": card_id, "normals": [normal for _kind, normal in wanted]},
    )
    homes = {home for kind, normal, home in rows if (kind, normal) in wanted}
    return homes.pop() if len(homes) == 1 else None


def join(organization_id: int, source_id: int, root_id: int, merge_id: int) -> dict[str, int]:
    """Brings every row of `source_id` to `root_id`; how many, by table. Both cards are locked by the caller."""
    values: dict[str, Any] = {
        "organization": organization_id,
        "source": source_id,
        "root": root_id,
        "merge": merge_id,
        "below": lineage(source_id),
    }
    moved = {}
    with tenancy.as_the_house():
        for mover in movers():
            values["label"] = mover.label
            count = sum(_ask(_PARK.format(**_words(mover, unique)), values)[0][0] for unique in mover.uniques)
            count += _ask(_MOVE.format(**_words(mover)), values)[0][0]
            if count:
                moved[mover.label] = count
    return moved


# What is on both cards stays with the survivor's; the other is kept, whole, until the cards part.
_PARK = """
WITH a AS (SELECT * FROM {table} WHERE {column} = %(source)s{where}),
b AS (SELECT * FROM {table} WHERE {column} = %(root)s{where}),
gone AS (
    DELETE FROM {table} x USING a JOIN b ON {same} WHERE x.id = a.id
    RETURNING x.id, to_jsonb(x) AS whole, b.id AS blocker
), noted AS (
    INSERT INTO rugui_movedrow (organization_id, "table", row_id, home_id, merge_id, parked, blocked_home)
    SELECT %(organization)s, %(label)s, g.id, %(source)s, %(merge)s, g.whole,
        coalesce((SELECT m.home_id FROM rugui_movedrow m WHERE m.organization_id = %(organization)s
                  AND m."table" = %(label)s AND m.row_id = g.blocker), %(root)s)
    FROM gone g
    ON CONFLICT (organization_id, "table", row_id)
    DO UPDATE SET parked = excluded.parked, blocked_home = excluded.blocked_home
)
SELECT count(*) FROM gone"""

# A line whose home is elsewhere is out of date: somebody has given the row to this card since.
_MOVE = """
WITH moved AS (UPDATE {table} SET {column} = %(root)s WHERE {column} = %(source)s RETURNING id),
noted AS (
    INSERT INTO rugui_movedrow (organization_id, "table", row_id, home_id, merge_id)
    SELECT %(organization)s, %(label)s, id, %(source)s, %(merge)s FROM moved
    ON CONFLICT (organization_id, "table", row_id)
    DO UPDATE SET home_id = excluded.home_id, merge_id = excluded.merge_id
    WHERE NOT rugui_movedrow.home_id = ANY(%(below)s)
)
SELECT count(*) FROM moved"""


def part(organization_id: int, source_id: int, root_id: int, newest: dict[str, int]) -> None:
    """Gives `source_id`, which points nowhere any more, its rows back from `root_id`."""
    values: dict[str, Any] = {
        "organization": organization_id,
        "source": source_id,
        "root": root_id,
        "gone": lineage(source_id),
    }
    values["left"] = lineage(root_id)
    with tenancy.as_the_house():
        _part(values, newest)


def _part(values: dict[str, Any], newest: dict[str, int]) -> None:
    for mover in movers():
        _run(_BACK.format(**_words(mover)), values | {"label": mover.label})
    while _take_what_hangs_on_them(values, newest):
        pass
    sides = (("source", "gone", "left"), ("root", "left", "gone"))
    for mover in movers():
        for card, own, others in sides if mover.uniques else ():
            _unpark(mover, values, values[card], values[own], values[others])
    _run(
        "DELETE FROM rugui_movedrow WHERE home_id IN (%(source)s, %(root)s) AND parked IS NULL"
        " AND organization_id = %(organization)s",
        values,
    )
    _run(_UNSTRIKE, values)


_BACK = """
UPDATE {table} t SET {column} = %(source)s FROM rugui_movedrow m
WHERE m.organization_id = %(organization)s AND m."table" = %(label)s AND m.row_id = t.id
    AND m.home_id = ANY(%(gone)s) AND t.{column} = %(root)s"""

# What was made since, and names a row that goes, goes with it, and has the same home.
_ALONG = """
WITH gone AS (
    UPDATE {table} t SET {column} = %(source)s FROM {parent} p
    WHERE t.{reference} = p.id AND p.{parent_column} = %(source)s AND t.{column} = %(root)s AND t.id > %(newest)s
    RETURNING t.id, p.id AS parent
), noted AS (
    INSERT INTO rugui_movedrow (organization_id, "table", row_id, home_id)
    SELECT %(organization)s, %(label)s, g.id,
        coalesce((SELECT m.home_id FROM rugui_movedrow m WHERE m.organization_id = %(organization)s
                  AND m."table" = %(parent_label)s AND m.row_id = g.parent), %(source)s) FROM gone g
    ON CONFLICT (organization_id, "table", row_id) DO UPDATE SET home_id = excluded.home_id
)
SELECT count(*) FROM gone"""

# A claim is struck by a newer one of the same person only.
_UNSTRIKE = """
UPDATE rugui_note n SET struck_by_id = NULL FROM rugui_note s
WHERE s.id = n.struck_by_id AND s.customer_id <> n.customer_id AND n.customer_id IN (%(source)s, %(root)s)"""


def _take_what_hangs_on_them(values: dict[str, Any], newest: dict[str, int]) -> int:
    labels = {mover.table: mover.label for mover in movers()}
    count = 0
    for mover in movers():
        if mover.uniques:
            continue
        for reference, parent, parent_column in mover.hangs_on:
            words = _words(mover) | {
                "reference": reference,
                "parent": parent,
                "parent_column": parent_column,
            }
            own = {
                "label": mover.label,
                "parent_label": labels[parent],
                "newest": newest.get(mover.label, 0),
            }
            count += _ask(_ALONG.format(**words), values | own)[0][0]
    return count


_WAITING = """
FROM rugui_movedrow m WHERE m.organization_id = %(organization)s AND m."table" = %(label)s
    AND m.parked IS NOT NULL AND m.home_id = ANY(%(own)s) AND m.blocked_home = ANY(%(others)s)"""
_UNPARK = (
    """
INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table},
    m.parked || jsonb_build_object('{column}', %(card)s::bigint))).*"""
    + _WAITING
    + " ORDER BY m.home_id <> %(card)s, m.home_id, m.row_id ON CONFLICT DO NOTHING RETURNING id"
)
_UNPARKED = """
UPDATE rugui_movedrow SET parked = NULL, blocked_home = NULL
WHERE organization_id = %(organization)s AND "table" = %(label)s AND row_id = ANY(%(back)s)"""
_BLOCKED_AGAIN = """
UPDATE rugui_movedrow m SET blocked_home = coalesce((SELECT o.home_id FROM rugui_movedrow o
    WHERE o.organization_id = m.organization_id AND o."table" = m."table" AND o.row_id = b.id), %(card)s)
FROM rugui_movedrow w CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, w.parked) p
JOIN (SELECT * FROM {table} WHERE {column} = %(card)s{where}) b ON {same}
WHERE m.id = w.id AND m.organization_id = %(organization)s AND m."table" = %(label)s AND m.parked IS NOT NULL
    AND m.home_id = ANY(%(own)s) AND m.blocked_home = ANY(%(others)s)"""


def _unpark(mover: Mover, shared: dict[str, Any], card: int, own: list[int], others: list[int]) -> None:
    """Puts back on `card` what only a row that is on the other card now has kept away."""
    values = shared | {"label": mover.label, "card": card, "own": own, "others": others}
    values["back"] = [row[0] for row in _ask(_UNPARK.format(**_words(mover)), values)]
    _run(_UNPARKED, values)
    for unique in mover.uniques:
        words = _words(mover, unique) | {"same": unique.same("b", "p")}
        _run(_BLOCKED_AGAIN.format(**words), values)


@receiver(post_save, dispatch_uid="rows_by_a_merged_name")
def _remember_by_whose_name(sender: type[Model], instance: Model, created: bool, **_rest: Any) -> None:
    """What is written under a merged card's own name, number or address goes back with that card."""
    if not created:
        return
    card = instance._state.fields_cache.get("customer")
    if card is not None and card.came_as is not None:
        MovedRow.objects.create(
            organization_id=card.organization_id,
            table=str(sender._meta.model_name),
            row_id=instance.pk,
            home_id=card.came_as,
        )


def newest() -> dict[str, int]:
    """The highest row number of each table that takes part."""
    each = "SELECT '{label}', coalesce(max(id), 0) FROM {table}"
    parts = [each.format(label=mover.label, table=mover.table) for mover in movers()]
    return dict(_ask(" UNION ALL ".join(parts), {}))


def bring_home(organization_id: int, merge_id: int, source_id: int) -> int:
    """Rows that arrived at a merged card while it was being merged follow it."""
    return sum(join(organization_id, source_id, root(source_id), merge_id).values())


def write_keys(*card_ids: int) -> None:
    """Writes anew what is derived from these cards and those merged into them."""
    for card_id in card_ids:
        card = Customer.objects.get(id=card_id)
        keys.write(card.organization_id, card_id, [] if card.merged_into_id else names(card_id))


def _words(mover: Mover, unique: Unique | None = None) -> dict[str, str]:
    words = {"table": mover.table, "column": mover.column}
    if unique is not None:
        words |= {"where": unique.where, "same": unique.same("a", "b")}
    return words


def _run(statement: str, values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _ask(statement: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
