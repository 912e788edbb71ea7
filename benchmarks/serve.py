"""What serving costs: processor time per request, the database included, beside django-helpdesk in the same run.

    python -m benchmarks.serve [--quick]

Rugui: 1,000,000 customers, 10,000,000 touches and purchases, 1,000,000 promises, 100,000 cases, with permissions, row-level
security and journal on. django-helpdesk 2.6: 100,000 tickets. Both on PostgreSQL from the same wheel, both served by the
same server with two workers; the peer is installed into `build/peers` once.

Four things each: the page of one (card; ticket), the page of a list (cases; tickets with the rows that it fetches), opening
one by the API, getting one by the API. `--quick` loads a hundredth of the rows and asks less often. The peer is asked less often
than Rugui, most of all for a ticket by its API, which reads every ticket: each figure says of how many requests it is.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg

from . import common, peers

SEED = 20261122
QUICK = 100
"""The part of the rows that a quick run loads: one in so many."""
WARM_UP = 20
CONCURRENCY = 4


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--quick", action="store_true", help="end within 50 seconds, on a hundredth of the rows"
    )
    parser.add_argument("--without-peer", action="store_true", help="measure Rugui only")
    arguments = parser.parse_args()
    scale = QUICK if arguments.quick else 1
    requests = 50 if arguments.quick else 400
    ours = rugui(scale, requests)
    figures: dict[str, Any] = {"customers": 1_000_000 // scale, "rugui": ours}
    if not arguments.without_peer:
        theirs = peers.helpdesk(tickets=100_000 // scale, requests=max(10, requests // 8), measure=measure)
        figures["helpdesk"] = theirs
        figures["times_less_cpu"] = {
            what: round(theirs[what]["cpu_ms"] / ours[what]["cpu_ms"], 1) for what in ours if what in theirs
        }
    common.report("serve", figures)


def rugui(scale: int, requests: int) -> dict[str, Any]:
    """The four requests on a full house."""
    port = common.free_port()
    with common.temporary_database(extra="-c shared_buffers=512MB -c max_wal_size=8GB") as folder:
        say(f"Filling a house with {1_000_000 // scale:,} customers.")
        known = fill(folder, scale)
        environment = common.environment(folder, RUGUI_PORT=str(port), RUGUI_WEB_WORKERS="2")
        with served(
            [sys.executable, "-m", "rugui.cli", "web"], environment, f"http://127.0.0.1:{port}/health"
        ) as web:
            trees = [web, common.postmaster(folder)]
            return _ask_rugui(f"http://127.0.0.1:{port}", known, trees, requests)


def _ask_rugui(
    base: str, known: dict[str, Any], trees: list[psutil.Process], requests: int
) -> dict[str, Any]:
    page = {"Cookie": f"sessionid={known['session']}"}
    api = {"Authorization": f"Bearer rugui_{known['token']}", "Content-Type": "application/json"}
    chance = random.Random(SEED)
    customers, cases = known["customers"], known["cases"]

    def card() -> urllib.request.Request:
        return urllib.request.Request(f"{base}/customers/{chance.choice(customers)}", headers=page)

    def case_list() -> urllib.request.Request:
        return urllib.request.Request(f"{base}/cases", headers=page)

    def open_case() -> urllib.request.Request:
        body = {
            "customer": chance.choice(customers),
            "place": known["place"],
            "title": "Room cold",
            "complaint": "Cold.",
        }
        return urllib.request.Request(f"{base}/api/v1/cases", json.dumps(body).encode(), api, method="POST")

    def get_case() -> urllib.request.Request:
        return urllib.request.Request(f"{base}/api/v1/cases/{chance.choice(cases)}", headers=api)

    return {
        "page_of_one": measure(card, trees, requests),
        "page_of_list": measure(case_list, trees, requests),
        "open_by_api": measure(open_case, trees, requests),
        "get_by_api": measure(get_case, trees, requests),
    }


def measure(
    ask: Callable[[], urllib.request.Request],
    trees: list[psutil.Process],
    requests: int,
    *,
    warm_up: int = WARM_UP,
) -> dict[str, float]:
    """Processor milliseconds a request (all processes of `trees`), and wall times as the asker sees them."""
    for _number in range(warm_up):
        fetch(ask())
    questions = [ask() for _number in range(requests)]
    before = common.cpu_seconds(trees)
    with ThreadPoolExecutor(CONCURRENCY) as askers:
        walls = list(askers.map(fetch, questions))
    used = common.cpu_seconds(trees) - before
    return {
        "cpu_ms": round(used / requests * 1000, 2),
        "wall_p50_ms": round(common.quantile(walls, 0.5) * 1000, 1),
        "wall_p95_ms": round(common.quantile(walls, 0.95) * 1000, 1),
        "requests": requests,
    }


def fetch(question: urllib.request.Request) -> float:
    """Asks once; the seconds it took. Anything but a success is an error of the benchmark."""
    started = time.perf_counter()
    with urllib.request.urlopen(question, timeout=120) as answer:
        body = answer.read()
        if answer.url.endswith("/accounts/login/") or not body:
            raise RuntimeError(f"{question.full_url} answered with {answer.url}")
    return time.perf_counter() - started


@contextmanager
def served(
    command: list[str], environment: dict[str, str], probe: str, cwd: Path | None = None
) -> Iterator[psutil.Process]:
    """A server process that answers `probe`, ended at the end."""
    process = subprocess.Popen(
        command, env=environment, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        common.wait_until(lambda: _answers(probe), f"{command} to answer", seconds=60, every=0.2)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=5)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


FILL = """
INSERT INTO rugui_customer (organization_id, name, address_as, language, external_id, created_at)
    SELECT %(org)s, 'Guest ' || n, '', '', 'c' || n, now() - random() * interval '900 days' FROM generate_series(1, %(customers)s) n;
