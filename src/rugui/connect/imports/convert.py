"""The rows of each subject as the temporary tables of load.py want them."""

from __future__ import annotations

from collections.abc import Sequence

from ...engines.identity.keys import card_keys, tail
from ...engines.tabular import cells as read
from ...engines.tabular.amounts import read_amounts, read_currencies
from ...engines.tabular.base import Problem
from ...engines.tabular.words import ALLOWED, CHOICES, MANY
from .read import ID, SHORT, TEXT, Batch, Cells, Converter, as_copy
from .settings import Reading

Columns = dict[str, list[str]]
IDENTITIES = sorted(MANY)


def _events(subject: str, cells: Cells, batch: Batch, reading: Reading, own: Columns) -> None:
    """What purchases, visits, notes and touches have in common: their id, their customer, their place."""
    customer = cells.text("customer", ID)
    email = cells.identity("customer_email", "email", reading.region)
    phone = cells.identity("customer_phone", "phone", reading.region)
    for index, found in enumerate(zip(customer, email, phone, strict=True)):
        if not any(found):
            cells.problems.setdefault(index, Problem("customer", "missing_customer"))
    external = cells.external_ids()
    columns = {
        "external_id": read.escaped(external),
        "customer": read.nullable(customer),
        "email": read.nullable(email),
        "phone": read.nullable(phone),
        "place_id": read.nullable(cells.places(reading)),
        **own,
    }
    kept = _said_once(cells, batch, external, columns)
    numbers = [str(number) for number in range(len(kept))]
    body = [[column[at] for at in kept] for column in columns.values()]
    batch.tables[subject] = (["n", *columns], as_copy([numbers, *body]))


def _said_once(cells: Cells, batch: Batch, external: Sequence[str], columns: Columns) -> list[int]:
    """The rows to load. Of rows with the same id one is loaded if they agree, and the later refused if not."""
    if len(set(external)) == len(external):
        return cells.kept(batch)
    first: dict[str, int] = {}
    repeated = set()
    rows = list(zip(*columns.values(), strict=True))
    for index, key in enumerate(external):
        if index in cells.problems:
            continue
        earlier = first.setdefault(key, index)
        if earlier == index:
            continue
        if rows[earlier] == rows[index]:
            repeated.add(index)
        else:
            line = str(cells.records[earlier].line)
            cells.problems[index] = Problem("external_id", "repeated", {"value": key, "line": line})
    kept = [index for index in cells.kept(batch) if index not in repeated]
    batch.records = [cells.records[index] for index in kept]
    batch.repeated = len(repeated)
    return kept


def _touches(cells: Cells, batch: Batch, reading: Reading) -> None:
    _events("touches", cells, batch, reading, {
        "at": cells.date("at", reading.date_order, required=True),
        "channel": cells.choice("touches", "channel", "in_person"),
        "direction": cells.choice("touches", "direction", "in"),
        "text": read.escaped(cells.text("text", TEXT)),
    })  # fmt: skip


def _notes(cells: Cells, batch: Batch, reading: Reading) -> None:
    _events("notes", cells, batch, reading, {
        "learned_at": read.nullable(cells.date("learned_at", reading.date_order)),
        "kind": cells.choice("notes", "kind", "fact"),
        "text": read.escaped(cells.text("text", TEXT, required=True)),
    })  # fmt: skip


def _visits(cells: Cells, batch: Batch, reading: Reading) -> None:
    order = reading.date_order
    dates = {
        name: cells.date(name, order, required=name == "expected_at")
        for name in ("expected_at", "expected_until", "arrived_at", "left_at")
    }
    places = cells.places(reading)
    cells.note({index: Problem("place", "missing") for index, place in enumerate(places) if not place})
    _events("visits", cells, batch, reading, {
        **{name: read.nullable(values) for name, values in dates.items()},
        "state": read.nullable(cells.choice("visits", "state", "")),
        "kind": cells.choice("visits", "kind", "booking"),
        "about": read.escaped(cells.text("about", SHORT)),
    })  # fmt: skip


def _purchases(cells: Cells, batch: Batch, reading: Reading) -> None:
    named, problems = read_currencies("currency", cells.column("currency"))
    cells.note(problems)
    amounts, currencies, problems = read_amounts(
        "amount", cells.column("amount"), reading.decimal, reading.currency, named
    )
    cells.note(problems)
    kinds = cells.choice("purchases", "kind", "")
    signed = [
        kind or ("refund" if amount < 0 else "purchase") for kind, amount in zip(kinds, amounts, strict=True)
    ]
    for index, (kind, amount) in enumerate(zip(signed, amounts, strict=True)):
        if kind == "purchase" and amount < 0:
            cells.problems.setdefault(
                index, Problem("amount", "sign", {"value": cells.column("amount")[index]})
            )
    _events("purchases", cells, batch, reading, {
        "at": cells.date("at", reading.date_order, required=True),
        "amount": [str(abs(amount)) for amount in amounts],
        "currency": currencies,
        "kind": signed,
        "about": read.escaped(cells.text("about", SHORT)),
    })  # fmt: skip


