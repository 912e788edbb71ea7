"""A house filled with real data, and real guests writing to it: what comes in, who is recognised, how fast.

    python -m benchmarks.real_house            15,000 people, 6,919 purchases, 3,000 messages
    python -m benchmarks.real_house --quick    the same people and purchases, 300 messages

People are bilingual cards (`identity`), purchases those of 2,357 customers of a shop over eighteen months (`cdnow`), both
by `rugui import`. Then hotel reviews in Chinese and English (`language`) arrive through the API of the running server as
messages of those people: from their telephones, written as people write them, or their e-mail addresses; one in ten is a
stranger's. A few stay unrecognised: 0065 98… is Singapore to the world, and Uruguay to whoever dials 006 in Taiwan. Unhappy ones carry one or two stars, or say that they are complaints. The data lie in `../shared/data`, or where
RUGUI_SHARED_DATA says; without them nothing is measured.
"""

from __future__ import annotations

import argparse
import csv
import http.client
import json
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import local
from typing import Any

import phonenumbers
import psutil
from phonenumbers import PhoneNumberFormat

from rugui.core import postgres

from . import common

DATA = Path(os.environ.get("RUGUI_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
CARDS, SALES = DATA / "identity" / "bilingual_cards.csv", DATA / "cdnow" / "transactions.csv"
STRANGERS = DATA / "identity" / "febrl4a.csv"
REVIEWS = [DATA / "language" / "zh_hotel_train.csv", DATA / "language" / "en_hotel_train.csv"]
SEED, SENDERS, LONGEST, REGION = 20261122, 4, 4000, "TW"
FOUND = """
import django; django.setup()
from rugui.core.tenancy import within
from rugui.core.time import now
from rugui.house import actions
from rugui.house.access import staff_actor
made = actions.found_house(
    actions.NewPerson("Alice", "alice@example.com", "correct horse battery staple"),
    actions.NewOrganization("Real House", currency="USD"), actions.NewPlace("Real House", "Asia/Taipei", "TW"), now=now())
with within(made.organization.id):
    actor = staff_actor(staff_id=made.staff.id)
    print(actions.make_token(actor[0], label="benchmark", scopes=["messages:write"], now=now()))
"""
COUNTED = re.compile(r"([\d,]+) rows: ([\d,]+) new, ([\d,]+) changed, ([\d,]+) the same, ([\d,]+) rejected")


@dataclass(frozen=True, slots=True)
class Sent:
    """One message, and what should become of it."""

    body: dict[str, Any]
    known: str
    """Name on the card of whoever sends it; empty for a stranger."""
    complaint: bool


@dataclass(frozen=True, slots=True)
class Answered:
    sent: Sent
    status: int
    seconds: float
    answer: dict[str, Any]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def messages(count: int) -> Iterator[Sent]:
    """The same ones every time: reviews of both languages in turn, half of them unhappy."""
    chance = random.Random(SEED)
    # A card without either could not be recognised by anything but a name.
    cards = [card for card in rows(CARDS) if card["phone"] or card["email"]]
    strangers = rows(STRANGERS)
    reviews = [rows(path) for path in REVIEWS]
    kinds = [
        [[row["text"] for row in each if row["label"] == label] for label in ("complaint", "praise")]
        for each in reviews
    ]
    for number in range(count):
        complaint = number // 2 % 2 == 0
        text = chance.choice(kinds[number % 2][0 if complaint else 1])[:LONGEST]
        body: dict[str, Any] = {"text": text, "external_id": f"review-{number}"}
        body |= _verdict(chance, complaint)
        if number % 10 == 9:
            person = strangers[number // 10 % len(strangers)]
            name = f"{person['given_name']} {person['surname']}".strip()
            identity = {"kind": "email", "value": f"{person['rec_id']}@stranger.example"}
            yield Sent(body | {"name": name, "identities": [identity]}, "", complaint)
        else:
            card = chance.choice(cards)
            yield Sent(body | {"identities": [_identity(chance, card)]}, card["name"], complaint)


def _verdict(chance: random.Random, complaint: bool) -> dict[str, Any]:
    """How the channel says whether it is a complaint: by stars, or in so many words."""
    if chance.random() < 0.5:
        return {"channel": "review", "stars": chance.choice((1, 2) if complaint else (4, 5))}
    return {"channel": "web", "complaint": complaint}


def _identity(chance: random.Random, card: dict[str, str]) -> dict[str, str]:
    """A telephone number as this place or the world writes it, or an address in whatever case."""
    if card["email"] and (not card["phone"] or chance.random() < 0.3):
        return {"kind": "email", "value": chance.choice((str.upper, str.lower, str.title))(card["email"])}
    number = phonenumbers.parse(card["phone"], None)
    if phonenumbers.region_code_for_number(number) == REGION:
        written = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    else:
        written = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
        written = chance.choice((written, written.replace(" ", "-"), card["phone"].replace("+", "00")))
    return {"kind": "phone", "value": written}


class Door:
    """The API as connected programs use it: one lasting connection for each of a few threads."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._own = port, local()
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def send(self, sent: Sent) -> Answered:
        if not hasattr(self._own, "line"):
            self._own.line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        line, started = self._own.line, time.perf_counter()
        line.request("POST", "/api/v1/messages", json.dumps(sent.body).encode(), self._headers)
        response = line.getresponse()
        answer = json.loads(response.read())
        return Answered(sent, response.status, time.perf_counter() - started, answer)


@contextmanager
def served(folder: Path) -> Iterator[tuple[int, psutil.Process]]:
    """The program's own server on the folder's database: its port and process."""
    port = common.free_port()
    environment = common.environment(folder, RUGUI_PORT=str(port), RUGUI_WEB_WORKERS="2")
    command = [sys.executable, "-m", "rugui.cli", "web"]
    server = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        common.wait_until(lambda: _answers(port), "the server does not answer", seconds=60)
        yield port, psutil.Process(server.pid)
    finally:
        server.terminate()
        server.wait(20)


def _answers(port: int) -> bool:
    """Whatever it answers: without a clock and a worker beside it, it says that it is not well."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/health")
        line.getresponse()
    except OSError:
        return False
    finally:
        line.close()
    return True


def imported(folder: Path, subject: str, path: Path, *options: str) -> dict[str, Any]:
    """What `rugui import` made of a file."""
    started = time.perf_counter()
    command = [
        sys.executable,
        "-m",
        "rugui.cli",
        "import",
        subject,
        str(path),
        "--place",
        "Real House",
        *options,
    ]
    done = subprocess.run(
        command, env=common.environment(folder), capture_output=True, text=True, check=False
    )
    counted = COUNTED.search(done.stdout)
    if done.returncode not in {0, 3} or counted is None:
        raise RuntimeError(f"import {subject}: {done.stdout}{done.stderr}")
    read, new, changed, same, rejected = (int(group.replace(",", "")) for group in counted.groups())
    seconds = time.perf_counter() - started
    return {"read": read, "taken": new + changed + same, "rejected": rejected, "seconds": round(seconds, 1)}


def arrive(port: int, token: str, sent: list[Sent], programs: list[psutil.Process]) -> dict[str, Any]:
    """All messages, by a few senders at once; then the first twenty again, as a sender does who was not answered."""
    door, before, started = Door(port, token), common.cpu_seconds(programs), time.perf_counter()
    with ThreadPoolExecutor(SENDERS) as senders:
        answered = list(senders.map(door.send, sent))
        seconds = time.perf_counter() - started
        cpu = common.cpu_seconds(programs) - before
        again = list(senders.map(door.send, sent[:20]))
    good = [each for each in answered if each.status == 201]
    known = [each for each in good if each.sent.known]
    return {
        "messages": len(sent),
        "refused": dict(Counter(_why(each.answer) for each in answered if each.status != 201)),
        "per_second": round(len(sent) / seconds, 1),
        "p50_ms": round(common.quantile([each.seconds for each in answered], 0.5) * 1000, 1),
        "p95_ms": round(common.quantile([each.seconds for each in answered], 0.95) * 1000, 1),
        "cpu_ms": round(cpu * 1000 / len(sent), 2),
        "from_known": len(known),
        "recognised": sum(each.sent.known in _names(each.answer) for each in known),
        "shared_identity": sum(bool(each.answer["candidates"]) for each in known),
        "strangers": len(good) - len(known),
        "strangers_new": sum(each.answer["new_customer"] for each in good if not each.sent.known),
        "complaints": sum(each.sent.complaint for each in good),
        "cases_opened": sum(each.answer["case"] is not None for each in good),
        "answers_promised": sum(each.answer["promise"] is not None for each in good),
        "sent_again_repeated": sum(each.answer.get("repeated", False) for each in again),
    }


def _why(problem: dict[str, Any]) -> str:
    """What a problem document says."""
    return json.dumps(
        problem.get("errors") or problem.get("detail") or problem.get("title"), ensure_ascii=False
    )


def _names(answer: dict[str, Any]) -> set[str]:
    return {answer["customer"]["name"], *(each["name"] for each in answer["candidates"])}


def kept(folder: Path) -> dict[str, int]:
    """What is in the database at the end."""
    asked = {
        "customers": "SELECT count(*) FROM rugui_customer",
        "purchases": "SELECT count(*) FROM rugui_purchase",
        "purchases_cents": "SELECT sum(amount) FROM rugui_purchase",
        "touches": "SELECT count(*) FROM rugui_touch",
        "cases": "SELECT count(*) FROM rugui_case",
        "clocks_running": "SELECT count(*) FROM rugui_promise WHERE settled_at IS NULL AND kind = 'progress'",
    }
    with common.connect(folder) as database:
        return {name: int(database.execute(question).fetchone()[0]) for name, question in asked.items()}  # type: ignore[index, call-overload]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="300 messages")
    parser.add_argument("--messages", type=int, help="how many")
    arguments = parser.parse_args()
    missing = [str(path) for path in (CARDS, SALES, STRANGERS, *REVIEWS) if not path.exists()]
    if missing:
        common.report("real_house", {"skipped": f"not here: {', '.join(missing)}"})
        return 0
    count = arguments.messages or (300 if arguments.quick else 3000)
    with common.temporary_database() as folder, postgres.using(folder):
        environment = common.environment(folder)
        founded = subprocess.run(
            [sys.executable, "-c", FOUND], env=environment, capture_output=True, text=True, check=True
        )
        figures: dict[str, Any] = {
            "import_customers": imported(folder, "customers", CARDS),
            "import_purchases": imported(folder, "purchases", SALES, "--currency", "USD"),
        }
        with served(folder) as (port, server):
            programs = [server, common.postmaster(folder)]
            figures |= arrive(port, founded.stdout.strip(), list(messages(count)), programs)
        figures["kept"] = kept(folder)
    common.report("real_house", figures)
    right = (
        not figures["refused"]
        and figures["cases_opened"] == figures["complaints"]
        and figures["sent_again_repeated"] == 20
        and figures["strangers_new"] == figures["strangers"]
    )
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
