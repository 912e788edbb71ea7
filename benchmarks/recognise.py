"""Who is it? Twenty ways of asking for one of a million people, beside a trigram search of normalised text.

`script/bench recognise [--quick] [--cards N] [--each N]`. CPU is the process's and its database server's together, by the
scheduler's count in nanoseconds. The rival is `pg_trgm`: one GIN index on each card's text (names folded, simplified and
in pinyin; digits; address), best similarity first; both answer the same questions, in turns.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg

from . import people
from .common import connect, environment, quantile, report, temporary_database
from .people import Asked, Person
from .rivals import Town

SEED = 20261122
REGIONS = ("TW", "US", "CN", "HK", "SG")


class Meter:
    """CPU seconds of this process and of some processes of the database, without what it takes to read them."""

    def __init__(self, *servers: int) -> None:
        self.files = [f"/proc/{each}/schedstat" for each in servers]

    def begin(self) -> None:
        self._servers = self._used()
        self._own = time.process_time()

    def spent(self) -> float:
        """Since `begin`."""
        own = time.process_time() - self._own
        return own + self._used() - self._servers

    def _used(self) -> float:
        used = 0
        for each in self.files:
            with open(each) as file:  # noqa: PTH123  half of what a Path takes
                used += int(file.read().split()[0])
        return used / 1e9


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--quick", action="store_true")
    arguments.add_argument("--cards", type=int, default=0)
    arguments.add_argument("--each", type=int, default=0)
    arguments.add_argument("--misses", action="store_true", help="show what was not found")
    given = arguments.parse_args()
    cards = given.cards or (20_000 if given.quick else 1_000_000)
    each = given.each or (10 if given.quick else 50)
    with temporary_database() as folder:
        os.environ.update(environment(folder))
        import django

        django.setup()
        report("recognise", measured(folder, cards, each, show=given.misses))


def measured(folder: Path, cards: int, each: int, *, show: bool) -> dict[str, Any]:
    from django.db import connection

    town = list(people.town(cards, SEED))
    figures: dict[str, Any] = {"cards": cards}
    with connect(folder) as owner:
        owner.execute(_ORGANIZATION)
        figures |= build(owner, town)
        figures |= sizes(owner, cards)
        asked = people.questions(town, each, SEED + 1)
        random.Random(3).shuffle(asked)
        connection.ensure_connection()
        backend = connection.connection.info.backend_pid
        meter = Meter(backend, owner.info.backend_pid)
        trigrams(owner, town)
        figures |= compared(owner, asked, meter, Town(town), show=show)
        figures |= exact(town, meter)
        figures |= inserted(meter)
    return figures


_ORGANIZATION = """
INSERT INTO rugui_organization (id, name, currency, customer_word, trade, language)
VALUES (1, 'Town', 'USD', 'customer', 'hotel', 'en')"""


def build(owner: psycopg.Connection[Any], town: list[Person]) -> dict[str, Any]:
    """Fills the tables as an import's batches do, and counts what the keys alone cost."""
    from rugui.engines.identity.keys import tail
    from rugui.engines.identity.normalise import normal_email
    from rugui.know import keys

    now = "2026-11-22T00:00:00Z"
    owner.execute(
        "ALTER TABLE rugui_identity DISABLE TRIGGER USER; ALTER TABLE rugui_namekey DISABLE TRIGGER USER"
    )
    copy(owner, "rugui_customer (id, organization_id, name, address_as, language, created_at)",
         ((one.id, 1, one.name, one.also, "", now) for one in town))  # fmt: skip
    server = Meter(owner.info.backend_pid)
    server.begin()
    with keys.indexed_afterwards(owner):
        written, words = keys.build(owner, 1, ((one.id, (one.name, one.also)) for one in town))
    spent = server.spent()
    rows = [
        (1, one.id, kind, value, normal, tail(kind, normal), now)
        for one in town
        for kind, value in (("phone", one.phone), ("email", one.email))
        if value and (normal := value if kind == "phone" else normal_email(value))
    ]
    server.begin()
    copy(
        owner,
        "rugui_identity (organization_id, customer_id, kind, value, normal, tail, created_at)",
        iter(rows),
    )
    spent += server.spent()
    owner.execute(
        "ALTER TABLE rugui_identity ENABLE TRIGGER USER; ALTER TABLE rugui_namekey ENABLE TRIGGER USER"
    )
    owner.execute("VACUUM ANALYZE")
    from rugui.core.tenancy import within

    with within(1):
        keys.count(1)
    owner.execute("VACUUM ANALYZE rugui_nameword")
    return {
        "keys_a_card": round(written / len(town), 2),
        "words": words,
        "build_cpu_s": round(spent, 1),
    }


