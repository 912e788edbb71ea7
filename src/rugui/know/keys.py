"""The keys that names are found by, written in the card's own transaction.

Hashes are mixed with the house's number, so that equal names of two houses have different keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import blake2b

from ..core.ready import cursor, execute
from ..engines.identity.keys import card_keys, hashed, variant_keys

EVERYBODY = hashed("n", "")
"""The row of the vocabulary that counts all customers."""


@lru_cache(maxsize=1024)
def mix(organization_id: int) -> int:
    """What every hash of a house is combined with."""
    return int.from_bytes(
        blake2b(str(organization_id).encode(), digest_size=8, person=b"names").digest(), "big", signed=True
    )


_WRITE = """
WITH given AS (SELECT unnest(%s::bigint[]) AS h),
gone AS (DELETE FROM rugui_namekey k WHERE k.customer_id = %s AND NOT EXISTS (SELECT FROM given g WHERE g.h = k.h)),
kept AS (INSERT INTO rugui_namekey (organization_id, h, customer_id)
    SELECT %s, h, %s FROM given ON CONFLICT DO NOTHING),
fresh AS (INSERT INTO rugui_nameword (organization_id, h, word, people)
    SELECT %s, h, word, 1 FROM unnest(%s::bigint[], %s::text[]) AS w(h, word) ON CONFLICT DO NOTHING
    RETURNING h, word)
SELECT h, word FROM fresh"""
_SLIPS = """
INSERT INTO rugui_nameslip (organization_id, h, word_h)
SELECT %s, h, word_h FROM unnest(%s::bigint[], %s::bigint[]) AS s(h, word_h) ON CONFLICT DO NOTHING"""


def write(organization_id: int, customer_id: int, names: Iterable[str]) -> None:
    """Makes these the names that a customer is found by, and no others."""
    hashes, vocabulary = card_keys(names)
    by = mix(organization_id)
    words = sorted(vocabulary)  # everybody adds words in the same order, so nobody waits in a circle
    values = [
        sorted(each ^ by for each in hashes),
        customer_id,
        organization_id,
        customer_id,
        organization_id,
        [vocabulary[word] ^ by for word in words],
        words,
    ]
    with cursor() as asking:
        execute(asking, _WRITE, values)
        fresh = dict(asking.fetchall())
    write_slips(organization_id, fresh)


def write_slips(organization_id: int, fresh: Mapping[int, str]) -> None:
    """How new words of the vocabulary, given by their mixed hashes, are found when they are mistyped."""
    by = mix(organization_id)
    pairs = [(each ^ by, h) for h, word in fresh.items() for each in variant_keys(word)]
    if pairs:
        with cursor() as asking:
            slips = [each for each, _word in pairs], [word for _each, word in pairs]
            execute(asking, _SLIPS, [organization_id, *slips])


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
