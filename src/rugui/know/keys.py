"""The keys that names are found by, written in the card's own transaction.

Hashes are mixed with the house's number, so that equal names of two houses have different keys.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from hashlib import blake2b
from itertools import islice
from time import monotonic
from typing import Any

import numpy as np
from psycopg import Connection, sql

from ..core.ready import cursor, execute, fetch, run
from ..engines.identity.keys import card_keys, hashed, variant_keys
from .lookups import numbers, texts

EVERYBODY = hashed("n", "")
"""The row of the vocabulary that counts all customers."""


@lru_cache(maxsize=1024)
def mix(organization_id: int) -> int:
    """What every hash of a house is combined with."""
    return int.from_bytes(
        blake2b(str(organization_id).encode(), digest_size=8, person=b"names").digest(), "big", signed=True
    )


# With places for each key the database would make a plan for every number of them; arrays as text have one plan.
_WRITE = """
WITH kept AS (INSERT INTO rugui_namekey (organization_id, h, customer_id)
    SELECT %s, k.h, %s FROM unnest(%s::bigint[]) k(h){absent})
INSERT INTO rugui_nameword (organization_id, h, word, people)
SELECT %s, w.h, w.word, 1 FROM unnest(%s::bigint[], %s::text[]) w(h, word) ON CONFLICT DO NOTHING RETURNING word"""
_WRITE_NEW = _WRITE.format(absent="")
_WRITE_MORE = _WRITE.format(
    absent=" WHERE NOT EXISTS (SELECT FROM rugui_namekey o WHERE o.customer_id = %s AND o.h = k.h)"
)
_GONE = "DELETE FROM rugui_namekey WHERE customer_id = %s AND NOT h = ANY(%s::bigint[])"
_SLIPS = """
INSERT INTO rugui_nameslip (organization_id, h, word)
SELECT %s, h, word FROM unnest(%s::bigint[], %s::text[]) AS s(h, word)"""


def write(organization_id: int, customer_id: int, names: Iterable[str], *, new: bool = False) -> None:
    """Makes these the names that a customer is found by, and no others. A `new` card has none to forget.

    Whoever changes the names of a card that is there holds its row, so nobody else writes its keys meanwhile: keys have
    no index that would find them twice, it would be the largest of all.
    """
    hashes, vocabulary = card_keys(names)
    by = mix(organization_id)
    keys = numbers(sorted(each ^ by for each in hashes))
    # Everybody adds words in the same order, so nobody waits in a circle.
    words = sorted(vocabulary)
    spelt = [numbers(vocabulary[word] ^ by for word in words), texts(words)]
    if not new:
        run(_GONE, [customer_id, keys])
    known = [] if new else [customer_id]
    values = [organization_id, customer_id, keys, *known, organization_id, *spelt]
    write_slips(organization_id, (word for (word,) in fetch(_WRITE_NEW if new else _WRITE_MORE, values)))


def write_slips(organization_id: int, fresh: Iterable[str]) -> None:
    """How new words of the vocabulary are found when they are mistyped."""
    by = mix(organization_id)
    pairs = [(key ^ by, word) for word in fresh for key in variant_keys(word)]
    if pairs:
        slips = numbers(key for key, _word in pairs), texts([word for _key, word in pairs])
        run(_SLIPS, [organization_id, *slips])


BATCH = 200_000
"""Cards whose keys are copied at once, in the order of the keys."""
_INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE schemaname = current_schema() AND tablename IN ('rugui_namekey', 'rugui_nameslip')"""


@contextmanager
def indexed_afterwards(owner: Connection[Any]) -> Iterator[None]:
    """Leaves out the indexes of keys and slips meanwhile, and makes them at the end: a third of the work of growing them
    row by row. All of it is one transaction, and whoever wants to look somebody up waits.
    """
    with owner.transaction():
        indexes = owner.execute(_INDEXES).fetchall()
        for name, _definition in indexes:
            owner.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        yield
        for _name, definition in indexes:
            owner.execute(definition)


def build(
    owner: Connection[Any], organization_id: int, cards: Iterable[tuple[int, Iterable[str]]]
) -> tuple[int, int]:
    """The keys of many cards that have none, given by number and names, copied as the owner of the tables.

    How many keys there were, and how many words that nobody in the house had before.
    """
    by, seen, written, rest = mix(organization_id), set[int](), 0, iter(cards)
    while batch := list(islice(rest, BATCH)):
        keys, of = array("q"), array("q")
        fresh: dict[int, str] = {}
        for customer_id, names in batch:
            hashes, vocabulary = card_keys(names)
            keys.extend(hashes)
            of.extend([customer_id] * len(hashes))
            for word, h in vocabulary.items():
                if h not in seen:
                    seen.add(h)
                    fresh[h ^ by] = word
        written += len(keys)
        _copy(owner, "rugui_namekey (h, customer_id, organization_id)", organization_id, keys, of, by)
        _copy_words(owner, organization_id, fresh)
        _copy_slips(owner, organization_id, fresh.values(), by)
    return written, len(seen)