INSERT INTO rugui_identity (organization_id, customer_id, kind, value, normal, tail, created_at)
    SELECT organization_id, id, 'phone', '+8869' || lpad(id::text, 8, '0'), '+8869' || lpad(id::text, 8, '0'), reverse('8869' || lpad(id::text, 8, '0')), created_at
    FROM rugui_customer;
INSERT INTO rugui_note (organization_id, customer_id, kind, text, source, place_id, learned_at)
    SELECT organization_id, id, (array['need', 'preference', 'fact'])[1 + n], 'Note ' || n, 'said', %(place)s, created_at
    FROM rugui_customer, generate_series(0, 2) n;
INSERT INTO rugui_touch (organization_id, customer_id, place_id, channel, direction, text, at, waiting)
    SELECT %(org)s, (SELECT min(id) FROM rugui_customer) + (random() * (%(customers)s - 1))::bigint, %(place)s,
        (array['phone', 'email', 'chat'])[1 + n %% 3], (array['in', 'out'])[1 + n %% 2], 'They wrote about number ' || n,
        now() - random() * interval '900 days', false FROM generate_series(1, %(touches)s) n;
INSERT INTO rugui_purchase (organization_id, customer_id, place_id, kind, amount, currency, about, at)
    SELECT %(org)s, (SELECT min(id) FROM rugui_customer) + (random() * (%(customers)s - 1))::bigint, %(place)s,
        'purchase', (random() * 40000)::bigint, 'EUR', 'Item ' || n, now() - random() * interval '900 days'
    FROM generate_series(1, %(purchases)s) n;
INSERT INTO rugui_promise (organization_id, customer_id, place_id, kind, text, made_at, warn_at, due_at, ring_at, state, settled_at)
    SELECT %(org)s, id, %(place)s, 'call_back', 'Ring back', now() - interval '10 days', NULL, now() + interval '10 days',
        now() + interval '10 days', 'open', NULL FROM rugui_customer;
INSERT INTO rugui_case (organization_id, customer_id, place_id, owner_id, title, language, state, opened_at, solved_at, element, failure, "where", cause, lesson)
    SELECT %(org)s, (SELECT min(id) FROM rugui_customer) + (random() * (%(customers)s - 1))::bigint, %(place)s, (SELECT min(id) FROM rugui_staff),
        'Complaint ' || n, 'en', CASE WHEN n %% 50 = 0 THEN 'open' ELSE 'solved' END, now() - random() * interval '300 days', now(), '', '', '', '', ''
    FROM generate_series(1, %(cases)s) n;
INSERT INTO rugui_casemessage (organization_id, case_id, kind, direction, text, at, signed)
    SELECT organization_id, id, 'message', 'in', 'It happened again, message ' || n, opened_at, '' FROM rugui_case, generate_series(1, 3) n;
"""
"""A full house in set-based statements; the public import has its own benchmark."""


def fill(folder: Path, scale: int) -> dict[str, Any]:
    """Rows as the owner, then a session, a token and public ids made by the program itself."""
    script = Path(__file__).with_name("serve_setup.py")
    made = subprocess.run(
        [sys.executable, str(script)],
        env=common.environment(folder),
        check=True,
        text=True,
        stdout=subprocess.PIPE,
    )
    known: dict[str, Any] = json.loads(made.stdout.splitlines()[-1])
    sizes = {
        "customers": 1_000_000 // scale,
        "touches": 6_000_000 // scale,
        "purchases": 4_000_000 // scale,
        "cases": 100_000 // scale,
    }
    values = {"org": known["organization_row"], "place": known["place_row"], **sizes}
    with common.connect(folder) as connection:
        connection.execute("SELECT setseed(0.5)")
        for statement in FILL.strip().split(";\n"):
            if statement.strip():
                psycopg.ClientCursor(connection).execute(statement, values)  # type: ignore[arg-type]
        connection.execute("VACUUM ANALYZE")
    sample = subprocess.run(
        [sys.executable, str(script), "sample", str(known["organization_row"])],
        env=common.environment(folder),
        check=True,
        text=True,
        stdout=subprocess.PIPE,
    )
    return known | json.loads(sample.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