def copy(owner: psycopg.Connection[Any], table: str, rows: Iterator[tuple[Any, ...]]) -> None:
    """Numbers, moments and one-line texts; a backslash is the one sign in them that COPY reads otherwise."""
    with owner.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as stream:
        while some := [*islice(rows, 50_000)]:
            text = "".join(["\t".join(map(str, row)) + "\n" for row in some])
            stream.write(text.replace("\\", "\\\\"))


def sizes(owner: psycopg.Connection[Any], cards: int) -> dict[str, Any]:
    """The key tables with their indexes, and what identities have grown by to be found from their end."""
    tables = ("rugui_namekey", "rugui_nameword", "rugui_nameslip")
    parts = {each: _number(owner, "SELECT pg_total_relation_size(%s)", each) for each in tables}
    parts["identity_tail_index"] = _number(owner, "SELECT pg_relation_size('identity_tail')")
    parts["identity_tail_column"] = _number(
        owner, "SELECT coalesce(sum(pg_column_size(tail)), 0) FROM rugui_identity"
    )
    whole = sum(parts.values()) / 1e6
    return {
        "keys_mb": round(whole),
        "keys_mb_per_million": round(whole / cards * 1e6),
        "parts_mb": {name: round(size / 1e6, 1) for name, size in parts.items()},
    }


def _number(owner: psycopg.Connection[Any], statement: str, *values: Any) -> int:
    row = owner.execute(statement, values).fetchone()
    assert row is not None
    return int(row[0])


# --- the rival


def trigrams(owner: psycopg.Connection[Any], town: Iterable[Person]) -> None:
    owner.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    owner.execute("CREATE TABLE bench_trigrams (id bigint, text text)")
    copy(owner, "bench_trigrams (id, text)", ((one.id, card_text(one)) for one in town))
    owner.execute("CREATE INDEX bench_trigrams_text ON bench_trigrams USING gin (text gin_trgm_ops)")
    owner.execute("VACUUM ANALYZE bench_trigrams")
    owner.execute("SET pg_trgm.word_similarity_threshold = 0.5")


def card_text(one: Person) -> str:
    return " ".join([normalised(one.name), normalised(one.also), one.phone.lstrip("+"), one.email])


def normalised(text: str) -> str:
    """Folded, simplified, with pinyin beside characters: what the rival is given for a fair start."""
    from rugui.engines.identity.normalise import name_of

    name = name_of(text)
    read = " ".join(name.readings[0]) if name.readings and name.hanzi else ""
    return " ".join([*name.words, name.hanzi, read]).strip()


def asked_of_trigrams(owner: psycopg.Connection[Any], text: str) -> list[int]:
    from rugui.engines.identity.query import parsed

    query = parsed(text, REGIONS)
    wanted = " ".join([normalised(query.name.text), query.digits or query.code, query.email]).strip()
    rows = owner.execute(
        "SELECT id FROM bench_trigrams WHERE text %%> %s ORDER BY word_similarity(%s, text) DESC, id LIMIT 5",
        (wanted, wanted),
        prepare=True,
    ).fetchall()
    return [row[0] for row in rows]


# --- measuring


def compared(
    owner: psycopg.Connection[Any], asked: list[Asked], meter: Meter, town: Town, *, show: bool
) -> dict[str, Any]:
    from rugui.core.tenancy import within
    from rugui.engines.identity.query import parsed
    from rugui.know.recognise import search

    def ours(text: str) -> list[int]:
        return [each.id for each in search(1, parsed(text, REGIONS), limit=5)]

    def theirs(text: str) -> list[int]:
        return asked_of_trigrams(owner, text)

    spent: dict[str, list[float]] = defaultdict(list)
    hits: dict[str, dict[str, list[tuple[bool, bool]]]] = {
        "ours": defaultdict(list),
        "trigrams": defaultdict(list),
    }
    rng = random.Random(5)
    with within(1):
        for question in asked[:40]:  # statements prepared, tables read
            ours(question.text)
        for at, question in enumerate(asked):
            methods: list[tuple[str, Callable[[str], list[int]]]] = [("ours", ours)]
            if at % 4 == 0:
                methods.append(("trigrams", theirs))
                rng.shuffle(methods)
            for name, method in methods:
                meter.begin()
                found = method(question.text)
                spent[name].append(meter.spent())
                if name == "ours" and at % 4 == 0:
                    spent["paired"].append(spent[name][-1])
                first, five = bool(set(found[:1]) & question.right), bool(set(found[:5]) & question.right)
                hits[name][question.kind].append((first, five))
                if show and name == "ours" and not first:
                    print(
                        f"{question.kind}: {question.text!r} wanted {sorted(question.right)[:3]} found {found[:3]}{'' if five else '  LOST'}"
                    )
    return _figures(spent, hits) | answerable(asked, hits["ours"], town)