_ROW = np.dtype([(name, ">i2" if name == "columns" else ">i4" if name.startswith("size") else ">i8")
                 for name in ("columns", "size", "h", "size_of", "of", "size_house", "house")])  # fmt: skip
"""A row of three bigints in PostgreSQL's binary form of COPY."""


def _copy(
    owner: Connection[Any], into: str, organization_id: int, hashes: array[int], of: array[int], by: int
) -> None:
    """Mixes the hashes with `by` and copies the rows in their order."""
    mixed = np.frombuffer(hashes, dtype=np.int64) ^ by
    order = np.argsort(mixed, kind="stable")
    rows = np.empty(len(mixed), dtype=_ROW)
    rows["columns"] = 3
    rows["size"] = rows["size_of"] = rows["size_house"] = 8
    rows["h"], rows["of"], rows["house"] = (
        mixed[order],
        np.frombuffer(of, dtype=np.int64)[order],
        organization_id,
    )
    with owner.cursor() as asking, asking.copy(f"COPY {into} FROM STDIN (FORMAT BINARY)") as stream:
        stream.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
        stream.write(rows.tobytes())
        stream.write(b"\xff\xff")


def _copy_words(owner: Connection[Any], organization_id: int, words: Mapping[int, str]) -> None:
    text = "".join(f"{h}\t{word}\t1\t{organization_id}\n" for h, word in sorted(words.items()))
    _copy_text(owner, "rugui_nameword (h, word, people, organization_id)", text)


def _copy_slips(owner: Connection[Any], organization_id: int, words: Iterable[str], by: int) -> None:
    slips, spelt = array("q"), list[str]()
    for word in words:
        found = variant_keys(word)
        slips.extend(found)
        spelt += [word] * len(found)
    mixed = np.frombuffer(slips, dtype=np.int64) ^ by
    order = np.argsort(mixed, kind="stable")
    rows = zip(mixed[order].tolist(), order.tolist(), strict=True)
    text = "".join([f"{key}\t{spelt[at]}\t{organization_id}\n" for key, at in rows])
    _copy_text(owner, "rugui_nameslip (h, word, organization_id)", text)


def _copy_text(owner: Connection[Any], into: str, text: str) -> None:
    # Folded words and numbers: nothing in them needs to be escaped.
    with owner.cursor() as asking, asking.copy(f"COPY {into} FROM STDIN") as stream:
        stream.write(text)


_COUNT = """
WITH counted AS (
    SELECT w.h, count(k.h) AS people FROM rugui_nameword w LEFT JOIN rugui_namekey k ON k.h = w.h
    WHERE w.organization_id = %s GROUP BY w.h
)
UPDATE rugui_nameword w SET people = greatest(c.people, 1) FROM counted c
WHERE w.h = c.h AND w.people <> greatest(c.people, 1)"""
_COUNT_ALL = """
INSERT INTO rugui_nameword (organization_id, h, word, people)
SELECT %s, %s, '', count(*) FROM rugui_customer WHERE organization_id = %s AND merged_into_id IS NULL
ON CONFLICT (h) DO UPDATE SET people = excluded.people"""


def count(organization_id: int) -> None:
    """Counts anew how many people have each word."""
    with cursor() as asking:
        execute(asking, _COUNT, [organization_id])
        execute(asking, _COUNT_ALL, [organization_id, EVERYBODY ^ mix(organization_id), organization_id])
    _people.pop(organization_id, None)


HOLDS = 60.0
"""Seconds. How many people a house has is counted anew only from time to time, and hardly matters to who is meant: it need
not be read with every look-up."""
_people: dict[int, tuple[int, float]] = {}
"""By house, what was read last, and until when it holds."""


def counted(organization_id: int) -> int | None:
    """How many people the house has, as this process has read it a moment ago; None if it has not."""
    people, until = _people.get(organization_id, (0, 0.0))
    return people if until > monotonic() else None


def remembered(organization_id: int, people: int | None) -> int | None:
    """What has been read of it; none where nobody has counted yet."""
    if people:
        _people[organization_id] = people, monotonic() + HOLDS
    return people
