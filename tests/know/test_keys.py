"""The keys of very many cards at once, as their owner copies them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from rugui.engines.identity.keys import card_keys, variant_keys
from rugui.know import keys

from .. import database

CARDS = {
    1: ("陳玉婷", ""),
    2: ("Robert Featherstone", "Bob"),
    3: ("Hsu Hao-Pin", "徐皓斌"),
    4: ("Bob Featherstone", ""),
}
INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename ~ '^rugui_name' ORDER BY indexname"


@pytest.fixture
def owner(database_folder: Path) -> Iterator[psycopg.Connection[Any]]:
    # One server serves every worker: each has a copy of its own.
    name = database.copy_of_template(database_folder, f"keys_of_many_{os.getpid()}")
    with database.owner(database_folder, name) as connection:
        connection.execute("""
            INSERT INTO rugui_organization (id, name, currency, customer_word, trade, language)
            VALUES (7, 'Town', 'USD', 'customer', 'hotel', 'en')""")
        for number, (called, also) in CARDS.items():
            connection.execute(
                """INSERT INTO rugui_customer (id, organization_id, name, address_as, language, created_at)
                VALUES (%s, 7, %s, %s, '', now())""",
                (number, called, also),
            )
        yield connection
    with database.owner(database_folder, "postgres") as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.mark.parametrize("batch", [200_000, 2])
def test_many_cards_have_the_keys_that_each_would_have(
    owner: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(keys, "BATCH", batch)
    before = owner.execute(INDEXES).fetchall()
    with keys.indexed_afterwards(owner):
        written, words = keys.build(owner, 7, CARDS.items())
    by, made = keys.mix(7), {number: card_keys(names) for number, names in CARDS.items()}
    hashes = {(h ^ by, number, 7) for number, (own, _words) in made.items() for h in own}
    vocabulary = {h: word for _own, own in made.values() for word, h in own.items()}
    slips = {(key ^ by, word, 7) for word in vocabulary.values() for key in variant_keys(word)}

    def rows(statement: str) -> list[tuple[Any, ...]]:
        return sorted(owner.execute(statement).fetchall())

    assert rows("SELECT h, customer_id, organization_id FROM rugui_namekey") == sorted(hashes)
    assert rows("SELECT h, word, organization_id FROM rugui_nameslip") == sorted(slips)
    assert rows("SELECT h, word, people, organization_id FROM rugui_nameword") == sorted(
        (h ^ by, word, 1, 7) for h, word in vocabulary.items()
    )
    assert (written, words) == (len(hashes), len(vocabulary))
    assert owner.execute(INDEXES).fetchall() == before