def answerable(asked: list[Asked], hits: dict[str, list[tuple[bool, bool]]], town: Town) -> dict[str, Any]:
    """How many questions somebody else fits exactly (rivals.py), and the recall of the others, all together."""
    ordered = {kind: iter(rows) for kind, rows in hits.items()}
    rows = [(next(ordered[each.kind]), town.ambiguous(each)) for each in asked]
    clear = [hit for hit, ambiguous in rows if not ambiguous]
    unclear = [hit for hit, ambiguous in rows if ambiguous]
    return {
        "ambiguous": len(unclear),
        "ambiguous_recall_1": round(sum(first for first, _five in unclear) / max(len(unclear), 1), 4),
        "ambiguous_by_class": dict(
            Counter(each.kind for each, (_hit, so) in zip(asked, rows, strict=True) if so)
        ),
        "clear_recall_1": round(sum(first for first, _five in clear) / max(len(clear), 1), 4),
        "clear_recall_5": round(sum(five for _first, five in clear) / max(len(clear), 1), 4),
    }


def _figures(spent: dict[str, list[float]], hits: dict[str, Any]) -> dict[str, Any]:
    def recall(name: str, index: int, kinds: Iterable[str] = people.CLASSES) -> float:
        rows = [each[index] for kind in kinds for each in hits[name][kind]]
        return round(sum(rows) / max(len(rows), 1), 4)

    ours, theirs, paired = spent["ours"], spent["trigrams"], spent["paired"]
    return {
        "questions": len(ours),
        "recall_1": recall("ours", 0),
        "recall_5": recall("ours", 1),
        "by_class": {kind: [recall("ours", 0, [kind]), recall("ours", 1, [kind])] for kind in people.CLASSES},
        "cpu_ms_mean": round(sum(ours) / len(ours) * 1e3, 2),
        "cpu_ms_p50": round(quantile(ours, 0.5) * 1e3, 2),
        "cpu_ms_p95": round(quantile(ours, 0.95) * 1e3, 2),
        "cpu_ms_p99": round(quantile(ours, 0.99) * 1e3, 2),
        "trigrams_recall_1": recall("trigrams", 0),
        "trigrams_recall_5": recall("trigrams", 1),
        "trigrams_cpu_ms_mean": round(sum(theirs) / max(len(theirs), 1) * 1e3, 2),
        "times_less_cpu": round(sum(theirs) / max(sum(paired), 1e-9), 1),
    }


def exact(town: list[Person], meter: Meter) -> dict[str, Any]:
    """Whole numbers and addresses, in every format."""
    from rugui.core.tenancy import within
    from rugui.engines.identity.query import parsed
    from rugui.know.recognise import search

    asked = people.questions(town, 250, SEED + 2, kinds=("phone_format", "email_format"))
    right, spent = 0, []
    with within(1):
        for question in asked:
            meter.begin()
            found = search(1, parsed(question.text, REGIONS), limit=5)
            spent.append(meter.spent())
            right += bool({each.id for each in found[:1]} & question.right)
    return {
        "exact_recall_1": round(right / len(asked), 4),
        "exact_cpu_ms_mean": round(sum(spent) / len(spent) * 1e3, 3),
        "exact_cpu_ms_p95": round(quantile(spent, 0.95) * 1e3, 3),
    }


def inserted(meter: Meter) -> dict[str, Any]:
    """What the keys add to a new card, in its own transaction. Not counted are the first twenty, with which the database
    makes its plans, as of the questions above."""
    from django.db import connection

    from rugui.core.tenancy import within
    from rugui.know import keys

    new = list(people.town(320, SEED + 3))
    with within(1), connection.cursor() as cursor:
        rows = [(10**9 + one.id, one.name, one.also) for one in new]
        for card, name, also in rows:
            cursor.execute(
                "INSERT INTO rugui_customer (id, organization_id, name, address_as, language, created_at)"
                " VALUES (%s, 1, %s, %s, '', now())",
                [card, name, also],
            )
    spent = []
    for card, name, also in rows:
        with within(1):
            meter.begin()
            keys.write(1, card, [name, also], new=True)
            spent.append(meter.spent())
    del spent[:20]
    return {
        "insert_cpu_ms_mean": round(sum(spent) / len(spent) * 1e3, 3),
        "insert_cpu_ms_p95": round(quantile(spent, 0.95) * 1e3, 3),
    }


if __name__ == "__main__":
    main()