def _customers(cells: Cells, batch: Batch, reading: Reading) -> None:
    given_ids = cells.column("external_id")
    external = cells.external_ids()
    found = _identities(cells, reading.region)
    names, named = _names(cells, found)
    address, language = cells.text("address_as", ID), _languages(cells)
    kept = cells.kept(batch)
    masters: dict[tuple[str, ...], int] = {}
    people: list[tuple[str, ...]] = []
    identities: list[tuple[str, ...]] = []
    keys: list[tuple[str, str]] = []
    words: dict[str, int] = {}
    for n, at in enumerate(kept):
        own = found[at]
        name = names[at]
        same = _same(masters, n, external[at] if given_ids[at] else "", name, own)
        normals = "\\N" if not own else _array([normal for _kind, _value, normal in own])
        kinds = "\\N" if not own else _array([kind for kind, _value, _normal in own])
        people.append((str(n), "\\N" if same is None else str(same), external[at], "t" if given_ids[at] else "f",
                       "t" if named[at] else "f", name, address[at], language[at], kinds, normals))  # fmt: skip
        identities += [(str(n), kind, value, normal, tail(kind, normal)) for kind, value, normal in own]
        if same is None:
            hashes, vocabulary = card_keys((name, address[at]))
            keys += [(str(n), str(key)) for key in hashes]
            words |= vocabulary
    batch.tables["customers"] = (
        [
            "n",
            "same_as",
            "external_id",
            "given",
            "named",
            "name",
            "address_as",
            "language",
            "kinds",
            "normals",
        ],
        _copied(people, {2, 5, 6}),
    )
    batch.tables["identities"] = (["n", "kind", "value", "normal", "tail"], _copied(identities, {2, 3, 4}))
    batch.tables["keys"] = (["n", "h"], _copied(keys, set()))
    batch.tables["words"] = (
        ["h", "word"],
        _copied([(str(h), word) for word, h in sorted(words.items())], {1}),
    )


def _copied(rows: Sequence[tuple[str, ...]], escape: set[int]) -> bytes:
    columns = [
        read.escaped(column) if at in escape else column for at, column in enumerate(zip(*rows, strict=True))
    ]
    return as_copy(columns)


def _array(values: Sequence[str]) -> str:
    quoted = ",".join('"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values)
    return read.escaped([f"{{{quoted}}}"])[0]


def _identities(cells: Cells, region: str) -> list[list[tuple[str, str, str]]]:
    """For each record its (kind, value, normal), each once."""
    found: list[list[tuple[str, str, str]]] = [[] for _record in cells.records]
    for kind in IDENTITIES:
        for column in cells.columns(kind):
            values, problems = read.read_identities(kind, kind, column, region)
            cells.note(problems)
            for index, normal in enumerate(values):
                if normal and all(normal != other[2] or kind != other[0] for other in found[index]):
                    found[index].append((kind, column[index], normal))
    return found


def _names(cells: Cells, found: Sequence[Sequence[tuple[str, str, str]]]) -> tuple[list[str], list[bool]]:
    """Names from one column or two, and who has one; somebody without is called by their first identity."""
    names = cells.text("name", SHORT)
    if cells.has("family_name") or cells.has("given_name"):
        joined = read.joined_names(cells.column("family_name"), cells.column("given_name"))
        names = [one or other for one, other in zip(names, joined, strict=True)]
    names = [" ".join(name.split()) for name in names]
    named = [bool(name) for name in names]
    names = [name or (own[0][1] if own else "") for name, own in zip(names, found, strict=True)]
    for index, name in enumerate(names):
        if not name:
            cells.problems.setdefault(index, Problem("name", "missing"))
        elif len(name) > SHORT:
            long = {"longest": str(SHORT), "length": str(len(name))}
            cells.problems.setdefault(index, Problem("name", "long", long))
    return names, named


def _languages(cells: Cells) -> list[str]:
    """One of the program's languages; another one is no reason to refuse a customer, and stays empty."""
    key = "customers.language"
    values, _unknown = read.read_choices("language", cells.column("language"), CHOICES[key], ALLOWED[key])
    return values


def _same(
    masters: dict[tuple[str, ...], int], n: int, external: str, name: str, own: Sequence[tuple[str, str, str]]
) -> int | None:
    """The number of an earlier row of the batch that is certainly the same person: same id, or name and identity."""
    keys: list[tuple[str, ...]] = (
        [("", external)] if external else [(kind, normal, name) for kind, _v, normal in own]
    )
    same = next((masters[key] for key in keys if key in masters), None)
    for key in keys:
        masters.setdefault(key, n if same is None else same)
    return same


CONVERTERS: dict[str, Converter] = {
    "customers": _customers,
    "purchases": _purchases,
    "visits": _visits,
    "notes": _notes,
    "touches": _touches,
}
