"""The rows of each subject as the temporary tables of load.py want them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

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
    if not all(customer):
        for index, found in enumerate(zip(customer, email, phone, strict=True)):
            if not any(found):
                cells.problems.setdefault(index, Problem("customer", "missing_customer"))
    external = cells.external_ids()
    columns = {"external_id": read.escaped(external), "customer": read.nullable(customer)}
    if cells.has("customer_email"):
        columns["email"] = read.nullable(email)
    if cells.has("customer_phone"):
        columns["phone"] = read.nullable(phone)
    columns |= {"place_id": read.nullable(cells.places(reading)), **own}
    kept = _said_once(cells, batch, external, columns)
    body = (
        list(columns.values())
        if kept is None
        else [[column[at] for at in kept] for column in columns.values()]
    )
    batch.tables[subject] = (["n", *columns], as_copy([_numbers(batch.loaded), *body]))


@lru_cache(4)
def _numbers(count: int) -> list[str]:
    return [str(number) for number in range(count)]


def _said_once(cells: Cells, batch: Batch, external: Sequence[str], columns: Columns) -> list[int] | None:
    """The rows to load; None for all. Of rows with the same id one is loaded if they agree, and the later refused if not."""
    repeated = set() if len(set(external)) == len(external) else _repeated(cells, external, columns)
    kept = cells.kept(batch)
    if repeated:
        kept = [index for index in (range(cells.count) if kept is None else kept) if index not in repeated]
        batch.repeated = len(repeated)
    batch.keep(cells.block, kept)
    return kept


def _repeated(cells: Cells, external: Sequence[str], columns: Columns) -> set[int]:
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
            line = str(cells.block.lines[earlier])
            cells.problems[index] = Problem("external_id", "repeated", {"value": key, "line": line})
    return repeated


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
    taken_back = cells.text("refund_of", ID)
    signed = [
        kind or ("refund" if amount < 0 or original else "purchase")
        for kind, amount, original in zip(kinds, amounts, taken_back, strict=True)
    ]
    if any(taken_back):
        cells.note(
            {
                index: Problem("refund_of", "not_a_refund")
                for index, (kind, original) in enumerate(zip(signed, taken_back, strict=True))
                if original and kind == "purchase"
            }
        )
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
        **({"refund_of": read.nullable(taken_back)} if any(taken_back) else {}),
        "about": read.escaped(cells.text("about", SHORT)),
    })  # fmt: skip


def _customers(cells: Cells, batch: Batch, reading: Reading) -> None:
    external = cells.external_ids()
    given = cells.column("external_id")
    found = _identities(cells, reading.region)
    names, named = _names(cells, found)
    address, language = cells.text("address_as", ID), _languages(cells)
    kept = cells.kept(batch)
    batch.keep(cells.block, kept)
    masters: dict[tuple[str, ...], str] = {}
    people: list[tuple[str, ...]] = []
    identities: list[tuple[str, ...]] = []
    keys: list[tuple[str, str]] = []
    words: dict[str, int] = {}
    taken = range(cells.count) if kept is None else kept
    for n, at in zip(_numbers(batch.loaded), taken, strict=True):
        own, name = found[at], names[at]
        same = _same(masters, n, external[at] if given[at] else "", name, own)
        people.append((n, same, external[at], "t" if given[at] else "f", "t" if named[at] else "f", name,
                       address[at], language[at]))  # fmt: skip
        identities += [(n, kind, value, normal, tail(kind, normal)) for kind, value, normal in own]
        if same == NULL:
            hashes, vocabulary = _keys(name, address[at])
            keys += [(n, key) for key in hashes]
            words.update(vocabulary)
    batch.tables["customers"] = (
        ["n", "same_as", "external_id", "given", "named", "name", "address_as", "language"],
        _copied(people, {2, 5, 6}),
    )
    batch.tables["identities"] = (["n", "kind", "value", "normal", "tail"], _copied(identities, {2, 3, 4}))
    batch.tables["keys"] = (["n", "h"], _copied(keys, set()))
    batch.tables["words"] = (
        ["h", "word"],
        _copied([(str(h), word) for word, h in sorted(words.items())], {1}),
    )


NULL = "\\N"


@lru_cache(20_000)
def _keys(name: str, address_as: str) -> tuple[list[str], dict[str, int]]:
    """What a customer is found by, and the words of it; names repeat."""
    hashes, vocabulary = card_keys((name, address_as))
    return list(map(str, hashes)), vocabulary


def _copied(rows: Sequence[tuple[str, ...]], escape: set[int]) -> bytes:
    columns = zip(*rows, strict=True)
    return as_copy([read.escaped(column) if at in escape else column for at, column in enumerate(columns)])


def _identities(cells: Cells, region: str) -> list[list[tuple[str, str, str]]]:
    """For each record its (kind, value, normal), each once."""
    found: list[list[tuple[str, str, str]]] = [[] for _row in range(cells.count)]
    for kind in IDENTITIES:
        columns = cells.columns(kind)
        for column in columns:
            values, problems = read.read_identities(kind, kind, column, region)
            cells.note(problems)
            for own, value, normal in zip(found, column, values, strict=True):
                if normal and (len(columns) == 1 or (kind, normal) not in [(one[0], one[2]) for one in own]):
                    own.append((kind, value, normal))
    return found


def _names(cells: Cells, found: Sequence[Sequence[tuple[str, str, str]]]) -> tuple[list[str], list[str]]:
    """Names from one column or two, and those who have one; somebody without is called by their first identity."""
    named = cells.text("name", SHORT)
    if cells.has("family_name") or cells.has("given_name"):
        joined = read.joined_names(cells.column("family_name"), cells.column("given_name"))
        named = [one or other for one, other in zip(named, joined, strict=True)]
    named = [" ".join(name.split()) for name in named]
    names = named
    if not all(named):
        names = [name or (own[0][1] if own else "") for name, own in zip(named, found, strict=True)]
        cells.note({index: Problem("name", "missing") for index, name in enumerate(names) if not name})
    for index, name in enumerate(names):
        if len(name) > SHORT:
            long = {"longest": str(SHORT), "length": str(len(name))}
            cells.problems.setdefault(index, Problem("name", "long", long))
    return names, named


def _languages(cells: Cells) -> list[str]:
    """One of the program's languages; another one is no reason to refuse a customer, and stays empty."""
    key = "customers.language"
    values, _unknown = read.read_choices("language", cells.column("language"), CHOICES[key], ALLOWED[key])
    return values


def _same(
    masters: dict[tuple[str, ...], str], n: str, external: str, name: str, own: Sequence[tuple[str, str, str]]
) -> str:
    """The number of an earlier row of the batch that is certainly the same person: same id, or name and identity."""
    if external:
        master = masters.setdefault((external,), n)
        return NULL if master == n else master
    keys = [(kind, normal, name) for kind, _value, normal in own]
    same = next((masters[key] for key in keys if key in masters), NULL)
    for key in keys:
        masters.setdefault(key, n if same == NULL else same)
    return same


CONVERTERS: dict[str, Converter] = {
    "customers": _customers,
    "purchases": _purchases,
    "visits": _visits,
    "notes": _notes,
    "touches": _touches,
}
