"""The keys that names are found by, written in the card's own transaction.

Hashes are mixed with the house's number, so that equal names of two houses have different keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from hashlib import blake2b
from itertools import islice
from typing import Any

from psycopg import Connection

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
SELECT %s, w.h, w.word, 1 FROM unnest(%s::bigint[], %s::text[]) w(h, word) ON CONFLICT DO NOTHING RETURNING h, word"""
_WRITE_NEW = _WRITE.format(absent="")
_WRITE_MORE = _WRITE.format(
    absent=" WHERE NOT EXISTS (SELECT FROM rugui_namekey o WHERE o.customer_id = %s AND o.h = k.h)"
)
_GONE = "DELETE FROM rugui_namekey WHERE customer_id = %s AND NOT h = ANY(%s::bigint[])"
_SLIPS = """
INSERT INTO rugui_nameslip (organization_id, h, word_h)
SELECT %s, h, word_h FROM unnest(%s::bigint[], %s::bigint[]) AS s(h, word_h)"""


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
    write_slips(organization_id, dict(fetch(_WRITE_NEW if new else _WRITE_MORE, values)))


def write_slips(organization_id: int, fresh: Mapping[int, str]) -> None:
    """How new words of the vocabulary, given by their mixed hashes, are found when they are mistyped."""
    pairs = list(_slips(organization_id, fresh.items()))
    if pairs:
        slips = numbers(each for each, _word in pairs), numbers(word for _each, word in pairs)
        run(_SLIPS, [organization_id, *slips])


def _slips(organization_id: int, words: Iterable[tuple[int, str]]) -> Iterator[tuple[int, int]]:
    by = mix(organization_id)
    return ((each ^ by, h) for h, word in words for each in variant_keys(word))


BATCH = 50_000
"""Cards whose keys are copied at once, in the order of the keys: the indexes then grow page by page."""


def build(
    owner: Connection[Any], organization_id: int, cards: Iterable[tuple[int, Iterable[str]]]
) -> tuple[int, int]:
    """The keys of many cards that have none, given by number and names, copied as the owner of the tables.

    How many keys there were, and how many words that nobody in the house had before.
    """
    by, seen, written, rest = mix(organization_id), set[int](), 0, iter(cards)
    while batch := list(islice(rest, BATCH)):
        keys: list[tuple[int, int]] = []
        words: dict[int, str] = {}
        for customer_id, names in batch:
            hashes, vocabulary = card_keys(names)
            keys += [(each ^ by, customer_id) for each in hashes]
            words |= {h ^ by: word for word, h in vocabulary.items()}
        fresh = [(h, word) for h, word in sorted(words.items()) if h not in seen]
        seen.update(words)
        written += len(keys)
        _copy(owner, "rugui_namekey (h, customer_id, organization_id)", organization_id, sorted(keys))
        counted = ((h, word, 1) for h, word in fresh)
        _copy(owner, "rugui_nameword (h, word, people, organization_id)", organization_id, counted)
        slips = sorted(_slips(organization_id, fresh))
        _copy(owner, "rugui_nameslip (h, word_h, organization_id)", organization_id, slips)
    return written, len(seen)


def _copy(owner: Connection[Any], into: str, organization_id: int, rows: Iterable[tuple[Any, ...]]) -> None:
    # Hashes, numbers and folded words: nothing in them needs to be escaped.
    text = "".join("\t".join(map(str, row)) + f"\t{organization_id}\n" for row in rows)
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
