"""One cause that hits thousands: finding them, telling each for themselves by a job, reporting to all, and the pages meanwhile.

    python -m benchmarks.incidents           5,000 customers
    python -m benchmarks.incidents --quick   300

The job is what a worker runs, in its own process, by the program's own database role with row-level security. While it tells
them, the page of open cases is asked for four times a second. Processor time is that of the job's process and the database.
"""

from __future__ import annotations

import argparse
import logging
import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil

from .common import cpu_seconds, environment, postmaster, quantile, report, temporary_database

TEXTS = {"en": "Dear {name}, we are sorry. The water is off. You hear again by {time}."}
REPORT = {"en": "Dear {name}, half of it is done. You hear again by {time}."}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    people = 300 if parser.parse_args().quick else 5_000
    with temporary_database() as folder:
        for name, value in environment(folder).items():
            os.environ[name] = value
        report("incidents", _measure(folder, people))


def _measure(folder: Path, people: int) -> dict[str, Any]:
    import django

    django.setup()
    from django.test import Client
    from django.urls import reverse
    from tests import factories

    from rugui.core.tenancy import within
    from rugui.core.time import now
    from rugui.recover.incidents import actions
    from rugui.recover.models import Case, CaseMessage

    house = factories.lake_house()
    _fill(house, people)
    bob, moment = house.actor("bob"), now()
    plan = actions.Plan(
        {"en": "Water off"}, moment - timedelta(hours=1), moment + timedelta(hours=2), ["here"]
    )
    begun = time.perf_counter()
    with within(house.id):
        found = actions.open_incident(bob, house.place, plan, now=moment)
    figures: dict[str, Any] = {"people": people, "find_seconds": round(time.perf_counter() - begun, 2)}
    logging.getLogger("rugui.web").setLevel(logging.WARNING)
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(house.people["bob"].user)
    session = client.session
    session["organization"] = house.id
    session.save()

    def look() -> None:
        answer = client.get(reverse("cases"))
        assert answer.status_code == 200, answer.status_code

    look()
    for kind, texts in (("tell", TEXTS), ("report", REPORT)):
        with within(house.id):
            order = actions.Order(texts, now() + timedelta(hours=1))
            task = actions.begin(bob, found, kind, order, now=now())
        seconds, used, waits = _carry(folder, house.id, task.id, look)
        figures |= {
            f"{kind}_seconds": round(seconds, 1),
            f"{kind}_cpu_ms_each": round(1000 * used / people, 1),
            f"{kind}_list_p95_ms": round(1000 * quantile(waits, 0.95), 1) if waits else None,
        }
    with within(house.id):
        told = CaseMessage.objects.filter(kind="apology").values("case__customer_id").distinct().count()
        figures |= {"told": told, "cases": Case.objects.count()}
    return figures


def _fill(house: Any, people: int) -> None:
    from rugui.core.tenancy import within
    from rugui.core.time import now
    from rugui.know.models import Customer
    from rugui.serve.models import Visit

    at = now() - timedelta(hours=3)
    with within(house.id):
        customers = Customer.objects.bulk_create(
            Customer(organization=house.organization, name=f"Guest {n}", language="en", created_at=at)
            for n in range(people)
        )
        Visit.objects.bulk_create(
            Visit(organization_id=house.id, place=house.place, customer=each, about=f"Room {n}", state="arrived",
                  expected_at=at, arrived_at=at, created_at=at)
            for n, each in enumerate(customers)
        )  # fmt: skip


def _carry(folder: Path, house: int, task: int, look: Any) -> tuple[float, float, list[float]]:
    """Seconds until the task is done, processor seconds of it, and how long each look at the page took."""
    script = (
        "import django; django.setup(); from rugui.recover.incidents import run;"
        f" run.carry_out({house}, {task})"
    )
    server, waits = postmaster(folder), []
    before, begun = cpu_seconds([server]), time.perf_counter()
    worker = subprocess.Popen([sys.executable, "-c", script], env=environment(folder))
    process, used = psutil.Process(worker.pid), 0.0
    while worker.poll() is None:
        asked = time.perf_counter()
        look()
        waits.append(time.perf_counter() - asked)
        try:
            used = sum(process.cpu_times()[:2])
        except psutil.NoSuchProcess:
            break
        time.sleep(0.25)
    if worker.wait() != 0:
        raise RuntimeError("the job failed")
    return time.perf_counter() - begun, used + cpu_seconds([server]) - before, waits


if __name__ == "__main__":
    main()
