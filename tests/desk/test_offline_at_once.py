"""Phones whose requests overtake one another: several connections at a time, lost, doubled and in any order."""

from __future__ import annotations

import random
import threading
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.test import Client
from django.utils import timezone

from rugui.core.tenancy import within
from rugui.desk.models import TakenLine
from rugui.know.models import Customer, Note

from .. import factories
from ..factories import Browse, House
from .test_offline import line, send

LINES, WORKERS = 200, 3


class Phone:
    """Its page, its worker and a request that was given up send at the same time, each on a connection of its own."""

    def __init__(self, client: Client, customer: Customer, number: int) -> None:
        self.client, self.number = client, number
        began = int((timezone.now() - timedelta(hours=1)).timestamp() * 1000)
        self.waiting = [
            line(customer, f"phone {number} line {at:03}", phone=str(UUID(int=number + 1)), sequence=at + 1, said_at=began + at)
            for at in range(LINES)
        ]  # fmt: skip
        self.outcomes: set[str] = set()
        self.wrong: list[str] = []
        self.lock = threading.Lock()

    def work(self, seed: int) -> None:
        dice, client = random.Random(seed), Client()
        client.cookies = self.client.cookies
        try:
            while batch := self._batch(dice):
                if dice.random() < 0.2:
                    continue  # lost on the way there
                for _again in range(2 if dice.random() < 0.2 else 1):
                    answers = send(client, *batch)
                if dice.random() < 0.3:
                    continue  # lost on the way back
                self._heard(answers)
        except Exception as error:  # noqa: BLE001  the thread's only way to say what went wrong
            self.wrong.append(repr(error))
        finally:
            connection.close()

    def _batch(self, dice: random.Random) -> list[dict[str, Any]]:
        with self.lock:
            first = self.waiting[: dice.randint(1, 20)]
        return dice.sample(first, len(first))

    def _heard(self, answers: list[dict[str, Any]]) -> None:
        known = {answer["key"] for answer in answers}
        with self.lock:
            self.outcomes |= {answer["outcome"] for answer in answers}
            self.waiting = [each for each in self.waiting if each["key"] not in known]


def test_600_lines_on_nine_connections_at_once_are_taken_once_each_in_order(
    committed_house: House, browse: Browse
) -> None:
    house, customer = committed_house, factories.customer(committed_house)
    phones = [Phone(browse(house, who), customer, at) for at, who in enumerate(("carol", "bob", "alice"))]
    threads = [
        threading.Thread(target=phone.work, args=(100 * phone.number + worker,))
        for phone in phones
        for worker in range(WORKERS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(240)
    assert [phone.wrong for phone in phones] == [[], [], []]
    assert [phone.outcomes for phone in phones] == [{"kept"}] * 3
    with within(house.id):
        assert TakenLine.objects.count() == 3 * LINES
        texts = list(Note.objects.order_by("learned_at", "id").values_list("text", flat=True))
    for number in range(3):
        own = [text for text in texts if text.startswith(f"phone {number} ")]
        assert own == [f"phone {number} line {at:03}" for at in range(LINES)]
    assert len(texts) == 3 * LINES
